package sittings

import (
	"context"
	"strconv"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

const minuteFormat = "2006-01-02 15:04"

// window is from when to when, the day once if it is one.
func window(opens, closes time.Time) string {
	if opens.Format(time.DateOnly) == closes.Format(time.DateOnly) {
		return opens.Format(minuteFormat) + "–" + closes.Format("15:04")
	}
	return opens.Format(minuteFormat) + " – " + closes.Format(minuteFormat)
}

// whose names the store of an exam.
func whose(ctx context.Context, store string) string {
	if store == "" {
		return ui.T(ctx, "sitting.company")
	}
	return store
}

func orderKey(oneByOne bool) string {
	if oneByOne {
		return "sitting.order_one"
	}
	return "sitting.order_all"
}

func rejected(ctx context.Context, line academy.RejectedLine) string {
	key := "sitting.line_unknown"
	if line.Twice {
		key = "sitting.line_twice"
	}
	return ui.T(ctx, key, "line", line.Line, "no", line.StaffNo)
}

// cancellable reports whether an exam can still be cancelled.
func cancellable(b academy.Board) bool {
	return b.Phase == academy.PhaseAhead || b.Phase == academy.PhaseOpen
}

// cancelKey says what cancelling does: more, once somebody has begun.
func cancelKey(b academy.Board) string {
	if b.Begun() > 0 {
		return "sitting.cancel_begun"
	}
	return "sitting.cancel_unbegun"
}

// shown are the outcomes a board counts: where people are while it is open, how it
// went afterwards.
func shown(b academy.Board) []sheet.Candidacy {
	switch b.Phase {
	case academy.PhaseCancelled:
		return []sheet.Candidacy{sheet.Cancelled, sheet.Excused}
	case academy.PhaseClosed:
		return []sheet.Candidacy{
			sheet.Passed, sheet.Failed, sheet.Absent, sheet.ToBeMarked, sheet.Excused,
		}
	}
	return []sheet.Candidacy{
		sheet.NotYet, sheet.Underway, sheet.HandedIn, sheet.Absent, sheet.Excused,
	}
}

// tone and icon are how an outcome looks.
func tone(o sheet.Candidacy) string {
	switch o {
	case sheet.Passed, sheet.HandedIn:
		return "ok"
	case sheet.Underway, sheet.ToBeMarked:
		return "soon"
	case sheet.Failed, sheet.Absent:
		return "late"
	case sheet.Cancelled:
		return "off"
	}
	return "none"
}

func icon(o sheet.Candidacy) string {
	switch o {
	case sheet.Passed, sheet.HandedIn:
		return "check"
	case sheet.Underway, sheet.ToBeMarked:
		return "clock"
	case sheet.Failed:
		return "cross"
	case sheet.Absent:
		return "late"
	case sheet.Excused, sheet.Cancelled:
		return "pause"
	}
	return "circle"
}

// percent is what somebody reached, where there is a result.
func percent(e academy.Examinee) string {
	if e.Outcome != sheet.Passed && e.Outcome != sheet.Failed {
		return "—"
	}
	return strconv.Itoa(e.Percent) + "%"
}

// arranged says what was arranged with an examinee.
func arranged(ctx context.Context, e academy.Examinee) string {
	var list []string
	if e.Extra > 0 {
		list = append(list, ui.T(ctx, "sitting.extra_value", "n", e.Extra))
	}
	if !e.Opens.IsZero() {
		list = append(list, window(e.Opens, e.Closes))
	}
	if e.Excused != "" {
		list = append(list, ui.T(ctx, "sitting.excused_value", "reason", e.Excused))
	}
	if len(list) == 0 {
		return "—"
	}
	return strings.Join(list, " · ")
}
