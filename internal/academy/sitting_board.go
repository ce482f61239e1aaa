package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz/sheet"
)

// Board is an exam with everybody who is to sit it. Until results are known
// nothing on it tells how anybody did.
type Board struct {
	ID, Title, Quiz, QuizEN string
	Slug                    string
	Opens, Closes, Releases time.Time
	Minutes                 int
	OneByOne, AbsenceCounts bool
	Honour                  string
	EditionAt               time.Time // when the edition came that is asked; zero when unknown
	Outdated                bool      // another one is in force by now, and results are not known yet
	Cancelled               store.Cancellation
	Phase                   Phase
	Now                     time.Time
	Examinees               []Examinee // by staff number
	Counts                  map[sheet.Candidacy]int
}

// Examinee is somebody on the board.
type Examinee struct {
	PersonID, StaffNo, Name, Store string
	Outcome                        sheet.Candidacy
	Percent                        int // with Passed and Failed
	Extra                          int
	Opens, Closes                  time.Time // a window of her own, or zero
	Excused                        string
	HonourAt, StartedAt, EndedAt   time.Time
}

// Board returns an exam the actor runs, with everybody who is to sit it.
func (a *Academy) Board(ctx context.Context, who people.Actor, id string) (b Board, err error) {
	if err := people.May(who, people.RunExam); err != nil {
		return b, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		s, err := sittingFor(tx, who, id)
		if err != nil {
			return err
		}
		list, err := tx.Examinees(id)
		b = a.board(s, list, tx.Now)
		return err
	})
	return b, err
}

// ExportBoard is Board of an exam whose results are known, noted in the audit list.
func (a *Academy) ExportBoard(ctx context.Context, who people.Actor, id string) (Board, error) {
	b, err := a.Board(ctx, who, id)
	if err != nil {
		return b, err
	}
	if b.Phase != PhaseClosed {
		return b, fault.New(fault.Conflict, "sitting.not_released")
	}
	return b, a.store.Write(ctx, func(tx *store.Tx) error { return audit(tx, who, "export_exam", b.Title, b.ID, "") })
}

func (a *Academy) board(s store.Sitting, list []store.Examinee, now time.Time) Board {
	b := Board{
		ID: s.ID, Title: s.Title, Quiz: s.Quiz, Slug: s.Quiz, Minutes: s.Minutes, OneByOne: s.OneByOne, AbsenceCounts: s.AbsenceCounts,
		Opens: a.clock(s.Opens), Closes: a.clock(s.Closes), Releases: a.clock(s.Releases), Honour: s.Honour,
		EditionAt: a.clock(s.EditionAt), Outdated: unclosed(s, now) == nil && a.outdated(s), Cancelled: s.Cancelled,
		Phase: phase(s, now), Now: a.clock(now), Counts: map[sheet.Candidacy]int{},
	}
	b.Cancelled.At = a.clock(s.Cancelled.At)
	if bank, ok := a.Library().Quizzes[s.Quiz]; ok {
		b.Quiz, b.QuizEN = bank.Title, bank.TitleEN
	}
	for _, c := range list {
		e := Examinee{
			PersonID: c.PersonID, StaffNo: c.StaffNo, Name: c.Name, Store: c.Store, Outcome: standingOf(s, c, now),
			Extra: c.Extra, Opens: a.clock(c.Opens), Closes: a.clock(c.Closes), Excused: c.Excused,
			HonourAt: a.clock(c.HonourAt), StartedAt: a.clock(c.StartedAt), EndedAt: a.clock(c.EndedAt),
		}
		if e.Outcome == sheet.Passed || e.Outcome == sheet.Failed {
			e.Percent = c.Percent
		}
		b.Counts[e.Outcome]++
		b.Examinees = append(b.Examinees, e)
	}
	return b
}

// standingOf is where an examinee stands. What came of an attempt counts once
// results are known.
func standingOf(s store.Sitting, c store.Examinee, now time.Time) sheet.Candidacy {
	state := candidacy(sittingOf(s, c), c, now)
	if now.Before(s.Releases) {
		return state
	}
	return state.Released(c.Graded, c.Passed)
}

// Begun is how many have begun.
func (b Board) Begun() (n int) {
	for _, e := range b.Examinees {
		if !e.StartedAt.IsZero() {
			n++
		}
	}
	return n
}

// Due is how many had to sit the exam.
func (b Board) Due() int { return len(b.Examinees) - b.Counts[sheet.Excused] }

// With lists the examinees with an outcome; all for "".
func (b Board) With(o sheet.Candidacy) []Examinee {
	if o == "" {
		return b.Examinees
	}
	return slices.DeleteFunc(slices.Clone(b.Examinees), func(e Examinee) bool { return e.Outcome != o })
}

// Examinee returns one of the board's people; fault.NotFound for anybody else.
func (b Board) Examinee(personID string) (Examinee, error) {
	i := slices.IndexFunc(b.Examinees, func(e Examinee) bool { return e.PersonID == personID })
	if i < 0 {
		return Examinee{}, fault.New(fault.NotFound, "error.not_found")
	}
	return b.Examinees[i], nil
}
