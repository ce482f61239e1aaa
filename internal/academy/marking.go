package academy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// marks returns the mark that holds of each text of an attempt, by slot: the latest.
func (a *Academy) marks(tx *store.Tx, attemptID string) (map[int]quiz.Mark, error) {
	list, err := tx.Marks(attemptID)
	latest := make(map[int]quiz.Mark, len(list))
	for _, m := range list {
		latest[m.Slot] = m.Mark
	}
	return latest, err
}

// MarkingQueue is one page of the free texts that wait for the actor, question by
// question.
type MarkingQueue struct {
	Page
	Texts []TextLine
}

// TextLine is a free text in the queue. Whose it is stays untold until the one who
// asks has marked it.
type TextLine struct {
	AttemptID    string
	Slot         int
	Quiz, QuizEN string
	Question     string // id in the bank
	Stem         string // safe HTML
	Sitting      string // title of the exam, "" outside of one
	EndedAt      time.Time
	Marked       int    // by how many, or how often
	Mine         bool   // the one who asks marked it
	Name         string // whose it is, if Mine
}

// MarkingQueue lists the free texts of the actor's store that have no final result:
// those nobody has marked, and those somebody may mark a second time.
func (a *Academy) MarkingQueue(ctx context.Context, who people.Actor, page int) (q MarkingQueue, err error) {
	if err := people.May(who, people.MarkAnswers); err != nil {
		return q, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		rows, total, err := tx.FreeTexts(who.StoreID, who.ID, pageSize, (max(page, 1)-1)*pageSize)
		if err != nil {
			return err
		}
		q = MarkingQueue{Page: pageOf(page, total)}
		for _, r := range rows {
			bank, err := a.bank(tx, r.Quiz, r.Edition)
			if err != nil {
				return err
			}
			line := TextLine{
				AttemptID: r.AttemptID, Slot: r.Slot, Quiz: bank.Title, QuizEN: bank.TitleEN, Question: r.Question, Sitting: r.Sitting,
				EndedAt: a.clock(r.EndedAt), Marked: r.Times, Mine: r.Mine, Stem: questionIn(bank, r.Question).Stem,
			}
			if r.Mine {
				line.Name = r.Name
			}
			q.Texts = append(q.Texts, line)
		}
		return nil
	})
	return q, err
}

// FreeText is one free text to be marked, with what to look for.
type FreeText struct {
	AttemptID    string
	Slot         int
	Quiz, QuizEN string
	Stem         string // safe HTML
	Text         string // plain text as written
	Rubric       []quiz.Criterion
	Model        string      // safe HTML
	Name         string      // whose it is; "" until the one who asks has marked it
	Given        []GivenMark // all there are, the oldest first, once the one who asks has marked it
	Mine         *quiz.Mark  // the latest the one who asks gave
	Open         bool        // it may still be marked
}

// GivenMark is a mark with who gave it.
type GivenMark struct {
	Name string
	quiz.Mark
}

// FreeText returns a free text of somebody in the actor's store. Whose it is and what
// others made of it stays untold until the actor has marked it.
func (a *Academy) FreeText(ctx context.Context, who people.Actor, attemptID string, slot int) (s FreeText, err error) {
	if err := people.May(who, people.MarkAnswers); err != nil {
		return s, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		owner, err := writerFor(tx, who, attemptID)
		if err != nil {
			return err
		}
		m, err := a.manuscript(tx, attemptID, owner.ID, slot)
		if err != nil {
			return err
		}
		s = FreeText{
			AttemptID: attemptID, Slot: slot, Quiz: m.bank.Title, QuizEN: m.bank.TitleEN, Stem: m.question.Stem,
			Text: strings.Join(m.answer, "\n"), Rubric: m.question.Rubric, Model: m.question.Model, Open: !m.final,
		}
		list, err := tx.Marks(attemptID)
		for _, mark := range list {
			if mark.Slot != slot {
				continue
			}
			mark.At = a.clock(mark.At)
			s.Given = append(s.Given, GivenMark{mark.Name, mark.Mark})
			if mark.By == who.ID {
				s.Mine, s.Name = &mark.Mark, owner.Name
			}
		}
		if s.Mine == nil {
			s.Given = nil
		}
		return err
	})
	return s, err
}

