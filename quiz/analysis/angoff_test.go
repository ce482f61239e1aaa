package analysis

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two judges, three questions, the last of which counts twice: means of
// (60+80+2·50)/4 = 60 and (70+90+2·60)/4 = 70.
func TestCutScore(t *testing.T) {
	got := CutScore([]int{1, 1, 2}, [][]int{{60, 80, 50}, {70, 90, 60}})
	want := Cut{
		Score: 65, SE: 5, Means: []float64{60, 70},
		Items: []Judged{{65, 60, 70}, {85, 80, 90}, {55, 50, 60}},
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Error(diff)
	}
	if alone := CutScore([]int{1}, [][]int{{55}}); alone.Score != 55 || !math.IsNaN(alone.SE) {
		t.Errorf("one judge: %+v", alone)
	}
}
