package question

import (
	"context"
	"slices"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

// verdict is how one question went, as the tone, icon and word of a chip.
type verdict struct{ tone, icon, key string }

func verdictOf(item sheet.Reviewed) verdict {
	switch {
	case unanswered(item):
		return verdict{"none", "circle", "question.none"}
	case item.Pending:
		return verdict{"none", "clock", "question.pending"}
	case item.Right:
		return verdict{"ok", "check", "question.right"}
	case item.Points > 0:
		return verdict{"soon", "half", "question.partly"}
	}
	return verdict{"late", "cross", "question.wrong"}
}

func unanswered(item sheet.Reviewed) bool {
	return !slices.ContainsFunc(item.Options, func(o sheet.ReviewedOption) bool { return o.Chosen }) &&
		!slices.ContainsFunc(item.Rows, func(r sheet.ReviewedRow) bool { return r.Chosen != "" }) &&
		!slices.ContainsFunc(item.Entries, func(e sheet.ReviewedEntry) bool { return e.Given != "" })
}

// mark is the word beside an answer of a reviewed question.
type mark struct{ Icon, Text string }

func choiceMark(ctx context.Context, o sheet.ReviewedOption) mark {
	switch {
	case o.Chosen && o.Right:
		return mark{"check", ui.T(ctx, "question.chosen") + " · " + ui.T(ctx, "question.right_one")}
	case o.Chosen:
		return mark{"cross", ui.T(ctx, "question.chosen")}
	case o.Right:
		return mark{"check", ui.T(ctx, "question.not_chosen")}
	}
	return mark{}
}

// placeMark says where a step was put, or when a place was tapped.
func placeMark(ctx context.Context, kind string, o sheet.ReviewedOption) mark {
	placed, not := "question.placed", "question.not_placed"
	if kind == sheet.Hot {
		placed, not = "question.tapped_at", "question.not_tapped"
	}
	switch {
	case o.Right:
		return mark{"check", ui.T(ctx, placed, "n", o.Place)}
	case o.Chosen:
		return mark{"cross", ui.T(ctx, placed, "n", o.Place)}
	}
	return mark{"circle", ui.T(ctx, not)}
}

// credit says what an option earns or costs where that is neither all nor nothing.
func credit(ctx context.Context, percent int) string {
	switch {
	case percent > 0 && percent < 100:
		return ui.T(ctx, "question.earns", "percent", percent)
	case percent < 0:
		return ui.T(ctx, "question.costs", "percent", -percent)
	}
	return ""
}

// tone is the class of an answer: right, wrong, or neither when nothing was given.
func tone(right, given bool) string {
	switch {
	case right:
		return "answer-right"
	case given:
		return "answer-wrong"
	}
	return ""
}

// accepted lists what would have been right, the best first.
func accepted(ctx context.Context, e sheet.ReviewedEntry) string {
	return strings.Join(e.Accept, ui.T(ctx, "question.or"))
}

// ModuleURL leads to a module, or to the paragraph of it that is meant.
func ModuleURL(m academy.ModuleLink) string {
	if m.HeadingID == "" {
		return "/courses/" + m.Ref
	}
	return "/courses/" + m.Ref + "#" + m.HeadingID
}

func moduleName(ctx context.Context, m academy.ModuleLink) string {
	name := ui.Title(ctx, m.Title, m.TitleEN)
	if m.Heading == "" {
		return ui.T(ctx, "question.module", "module", name)
	}
	return ui.T(ctx, "question.heading", "module", name, "heading", ui.Quote(ctx, m.Heading))
}
