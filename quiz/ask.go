package quiz

import "qibu/quiz/sheet"

// Practised reports whether a question is one to practise: it is graded at once
// and its key is settled. Free text waits for a trainer, and a question on trial
// or withdrawn has nothing to teach yet, or any more.
func (q Question) Practised() bool {
	return q.Kind != sheet.Text && !q.Pilot && !q.Void
}

// Practised returns the question with the given id, if it is one to practise.
func (b *Bank) Practised(id string) (Question, bool) {
	for _, q := range b.Questions {
		if q.ID == id && q.Practised() {
			return q, true
		}
	}
	return Question{}, false
}

// Ask is a paper of one question of the bank, arranged and with tokens as Draw
// makes them. The same bank, question and seed give the same paper for ever.
func (b *Bank) Ask(id string, seed [32]byte) Paper {
	return Paper{Slots: []Slot{b.slot(newStream(seed), 1, b.question(id))}}
}
