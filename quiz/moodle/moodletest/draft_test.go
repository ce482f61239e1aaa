package moodletest

import (
	"reflect"
	"testing"
)

// A field that a question gains is drawn too, so that the formats have to carry it.
func TestEveryFieldIsDrawn(t *testing.T) {
	drawn := map[string]bool{"Line": true} // of the file read
	exchange := Exchange()
	for i := range 300 {
		for _, d := range exchange.Example(i).Questions {
			v := reflect.ValueOf(d)
			for _, f := range reflect.VisibleFields(v.Type()) {
				drawn[f.Name] = drawn[f.Name] || !f.IsExported() || !v.FieldByIndex(f.Index).IsZero()
			}
		}
	}
	for name, ok := range drawn {
		if !ok {
			t.Errorf("%s is never drawn", name)
		}
	}
}
