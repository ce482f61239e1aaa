package quiz

import (
	"slices"

	"qibu/quiz/sheet"
)

// unplaced is the option of a row that none was given.
const unplaced = -1

// readMatch reads one entry a row, in the order the rows are shown. An option may
// go to several rows.
func readMatch(q *Question, s Slot, a sheet.Answer) (given, error) {
	if len(a) != len(s.Rows) {
		return given{}, misfit("%d entries for %d rows", len(a), len(s.Rows))
	}
	chosen := make([]int, len(q.Rows))
	for i, t := range a {
		o := slices.Index(s.Tokens, t)
		switch {
		case t == "":
			chosen[s.Rows[i]] = unplaced
		case o < 0:
			return given{}, misfit("token %q is foreign", t)
		default:
			chosen[s.Rows[i]] = s.Options[o]
		}
	}
	return given{chosen: chosen}, nil
}

// earnMatch credits points × right rows ÷ rows, rounded down, as Moodle's
// matching question does (qtype_match_question::grade_response).
func earnMatch(q *Question, g given) int {
	right := 0
	for i, row := range q.Rows {
		if g.chosen[i] == row.Option {
			right++
		}
	}
	return q.Points * right / len(q.Rows)
}

// reviewMatch lists the rows as they were shown.
func reviewMatch(q *Question, s Slot, g given, r *sheet.Reviewed) {
	for _, n := range s.Rows {
		row := sheet.ReviewedRow{Text: q.Rows[n].Text, Want: q.Options[q.Rows[n].Option].Text}
		if !g.empty() && g.chosen[n] != unplaced {
			row.Chosen, row.Right = q.Options[g.chosen[n]].Text, g.chosen[n] == q.Rows[n].Option
		}
		r.Rows = append(r.Rows, row)
	}
}
