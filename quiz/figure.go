package quiz

import (
	"math/big"
	"slices"
	"strings"

	"qibu/quiz/fill"
	"qibu/quiz/sheet"
)

// readFigure reads a figure and, where units are offered, the one chosen.
func readFigure(q *Question, _ Slot, a sheet.Answer) (given, error) {
	if len(a) > 2 || len(a) == 2 && a[1] != "" && q.unit(a[1]) < 0 {
		return given{}, misfit("%q is no figure with a unit of the question", a)
	}
	return given{texts: a}, legible(a[0], maxEntry)
}

func (q *Question) unit(name string) int {
	return slices.IndexFunc(q.Units, func(u Unit) bool { return u.Name == name })
}

// earnFigure credits points × the best percent of a value that the figure lies
// within the tolerance of, limits included, rounded down. That is Moodle's
// numerical question with its nominal tolerance. Figures are exact fractions: 0.1
// is a tenth, and 1/24 of a day is an hour.
//
// Where units are offered the figure is converted into the first, so 24 小时 is
// right where 1 天 is. The unit is part of the answer: without one, or with the
// wrong one, it is another figure or none, and earns what that earns.
func earnFigure(q *Question, g given) int { return q.Points * q.reached(g).Percent / 100 }

// reached returns the best of the values that the figure given lies within, none
// when it lies within none.
func (q *Question) reached(g given) (best Value) {
	figure, ok := q.measured(g)
	if !ok {
		return Value{}
	}
	best.Percent = -1
	for _, v := range q.Values {
		if v.Percent > best.Percent && v.holds(figure) {
			best = v
		}
	}
	best.Percent = max(best.Percent, 0)
	return best
}

// measured returns the figure given, in the first unit.
func (q *Question) measured(g given) (*big.Rat, bool) {
	figure, ok := fill.Value(g.texts[0])
	if !ok || len(q.Units) == 0 {
		return figure, ok
	}
	if len(g.texts) < 2 || g.texts[1] == "" {
		return nil, false
	}
	factor, ok := fill.Value(q.Units[q.unit(g.texts[1])].Factor)
	if !ok {
		return nil, false
	}
	return figure.Mul(figure, factor), true
}

// holds reports whether figure is within the tolerance of v.
func (v Value) holds(figure *big.Rat) bool {
	want, ok := fill.Value(v.Figure)
	if !ok {
		return false
	}
	off := want.Sub(figure, want)
	tolerance, ok := fill.Value(v.Tolerance)
	if !ok {
		tolerance = new(big.Rat)
	}
	return off.Abs(off).Cmp(tolerance) <= 0
}

// text returns v as a person writes it, in unit.
func (v Value) text(unit string) string {
	s := v.Figure
	if t, ok := fill.Value(v.Tolerance); ok && t.Sign() != 0 {
		s += " ± " + v.Tolerance
	}
	return strings.TrimSpace(s + " " + unit)
}

// reviewFigure shows the figure with its unit.
func reviewFigure(q *Question, _ Slot, g given, r *sheet.Reviewed) {
	var e sheet.ReviewedEntry
	if !g.empty() {
		v := q.reached(g)
		e = sheet.ReviewedEntry{Given: strings.TrimSpace(strings.Join(g.texts, " ")), Right: v.Percent == 100, Why: v.Why}
	}
	unit := ""
	if len(q.Units) > 0 {
		unit = q.Units[0].Name
	}
	for _, v := range q.Values {
		if v.Percent == 100 {
			e.Accept = append(e.Accept, v.text(unit))
		}
	}
	r.Entries = append(r.Entries, e)
}
