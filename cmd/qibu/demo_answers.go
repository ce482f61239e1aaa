package main

import (
	"slices"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// right is an answer with full marks, in the tokens of a paper.
func right(q quiz.Question, slot quiz.Slot) (answer sheet.Answer) {
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
		answer = append(answer, q.Values[0].Figure)
		if len(q.Units) > 0 {
			answer = append(answer, q.Units[0].Name)
		}
	case sheet.Text:
		answer = sheet.Answer{"对不起，车要晚到五点交，在等一个零件。四点半我打给您。"}
	default:
		for option := range q.Options {
			if q.Kind == sheet.Order || q.Kind == sheet.Hot || q.Options[option].Right {
				answer = append(answer, token(option))
			}
		}
	}
	return answer
}

// mistaken is an answer without any: the right order backwards, every row with
// the next one's option, an option that is wrong, or hardly anything written.
func mistaken(q quiz.Question, slot quiz.Slot, key sheet.Answer) sheet.Answer {
	switch q.Kind {
	case sheet.Order, sheet.Hot:
		slices.Reverse(key)
		return key
	case sheet.Match:
		return append(key[1:len(key):len(key)], key[0])
	case sheet.Fill:
		return slices.Repeat(sheet.Answer{"不记得了"}, len(q.Blanks))
	case sheet.Numeric:
		key[0] = "1"
		return key
	case sheet.Text:
		return sheet.Answer{"车要晚一点，请您谅解。"}
	}
	for i, option := range slot.Options {
		if !q.Options[option].Right {
			return sheet.Answer{slot.Tokens[i]}
		}
	}
	return nil
}
