package academy

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// What a page is told when the attempt is not where the page thought it was.
var (
	ErrAttemptEnded = fault.New(fault.Conflict, "quiz.attempt_ended") // look at the result
	ErrAttemptOpen  = fault.New(fault.Conflict, "quiz.attempt_open")  // go on answering
	ErrNotYet       = fault.New(fault.Conflict, "quiz.not_yet")       // the quiz page says when
	ErrWithheld     = fault.New(fault.Conflict, "quiz.withheld")      // the person is being tested on the quiz
)

// StartAttempt returns the id of the person's open attempt at a quiz, beginning
// one if the retake rule allows it; else ErrNotYet. Its paper and deadline are
// frozen now.
func (a *Academy) StartAttempt(ctx context.Context, who people.Actor, slug string) (id string, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return "", err
	}
	l := a.Library()
	bank, ok := l.Quizzes[slug]
	if !ok {
		return "", fault.New(fault.NotFound, "error.not_found")
	}
	var begun quiz.Attempt
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		begun = quiz.Attempt{}
		h, err := a.currentHistory(tx, who.ID, slug)
		if err != nil {
			return err
		}
		if open, ok := h.open(); ok {
			id = open.ID
			return nil
		}
		if !h.next(bank, tx.Now).Allowed {
			return ErrNotYet
		}
		begun, err = a.newAttempt(tx, h, bank, l.Hash(quizKind, slug), who)
		if err != nil {
			return err
		}
		begun.Deadline = bank.Deadline(tx.Now, who.TimeFactor)
		id = begun.ID
		return tx.AddAttempt(begun)
	})
	if err == nil && begun.ID != "" {
		a.papers.put(ownKey{who.ID, begun.ID}, drawn{bank, begun.Paper})
	}
	return id, err
}

// currentHistory is history with an overdue attempt expired first.
func (a *Academy) currentHistory(tx *store.Tx, personID, slug string) (history, error) {
	h, err := a.history(tx, personID, slug)
	if err != nil {
		return h, err
	}
	overdue := h.overdue(tx.Now)
	if overdue == "" {
		return h, nil
	}
	if _, err := a.end(tx, overdue, personID, quiz.Attempt.Expire); err != nil {
		return h, err
	}
	return a.history(tx, personID, slug)
}

// newAttempt is the next attempt of a history, without its deadline. Its paper
// asks again as little as it can of what earlier ones asked.
func (a *Academy) newAttempt(tx *store.Tx, h history, bank *quiz.Bank, hash string, who people.Actor) (quiz.Attempt, error) {
	att := quiz.Attempt{
		ID: store.NewID(), Person: who.ID, Quiz: bank.Slug, Hash: hash, Number: 1, State: quiz.InProgress, StartedAt: tx.Now,
	}
	var seen []string
	if len(h.attempts) > 0 {
		att.Number = h.attempts[0].Number + 1
		var err error
		if seen, err = tx.SeenQuestions(who.ID, bank.Slug); err != nil {
			return att, err
		}
	}
	att.Paper = bank.Draw(a.seed(att.ID), seen)
	return att, nil
}

// seed keys the draw of an attempt's paper, or the shuffling of a session:
// nobody without the installation's secret can foresee it.
func (a *Academy) seed(id string) (seed [32]byte) {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte(id))
	copy(seed[:], mac.Sum(nil))
	return seed
}

// OpenAttempt is an attempt under way as the learner sees it. The browser shows
// the remaining time from Now and Deadline; it decides nothing.
type OpenAttempt struct {
	ID            string
	Number        int
	TitleEN       string
	PassMark      int
	Sheet         sheet.Sheet
	Now, Deadline time.Time
	Limit         time.Duration
	SittingTitle  string // of the exam it belongs to, "" outside of one
	OneByOne      bool   // the exam asks one question at a time
}

// Attempt returns the person's open attempt with what was saved so far. When it
// has ended, or its time is over, it is ErrAttemptEnded.
func (a *Academy) Attempt(ctx context.Context, who people.Actor, id string) (OpenAttempt, error) {
	if err := people.May(who, people.Learn); err != nil {
		return OpenAttempt{}, err
	}
	var open OpenAttempt
	err := a.look(ctx, who.ID, id, func(tx *store.Tx, att store.Attempt) error {
		if att.State != quiz.InProgress {
			return ErrAttemptEnded
		}
		d, err := a.drawn(tx, att)
		if err != nil {
			return err
		}
		saved, err := tx.Answers(id)
		open = OpenAttempt{
			ID: id, Number: att.Number, TitleEN: d.bank.TitleEN, PassMark: d.bank.Pass, Sheet: d.bank.Sheet(d.paper, saved),
			Now: a.clock(tx.Now), Deadline: a.clock(att.Deadline), Limit: att.Deadline.Sub(att.StartedAt),
			SittingTitle: att.Sitting, OneByOne: att.OneByOne,
		}
		return err
	})
	return open, err
}

// look reads a person's attempt as it stands now: one whose time is over is
// expired first.
func (a *Academy) look(ctx context.Context, personID, id string, read func(*store.Tx, store.Attempt) error) error {
	for {
		overdue := false
		err := a.store.Read(ctx, func(tx *store.Tx) error {
			att, err := tx.Attempt(id, personID)
			if err != nil {
				return err
			}
			if overdue = att.Overdue(tx.Now); overdue {
				return nil
			}
			return read(tx, att)
		})
		if err != nil || !overdue {
			return err
		}
		if _, err := a.expire(ctx, personID, id); err != nil {
			return err
		}
	}
}
