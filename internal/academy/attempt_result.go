package academy

import (
	"context"
	"fmt"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// ErrNotReleased is what Result returns of an exam before its results are made
// known: the attempt is handed in, and nothing tells how it went. Use errors.As.
type ErrNotReleased struct {
	Slug, Title, TitleEN string
	SittingTitle         string
	Receipt              Receipt
	At                   time.Time // when results are made known
}

// Error implements error.
func (e *ErrNotReleased) Error() string { return "results are not known before " + e.At.String() }

// Unwrap returns the fault that pages which expect none show.
func (e *ErrNotReleased) Unwrap() error { return fault.New(fault.Conflict, "sitting.not_released") }

// Result is an ended attempt with everything worth learning from it.
type Result struct {
	Slug, Title, TitleEN string
	Number               int
	Receipt              Receipt
	sheet.Result
	Reviews []ModuleLink // where to read again, by item
	Late    int          // answers that came after the end and were not graded
}

// Result returns how the person's attempt went, graded against the edition it
// was taken with. While the attempt is open it is ErrAttemptOpen: until then
// nothing tells right from wrong.
func (a *Academy) Result(ctx context.Context, who people.Actor, id string) (Result, error) {
	if err := people.May(who, people.Learn); err != nil {
		return Result{}, err
	}
	var r Result
	err := a.look(ctx, who.ID, id, func(tx *store.Tx, att quiz.Attempt) (err error) {
		if att.State == quiz.InProgress {
			return ErrAttemptOpen
		}
		r, err = a.result(tx, att)
		return err
	})
	return r, err
}

// result grades an ended attempt again and compares with what was recorded: they
// can only differ if something is broken, and then neither is shown.
func (a *Academy) result(tx *store.Tx, att quiz.Attempt) (Result, error) {
	line, err := tx.ResultOf(att.ID)
	if err != nil {
		return Result{}, err
	}
	bank, err := a.bank(tx, att.Quiz, line.Edition)
	if err != nil {
		return Result{}, err
	}
	saved, err := tx.Answers(att.ID)
	if err != nil {
		return Result{}, err
	}
	graded := bank.Grade(att.Paper, given(saved), nil)
	if graded.Points != line.Points || graded.Max != line.Max || graded.Percent != line.Percent || graded.Passed != line.Passed {
		return Result{}, fmt.Errorf("attempt %s: graded again %d of %d, recorded %d of %d",
			att.ID, graded.Points, graded.Max, line.Points, line.Max)
	}
	r := Result{
		Slug: att.Quiz, Title: bank.Title, TitleEN: bank.TitleEN, Number: att.Number,
		Receipt: a.receipt(att), Result: graded, Late: line.Late,
	}
	for _, item := range graded.Items {
		r.Reviews = append(r.Reviews, a.Library().moduleLink(item.Review))
	}
	return r, nil
}
