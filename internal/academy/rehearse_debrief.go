package academy

import (
	"context"
	"time"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay/stage"
)

// Debrief is what a person learns from an ended rehearsal. While it is Sealed it
// carries the outcome only: how the customer left and how his mood went.
type Debrief struct {
	ID, Slug, TitleEN string
	EndedAt           time.Time
	Sealed            bool           // until the person has said, or declined to say, what to do next time
	Intent            string         // what the person said, "" when declined
	Cohort            map[string]int // mean percent of the store's people by competence; nil when they are too few
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
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, err := a.play(tx, who.ID, id)
		if err != nil {
			return err
		}
		if !p.Finished() {
			return ErrNotEnded
		}
		d = Debrief{
			ID: id, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, EndedAt: a.clock(p.EndedAt),
			Sealed: p.UnsealedAt.IsZero(), Intent: p.Intent,
		}
		if d.Debrief, err = p.game.Debrief(p.events); err != nil || d.Sealed {
			d.Debrief = sealed(d.Debrief)
			return err
		}
		d.Cohort, err = tx.Cohort(who.StoreID, p.Scenario, p.Edition, fewestPeers)
		return err
	})
	return d, err
}

// sealed leaves of a debrief what the person saw happen.
func sealed(d stage.Debrief) stage.Debrief {
	return stage.Debrief{
		Title: d.Title, Exam: d.Exam, Customer: d.Customer, Ending: d.Ending, Closing: d.Closing,
		Mood: d.Mood, Drop: d.Drop, Rise: d.Rise,
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
