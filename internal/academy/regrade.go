package academy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Regrade is a proposal to grade earlier attempts by the corrected keys of a later
// edition. Nothing is graded again before a second person approves.
type Regrade struct {
	store.Regrade
	Title, TitleEN string
	Mine           bool // the one who asks proposed it, so somebody else decides
}

// Regrades is one page of all proposals, the latest first.
type Regrades struct {
	Page
	List []Regrade
}

// Regrades lists the proposals.
func (a *Academy) Regrades(ctx context.Context, who people.Actor, page int) (r Regrades, err error) {
	if err := people.May(who, people.ApproveRegrade); err != nil {
		return r, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list, total, err := tx.Regrades(pageSize, (max(page, 1)-1)*pageSize)
		r = Regrades{Page: pageOf(page, total)}
		for _, g := range list {
			r.List = append(r.List, a.regrade(who, g))
		}
		return err
	})
	return r, err
}

func (a *Academy) regrade(who people.Actor, g store.Regrade) Regrade {
	g.ProposedAt, g.DecidedAt = a.clock(g.ProposedAt), a.clock(g.DecidedAt)
	name := a.Library().quizName(g.Quiz)
	return Regrade{Regrade: g, Title: name.Title, TitleEN: name.TitleEN, Mine: g.ProposedByID == who.ID}
}

// Corrected is what grading again would change, or has changed.
type Corrected struct {
	Questions []CorrectedQuestion
	Attempts  int // results looked at
	Same      int // those that stay as they are, to the point
	Points    int // those with other points, passed or not as before
	ToPass    []CorrectedAttempt
	ToFail    []CorrectedAttempt
}

// CorrectedQuestion is a question that is graded otherwise than in an earlier
// edition.
type CorrectedQuestion struct {
	ID, Title string
	Void      bool // withdrawn: everybody has full marks
}

// CorrectedAttempt is an attempt that would change sides. Name is "" for people
// who are none of the actor's business.
type CorrectedAttempt struct {
	Name        string
	Before, Now int // percent
}

// maxCorrectedShown bounds the names of a dry run; the counts are of all.
const maxCorrectedShown = 200

// RegradePlan is a dry run: what grading everybody again by the keys in force, or by
// those of a proposal, comes to.
type RegradePlan struct {
	Slug, Title, TitleEN string
	Edition              string // whose keys
	Open                 string // id of the proposal that is open for this quiz, "" when there is none
	Corrected
}

// PlanRegrade is the dry run for the edition of a quiz in force.
func (a *Academy) PlanRegrade(ctx context.Context, who people.Actor, slug string) (p RegradePlan, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return p, err
	}
	l := a.Library()
	bank, ok := l.Quizzes[slug]
	if !ok {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	p = RegradePlan{Slug: slug, Title: bank.Title, TitleEN: bank.TitleEN, Edition: l.Hash(quizKind, slug)}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if p.Open, err = tx.OpenRegrade(slug); err != nil {
			return err
		}
		p.Corrected, err = a.dryRun(tx, who, slug, bank)
		return err
	})
	return p, err
}

// gradedBatch is how many attempts are graded again at a time.
const gradedBatch = 200

// dryRun grades every attempt at a quiz again by the keys of a later bank, and
// keeps nothing.
func (a *Academy) dryRun(tx *store.Tx, who people.Actor, slug string, later *quiz.Bank) (c Corrected, err error) {
	questions, keys := map[string]bool{}, newKeys(later)
	for after := (store.GradedAt{}); ; {
		batch, err := tx.GradedAfter(slug, after, gradedBatch)
		if err != nil {
			return c, err
		}
		for _, g := range batch {
			x, err := a.gradeAgain(tx, g, keys)
			if err != nil {
				return c, err
			}
			for _, q := range x.by.corrections {
				if !questions[q.Question] {
					questions[q.Question] = true
					c.Questions = append(c.Questions, CorrectedQuestion{q.Question, headingOf(questionIn(later, q.Question)), q.Void})
				}
			}
			c.add(who, g, x.result)
		}
		if len(batch) < gradedBatch {
			return c, nil
		}
		after = batch[len(batch)-1].Recorded
	}
}

