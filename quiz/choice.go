package quiz

import (
	"slices"

	"qibu/quiz/sheet"
)

// placed turns the tokens of an answer into option indices, in the order given.
// A token of another slot, or one given twice, is a misfit.
func placed(s Slot, a sheet.Answer) ([]int, error) {
	chosen := make([]int, 0, len(a))
	for _, t := range a {
		i := slices.Index(s.Tokens, t)
		if i < 0 || slices.Contains(chosen, s.Options[i]) {
			return nil, misfit("token %q is foreign or given twice", t)
		}
		chosen = append(chosen, s.Options[i])
	}
	return chosen, nil
}

func readSome(_ *Question, s Slot, a sheet.Answer) (given, error) {
	chosen, err := placed(s, a)
	return given{chosen: chosen}, err
}

func readOne(q *Question, s Slot, a sheet.Answer) (given, error) {
	if len(a) > 1 {
		return given{}, misfit("%d options chosen, one allowed", len(a))
	}
	return readSome(q, s, a)
}

// earnOne credits a single or true-false question: all or nothing, or what the
// option is written to be worth.
func earnOne(q *Question, g given) int {
	switch {
	case q.credited():
		return q.percentage(g.chosen)
	case q.Options[g.chosen[0]].Right:
		return q.Points
	}
	return 0
}

// earnSome credits a multiple question: points × (right chosen − wrong chosen) ÷
// right options, never below 0 and rounded down. This is the rule of "Multiple
// Answers" questions in Canvas (MultipleAnswersQuestion in canvas-lms): each wrong
// pick cancels a right one, so ticking everything does not pay. Where the options
// say what they are worth, that decides instead.
func earnSome(q *Question, g given) int {
	if q.credited() {
		return q.percentage(g.chosen)
	}
	net := 0
	for _, o := range g.chosen {
		if q.Options[o].Right {
			net++
		} else {
			net--
		}
	}
	return max(0, q.Points*net/max(q.rightCount(), 1))
}

// credited reports whether the options say what they are worth.
func (q *Question) credited() bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool { return o.Credit != 0 })
}

// percentage returns points × the sum of what the chosen options are worth, kept
// within 0 and 100 percent, rounded down. This is how Moodle's multiple-choice
// question sums the fractions of its answers (qtype_multichoice_multi_question::
// grade_response).
func (q *Question) percentage(chosen []int) int {
	sum := 0
	for _, o := range chosen {
		sum += q.Options[o].Credit
	}
	return q.Points * min(max(sum, 0), 100) / 100
}

// reviewOptions lists the options as they were shown.
func reviewOptions(q *Question, s Slot, g given, r *sheet.Reviewed) {
	for _, o := range s.Options {
		option := q.Options[o]
		r.Options = append(r.Options, sheet.ReviewedOption{
			Text: option.Text, Why: option.Why, Chosen: slices.Contains(g.chosen, o), Right: option.Right, Credit: option.Credit,
		})
	}
}
