// Package quiz is the engine of quizzes. It reads a bank of questions from
// Markdown, draws a paper from it, tells what a learner may see of it, grades
// the answers and decides when an attempt is over and when the next may start.
//
// Everything is a pure function of its arguments: time comes in as a
// parameter, randomness as a seed, and only integers decide. The same bank,
// paper and answers give the same result for ever. Banks hold the answer keys;
// learner-facing pages import quiz/sheet instead, which has none.
package quiz

import (
	"slices"
	"time"

	"qibu/quiz/sheet"
)

// Bank is a parsed set of questions and the rules by which papers are drawn
// from it, timed, passed and retaken. A Bank from Parse is valid and immutable.
type Bank struct {
	Slug      string // file name without .md
	Title     string
	TitleEN   string
	Module    string // "course/module" whose quiz this is
	Size      int    // questions in a paper, with a blueprint those scored; "draw" in the file; see Length
	Pass      int    // percent of the points needed
	Minutes   int    // time limit
	Shuffle   bool   // questions and options in random order; else as written
	Retake    Retake
	Blueprint []Cell         // what a paper is made of; empty: topics spread evenly
	Minimum   map[string]int // percent of a topic's points needed, by topic
	Forms     int            // fixed parallel papers to choose from; 0: every paper is drawn anew
	Exposure  int            // percent of papers that one question may be in at most; 0: any
	Cases     []Situation
	Questions []Question
	File      string

	at map[string]int // index of each question by its id; nil until index has been called
}

// Cell asks for Count questions of a topic and difficulty; empty and 0 mean any.
type Cell struct {
	Topic      string `yaml:"topic,omitempty"`
	Difficulty int    `yaml:"difficulty,omitempty"`
	Count      int    `yaml:"count"`
}

// Question is one question with its key, ready to be asked: its texts are safe
// HTML. Fields that a Draft has too mean the same here.
type Question struct {
	ID         string // unique in the bank, ASCII; papers refer to it
	Kind       string // a kind of package sheet
	Case       int    // 1-based place of its situation in Bank.Cases, 0 for none
	Stem       string // block level; of a fill question empty
	Topic      string // competence dimension D1 to D8, or empty
	Difficulty int    // 1 easy, 2 middling, 3 hard
	Points     int
	Critical   bool // below full marks fails the paper; always drawn
	Pilot      bool // on trial: reviewed but not scored
	Void       bool
	Fixed      bool
	Exact      bool
	ByValue    bool

	Options []Option        // as written; of an order or hot question in the right order; of a match question the right sides, each once
	Rows    []Row           // match: the left sides
	Pieces  []string        // fill: the stem before, between and behind the blanks
	Blanks  []Blank         // fill
	Values  []Value         // numeric
	Units   []Unit          // numeric
	Picture *sheet.Picture  // hot
	Rubric  []Criterion     // text
	Model   string          // text; block level
	Most    int             // text: characters allowed
	Said    sheet.Responses // inline

	Explanation string   // block level; may be empty
	Sources     []string // fact ids
	Review      string   // "course/module#heading" to read again
	Line        int      // of the heading in the bank's file
}

// Option is one answer offered, with the reason why it is right or tempting.
type Option struct {
	Text, Why string // inline
	Right     bool   // false throughout for an order question
	Credit    int    // percent of the points it earns or costs; where any option of a question has one, these decide
	X, Y      int    // hot: where it is, in thousandths of the picture's width and height
}

// Row is one left side of a match question and the option that belongs to it.
type Row struct {
	Text   string // inline
	Option int
}

// index makes question fast. A bank that is made known to others has been indexed.
func (b *Bank) index() {
	b.at = make(map[string]int, len(b.Questions))
	for i := range b.Questions {
		b.at[b.Questions[i].ID] = i
	}
}

// question returns the question with the given id. Papers are graded against
// the very bank they were drawn from, so a missing one is a bug, not an input.
func (b *Bank) question(id string) *Question {
	i, ok := b.at[id]
	if b.at == nil {
		i = slices.IndexFunc(b.Questions, func(q Question) bool { return q.ID == id })
		ok = i >= 0
	}
	if !ok {
		panic("quiz: bank " + b.Slug + " has no question " + id + ": paper of another version?")
	}
	return &b.Questions[i]
}

// rightCount is the number of right options.
func (q *Question) rightCount() int {
	n := 0
	for _, o := range q.Options {
		if o.Right {
			n++
		}
	}
	return n
}

// Saved is the stored answer to one slot.
type Saved struct {
	Answer sheet.Answer
	Seq    int64     // sequence number given by the browser, rising with each change
	At     time.Time // when it was saved
}

// Sheet returns what the learner may see of paper p while the attempt is open.
// It names only texts, kinds, points and tokens: nothing that tells right from wrong.
func (b *Bank) Sheet(p Paper, saved map[int]Saved) sheet.Sheet {
	s := sheet.Sheet{Quiz: b.Slug, Title: b.Title, Items: make([]sheet.Item, len(p.Slots))}
	stories := b.stories()
	for i, slot := range p.Slots {
		q := b.question(slot.Question)
		item := sheet.Item{
			Slot: i + 1, Kind: q.Kind, Stem: q.Stem, Points: q.Points,
			Pieces: q.Pieces, Picture: q.Picture, Most: q.Most,
			Answer: saved[i+1].Answer, Seq: saved[i+1].Seq,
		}
		item.Case, item.Story = stories.next(q)
		for j, o := range slot.Options {
			option := q.Options[o]
			item.Options = append(item.Options, sheet.Option{Token: slot.Tokens[j], Text: option.Text, X: option.X, Y: option.Y})
		}
		for _, n := range slot.Rows {
			item.Rows = append(item.Rows, q.Rows[n].Text)
		}
		for _, u := range q.Units {
			item.Units = append(item.Units, u.Name)
		}
		s.Items[i] = item
	}
	return s
}

// stories tells the situations of the cases in a paper.
type stories struct {
	bank   *Bank
	number map[int]int // of the cases met so far, by Question.Case
}

func (b *Bank) stories() *stories { return &stories{b, map[int]int{}} }

// next returns the number of the case that q, the next question of the paper,
// belongs to, counted from 1 as the paper has them, and its situation if it is
// the first one met: 0 and nothing for a question that stands alone.
func (s *stories) next(q *Question) (number int, text string) {
	if q.Case == 0 {
		return 0, ""
	}
	if s.number[q.Case] == 0 {
		s.number[q.Case] = len(s.number) + 1
		text = s.bank.Cases[q.Case-1].Text
	}
	return s.number[q.Case], text
}
