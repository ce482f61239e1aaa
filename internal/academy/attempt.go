package academy

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qibu/internal/cert"
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
	Percent int
	Passed  bool
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
		Questions: bank.Size, Limit: bank.Deadline(epoch, who.TimeFactor).Sub(epoch), TimeFactor: who.TimeFactor,
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
			ID: l.ID, Number: l.Number, EndedAt: a.clock(l.EndedAt), Percent: l.Percent, Passed: l.Passed,
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
}

func (a *Academy) history(tx *store.Tx, personID, slug string) (h history, err error) {
	if h.attempts, err = tx.AttemptsAt(personID, slug); err != nil {
		return h, err
	}
	h.unlocks, err = tx.Unlocks(personID, slug)
	return h, err
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

func (h history) next(bank *quiz.Bank, now time.Time) quiz.Permission {
	var ended []time.Time
	for _, l := range h.attempts {
		if l.State != quiz.InProgress {
			ended = append(ended, l.EndedAt)
		}
	}
	return bank.Retake.Next(ended, h.unlocks, now)
}

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
	err = a.store.Write(ctx, func(tx *store.Tx) error {
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
		att := a.newAttempt(bank, l.Hash(quizKind, slug), who, tx.Now)
		if len(h.attempts) > 0 {
			att.Number = h.attempts[0].Number + 1
		}
		id = att.ID
		return tx.AddAttempt(att)
	})
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

func (a *Academy) newAttempt(bank *quiz.Bank, hash string, who people.Actor, now time.Time) quiz.Attempt {
	id := store.NewID()
	return quiz.Attempt{
		ID: id, Person: who.ID, Quiz: bank.Slug, Hash: hash, Number: 1, State: quiz.InProgress,
		StartedAt: now, Deadline: bank.Deadline(now, who.TimeFactor), Paper: bank.Draw(a.seed(id), nil),
	}
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
}

// Attempt returns the person's open attempt with what was saved so far. When it
// has ended, or its time is over, it is ErrAttemptEnded.
func (a *Academy) Attempt(ctx context.Context, who people.Actor, id string) (OpenAttempt, error) {
	if err := people.May(who, people.Learn); err != nil {
		return OpenAttempt{}, err
	}
	var open OpenAttempt
	err := a.look(ctx, who.ID, id, func(tx *store.Tx, att quiz.Attempt) error {
		if att.State != quiz.InProgress {
			return ErrAttemptEnded
		}
		bank, err := a.bank(tx, att.Quiz, att.Hash)
		if err != nil {
			return err
		}
		saved, err := tx.Answers(id)
		open = OpenAttempt{
			ID: id, Number: att.Number, TitleEN: bank.TitleEN, PassMark: bank.Pass, Sheet: bank.Sheet(att.Paper, saved),
			Now: a.clock(tx.Now), Deadline: a.clock(att.Deadline), Limit: att.Deadline.Sub(att.StartedAt),
		}
		return err
	})
	return open, err
}

// look reads a person's attempt as it stands now: one whose time is over is
// expired first.
func (a *Academy) look(ctx context.Context, personID, id string, read func(*store.Tx, quiz.Attempt) error) error {
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

// Change is a new answer to one question of an attempt.
type Change struct {
	Slot   int
	Seq    int64 // given by the browser, rising with each change of the slot
	Answer sheet.Answer
}

// maxSeq keeps sequence numbers far below where JavaScript stops counting exactly.
const maxSeq = 1 << 40

// Saved is what became of a change. Unless it was accepted, Seq, Answer and At
// tell the stored answer, which is newer or is the only one that counts.
type Saved struct {
	Decision quiz.Decision
	Seq      int64
	Answer   sheet.Answer
	At       time.Time // when the stored answer was saved; zero when there is none
	Now      time.Time
}

// Late reports whether the change came after the end of the attempt.
func (s Saved) Late() bool { return s.Decision == quiz.Late }

// SaveAnswer saves one answer; see SaveAnswers.
func (a *Academy) SaveAnswer(ctx context.Context, who people.Actor, id string, c Change) (Saved, error) {
	saved, err := a.SaveAnswers(ctx, who, id, []Change{c})
	if err != nil {
		return Saved{}, err
	}
	return saved[0], nil
}

// SaveAnswers saves answers of an open attempt, all or none. When it returns
// without error, what it calls accepted is on disk. An answer that is older than
// the stored one changes nothing; one that comes after the end is kept as
// evidence and never graded.
func (a *Academy) SaveAnswers(ctx context.Context, who people.Actor, id string, changes []Change) ([]Saved, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	p, err := a.paper(ctx, who.ID, id)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.Seq < 1 || c.Seq > maxSeq {
			return nil, fault.New(fault.Invalid, "quiz.answer_misfit")
		}
		if err := p.bank.Check(p.paper, c.Slot, c.Answer); err != nil {
			return nil, err
		}
	}
	saved := make([]Saved, len(changes))
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		for i, c := range changes {
			if saved[i], err = a.save(tx, who.ID, id, c); err != nil {
				return err
			}
		}
		return nil
	})
	return saved, err
}

