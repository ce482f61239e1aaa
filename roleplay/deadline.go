package roleplay

import (
	"cmp"
	"time"
)

// MaxFactor is the most time a person may be given, in percent of what the
// scenario allows: ten times (WCAG 2.2, success criterion 2.2.1).
const MaxFactor = 1000

// Grace is how long after the deadline a choice still counts: its way over
// the network is not the learner's hesitation.
const Grace = 2 * time.Second

// Deadline is when saying nothing becomes the decision, in unix ms; 0 when
// there is no limit of time at st. It counts from the latest decision, or from
// the session's start: reading a document does not stop the clock.
func (s Session) Deadline(st State) int64 {
	limit := s.Scenario.Limit(&st.at)
	if limit == nil {
		return 0
	}
	return st.since + s.allowed(limit)
}

// allowed is the time this person has for a decision, in ms.
func (s Session) allowed(limit *Silence) int64 {
	return 10 * int64(limit.Seconds) * int64(cmp.Or(s.Factor, 100))
}

// Expire gives the silence to append to the log when at now (unix ms) the
// deadline and its grace have passed. The silence happened at the deadline,
// however much later the session is looked at, so the next limit may have
// expired as well: ask until there is no more.
func (s Session) Expire(st State, now int64) (Event, bool) {
	deadline := s.Deadline(st)
	if deadline == 0 || now <= deadline+Grace.Milliseconds() {
		return Event{}, false
	}
	return Event{Step: st.Step, Kind: SayNothing, Ref: st.Scene, At: deadline}, true
}
