package academy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Receipt is a learner's proof of what was handed in and when.
type Receipt struct {
	AttemptID string
	Code      string // SHA-256 in hex over the attempt, its end and the answers; see quiz.Receipt
	EndedAt   time.Time
	Expired   bool // the time ran out: what was saved until then was graded
}

// Short is the receipt's code in a length that can be read out: its first twelve
// digits in groups of four.
func (r Receipt) Short() string {
	if len(r.Code) < 12 {
		return r.Code
	}
	return strings.ToUpper(r.Code[:4] + "-" + r.Code[4:8] + "-" + r.Code[8:12])
}

func (a *Academy) receipt(att store.Attempt) Receipt {
	return Receipt{AttemptID: att.ID, Code: att.Receipt, EndedAt: a.clock(att.EndedAt), Expired: att.State == quiz.Expired}
}

// Submit hands in the person's attempt: graded, recorded and counted as evidence
// in one transaction. However often and from however many windows it is
// repeated, there is one result and one receipt.
func (a *Academy) Submit(ctx context.Context, who people.Actor, id string) (Receipt, error) {
	if err := people.May(who, people.Learn); err != nil {
		return Receipt{}, err
	}
	return a.close(ctx, who.ID, id, quiz.Attempt.Submit)
}

// expire ends a person's attempt if its time is over.
func (a *Academy) expire(ctx context.Context, personID, id string) (Receipt, error) {
	return a.close(ctx, personID, id, quiz.Attempt.Expire)
}

// ending is how an attempt is closed: quiz.Attempt.Submit or quiz.Attempt.Expire.
type ending func(quiz.Attempt, *quiz.Bank, map[int]sheet.Answer, time.Time) quiz.Attempt

func (a *Academy) close(ctx context.Context, personID, id string, end ending) (r Receipt, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		att, err := a.end(tx, id, personID, end)
		r = a.receipt(att)
		return err
	})
	return r, err
}

// end closes an attempt and returns it as it then is. Unless something is left to
// wait for, its result is recorded with it. Closing a closed attempt, or expiring
// one that has time left, changes nothing.
func (a *Academy) end(tx *store.Tx, id, personID string, end ending) (store.Attempt, error) {
	att, err := tx.Attempt(id, personID)
	if err != nil || att.State != quiz.InProgress {
		return att, err
	}
	d, err := a.drawn(tx, att)
	if err != nil {
		return att, err
	}
	saved, err := tx.Answers(id)
	if err != nil {
		return att, err
	}
	att.Paper = d.paper
	att.Attempt = end(att.Attempt, d.bank, given(saved), tx.Now)
	if att.State == quiz.InProgress {
		return att, nil
	}
	graded := att.Result
	if tx.Now.Before(att.Releases) || graded.Pending > 0 {
		att.Result = nil
	} else {
		att.Scores = d.bank.Scores(d.paper, saved, nil, att.StartedAt)
	}
	if err := tx.EndAttempt(att.Attempt); err != nil {
		return att, err
	}
	if err := tx.AddFreeTexts(freeTexts(att, graded.Items)); err != nil {
		return att, err
	}
	return att, a.count(tx, att)
}

// freeTexts are those answers of an attempt that people have to mark.
func freeTexts(att store.Attempt, items []sheet.Reviewed) (list []store.FreeText) {
	for _, item := range items {
		if item.Pending {
			list = append(list, store.FreeText{AttemptID: att.ID, Slot: item.Slot, Question: att.Paper.Slots[item.Slot-1].Question})
		}
	}
	return list
}

// conclude records the result of an ended attempt that had to wait for it, as soon
// as nothing is left to wait for: no text to be marked, no window of its exam to
// close. It changes nothing before that, nor for an attempt with a result or a void one.
func (a *Academy) conclude(tx *store.Tx, id, personID string) error {
	att, err := tx.Attempt(id, personID)
	if err != nil || att.State == quiz.InProgress || att.Void || tx.Now.Before(att.Releases) {
		return err
	}
	if recorded, err := tx.HasResult(id); err != nil || recorded {
		return err
	}
	d, err := a.drawn(tx, att)
	if err != nil {
		return err
	}
	saved, err := tx.Answers(id)
	if err != nil {
		return err
	}
	graded, marks, err := a.grade(tx, id, d, saved)
	if err != nil || graded.Pending > 0 {
		return err
	}
	att.Result, att.Scores = &graded, d.bank.Scores(d.paper, saved, marks, att.StartedAt)
	if err := tx.AddResult(att.Attempt); err != nil {
		return err
	}
	return a.count(tx, att)
}

// grade grades an attempt with the marks that its texts were given, and returns
// them too. Until every text is marked no mark counts.
func (a *Academy) grade(tx *store.Tx, id string, d drawn, saved map[int]quiz.Saved) (sheet.Result, map[int]quiz.Mark, error) {
	unmarked := d.bank.Grade(d.paper, given(saved), nil)
	if unmarked.Pending == 0 {
		return unmarked, nil, nil
	}
	marks, err := a.marks(tx, id)
	if err != nil {
		return unmarked, nil, err
	}
	if marked := d.bank.Grade(d.paper, given(saved), marks); marked.Pending == 0 {
		return marked, marks, nil
	}
	return unmarked, nil, nil
}

// count records what follows from a result: the evidence, and when its questions
// come back in practice. It counts on the day the attempt ended, whoever notices
// it and when. Without a result nothing follows.
func (a *Academy) count(tx *store.Tx, att store.Attempt) error {
	if att.Result == nil {
		return nil
	}
	if err := a.feed(tx, att); err != nil {
		return err
	}
	p, err := tx.Person(att.Person)
	if err != nil {
		return err
	}
	e := evidence(cert.Quiz, att.Quiz, outcomeOf(att.Result.Passed), att.Result.Percent, att.ID)
	e.Day, e.At = a.dayOf(att.EndedAt), att.EndedAt
	return a.record(tx, p, "", e)
}

func given(saved map[int]quiz.Saved) map[int]sheet.Answer {
	answers := make(map[int]sheet.Answer, len(saved))
	for slot, s := range saved {
		answers[slot] = s.Answer
	}
	return answers
}

// sweepBatch is how many overdue attempts one look finds.
const sweepBatch = 100

// ExpireAttempts ends every attempt whose time is over and returns how many it
// found. It may run on several nodes at once. One that cannot be ended does not keep the
// others waiting; the error names each.
func (a *Academy) ExpireAttempts(ctx context.Context) (n int, err error) {
	var failed []error
	var last store.OverdueAttempt
	for {
		var batch []store.OverdueAttempt
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
			batch, err = tx.OverdueAttempts(tx.Now.Add(-quiz.Grace), last, sweepBatch)
			return err
		})
		if err != nil {
			return n, errors.Join(append(failed, err)...)
		}
		for _, o := range batch {
			if _, err := a.expire(ctx, o.PersonID, o.ID); err != nil {
				failed = append(failed, fmt.Errorf("expire attempt %s: %w", o.ID, err))
				continue
			}
			n++
		}
		if len(batch) < sweepBatch {
			return n, errors.Join(failed...)
		}
		last = batch[len(batch)-1]
	}
}
