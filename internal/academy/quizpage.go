package academy

import (
	"context"
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

// QuizPage is what a quiz asks and where a person stands with it.
type QuizPage struct {
	Slug, Title, TitleEN string
	Module               ModuleLink
	Questions            int
	Limit                time.Duration // with the person's time factor
	TimeFactor           int           // percent, 100 is the usual time
	PassMark             int           // percent of the points
	Critical             bool          // there are questions that must be right
	Rule                 quiz.Retake
	Next                 quiz.Permission // for another attempt, with times in the organisation's zone
	Open                 string          // id of the attempt under way, "" when there is none
	OpenUntil            time.Time
	Now                  time.Time
	Earlier              []EarlierAttempt // ended ones, the latest first
	Exams                []Exam           // to be sat at this quiz, until their results are known
}

// ModuleLink leads to a module, or to one paragraph of it.
type ModuleLink struct {
	Ref, Title, TitleEN string
	HeadingID, Heading  string // both empty when the whole module is meant
}

// EarlierAttempt is an ended attempt in the list on the quiz page.
type EarlierAttempt struct {
	ID      string
	Number  int
	EndedAt time.Time
	Graded  bool // Percent and Passed are known; else something is to be marked, or the exam not released
	Percent int
	Passed  bool

	SittingTitle string    // of the exam it belongs to, "" outside of one
	Releases     time.Time // when results of the exam are made known; zero outside of one
	Void         bool      // the exam was cancelled: the attempt counts for nothing
}

// QuizPage says what a quiz asks, whether the person may start now, and how
// earlier attempts went.
func (a *Academy) QuizPage(ctx context.Context, who people.Actor, slug string) (QuizPage, error) {
	if err := people.May(who, people.Learn); err != nil {
		return QuizPage{}, err
	}
	bank, ok := a.Library().Quizzes[slug]
	if !ok {
		return QuizPage{}, fault.New(fault.NotFound, "error.not_found")
	}
	p := a.quizPage(bank, who)
	for {
		var overdue string
		err := a.store.Read(ctx, func(tx *store.Tx) error {
			h, err := a.history(tx, who.ID, slug)
			if err != nil {
				return err
			}
			overdue = h.overdue(tx.Now)
			a.fillQuizPage(&p, bank, h, tx.Now)
			p.Exams = a.ahead(who, h.exams, tx.Now)
			return nil
		})
		if err != nil || overdue == "" {
			return p, err
		}
		if _, err := a.expire(ctx, who.ID, overdue); err != nil {
			return p, err
		}
	}
}

func (a *Academy) quizPage(bank *quiz.Bank, who people.Actor) QuizPage {
	var epoch time.Time
	return QuizPage{
		Slug: bank.Slug, Title: bank.Title, TitleEN: bank.TitleEN, Module: a.Library().moduleLink(bank.Module),
		Questions: bank.Length(), Limit: bank.Deadline(epoch, who.TimeFactor).Sub(epoch), TimeFactor: who.TimeFactor,
		PassMark: bank.Pass, Rule: bank.Retake,
		Critical: slices.ContainsFunc(bank.Questions, func(q quiz.Question) bool { return q.Critical }),
	}
}

func (a *Academy) fillQuizPage(p *QuizPage, bank *quiz.Bank, h history, now time.Time) {
	p.Open, p.OpenUntil, p.Now = "", time.Time{}, a.clock(now)
	p.Earlier = p.Earlier[:0]
	for _, l := range h.attempts {
		if l.State == quiz.InProgress {
			p.Open, p.OpenUntil = l.ID, a.clock(l.Deadline)
			continue
		}
		p.Earlier = append(p.Earlier, EarlierAttempt{
			ID: l.ID, Number: l.Number, EndedAt: a.clock(l.EndedAt), Graded: l.Graded, Percent: l.Percent, Passed: l.Passed,
			SittingTitle: l.Sitting, Releases: a.clock(l.Releases), Void: l.Void,
		})
	}
	p.Next = h.next(bank, now)
	if !p.Next.NotBefore.IsZero() {
		p.Next.NotBefore = a.clock(p.Next.NotBefore)
	}
}

// moduleLink finds where "course/module" or "course/module#heading" leads. A
// module that is gone leaves no title, a heading that is gone leaves the module.
func (l *Library) moduleLink(target string) ModuleLink {
	ref, id, _ := strings.Cut(target, "#")
	link := ModuleLink{Ref: ref}
	m, ok := l.module(ref)
	if !ok {
		return link
	}
	link.Title, link.TitleEN = m.Title, m.TitleEN
	for _, h := range m.Body.Headings {
		if id != "" && h.ID == id {
			link.HeadingID, link.Heading = id, h.Text
		}
	}
	return link
}

// history is what decides about a person's next attempt at a quiz.
type history struct {
	attempts []store.AttemptLine // latest first
	unlocks  []time.Time
	exams    []store.Summons // at the quiz, the next first
}

func (a *Academy) history(tx *store.Tx, personID, slug string) (h history, err error) {
	if h.attempts, err = tx.AttemptsAt(personID, slug); err != nil {
		return h, err
	}
	if h.exams, err = tx.Summonses(personID, slug, time.Time{}); err != nil || len(h.attempts)+len(h.exams) == 0 {
		return h, err // nothing can have been unlocked
	}
	h.unlocks, err = tx.Unlocks(personID, slug)
	return h, err
}

// absences returns when the person stayed away from exams that count an absence as
// an attempt used up: each at the end of the window.
func (h history) absences(now time.Time) (list []time.Time) {
	for _, m := range h.exams {
		rule := sittingOf(m.Sitting, m.Examinee)
		if m.AbsenceCounts && candidacy(rule, m.Examinee, now) == sheet.Absent {
			list = append(list, rule.Closes)
		}
	}
	return list
}

// open returns the attempt under way, if there is one.
func (h history) open() (store.AttemptLine, bool) {
	i := slices.IndexFunc(h.attempts, func(l store.AttemptLine) bool { return l.State == quiz.InProgress })
	if i < 0 {
		return store.AttemptLine{}, false
	}
	return h.attempts[i], true
}

// overdue returns the id of an open attempt whose time is over, else "".
func (h history) overdue(now time.Time) string {
	l, ok := h.open()
	if ok && (quiz.Attempt{State: l.State, Deadline: l.Deadline}).Overdue(now) {
		return l.ID
	}
	return ""
}

// next says when another attempt may start: by the rule of the bank, and not while
// the result of one in an exam is still to be made known.
func (h history) next(bank *quiz.Bank, now time.Time) quiz.Permission {
	ended, released := h.absences(now), now
	for _, l := range h.attempts {
		if l.State == quiz.InProgress || l.Void {
			continue
		}
		ended = append(ended, l.EndedAt)
		if l.Releases.After(released) {
			released = l.Releases
		}
	}
	p := bank.Retake.Next(ended, h.unlocks, now)
	if released.After(now) && released.After(p.NotBefore) {
		p.Allowed, p.NotBefore = false, released
	}
	return p
}

// maxReason bounds a reason that a person writes.
const maxReason = 500

// reasonIn returns the reason that a person wrote, and whether it is one: something,
// and not too long.
func reasonIn(text string) (reason string, ok bool) {
	reason = strings.TrimSpace(text)
	return reason, reason != "" && utf8.RuneCountInString(reason) <= maxReason
}

// UnlockRetake permits a person one more attempt at a quiz after the allowance
// is used up. The waiting time after an attempt still holds. Nobody unlocks for
// themselves.
func (a *Academy) UnlockRetake(ctx context.Context, who people.Actor, personID, slug, reason string) error {
	if err := people.May(who, people.UnlockRetake); err != nil {
		return err
	}
	bank, ok := a.Library().Quizzes[slug]
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if reason, ok = reasonIn(reason); !ok {
		return fault.New(fault.Invalid, "quiz.unlock_reason")
	}
	if personID == who.ID {
		return fault.New(fault.Forbidden, "quiz.unlock_self")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := personFor(tx, who, people.UnlockRetake, personID)
		if err != nil {
			return err
		}
		h, err := a.currentHistory(tx, personID, slug)
		if err != nil {
			return err
		}
		if !h.next(bank, tx.Now).NeedsUnlock {
			return fault.New(fault.Conflict, "quiz.unlock_not_needed")
		}
		if err := tx.AddUnlock(store.Unlock{PersonID: personID, Quiz: slug, Reason: reason, GrantedBy: who.ID}); err != nil {
			return err
		}
		return audit(tx, who, "unlock_retake", p.Name, p.ID, bank.Title+"："+reason)
	})
}
