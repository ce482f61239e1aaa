package roleplay

import (
	"fmt"
	"slices"

	"qibu/internal/fault"
	"qibu/roleplay/stage"
)

// The kinds of Event.
const (
	Choose     = "choose"  // Ref is the option, "对账#1"
	Open       = "open"    // Ref is the document's name
	SayNothing = "silence" // the time to decide ran out; Ref is the scene
)

// Event is one entry of a session's log. Step is its place in the log, from 0,
// so (session, step) is unique and a double post cannot be recorded twice.
type Event struct {
	Step int    `json:"step"`
	Kind string `json:"kind"`
	Ref  string `json:"ref"`
	At   int64  `json:"at"` // unix ms; it moves the deadline, never the story or the score
}

// Session is one learner's run through a scenario. Seed is secret; it decides
// the order of the options, their tokens and, of several personas, which one
// the customer has; never the score of what is said to him.
type Session struct {
	Scenario  *Scenario
	Seed      [32]byte
	Exam      bool  // taken as evidence: nothing is explained before the end
	StartedAt int64 // unix ms
	Factor    int   // percent of the normal time to decide in, at most MaxFactor; 0 means 100
}

// State is where a session stands after its log.
type State struct {
	Step     int    // events folded
	Turn     int    // decisions made, silences among them
	Scene    string // where we stand
	Ended    bool
	Points   []int // per dimension of the scenario
	RedLines int   // crossed so far

	at     Position
	since  int64           // unix ms of the latest decision
	start  [MaxMeters]int8 // the meters before the first word
	opened []int           // documents opened since the latest decision
	lines  []stage.Line
	turns  []decision
}

// decision is what was said, or not said, as it stood when it was made.
type decision struct {
	step, scene int
	said        *Option // the scene's silence when nothing was
	offered     []int
	limit, took int64 // ms
	opened      []int
	after       [MaxMeters]int8
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
	st := State{Points: make([]int, len(sc.Dimensions)), since: s.StartedAt}
	at, err := sc.Start(s.Persona(), st.say)
	s.arrive(&st, at)
	st.start = at.Meters
	return st, err
}

func (s Session) apply(st *State, e Event) error {
	if e.Step != st.Step {
		return fmt.Errorf("step %d, want %d", e.Step, st.Step)
	}
	if st.Ended {
		return fmt.Errorf("%s %q after the end", e.Kind, e.Ref)
	}
	switch e.Kind {
	case Choose:
		return s.applyChoice(st, e)
	case Open:
		return s.applyOpen(st, e)
	case SayNothing:
		return s.applySilence(st, e)
	}
	return fmt.Errorf("unknown kind %q", e.Kind)
}

func (s Session) applyChoice(st *State, e Event) error {
	sc := s.Scenario
	offered := sc.Offer(&st.at, nil)
	for _, n := range offered {
		if sc.Ref(int(st.at.Scene), n) == e.Ref {
			return s.decide(st, e, &sc.Scenes[st.at.Scene].Options[n], offered)
		}
	}
	return fmt.Errorf("option %q is not available in scene %q", e.Ref, st.Scene)
}

func (s Session) applySilence(st *State, e Event) error {
	limit := s.Scenario.Limit(&st.at)
	if limit == nil || e.Ref != st.Scene {
		return fmt.Errorf("no time runs out in scene %q at scene %q", e.Ref, st.Scene)
	}
	return s.decide(st, e, &limit.Option, s.Scenario.Offer(&st.at, nil))
}

// decide goes on from what was said, or from a silence.
func (s Session) decide(st *State, e Event, said *Option, offered []int) error {
	turn := decision{scene: int(st.at.Scene), said: said, offered: offered, opened: st.opened, took: e.At - st.since}
	if limit := s.Scenario.Limit(&st.at); limit != nil {
		turn.limit = s.allowed(limit)
	}
	st.Step++
	st.Turn++
	st.since, st.opened = e.At, nil
	for _, x := range said.Scores {
		st.Points[x.Dimension] += x.Points
	}
	if said.RedLine != "" {
		st.RedLines++
	}
	kind := stage.KindMe
	if e.Kind == SayNothing {
		kind = stage.KindSilence
	}
	st.say(Line{Kind: kind, Text: said.Text})
	at, err := s.Scenario.Choose(st.at, said, st.say)
	s.arrive(st, at)
	turn.step, turn.after = st.Step, at.Meters
	st.turns = append(st.turns, turn)
	return err
}

