// Package cert decides who is certified, from when until when, and why. A
// certification is a Policy (versioned text) and, per person, an append-only
// ledger of Events; Status folds the two into a Standing for any day, past or
// future. Nothing here reads a clock or a database, and nothing is ever reset:
// learning that was done stays on the ledger and counts wherever the rules let it.
package cert

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"qibu/internal/calendar"
)

// Basis says from which day a new period of validity is counted.
type Basis string

// The bases. C is the day the last requirement was met, P the validity in
// months, E the baseline expiry of the certificate being renewed (the last
// valid day before any extension). A period that starts on day S ends on the
// day before S + P, inclusive.
const (
	// Completion: S = C. Renewing early costs days, renewing late drifts later
	// (Totara "from completion"; what Absorb and Litmos document).
	Completion Basis = "completion"
	// PreviousExpiry: on time S = E + 1, and for a first award S = the due day
	// + 1 where one was set; late or lapsed S = C (Totara "from expiry").
	PreviousExpiry Basis = "previous_expiry"
	// LaterOf: S = the later of C and E + 1, so that nobody loses a day by
	// renewing early (Moodle Workplace "later of completion or expiry").
	LaterOf Basis = "later_of"
	// FixedAnchor: everybody's certificate ends on the same day of the year. The
	// first anchor at least MinActiveDays after C ends the first year; a policy
	// of n years adds n − 1 (Totara "fixed expiry", for whole years).
	FixedAnchor Basis = "fixed_anchor"
)

// The kinds of requirement.
const (
	Module      = "module"      // a course module read to its end
	Quiz        = "quiz"        // a paper passed with at least the mark
	Scenario    = "scenario"    // a role-play passed with at least the mark
	Observation = "observation" // an item of the practical checklist, signed by an observer
	Practice    = "practice"    // a quiz's questions practised again and again, with at least the mark
)

var kinds = []string{Module, Quiz, Scenario, Observation, Practice}

// Requirement is one thing a person has to show.
type Requirement struct {
	Kind      string // Module, Quiz, Scenario, Observation or Practice
	Ref       string // "course/module", a quiz or scenario slug, or an observation item such as "O6"
	Mark      int    // lowest percentage that counts; 0 where the kind has no mark
	NoRedLine bool   // a scenario in which a red line was crossed does not count
	Title     string // how the requirement is named in sentences

	// Practice: on at least Days different days of the last Within, and with at
	// least Answers answers. Left out of what a version hashes where not asked for.
	Days    int `json:",omitempty"`
	Within  int `json:",omitempty"`
	Answers int `json:",omitempty"`
}

// Reached says how many percent of the answers to what was practised in the last
// Within days were right, rounded down, and whether that and how much there was
// fulfil r.
func (r Requirement) Reached(days, answers, right int) (percent int, ok bool) {
	percent = right * 100 / max(answers, 1)
	return percent, r.Kind == Practice && days >= r.Days && answers >= r.Answers && right*100 >= r.Mark*answers
}

// Alike reports whether what fulfils r fulfils q, and the other way round.
func (r Requirement) Alike(q Requirement) bool {
	r.Title = q.Title
	return r == q
}

// metBy reports whether e is evidence that fulfils r.
func (r Requirement) metBy(e *Event) bool {
	if !r.concerns(e) {
		return false
	}
	switch e.Outcome {
	case External:
		return true
	case Passed:
		return e.Percent >= r.Mark && !(r.NoRedLine && e.RedLine)
	default:
		return false
	}
}

// concerns reports whether e is evidence about r, good or bad.
func (r Requirement) concerns(e *Event) bool {
	return e.Kind == EventEvidence && e.Requirement == r.Kind && e.Ref == r.Ref
}

// Policy is one version of a certification's rules. Evidence earned under an
// older version keeps counting unless an EventPolicyChanged says otherwise.
type Policy struct {
	Slug           string
	Level          string // "L1", "L2", "L3", "LM"
	Title, TitleEN string
	Version        string // hash of the rules; equal rules have equal versions
	ValidityMonths int
	Basis          Basis
	AnchorMonth    int // 1–12, FixedAnchor only
	AnchorDay      int // 1–31, clamped to the month's end; the last valid day
	MinActiveDays  int // FixedAnchor only: shortest validity worth granting
	WindowDays     int // renewal opens this many days before the last valid day
	GraceDays      int // the shorter renewal path stays open this many days after it
	Initial        []Requirement
	Renewal        []Requirement // the shorter path; empty means the lapsed path
	Lapsed         []Requirement // the path after grace; empty means Initial
}

// lapsed returns what a person has to show once renewal is no longer possible.
func (p Policy) lapsed() []Requirement {
	if len(p.Lapsed) > 0 {
		return p.Lapsed
	}
	return p.Initial
}

// version hashes everything that is a rule or a name, and nothing that is layout.
func (p Policy) version() string {
	canonical, err := json.Marshal(p)
	if err != nil {
		panic(fmt.Sprintf("cert: policy is not plain data: %v", err))
	}
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])[:16]
}

// periodEnd returns the last valid day of a period that starts on start.
func (p Policy) periodEnd(start calendar.Day) calendar.Day {
	return start.AddMonths(p.ValidityMonths).AddDays(-1)
}

// anchorEnd returns the anchor day on which a certificate earned on done ends.
func (p Policy) anchorEnd(done calendar.Day) calendar.Day {
	year, _ := strconv.Atoi(string(done[:4]))
	for done.DaysUntil(p.anchor(year)) < p.MinActiveDays {
		year++
	}
	return p.anchor(year + p.ValidityMonths/12 - 1)
}

// anchor returns the anchor day of a year; 29 February is the 28th in common years.
func (p Policy) anchor(year int) calendar.Day {
	month := time.Month(p.AnchorMonth)
	last := calendar.Date(year, month+1, 0)
	return min(calendar.Date(year, month, p.AnchorDay), last)
}
