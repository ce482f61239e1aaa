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
	Match     = "match"      // give every row its option
	Fill      = "fill"       // fill the blanks of a text
	Numeric   = "numeric"    // a figure, with its unit where one is asked for
	Hot       = "hot"        // tap the places of a picture in the right order
	Text      = "text"       // free text, marked by a trainer
)

// Picture is what a hot question is asked on.
type Picture struct {
	Source        string // file beside the banks, "img/car-top.svg"
	Alt           string
	Width, Height int // for its proportions
}

// Responses is what is said of an answer as a whole, inline.
type Responses struct {
	Right, Partly, Wrong string
}

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
	Case    int    // the questions of one case have the same number, 0 for none
	Story   string // the case's situation, safe HTML; on its first question only
	Stem    string // safe HTML, block level; of a fill question empty
	Points  int
	Options []Option
	Rows    []string // match: the left sides, inline
	Pieces  []string // fill: safe HTML before, between and behind the blanks
	Units   []string // numeric: to choose from
	Picture *Picture // hot
	Most    int      // text: characters allowed
	Answer  Answer   // saved so far; empty when unanswered
	Seq     int64    // sequence number of the saved answer; the next save must exceed it
}

// Option is one thing to choose or to place.
type Option struct {
	Token string // opaque, of this attempt only
	Text  string // safe HTML, inline
	X, Y  int    // hot: thousandths of the picture's width and height
}

// Answer is what was given to one question. Empty means unanswered.
//
//   - single, multiple, true-false: the tokens of the options chosen
//   - order: every token, in the chosen order
//   - hot: tokens in the order tapped, not necessarily all
//   - match: for each row the token of its option, "" where none is given yet
//   - fill: for each blank what was written, "" where nothing
//   - numeric: what was written, then the unit chosen where units are offered
//   - text: what was written
type Answer []string

// Result is a graded attempt, released to the learner after it is closed.
type Result struct {
	Points, Max    int // earned and attainable; pilot questions count in neither
	Percent        int // Points of Max, rounded down; for show, Passed is decided on the points
	PassMark       int // percent needed
	Passed         bool
	Pending        int            // free texts not marked yet; until there are none, nothing above is final and Passed is false
	CriticalMissed int            // critical questions below full marks; one is enough to fail
	Topics         []TopicOutcome // by topic; only those that have a minimum can fail
	Items          []Reviewed
}

// TopicOutcome is how one competence dimension went.
type TopicOutcome struct {
	Topic       string // D1 to D8
	Points, Max int
	Need        int // percent needed, 0 for no minimum
	Short       bool
}

// Reviewed is one question of a graded attempt with everything worth learning from it.
type Reviewed struct {
	Slot        int
	Kind        string
	Case        int
	Story       string // as on the sheet
	Stem        string
	Points, Max int  // both 0 for a pilot question
	Right       bool // full marks
	Critical    bool
	Pilot       bool             // on trial: reviewed, not scored
	Void        bool             // withdrawn as faulty: everyone has full marks
	Options     []ReviewedOption // as shown; for an order or hot question in the right order
	Rows        []ReviewedRow    // match
	Pieces      []string         // fill
	Entries     []ReviewedEntry  // fill: one a blank; numeric: one; text: one
	Picture     *Picture         // hot
	Criteria    []ReviewedCriterion
	Pending     bool   // text: not marked yet
	Comment     string // text: what the trainer had to say, plain text
	Model       string // text: an answer as it should be, safe HTML
	Said        string // safe HTML, inline: what fits how it went; may be empty
	Explanation string // safe HTML, block level; may be empty
	Sources     []string
	Review      string // where to read up: "course/module#heading"
}

// ReviewedOption is one option with the reason why it is right or tempting.
type ReviewedOption struct {
	Text, Why         string // safe HTML, inline; Why may be empty
	Chosen, Right     bool   // for an order or hot question: placed at all, placed where it belongs
	Credit            int    // percent it earned or cost, where the question says so
	Place, RightPlace int    // order and hot questions only, 1-based; Place 0 = unanswered
	X, Y              int    // hot
}

// ReviewedRow is one row of a match question.
type ReviewedRow struct {
	Text, Chosen, Want string // safe HTML, inline; Chosen may be empty
	Right              bool
}

// ReviewedEntry is one thing written, with what would have been right.
type ReviewedEntry struct {
	Given  string   // plain text as written, with its unit
	Accept []string // plain text: what earns full marks, the best first
	Right  bool
	Why    string // safe HTML, inline; what the author says to this very answer
}

// ReviewedCriterion is one thing a trainer looked for in a free text.
type ReviewedCriterion struct {
	Text        string // safe HTML, inline
	Points, Max int
}
