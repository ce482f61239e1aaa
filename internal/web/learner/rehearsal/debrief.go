package rehearsal

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// decided says which clauses of the pass rule decided.
func decided(ctx context.Context, d academy.Debrief) string {
	if d.Passed {
		return ui.T(ctx, "rehearse.decided_passed")
	}
	var missed []string
	for _, r := range d.Rules {
		if !r.Met {
			missed = append(missed, ruleName(ctx, d, r))
		}
	}
	return ui.T(ctx, "rehearse.decided_failed", "missed", enumerate(ctx, missed))
}

// ruleName names a clause of the pass rule.
func ruleName(ctx context.Context, d academy.Debrief, r stage.Rule) string {
	switch r.Kind {
	case stage.RuleDimension:
		return ui.Quote(ctx, competence(d, r.Name))
	case stage.RuleMeter:
		return ui.T(ctx, "rehearse.rule_name_meter", "name", ui.Quote(ctx, r.Name))
	}
	return ui.T(ctx, "rehearse.rule_name_"+r.Kind)
}

// ruleText says what a clause asks for and what was reached.
func ruleText(ctx context.Context, d academy.Debrief, r stage.Rule) string {
	if r.Kind == stage.RuleClean {
		if r.Met {
			return ui.T(ctx, "rehearse.rule_clean")
		}
		return ui.T(ctx, "rehearse.rule_crossed", "n", r.Got)
	}
	key := "rehearse.rule_percent"
	if r.Kind == stage.RuleMeter {
		key = "rehearse.rule_value"
	}
	return ui.T(ctx, key, "name", ruleName(ctx, d, r), "got", r.Got, "want", r.Want)
}

func ruleState(ctx context.Context, r stage.Rule) string {
	if r.Met {
		return ui.T(ctx, "rehearse.met")
	}
	return ui.T(ctx, "rehearse.missed")
}

// competence is the name of a dimension by its key.
func competence(d academy.Debrief, key string) string {
	for _, x := range d.Dimensions {
		if x.Key == key {
			return x.Name
		}
	}
	return key
}

// turnOf is the number, from 1, of the choice that led to a step of the log.
func turnOf(d academy.Debrief, step int) int {
	for i, t := range d.Path {
		if t.Step == step {
			return i + 1
		}
	}
	return 0
}

// chanceTurn is the number of the turn that took the last chance to pass; 0 when
// there never was one.
func chanceTurn(d academy.Debrief) int {
	if d.Hindsight.LastChance < 0 {
		return 0
	}
	return 1 + slices.IndexFunc(d.Path, func(t stage.Turn) bool { return t.Step > d.Hindsight.LastChance })
}

// shortHash is enough of a hash to tell editions apart.
func shortHash(hash string) string { return hash[:min(len(hash), 8)] }

// proven names what a proof came to, in the catalogue.
func proven(d academy.Debrief) string {
	if d.Proof.Proven {
		return "proven"
	}
	return "unproven"
}

func provenWord(ctx context.Context, d academy.Debrief) string {
	return ui.T(ctx, "rehearse."+proven(d))
}

// barNote says what a bar is measured against: the mark, and how others did.
func barNote(ctx context.Context, d academy.Debrief, x stage.Dimension) string {
	var notes []string
	if x.Mark > 0 {
		notes = append(notes, ui.T(ctx, "rehearse.mark_line", "mark", x.Mark))
	}
	if mean, ok := d.Cohort[x.Key]; ok {
		notes = append(notes, ui.T(ctx, "rehearse.cohort_line", "mean", mean))
	}
	return strings.Join(notes, " · ")
}

// points says what a choice earned, competence by competence.
func points(ctx context.Context, d academy.Debrief, t stage.Turn) string {
	var earned []string
	for _, p := range t.Points {
		earned = append(earned, ui.T(ctx, "rehearse.points", "name", ui.Quote(ctx, competence(d, p.Key)), "n", p.Points))
	}
	return enumerate(ctx, earned)
}

// The mood curve is drawn on a 360 × 150 grid: the value 0–100 between the
// bottom and the top line, the turns evenly between the left and the right end.
const (
	curveTop, curveBottom = 16, 128
	curveLeft, curveRight = 42, 344
)

func curveX(turn, moments int) string {
	x := float64(curveLeft)
	if moments > 1 {
		x += float64(turn) * (curveRight - curveLeft) / float64(moments-1)
	}
	return fmt.Sprintf("%.1f", x)
}

func curveY(value int) string { return fmt.Sprintf("%.1f", heightOf(value)) }

func heightOf(value int) float64 {
	return curveBottom - float64(value)*(curveBottom-curveTop)/100
}

// middle is the value in the middle of a mood's band.
func middle(mood int) int { return (2*mood - 1) * 100 / (2 * moodCount) }

func axisY(mood int) string { return fmt.Sprintf("%.1f", heightOf(middle(mood))-13) }

// curveGrid has a level line for the calm middle and for both ends.
func curveGrid() string {
	var b strings.Builder
	for _, mood := range []int{moodCount, (moodCount + 1) / 2, 1} {
		fmt.Fprintf(&b, "M%d %.1fH%d", curveLeft-8, heightOf(middle(mood)), curveRight+8)
	}
	return b.String()
}

func curvePoints(moments []stage.Moment) string {
	points := make([]string, len(moments))
	for i, m := range moments {
		points[i] = curveX(i, len(moments)) + "," + curveY(m.Value)
	}
	return strings.Join(points, " ")
}

// bend is a turn that moved the mood most, one way or the other.
type bend struct {
	turn       int
	class, key string
	labelY     string // of its number, clear of the curve
	anchor     string
}

func bends(d academy.Debrief) []bend {
	var list []bend
	if d.Drop > 0 {
		list = append(list, bend{d.Drop, "bend-drop", "rehearse.bend_drop", label(d, d.Drop, +18), anchorOf(d, d.Drop)})
	}
	if d.Rise > 0 {
		list = append(list, bend{d.Rise, "bend-rise", "rehearse.bend_rise", label(d, d.Rise, -10), anchorOf(d, d.Rise)})
	}
	return list
}

func label(d academy.Debrief, turn int, away float64) string {
	return fmt.Sprintf("%.1f", min(max(heightOf(d.Mood[turn].Value)+away, 10), 148))
}

// anchorOf keeps the number of a turn near either end inside the drawing.
func anchorOf(d academy.Debrief, turn int) string {
	switch {
	case turn*6 > 5*(len(d.Mood)-1):
		return "end"
	case turn*6 < len(d.Mood)-1:
		return "start"
	}
	return "middle"
}

// otherClass tells the thinner lines apart by their strokes.
func otherClass(i int) string { return "curve-other-" + strconv.Itoa(i%3+1) }

// curveLabel tells the curve in words: how it began, each turn's mood, how it ended.
func curveLabel(ctx context.Context, d academy.Debrief) string {
	words := make([]string, len(d.Mood))
	for i, m := range d.Mood {
		words[i] = moodWord(ctx, m.Mood)
	}
	return ui.T(ctx, "rehearse.curve_label", "moods", strings.Join(words, ui.T(ctx, "rehearse.then")))
}

func markX(mark int) string { return strconv.FormatFloat(float64(mark)-0.4, 'f', 1, 64) }
