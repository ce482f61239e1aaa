package quiz

import (
	"slices"
	"strings"
	"time"
)

// Score is what one question of an ended attempt came to. It is recorded with the
// result, so that statistics need neither papers nor keys.
type Score struct {
	Question string        `json:"q"`
	Points   int           `json:"p"`           // earned, of a pilot question too
	Max      int           `json:"m"`           // attainable
	Chosen   []int         `json:"c,omitempty"` // indices into the question's options; of a match question one a row as written, -1 for none
	Text     string        `json:"t,omitempty"` // what was written, blanks and unit apart by " | ", at most maxScoreText characters
	Answered bool          `json:"a,omitempty"`
	Pilot    bool          `json:"x,omitempty"`
	Spent    time.Duration `json:"s,omitempty"` // since the answer saved before it, or since the start; 0 when unknown
}

// maxScoreText bounds what is kept of a written answer.
const maxScoreText = 40

// Scores lists what every question of p came to, in paper order, with the marks of
// free texts by slot. The time spent on a question runs from the save before its
// own, whatever question that was of, to its own: an estimate that needs no watching.
func (b *Bank) Scores(p Paper, saved map[int]Saved, marks map[int]Mark, started time.Time) []Score {
	spent := spans(saved, started)
	scores := make([]Score, len(p.Slots))
	for i, s := range p.Slots {
		q := b.question(s.Question)
		g := q.given(s, saved[i+1].Answer, marks, i+1)
		scores[i] = Score{
			Question: q.ID, Points: credit(q, g), Max: q.Points, Chosen: g.chosen, Text: g.text(),
			Answered: !g.empty(), Pilot: q.Pilot, Spent: spent[i+1],
		}
	}
	return scores
}

// text returns what was written, as far as it is kept with a score.
func (g given) text() string {
	text := []rune(strings.Join(g.texts, " | "))
	return string(text[:min(len(text), maxScoreText)])
}

// spans returns for each saved slot the time since the save before it.
func spans(saved map[int]Saved, started time.Time) map[int]time.Duration {
	slots := make([]int, 0, len(saved))
	for slot, s := range saved {
		if !s.At.IsZero() {
			slots = append(slots, slot)
		}
	}
	slices.SortFunc(slots, func(i, j int) int { return saved[i].At.Compare(saved[j].At) })
	spent := map[int]time.Duration{}
	for _, slot := range slots {
		spent[slot] = max(0, saved[slot].At.Sub(started))
		started = saved[slot].At
	}
	return spent
}
