package explore

import (
	"slices"

	"qibu/roleplay"
)

// Hindsight is what could have been done in a session that did not pass.
type Hindsight struct {
	// LastChance is the most events after which passing was still possible: the
	// one that followed took the chance away. It is the length of the log when
	// the session passed, and -1 when it never could.
	LastChance int
	// Change is the cheapest one that would have mattered, nil without any.
	Change *Change
}

// The kinds of Change.
const (
	Exact    = "exact"    // with the rest of the log as it was, the session would have passed
	Possible = "possible" // passing would still have been possible afterwards
)

// Change is one decision made otherwise: something else said, or a paper opened
// before it. An exact one is looked for first, whenever it is; of changes that
// only keep the chance, those to what took the chance away. Cheapest is what
// differs least in worth, of equals the latest.
type Change struct {
	Kind     string
	Step     int    // of the decision: its stage.Turn's
	Said     string // empty where nothing was
	Instead  string // empty where the paper is the change
	Document string // to be opened before
	Worth    int    // of Instead beyond Said, in percent of the total; less than 0 where it earns less
}

// Hindsight looks back at a session's log.
func (p *Prospects) Hindsight(s roleplay.Session, events []roleplay.Event) (Hindsight, error) {
	l := look{prospects: p, session: s, events: events}
	for i := range len(events) + 1 {
		st, err := s.Fold(events[:i])
		if err != nil {
			return Hindsight{}, err
		}
		l.states = append(l.states, st)
	}
	last := len(events)
	for last >= 0 && !p.Possible(l.states[last]) {
		last--
	}
	h := Hindsight{LastChance: last}
	if last < 0 || last == len(events) {
		return h, nil
	}
	best := l.exact(last)
	if best == nil {
		best = l.possible(last)
	}
	if best != nil {
		h.Change = p.change(*best)
	}
	return h, nil
}

// look is a log looked back at, with where it stood before every event.
type look struct {
	prospects *Prospects
	session   roleplay.Session
	events    []roleplay.Event
	states    []roleplay.State
}

// otherwise is a decision, events[at], made otherwise.
type otherwise struct {
	kind     string
	at       int
	said     *roleplay.Option
	instead  *roleplay.Option // nil where a document is opened
	document string
	event    roleplay.Event // that says it or opens it
}

// cost is how much the change differs in worth.
func (o *otherwise) cost(sc *roleplay.Scenario) int {
	if o.instead == nil {
		return 0
	}
	return max(sc.Worth(o.instead)-sc.Worth(o.said), sc.Worth(o.said)-sc.Worth(o.instead))
}

// exact is the cheapest change after which the rest of the log passes. Where
// passing was no longer possible there is none.
func (l *look) exact(last int) (best *otherwise) {
	for at := 0; at <= last; at++ {
		if l.events[at].Kind == roleplay.Open {
			continue
		}
		for _, o := range slices.Concat(l.words(at, at), l.papers(at, at)) {
			rest := l.events[at+1:]
			if o.instead == nil {
				rest = l.events[at:]
			}
			if st, ok := l.replay(at, o.event, rest); ok && st.Ended && l.prospects.Possible(st) {
				best = l.cheaper(best, o, Exact)
			}
		}
	}
	return best
}

// possible is the cheapest change that keeps the chance the log lost after its
// first events. That a paper makes the difference is said only if it does with
// the same words, or if no other words do.
func (l *look) possible(last int) (best *otherwise) {
	at := last + slices.IndexFunc(l.events[last:], func(e roleplay.Event) bool { return e.Kind != roleplay.Open })
	if at < last {
		return nil
	}
	keeps := func(e roleplay.Event, rest ...roleplay.Event) bool {
		st, ok := l.replay(last, e, rest)
		return ok && l.prospects.Possible(st)
	}
	for _, o := range l.words(last, at) {
		if keeps(o.event) {
			best = l.cheaper(best, o, Possible)
		}
	}
	papers := l.papers(last, at)
	for _, o := range papers {
		if keeps(o.event, l.events[at]) {
			best = l.cheaper(best, o, Possible)
		}
	}
	for _, o := range papers {
		if best == nil && keeps(o.event) {
			best = l.cheaper(best, o, Possible)
		}
	}
	return best
}

// words are what else could have been said after the first events of the log
// than its next decision, events[at].
func (l *look) words(after, at int) (all []otherwise) {
	sc, said, p := l.session.Scenario, l.said(at), l.states[after].Position()
	scene := int(p.Scene)
	for _, n := range sc.Offer(&p, nil) {
		if o := &sc.Scenes[scene].Options[n]; o != said {
			e := roleplay.Event{Kind: roleplay.Choose, Ref: sc.Ref(scene, n)}
			all = append(all, otherwise{at: at, said: said, instead: o, event: e})
		}
	}
	return all
}

// papers are what could have been opened after the first events of the log and
// before events[at], where that makes a difference to the story.
func (l *look) papers(after, at int) (all []otherwise) {
	sc, p := l.session.Scenario, l.states[after].Position()
	for i, d := range sc.Documents {
		if !sc.Within(&p, i) || p.Opened.Has(i) {
			continue
		}
		q := p
		if q.Opened = q.Opened.With(i); l.prospects.loops.find(q) == l.prospects.loops.find(p) {
			continue
		}
		e := roleplay.Event{Kind: roleplay.Open, Ref: d.Name}
		all = append(all, otherwise{at: at, said: l.said(at), document: d.Name, event: e})
	}
	return all
}

// said is the option or silence of a decision.
func (l *look) said(at int) *roleplay.Option {
	sc, p := l.session.Scenario, l.states[at].Position()
	s := &sc.Scenes[p.Scene]
	for n := range s.Options {
		if l.events[at].Kind == roleplay.Choose && sc.Ref(int(p.Scene), n) == l.events[at].Ref {
			return &s.Options[n]
		}
	}
	return &s.Silence.Option
}

// replay folds the first events of the log, another one and the rest. What the
// other one opens need not be opened again.
func (l *look) replay(after int, e roleplay.Event, rest []roleplay.Event) (roleplay.State, bool) {
	events := append(slices.Clone(l.events[:after]), e)
	for _, x := range rest {
		if x.Kind != roleplay.Open || x.Ref != e.Ref {
			events = append(events, x)
		}
	}
	for i := range events {
		events[i].Step = i
	}
	st, err := l.session.Fold(events)
	return st, err == nil
}

func (l *look) cheaper(best *otherwise, o otherwise, kind string) *otherwise {
	if o.kind = kind; best != nil {
		a, b := best.cost(l.session.Scenario), o.cost(l.session.Scenario)
		if a < b || a == b && best.at == o.at {
			return best
		}
	}
	return &o
}

func (p *Prospects) change(o otherwise) *Change {
	c := &Change{Kind: o.kind, Step: o.at + 1, Said: o.said.Text, Document: o.document}
	if o.instead != nil {
		c.Instead = o.instead.Text
		gain, whole := p.sc.Worth(o.instead)-p.sc.Worth(o.said), max(1, p.sc.Whole())
		if c.Worth = (200*o.cost(p.sc) + whole) / (2 * whole); gain < 0 {
			c.Worth = -c.Worth
		}
	}
	return c
}
