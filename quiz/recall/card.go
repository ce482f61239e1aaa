package recall

import (
	"time"

	"qibu/internal/calendar"
)

// Rules of asking again. Nine of ten is what FSRS proposes and what most people
// can keep up; half a year is the longest anybody goes without being asked, for
// certificates are renewed about once a year.
const (
	Retention = 0.9
	Longest   = 180 // days
)

// Card is the memory of one question by one person with when to ask again. The
// zero Card is of a question never asked.
type Card struct {
	Memory
	Seen    calendar.Day // of the last answer
	Due     calendar.Day // when the chance will have fallen to Retention
	Reviews int
	Pace    Pace
}

// Review is one answer to a question.
type Review struct {
	Day   calendar.Day
	Grade Grade
	Spent time.Duration // on the answer; 0 when unknown
}

// After is the card after one more answer. An answer of an earlier day than the
// last one counts as given on the same day.
func (c Card) After(r Review) Card {
	days := 0
	if c.Known() {
		r.Day = calendar.Later(r.Day, c.Seen)
		days = c.Seen.DaysUntil(r.Day)
	}
	c.Memory = c.Memory.After(r.Grade, days)
	c.Seen, c.Due = r.Day, r.Day.AddDays(c.Interval(Retention, Longest))
	c.Reviews++
	if r.Grade >= Good {
		c.Pace = c.Pace.with(r.Spent)
	}
	return c
}

// Chance is the probability to know it on a day.
func (c Card) Chance(day calendar.Day) float64 {
	return c.Memory.Chance(max(0, c.Seen.DaysUntil(day)))
}

// Replay is the card that a log of answers, oldest first, makes.
func Replay(log []Review) (c Card) {
	for _, r := range log {
		c = c.After(r)
	}
	return c
}

// Pace is how long a person took for right answers to one question, as far as
// that is known.
type Pace struct {
	Answers int
	Total   time.Duration
}

// What a time must be to tell anything: less is a slip of the finger, more is
// somebody called away.
const (
	shortest = 2 * time.Second
	longest  = 5 * time.Minute
)

func telling(spent time.Duration) bool { return shortest <= spent && spent <= longest }

func (p Pace) with(spent time.Duration) Pace {
	if telling(spent) {
		p.Answers++
		p.Total += spent
	}
	return p
}

// quick reports whether spent is at most half of what the person usually takes.
func (p Pace) quick(spent time.Duration) bool {
	return p.Answers >= 2 && telling(spent) && spent*2 <= p.Total/time.Duration(p.Answers)
}

// GradeOf turns an answer on a day that earned points of max into a grade:
//
//   - nothing earned, or nothing answered, is Again: where one option of four
//     is right by luck, a wrong one says enough.
//   - a part of the points is Hard: some of it was known.
//   - all of them is Good, which is what FSRS expects of most answers.
//   - all of them and quick is Easy. Easy doubles an interval and more, so a wrong Easy
//     costs most; it takes at most half the time this person took on average for
//     at least two right answers to this very question, so that neither short
//     questions nor fast readers look easy, and it is given only on a later day
//     than the last answer, for what was read a minute ago is quick for everybody.
func (c Card) GradeOf(points, max int, spent time.Duration, day calendar.Day) Grade {
	switch {
	case points <= 0:
		return Again
	case points < max:
		return Hard
	case c.Seen.Before(day) && c.Pace.quick(spent):
		return Easy
	}
	return Good
}
