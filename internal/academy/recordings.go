package academy

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"qibu/internal/assign"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/explore"
	"qibu/roleplay/stage"
)

// RecordingQuery is what the list of recordings is asked for.
type RecordingQuery struct {
	Scenario string // slug
	Text     string // part of the name or staff number
	Page     int
}

// RecordingList is one page of rehearsals played to an ending, the latest first.
type RecordingList struct {
	Page
	Rows      []RecordingRow
	Scenarios []Item // to choose from
}

// RecordingRow is one rehearsal of the list.
type RecordingRow struct {
	Item          // the scenario
	ID            string
	StaffNo, Name string
	Exam          bool
	Took          time.Duration
	Comments      int
	store.Outcome
}

// Recordings lists the rehearsals of the actor's store.
func (a *Academy) Recordings(ctx context.Context, who people.Actor, q RecordingQuery) (list RecordingList, err error) {
	if err := people.May(who, people.Coach); err != nil {
		return list, err
	}
	l := a.Library()
	for _, slug := range sortedKeys(l.Scenarios) {
		item, _ := l.Item(assign.Scenario, slug)
		list.Scenarios = append(list.Scenarios, item)
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		rows, total, err := tx.Recordings(store.RecordingFilter{
			StoreID: who.StoreID, Scenario: q.Scenario, Text: q.Text,
			Limit: pageSize, Offset: (max(q.Page, 1) - 1) * pageSize,
		})
		list.Page, list.Rows = pageOf(q.Page, total), make([]RecordingRow, len(rows))
		for i, r := range rows {
			item, _ := l.Item(assign.Scenario, r.Scenario) // one no longer taught is named by its slug
			list.Rows[i] = RecordingRow{
				Item: item, ID: r.ID, StaffNo: r.StaffNo, Name: r.Name, Exam: r.Exam, Took: r.EndedAt.Sub(r.StartedAt),
				Comments: r.Comments, Outcome: r.Outcome,
			}
			list.Rows[i].EndedAt = a.clock(r.EndedAt)
		}
		return err
	})
	return list, err
}

// Recording is a rehearsal turn by turn, as a flight recorder has it.
type Recording struct {
	ID, Slug, TitleEN string
	Edition           string         // the hash of what was played
	Proof             *explore.Proof // what was proved of that; nil for editions from before there were proofs
	PersonID, Name    string
	Exam              bool
	Forked            bool // practice that began at a fork of another session
	StartedAt         time.Time
	EndedAt           time.Time
	Intent            string // what the person means to do next time, "" when nothing was said yet
	Curves            []stage.Curve
	Turns             []RecordedTurn
	Closing           []stage.Line // what was said at the end
	Key               string       // goes with a comment, so that one sent twice is kept once
	stage.Debrief
}

// RecordedTurn is one decision with what had been said before it.
type RecordedTurn struct {
	stage.Recorded
	Number   int // from 1
	Before   []stage.Line
	Papers   []OpenedPaper
	Changes  []MeterChange
	Choices  []RecordedChoice
	Comments []TurnComment
}

// OpenedPaper is a document with when it was opened.
type OpenedPaper struct {
	Name string
	At   time.Time
}

// MeterChange is a meter before and after a decision.
type MeterChange struct {
	Meter    string
	From, To int
}

// RecordedChoice is something that could be said. Number is its place in the
// script; Best says that nothing on offer then was worth more.
type RecordedChoice struct {
	stage.Alternative
	Number  int
	Best    bool
	RedLine string
}

// TurnComment is what a trainer had to say about a turn.
type TurnComment struct {
	Author string
	Text   string
	At     time.Time
}

// Recording shows an ended rehearsal of a person in the actor's reach.
func (a *Academy) Recording(ctx context.Context, who people.Actor, id string) (r Recording, err error) {
	if err := people.May(who, people.Coach); err != nil {
		return r, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, owner, err := a.coachedPlay(tx, who, id)
		if err != nil {
			return err
		}
		r = Recording{
			ID: id, Slug: p.Scenario, TitleEN: p.game.Scenario.TitleEN, Edition: p.Edition, PersonID: owner.ID, Name: owner.Name,
			Exam: p.Exam, Forked: p.ForkedFrom != "", StartedAt: a.clock(p.StartedAt), EndedAt: a.clock(p.EndedAt),
			Intent: p.Intent, Key: store.NewID(),
		}
		if r.Debrief, err = p.game.Debrief(p.events); err != nil {
			return err
		}
		mood := p.game.Scenario.Meters[p.game.Scenario.Mood].Name
		r.Curves = append([]stage.Curve{{Meter: mood, Moments: r.Mood, Drop: r.Drop, Rise: r.Rise}}, r.Others...)
		if err := r.fill(a, &p); err != nil {
			return err
		}
		if r.Proof, err = a.proof(tx, p.Scenario, p.Edition); err != nil {
			return err
		}
		comments, err := a.comments(tx, id)
		for i := range r.Turns {
			r.Turns[i].Comments = comments[r.Turns[i].Step]
		}
		return err
	})
	return r, err
}

