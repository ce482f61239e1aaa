package academy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// What somebody who is to sit an exam is told when it cannot begin.
var (
	ErrHonour      = inField("honour", fault.New(fault.Invalid, "sitting.honour_needed"))
	ErrOutside     = fault.New(fault.Conflict, "sitting.outside")        // the page says when the window is
	ErrExcused     = fault.New(fault.Conflict, "sitting.excused_from")   // nothing to sit
	ErrOpenOutside = fault.New(fault.Conflict, "sitting.open_elsewhere") // an attempt outside of the exam is open
)

// Exam is an exam as somebody who is to sit it sees it. Times are in the
// organisation's zone, the window is the person's own.
type Exam struct {
	ID, Title             string
	Slug, Quiz, QuizEN    string // of the bank
	Questions, PassMark   int
	Opens, Closes         time.Time
	Releases              time.Time // when results are made known
	Limit                 time.Duration
	OneByOne              bool
	Honour                string
	State                 sheet.Candidacy
	Excused               string
	AttemptID             string
	Now                   time.Time
	Known, Graded, Passed bool // results are known; there is one; what it says
	Percent               int
	Cancelled             store.Cancellation
	Left                  sheet.Sheet // of a cancelled exam that was begun: what was asked and answered
}

// CanWait reports whether the window is still to open.
func (e Exam) CanWait() bool { return e.State == sheet.NotYet && e.Now.Before(e.Opens) }

// CanBegin reports whether the person may begin now.
func (e Exam) CanBegin() bool { return e.State == sheet.NotYet && !e.Now.Before(e.Opens) }

// CanGoOn reports whether the person is at it.
func (e Exam) CanGoOn() bool { return e.State == sheet.Underway }

// HandedIn reports whether the person is through with it.
func (e Exam) HandedIn() bool { return e.AttemptID != "" && !e.CanGoOn() }

// Exam returns an exam the person is to sit; fault.NotFound of any other.
func (a *Academy) Exam(ctx context.Context, who people.Actor, sittingID string) (e Exam, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return e, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		s, err := tx.Sitting(sittingID)
		if err != nil {
			return err
		}
		c, err := tx.Examinee(sittingID, who.ID)
		if err != nil {
			return err
		}
		bank, err := a.examined(tx, s)
		if err != nil {
			return err
		}
		e = a.exam(who, s, c, tx.Now)
		e.Questions, e.PassMark = bank.Length(), bank.Pass
		if e.State == sheet.Cancelled && c.AttemptID != "" {
			e.Left, err = a.left(tx, who.ID, c.AttemptID)
		}
		return err
	})
	return e, err
}

// ahead are the exams of a person the results of which are not known yet.
func (a *Academy) ahead(who people.Actor, list []store.Summons, now time.Time) (exams []Exam) {
	for _, m := range list {
		if now.Before(m.Releases) {
			exams = append(exams, a.exam(who, m.Sitting, m.Examinee, now))
		}
	}
	return exams
}

// sittingOf is the engine's rule for one examinee: her own window, where she has one.
func sittingOf(s store.Sitting, c store.Examinee) quiz.Sitting {
	rule := quiz.Sitting{Opens: s.Opens, Closes: s.Closes, Minutes: s.Minutes, Cancelled: s.CalledOff()}
	if !c.Opens.IsZero() {
		rule.Opens, rule.Closes = c.Opens, c.Closes
	}
	return rule
}

// candidacy is where an examinee stands with an exam.
func candidacy(rule quiz.Sitting, c store.Examinee, now time.Time) sheet.Candidacy {
	return rule.Candidacy(c.State, c.Excused != "", now)
}

func mayBegin(rule quiz.Sitting, s store.Sitting, c store.Examinee, accepted bool, now time.Time) error {
	switch {
	case rule.Cancelled:
		return ErrCancelled
	case c.Excused != "":
		return ErrExcused
	case !rule.Open(now):
		return ErrOutside
	case s.Honour != "" && !accepted:
		return ErrHonour
	}
	return nil
}

