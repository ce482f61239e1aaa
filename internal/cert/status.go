package cert

import (
	"slices"
	"strconv"

	"qibu/internal/calendar"
)

// State is where a person stands, in one word.
type State string

// The states.
const (
	Exempt            State = "exempt"             // not required of this person
	NotStarted        State = "not_started"        // nothing shown yet
	InProgress        State = "in_progress"        // something shown, more is missing
	Overdue           State = "overdue"            // the due day passed without a certificate
	AwaitingPractical State = "awaiting_practical" // only observation items are missing
	Certified         State = "certified"
	RenewalOpen       State = "renewal_open" // certified, and the renewal window is open
	Grace             State = "grace"        // expired, but the shorter path is still open
	Expired           State = "expired"
	Suspended         State = "suspended"
	Revoked           State = "revoked"
	Temporary         State = "temporary" // provisional validity in place of a certificate
)

// Standing is the answer for one person, one certification and one day.
type Standing struct {
	State       State
	ValidFrom   calendar.Day // day the current certificate was earned; none before the first
	ValidUntil  calendar.Day // its last valid day, extensions included
	WindowOpens calendar.Day // first day on which evidence counts for renewal
	GraceEnds   calendar.Day // last day of the shorter renewal path
	Due         calendar.Day // day by which to have finished next; none when no day was set
	Missing     []Requirement
	Met         []Evidence
	Until       calendar.Day // last day this standing holds if nothing more happens; calendar.Forever
	Reason      Reason
}

// Evidence is a requirement and the event that fulfils it.
type Evidence struct {
	Requirement Requirement
	Event       Event
}

// Compliant reports whether the person may do the certified work, or need not
// be certified at all. Grace counts as expired.
func (s Standing) Compliant() bool {
	switch s.State {
	case Exempt, Certified, RenewalOpen, Temporary:
		return true
	default:
		return false
	}
}

// Status folds the events up to and including today under the policy. Later
// events are not looked at, so the answer for a day never changes because of
// something that happened afterwards.
func Status(p Policy, events []Event, today calendar.Day) Standing {
	r := record{policy: p}
	events = slices.SortedStableFunc(slices.Values(events), Event.compare)
	if later := slices.IndexFunc(events, func(e Event) bool { return e.Day.After(today) }); later >= 0 {
		events = events[:later]
	}
	for _, e := range Corrected(events) {
		r.apply(e)
	}
	return r.standing(today)
}

// record is what the ledger has established so far.
type record struct {
	policy    Policy
	evidence  []Event      // all evidence, good and bad, in order
	stale     []Event      // policy changes that end the life of older evidence
	due       calendar.Day // earliest due day assigned
	granted   calendar.Day // latest extension of it
	period    *period      // the latest certificate; nil before the first
	exemption *Event
	suspended *Event
	revoked   *Event
	temporary *Event
}

// period is one certificate's validity.
type period struct {
	from      calendar.Day
	baseline  calendar.Day // last valid day as the basis has it; renewals count from here
	until     calendar.Day // last valid day with extensions
	opens     calendar.Day
	graceEnds calendar.Day
	earnedBy  []Evidence
	extension *Event // the extension that set until; nil when until is the baseline
	reason    Reason // why these dates
}

func (r *record) apply(e Event) {
	switch e.Kind {
	case EventAssigned:
		if !e.Until.IsZero() && (r.due.IsZero() || e.Until.Before(r.due)) {
			r.due = e.Until
		}
	case EventWithdrawn:
		r.due, r.granted = "", ""
	case EventEvidence:
		r.evidence = append(r.evidence, e)
	case EventExtended:
		r.extend(e)
	case EventExempted:
		r.exemption = &e
	case EventSuspended:
		r.suspended = &e
	case EventRevoked:
		r.revoked = &e
	case EventReinstated:
		r.suspended, r.revoked = nil, nil
	case EventTemporary:
		if !e.Until.IsZero() {
			r.temporary = &e
		}
	case EventPolicyChanged:
		r.stale = append(r.stale, e)
	}
	r.settle(e.Day)
}

// extend moves the end of what the person holds: the due day before the first
// award, the certificate's last day afterwards. The baseline stays.
func (r *record) extend(e Event) {
	if r.period == nil {
		r.granted = calendar.Later(r.granted, e.Until)
		return
	}
	if e.Until.After(r.period.until) {
		r.period.until = e.Until
		r.period.graceEnds = e.Until.AddDays(r.policy.GraceDays)
		r.period.extension = &e
	}
}

