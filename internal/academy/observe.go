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

// waits reports whether nothing but the practical is missing for some certificate.
func (c Candidate) waits() bool {
	return slices.ContainsFunc(c.Pursuits, func(p Pursuit) bool {
		missing := p.Standing.Missing
		return len(missing) > 0 && !slices.ContainsFunc(missing, func(q cert.Requirement) bool { return q.Kind != cert.Observation })
	})
}

// urgency orders candidates: who only waits for a signature comes first, then
// who needs one later.
func (c Candidate) urgency() int {
	switch {
	case c.waits():
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

// Signature is what an observer says about one item of a checklist.
type Signature struct {
	Item    string
	Outcome cert.Outcome // cert.Passed, cert.NotYet, or "" for not seen: nothing is recorded
	Note    string
}

// SignObservation records what the actor saw a person do. key comes from the
// Checklist the signatures were made on: sent again they change nothing, and if
// an item of the same list was signed otherwise before, all is refused with
// fault.Conflict.
func (a *Academy) SignObservation(ctx context.Context, who people.Actor, personID, key string, list []Signature) error {
	if err := people.May(who, people.SignObservation); err != nil {
		return err
	}
	if key == "" {
		return fault.New(fault.Invalid, "error.bad_request")
	}
	signed, err := a.Library().signed(list)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := candidate(tx, who, personID)
		if err != nil {
			return err
		}
		return a.sign(tx, who, p, key, signed)
	})
}

// sign records those signatures that were not recorded before.
func (a *Academy) sign(tx *store.Tx, who people.Actor, p people.Person, key string, signed []Signature) error {
	var events []cert.Event
	var detail []string
	for _, s := range signed {
		e := evidence(cert.Observation, s.Item, s.Outcome, 0, observationID(who, p, key, s.Item))
		e.Reason, e.ActorID, e.Actor = s.Note, who.ID, who.Name
		added, err := observe(tx, p, e)
		if err != nil {
			return err
		}
		if added {
			events = append(events, e)
			detail = append(detail, s.Item+" "+string(s.Outcome))
		}
	}
	if len(events) == 0 {
		return nil
	}
	if err := a.record(tx, p, "", events...); err != nil {
		return err
	}
	return audit(tx, who, "sign_observation", p.Name, p.ID, strings.Join(detail, ", "))
}

// signed returns what was seen of a checklist. It refuses a list that says
// nothing, one that no checklist can have produced, and a note on what was not
// seen: it would get lost.
func (l *Library) signed(list []Signature) (signed []Signature, err error) {
	once := map[string]bool{}
	for _, s := range list {
		s.Note = strings.TrimSpace(s.Note)
		_, known := l.Observation(s.Item)
		switch {
		case !known || once[s.Item]:
			return nil, fault.New(fault.Invalid, "error.bad_request")
		case utf8.RuneCountInString(s.Note) > maxNote:
			return nil, inField("note-"+s.Item, fault.Newf(fault.Invalid, "observe.note_long", fault.Args{"max": maxNote}))
		case s.Outcome == cert.Passed || s.Outcome == cert.NotYet:
			signed = append(signed, s)
		case s.Outcome != "":
			return nil, fault.New(fault.Invalid, "error.bad_request")
		case s.Note != "":
			return nil, inField("note-"+s.Item, fault.New(fault.Invalid, "observe.note_unsigned"))
		}
		once[s.Item] = true
	}
	if len(signed) == 0 {
		return nil, fault.New(fault.Invalid, "observe.nothing_seen")
	}
	return signed, nil
}

// observationID follows from the checklist and the item, so that a signature
// sent twice is one observation.
func observationID(who people.Actor, p people.Person, key, item string) string {
	return digest(strings.Join([]string{"observation", who.ID, p.ID, key, item}, " "))
}

// observe stores what the evidence rests on. added is false for a replay; the
// same item of the same checklist with something else in it is fault.Conflict.
func observe(tx *store.Tx, p people.Person, e cert.Event) (added bool, err error) {
	o := store.Observation{
		ID: e.SourceID, PersonID: p.ID, ObserverID: e.ActorID, Item: e.Ref,
		Result: store.ObservationNotYet, Note: e.Reason, ObservedAt: tx.Now,
	}
	if e.Outcome == cert.Passed {
		o.Result = store.ObservationPass
	}
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
