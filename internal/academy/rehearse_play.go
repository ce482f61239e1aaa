package academy

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	ErrMovedOn      = fault.New(fault.Conflict, "roleplay.moved_on")      // look at where it is now
	ErrTimeUp       = fault.New(fault.Conflict, "roleplay.time_up")       // saying nothing was the choice
	ErrNoSuchChoice = fault.New(fault.Invalid, "roleplay.unknown_choice") // no page has offered it
	ErrNotEnded     = fault.New(fault.Conflict, "roleplay.not_ended")     // go on with the conversation
	ErrNoUndo       = fault.New(fault.Conflict, "roleplay.no_undo")       // what was said in an exam was said
	ErrPracticeOnly = fault.New(fault.Conflict, "roleplay.practice_only") // there is no exam of this scenario
)

// StartSession returns the id of the person's session of a scenario, taken as
// an exam or practised: the open one if there is one, however often and from
// wherever it is asked for. After an end it is the ended one, unless again asks
// for a new one.
func (a *Academy) StartSession(ctx context.Context, who people.Actor, slug string, exam, again bool) (id string, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return "", err
	}
	l := a.Library()
	sc, ok := l.Scenarios[slug]
	if !ok {
		return "", fault.New(fault.NotFound, "error.not_found")
	}
	if exam && sc.Practice {
		return "", ErrPracticeOnly
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		latest, err := tx.LatestSession(who.ID, slug, exam)
		if err != nil && !errors.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && (!again || !latest.Ended()) {
			id = latest.ID
			return nil
		}
		id = store.NewID()
		return addSession(tx, store.Session{
			ID: id, PersonID: who.ID, Scenario: slug, Edition: l.Hash(scenarioKind, slug),
			Engine: roleplay.EngineVersion, Seed: a.seed(id), Exam: exam, TimeFactor: who.TimeFactor, StartedAt: tx.Now,
		})
	})
	return id, err
}

func addSession(tx *store.Tx, s store.Session) error {
	added, err := tx.AddSession(s)
	if err == nil && !added {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

// Stage is a rehearsal as the person in it sees it: what was said and what can
// be said now, and nothing of what is still to come. In practice Limit tells how
// long an exam would leave, and there is no Deadline.
type Stage struct {
	ID, Slug, TitleEN string
	Exam              bool
	BrokenOff         bool          // practice that was begun again from one of its forks
	Limit             time.Duration // for what is to be said now; 0 for none
	OverAt            int64         // unix ms from which saying nothing is the answer, some moments after Deadline
	stage.View
}

// Session shows a person's rehearsal where it stands: a limit of time that has
// run out counts first.
func (a *Academy) Session(ctx context.Context, who people.Actor, id string) (st Stage, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return st, err
	}
	var p play
	overdue := false
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		p, err = a.play(tx, who.ID, id)
		_, overdue = p.silence(tx.Now)
		return err
	})
	if err == nil && overdue {
		err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
			if p, err = a.play(tx, who.ID, id); err == nil {
				err = a.keepTime(tx, &p)
			}
			return err
		})
	}
	if err != nil {
		return Stage{}, err
	}
	a.remember(p)
	return p.stage(), nil
}

// Choose says something in a person's rehearsal: the option with this token, as
// it was shown when the log held step events. When Choose returns without error
// the choice is on disk, and it counts once: the same choice again is answered
// as the first time. If another choice was made at that step, nothing changes
// and the error is ErrMovedOn; if the time to make it had run out, saying nothing
// is what counts and the error is ErrTimeUp; what was never offered there is
// ErrNoSuchChoice. With all three, the Stage shows where the session is now.
func (a *Academy) Choose(ctx context.Context, who people.Actor, id string, step int, token string) (Stage, error) {
	return a.act(ctx, who, id, roleplay.Choose, step, token)
}

// OpenDocument opens a document of a person's rehearsal, under the rules of Choose.
func (a *Academy) OpenDocument(ctx context.Context, who people.Actor, id string, step int, token string) (Stage, error) {
	return a.act(ctx, who, id, roleplay.Open, step, token)
}

// act does something in a person's rehearsal. It is one statement for whoever
// goes on with what is in memory: a log only grows, so what is remembered is its
// beginning for ever, and whether it is the whole log the statement itself asks.
// Only when that is refused the session is read.
func (a *Academy) act(ctx context.Context, who people.Actor, id, kind string, step int, token string) (Stage, error) {
	if err := people.May(who, people.Learn); err != nil {
		return Stage{}, err
	}
	var p play
	var refused error // it does not fit; what the time has brought is kept all the same
	err := a.store.Write(ctx, func(tx *store.Tx) (err error) {
		var remembered bool
		if p, remembered = a.plays.get(ownKey{who.ID, id}); remembered {
			if a.turn(tx, &p, kind, step, token) == nil {
				refused = nil
				return nil
			}
		}
		if p, err = a.play(tx, who.ID, id); err != nil {
			return err
		}
		refused = a.turn(tx, &p, kind, step, token)
		for _, known := range []error{ErrMovedOn, ErrTimeUp, ErrNoSuchChoice} {
			if errors.Is(refused, known) {
				return nil
			}
		}
		return refused
	})
	if err != nil {
		return Stage{}, err
	}
	a.remember(p)
	return p.stage(), refused
}

