// Package assign knows what a person was told to do, by whom and until when.
package assign

import (
	"time"

	"qibu/internal/calendar"
)

// The kinds of thing that can be assigned.
const (
	Module        = "module"        // Ref is "course/module"
	Quiz          = "quiz"          // Ref is a slug, as below
	Scenario      = "scenario"      //
	Certification = "certification" //
)

// Manual is the source of an assignment made by hand.
const Manual = "manual"

// Assignment is one thing one person was told to do. A person may hold several
// for the same thing, from different sources; none is ever changed, only withdrawn.
type Assignment struct {
	ID        string
	Person    string
	Kind, Ref string
	Due       calendar.Day // last day on time; none means no date
	Source    string
	ByID, By  string // who assigned it: id and name
	At        time.Time
	Withdrawn time.Time // zero while it stands
}

// Task is everything assigned about one thing, as the person sees it.
type Task struct {
	Kind, Ref string
	Due       calendar.Day // the earliest of all; none when none has a date
	By        string       // who set that date, or assigned it first
	All       []Assignment // every standing assignment behind it, oldest first
}

// Tasks joins a person's assignments thing by thing: the earliest due day counts,
// and all sources stay visible. Withdrawn ones are left out. The order is that of
// the due days; what has none comes last, in the order of assignment.
func Tasks(list []Assignment) []Task {
	var tasks []Task
	at := map[[2]string]int{}
	for _, one := range byTime(list) {
		if !one.Withdrawn.IsZero() {
			continue
		}
		key := [2]string{one.Kind, one.Ref}
		i, known := at[key]
		if !known {
			i = len(tasks)
			at[key] = i
			tasks = append(tasks, Task{Kind: one.Kind, Ref: one.Ref, Due: one.Due, By: one.By})
		}
		t := &tasks[i]
		t.All = append(t.All, one)
		if !one.Due.IsZero() && (t.Due.IsZero() || one.Due.Before(t.Due)) {
			t.Due, t.By = one.Due, one.By
		}
	}
	return byDue(tasks)
}

// LateBy is how many days after its due day a task is on today; 0 while it is on
// time, or when it has no date.
func (t Task) LateBy(today calendar.Day) int {
	if t.Due.IsZero() {
		return 0
	}
	return max(0, t.Due.DaysUntil(today))
}
