package stage

// Debrief explains a finished rehearsal. Percentages are whole, 0–100.
type Debrief struct {
	Title      string
	Note       string // what of the story is not from the sources
	Exam       bool
	Customer   Customer // as he left
	Persona    string   // the temperament he had, "" when the story knows none
	Ending     string   // the ending's title
	Closing    []Line   // its lines: the outcome in the customer's words
	Passed     bool
	Rules      []Rule // the pass rule, clause by clause
	Total      int    // weighted mean of the dimensions' Percent
	Dimensions []Dimension
	Mood       []Moment // before the first word, then after every decision
	Drop, Rise int      // index into Mood of the turn that hurt or helped most; 0 none
	Others     []Curve  // how the meters beside the mood went
	RedLines   []RedLine
	Costly     []Costly   // at most three, the dearest first
	Unopened   []Document // papers left unread, with what they would have told
	Path       []Turn
	Habits     Habits
}

// In all that follows, Said is empty where the learner said nothing in time.

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

// Curve is how a meter went, as Debrief tells of the mood.
type Curve struct {
	Meter      string
	Moments    []Moment
	Drop, Rise int
}

// Moment is a point of a curve. Value is 0–100; of the mood's curve, Mood is
// the same as a face, 1–7. Said is what had just been said; nothing had at
// Step 0.
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

// Turn is one decision of the path taken.
type Turn struct {
	Step        int // number of events up to it and with it
	Scene, Said string
	Points      []Points
	Offered     []Alternative // what could be said then, in the order of the script
	Meters      []Gauge       // afterwards
}

// Alternative is something that could be said. Points are left out of the
// debrief of an exam: they are the key of the next one.
type Alternative struct {
	Text   string
	Said   bool
	Points []Points
}

// Points is what a decision earns in one dimension.
type Points struct {
	Key    string
	Points int
}

// Gauge is the value of a meter, 0–100.
type Gauge struct {
	Meter string
	Value int
}

// Habits are what to take into the next conversation: the best that was said,
// what did the most damage, and what there was to do instead.
type Habits struct{ Keep, Stop, Start Habit }

// Habit is one of them; without any its Step is 0. Why is the coaching, or how
// an expert sees it. Where it is to read a paper, Document names it and Said is
// empty.
type Habit struct {
	Step           int
	Said, Document string
	Why            string
}

// Recording is what a trainer sees of a session: every decision with the key
// and the time it took.
type Recording struct {
	Persona string // as in Debrief
	Turns   []Recorded
}

// Recorded is a Turn as it went. Took is how long after the decision before it
// came, in ms; 0 for what was taken over from another session. Limit is what was
// allowed, 0 for no limit.
type Recorded struct {
	Turn
	Took, Limit int64
	Opened      []string // papers opened meanwhile
	RedLine     string   // what was broken
	Coaching    string
}
