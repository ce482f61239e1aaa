package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Rehearsal is a scenario as it is offered to a person, and how far that person
// has come with it. Only exams count; practice is for learning.
type Rehearsal struct {
	Slug, Title, TitleEN string
	Customer             stage.Customer  // as he comes in
	Trains               []string        // the competences it scores
	PracticeOnly         bool            // there is no exam of it
	Limited              bool            // an exam of it has limits of time
	Commented            store.Commented // the session trainers lately had something to say about; zero for none
	store.ScenarioStanding
}

// lately is how long a learner is pointed to what a trainer said.
const lately = 14 * 24 * time.Hour

// Brief is what a person reads before a rehearsal.
type Brief struct {
	Rehearsal
	Note  string // what of the story is not from the sources
	Marks []Mark // what it takes to pass; every one of them
	Runs  []Run  // ended ones, the latest first
}

// Mark is one clause of a pass rule: Kind is one of stage's rule kinds, Name the
// competence or meter it is about, Want the lowest value that will do. Mood is
// Want as a face, 1–7, when the clause is about the customer's mood, else 0.
type Mark struct {
	Kind, Name string
	Want, Mood int
}

// Run is an ended session in the list of a brief.
type Run struct {
	ID   string
	Exam bool
	store.Outcome
}

// maxRuns bounds the list of earlier runs of one scenario.
const maxRuns = 20

// Rehearsals lists every scenario with how far the person has come.
func (a *Academy) Rehearsals(ctx context.Context, who people.Actor) ([]Rehearsal, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	var standings map[string]store.ScenarioStanding
	var commented map[string]store.Commented
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if standings, err = tx.BestSessions(who.ID); err != nil {
			return err
		}
		commented, err = tx.CommentedSince(who.ID, tx.Now.Add(-lately))
		return err
	})
	if err != nil {
		return nil, err
	}
	scenarios := a.Library().Scenarios
	list := make([]Rehearsal, 0, len(scenarios))
	for _, slug := range sortedKeys(scenarios) {
		list = append(list, offered(slug, scenarios[slug], standings[slug]))
		list[len(list)-1].Commented = commented[slug]
	}
	return list, nil
}

// offered is a scenario before the first word.
func offered(slug string, sc *roleplay.Scenario, s store.ScenarioStanding) Rehearsal {
	who := sc.Cast[0]
	r := Rehearsal{
		Slug: slug, Title: sc.Title, TitleEN: sc.TitleEN, PracticeOnly: sc.Practice, Limited: limited(sc), ScenarioStanding: s,
		Customer: stage.Customer{
			Name: who.Name, Persona: who.Persona, Brief: sc.Situation,
			Mood: roleplay.Mood(sc.Meters[sc.Mood].Start),
		},
	}
	for _, d := range sc.Dimensions {
		r.Trains = append(r.Trains, d.Name)
	}
	return r
}

// limited reports whether there are decisions to be made in time.
func limited(sc *roleplay.Scenario) bool {
	return slices.ContainsFunc(sc.Scenes, func(s roleplay.Scene) bool { return s.Silence != nil })
}

// Brief tells a person what a rehearsal is about, what it takes to pass and how
// earlier runs went.
func (a *Academy) Brief(ctx context.Context, who people.Actor, slug string) (Brief, error) {
	if err := people.May(who, people.Learn); err != nil {
		return Brief{}, err
	}
	sc, ok := a.Library().Scenarios[slug]
	if !ok {
		return Brief{}, fault.New(fault.NotFound, "error.not_found")
	}
	var standings map[string]store.ScenarioStanding
	var sessions []store.Session
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if standings, err = tx.BestSessions(who.ID); err != nil {
			return err
		}
		sessions, err = tx.Runs(who.ID, slug, maxRuns)
		return err
	})
	b := Brief{Rehearsal: offered(slug, sc, standings[slug]), Note: sc.Note, Marks: marks(sc)}
	for _, s := range sessions {
		s.EndedAt = a.clock(s.EndedAt)
		b.Runs = append(b.Runs, Run{ID: s.ID, Exam: s.Exam, Outcome: s.Outcome})
	}
	return b, err
}

func marks(sc *roleplay.Scenario) []Mark {
	var list []Mark
	for _, r := range sc.Pass {
		m := Mark{Kind: r.Kind, Want: r.Mark}
		switch r.Kind {
		case stage.RuleDimension:
			m.Name = sc.Dimensions[r.Index].Name
		case stage.RuleMeter:
			m.Name = sc.Meters[r.Index].Name
			if r.Index == sc.Mood {
				m.Mood = roleplay.Mood(r.Mark)
			}
		}
		list = append(list, m)
	}
	return list
}
