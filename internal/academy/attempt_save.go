package academy

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Change is a new answer to one question of an attempt.
type Change struct {
	Slot   int
	Seq    int64 // given by the browser, rising with each change of the slot
	Answer sheet.Answer
}

// maxSeq keeps sequence numbers far below where JavaScript stops counting exactly.
const maxSeq = 1 << 40

// Saved is what became of a change. Unless it was accepted, Seq, Answer and At
// tell the stored answer, which is newer or is the only one that counts.
type Saved struct {
	Decision quiz.Decision
	Seq      int64
	Answer   sheet.Answer
	At       time.Time // when the stored answer was saved; zero when there is none
	Now      time.Time
}

// Late reports whether the change came after the end of the attempt.
func (s Saved) Late() bool { return s.Decision == quiz.Late }

// SaveAnswer saves one answer; see SaveAnswers.
func (a *Academy) SaveAnswer(ctx context.Context, who people.Actor, id string, c Change) (Saved, error) {
	saved, err := a.SaveAnswers(ctx, who, id, []Change{c})
	if err != nil {
		return Saved{}, err
	}
	return saved[0], nil
}

// SaveAnswers saves answers of an open attempt, all or none. When it returns
// without error, what it calls accepted is on disk. An answer that is older than
// the stored one changes nothing; one that comes after the end is kept as
// evidence and never graded.
func (a *Academy) SaveAnswers(ctx context.Context, who people.Actor, id string, changes []Change) ([]Saved, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	p, err := a.paper(ctx, who.ID, id)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.Seq < 1 || c.Seq > maxSeq {
			return nil, fault.New(fault.Invalid, "quiz.answer_misfit")
		}
		if err := p.bank.Check(p.paper, c.Slot, c.Answer); err != nil {
			return nil, err
		}
	}
	saved := make([]Saved, len(changes))
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		stored, err := saveAtOnce(tx, who.ID, id, changes)
		if err != nil {
			return err
		}
		now := a.clock(tx.Now)
		for i, c := range changes {
			if slices.Contains(stored, c.Slot) {
				saved[i] = Saved{Decision: quiz.Accept, Seq: c.Seq, Answer: c.Answer, At: now, Now: now}
			} else if saved[i], err = a.save(tx, who.ID, id, c); err != nil {
				return err
			}
		}
		return nil
	})
	return saved, err
}

// saveAtOnce stores what can be stored of a whole paper in one statement and
// returns the slots. Of a single answer, or of two to one question, it leaves all
// to be saved one by one.
func saveAtOnce(tx *store.Tx, personID, id string, changes []Change) (stored []int, err error) {
	answers := make(map[int]quiz.Saved, len(changes))
	for _, c := range changes {
		answers[c.Slot] = quiz.Saved{Answer: c.Answer, Seq: c.Seq}
	}
	if len(answers) < 2 || len(answers) < len(changes) {
		return nil, nil
	}
	return tx.SaveAnswers(id, personID, answers, tx.Now.Add(-quiz.Grace))
}

// save is one statement for an answer that is accepted. Only when it changed
// nothing is there more to find out.
func (a *Academy) save(tx *store.Tx, personID, id string, c Change) (Saved, error) {
	answer := quiz.Saved{Answer: c.Answer, Seq: c.Seq}
	now := a.clock(tx.Now)
	ok, err := tx.SaveAnswer(id, personID, c.Slot, answer, tx.Now.Add(-quiz.Grace))
	if err != nil || ok {
		return Saved{Decision: quiz.Accept, Seq: c.Seq, Answer: c.Answer, At: now, Now: now}, err
	}
	att, stored, at, err := tx.SavedAnswer(id, personID, c.Slot)
	if err != nil {
		return Saved{}, err
	}
	s := Saved{Decision: att.Save(tx.Now, stored.Seq, c.Seq), Seq: stored.Seq, Answer: stored.Answer, Now: now}
	if stored.Seq > 0 {
		s.At = a.clock(at)
	}
	switch s.Decision {
	case quiz.Accept:
		return s, fmt.Errorf("attempt %s: the rule accepts a save that the statement refused", id)
	case quiz.Late:
		return s, tx.AddLateAnswer(id, c.Slot, answer)
	}
	return s, nil
}

// drawn is an attempt's paper and the bank it was drawn from. Neither changes.
type drawn struct {
	bank  *quiz.Bank
	paper quiz.Paper
}

// paper returns what answers to a person's attempt must fit. Saves find it in
// memory, so that only the first one after a restart has to read.
func (a *Academy) paper(ctx context.Context, personID, id string) (d drawn, err error) {
	if d, ok := a.papers.get(ownKey{personID, id}); ok {
		return d, nil
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		att, err := tx.Attempt(id, personID)
		if err == nil {
			d, err = a.drawn(tx, att)
		}
		return err
	})
	return d, err
}

// drawn returns the paper of an attempt, from memory if it can.
func (a *Academy) drawn(tx *store.Tx, att store.Attempt) (d drawn, err error) {
	key := ownKey{att.Person, att.ID}
	if d, ok := a.papers.get(key); ok {
		return d, nil
	}
	if d.bank, err = a.bank(tx, att.Quiz, att.Hash); err != nil {
		return d, err
	}
	if d.paper, err = tx.Paper(att.ID); err == nil {
		a.papers.put(key, d)
	}
	return d, err
}

// paperGeneration is how many papers one generation of the memory holds, some 3 KB each.
const paperGeneration = 4096
