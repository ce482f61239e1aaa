package academy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// What a page is told when the session is not where the page thought it was.
var (
	ErrMovedOn  = fault.New(fault.Conflict, "roleplay.moved_on")  // look at where it is now
	ErrNotEnded = fault.New(fault.Conflict, "roleplay.not_ended") // go on with the conversation
)

// Rehearsal is a scenario as it is offered to a person, and how far that person
// has come with it.
type Rehearsal struct {
	Slug, Title, TitleEN string
	Customer             stage.Customer // as he comes in
	Trains               []string       // the competences it scores
	Best                 int            // the highest total so far, in percent
	Passed               bool           // at least once, without a red line
	Plays                int            // how often played to the end
	Open                 string         // id of the session under way, "" when there is none
}

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
	ID      string
	EndedAt time.Time
	Ending  string
	Percent int
	Passed  bool
	RedLine bool
}

// maxRuns bounds the list of earlier runs of one scenario.
const maxRuns = 20

// Rehearsals lists every scenario with how far the person has come.
func (a *Academy) Rehearsals(ctx context.Context, who people.Actor) ([]Rehearsal, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	var standings map[string]store.ScenarioStanding
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		standings, err = tx.BestSessions(who.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	scenarios := a.Library().Scenarios
	list := make([]Rehearsal, 0, len(scenarios))
	for _, slug := range sortedKeys(scenarios) {
		list = append(list, offered(slug, scenarios[slug], standings[slug]))
	}
	return list, nil
}

// offered is a scenario before the first word.
func offered(slug string, sc *roleplay.Scenario, s store.ScenarioStanding) Rehearsal {
	who := sc.Cast[0]
	r := Rehearsal{
		Slug: slug, Title: sc.Title, TitleEN: sc.TitleEN,
		Best: s.Best, Passed: s.Passed, Plays: s.Plays, Open: s.Open,
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
		sessions, err = tx.SessionsAt(who.ID, slug, maxRuns)
		return err
	})
	b := Brief{Rehearsal: offered(slug, sc, standings[slug]), Note: sc.Note, Marks: marks(sc)}
	for _, s := range sessions {
		if s.Ended() {
			b.Runs = append(b.Runs, Run{
				ID: s.ID, EndedAt: a.clock(s.EndedAt), Ending: s.Ending, Percent: s.Percent, Passed: s.Passed, RedLine: s.RedLine,
			})
		}
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

// StartSession returns the id of the person's session of a scenario: the open
// one if there is one, however often and from wherever it is asked for. After
// an end it is the ended one, unless again asks for a new one.
func (a *Academy) StartSession(ctx context.Context, who people.Actor, slug string, again bool) (id string, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return "", err
	}
	l := a.Library()
	if _, ok := l.Scenarios[slug]; !ok {
		return "", fault.New(fault.NotFound, "error.not_found")
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		latest, err := tx.SessionsAt(who.ID, slug, 1)
		if err != nil {
			return err
		}
		if len(latest) > 0 && (!again || !latest[0].Ended()) {
			id = latest[0].ID
			return nil
		}
		id = store.NewID()
		added, err := tx.AddSession(store.Session{
			ID: id, PersonID: who.ID, Scenario: slug, Edition: l.Hash(scenarioKind, slug),
			Engine: roleplay.EngineVersion, Seed: a.seed(id), StartedAt: tx.Now,
		})
		if err == nil && !added {
			err = fault.New(fault.Conflict, "error.conflict")
		}
		return err
	})
	return id, err
}

// Stage is a rehearsal as the person in it sees it: what was said and what can
// be said now, and nothing of what is still to come.
type Stage struct {
	ID, Slug, TitleEN string
	stage.View
}

// Session shows a person's rehearsal where it stands.
func (a *Academy) Session(ctx context.Context, who people.Actor, id string) (st Stage, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return st, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, err := a.play(tx, who.ID, id)
		if err == nil {
			st, err = p.stage()
		}
		return err
	})
	return st, err
}

// Choose says something in a person's rehearsal: the option with this token, as
// it was shown when the log held step events. When Choose returns without error
// the choice is on disk, and it counts once: the same choice again is answered
// as the first time. If another choice was made at that step, nothing changes
// and the error is ErrMovedOn; the Stage then shows where the session is now.
func (a *Academy) Choose(ctx context.Context, who people.Actor, id string, step int, token string) (Stage, error) {
	return a.act(ctx, who, id, roleplay.Choose, step, token)
}

// OpenDocument opens a document of a person's rehearsal, under the rules of Choose.
func (a *Academy) OpenDocument(ctx context.Context, who people.Actor, id string, step int, token string) (Stage, error) {
	return a.act(ctx, who, id, roleplay.Open, step, token)
}

