package roleplay

import (
	"fmt"
	"slices"

	"qibu/internal/fault"
	"qibu/roleplay/stage"
)

// The kinds of Event.
const (
	Choose = "choose" // Ref is the option, "对账#1"
	Open   = "open"   // Ref is the document's name
)

// Event is one entry of a session's log. Step is its place in the log, from 0,
// so (session, step) is unique and a double post cannot be recorded twice.
type Event struct {
	Step int    `json:"step"`
	Kind string `json:"kind"`
	Ref  string `json:"ref"`
	At   int64  `json:"at"` // unix ms; recorded, never read by the engine
}

// Session is one learner's run through a scenario. Seed is secret; it decides
// the order of the options and their tokens, never the story or the score.
type Session struct {
	Scenario *Scenario
	Seed     [32]byte
	Exam     bool // taken as evidence; the debrief says so
}

// State is where a session stands after its log.
type State struct {
	Step     int    // events folded
	Turn     int    // options chosen
	Scene    string // where we stand
	Ended    bool
	Points   []int // per dimension of the scenario
	RedLines int   // crossed so far

	at    Position
	lines []stage.Line
	moods []stage.Moment
	turns []decision
}

// decision is one choice as it stood when it was made.
type decision struct {
	step, scene, chosen int
	offered             []int
}

// Fold replays a log from the start. The first event that was not possible
// where it stands is an error: such a log was not written by this engine.
func (s Session) Fold(events []Event) (State, error) {
	st, err := s.begin()
	for i := 0; i < len(events) && err == nil; i++ {
		if err = s.apply(&st, events[i]); err != nil {
			err = fmt.Errorf("event %d: %w", i, err)
		}
	}
	return st, err
}

func (s Session) begin() (State, error) {
	sc := s.Scenario
	st := State{Points: make([]int, len(sc.Dimensions))}
	at, err := sc.Start(0, st.say)
	s.arrive(&st, at, "")
	return st, err
}

func (s Session) apply(st *State, e Event) error {
	if e.Step != st.Step {
		return fmt.Errorf("step %d, want %d", e.Step, st.Step)
	}
	if st.Ended {
		return fmt.Errorf("%s %q after the end", e.Kind, e.Ref)
	}
	st.Step++
	switch e.Kind {
	case Choose:
		return s.applyChoice(st, e.Ref)
	case Open:
		return s.applyOpen(st, e.Ref)
	}
	return fmt.Errorf("unknown kind %q", e.Kind)
}

func (s Session) applyChoice(st *State, ref string) error {
	sc, scene := s.Scenario, int(st.at.Scene)
	offered := sc.Offer(&st.at, nil)
	k := slices.IndexFunc(offered, func(n int) bool { return sc.Ref(scene, n) == ref })
	if k < 0 {
		return fmt.Errorf("option %q is not available in scene %q", ref, st.Scene)
	}
	n := offered[k]
	o := &sc.Scenes[scene].Options[n]
	st.turns = append(st.turns, decision{step: st.Step, scene: scene, chosen: n, offered: offered})
	st.Turn++
	for _, x := range o.Scores {
		st.Points[x.Dimension] += x.Points
	}
	if o.RedLine != "" {
		st.RedLines++
	}
	st.say(Line{Kind: stage.KindMe, Text: o.Text})
	at, err := sc.Choose(st.at, o, st.say)
	s.arrive(st, at, o.Text)
	return err
}

func (s Session) applyOpen(st *State, ref string) error {
	sc := s.Scenario
	d := slices.IndexFunc(sc.Documents, func(d Document) bool { return d.Name == ref })
	if d < 0 || !sc.Within(&st.at, d) || st.at.Opened.Has(d) {
		return fmt.Errorf("document %q cannot be opened in scene %q", ref, st.Scene)
	}
	st.at.Opened = st.at.Opened.With(d)
	st.say(Line{Kind: stage.KindDocument, Who: ref, Text: sc.Documents[d].Text})
	return nil
}

