package academy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay/explore"
	"qibu/roleplay/stage"
)

// Debrief is what a person learns from an ended rehearsal. While it is Sealed it
// carries the outcome only: how the customer left, and how his mood went on the way.
type Debrief struct {
	ID, Slug, TitleEN string
	EndedAt           time.Time
	Sealed            bool                  // until the person has said, or declined to say, what to do next time
	Intent            string                // what the person said, "" when declined
	Cohort            map[string]int        // mean percent of the store's people by competence; empty when they are too few
	Comments          map[int][]TurnComment // what trainers had to say, by the step of the turn
	Hindsight         *explore.Hindsight    // nil when it passed, or the scenario is too large to tell
	Edition           string                // hash of what it was played on
	Proof             *explore.Proof        // what was proved of that; nil for editions from before there were proofs
	stage.Debrief
}

// fewestPeers is how many people a mean must be of to be shown.
const fewestPeers = 5

// Debrief explains a person's ended rehearsal, against the edition it was
// played on. Before the end it is ErrNotEnded: until then nothing is told.
func (a *Academy) Debrief(ctx context.Context, who people.Actor, id string) (d Debrief, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return d, err
	}
	var p play
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if p, err = a.play(tx, who.ID, id); err != nil {
			return err
		}
		if !p.Finished() {
			return ErrNotEnded
		}
		d = Debrief{
			ID: id, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, EndedAt: a.clock(p.EndedAt),
			Sealed: p.UnsealedAt.IsZero(), Intent: p.Intent, Edition: p.Edition,
		}
		if d.Debrief, err = p.game.Debrief(p.events); err != nil || d.Sealed {
			d.Debrief = sealed(d.Debrief)
			return err
		}
		if d.Cohort, err = tx.Cohort(who.StoreID, p.Scenario, p.Edition, fewestPeers); err != nil {
			return err
		}
		if d.Comments, err = a.comments(tx, id); err != nil {
			return err
		}
		d.Proof, err = a.proof(tx, p.Scenario, p.Edition)
		return err
	})
	if err == nil && !d.Sealed && !d.Passed {
		d.Hindsight, err = a.hindsight(p)
	}
	return d, err
}

// lookback is what debriefs of an edition need beside it, worked out once.
type lookback struct {
	proofs    sync.Map // slug@hash → *explore.Proof
	prospects sync.Map // slug@hash → *explore.Prospects, nil when the scenario is too large
}

// proof is what was proved of an edition when it was published.
func (a *Academy) proof(tx *store.Tx, slug, hash string) (proof *explore.Proof, err error) {
	key := slug + "@" + hash
	if known, ok := a.lookback.proofs.Load(key); ok {
		return known.(*explore.Proof), nil //nolint:forcetypeassert // only this function fills the map
	}
	editions := a.Library().editions
	i := slices.IndexFunc(editions, func(e store.Edition) bool { return e.Kind == scenarioKind && e.Slug == slug && e.Hash == hash })
	var e store.Edition
	if i >= 0 {
		e = editions[i]
	} else if e, err = tx.Edition(scenarioKind, slug, hash); err != nil {
		return nil, err
	}
	if e.Proof != "" {
		if err := json.Unmarshal([]byte(e.Proof), &proof); err != nil {
			return nil, fmt.Errorf("proof of %s: %w", key, err)
		}
	}
	a.lookback.proofs.Store(key, proof)
	return proof, nil
}

// hindsight is what could have been done in a session that did not pass; nil
// when the scenario is too large to tell.
func (a *Academy) hindsight(p play) (*explore.Hindsight, error) {
	key := p.Scenario + "@" + p.Edition
	known, ok := a.lookback.prospects.Load(key)
	if !ok {
		prospects, err := explore.NewProspects(p.game.Scenario)
		if err != nil && !errors.Is(err, explore.ErrTooLarge) {
			return nil, err
		}
		known, _ = a.lookback.prospects.LoadOrStore(key, prospects)
	}
	prospects := known.(*explore.Prospects) //nolint:forcetypeassert // only this function fills the map
	if prospects == nil {
		return nil, nil
	}
	h, err := prospects.Hindsight(p.game, p.events)
	return &h, err
}

// sealed leaves of a debrief what the person saw happen.
func sealed(d stage.Debrief) stage.Debrief {
	return stage.Debrief{
		Title: d.Title, Exam: d.Exam, Customer: d.Customer, Ending: d.Ending, Closing: d.Closing,
		Mood: d.Mood, Drop: d.Drop, Rise: d.Rise, Others: d.Others,
	}
}

// maxIntent bounds the sentence, in characters.
const maxIntent = 200

// Intend keeps what a person means to say next time and opens the debrief. An
// empty text declines. What was said first stays, however often it is sent.
func (a *Academy) Intend(ctx context.Context, who people.Actor, id, text string) error {
	if err := people.May(who, people.Learn); err != nil {
		return err
	}
	if utf8.RuneCountInString(text) > maxIntent {
		return inField("intent", fault.Newf(fault.Invalid, "roleplay.intent_long", fault.Args{"n": maxIntent}))
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		set, err := tx.SetIntent(id, who.ID, text)
		if err != nil || set {
			return err
		}
		s, _, err := tx.Session(id, who.ID)
		if err == nil && !s.Finished() {
			err = ErrNotEnded
		}
		return err
	})
}
