// Package stage is what a learner may see of a role-play: the talk so far and
// what can be said next while it runs, the debrief when it is over. It knows
// nothing of package roleplay, so a page that imports only stage cannot leak
// a score or a scene still to come, nor in an exam a coaching note.
package stage

// The kinds of Line.
const (
	KindStage    = "stage"    // what happens, said by nobody
	KindCustomer = "customer" // the person across the desk
	KindOther    = "other"    // anybody else in the cast
	KindMe       = "me"       // the learner
	KindSilence  = "silence"  // the learner said nothing in time: no Text
	KindDocument = "document" // a document the learner opened: Who is its name
)

// View is the stage at one moment of a rehearsal.
type View struct {
	Title     string
	Customer  Customer
	Lines     []Line
	Documents []Document
	Options   []Option // shuffled; empty once Ended
	Step      int      // number of events so far; the lines with this Step are the newest
	Deadline  int64    // unix ms, 0 none
	Coaching  *Coaching
	Ended     bool
}

// Customer is the person across the desk as he shows himself.
type Customer struct {
	Name, Persona string
	Brief         string // what the learner knows before the first word
	Mood          int    // 1 恼怒 … 4 平静 … 7 满意
	Expression    string // as written at his latest line
}

// Line is something said or seen. Step is the number of events that led to it.
type Line struct {
	Kind, Who, Expression, Text string
	Step                        int
}

// Document is a paper within reach. Text is empty until it has been opened.
type Document struct {
	Token, Name string
	Opened      bool
	Text        string
}

// Option is something the learner may say now. Topic names what it is about
// where several things have to be talked about in any order, else it is empty.
type Option struct{ Token, Text, Topic string }

// Coaching is what a rehearsal for practice says about the latest decision; in
// an exam there is none.
type Coaching struct {
	Text, Expert   string
	RedLine, Basis string
	Sources        []string // fact ids
}
