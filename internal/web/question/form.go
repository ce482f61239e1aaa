package question

import (
	"slices"
	"strconv"
	"strings"

	"qibu/quiz/sheet"
)

// Form is one question as a browser without scripts sends it. Which fields are
// filled follows from the question's kind.
type Form struct {
	Slot   int      `form:"slot"`
	Seq    int64    `form:"seq"`                                              // of the answer that was on the page
	Choice []string `form:"choice" validate:"max=100,dive,max=64"`            // single, multiple, true-false: the tokens ticked
	Token  []string `form:"token" validate:"max=100,dive,max=64"`             // order and hot: every token
	Place  []string `form:"place" validate:"max=100,dive,max=4"`              // order: the place given to each
	Tap    []string `form:"tap" validate:"max=100,dive,max=4"`                // hot: when each is tapped, empty when not at all
	Row    []string `form:"row" validate:"max=100,dive,max=64"`               // match: the token chosen for each row
	Entry  []string `form:"entry" validate:"max=100,dive,max=8000" trim:"no"` // fill, numeric and text: what was written
	Unit   string   `form:"unit" validate:"max=100"`                          // numeric
	Units  bool     `form:"units"`                                            // numeric: there are units to choose from
}

// Answer is the answer the form spells, nothing when it was left blank. ok is
// false when places are missing, given twice, or not to be read; then the form
// is to be shown again as it was filled in.
func (f Form) Answer() (answer sheet.Answer, ok bool) {
	switch {
	case len(f.Tap) > 0:
		return placed(f.Token, f.Tap)
	case len(f.Token) > 0:
		answer, ok = placed(f.Token, f.Place)
		return answer, ok && (len(answer) == 0 || len(answer) == len(f.Token))
	case len(f.Row) > 0:
		return unlessBlank(f.Row), true
	case len(f.Entry) > 0:
		return f.written(), true
	}
	return f.Choice, true
}

// placed puts tokens into the places given to them: 1, 2, 3 without a gap. A
// token without a place is left out.
func placed(tokens, places []string) (sheet.Answer, bool) {
	if len(places) != len(tokens) {
		return nil, false
	}
	answer := make(sheet.Answer, len(tokens))
	given := 0
	for i, text := range places {
		if text == "" {
			continue
		}
		place, err := strconv.Atoi(text)
		if err != nil || place < 1 || place > len(answer) || answer[place-1] != "" {
			return nil, false
		}
		answer[place-1] = tokens[i]
		given++
	}
	answer = answer[:given]
	return answer, !slices.Contains(answer, "")
}

// written is what was written, with the line ends of forms made ordinary.
func (f Form) written() sheet.Answer {
	answer := make(sheet.Answer, len(f.Entry))
	for i, text := range f.Entry {
		answer[i] = strings.ReplaceAll(text, "\r\n", "\n")
	}
	answer = unlessBlank(answer)
	if f.Units && answer != nil {
		answer = append(answer, f.Unit)
	}
	return answer
}

func unlessBlank(answer sheet.Answer) sheet.Answer {
	if slices.ContainsFunc(answer, func(entry string) bool { return strings.TrimSpace(entry) != "" }) {
		return answer
	}
	return nil
}

// places are the places as they were filled in, wrong as they may be.
func (f Form) places() map[string]int {
	places := map[string]int{}
	for i, text := range slices.Concat(f.Place, f.Tap) {
		if i < len(f.Token) {
			places[f.Token[i]], _ = strconv.Atoi(text) // nonsense shows as not placed
		}
	}
	return places
}