// turn is what time has brought, and then what the person does.
func (a *Academy) turn(tx *store.Tx, p *play, kind string, step int, token string) error {
	if err := a.keepTime(tx, p); err != nil {
		return err
	}
	return a.advance(tx, p, kind, step, token)
}

// keepTime records the silences of limits of time that have run out, each once and
// as of its deadline, however late somebody looks. No job has to look for them: a
// session nobody touches is as it was, and nothing waits for it.
func (a *Academy) keepTime(tx *store.Tx, p *play) error {
	for {
		e, over := p.silence(tx.Now)
		if !over {
			return nil
		}
		if err := a.append(tx, p, e); err != nil {
			return err
		}
	}
}

// advance records what the token stands for at a step of the log, unless the
// log has it already. ErrMovedOn and ErrTimeUp say that the log went another way, ErrNoSuchChoice that the token was never good there.
func (a *Academy) advance(tx *store.Tx, p *play, kind string, step int, token string) error {
	if step < 0 || step > len(p.events) {
		return ErrNoSuchChoice
	}
	then, err := p.at(step)
	if err != nil {
		return err
	}
	e, err := p.game.Resolve(then, token)
	switch {
	case errors.Is(err, fault.Conflict):
		return ErrMovedOn
	case errors.Is(err, fault.Invalid), err == nil && e.Kind != kind:
		return ErrNoSuchChoice
	case err != nil:
		return err
	}
	if step < len(p.events) {
		switch made := p.events[step]; {
		case made.Kind == roleplay.SayNothing:
			return ErrTimeUp
		case made.Kind != e.Kind || made.Ref != e.Ref:
			return ErrMovedOn
		}
		return nil // the answer to the first time got lost
	}
	if p.Ended() { // broken off
		return ErrMovedOn
	}
	e.At = tx.Now.UnixMilli()
	return a.append(tx, p, e)
}

// append adds an event to the log and, when the story has come to its end with
// it, closes the session in the same transaction.
func (a *Academy) append(tx *store.Tx, p *play, e roleplay.Event) error {
	err := appendEvent(tx, p.ID, e)
	if err != nil {
		return err
	}
	p.events = append(p.events, e)
	if p.state, err = p.fold(len(p.events)); err != nil || !p.state.Ended {
		return err
	}
	return a.finish(tx, p)
}

func appendEvent(tx *store.Tx, sessionID string, e roleplay.Event) error {
	added, err := tx.AppendEvent(sessionID, e)
	if err == nil && !added {
		err = fmt.Errorf("session %s does not hold just %d events", sessionID, e.Step)
	}
	return err
}

// finish closes a session whose story has come to its end and records what an
// exam shows. It counts as of the last thing said, or not said.
func (a *Academy) finish(tx *store.Tx, p *play) error {
	d, err := p.game.Debrief(p.events)
	if err != nil {
		return err
	}
	p.Outcome = store.Outcome{
		EndedAt: time.UnixMilli(p.events[len(p.events)-1].At).UTC(),
		Ending:  d.Ending, Percent: d.Total, Passed: d.Passed, RedLine: len(d.RedLines) > 0,
	}
	if err := endSession(tx, p.ID, p.Outcome); err != nil || !p.Exam {
		return err
	}
	if err := tx.AddScores(p.ID, scores(d)); err != nil {
		return err
	}
	person, err := tx.Person(p.PersonID)
	if err != nil {
		return err
	}
	e := evidence(cert.Scenario, p.Scenario, outcomeOf(d.Passed), d.Total, p.ID)
	e.Day, e.At, e.RedLine = a.dayOf(p.EndedAt), p.EndedAt, p.RedLine
	return a.record(tx, person, "", e)
}

func endSession(tx *store.Tx, id string, o store.Outcome) error {
	ended, err := tx.EndSession(id, o)
	if err == nil && !ended {
		err = fmt.Errorf("session %s ended twice", id)
	}
	return err
}

func scores(d stage.Debrief) []store.Score {
	list := make([]store.Score, len(d.Dimensions))
	for i, x := range d.Dimensions {
		list[i] = store.Score{Dimension: x.Key, Earned: x.Earned, Percent: x.Percent}
	}
	return list
}

