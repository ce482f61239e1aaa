package assign

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
)

func day(n int) time.Time { return time.Date(2026, 3, n, 9, 0, 0, 0, time.UTC) }

func TestTasks(t *testing.T) {
	list := []Assignment{
		{ID: "4", Kind: Quiz, Ref: "b", At: day(4), By: "李"},
		{ID: "1", Kind: Module, Ref: "a", Due: "2026-03-20", At: day(1), By: "李"},
		{ID: "2", Kind: Module, Ref: "a", Due: "2026-03-10", At: day(2), By: "王"},
		{ID: "3", Kind: Quiz, Ref: "a", Due: "2026-03-05", At: day(3), By: "李"},
		{ID: "5", Kind: Scenario, Ref: "gone", Due: "2026-03-01", At: day(5), Withdrawn: day(6)},
	}
	type brief struct {
		Kind, Ref, By string
		Due           calendar.Day
		Sources       int
	}
	var got []brief
	for _, task := range Tasks(list) {
		got = append(got, brief{task.Kind, task.Ref, task.By, task.Due, len(task.All)})
	}
	want := []brief{
		{Quiz, "a", "李", "2026-03-05", 1},
		{Module, "a", "王", "2026-03-10", 2}, // the earliest date counts, and who set it
		{Quiz, "b", "李", "", 1},             // no date comes last
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLateBy(t *testing.T) {
	for _, c := range []struct {
		due, today calendar.Day
		want       int
	}{
		{"2026-03-10", "2026-03-09", 0},
		{"2026-03-10", "2026-03-10", 0}, // the due day itself is on time
		{"2026-03-10", "2026-03-11", 1},
		{"2026-02-27", "2026-03-02", 3},
		{"", "2026-03-11", 0},
	} {
		if got := (Task{Due: c.due}).LateBy(c.today); got != c.want {
			t.Errorf("due %q on %s: late by %d, want %d", c.due, c.today, got, c.want)
		}
	}
}
