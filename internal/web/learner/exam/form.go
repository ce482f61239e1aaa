package exam

import (
	"slices"
	"strconv"

	"qibu/internal/academy"
	"qibu/quiz/sheet"
)

// paperForm is a whole paper as a browser without scripts sends it.
type paperForm struct {
	Do        string         `form:"do" validate:"max=10"` // "save" or "submit"
	Questions []questionForm `form:"q" validate:"max=200,dive"`
}

// questionForm is one question of it: the ticked tokens, or for an order
// question every token with the place given to it.
type questionForm struct {
	Slot   int      `form:"slot"`
	Seq    int64    `form:"seq"` // of the answer that was on the page
	Choice []string `form:"choice" validate:"max=50,dive,max=64"`
	Token  []string `form:"token" validate:"max=50,dive,max=64"`
	Place  []string `form:"place" validate:"max=50,dive,max=4"`
}

// changes are the answers given, each as the successor of the one that was on
// the page: whatever another window has saved meanwhile is newer and wins.
// Order questions that are neither blank nor complete come back as misplaced.
func (f paperForm) changes() (changes []academy.Change, misplaced map[int]questionForm) {
	misplaced = map[int]questionForm{}
	for _, q := range f.Questions {
		answer, ok := q.answer()
		switch {
		case !ok:
			misplaced[q.Slot] = q
		case len(answer) > 0 || q.Seq > 0:
			changes = append(changes, academy.Change{Slot: q.Slot, Seq: q.Seq + 1, Answer: answer})
		}
	}
	return changes, misplaced
}

// answer is the answer the form spells; ok is false when two steps share a place
// or some have none.
func (q questionForm) answer() (answer sheet.Answer, ok bool) {
	if len(q.Token) == 0 {
		return q.Choice, true
	}
	if len(q.Place) != len(q.Token) {
		return nil, false
	}
	if !slices.ContainsFunc(q.Place, func(p string) bool { return p != "" }) {
		return nil, true
	}
	answer = make(sheet.Answer, len(q.Token))
	for i, text := range q.Place {
		place, err := strconv.Atoi(text)
		if err != nil || place < 1 || place > len(answer) || answer[place-1] != "" {
			return nil, false
		}
		answer[place-1] = q.Token[i]
	}
	return answer, true
}

// reception is what became of a whole paper that was sent.
type reception int

const (
	kept  reception = iota
	newer           // another window's answer to some question stands instead
	late            // the attempt was over
)

func outcome(sent []academy.Change, saved []academy.Saved) reception {
	r := kept
	for i, s := range saved {
		switch {
		case s.Late():
			return late
		case !slices.Equal(s.Answer, sent[i].Answer):
			r = newer
		}
	}
	return r
}
