package rehearsal

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// newest reports whether line i is the first of those that the latest step led to.
func newest(st academy.Stage, i int) bool {
	return st.Lines[i].Step == st.Step && (i == 0 || st.Lines[i-1].Step != st.Step)
}

// anchor marks the newest line, so that the page opens there.
func anchor(first bool) templ.Attributes {
	if !first {
		return nil
	}
	return templ.Attributes{"id": "now", "tabindex": "-1"}
}

func paperID(d stage.Document) string { return "paper-" + d.Token }

func textLines(text string) []string { return strings.Split(text, "\n") }

// barX is where bar i of the mood strip begins.
func barX(i int) string { return strconv.Itoa(22 * i) }

// enumerate joins names in a sentence.
func enumerate(ctx context.Context, names []string) string {
	return strings.Join(names, ui.T(ctx, "rehearse.and"))
}

// customerLine introduces a customer by name and manner.
func customerLine(ctx context.Context, c stage.Customer) string {
	if c.Persona == "" {
		return ui.Quote(ctx, c.Name)
	}
	return ui.T(ctx, "rehearse.customer", "name", ui.Quote(ctx, c.Name), "persona", ui.Quote(ctx, c.Persona))
}

func startWord(ctx context.Context, o academy.Rehearsal) string {
	switch {
	case o.Open != "":
		return ui.T(ctx, "rehearse.continue_long")
	case o.Plays > 0:
		return ui.T(ctx, "rehearse.again")
	}
	return ui.T(ctx, "rehearse.start")
}

// judged says in one sentence what it takes to pass.
func judged(ctx context.Context, marks []academy.Mark) string {
	clauses := make([]string, len(marks))
	for i, m := range marks {
		switch {
		case m.Mood > 0:
			clauses[i] = ui.T(ctx, "rehearse.mark_mood", "mood", moodWord(ctx, m.Mood))
		default:
			clauses[i] = ui.T(ctx, "rehearse.mark_"+m.Kind, "name", ui.Quote(ctx, m.Name), "n", m.Want)
		}
	}
	return ui.T(ctx, "rehearse.judged_by", "clauses", strings.Join(clauses, ui.T(ctx, "rehearse.clause")))
}
