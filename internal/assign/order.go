package assign

import (
	"cmp"
	"slices"

	"qibu/internal/calendar"
)

func byTime(list []Assignment) []Assignment {
	return slices.SortedStableFunc(slices.Values(list), func(a, b Assignment) int { return a.At.Compare(b.At) })
}

func byDue(tasks []Task) []Task {
	slices.SortStableFunc(tasks, func(a, b Task) int { return cmp.Compare(dueOrLast(a), dueOrLast(b)) })
	return tasks
}

func dueOrLast(t Task) calendar.Day {
	if t.Due.IsZero() {
		return calendar.Forever
	}
	return t.Due
}