// dueDay is the earliest due day, unless an extension reaches further.
func (r *record) dueDay() calendar.Day {
	if r.due.IsZero() {
		return r.due
	}
	return calendar.Later(r.due, r.granted)
}

// settle awards the certificate when a path is complete on day. One award
// closes every cycle missed before it.
func (r *record) settle(day calendar.Day) {
	for _, w := range r.ways(day) {
		if met, missing := r.walk(w); len(missing) == 0 {
			r.award(day, met)
			return
		}
	}
}

// way is one way to the certificate: what is asked, and from which day on
// evidence counts.
type way struct {
	asks         []Requirement
	since        calendar.Day
	readingStays bool // modules once read need not be read again
}

// ways returns the ways open on day, the shortest first; none while a
// certificate is not yet up for renewal.
//
// The window lasts from the day it opens to the end of grace, and renewal counts
// evidence of those days only, wherever it began. After grace the lapsed path
// counts evidence from the same day on, so that work done in a window that was
// missed is not lost; what was read stays read, what shows skill is shown again.
// The lapsed path, being the longer one, may be taken inside the window as well.
func (r *record) ways(day calendar.Day) []way {
	if r.period == nil {
		return []way{{asks: r.policy.Initial}}
	}
	if day.Before(r.period.opens) {
		return nil
	}
	lapsed := way{asks: r.policy.lapsed(), since: r.period.opens, readingStays: true}
	if len(r.policy.Renewal) == 0 || day.After(r.period.graceEnds) {
		return []way{lapsed}
	}
	return []way{{asks: r.policy.Renewal, since: r.period.opens}, lapsed}
}

// walk sorts a way's requirements into those met, each with its latest
// evidence, and those missing.
func (r *record) walk(w way) (met []Evidence, missing []Requirement) {
	for _, q := range w.asks {
		since := w.since
		if w.readingStays && q.Kind == Module {
			since = ""
		}
		if e, ok := r.latest(q, since); ok {
			met = append(met, Evidence{q, e})
		} else {
			missing = append(missing, q)
		}
	}
	return met, missing
}

// latest finds the newest evidence of since or later that fulfils q.
func (r *record) latest(q Requirement, since calendar.Day) (Event, bool) {
	for i := len(r.evidence) - 1; i >= 0 && !r.evidence[i].Day.Before(since); i-- {
		if e := &r.evidence[i]; q.metBy(e) && !r.isStale(e) {
			return *e, true
		}
	}
	return Event{}, false
}

// isStale reports whether a policy change ended the life of e.
func (r *record) isStale(e *Event) bool {
	return slices.ContainsFunc(r.stale, func(c Event) bool {
		named := c.Requirement != ""
		return !e.Day.After(c.Until) && (!named || c.Requirement == e.Requirement && c.Ref == e.Ref)
	})
}

// started reports whether the person has shown anything for the first award,
// passed or not.
func (r *record) started() bool {
	return slices.ContainsFunc(r.evidence, func(e Event) bool {
		return slices.ContainsFunc(r.policy.Initial, func(q Requirement) bool { return q.concerns(&e) })
	})
}

// award starts the period earned on day. It never ends before the one it
// follows, and it ends any temporary grant.
func (r *record) award(day calendar.Day, met []Evidence) {
	p := r.policy
	n := &period{from: day, earnedBy: met}
	n.baseline, n.reason = r.expiry(day)
	n.until = n.baseline
	if prev := r.period; prev != nil && prev.until.After(n.baseline) {
		n.until, n.extension = prev.until, prev.extension
	}
	n.opens = calendar.Later(n.baseline.AddDays(-p.WindowDays), day.AddDays(1))
	n.graceEnds = n.until.AddDays(p.GraceDays)
	last := slices.MaxFunc(met, func(a, b Evidence) int { return a.Event.compare(b.Event) })
	n.reason = n.reason.with("item", last.Requirement.Title, "until", string(n.baseline), "window", string(n.opens))
	r.period, r.temporary = n, nil
}

// expiry applies the policy's basis to an award on day and returns the last
// valid day with the reason for it.
func (r *record) expiry(day calendar.Day) (calendar.Day, Reason) {
	p, code := r.policy, "certified"
	if r.period != nil {
		code = "renewed"
	}
	if p.Basis == FixedAnchor {
		return p.anchorEnd(day), because(code+"_anchor", "day", string(day))
	}
	why := because(code, "day", string(day), "months", strconv.Itoa(p.ValidityMonths))
	if previous := r.carriedFrom(day); !previous.IsZero() {
		// After an extension longer than a whole period nothing would be left of it.
		if end := p.periodEnd(previous.AddDays(1)); end.After(day) {
			why.Code += "_carried"
			return end, why.with("previous", string(previous))
		}
	}
	return p.periodEnd(day), why
}

