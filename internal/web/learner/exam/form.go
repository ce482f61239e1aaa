package exam

import (
	"slices"

	"qibu/internal/academy"
	"qibu/internal/web/question"
)

// paperForm is a whole paper as a browser without scripts sends it.
type paperForm struct {
	Do        string          `form:"do" validate:"max=10"` // "save" or "submit"
	At        int             `form:"at"`                   // where one is asked at a time: the question shown
	Go        int             `form:"go"`                   // and the one to show next, 0 to stay
	Questions []question.Form `form:"q" validate:"max=200,dive"`
}

// changes are the answers given, each as the successor of the one that was on
// the page: whatever another window has saved meanwhile is newer and wins. What
// could not be read comes back as misread, by slot.
func (f paperForm) changes() (changes []academy.Change, misread map[int]*question.Form) {
	misread = map[int]*question.Form{}
	for i, q := range f.Questions {
		answer, ok := q.Answer()
		switch {
		case !ok:
			misread[q.Slot] = &f.Questions[i]
		case len(answer) > 0 || q.Seq > 0:
			changes = append(changes, academy.Change{Slot: q.Slot, Seq: q.Seq + 1, Answer: answer})
		}
	}
	return changes, misread
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
