package quiz

import (
	"reflect"
	"slices"
)

// Correction is one question that is graded otherwise than it was.
type Correction struct {
	Question string // id
	Void     bool   // withdrawn: everyone has full marks; else it has another key
}

// Corrected returns old with the keys of a later version of it, and what that
// changes, in the order of old. It grades the papers drawn from old: everything
// they name is where it was.
//
// A question is corrected when it asks the same in both, to the letter: text,
// points, options, rows, units, picture. Options and rows may have changed places,
// except where their order is the key, as of order and hot questions; a wrong
// order, like anything else that changes what was asked, is mended by making the
// question void. A corrected question brings its reasons and explanation along.
// All others, and pass mark and minimum, stay as they were on the day.
func Corrected(old, later *Bank) (*Bank, []Correction) {
	b := *old
	b.Questions = slices.Clone(old.Questions)
	b.index()
	byID := map[string]*Question{}
	for i := range later.Questions {
		byID[later.Questions[i].ID] = &later.Questions[i]
	}
	var list []Correction
	for i := range b.Questions {
		q := &b.Questions[i]
		n, ok := byID[q.ID]
		if !ok {
			continue
		}
		c := q.corrected(n)
		if !reflect.DeepEqual(q.key(), c.key()) {
			list = append(list, Correction{Question: q.ID, Void: c.Void && !q.Void})
			*q = c
		}
	}
	return &b, list
}

// corrected returns q as n, a later version of it, grades and explains it; q itself
// if the two ask different things, but void if n is.
func (q *Question) corrected(n *Question) Question {
	c := *q
	c.Void = q.Void || n.Void
	options, ok1 := follow(q.Options, n.Options, func(o Option) any { return [3]any{o.Text, o.X, o.Y} })
	rows, ok2 := follow(q.Rows, n.Rows, func(r Row) any { return r.Text })
	if !ok1 || !ok2 || !reflect.DeepEqual(q.asked(), n.asked()) {
		return c
	}
	c.Void, c.Exact, c.ByValue, c.Blanks, c.Values, c.Units = n.Void, n.Exact, n.ByValue, n.Blanks, n.Values, n.Units
	c.Said, c.Explanation, c.Sources, c.Review = n.Said, n.Explanation, n.Sources, n.Review
	c.Options, c.Rows = nil, nil
	for _, i := range options {
		c.Options = append(c.Options, n.Options[i])
	}
	for _, i := range rows {
		row := n.Rows[i]
		row.Option = slices.Index(options, row.Option)
		c.Rows = append(c.Rows, row)
	}
	return c
}

// follow finds each element of old in list by what tells it apart, and reports
// whether the two are the same but for their order.
func follow[T any](old, list []T, by func(T) any) (places []int, same bool) {
	for _, o := range old {
		i := slices.IndexFunc(list, func(n T) bool { return by(n) == by(o) })
		if i < 0 || slices.Contains(places, i) {
			return nil, false
		}
		places = append(places, i)
	}
	return places, len(old) == len(list)
}

// asked is what a learner saw of q, apart from options and rows that were shuffled.
func (q *Question) asked() any {
	type order struct {
		Text string
		X, Y int
	}
	var steps []order
	if q.inOrder() {
		for _, o := range q.Options {
			steps = append(steps, order{o.Text, o.X, o.Y})
		}
	}
	var units []string
	for _, u := range q.Units {
		units = append(units, u.Name)
	}
	return []any{q.Kind, q.Stem, q.Pieces, len(q.Blanks), q.Picture, q.Points, q.Most, q.Rubric, units, steps}
}

// key is what decides on the answers to q, without what is said of them.
func (q *Question) key() any {
	var options, rows, accepted, values []any
	for _, o := range q.Options {
		options = append(options, []any{o.Right, o.Credit})
	}
	for _, r := range q.Rows {
		rows = append(rows, r.Option)
	}
	for i, b := range q.Blanks {
		for _, a := range b.Accept {
			accepted = append(accepted, []any{i, a.Text, a.Percent})
		}
	}
	for _, v := range q.Values {
		values = append(values, []any{v.Figure, v.Tolerance, v.Percent})
	}
	return []any{q.Void, q.Exact, q.ByValue, options, rows, accepted, values, q.Units}
}
