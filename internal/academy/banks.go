package academy

import (
	"context"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
)

// BankText is a bank of questions as its authors see it: what is in force, and
// what is being written.
type BankText struct {
	Slug, Title string
	Source      string // what to go on writing on; "" in a list
	Version     int    // of the draft, for whoever saves; 0 while there never was one
	Draft       *UnderWay
	InForce     *BankEdition
}

// BankEdition is the edition in force.
type BankEdition struct {
	Hash      string
	Since     time.Time
	By        string // who put it in force, "" when it came with the program
	Module    ModuleLink
	Questions int
	Running   int  // attempts under way on it
	Older     int  // attempts under way on earlier editions
	Newer     bool // the program has come with another text since
}

// Banks lists every bank that is in force or being written, by slug.
func (a *Academy) Banks(ctx context.Context, who people.Actor) ([]BankText, error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return nil, err
	}
	var inForce []store.InForce
	var drafts []store.Draft
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if inForce, err = tx.AllInForce(quizKind); err != nil {
			return err
		}
		drafts, err = tx.OpenDrafts(quizKind)
		return err
	})
	if err != nil {
		return nil, err
	}
	banks := map[string]BankText{}
	l := a.Library()
	for _, e := range inForce {
		if _, ok := l.Quizzes[e.Slug]; ok { // else it came with an earlier program
			banks[e.Slug] = a.bankText(l, writing{inForce: e, draft: store.Draft{Slug: e.Slug}})
		}
	}
	for _, d := range drafts {
		b := banks[d.Slug]
		b.Slug, b.Title, b.Draft = d.Slug, d.Title, a.underWay(d)
		banks[d.Slug] = b
	}
	list := make([]BankText, 0, len(banks))
	for _, slug := range sortedKeys(banks) {
		list = append(list, banks[slug])
	}
	return list, nil
}

func (a *Academy) bankText(l *Library, w writing) BankText {
	b := BankText{
		Slug: w.draft.Slug, Title: w.draft.Title, Version: w.draft.Version,
		Draft: a.underWay(w.draft), Source: w.text(),
	}
	e := w.inForce
	if e.Hash == "" {
		return b
	}
	_, newer := l.newer[key(quizKind, e.Slug)]
	b.InForce = &BankEdition{Hash: e.Hash, Since: a.clock(e.Since), By: e.By, Running: e.Running, Older: e.Older, Newer: newer}
	if bank, ok := l.Quizzes[e.Slug]; ok {
		b.InForce.Module, b.InForce.Questions = l.moduleLink(bank.Module), len(bank.Questions)
		if !w.draft.Open() {
			b.Title = bank.Title
		}
	}
	return b
}

// BankAt returns a bank with the text to go on writing on; from is FromDraft,
// FromInForce or FromShipped. Nothing is changed by asking.
func (a *Academy) BankAt(ctx context.Context, who people.Actor, slug, from string) (b BankText, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return b, err
	}
	w, err := a.writtenBank(ctx, slug)
	if err != nil {
		return b, err
	}
	l := a.Library()
	b = a.bankText(l, w)
	switch shipped, newer := l.newer[key(quizKind, slug)]; {
	case from == FromInForce && b.InForce != nil:
		b.Source = w.inForce.Text()
	case from == FromShipped && newer:
		b.Source = shipped.Text()
	}
	return b, nil
}

// writtenBank reads what there is of a bank; see work.
func (a *Academy) writtenBank(ctx context.Context, slug string) (w writing, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		w, err = work(tx, quizKind, slug)
		return err
	})
	return w, err
}

// BankModules lists the modules a new bank may belong to: those that have none.
func (a *Academy) BankModules(who people.Actor) ([]ModuleLink, error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return nil, err
	}
	l := a.Library()
	var free []ModuleLink
	for _, m := range l.modules() {
		if _, taken := l.QuizOf[m.Ref()]; !taken {
			free = append(free, ModuleLink{Ref: m.Ref(), Title: m.Title, TitleEN: m.TitleEN})
		}
	}
	return free, nil
}

// MaxBank is how long the text of a bank may be, in bytes.
const MaxBank = quiz.MaxBytes