// add counts one attempt.
func (c *Corrected) add(who people.Actor, g store.Graded, now sheet.Result) {
	c.Attempts++
	x := CorrectedAttempt{Before: g.Line.Percent, Now: now.Percent}
	if people.Allow(who, people.ViewProgress, people.Subject{PersonID: g.Person, StoreID: g.StoreID}) == nil {
		x.Name = g.Name
	}
	switch {
	case g.Line.Agrees(now):
		c.Same++
	case !g.Line.Passed && now.Passed:
		c.ToPass = append(c.ToPass, x)
	case g.Line.Passed && !now.Passed:
		c.ToFail = append(c.ToFail, x)
	default:
		c.Points++
	}
}

// Shown is list as far as it is shown one by one.
func (c *Corrected) Shown(list []CorrectedAttempt) []CorrectedAttempt {
	return list[:min(len(list), maxCorrectedShown)]
}

// keys are those of a later bank as they apply to earlier editions, worked out once
// for each.
type keys struct {
	later *quiz.Bank
	by    map[string]correctedBank // by the edition's hash
}

// correctedBank is an earlier edition with the keys of the later one, and what that
// changes.
type correctedBank struct {
	*quiz.Bank
	corrections []quiz.Correction
}

func newKeys(later *quiz.Bank) keys { return keys{later, map[string]correctedBank{}} }

// again is an attempt graded by corrected keys.
type again struct {
	by     correctedBank
	result sheet.Result
	scores []quiz.Score
}

// gradeAgain grades an attempt by the keys of a later bank, with the marks its
// texts were given.
func (a *Academy) gradeAgain(tx *store.Tx, g store.Graded, k keys) (x again, err error) {
	bank, known := k.by[g.Hash]
	if !known {
		old, err := a.bank(tx, g.Quiz, g.Hash)
		if err != nil {
			return x, err
		}
		bank.Bank, bank.corrections = quiz.Corrected(old, k.later)
		k.by[g.Hash] = bank
	}
	x.by = bank
	var marks map[int]quiz.Mark
	if x.result, marks, err = a.grade(tx, g.ID, drawn{bank.Bank, g.Paper}, g.Saved); err != nil {
		return x, err
	}
	x.scores = bank.Scores(g.Paper, g.Saved, marks, g.StartedAt)
	return x, nil
}

// ProposeRegrade proposes to grade every attempt at a quiz again by the keys in
// force. Somebody else has to approve. Where that would change nothing it is
// Conflict, and so it is while another proposal is open.
func (a *Academy) ProposeRegrade(ctx context.Context, who people.Actor, slug, edition, reason string) (id string, err error) {
	p, err := a.PlanRegrade(ctx, who, slug)
	if err != nil {
		return "", err
	}
	reason, ok := reasonIn(reason)
	if !ok {
		return "", invalid("reason", "regrade.reason_needed")
	}
	switch {
	case p.Edition != edition:
		return "", ErrDraftMoved
	case p.Open != "":
		return "", fault.New(fault.Conflict, "regrade.open_already")
	case p.Same == p.Attempts:
		return "", fault.New(fault.Conflict, "regrade.nothing_to_change")
	}
	id = store.NewID()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		g := store.Regrade{ID: id, Quiz: slug, Edition: edition, Reason: reason, ProposedByID: who.ID}
		if err := tx.AddRegrade(g); err != nil {
			return err
		}
		return audit(tx, who, "propose_regrade", p.Title, id, reason)
	})
	return id, err
}

// RegradeCase is one proposal with what it comes to: what it would change while it
// is open, nothing any more once it is declined.
type RegradeCase struct {
	Regrade
	Corrected
}

// RegradeCase returns a proposal with a dry run as things stand.
func (a *Academy) RegradeCase(ctx context.Context, who people.Actor, id string) (c RegradeCase, err error) {
	if err := people.May(who, people.ApproveRegrade); err != nil {
		return c, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		g, err := tx.Regrade(id)
		if err != nil {
			return err
		}
		c.Regrade = a.regrade(who, g)
		if g.State != store.Proposed {
			return nil
		}
		later, err := a.bank(tx, g.Quiz, g.Edition)
		if err != nil {
			return err
		}
		c.Corrected, err = a.dryRun(tx, who, g.Quiz, later)
		return err
	})
	return c, err
}

// ErrOwnProposal says that a second person has to decide.
var ErrOwnProposal = fault.New(fault.Forbidden, "regrade.own")

