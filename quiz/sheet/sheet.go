// Package sheet holds what a learner may see of a quiz: the Sheet while the
// attempt is open, the Result once it is closed. The two share no type that
// carries a key, so a page rendering a Sheet has no answer to leak. Package
// quiz, which does know the answers, fills both.
package sheet

// The kinds of question.
const (
	Single    = "single"     // one right option
	Multiple  = "multiple"   // any number of right options
	TrueFalse = "true-false" // 对 or 错, always shown in that order
	Order     = "order"      // put every option into the right order
)

// Sheet is an open attempt as the learner sees it: questions in paper order
// with what has been answered so far.
type Sheet struct {
	Quiz  string // slug of the bank
	Title string
	Items []Item
}

// Item is one question of an open attempt.
type Item struct {
	Slot    int    // 1-based place in the paper
	Kind    string // one of the kinds above
	Stem    string // safe HTML, block level
	Points  int
	Options []Option
	Answer  Answer // saved so far; empty when unanswered
	Seq     int64  // sequence number of the saved answer; the next save must exceed it
}

// Option is one thing to choose or to place.
type Option struct {
	Token string // opaque, of this attempt only
	Text  string // safe HTML, inline
}

// Answer is the option tokens chosen; for an order question all tokens in the
// chosen order. Empty means unanswered.
type Answer []string

// Result is a graded attempt, released to the learner after it is closed.
type Result struct {
	Points, Max    int // earned and attainable; pilot questions count in neither
	Percent        int // Points of Max, rounded down; for show, Passed is decided on the points
	PassMark       int // percent needed
	Passed         bool
	CriticalMissed int // critical questions below full marks; one is enough to fail
	Items          []Reviewed
}

// Reviewed is one question of a graded attempt with everything worth learning from it.
type Reviewed struct {
	Slot        int
	Kind, Stem  string
	Points, Max int  // both 0 for a pilot question
	Right       bool // full marks
	Critical    bool
	Pilot       bool             // on trial: reviewed, not scored
	Options     []ReviewedOption // as shown; for an order question in the right order
	Explanation string           // safe HTML, block level; may be empty
	Sources     []string         // fact ids, e.g. "S4-035"
	Review      string           // where to read up: "course/module#heading"
}

// ReviewedOption is one option with the reason why it is right or tempting.
type ReviewedOption struct {
	Text, Why         string // safe HTML, inline; Why may be empty
	Chosen, Right     bool   // for an order question: placed at all, placed where it belongs
	Place, RightPlace int    // order questions only, 1-based; Place 0 = unanswered
}