// arrive settles st at its new position after the words said, and notes the mood.
func (s Session) arrive(st *State, at Position, said string) {
	sc := s.Scenario
	st.at = at
	st.Scene = sc.Scenes[at.Scene].Name
	st.Ended = sc.Ended(&at)
	v := int(at.Meters[sc.Mood])
	st.moods = append(st.moods, stage.Moment{Step: st.Step, Value: v, Mood: Mood(v), Said: said})
}

func (st *State) say(l Line) {
	st.lines = append(st.lines, stage.Line{Kind: l.Kind, Who: l.Who, Expression: l.Expression, Text: l.Text, Step: st.Step})
}

// View shows what has been said and what can be said now, and nothing else.
func (s Session) View(st State) stage.View {
	return stage.View{
		Title:     s.Scenario.Title,
		Customer:  s.customer(st),
		Lines:     slices.Clone(st.lines),
		Documents: s.documents(st),
		Options:   s.options(st),
		Step:      st.Step,
		Ended:     st.Ended,
	}
}

func (s Session) customer(st State) stage.Customer {
	who := s.Scenario.Cast[0]
	c := stage.Customer{
		Name: who.Name, Persona: who.Persona, Brief: s.Scenario.Situation,
		Mood: Mood(int(st.at.Meters[s.Scenario.Mood])),
	}
	for _, l := range slices.Backward(st.lines) {
		if l.Kind == stage.KindCustomer {
			c.Expression = l.Expression
			break
		}
	}
	return c
}

func (s Session) documents(st State) []stage.Document {
	var docs []stage.Document
	for i, d := range s.Scenario.Documents {
		if !s.Scenario.Within(&st.at, i) {
			continue
		}
		doc := stage.Document{Token: s.documentToken(i), Name: d.Name, Opened: st.at.Opened.Has(i)}
		if doc.Opened {
			doc.Text = d.Text
		}
		docs = append(docs, doc)
	}
	return docs
}

func (s Session) options(st State) []stage.Option {
	if st.Ended {
		return nil
	}
	open := s.Scenario.Offer(&st.at, nil)
	s.shuffle(st.Turn, open)
	var options []stage.Option
	for _, n := range open {
		o := &s.Scenario.Scenes[st.at.Scene].Options[n]
		options = append(options, stage.Option{Token: s.optionToken(st.Turn, o.ID), Text: o.Text})
	}
	return options
}

// Resolve turns a token of the present view into the event it stands for; the
// caller adds the time. A token of an earlier turn, or any token once the
// session has ended, is a Conflict; one that was never issued is Invalid.
func (s Session) Resolve(st State, token string) (Event, error) {
	sc := s.Scenario
	if e, ok := s.current(st, token); ok {
		return e, nil
	}
	for i := range sc.Documents {
		if s.documentToken(i) == token && sc.Within(&st.at, i) {
			return Event{}, fault.New(fault.Conflict, "roleplay.moved_on") // open already, or over
		}
	}
	for turn := range st.Turn {
		for id := range sc.optionCount() {
			if s.optionToken(turn, id) == token {
				return Event{}, fault.New(fault.Conflict, "roleplay.moved_on")
			}
		}
	}
	return Event{}, fault.New(fault.Invalid, "roleplay.unknown_choice")
}

func (s Session) current(st State, token string) (Event, bool) {
	sc := s.Scenario
	if st.Ended {
		return Event{}, false
	}
	for _, n := range sc.Offer(&st.at, nil) {
		if s.optionToken(st.Turn, sc.Scenes[st.at.Scene].Options[n].ID) == token {
			return Event{Step: st.Step, Kind: Choose, Ref: sc.Ref(int(st.at.Scene), n)}, true
		}
	}
	for i, d := range sc.Documents {
		if s.documentToken(i) == token && sc.Within(&st.at, i) && !st.at.Opened.Has(i) {
			return Event{Step: st.Step, Kind: Open, Ref: d.Name}, true
		}
	}
	return Event{}, false
}

func (sc *Scenario) optionCount() int {
	n := 0
	for _, s := range sc.Scenes {
		n += len(s.Options)
	}
	return n
}
