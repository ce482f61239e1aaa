package quiz

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"qibu/quiz/sheet"
)

var everyKind = []string{
	sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text,
}

// anyQuestion generates a question of any kind as Parse would accept it.
func anyQuestion(t *rapid.T, id string) Question {
	q := Question{
		ID: id, Kind: rapid.SampledFrom(everyKind).Draw(t, "kind"), Stem: "<p>" + id + "</p>",
		Topic:      rapid.SampledFrom([]string{"", "D1", "D2", "D5", "D8"}).Draw(t, "topic"),
		Difficulty: rapid.IntRange(1, 3).Draw(t, "difficulty"),
		Points:     rapid.IntRange(1, 10).Draw(t, "points"),
		Fixed:      rapid.Bool().Draw(t, "fixed"),
	}
	switch rapid.IntRange(0, 9).Draw(t, "role") {
	case 0:
		q.Critical = true
	case 1, 2:
		q.Pilot = true
	case 3:
		q.Void = true
	}
	parts := rapid.IntRange(leastSteps, 6).Draw(t, "parts")
	for i := range parts {
		q.Options = append(q.Options, Option{Text: fmt.Sprintf("%s option %d", id, i), X: i * 10, Y: 1000 - i})
	}
	switch q.Kind {
	case sheet.TrueFalse:
		q.Options = []Option{{Text: "对"}, {Text: "错"}}
		if rapid.Bool().Draw(t, "错 first") {
			slices.Reverse(q.Options)
		}
		setKey(t, &q)
	case sheet.Single, sheet.Multiple:
		setKey(t, &q)
	case sheet.Match:
		for i := range parts {
			q.Rows = append(q.Rows, Row{Text: fmt.Sprintf("%s row %d", id, i), Option: rapid.IntRange(0, parts-1).Draw(t, "row")})
		}
	case sheet.Fill:
		q.Stem, q.Options, q.Pieces = "", nil, []string{id}
		for i := range parts {
			q.Pieces = append(q.Pieces, "，")
			q.Blanks = append(q.Blanks, Blank{Accept: []Accepted{{Text: fmt.Sprintf("fit%d", i), Percent: 100}, {Text: "near", Percent: 50}}})
		}
	case sheet.Numeric:
		q.Options, q.Values = nil, []Value{{Figure: "3", Percent: 100}, {Figure: "3", Tolerance: "1", Percent: 40}}
		q.Units = []Unit{{Name: "天"}, {Name: "小时", Factor: "1/24"}}[:rapid.SampledFrom([]int{0, 2}).Draw(t, "units")]
		if len(q.Units) > 0 {
			q.Units[0].Factor = "1"
		}
	case sheet.Text:
		q.Options, q.Most, q.Rubric = nil, 300, []Criterion{{Text: "先道歉", Points: q.Points}}
	}
	return q
}

// setKey makes some option right, and sometimes says what each is worth.
func setKey(t *rapid.T, q *Question) {
	first := rapid.IntRange(0, len(q.Options)-1).Draw(t, "key")
	credited := rapid.Bool().Draw(t, "credited")
	for i := range q.Options {
		o := &q.Options[i]
		o.Right = i == first || q.Kind == sheet.Multiple && rapid.Bool().Draw(t, "right")
		switch {
		case credited && o.Right:
			o.Credit = 100
		case credited:
			o.Credit = rapid.SampledFrom([]int{-100, -25, 0}).Draw(t, "credit")
		}
	}
}

// right returns the answer that earns full marks.
func right(q *Question) given {
	var g given
	switch q.Kind {
	case sheet.Order, sheet.Hot:
		g.chosen = upTo(len(q.Options))
	case sheet.Match:
		for _, row := range q.Rows {
			g.chosen = append(g.chosen, row.Option)
		}
	case sheet.Fill:
		for _, b := range q.Blanks {
			g.texts = append(g.texts, b.Accept[0].Text)
		}
	case sheet.Numeric:
		g.texts = []string{q.Values[0].Figure}
		if len(q.Units) > 0 {
			g.texts = append(g.texts, q.Units[0].Name)
		}
	case sheet.Text:
		g.texts = []string{"我先向您道歉。"}
	default:
		for i, o := range q.Options {
			if o.Right {
				g.chosen = append(g.chosen, i)
			}
		}
	}
	return g
}

// anyGiven returns a well-formed answer, right, wrong or none.
func anyGiven(t *rapid.T, q *Question) given {
	if rapid.IntRange(0, 4).Draw(t, "given") == 0 {
		return given{}
	}
	options := rapid.Permutation(upTo(len(q.Options))).Draw(t, "choice")
	some := options[:rapid.IntRange(min(1, len(options)), len(options)).Draw(t, "chosen")]
	g := right(q)
	switch q.Kind {
	case sheet.Order:
		g.chosen = options
	case sheet.Hot, sheet.Multiple:
		g.chosen = some
	case sheet.Match:
		for i := range g.chosen {
			g.chosen[i] = rapid.IntRange(unplaced, len(q.Options)-1).Draw(t, "row's option")
		}
		g.chosen[0] = 0
	case sheet.Fill:
		for i := range g.texts {
			g.texts[i] = rapid.SampledFrom([]string{g.texts[i], "near", "far"}).Draw(t, "text")
		}
	case sheet.Numeric:
		g.texts[0] = rapid.SampledFrom([]string{"3", "３.０", "三", "2.5", "72", "7", "不知道"}).Draw(t, "figure")
	case sheet.Text:
	default:
		g.chosen = options[:1]
	}
	return g
}

// encode writes an answer with the tokens of s.
func (s Slot) encode(g given) sheet.Answer {
	a := slices.Clone(sheet.Answer(g.texts))
	if s.Rows != nil && g.chosen != nil {
		for _, row := range s.Rows {
			entry := ""
			if o := g.chosen[row]; o != unplaced {
				entry = s.answer(o)[0]
			}
			a = append(a, entry)
		}
		return a
	}
	return append(a, s.answer(g.chosen...)...)
}

// answer returns the tokens of the given option indices, in that order.
func (s Slot) answer(options ...int) sheet.Answer {
	var a sheet.Answer
	for _, o := range options {
		for i, shown := range s.Options {
			if shown == o {
				a = append(a, s.Tokens[i])
			}
		}
	}
	return a
}
