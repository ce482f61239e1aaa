package academy

import (
	"context"
	"reflect"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
)

// BankPublication is what publishing a draft would do.
type BankPublication struct {
	BankText
	Check BankCheck
	Same  bool   // it is what is in force already, to the letter
	Base  string // hash of the edition it would take the place of, "" for none
	BankChange
}

// BankChange says by question how a text differs from the edition in force.
type BankChange struct {
	Added, Removed []string // ids
	Reworded       []string // something learners see or are scored by is different
	Rekeyed        []string // only what counts as right is different: earlier attempts can be graded again
}

// Publishable reports whether the draft may be put in force and would change
// anything.
func (p BankPublication) Publishable() bool { return p.Draft != nil && p.Check.Errors == 0 && !p.Same }

// BankPublication looks at a bank's draft as publishing would.
func (a *Academy) BankPublication(ctx context.Context, who people.Actor, slug string) (p BankPublication, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return p, err
	}
	w, err := a.writtenBank(ctx, slug)
	if err != nil {
		return p, err
	}
	l := a.Library()
	p.BankText, p.Base = a.bankText(l, w), w.inForce.Hash
	p.Check, _ = l.examineBank(slug, w.text())
	p.Same = hashOf(bankFiles(slug, w.text())) == p.Base
	if old, ok := l.Quizzes[slug]; ok && p.Check.Readable() {
		p.BankChange = bankChanges(old, p.Check.bank)
	}
	return p, nil
}

// bankChanges compares two editions of a bank.
func bankChanges(old, now *quiz.Bank) (c BankChange) {
	rekeyed := map[string]bool{}
	_, corrections := quiz.Corrected(old, now)
	for _, x := range corrections {
		rekeyed[x.Question] = true
	}
	before := map[string]quiz.Question{}
	for _, q := range old.Questions {
		before[q.ID] = q
	}
	for _, q := range now.Questions {
		was, ok := before[q.ID]
		delete(before, q.ID)
		was.Line = q.Line
		switch {
		case !ok:
			c.Added = append(c.Added, q.ID)
		case rekeyed[q.ID]:
			c.Rekeyed = append(c.Rekeyed, q.ID)
		case !reflect.DeepEqual(was, q):
			c.Reworded = append(c.Reworded, q.ID)
		}
	}
	c.Removed = sortedKeys(before)
	return c
}

// PublishedBank is what publishing has done.
type PublishedBank struct {
	New     bool // false when it was in force already: then nothing has changed
	Older   int  // attempts under way that end on an older edition
	Rekeyed int  // questions whose key alone was corrected
}

// PublishBank puts version version of a bank's draft in force in place of the
// edition with hash base. Attempts under way end on the edition they began with.
// With an error in the text it is Invalid; when the draft or the edition in force
// has changed since, it is ErrDraftMoved. Either way nothing has changed and the
// draft is there.
func (a *Academy) PublishBank(ctx context.Context, who people.Actor, slug string, version int, base string) (done PublishedBank, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return done, err
	}
	w, err := a.writtenBank(ctx, slug)
	if err != nil {
		return done, err
	}
	if !w.draft.Open() || w.draft.Version != version {
		return done, ErrDraftMoved
	}
	a.shelf.Lock()
	defer a.shelf.Unlock()
	l := a.Library()
	c, _ := l.examineBank(slug, w.draft.Source)
	if !c.Readable() {
		return done, fault.New(fault.Invalid, "bank.unpublishable")
	}
	e := store.Edition{
		Kind: quizKind, Slug: slug, Files: bankFiles(slug, w.draft.Source), Compiled: string(c.bank.JSON()),
		Origin: store.ByTrainer, PublishedBy: who.ID,
	}
	e.Hash = hashOf(e.Files)
	if old, ok := l.Quizzes[slug]; ok {
		done.Rekeyed = len(bankChanges(old, c.bank).Rekeyed)
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := putInForce(tx, who, e, version, base)
		done.New, done.Older = p.New, p.Older
		if err != nil || !p.New {
			return err
		}
		return audit(tx, who, "publish_bank", w.draft.Title, slug, e.Hash[:10])
	})
	if err == nil && done.New {
		err = a.shelve(e)
	}
	return done, err
}

// bankFiles are the files of an edition with the given text.
func bankFiles(slug, source string) map[string]string {
	return map[string]string{slug + ".md": source}
}