func (s Session) applyOpen(st *State, e Event) error {
	sc := s.Scenario
	d := slices.IndexFunc(sc.Documents, func(d Document) bool { return d.Name == e.Ref })
	if d < 0 || !sc.Within(&st.at, d) || st.at.Opened.Has(d) {
		return fmt.Errorf("document %q cannot be opened in scene %q", e.Ref, st.Scene)
	}
	st.Step++
	st.at.Opened = st.at.Opened.With(d)
	st.opened = append(st.opened, d)
	st.say(Line{Kind: stage.KindDocument, Who: e.Ref, Text: sc.Documents[d].Text})
	return nil
}

// arrive settles st at its new position.
func (s Session) arrive(st *State, at Position) {
	st.at = at
	st.Scene = s.Scenario.Scenes[at.Scene].Name
	st.Ended = s.Scenario.Ended(&at)
}

func (st *State) say(l Line) {
	st.lines = append(st.lines, stage.Line{Kind: l.Kind, Who: l.Who, Expression: l.Expression, Text: l.Text, Step: st.Step})
}

// Position is where the story stands.
func (st State) Position() Position { return st.at }

// View shows what has been said and what can be said now, and nothing else.
func (s Session) View(st State) stage.View {
	return stage.View{
		Title:     s.Scenario.Title,
		Customer:  s.customer(st),
		Lines:     slices.Clone(st.lines),
		Documents: s.documents(st),
		Options:   s.options(st),
		Step:      st.Step,
		Deadline:  s.Deadline(st),
		Coaching:  s.coaching(st),
		Ended:     st.Ended,
	}
}

// customer shows him as he is known: by the description of the script or, when
// he never has another, by his temperament. One that was drawn has to be sensed.
func (s Session) customer(st State) stage.Customer {
	sc := s.Scenario
	who := sc.Cast[0]
	c := stage.Customer{
		Name: who.Name, Persona: who.Persona, Brief: sc.Situation,
		Mood: Mood(int(st.at.Meters[sc.Mood])),
	}
	if c.Persona == "" && len(sc.Personas) == 1 {
		c.Persona = sc.Personas[0].Name
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

// options are what can be said now, shuffled; those of a hub as well, whatever
// their topics: a page that groups them keeps the order of first appearance.
func (s Session) options(st State) []stage.Option {
	open := s.Scenario.Offer(&st.at, nil)
	s.shuffle(st.Turn, open)
	scene := &s.Scenario.Scenes[st.at.Scene]
	var options []stage.Option
	for _, n := range open {
		o := &scene.Options[n]
		x := stage.Option{Token: s.optionToken(st.Turn, o.ID), Text: o.Text}
		if o.Topic > 0 {
			x.Topic = scene.Topics[o.Topic-1].Name
		}
		options = append(options, x)
	}
	return options
}

// coaching is about the latest decision and for practice only.
func (s Session) coaching(st State) *stage.Coaching {
	if s.Exam || st.Turn == 0 {
		return nil
	}
	o := st.turns[st.Turn-1].said
	if o.Coaching+o.Expert+o.RedLine == "" {
		return nil
	}
	return &stage.Coaching{Text: o.Coaching, Expert: o.Expert, RedLine: o.RedLine, Basis: o.Basis, Sources: o.Sources}
}

// Resolve turns a token of the present view into the event it stands for; the
// caller adds the time. A token of an earlier turn, one of this turn that a
// document opened since has ruled out, or any token once the session has ended,
// is a Conflict; one that nothing in the scenes so far could have is Invalid.
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
	for turn := range st.Turn + 1 {
		scene := int(st.at.Scene)
		if turn < st.Turn {
			scene = st.turns[turn].scene
		}
		for _, o := range sc.Scenes[scene].Options { // offered or not: a document may have ruled out what was
			if s.optionToken(turn, o.ID) == token {
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

// Fork gives the log of a new session that goes on from a decision of another:
// step is its Turn's, and all that happened before it is kept, with what had
// been read by then. It happens in the new session at the moment at (unix ms)
// the new session begins: nobody took time for it there, and a limit of time
// runs anew. The customer must be the same, so the new session's seed has to
// draw the same Persona. Whether this is allowed (never in an exam) is the
// caller's question; a step without a decision is Invalid.
func Fork(events []Event, step int, at int64) ([]Event, error) {
	if step < 1 || step > len(events) || events[step-1].Kind == Open {
		return nil, fault.New(fault.Invalid, "roleplay.unknown_choice")
	}
	kept := slices.Clone(events[:step-1])
	for i := range kept {
		kept[i].At = at
	}
	return kept, nil
}
