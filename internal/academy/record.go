package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Record is one page of everything a person has handed in.
type Record struct {
	Page
	Quiz    string // slug of the one asked for, "" for all
	Quizzes []QuizName
	Rows    []RecordRow
	Now     time.Time
}

// QuizName is a quiz by its names. One that is no longer taught goes by its slug.
type QuizName struct {
	Slug, Title, TitleEN string
}

// RecordRow is an attempt in its person's record. Times are in the organisation's
// zone.
type RecordRow struct {
	QuizName
	ID        string
	Number    int
	EndedAt   time.Time
	Edition   time.Time // when the edition that was asked came; zero when unknown
	Receipt   Receipt
	Graded    bool // Percent and Passed are known; else something is to be marked, or the exam not released
	Percent   int
	Passed    bool
	Corrected bool // the key was corrected afterwards: First and FirstPass are what the result was before
	First     int
	FirstPass bool

	SittingTitle string    // of the exam it belongs to, "" outside of one
	Releases     time.Time // when results of the exam are made known; zero outside of one
	Void         bool      // the exam was cancelled: there is never a result
}

// OwnRecord lists what the person has handed in, at one quiz or at all for "".
func (a *Academy) OwnRecord(ctx context.Context, who people.Actor, slug string, page int) (r Record, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return r, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		taken, err := tx.QuizzesTaken(who.ID)
		if err != nil {
			return err
		}
		lines, total, err := tx.Record(who.ID, slug, pageSize, (max(page, 1)-1)*pageSize)
		r = Record{Page: pageOf(page, total), Quiz: slug, Now: a.clock(tx.Now)}
		for _, s := range taken {
			r.Quizzes = append(r.Quizzes, l.quizName(s))
		}
		for _, line := range lines {
			r.Rows = append(r.Rows, a.recordRow(l, line))
		}
		return err
	})
	return r, err
}

func (l *Library) quizName(slug string) QuizName {
	if b, ok := l.Quizzes[slug]; ok {
		return QuizName{Slug: slug, Title: b.Title, TitleEN: b.TitleEN}
	}
	return QuizName{Slug: slug, Title: slug}
}

func (a *Academy) recordRow(l *Library, line store.RecordLine) RecordRow {
	row := RecordRow{
		QuizName: l.quizName(line.Quiz), ID: line.ID, Number: line.Number, EndedAt: a.clock(line.EndedAt),
		Receipt: Receipt{AttemptID: line.ID, Code: line.Receipt, EndedAt: a.clock(line.EndedAt), Expired: line.State == quiz.Expired},
		Graded:  line.Graded, Percent: line.Percent, Passed: line.Passed,
		Corrected: line.Revision > 1, First: line.First, FirstPass: line.FirstPass, SittingTitle: line.Sitting, Void: line.Void,
	}
	if !line.Published.IsZero() {
		row.Edition = a.clock(line.Published)
	}
	if !line.Releases.IsZero() {
		row.Releases = a.clock(line.Releases)
	}
	return row
}

// QuestionHistory is everything a person answered to one question, as far as the
// results are known.
type QuestionHistory struct {
	QuizName
	Times []AnsweredTime // the latest first
}

// AnsweredTime is one time a question was asked, as it stood then.
type AnsweredTime struct {
	AttemptID string
	Number    int
	EndedAt   time.Time
	Item      sheet.Reviewed
	Review    ModuleLink
}

// QuestionHistory returns how the person answered one question of a quiz over
// time, each graded as its result was. fault.NotFound when it was never asked, or
// no result of it is known; ErrWithheld while the person is being tested on the quiz.
func (a *Academy) QuestionHistory(ctx context.Context, who people.Actor, slug, question string) (h QuestionHistory, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return h, err
	}
	h.QuizName = a.Library().quizName(slug)
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		h.Times = nil
		papers, err := tx.GradedPapers(who.ID, slug)
		if err != nil {
			return err
		}
		papers = slices.DeleteFunc(papers, func(p store.GradedPaper) bool { return slotOf(p.Paper, question) == 0 })
		if len(papers) == 0 {
			return fault.New(fault.NotFound, "error.not_found")
		}
		if err := unbarred(tx, who.ID, slug, ErrWithheld); err != nil {
			return err
		}
		answers, marks, err := answersAndMarks(tx, who.ID, slug, question)
		if err != nil {
			return err
		}
		for _, p := range papers {
			bank, err := a.bank(tx, slug, p.Edition)
			if err == nil {
				bank, err = a.corrected(tx, bank, p.Corrected)
			}
			if err != nil {
				return err
			}
			item := bank.Grade(p.Paper, answers[p.ID], marks[p.ID]).Items[slotOf(p.Paper, question)-1]
			h.Times = append(h.Times, AnsweredTime{
				AttemptID: p.ID, Number: p.Number, EndedAt: a.clock(p.EndedAt), Item: item, Review: a.Library().moduleLink(item.Review),
			})
		}
		return nil
	})
	return h, err
}

// slotOf returns the 1-based slot of a question in a paper, 0 when it is not in.
func slotOf(p quiz.Paper, question string) int {
	return 1 + slices.IndexFunc(p.Slots, func(s quiz.Slot) bool { return s.Question == question })
}

// answersAndMarks returns what a person answered at a quiz and the marks that hold of one
// of its free texts, both by attempt and slot.
func answersAndMarks(tx *store.Tx, personID, slug, question string) (answers map[string]map[int]sheet.Answer, marks map[string]map[int]quiz.Mark, err error) {
	answers, marks = map[string]map[int]sheet.Answer{}, map[string]map[int]quiz.Mark{}
	list, err := tx.GivenAnswers(personID, slug)
	if err != nil {
		return nil, nil, err
	}
	for _, g := range list {
		if answers[g.AttemptID] == nil {
			answers[g.AttemptID] = map[int]sheet.Answer{}
		}
		answers[g.AttemptID][g.Slot] = g.Answer
	}
	marked, err := tx.GivenMarks(personID, slug, question)
	for _, m := range marked {
		if marks[m.AttemptID] == nil {
			marks[m.AttemptID] = map[int]quiz.Mark{}
		}
		marks[m.AttemptID][m.Slot] = m.Mark
	}
	return answers, marks, err
}