// save is one statement for an answer that is accepted. Only when it changed
// nothing is there more to find out.
func (a *Academy) save(tx *store.Tx, personID, id string, c Change) (Saved, error) {
	answer := quiz.Saved{Answer: c.Answer, Seq: c.Seq}
	now := a.clock(tx.Now)
	ok, err := tx.SaveAnswer(id, personID, c.Slot, answer, tx.Now.Add(-quiz.Grace))
	if err != nil || ok {
		return Saved{Decision: quiz.Accept, Seq: c.Seq, Answer: c.Answer, At: now, Now: now}, err
	}
	att, stored, at, err := tx.SavedAnswer(id, personID, c.Slot)
	if err != nil {
		return Saved{}, err
	}
	s := Saved{Decision: att.Save(tx.Now, stored.Seq, c.Seq), Seq: stored.Seq, Answer: stored.Answer, Now: now}
	if stored.Seq > 0 {
		s.At = a.clock(at)
	}
	switch s.Decision {
	case quiz.Accept:
		return s, fmt.Errorf("attempt %s: the rule accepts a save that the statement refused", id)
	case quiz.Late:
		return s, tx.AddLateAnswer(id, c.Slot, answer)
	}
	return s, nil
}

// drawn is an attempt's paper and the bank it was drawn from. Neither changes.
type drawn struct {
	bank  *quiz.Bank
	paper quiz.Paper
}

// paper returns what answers to a person's attempt must fit. Saves find it in
// memory, so that only the first one has to read.
func (a *Academy) paper(ctx context.Context, personID, id string) (drawn, error) {
	key := ownKey{personID, id}
	if d, ok := a.papers.get(key); ok {
		return d, nil
	}
	var d drawn
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		att, err := tx.Attempt(id, personID)
		if err != nil {
			return err
		}
		d.paper = att.Paper
		d.bank, err = a.bank(tx, att.Quiz, att.Hash)
		return err
	})
	if err != nil {
		return d, err
	}
	a.papers.put(key, d)
	return d, nil
}

// paperGeneration is how many papers one generation of the memory holds, some 3 KB each.
const paperGeneration = 4096

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

func (a *Academy) receipt(att quiz.Attempt) Receipt {
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

// end closes an attempt, records its result and the evidence, and returns it as
// it then is. The evidence counts on the day the attempt ended, whoever notices
// it and when. Closing a closed attempt, or expiring one that has time left,
// changes nothing.
func (a *Academy) end(tx *store.Tx, id, personID string, end ending) (quiz.Attempt, error) {
	att, err := tx.Attempt(id, personID)
	if err != nil || att.State != quiz.InProgress {
		return att, err
	}
	bank, err := a.bank(tx, att.Quiz, att.Hash)
	if err != nil {
		return att, err
	}
	saved, err := tx.Answers(id)
	if err != nil {
		return att, err
	}
	att = end(att, bank, given(saved), tx.Now)
	if att.State == quiz.InProgress {
		return att, nil
	}
	att.Scores = bank.Scores(att.Paper, saved, att.StartedAt)
	if err := tx.EndAttempt(att); err != nil {
		return att, err
	}
	p, err := tx.Person(personID)
	if err != nil {
		return att, err
	}
	outcome := cert.Failed
	if att.Result.Passed {
		outcome = cert.Passed
	}
	e := evidence(cert.Quiz, att.Quiz, outcome, att.Result.Percent, id)
	e.Day, e.At = a.dayOf(att.EndedAt), att.EndedAt
	return att, a.record(tx, p, "", e)
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

// maxReason bounds a reason that a person writes.
const maxReason = 500

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
	if reason = strings.TrimSpace(reason); reason == "" || utf8.RuneCountInString(reason) > maxReason {
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
