package academy

import (
	"context"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz/sheet"
)

// ErrCancelled says that an exam was cancelled.
var ErrCancelled = fault.New(fault.Conflict, "sitting.cancelled")

// ErrVoid is what Result returns of an attempt at an exam that was cancelled: there
// is no result and never will be. What was asked and answered is told by Exam. Use
// errors.As.
type ErrVoid struct{ SittingID string }

// Error implements error.
func (e *ErrVoid) Error() string { return "exam " + e.SittingID + " was cancelled" }

// Unwrap returns the fault that pages which expect none show.
func (e *ErrVoid) Unwrap() error { return ErrCancelled }

// CancelSitting calls an exam off whose results are not known yet, for a reason that
// everybody who was to sit it is told. Nobody is absent then; whoever is at it is
// stopped, and no attempt at it is used up or ever has a result. Cancelling again
// changes nothing: the first reason stays.
func (a *Academy) CancelSitting(ctx context.Context, who people.Actor, id, reason string) error {
	if err := people.May(who, people.RunExam); err != nil {
		return err
	}
	reason, ok := reasonIn(reason)
	if !ok {
		return inField("reason", fault.Newf(fault.Invalid, "sitting.reason_needed", fault.Args{"max": maxReason}))
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := sittingFor(tx, who, id)
		if err != nil {
			return err
		}
		switch phase(s, tx.Now) {
		case PhaseCancelled:
			return nil
		case PhaseClosed:
			return fault.New(fault.Conflict, "sitting.too_late_to_cancel")
		}
		if err := tx.CancelSitting(id, who.ID, reason); err != nil {
			return err
		}
		if err := tellCancelled(tx, s, reason); err != nil {
			return err
		}
		return audit(tx, who, "cancel_exam", s.Title, s.ID, reason)
	})
}

// tellCancelled tells everybody who was to sit an exam.
func tellCancelled(tx *store.Tx, s store.Sitting, reason string) error {
	list, err := tx.Examinees(s.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, c := range list {
		if c.Excused == "" {
			ids = append(ids, c.PersonID)
		}
	}
	return tx.AddNotice(store.Notice{Kind: NoticeCancelled, Ref: s.ID, Detail: map[string]string{
		"quiz": s.Quiz, "title": s.Title, "reason": reason,
	}}, ids...)
}

// left is what stays of a void attempt: what was asked and what was answered,
// without a word on what was right, for the questions may be asked again.
func (a *Academy) left(tx *store.Tx, personID, attemptID string) (s sheet.Sheet, err error) {
	att, err := tx.Attempt(attemptID, personID)
	if err != nil {
		return s, err
	}
	d, err := a.drawn(tx, att)
	if err != nil {
		return s, err
	}
	saved, err := tx.Answers(attemptID)
	return d.bank.Sheet(d.paper, saved), err
}
