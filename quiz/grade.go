package quiz

import (
	"fmt"
	"slices"

	"qibu/internal/fault"
	"qibu/quiz/sheet"
)

// Check reports whether a fits slot (1-based) of p in shape: tokens of that
// slot only, none twice, as many as the kind allows. An empty answer fits every
// slot. It says nothing about right or wrong. Anything else is fault.Invalid.
func (b *Bank) Check(p Paper, slot int, a sheet.Answer) error {
	if slot < 1 || slot > len(p.Slots) {
		return misfit("slot %d of %d", slot, len(p.Slots))
	}
	s := p.Slots[slot-1]
	_, err := choices(b.question(s.Question), s, a)
	return err
}

func misfit(format string, args ...any) error {
	return fault.Wrap(fault.Invalid, "quiz.answer_misfit", fmt.Errorf(format, args...))
}

// choices turns the tokens of an answer into option indices, in the order given.
func choices(q Question, s Slot, a sheet.Answer) ([]int, error) {
	chosen := make([]int, 0, len(a))
	for _, t := range a {
		i := slices.Index(s.Tokens, t)
		if i < 0 || slices.Contains(chosen, s.Options[i]) {
			return nil, misfit("token %q is foreign or given twice", t)
		}
		chosen = append(chosen, s.Options[i])
	}
	switch n := len(chosen); {
	case n == 0:
	case q.Kind == sheet.Order && n != len(q.Options):
		return nil, misfit("%d of %d steps placed", n, len(q.Options))
	case (q.Kind == sheet.Single || q.Kind == sheet.TrueFalse) && n > 1:
		return nil, misfit("%d options chosen, one allowed", n)
	}
	return chosen, nil
}

// Grade grades the answers (by 1-based slot) to paper p. It is pure and counts
// in integers: the same bank, paper and answers give the same result for ever.
// An answer that Check refuses counts as unanswered, and unanswered earns 0.
//
// The paper is passed when Points*100 >= Pass*Max and no critical question is
// below full marks. Pilot questions are reviewed, but earn and cost nothing.
func (b *Bank) Grade(p Paper, answers map[int]sheet.Answer, marks map[int]Mark) sheet.Result {
	r := sheet.Result{PassMark: b.Pass, Items: make([]sheet.Reviewed, len(p.Slots))}
	for i, s := range p.Slots {
		q := b.question(s.Question)
		chosen, err := choices(q, s, answers[i+1])
		if err != nil {
			chosen = nil
		}
		item := review(q, s, chosen)
		item.Slot = i + 1
		r.Items[i] = item
		r.Points += item.Points
		r.Max += item.Max
		if q.Critical && !item.Right {
			r.CriticalMissed++
		}
	}
	r.Percent = r.Points * 100 / max(r.Max, 1)
	r.Passed = r.Points*100 >= r.PassMark*r.Max && r.CriticalMissed == 0
	return r
}

func review(q Question, s Slot, chosen []int) sheet.Reviewed {
	points := credit(q, chosen)
	r := sheet.Reviewed{
		Kind: q.Kind, Stem: q.Stem, Points: points, Max: q.Points,
		Right: points == q.Points, Critical: q.Critical, Pilot: q.Pilot,
		Explanation: q.Explanation, Sources: q.Sources, Review: q.Review,
	}
	if q.Pilot {
		r.Points, r.Max = 0, 0
	}
	if q.Kind == sheet.Order {
		r.Options = reviewOrder(q, chosen)
		return r
	}
	for _, o := range s.Options {
		option := q.Options[o]
		r.Options = append(r.Options, sheet.ReviewedOption{
			Text: option.Text, Why: option.Why, Chosen: slices.Contains(chosen, o), Right: option.Right,
		})
	}
	return r
}

// reviewOrder lists the steps in the right order with where each was placed.
func reviewOrder(q Question, chosen []int) []sheet.ReviewedOption {
	list := make([]sheet.ReviewedOption, len(q.Options))
	for i, o := range q.Options {
		place := slices.Index(chosen, i) + 1
		list[i] = sheet.ReviewedOption{
			Text: o.Text, Why: o.Why, Chosen: place > 0, Right: place == i+1,
			Place: place, RightPlace: i + 1,
		}
	}
	return list
}

// credit returns the points that the chosen options earn, rounded down:
//
//   - single, true-false: all or nothing.
//   - multiple: points × (right chosen − wrong chosen) ÷ right options, never
//     below 0. This is the rule of "Multiple Answers" questions in Canvas
//     (MultipleAnswersQuestion in canvas-lms): each wrong pick cancels a right
//     one, so ticking everything does not pay.
//   - order: points × (L − 1) ÷ (n − 1), L being the longest run of steps that
//     stand in the right order, not necessarily side by side, of n. It is the
//     "longest ordered subset" grading of Moodle's Ordering question, shifted so
//     that one step alone, which is always in order, earns nothing. n − L is the
//     least number of steps to move to mend the answer, so each such step costs
//     1/(n − 1); counting adjacent pairs would charge one misplaced step up to
//     three times.
func credit(q Question, chosen []int) int {
	switch {
	case len(chosen) == 0:
		return 0
	case q.Kind == sheet.Order:
		return q.Points * (inOrder(chosen) - 1) / (len(q.Options) - 1)
	case q.Kind == sheet.Multiple:
		net := 0
		for _, o := range chosen {
			if q.Options[o].Right {
				net++
			} else {
				net--
			}
		}
		return max(0, q.Points*net/q.rightCount())
	case q.Options[chosen[0]].Right:
		return q.Points
	}
	return 0
}

// inOrder returns the length of the longest rising subsequence.
func inOrder(list []int) int {
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
