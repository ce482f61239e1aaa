package courses

import (
	"testing"

	"qibu/internal/markdown"
)

func TestProgress(t *testing.T) {
	m := &Module{Body: markdown.Document{Headings: []markdown.Heading{
		{ID: "a", Level: 2}, {ID: "a-detail", Level: 3}, {ID: "b", Level: 2}, {ID: "c", Level: 2},
	}}}
	tests := []struct {
		name    string
		read    []string
		want    Progress
		percent int
		done    bool
	}{
		{"nothing", nil, Progress{0, 3, "a"}, 0, false},
		{"the first", []string{"a"}, Progress{1, 3, "b"}, 33, false},
		{"a later one first", []string{"b"}, Progress{1, 3, "a"}, 33, false},
		{"a smaller heading does not count", []string{"a-detail"}, Progress{0, 3, "a"}, 0, false},
		{"a heading of an older text does not count", []string{"a", "b", "gone"}, Progress{2, 3, "c"}, 66, false},
		{"all", []string{"a", "b", "c"}, Progress{3, 3, ""}, 100, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			read := map[string]bool{}
			for _, id := range tt.read {
				read[id] = true
			}
			got := m.Progress(read)
			if got != tt.want || got.Percent() != tt.percent || got.Done() != tt.done {
				t.Errorf("Progress = %+v, %d %%, done %v; want %+v, %d %%, done %v",
					got, got.Percent(), got.Done(), tt.want, tt.percent, tt.done)
			}
		})
	}
	if p := (&Module{}).Progress(nil); p.Done() || p.Percent() != 0 {
		t.Errorf("a module without headings: %+v is done", p)
	}
}

func TestCatalogue(t *testing.T) {
	module := func(course, slug string) *Module { return &Module{Course: course, Slug: slug} }
	a, b, c := module("steps", "a"), module("steps", "b"), module("steps", "c")
	steps := &Course{Slug: "steps", Order: 4, Modules: []*Module{a, b, c}}
	image := &Course{Slug: "image", Order: 2, Modules: []*Module{module("image", "a")}}
	late := &Course{Slug: "a-late", Order: 9}
	early := &Course{Slug: "early", Order: 1}
	cat := NewCatalogue([]*Course{late, early, steps, image}, []string{"steps", "image"})

	var order []string
	for _, course := range cat.Courses {
		order = append(order, course.Slug)
	}
	if got, want := len(order), 4; got != want || order[0] != "steps" || order[1] != "image" || order[2] != "early" || order[3] != "a-late" {
		t.Errorf("courses in order %v, want steps image early a-late", order)
	}
	if got, ok := cat.Module("image", "a"); !ok || got.Ref() != "image/a" {
		t.Errorf("Module(image, a) = %v, %v", got, ok)
	}
	for _, missing := range [][2]string{{"image", "b"}, {"none", "a"}} {
		if got, ok := cat.Module(missing[0], missing[1]); ok {
			t.Errorf("Module(%v) = %v", missing, got)
		}
	}
	for _, tt := range []struct{ of, prev, next *Module }{
		{a, nil, b}, {b, a, c}, {c, b, nil}, {module("steps", "gone"), nil, nil}, {module("none", "a"), nil, nil},
	} {
		if prev, next := cat.Neighbours(tt.of); prev != tt.prev || next != tt.next {
			t.Errorf("Neighbours(%s) = %v, %v; want %v, %v", tt.of.Ref(), prev, next, tt.prev, tt.next)
		}
	}
}
