package quiz

import (
	"time"

	"qibu/quiz/sheet"
)

// Mark is what a trainer made of one free text: points for each criterion of its
// rubric, in order. The latest mark of a slot holds.
type Mark struct {
	Points  []int
	Comment string // plain text for the learner, may be empty
	By      string // person id
	At      time.Time
}

func readText(q *Question, _ Slot, a sheet.Answer) (given, error) {
	if len(a) != 1 {
		return given{}, misfit("%d texts, one asked for", len(a))
	}
	return given{texts: a}, legible(a[0], q.Most)
}

// earnText credits what the mark gives for each criterion, no less than 0 and no
// more than the criterion is worth, and together no more than the points of the
// question. It is 0 until the text is marked.
func earnText(q *Question, g given) int {
	sum := 0
	for i := range q.Rubric {
		sum += q.met(g, i)
	}
	return min(sum, q.Points)
}

// met returns the points the mark gives for criterion i.
func (q *Question) met(g given, i int) int {
	if g.mark == nil || i >= len(g.mark.Points) {
		return 0
	}
	return min(max(g.mark.Points[i], 0), q.Rubric[i].Points)
}

// pending reports whether a trainer still has to read the answer. Nothing written
// is worth nothing, without anyone reading it, and what is on trial nobody reads.
func (q *Question) pending(g given) bool {
	return q.Kind == sheet.Text && !q.Void && !q.Pilot && !g.empty() && g.mark == nil
}

// reviewText shows the text beside the rubric.
func reviewText(q *Question, _ Slot, g given, r *sheet.Reviewed) {
	e := sheet.ReviewedEntry{Right: r.Right}
	if !g.empty() {
		e.Given = g.texts[0]
	}
	r.Entries, r.Model, r.Pending = []sheet.ReviewedEntry{e}, q.Model, q.pending(g)
	for i, c := range q.Rubric {
		r.Criteria = append(r.Criteria, sheet.ReviewedCriterion{Text: c.Text, Points: q.met(g, i), Max: c.Points})
	}
	if g.mark != nil {
		r.Comment = g.mark.Comment
	}
}