// ApproveRegrade has every attempt at the quiz graded again. Results change by new
// rows, certificates follow, and whoever's result is another one is told.
func (a *Academy) ApproveRegrade(ctx context.Context, who people.Actor, id, word string) error {
	if err := a.decideRegrade(ctx, who, id, store.Approved, word); err != nil {
		return err
	}
	return a.ApplyRegrades(ctx)
}

// DeclineRegrade leaves every result as it is, with a word for whoever proposed.
func (a *Academy) DeclineRegrade(ctx context.Context, who people.Actor, id, word string) error {
	return a.decideRegrade(ctx, who, id, store.Declined, word)
}

func (a *Academy) decideRegrade(ctx context.Context, who people.Actor, id string, state store.RegradeState, word string) error {
	if err := people.May(who, people.ApproveRegrade); err != nil {
		return err
	}
	switch word = strings.TrimSpace(word); {
	case utf8.RuneCountInString(word) > maxReason:
		return invalid("word", "regrade.word_long")
	case word == "" && state == store.Declined:
		return invalid("word", "regrade.word_needed")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		g, err := tx.Regrade(id)
		if err != nil {
			return err
		}
		if g.ProposedByID == who.ID {
			return ErrOwnProposal
		}
		if err := tx.DecideRegrade(id, state, who.ID, word); err != nil {
			return err
		}
		return audit(tx, who, string(state)+"_regrade", a.Library().quizName(g.Quiz).Title, id, g.Reason)
	})
}

// ApplyRegrades grades again what approved corrections have not reached yet: every
// attempt once, also those that are recorded only after the approval. It may run
// on several nodes at once and goes on where it was stopped.
func (a *Academy) ApplyRegrades(ctx context.Context) error {
	var list []store.Regrade
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		list, err = tx.RegradesInForce()
		return err
	})
	if err != nil {
		return err
	}
	var failed []error
	for _, g := range list {
		for more := true; more && err == nil; {
			g, more, err = a.applyRegrade(ctx, g)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("regrade %s: %w", g.ID, err))
			err = nil
		}
	}
	return errors.Join(failed...)
}

// applyRegrade grades one batch again, in one transaction with the note of how far
// it came. more is false when nothing is left.
func (a *Academy) applyRegrade(ctx context.Context, g store.Regrade) (next store.Regrade, more bool, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		next, more = g, false
		batch, err := tx.GradedAfter(g.Quiz, g.Through, gradedBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		later, err := a.bank(tx, g.Quiz, g.Edition)
		if err != nil {
			return err
		}
		to := batch[len(batch)-1].Recorded
		if moved, err := tx.MoveRegrade(g, to); err != nil || !moved {
			return err // another node is at it
		}
		keys := newKeys(later)
		for _, one := range batch {
			if err := a.correct(tx, g, one, keys); err != nil {
				return err
			}
		}
		next.Through, more = to, len(batch) == gradedBatch
		return nil
	})
	return next, more, err
}

// correct records the corrected result of one attempt if it is another one, lets
// the ledger follow and tells whose it is. Practice stays as the wrong key fed it:
// its log is never rewritten, and a day misjudged is set right by the next answer.
func (a *Academy) correct(tx *store.Tx, g store.Regrade, one store.Graded, k keys) error {
	x, err := a.gradeAgain(tx, one, k)
	if err != nil || one.Line.Agrees(x.result) {
		return err
	}
	if err := tx.AddRevision(one, x.result, x.scores, g.ID); err != nil {
		return err
	}
	p, err := tx.Person(one.Person)
	if err != nil {
		return err
	}
	e := evidence(cert.Quiz, g.Quiz, outcomeOf(x.result.Passed), x.result.Percent, fmt.Sprintf("%s#%d", one.ID, one.Revision+1))
	e.Kind, e.Reason, e.Actor = cert.EventRegraded, g.Reason, g.DecidedBy
	if err := a.record(tx, p, "", e); err != nil {
		return err
	}
	return tx.AddNotice(store.Notice{Kind: NoticeRegraded, Ref: one.ID, Detail: map[string]string{
		"quiz": g.Quiz, "before": fmt.Sprint(one.Line.Percent), "now": fmt.Sprint(x.result.Percent), "side": sideOf(one.Line.Passed, x.result.Passed), "reason": g.Reason,
	}}, one.Person)
}
