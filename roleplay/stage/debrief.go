package stage

// Debrief explains a finished rehearsal. Percentages are whole, 0–100.
type Debrief struct {
	Title      string
	Note       string // what of the story is not from the sources
	Exam       bool
	Customer   Customer // as he left
	Ending     string   // the ending's title
	Closing    []Line   // its lines: the outcome in the customer's words
	Passed     bool
	Rules      []Rule // the pass rule, clause by clause
	Total      int    // weighted mean of the dimensions' Percent
	Dimensions []Dimension
	Mood       []Moment // before the first word, then after every choice
	Drop, Rise int      // index into Mood of the turn that hurt or helped most; 0 none
	RedLines   []RedLine
	Costly     []Costly   // at most three, the dearest first
	Unopened   []Document // papers left unread, with what they would have told
	Path       []Turn
}

// The kinds of Rule.
const (
	RuleTotal     = "total"     // Want and Got are percent
	RuleDimension = "dimension" // Want and Got are percent
	RuleMeter     = "meter"     // Want and Got are the meter's value at the end
	RuleClean     = "clean"     // no red line; Got counts the red lines crossed
)

// Rule is one clause of the pass rule. Name is the dimension's key or the
// meter's name, otherwise empty.
type Rule struct {
	Kind, Name string
	Want, Got  int
	Met        bool
}

// Dimension is one competence: points earned between the least and the most
// any route through the scenario can earn. Mark is its own pass mark, 0 none.
type Dimension struct {
	Key, Name                       string
	Earned, Min, Max, Percent, Mark int
}

// Moment is a point of the mood curve. Value is 0–100, Mood 1–7; Said is what
// the learner had just said, empty for the start.
type Moment struct {
	Step, Value, Mood int
	Said              string
}

// RedLine is a critical failure with the exact sentence that crossed it.
type RedLine struct {
	Step                          int
	Said, Broken, Coaching, Basis string
	Sources                       []string // fact ids
}

// Costly is a choice that gave away points, next to the best one on offer then.
type Costly struct {
	Step       int
	Scene      string
	Said, Best string
	Coaching   string // why what was said is weak
	Expert     string // how an expert sees the better one
	Basis      string
	Sources    []string // fact ids
	Lost       int      // percent of the total
}

// Turn is one choice of the path taken.
type Turn struct {
	Step        int
	Scene, Said string
	Points      []Points
}

// Points is what a choice earned in one dimension.
type Points struct {
	Key    string
	Points int
}