func (a *Academy) act(ctx context.Context, who people.Actor, id, kind string, step int, token string) (st Stage, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return st, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := a.play(tx, who.ID, id)
		if err != nil {
			return err
		}
		decided := a.advance(tx, who, &p, kind, step, token)
		if decided != nil && !errors.Is(decided, ErrMovedOn) {
			return decided
		}
		if st, err = p.stage(); err != nil {
			return err
		}
		return decided
	})
	return st, err
}

// advance records what the token stands for at a step of the log, unless the
// log has it already. ErrMovedOn says that the log went another way.
func (a *Academy) advance(tx *store.Tx, who people.Actor, p *play, kind string, step int, token string) error {
	if step < 0 || step > len(p.events) {
		return fault.New(fault.Invalid, "roleplay.unknown_choice")
	}
	then, err := p.game.Fold(p.events[:step])
	if err != nil {
		return fmt.Errorf("session %s: %w", p.ID, err)
	}
	e, err := p.game.Resolve(then, token)
	if errors.Is(err, fault.Conflict) {
		return ErrMovedOn
	}
	if err != nil {
		return err
	}
	if e.Kind != kind {
		return fault.New(fault.Invalid, "roleplay.unknown_choice")
	}
	if step < len(p.events) {
		if made := p.events[step]; made.Kind != e.Kind || made.Ref != e.Ref {
			return ErrMovedOn
		}
		return nil // the answer to the first time got lost
	}
	e.At = tx.Now.UnixMilli()
	added, err := tx.AppendEvent(p.ID, e)
	if err != nil {
		return err
	}
	if !added {
		return fmt.Errorf("session %s has more than %d events", p.ID, step)
	}
	p.events = append(p.events, e)
	return a.finish(tx, who, p)
}

// finish closes a session whose story has come to its end and records what it
// shows, in the transaction of the last choice.
func (a *Academy) finish(tx *store.Tx, who people.Actor, p *play) error {
	st, err := p.game.Fold(p.events)
	if err != nil || !st.Ended {
		return err
	}
	d, err := p.game.Debrief(p.events)
	if err != nil {
		return err
	}
	p.Outcome = store.Outcome{
		EndedAt: tx.Now, Ending: d.Ending, Percent: d.Total, Passed: d.Passed, RedLine: len(d.RedLines) > 0,
	}
	ended, err := tx.EndSession(p.ID, p.Outcome)
	if err != nil {
		return err
	}
	if !ended {
		return fmt.Errorf("session %s ended twice", p.ID)
	}
	person, err := tx.Person(who.ID)
	if err != nil {
		return err
	}
	outcome := cert.Failed
	if d.Passed {
		outcome = cert.Passed
	}
	e := evidence(cert.Scenario, p.Scenario, outcome, d.Total, p.ID)
	e.RedLine = p.RedLine
	return a.record(tx, person, "", e)
}

// Debrief is what a person learns from an ended rehearsal.
type Debrief struct {
	ID, Slug, TitleEN string
	EndedAt           time.Time
	stage.Debrief
}

// Debrief explains a person's ended rehearsal, against the edition it was
// played on. Before the end it is ErrNotEnded: until then nothing is told.
func (a *Academy) Debrief(ctx context.Context, who people.Actor, id string) (d Debrief, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return d, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, err := a.play(tx, who.ID, id)
		if err != nil {
			return err
		}
		if !p.Ended() {
			return ErrNotEnded
		}
		d = Debrief{ID: id, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, EndedAt: a.clock(p.EndedAt)}
		d.Debrief, err = p.game.Debrief(p.events)
		return err
	})
	return d, err
}

// play is a session with all it takes to go on: the scenario it was begun with,
// its log and where both lead. State is folded anew each time, some
// microseconds beside a durable write, so there is nothing to keep in step.
type play struct {
	store.Session
	game   roleplay.Session
	events []roleplay.Event
}

// play reads a person's session. Nobody else's is found.
func (a *Academy) play(tx *store.Tx, personID, id string) (p play, err error) {
	if p.Session, err = tx.Session(id, personID); err != nil {
		return p, err
	}
	if p.Engine != roleplay.EngineVersion {
		return p, fmt.Errorf("session %s was played by engine %d, this is engine %d", id, p.Engine, roleplay.EngineVersion)
	}
	if p.events, err = tx.SessionEvents(id); err != nil {
		return p, err
	}
	// Every ended session is evidence, so every session is in earnest.
	p.game = roleplay.Session{Seed: p.Seed, Exam: true}
	p.game.Scenario, err = a.scenario(tx, p.Scenario, p.Edition)
	return p, err
}

func (p *play) stage() (Stage, error) {
	st, err := p.game.Fold(p.events)
	if err != nil {
		return Stage{}, fmt.Errorf("session %s: %w", p.ID, err)
	}
	return Stage{ID: p.ID, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, View: p.game.View(st)}, nil
}
