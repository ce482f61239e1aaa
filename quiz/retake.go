package quiz

import (
	"slices"
	"time"
)

// Retake is the rule for trying a quiz again, whether the last attempt was
// passed or not. An open attempt is none of its business: it is resumed.
type Retake struct {
	WaitHours  int `yaml:"wait_hours"`  // between the end of an attempt and the next start
	Max        int `yaml:"max"`         // finished attempts in any WithinDays
	WithinDays int `yaml:"within_days"` // days of 24 hours
}

// Permission says whether an attempt may start, with the figures to explain it.
type Permission struct {
	Allowed     bool
	NotBefore   time.Time // earliest start without anyone's help; zero when Allowed
	NeedsUnlock bool      // the allowance is used up: a trainer may open one more
	Used, Max   int       // finished attempts within the days that count, and the allowance
}

// Next decides whether an attempt may start at now, given when the person's
// attempts at the quiz ended and when trainers unlocked it, both in any order.
//
// WaitHours must have passed since the last attempt ended; no unlock shortens
// that. No more than Max attempts may have ended within the last WithinDays;
// after that an unlock given later than the end of the last attempt permits one
// more. An attempt stops counting exactly WithinDays after its end.
func (r Retake) Next(ended, unlocked []time.Time, now time.Time) Permission {
	if len(ended) == 0 {
		return Permission{Allowed: true, Max: r.Max}
	}
	ended = slices.SortedFunc(slices.Values(ended), time.Time.Compare)
	last := ended[len(ended)-1]
	within := time.Duration(r.WithinDays) * 24 * time.Hour
	p := Permission{Max: r.Max, NotBefore: last.Add(time.Duration(r.WaitHours) * time.Hour)}
	for _, e := range ended {
		if now.Before(e.Add(within)) {
			p.Used++
		}
	}
	if p.Used >= r.Max && !slices.ContainsFunc(unlocked, last.Before) {
		p.NeedsUnlock = true
		if free := ended[len(ended)-r.Max].Add(within); free.After(p.NotBefore) {
			p.NotBefore = free
		}
	}
	if !now.Before(p.NotBefore) {
		p.Allowed, p.NotBefore = true, time.Time{}
	}
	return p
}
