package rehearsal

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// staging is a rehearsal as its page shows it.
type staging struct {
	academy.Stage
	Now   time.Time
	known int // the step up to which the browser has the lines; -1 for none
}

// left is how much time there is to decide, in whole seconds.
func (st staging) left() int {
	return int(max(0, st.Deadline-st.Now.UnixMilli()+999) / 1000)
}

// decided is the turn's step of the last thing said, or not said; 0 before the first.
func (st staging) decided() int {
	for _, l := range slices.Backward(st.Lines) {
		if l.Kind == stage.KindMe || l.Kind == stage.KindSilence {
			return l.Step
		}
	}
	return 0
}

// topic is what several options are about; its name is empty in a plain scene.
type topic struct {
	name    string
	options []choice
}

// choice is an option with its number on the page.
type choice struct {
	stage.Option
	n int
}

// topics groups the options by what they are about, in the order in which a
// topic comes first.
func (st staging) topics() []topic {
	var list []topic
	for _, o := range st.Options {
		i := slices.IndexFunc(list, func(t topic) bool { return t.name == o.Topic })
		if i < 0 {
			i, list = len(list), append(list, topic{name: o.Topic})
		}
		list[i].options = append(list[i].options, choice{Option: o})
	}
	n := 0
	for _, t := range list {
		for k := range t.options {
			n++
			t.options[k].n = n
		}
	}
	return list
}

// modeName is how a mode is called in forms and in the catalogue.
func modeName(exam bool) string {
	if exam {
		return "exam"
	}
	return "practice"
}

func modeWord(ctx context.Context, exam bool) string { return ui.T(ctx, "rehearse."+modeName(exam)) }

// newest reports whether line i is the first of those that the latest step led to.
func newest(st staging, i int) bool {
	return st.Lines[i].Step == st.Step && (i == 0 || st.Lines[i-1].Step != st.Step)
}

// anchor marks the newest line, so that the page opens there.
func anchor(first bool) templ.Attributes {
	if !first {
		return nil
	}
	return templ.Attributes{"id": "now", "tabindex": "-1"}
}

// describedByTime has a screen reader say how long there is to decide.
func describedByTime(st staging) templ.Attributes {
	if st.Deadline == 0 {
		return nil
	}
	return templ.Attributes{"aria-describedby": "time-left"}
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

// startWord is on the button that begins or continues a mode.
func startWord(ctx context.Context, mode, open string, plays int) string {
	switch {
	case open != "":
		return ui.T(ctx, "rehearse.continue_"+mode)
	case plays > 0:
		return ui.T(ctx, "rehearse.again_"+mode)
	}
	return ui.T(ctx, "rehearse.start_"+mode)
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
