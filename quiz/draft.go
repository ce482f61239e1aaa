package quiz

import "qibu/quiz/sheet"

// Draft is a question as its author wrote it. All its texts are Markdown. It is
// the one model that banks in files and every format of import and export meet
// in: it holds what Moodle's GIFT and XML can say of a question (credit and
// feedback per answer, general feedback, tolerances, pairs) and what they cannot.
//
// Which of Options, Pairs, Blanks, Values and Rubric are used follows from Kind.
type Draft struct {
	ID       string // unique in the bank: small letters, digits, hyphens
	Name     string // what authors call it; learners never see it
	Category string // where its author filed it, "a/b/c"
	Kind     string // a kind of package sheet
	Case     string // id of the Situation it belongs to, or empty
	Stem     string // its first line is the heading; each blank is written {{}}

	Topic      string // competence dimension D1 to D8, or empty
	Difficulty int    // 1 easy, 2 middling, 3 hard
	Points     int
	Critical   bool // below full marks fails the paper
	Pilot      bool // on trial: not scored
	Void       bool // found faulty after it was asked: whoever was asked it gets full marks, and nobody is asked it again
	Fixed      bool // options stay in the order written
	Exact      bool // blanks: letters, punctuation and 繁體 are told apart
	ByValue    bool // blanks: numbers are compared by value, so 百分之三十八 is 38% is 0.38

	Options []Option        // single, multiple, true-false; order and hot: in the right order
	Picture *sheet.Picture  // hot
	Pairs   []Pair          // match
	Blanks  []Blank         // fill: one for every {{}} of the stem
	Values  []Value         // numeric
	Units   []Unit          // numeric; none when only the figure counts
	Rubric  []Criterion     // text
	Model   string          // text: an answer as it should be
	Most    int             // text: characters allowed, 0 for the usual limit
	Said    sheet.Responses // what is said when it is right, half right, wrong

	Explanation string   // said to everyone afterwards
	Sources     []string // fact ids
	Review      string   // "course/module#heading" to read again

	Line int // of its heading in the file, 0 when it comes from elsewhere
	at   places
}

// places are the lines of a file that a draft's texts begin on, for problems.
type places struct {
	explanation, model, basis int
	answers                   []int // options, pairs, values or criteria
}

// Situation is what the questions of a case have in common.
type Situation struct {
	ID   string
	Text string // its first line is the heading; Markdown in a draft, safe HTML in a Bank
	Line int
}

// Pair is one row of a match question. A Right without a Left is there to mislead.
type Pair struct {
	Left, Right string
}

// Blank is one gap of a fill question. One of the accepted texts, compared as
// the question says, fills it.
type Blank struct {
	Accept []Accepted
}

// Accepted is a text that earns Percent of the blank's share.
type Accepted struct {
	Text    string
	Percent int    // 100 for right; 0 for a mistake worth a word
	Why     string // said to whoever wrote it
}

// Value is a figure that earns Percent of the points: everything from Figure −
// Tolerance to Figure + Tolerance. Both are decimals such as "-2.5", exact.
type Value struct {
	Figure, Tolerance string
	Percent           int
	Why               string
}

// Unit is a unit of measure a figure may be given in. One of it is Factor of the
// first, a decimal or a fraction such as "1/24".
type Unit struct {
	Name, Factor string
}

// Criterion is one thing a trainer looks for in a free text.
type Criterion struct {
	Text   string
	Points int
}

// Note says what of a question could not be carried from one format to another,
// or what was read otherwise than it was meant. Line is in the file read, 0 when
// unknown; Question is its id or name.
type Note struct {
	Question string
	Line     int
	Text     string // Chinese, a sentence without its full stop
}

// Exchange is what a format hands over: questions in their order, the situations
// that cases of them share, and what had to be left behind.
type Exchange struct {
	Title      string // of the whole, when the format has one
	Questions  []Draft
	Situations []Situation
	Notes      []Note
}
