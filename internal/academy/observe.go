package academy

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// maxNote is how long an observer's note may be, in characters.
const maxNote = 300

// Sight is how one item of the checklist went when it was last observed.
type Sight struct {
	Day      calendar.Day
	Passed   bool
	Note     string
	Observer string
}

func (a *Academy) sight(o store.Observation) *Sight {
	return &Sight{
		Day: a.dayOf(o.ObservedAt), Passed: o.Result == store.ObservationPass, Note: o.Note, Observer: o.Observer,
	}
}

// Candidate is a person of the observer's store with what is to be observed.
type Candidate struct {
	PersonID, StaffNo, Name, Post string
	Pursuits                      []Pursuit // certifications begun or assigned
	Needs                         []cert.ObservationItem
}

// Pursuit is a certification a candidate works towards or holds.
type Pursuit struct {
	Policy   *cert.Policy
	Standing cert.Standing
}

// Waits reports whether nothing but the practical is missing for some certificate.
func (c Candidate) Waits() bool {
	return slices.ContainsFunc(c.Pursuits, func(p Pursuit) bool { return p.Standing.State == cert.AwaitingPractical })
}

// urgency orders candidates: who only waits for a signature comes first, then
// who needs one later.
func (c Candidate) urgency() int {
	switch {
	case c.Waits():
		return 0
	case len(c.Needs) > 0:
		return 1
	}
	return 2
}

// Candidates lists the people of the actor's store who may want a signature,
// the most urgent first. Nobody signs for himself, so the actor is not in it.
func (a *Academy) Candidates(ctx context.Context, who people.Actor) (list []Candidate, err error) {
	if err := people.May(who, people.SignObservation); err != nil {
		return nil, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		found, err := tx.CandidatesIn(who.StoreID, a.dayOf(tx.Now))
		list = list[:0]
		for _, f := range found {
			if f.PersonID == who.ID {
				continue
			}
			c := Candidate{PersonID: f.PersonID, StaffNo: f.StaffNo, Name: f.Name, Post: f.Post}
			c.Pursuits = l.pursuits(f.Standings)
			c.Needs = l.needs(c.Pursuits)
			list = append(list, c)
		}
		return err
	})
	slices.SortStableFunc(list, func(x, y Candidate) int { return cmp.Compare(x.urgency(), y.urgency()) })
	return list, err
}

// pursuits puts standings in the order of the certifications.
func (l *Library) pursuits(standings map[string]cert.Standing) []Pursuit {
	var list []Pursuit
	for _, policy := range l.Certifications {
		if s, ok := standings[policy.Slug]; ok {
			list = append(list, Pursuit{policy, s})
		}
	}
	return list
}

// needs lists the items of the checklist that some certification still lacks.
func (l *Library) needs(pursuits []Pursuit) []cert.ObservationItem {
	var list []cert.ObservationItem
	for _, item := range l.Observations {
		if slices.ContainsFunc(pursuits, func(p Pursuit) bool { return lacks(p.Standing, item.ID) }) {
			list = append(list, item)
		}
	}
	return list
}

func lacks(s cert.Standing, item string) bool {
	return slices.ContainsFunc(s.Missing, func(q cert.Requirement) bool { return q.Kind == cert.Observation && q.Ref == item })
}

// Checklist is the practical checklist for one person.
type Checklist struct {
	Person   people.Person
	Pursuits []Pursuit
	Items    []ChecklistItem
	Key      string // goes with the form, so that a signature sent twice counts once
}

// ChecklistItem is one item with whether it is still needed and how it went last.
type ChecklistItem struct {
	cert.ObservationItem
	Needed bool
	Last   *Sight // nil when never observed
}

// Checklist opens the checklist for a person of the actor's store.
func (a *Academy) Checklist(ctx context.Context, who people.Actor, personID string) (list Checklist, err error) {
	if err := people.May(who, people.SignObservation); err != nil {
		return list, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list = Checklist{Key: store.NewID()}
		if list.Person, err = candidate(tx, who, personID); err != nil {
			return err
		}
		standings, err := tx.StandingsOn(personID, a.dayOf(tx.Now))
		if err != nil {
			return err
		}
		seen, err := tx.LatestObservations(personID)
		list.Pursuits = l.pursuits(standings)
		needs := l.needs(list.Pursuits)
		for _, item := range l.Observations {
			line := ChecklistItem{ObservationItem: item}
			line.Needed = slices.ContainsFunc(needs, func(n cert.ObservationItem) bool { return n.ID == item.ID })
			if o, ok := seen[item.ID]; ok {
				line.Last = a.sight(o)
			}
			list.Items = append(list.Items, line)
		}
		return err
	})
	return list, err
}

