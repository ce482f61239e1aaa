package quiz

import "time"

// Mark is what a trainer made of one free text: points for each criterion of its
// rubric, in order. The latest mark of a slot holds.
type Mark struct {
	Points  []int
	Comment string // plain text for the learner, may be empty
	By      string // person id
	At      time.Time
}
