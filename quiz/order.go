package quiz

import (
	"slices"

	"qibu/quiz/sheet"
)

// inOrder reports whether the options of q, as written, are its key.
func (q *Question) inOrder() bool { return q.Kind == sheet.Order || q.Kind == sheet.Hot }

// readAll reads an order question: every step has its place.
func readAll(q *Question, s Slot, a sheet.Answer) (given, error) {
	if len(a) != len(q.Options) {
		return given{}, misfit("%d of %d steps placed", len(a), len(q.Options))
	}
	return readSome(q, s, a)
}

// earnOrder credits an order or hot question: points × (L − 1) ÷ (n − 1), rounded
// down, L being the longest run of steps that stand in the right order, not
// necessarily side by side, of n. It is the "longest ordered subset" grading of
// Moodle's Ordering question, shifted so that one step alone, which is always in
// order, earns nothing. n − L is the least number of steps to move to mend the
// answer, so each such step costs 1/(n − 1); counting adjacent pairs would charge
// one misplaced step up to three times.
//
// Of a hot question that was left half done, L is counted over the places tapped:
// each one missing costs what a misplaced one costs.
func earnOrder(q *Question, g given) int {
	return q.Points * (longestRun(g.chosen) - 1) / max(len(q.Options)-1, 1)
}

// longestRun returns the length of the longest rising subsequence.
func longestRun(list []int) int {
	best := make([]int, len(list)) // best[i]: longest ending at i
	for i, v := range list {
		best[i] = 1
		for j, w := range list[:i] {
			if w < v {
				best[i] = max(best[i], best[j]+1)
			}
		}
	}
	return slices.Max(best)
}

// reviewOrder lists the steps in the right order with where each was placed.
func reviewOrder(q *Question, _ Slot, g given, r *sheet.Reviewed) {
	for i, o := range q.Options {
		place := slices.Index(g.chosen, i) + 1
		r.Options = append(r.Options, sheet.ReviewedOption{
			Text: o.Text, Why: o.Why, Chosen: place > 0, Right: place == i+1,
			Place: place, RightPlace: i + 1, X: o.X, Y: o.Y,
		})
	}
}