// Record is an ended rehearsal of a person in the actor's reach as a file that
// replays on any machine. It holds the key and the seed; taking it is noted in
// the audit list.
func (a *Academy) Record(ctx context.Context, who people.Actor, id string) (file []byte, err error) {
	if err := people.May(who, people.Coach); err != nil {
		return nil, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		p, owner, err := a.coachedPlay(tx, who, id)
		if err != nil {
			return err
		}
		record, err := p.game.Record(p.events)
		if err != nil {
			return err
		}
		if file, err = json.MarshalIndent(record, "", "  "); err != nil {
			return err
		}
		return audit(tx, who, "take_record", owner.Name, owner.ID, p.Scenario+" "+id)
	})
	return file, err
}

// coachedPlay finds an ended rehearsal. One out of reach, or still under way, is
// fault.NotFound.
func (a *Academy) coachedPlay(tx *store.Tx, who people.Actor, id string) (p play, owner people.Person, err error) {
	if owner, err = tx.SessionOwner(id); err != nil {
		return p, owner, err
	}
	if err = people.Allow(who, people.Coach, owner.Subject()); err != nil {
		return p, owner, err
	}
	if p, err = a.play(tx, owner.ID, id); err == nil && !p.Finished() {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return p, owner, err
}

// fill adds the turns, and shares out among them what was said.
func (r *Recording) fill(a *Academy, p *play) error {
	recorded, err := p.game.Recording(p.events)
	if err != nil {
		return err
	}
	lines := p.game.View(p.state).Lines
	since := 0
	for i, x := range recorded.Turns {
		t := RecordedTurn{
			Recorded: x, Number: i + 1, Before: said(lines, since, x.Step),
			Choices: choices(p.game.Scenario, x.Turn),
		}
		for _, e := range p.events[since:x.Step] {
			if e.Kind == roleplay.Open {
				t.Papers = append(t.Papers, OpenedPaper{e.Ref, a.clock(time.UnixMilli(e.At))})
			}
		}
		for _, c := range r.Curves {
			if from, to := c.Moments[i].Value, c.Moments[i+1].Value; from != to {
				t.Changes = append(t.Changes, MeterChange{c.Meter, from, to})
			}
		}
		r.Turns = append(r.Turns, t)
		since = x.Step
	}
	r.Closing = said(lines, since, since+1)
	return nil
}

// said is what others said, and what happened, from step from on and before step to.
func said(lines []stage.Line, from, to int) (list []stage.Line) {
	for _, l := range lines {
		if l.Step >= from && l.Step < to && l.Kind != stage.KindMe && l.Kind != stage.KindSilence && l.Kind != stage.KindDocument {
			list = append(list, l)
		}
	}
	return list
}

// choices are what could be said in a turn, with what the script knows of it.
func choices(sc *roleplay.Scenario, t stage.Turn) []RecordedChoice {
	list := make([]RecordedChoice, len(t.Offered))
	most, least := 0, 0
	worth := make([]int, len(t.Offered))
	for i, x := range t.Offered {
		list[i].Alternative = x
		if o, number := option(sc, t.Scene, x.Text); o != nil {
			list[i].Number, list[i].RedLine, worth[i] = number, o.RedLine, sc.Worth(o)
		}
		if i == 0 {
			most, least = worth[0], worth[0]
		}
		most, least = max(most, worth[i]), min(least, worth[i])
	}
	for i := range list {
		list[i].Best = worth[i] == most && most > least
	}
	return list
}

// option finds what is said in a scene, and its number there.
func option(sc *roleplay.Scenario, scene, text string) (o *roleplay.Option, number int) {
	for i := range sc.Scenes {
		for n := range sc.Scenes[i].Options {
			if o := &sc.Scenes[i].Options[n]; sc.Scenes[i].Name == scene && o.Text == text {
				return o, n + 1
			}
		}
	}
	return nil, 0
}

// maxComment bounds a comment, in characters.
const maxComment = 500

// CommentTurn keeps what the actor has to say about the turn that ended with step
// of an ended rehearsal; its person reads it with the debrief. key comes from the
// Recording: sent again, a comment is kept once.
func (a *Academy) CommentTurn(ctx context.Context, who people.Actor, id, key string, step int, text string) error {
	if err := people.May(who, people.Coach); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	switch {
	case key == "":
		return fault.New(fault.Invalid, "error.bad_request")
	case text == "":
		return inField("text", fault.New(fault.Invalid, "recording.comment_empty"))
	case utf8.RuneCountInString(text) > maxComment:
		return inField("text", fault.Newf(fault.Invalid, "recording.comment_long", fault.Args{"max": maxComment}))
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, owner, err := a.coachedPlay(tx, who, id)
		if err != nil {
			return err
		}
		if step < 1 || step > len(p.events) || p.events[step-1].Kind == roleplay.Open {
			return fault.New(fault.Invalid, "error.bad_request")
		}
		added, err := tx.AddComment(store.Comment{
			ID: digest(strings.Join([]string{"comment", who.ID, id, key}, " ")), SessionID: id, Step: step, AuthorID: who.ID, Text: text,
		})
		if err != nil || !added {
			return err
		}
		return audit(tx, who, "comment_turn", owner.Name, owner.ID, p.Scenario+" "+id)
	})
}

// comments are what was said about a session, by the step of its turns.
func (a *Academy) comments(tx *store.Tx, sessionID string) (map[int][]TurnComment, error) {
	list, err := tx.CommentsOn(sessionID)
	byStep := map[int][]TurnComment{}
	for _, c := range list {
		byStep[c.Step] = append(byStep[c.Step], TurnComment{Author: c.Author, Text: c.Text, At: a.clock(c.At)})
	}
	return byStep, err
}