func (a *Academy) exam(who people.Actor, s store.Sitting, c store.Examinee, now time.Time) Exam {
	rule := sittingOf(s, c)
	name := a.Library().quizName(s.Quiz)
	e := Exam{
		ID: s.ID, Title: s.Title, Slug: s.Quiz, Quiz: name.Title, QuizEN: name.TitleEN,
		Opens: a.clock(rule.Opens), Closes: a.clock(rule.Closes), Releases: a.clock(s.Releases),
		Limit: rule.Limit(who.TimeFactor + c.Extra), OneByOne: s.OneByOne, Honour: s.Honour,
		State: candidacy(rule, c, now), Excused: c.Excused, AttemptID: c.AttemptID, Now: a.clock(now),
	}
	if rule.Cancelled {
		e.Cancelled = s.Cancelled
		e.Cancelled.At = a.clock(s.Cancelled.At)
		return e
	}
	if e.Known = !now.Before(s.Releases); e.Known {
		e.State = e.State.Released(c.Graded, c.Passed)
	}
	return e
}

// StartExam returns the id of the person's attempt at an exam, beginning it if its
// window is open and the honour statement accepted. Nobody begins twice.
func (a *Academy) StartExam(ctx context.Context, who people.Actor, sittingID string, accepted bool) (id string, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return "", err
	}
	var begun quiz.Attempt
	var bank *quiz.Bank
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		begun = quiz.Attempt{}
		s, err := tx.Sitting(sittingID)
		if err != nil {
			return err
		}
		c, err := tx.Examinee(sittingID, who.ID)
		if err != nil {
			return err
		}
		if id = c.AttemptID; id != "" {
			return nil
		}
		rule := sittingOf(s, c)
		if err := mayBegin(rule, s, c, accepted, tx.Now); err != nil {
			return err
		}
		if bank, err = a.examined(tx, s); err != nil {
			return err
		}
		h, err := a.currentHistory(tx, who.ID, s.Quiz)
		if err != nil {
			return err
		}
		if _, open := h.open(); open {
			return ErrOpenOutside
		}
		if begun, err = a.newAttempt(tx, h, bank, s.Edition, who); err != nil {
			return err
		}
		begun.Deadline, id = rule.Deadline(tx.Now, who.TimeFactor+c.Extra), begun.ID
		if err := tx.AddAttempt(begun); err != nil {
			return err
		}
		return tx.BeginSitting(sittingID, who.ID, id)
	})
	if err == nil && begun.ID != "" {
		a.papers.put(ownKey{who.ID, begun.ID}, drawn{bank, begun.Paper})
	}
	return id, err
}

// ReleaseResults records the results of exams whose last window has closed, and
// returns how many it recorded. It may run on several nodes at once. One exam that
// cannot be released does not keep the others waiting; the error names it.
func (a *Academy) ReleaseResults(ctx context.Context) (n int, err error) {
	var due []string
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.DueSittings(sweepBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, id := range due {
		recorded, err := a.release(ctx, id)
		n += recorded
		if err != nil {
			failed = append(failed, fmt.Errorf("release exam %s: %w", id, err))
		}
	}
	return n, errors.Join(failed...)
}

// release records the results of one exam that are due. Those that wait to be
// marked follow one by one.
func (a *Academy) release(ctx context.Context, sittingID string) (n int, err error) {
	for {
		var batch []store.OwnAttempt
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
			batch, err = tx.Unrecorded(sittingID, sweepBatch)
			return err
		})
		if err != nil {
			return n, err
		}
		for _, o := range batch {
			if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.conclude(tx, o.ID, o.PersonID) }); err != nil {
				return n, fmt.Errorf("attempt %s: %w", o.ID, err)
			}
			n++
		}
		if len(batch) < sweepBatch {
			return n, a.store.Write(ctx, func(tx *store.Tx) error { return tx.SetReleased(sittingID) })
		}
	}
}