// questionIn returns a question of a bank; the paper that names it was drawn from it.
func questionIn(bank *quiz.Bank, id string) quiz.Question {
	i := slices.IndexFunc(bank.Questions, func(q quiz.Question) bool { return q.ID == id })
	if i < 0 {
		return quiz.Question{ID: id}
	}
	return bank.Questions[i]
}

// writerFor returns whose attempt the actor may mark. Her own is nobody's to mark
// but others'.
func writerFor(tx *store.Tx, who people.Actor, attemptID string) (people.Person, error) {
	id, err := tx.AttemptOwner(attemptID)
	if err != nil {
		return people.Person{}, err
	}
	if id == who.ID {
		return people.Person{}, fault.New(fault.NotFound, "error.not_found")
	}
	return personFor(tx, who, people.MarkAnswers, id)
}

// manuscript is a free text with the question it answers.
type manuscript struct {
	bank     *quiz.Bank
	question quiz.Question
	answer   sheet.Answer
	final    bool // the attempt has its result
}

// manuscript returns a free text of an ended attempt; fault.NotFound where there is
// none to be marked, ErrCancelled where its exam was.
func (a *Academy) manuscript(tx *store.Tx, attemptID, personID string, slot int) (m manuscript, err error) {
	att, err := tx.Attempt(attemptID, personID)
	if err != nil {
		return m, err
	}
	if att.Void {
		return m, ErrCancelled
	}
	text, err := tx.FreeText(attemptID, slot)
	if err != nil {
		return m, err
	}
	if m.bank, err = a.bank(tx, att.Quiz, att.Hash); err != nil {
		return m, err
	}
	m.question = questionIn(m.bank, text.Question)
	saved, err := tx.Answers(attemptID)
	if err != nil {
		return m, err
	}
	m.answer = saved[slot].Answer
	m.final, err = tx.HasResult(attemptID)
	return m, err
}

// maxMarkComment bounds what a trainer says about a text.
const maxMarkComment = 500

// MarkText gives points for each criterion of a free text, and a word for who wrote
// it. Marks are only added: the latest holds. With the last text of an attempt its
// result is recorded, unless its exam is still open; after that no mark is taken.
func (a *Academy) MarkText(ctx context.Context, who people.Actor, attemptID string, slot int, points []int, comment string) error {
	if err := people.May(who, people.MarkAnswers); err != nil {
		return err
	}
	comment = strings.TrimSpace(comment)
	if utf8.RuneCountInString(comment) > maxMarkComment {
		return inField("comment", fault.Newf(fault.Invalid, "marking.comment_long", fault.Args{"max": maxMarkComment}))
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		owner, err := writerFor(tx, who, attemptID)
		if err != nil {
			return err
		}
		m, err := a.manuscript(tx, attemptID, owner.ID, slot)
		if err != nil {
			return err
		}
		switch {
		case m.final:
			return fault.New(fault.Conflict, "marking.final")
		case !fits(m.question.Rubric, points):
			return inField("points", fault.New(fault.Invalid, "marking.points_wrong"))
		}
		if err := tx.AddMark(attemptID, slot, quiz.Mark{Points: points, Comment: comment, By: who.ID}); err != nil {
			return err
		}
		return a.conclude(tx, attemptID, owner.ID)
	})
}

// fits reports whether points are given for every criterion, none beyond what it is
// worth.
func fits(rubric []quiz.Criterion, points []int) bool {
	if len(points) != len(rubric) {
		return false
	}
	for i, p := range points {
		if p < 0 || p > rubric[i].Points {
			return false
		}
	}
	return true
}

// NextText returns the first free text of the queue that nobody has marked; ok is
// false when there is none.
func (a *Academy) NextText(ctx context.Context, who people.Actor) (attemptID string, slot int, ok bool, err error) {
	if err := people.May(who, people.MarkAnswers); err != nil {
		return "", 0, false, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		next, err := tx.NextFreeText(who.StoreID, who.ID)
		if err == nil {
			attemptID, slot, ok = next.AttemptID, next.Slot, true
		}
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	return attemptID, slot, ok, err
}
