package academy

import (
	"slices"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// keyOf is an answer with full marks to a slot of a paper.
func keyOf(bank *quiz.Bank, slot quiz.Slot) (answer sheet.Answer) {
	q := bank.Questions[slices.IndexFunc(bank.Questions, func(q quiz.Question) bool { return q.ID == slot.Question })]
	token := func(option int) string { return slot.Tokens[slices.Index(slot.Options, option)] }
	switch q.Kind {
	case sheet.Match:
		for _, row := range slot.Rows {
			answer = append(answer, token(q.Rows[row].Option))
		}
	case sheet.Fill:
		for _, b := range q.Blanks {
			answer = append(answer, b.Accept[0].Text)
		}
	case sheet.Numeric:
		answer = sheet.Answer{q.Values[0].Figure}
		if len(q.Units) > 0 {
			answer = append(answer, q.Units[0].Name)
		}
	default:
		for option := range q.Options {
			if q.Kind == sheet.Order || q.Kind == sheet.Hot || q.Options[option].Right {
				answer = append(answer, token(option))
			}
		}
	}
	return answer
}
