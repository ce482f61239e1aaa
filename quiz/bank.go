// Package quiz is the engine of quizzes. It reads a bank of questions from
// Markdown, draws a paper from it, tells what a learner may see of it, grades
// the answers and decides when an attempt is over and when the next may start.
//
// Everything is a pure function of its arguments: time comes in as a
// parameter, randomness as a seed, and only integers decide. The same bank,
// paper and answers give the same result for ever. Banks hold the answer keys;
// learner-facing pages import quiz/sheet instead, which has none.
package quiz

import "qibu/quiz/sheet"

// Bank is a parsed set of questions and the rules by which papers are drawn
// from it, timed, passed and retaken. A Bank from Parse is valid and immutable.
type Bank struct {
	Slug      string // file name without .md
	Title     string
	TitleEN   string
	Module    string // "course/module" whose quiz this is
	Size      int    // questions in a paper; "draw" in the file
	Pass      int    // percent of the points needed
	Minutes   int    // time limit
	Shuffle   bool   // questions and options in random order; else as written
	Retake    Retake
	Questions []Question
	File      string
}

// Question is one question with its key. Texts are safe HTML.
type Question struct {
	ID          string // unique in the bank, ASCII; papers refer to it
	Kind        string // a kind of package sheet
	Stem        string // block level
	Topic       string // competence dimension D1 to D8, or empty
	Difficulty  int    // 1 easy, 2 middling, 3 hard
	Points      int
	Critical    bool     // below full marks fails the paper; always drawn
	Pilot       bool     // on trial: reviewed but not scored
	Options     []Option // as written; of an order question in the right order
	Explanation string   // block level; may be empty
	Sources     []string // fact ids
	Review      string   // "course/module#heading" to read again
	Line        int      // of the heading in the bank's file
}

// Option is one answer offered, with the reason why it is right or tempting.
type Option struct {
	Text, Why string // inline
	Right     bool   // false throughout for an order question
}

// question returns the question with the given id. Papers are graded against
// the very bank they were drawn from, so a missing one is a bug, not an input.
func (b *Bank) question(id string) Question {
	for _, q := range b.Questions {
		if q.ID == id {
			return q
		}
	}
	panic("quiz: bank " + b.Slug + " has no question " + id + ": paper of another version?")
}

// rightCount is the number of right options.
func (q Question) rightCount() int {
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
	Seq    int64 // sequence number given by the browser, rising with each change
}

// Sheet returns what the learner may see of paper p while the attempt is open.
// It names only texts, kinds, points and tokens: nothing that tells right from wrong.
func (b *Bank) Sheet(p Paper, saved map[int]Saved) sheet.Sheet {
	s := sheet.Sheet{Quiz: b.Slug, Title: b.Title, Items: make([]sheet.Item, len(p.Slots))}
	for i, slot := range p.Slots {
		q := b.question(slot.Question)
		item := sheet.Item{
			Slot: i + 1, Kind: q.Kind, Stem: q.Stem, Points: q.Points,
			Options: make([]sheet.Option, len(slot.Options)),
			Answer:  saved[i+1].Answer, Seq: saved[i+1].Seq,
		}
		for j, o := range slot.Options {
			item.Options[j] = sheet.Option{Token: slot.Tokens[j], Text: q.Options[o].Text}
		}
		s.Items[i] = item
	}
	return s
}