// candidate returns a person the actor may sign for: of the own store, still
// employed, and somebody else.
func candidate(tx *store.Tx, who people.Actor, personID string) (people.Person, error) {
	if personID == who.ID {
		return people.Person{}, fault.New(fault.Forbidden, "observe.not_yourself")
	}
	p, err := tx.Person(personID)
	if err != nil {
		return p, err
	}
	if p.Left() {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	return p, people.Allow(who, people.SignObservation, p.Subject())
}

// Signature is what an observer saw of one item. What was not seen has none.
type Signature struct {
	Item   string
	Passed bool
	Note   string
}

// SignObservation records what the actor saw a person do. key comes from the
// Checklist the signatures were made on: sent again they change nothing, and if
// an item of the same list was signed otherwise before, all is refused with
// fault.Conflict.
func (a *Academy) SignObservation(ctx context.Context, who people.Actor, personID, key string, signed []Signature) error {
	if err := people.May(who, people.SignObservation); err != nil {
		return err
	}
	if err := a.Library().checkSignatures(key, signed); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := candidate(tx, who, personID)
		if err != nil {
			return err
		}
		var events []cert.Event
		var detail []string
		for _, s := range signed {
			o := observation(tx, who, p.ID, key, s)
			added, err := observeOnce(tx, o)
			if err != nil {
				return err
			}
			if added {
				events = append(events, observed(o, who))
				detail = append(detail, o.Item+" "+string(o.Result))
			}
		}
		if len(events) == 0 {
			return nil
		}
		if err := a.record(tx, p, "", events...); err != nil {
			return err
		}
		return audit(tx, who, "sign_observation", p.Name, p.ID, strings.Join(detail, ", "))
	})
}

// checkSignatures refuses a list that no checklist can have produced, and one
// that says nothing.
func (l *Library) checkSignatures(key string, signed []Signature) error {
	if len(signed) == 0 {
		return fault.New(fault.Invalid, "observe.nothing_seen")
	}
	once := map[string]bool{}
	for _, s := range signed {
		if _, ok := l.Observation(s.Item); !ok || once[s.Item] || key == "" {
			return fault.New(fault.Invalid, "error.bad_request")
		}
		once[s.Item] = true
		if utf8.RuneCountInString(s.Note) > maxNote {
			return inField("note-"+s.Item, fault.Newf(fault.Invalid, "observe.note_long", fault.Args{"max": maxNote}))
		}
	}
	return nil
}

// observation is a signature as it is stored. Its id follows from the checklist
// and the item, so that the same signature sent twice is one observation.
func observation(tx *store.Tx, who people.Actor, personID, key string, s Signature) store.Observation {
	o := store.Observation{
		ID:       digest(strings.Join([]string{"observation", who.ID, personID, key, s.Item}, " ")),
		PersonID: personID, ObserverID: who.ID, Observer: who.Name,
		Item: s.Item, Result: store.ObservationNotYet, Note: strings.TrimSpace(s.Note), ObservedAt: tx.Now,
	}
	if s.Passed {
		o.Result = store.ObservationPass
	}
	return o
}

// observeOnce stores an observation. added is false for a replay; the same id
// with something else in it is fault.Conflict.
func observeOnce(tx *store.Tx, o store.Observation) (added bool, err error) {
	added, err = tx.AddObservation(o)
	if err != nil || added {
		return added, err
	}
	before, err := tx.Observation(o.ID)
	if err == nil && (before.Result != o.Result || before.Note != o.Note) {
		err = fault.New(fault.Conflict, "observe.signed_already")
	}
	return false, err
}

// observed is the evidence an observation gives.
func observed(o store.Observation, who people.Actor) cert.Event {
	outcome := cert.NotYet
	if o.Result == store.ObservationPass {
		outcome = cert.Passed
	}
	e := evidence(cert.Observation, o.Item, outcome, 0, o.ID)
	e.Reason, e.ActorID, e.Actor = o.Note, who.ID, who.Name
	return e
}
