package desk

import (
	"slices"

	"qibu/internal/academy"
)

// look is how a finding of a level appears.
type look struct{ tone, icon string }

var looks = map[academy.Level]look{"error": {"late", "late"}, "warn": {"soon", "alert"}, "info": {"off", "circle"}}

// graded puts the gravest findings first; of a level they stay in the order of
// the lines.
func graded(list []academy.CheckFinding) []academy.CheckFinding {
	rank := []academy.Level{"error", "warn", "info"}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b academy.CheckFinding) int {
		return slices.Index(rank, a.Level) - slices.Index(rank, b.Level)
	})
	return list
}
