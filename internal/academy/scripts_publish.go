package academy

import (
	"context"
	"slices"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/explore"
)

// maxReplayed is how many of the latest ended exams are played again on a text
// before it is published.
const maxReplayed = 300

// Publication is what publishing a draft would do.
type Publication struct {
	Script
	Check    Check
	Same     bool      // to learners it is what is in force already: only notes of the author's differ
	Required bool      // it would be for practice only, but certifications require it as an exam
	Base     string    // hash of the edition it would take the place of, "" for none
	Replayed int       // ended exams of that edition that were played again
	Changes  []Finding // those that would come out differently; their results stay
}

// Publication looks at a scenario's draft as publishing would.
func (a *Academy) Publication(ctx context.Context, who people.Actor, slug string) (p Publication, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return p, err
	}
	var w writing
	var played []store.PlayedSession
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if w, err = work(tx, scenarioKind, slug); err != nil {
			return err
		}
		played, err = tx.ExamsPlayed(slug, w.inForce.Hash, maxReplayed)
		return err
	})
	if err != nil {
		return p, err
	}
	if p.Script, err = a.scriptOf(a.Library(), w.inForce, w.draft); err != nil {
		return p, err
	}
	if p.Check, err = a.examine(ctx, who, slug, w.text()); err != nil {
		return p, err
	}
	p.Base, p.Required = w.inForce.Hash, a.required(slug, p.Check)
	p.Same = p.Check.Hash == p.Base
	if p.Check.Errors > 0 || p.Same || len(played) == 0 {
		return p, nil
	}
	before, problems := readScenario(w.inForce.Edition)
	if before == nil {
		return p, problems.Err()
	}
	p.Replayed = len(played)
	p.Changes = explore.Diff(before, p.Check.report.Scenario, a.logs(before, played))
	return p, nil
}

// Publishable reports whether the draft may be put in force and would change
// anything.
func (p Publication) Publishable() bool {
	return p.Draft != nil && p.Check.Publishable() && !p.Same && !p.Required
}

// required reports whether a text would take an exam away that a certification
// requires: nobody could be certified any more.
func (a *Academy) required(slug string, c Check) bool {
	return c.Practice && slices.ContainsFunc(a.Library().Certifications, func(p *cert.Policy) bool {
		return slices.ContainsFunc(slices.Concat(p.Initial, p.Renewal, p.Lapsed), func(r cert.Requirement) bool {
			return r.Kind == cert.Scenario && r.Ref == slug
		})
	})
}

// logs are ended exams as they are told from each other: by when they ended. Whose
// they are is nobody's business here.
func (a *Academy) logs(sc *roleplay.Scenario, played []store.PlayedSession) []explore.Log {
	var list []explore.Log
	for _, s := range played {
		log := explore.Log{Name: a.clock(s.EndedAt).Format("2006-01-02 15:04"), Events: s.Events}
		if len(sc.Personas) > 0 {
			log.Persona = sc.Personas[roleplay.Session{Scenario: sc, Seed: s.Seed}.Persona()].Name
		}
		list = append(list, log)
	}
	return list
}

// Published is what publishing has done.
type Published struct {
	New   bool // false when to learners it was in force already: then nothing has changed
	Older int  // attempts or sessions under way that end on an older edition
}

// PublishScript puts version version of a scenario's draft in force in place of
// the edition with hash base. What is under way ends on the edition it began
// with. With an error in the text, without a proof for what may be evidence, or
// when it would take away an exam that a certification requires, it is Invalid; when the draft or the edition in force has changed since, it is
// ErrDraftMoved. Either way nothing has changed and the draft is there.
func (a *Academy) PublishScript(ctx context.Context, who people.Actor, slug string, version int, base string) (done Published, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return done, err
	}
	var w writing
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		w, err = work(tx, scenarioKind, slug)
		return err
	})
	if err != nil {
		return done, err
	}
	if !w.draft.Open() || w.draft.Version != version {
		return done, ErrDraftMoved
	}
	c, err := a.examine(ctx, who, slug, w.draft.Source)
	if err != nil {
		return done, err
	}
	if !c.Publishable() {
		return done, fault.New(fault.Invalid, "script.unpublishable")
	}
	if a.required(slug, c) {
		return done, fault.New(fault.Invalid, "script.required")
	}
	e := editionBy(who, w.draft, c)
	a.shelf.Lock()
	defer a.shelf.Unlock()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if done, err = putInForce(tx, who, e, version, base); err != nil || !done.New {
			return err
		}
		return audit(tx, who, "publish_script", w.draft.Title, slug, e.Hash[:10])
	})
	if err == nil && done.New {
		err = a.shelve(e)
	}
	return done, err
}

func editionBy(who people.Actor, d store.Draft, c Check) store.Edition {
	return store.Edition{
		Kind: scenarioKind, Slug: d.Slug, Hash: c.Hash, Files: map[string]string{d.Slug + ".md": d.Source},
		Compiled: string(c.report.Scenario.JSON()), Proof: proofText(c.Proof), Origin: store.ByTrainer, PublishedBy: who.ID,
	}
}

// putInForce publishes an edition in place of base and leaves nothing under way,
// unless somebody has changed either.
func putInForce(tx *store.Tx, who people.Actor, e store.Edition, version int, base string) (done Published, err error) {
	w, err := work(tx, e.Kind, e.Slug)
	if err != nil {
		return done, err
	}
	if w.draft.Version != version || w.inForce.Hash != base {
		return done, ErrDraftMoved
	}
	if e.Hash == base {
		return done, nil
	}
	if err := tx.Publish(e); err != nil {
		return done, err
	}
	if err := closeDraft(tx, who, w.draft, version); err != nil {
		return done, err
	}
	return Published{New: true, Older: w.inForce.Running + w.inForce.Older}, nil
}
