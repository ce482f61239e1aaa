package cert

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/fault"
)

// EventKind says what happened.
type EventKind string

// The kinds of event. What Until means is said with each.
const (
	EventAssigned EventKind = "assigned" // Until: the day by which to be certified, if any
	// EventWithdrawn takes every assignment before it back: what was due is not
	// due any more. What was shown stays.
	EventWithdrawn EventKind = "withdrawn"
	EventEvidence  EventKind = "evidence" // Requirement, Ref and Outcome say what was shown
	// EventExtended grants time until Until: to the due day before the first
	// award, afterwards to the certificate held on the event's day. It never
	// shortens anything, and later expiries are counted as if it had not been.
	EventExtended   EventKind = "extended"
	EventExempted   EventKind = "exempted"   // Until: last exempt day; none means for good. The latest exemption counts
	EventSuspended  EventKind = "suspended"  // Until: last suspended day; none means until reinstated
	EventRevoked    EventKind = "revoked"    // from this day on, until reinstated
	EventReinstated EventKind = "reinstated" // ends suspension and revocation; the standing beneath shows again
	EventTemporary  EventKind = "temporary"  // provisional validity until Until; real validity takes precedence
	// EventRegraded corrects a piece of evidence: from this day on Outcome and
	// Percent hold as if they had always been so. SourceID is the evidence's, a #
	// and the number of the result. Whatever rested on the evidence follows.
	EventRegraded      EventKind = "regraded"
	EventPolicyChanged EventKind = "policy_changed" // Until: evidence up to this day stops counting, for the named requirement or, when none is named, for all; none means all evidence keeps counting
)

// Outcome is the result a piece of evidence shows. Only Passed and External count.
type Outcome string

// The outcomes.
const (
	Passed   Outcome = "passed"   // read, passed or signed
	Failed   Outcome = "failed"   // failed, for any reason
	NotYet   Outcome = "not_yet"  // the observer saw it and did not sign
	External Outcome = "external" // accepted from elsewhere, with a reason
)

// Event is one line of a person's ledger for one certification. Events are
// appended and never changed. Day is the day that counts, in the organisation's
// zone; At orders events of the same day.
type Event struct {
	Kind        EventKind
	Day         calendar.Day
	At          time.Time
	Requirement string // for evidence: the requirement's kind
	Ref         string // for evidence: the requirement's ref
	Outcome     Outcome
	Percent     int
	RedLine     bool // a red line was crossed
	Until       calendar.Day
	Reason      string
	ActorID     string
	Actor       string // the name, as shown to people
	SourceID    string // attempt, session or observation this rests on
}

// Check reports whether e may be appended to a ledger: a fault of kind Invalid
// when its kind is unknown or what its kind demands is missing.
func (e Event) Check() error {
	if _, err := calendar.ParseDay(string(e.Day)); err != nil {
		return fault.Wrap(fault.Invalid, "cert.event_day", err)
	}
	switch e.Kind {
	case EventAssigned, EventWithdrawn, EventPolicyChanged:
		return nil
	case EventEvidence:
		return e.checkEvidence()
	case EventRegraded:
		return cmp.Or(e.checkEvidence(), e.needReason())
	case EventExtended, EventTemporary:
		if e.Until.Before(e.Day) {
			return fault.New(fault.Invalid, "cert.until_required")
		}
		return e.needReason()
	case EventExempted, EventSuspended, EventRevoked, EventReinstated:
		return e.needReason()
	default:
		return fault.New(fault.Invalid, "cert.event_kind")
	}
}

func (e Event) checkEvidence() error {
	if !slices.Contains(kinds, e.Requirement) || e.Ref == "" {
		return fault.New(fault.Invalid, "cert.event_kind")
	}
	switch e.Outcome {
	case Passed, Failed, NotYet:
		return nil
	case External:
		return e.needReason()
	default:
		return fault.New(fault.Invalid, "cert.event_kind")
	}
}

func (e Event) needReason() error {
	if strings.TrimSpace(e.Reason) == "" {
		return fault.New(fault.Invalid, "cert.reason_required")
	}
	return nil
}

// lasts reports whether what e grants or forbids still holds on today. Without
// an end it holds for good.
func (e *Event) lasts(today calendar.Day) bool {
	return e != nil && (e.Until.IsZero() || !today.After(e.Until))
}

// end returns the last day on which e holds.
func (e *Event) end() calendar.Day {
	if e.Until.IsZero() {
		return calendar.Forever
	}
	return e.Until
}

// corrects returns the source of the evidence that a regraded event is about.
func (e Event) corrects() string {
	source, _, _ := strings.Cut(e.SourceID, "#")
	return source
}

// Corrected returns the events with evidence as the latest correction among them
// has it.
func Corrected(events []Event) []Event {
	latest := map[string]Event{}
	for _, e := range events {
		if e.Kind == EventRegraded {
			latest[e.corrects()] = e
		}
	}
	if len(latest) == 0 {
		return events
	}
	events = slices.Clone(events)
	for i, e := range events {
		if c, ok := latest[e.SourceID]; ok && e.Kind == EventEvidence && e.SourceID != "" {
			events[i].Outcome, events[i].Percent = c.Outcome, c.Percent
		}
	}
	return events
}

// compare orders events as they count: by day, then by the moment they were recorded.
func (e Event) compare(f Event) int {
	return cmp.Or(cmp.Compare(e.Day, f.Day), e.At.Compare(f.At))
}
