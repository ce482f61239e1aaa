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

// ErrNotReleased is what Result returns of an exam before its results are made
// known: the attempt is handed in, and nothing tells how it went. It is the same of
// an earlier attempt, At being zero, while the person is being tested on the quiz.
// Use errors.As.
type ErrNotReleased struct {
	Slug, Title, TitleEN string
	SittingTitle         string
	Receipt              Receipt
	At                   time.Time // when results are made known; zero for when the test is over
}

// Error implements error.
func (e *ErrNotReleased) Error() string { return "results are not known before " + e.At.String() }

// Unwrap returns the fault that pages which expect none show.
func (e *ErrNotReleased) Unwrap() error {
	if e.At.IsZero() {
		return ErrWithheld
	}
	return fault.New(fault.Conflict, "sitting.not_released")
}

// Result is an ended attempt with everything worth learning from it. While texts
// of it are Pending nothing but the rest is final.
type Result struct {
	Slug, Title, TitleEN string
	SittingTitle         string // of the exam it belongs to, "" outside of one
	Number               int
	Receipt              Receipt
	sheet.Result
	Questions []string     // ids in the bank, by item
	Reviews   []ModuleLink // where to read again, by item
	Late      int          // answers that came after the end and were not graded

	Corrected bool // the key was corrected afterwards: First and FirstPass are what the result was before
	First     int
	FirstPass bool
}

// Result returns how the person's attempt went, graded against the edition it
// was taken with. While the attempt is open it is ErrAttemptOpen: until then
// nothing tells right from wrong. In an exam it is *ErrNotReleased until the last
// window closes, and *ErrVoid when the exam was cancelled.
func (a *Academy) Result(ctx context.Context, who people.Actor, id string) (Result, error) {
	if err := people.May(who, people.Learn); err != nil {
		return Result{}, err
	}
	for {
		var r Result
		err := a.look(ctx, who.ID, id, func(tx *store.Tx, att store.Attempt) (err error) {
			switch {
			case att.State == quiz.InProgress:
				return ErrAttemptOpen
			case att.Void:
				return &ErrVoid{att.SittingID}
			case tx.Now.Before(att.Releases):
				return a.notReleased(att, a.clock(att.Releases))
			case att.Barred:
				return a.notReleased(att, time.Time{})
			}
			r, err = a.result(tx, att)
			return err
		})
		if !errors.Is(err, errUnrecorded) {
			return r, err
		}
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.conclude(tx, id, who.ID) }); err != nil {
			return Result{}, err
		}
	}
}

func (a *Academy) notReleased(att store.Attempt, at time.Time) error {
	bank := a.Library().Quizzes[att.Quiz]
	e := &ErrNotReleased{Slug: att.Quiz, Title: att.Quiz, SittingTitle: att.Sitting, Receipt: a.receipt(att), At: at}
	if bank != nil {
		e.Title, e.TitleEN = bank.Title, bank.TitleEN
	}
	return e
}

// errUnrecorded says that nothing is left to wait for and nobody has recorded the
// result yet.
var errUnrecorded = errors.New("the result is due and not recorded")

// result grades an ended attempt again and compares with what was recorded: they
// can only differ if something is broken, and then neither is shown. Of an attempt
// that waits to be marked it shows the rest.
func (a *Academy) result(tx *store.Tx, att store.Attempt) (Result, error) {
	line, err := tx.ResultOf(att.ID)
	recorded := err == nil
	if err != nil && !errors.Is(err, fault.NotFound) {
		return Result{}, err
	}
	d, err := a.drawn(tx, att)
	if err != nil {
		return Result{}, err
	}
	if d.bank, err = a.corrected(tx, d.bank, line.Corrected); err != nil {
		return Result{}, err
	}
	saved, err := tx.Answers(att.ID)
	if err != nil {
		return Result{}, err
	}
	graded, _, err := a.grade(tx, att.ID, d, saved)
	if err != nil {
		return Result{}, err
	}
	switch {
	case !recorded && graded.Pending == 0:
		return Result{}, errUnrecorded
	case recorded && !line.Agrees(graded):
		return Result{}, fmt.Errorf("attempt %s: graded again %d of %d, recorded %d of %d",
			att.ID, graded.Points, graded.Max, line.Points, line.Max)
	}
	r := Result{
		Slug: att.Quiz, Title: d.bank.Title, TitleEN: d.bank.TitleEN, SittingTitle: att.Sitting, Number: att.Number,
		Receipt: a.receipt(att), Result: graded, Late: line.Late,
		Corrected: line.Corrected != "", First: line.First, FirstPass: line.FirstPass,
	}
	for i, item := range graded.Items {
		r.Questions = append(r.Questions, d.paper.Slots[i].Question)
		r.Reviews = append(r.Reviews, a.Library().moduleLink(item.Review))
	}
	return r, nil
}

// corrected is a bank with the keys of a later edition, the bank itself for "".
func (a *Academy) corrected(tx *store.Tx, bank *quiz.Bank, edition string) (*quiz.Bank, error) {
	if edition == "" {
		return bank, nil
	}
	later, err := a.bank(tx, bank.Slug, edition)
	if err != nil {
		return nil, err
	}
	bank, _ = quiz.Corrected(bank, later)
	return bank, nil
}