// Retry begins practice anew from a decision of a person's practice, named by
// the step of its turn: all that happened before is kept, on the same edition and
// with the same customer. Practice of the scenario that is under way is broken
// off for it. In an exam there is no way back: ErrNoUndo.
func (a *Academy) Retry(ctx context.Context, who people.Actor, id string, step int) (fork string, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := a.play(tx, who.ID, id)
		if err != nil {
			return err
		}
		if p.Exam {
			return ErrNoUndo
		}
		kept, err := roleplay.Fork(p.events, step, tx.Now.UnixMilli())
		if err == nil {
			fork, err = p.fork(tx, kept)
		}
		return err
	})
	return fork, err
}

// fork begins a session with a log that begins as p's. One that was begun so and
// not gone on with is found again.
func (p *play) fork(tx *store.Tx, log []roleplay.Event) (id string, err error) {
	latest, err := tx.LatestSession(p.PersonID, p.Scenario, p.Exam)
	if err != nil {
		return "", err
	}
	if !latest.Ended() {
		_, begun, err := tx.Session(latest.ID, p.PersonID)
		if err != nil || (latest.ForkedFrom == p.ID && latest.ForkStep == len(log) && len(begun) == len(log)) {
			return latest.ID, err
		}
		if err := endSession(tx, latest.ID, store.Outcome{EndedAt: tx.Now}); err != nil {
			return "", err
		}
	}
	fork := store.Session{
		ID: store.NewID(), PersonID: p.PersonID, Scenario: p.Scenario, Edition: p.Edition, Engine: p.Engine, Seed: p.Seed,
		Exam: p.Exam, TimeFactor: p.TimeFactor, ForkedFrom: p.ID, ForkStep: len(log), StartedAt: tx.Now,
	}
	if err := addSession(tx, fork); err != nil {
		return "", err
	}
	for _, e := range log {
		if err := appendEvent(tx, fork.ID, e); err != nil {
			return "", err
		}
	}
	return fork.ID, nil
}

// playGeneration is how many plays one generation of the memory holds, some 10 KB each.
const playGeneration = 1024

// remember keeps a session under way for the next thing that is said in it.
func (a *Academy) remember(p play) {
	p.events = slices.Clip(p.events) // whoever goes on from here appends to a log of his own
	a.plays.put(ownKey{p.PersonID, p.ID}, p)
}

// play is a session with all it takes to go on: the scenario it was begun with,
// its log and where that leads. State is folded anew with each event, some
// microseconds beside a durable write.
type play struct {
	store.Session
	game   roleplay.Session
	events []roleplay.Event
	state  roleplay.State // after all events
}

// play reads a person's session. Nobody else's is found.
func (a *Academy) play(tx *store.Tx, personID, id string) (p play, err error) {
	if p.Session, p.events, err = tx.Session(id, personID); err != nil {
		return p, err
	}
	if p.Engine != roleplay.EngineVersion {
		return p, fmt.Errorf("session %s was played by engine %d, this is engine %d", id, p.Engine, roleplay.EngineVersion)
	}
	p.game = roleplay.Session{Seed: p.Seed, Exam: p.Exam, StartedAt: p.StartedAt.UnixMilli(), Factor: p.TimeFactor}
	if p.game.Scenario, err = a.scenario(tx, p.Scenario, p.Edition); err != nil {
		return p, err
	}
	p.state, err = p.fold(len(p.events))
	return p, err
}

// fold goes the first events of the log.
func (p *play) fold(events int) (roleplay.State, error) {
	st, err := p.game.Fold(p.events[:events])
	if err != nil {
		err = fmt.Errorf("session %s: %w", p.ID, err)
	}
	return st, err
}

// at is where the session stood after the first events of the log.
func (p *play) at(events int) (roleplay.State, error) {
	if events == len(p.events) {
		return p.state, nil
	}
	return p.fold(events)
}

// silence is what has become of a decision whose time has run out. Practice has
// no limits of time.
func (p *play) silence(now time.Time) (e roleplay.Event, over bool) {
	if !p.Exam || p.Ended() {
		return e, false
	}
	return p.game.Expire(p.state, now.UnixMilli())
}

func (p *play) stage() Stage {
	st := Stage{
		ID: p.ID, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, Exam: p.Exam,
		BrokenOff: p.Ended() && !p.Finished(), View: p.game.View(p.state),
	}
	if st.Deadline > 0 {
		st.Limit = time.Duration(st.Deadline-p.since()) * time.Millisecond
		st.OverAt = st.Deadline + roleplay.Grace.Milliseconds()
	}
	if !p.Exam {
		st.Deadline, st.OverAt = 0, 0
	}
	return st
}

// since is when the latest decision was made, in unix ms.
func (p *play) since() int64 {
	for _, e := range slices.Backward(p.events) {
		if e.Kind != roleplay.Open {
			return e.At
		}
	}
	return p.StartedAt.UnixMilli()
}