// carriedFrom returns the day after which a period earned on day begins to
// count, or none when it counts from day itself.
func (r *record) carriedFrom(day calendar.Day) calendar.Day {
	switch basis := r.policy.Basis; {
	case basis == PreviousExpiry && r.period == nil && !day.After(r.dueDay()):
		return r.due
	case basis == PreviousExpiry && r.period != nil && !day.After(r.period.until),
		basis == LaterOf && r.period != nil && !day.After(r.period.baseline):
		return r.period.baseline
	}
	return ""
}

// standing reads the record on today: what lies on top hides what is beneath.
func (r *record) standing(today calendar.Day) Standing {
	s := r.beneath(today)
	switch {
	case r.revoked != nil:
		return s.under(Revoked, r.revoked, calendar.Forever)
	case r.suspended.lasts(today):
		return s.under(Suspended, r.suspended, r.suspended.end())
	case r.exemption.lasts(today):
		return s.under(Exempt, r.exemption, r.exemption.end())
	case r.temporary.lasts(today) && !s.Compliant():
		return r.provisional(s)
	}
	return s
}

// under puts a state on top of s. The dates beneath stay; what is missing is
// nobody's business while the state lasts.
func (s Standing) under(state State, e *Event, until calendar.Day) Standing {
	s.State, s.Until, s.Missing, s.Met = state, until, nil, nil
	s.Reason = decree(string(state), e)
	return s
}

// provisional lets a temporary grant stand in for the certificate that s lacks.
// What is still missing stays visible.
func (r *record) provisional(s Standing) Standing {
	until := r.temporary.end()
	if s.State == Grace {
		until = min(until, s.Until) // what is missing changes with the end of grace
	}
	s.State, s.Until, s.Reason = Temporary, until, decree(string(Temporary), r.temporary)
	return s
}

// beneath is the standing that evidence and time alone give.
func (r *record) beneath(today calendar.Day) Standing {
	if r.period == nil {
		return r.towardsFirst(today)
	}
	return r.holding(today)
}

func (r *record) towardsFirst(today calendar.Day) Standing {
	due := r.dueDay()
	s := Standing{Due: due, Until: calendar.Forever}
	s.Met, s.Missing = r.walk(way{asks: r.policy.Initial})
	switch {
	case !due.IsZero() && today.After(due):
		s.State = Overdue
		s.Reason = s.progress("overdue").with("due", string(due))
		return s
	case !r.started():
		s.State = NotStarted
	case onlyPractical(s.Missing):
		s.State = AwaitingPractical
	default:
		s.State = InProgress
	}
	s.Reason = s.progress(string(s.State))
	if !due.IsZero() {
		s.Until = due
		s.Reason.Code += "_due"
		s.Reason = s.Reason.with("due", string(due))
	}
	return s
}

func onlyPractical(missing []Requirement) bool {
	return !slices.ContainsFunc(missing, func(q Requirement) bool { return q.Kind != Observation })
}

func (r *record) holding(today calendar.Day) Standing {
	p := r.period
	s := Standing{ValidFrom: p.from, ValidUntil: p.until, WindowOpens: p.opens, GraceEnds: p.graceEnds, Due: p.until}
	if today.Before(p.opens) {
		s.State, s.Until, s.Met, s.Reason = Certified, p.opens.AddDays(-1), p.earnedBy, p.reason
		if p.extension != nil {
			s.Reason = p.extended("extended", because(""))
		}
		return s
	}
	s.Met, s.Missing = r.walk(r.ways(today)[0])
	switch {
	case !today.After(p.until):
		s.State, s.Until = RenewalOpen, p.until
	case !today.After(p.graceEnds):
		s.State, s.Until = Grace, p.graceEnds
	default:
		s.State, s.Until = Expired, calendar.Forever
	}
	s.Reason = s.progress(string(s.State)).with("until", string(p.until), "grace", string(p.graceEnds))
	if s.State == RenewalOpen {
		s.Reason = s.Reason.with("window", string(p.opens))
		if p.extension != nil {
			s.Reason = p.extended("renewal_open_extended", s.Reason)
		}
	}
	return s
}
