package practice

import (
	"context"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// asked is a question put to the person, and where in the day's set it stands.
type asked struct {
	academy.Asking
	Set, At, Of int // all 0 in free practice
	unread
}

// field is what the names of the question's inputs begin with.
const field = "q.0."

// comesBack says when a question is asked again.
func comesBack(ctx context.Context, days int) string {
	switch {
	case days <= 0:
		return ui.T(ctx, "practice.back_now")
	case days == 1:
		return ui.T(ctx, "practice.back_tomorrow")
	}
	return ui.T(ctx, "practice.back_days", "n", days)
}

// habitText tells of a row of days where there is one, and never of a broken one.
func habitText(ctx context.Context, h academy.Habit) string {
	switch {
	case h.Row > 1:
		return ui.T(ctx, "practice.habit_row", "n", h.Row)
	case h.Week > 0:
		return ui.T(ctx, "practice.habit_week", "n", h.Week)
	}
	return ""
}

// texts are what the script says, as data attributes of the page.
func texts(ctx context.Context) map[string]any {
	return map[string]any{
		"data-say-blank": ui.T(ctx, "practice.blank"), "data-say-sending": ui.T(ctx, "practice.sending"),
		"data-say-offline": ui.T(ctx, "practice.offline"),
	}
}
