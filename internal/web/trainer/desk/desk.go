// Package desk has what writing a role-play and writing a bank of questions look
// alike in: the text with its buttons, findings beside it, and what is shown when
// two write at once.
package desk

import (
	"slices"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// Text is a text under way and where it is sent.
type Text struct {
	Address string // of the desk; checking, trying and publishing are below it
	Source  string
	Version int
	Fields  ui.Fields
	Help    string // address of the page on how it is written
	HelpKey string // what that page is called
	HintKey string // one sentence below the text
}

// Form gives each desk's one form its name, for buttons that stand outside it.
const Form = "script"

// Minute is how times are shown: editions of one day are told apart.
const Minute = "2006-01-02 15:04"

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
