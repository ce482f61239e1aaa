package quiz

import (
	"time"

	"qibu/quiz/sheet"
)

// Sitting is an exam as one person is to sit it: one attempt within a window.
// Whoever needs a longer window is given a Sitting of her own.
type Sitting struct {
	Opens, Closes time.Time // it may be begun from Opens until before Closes
	Minutes       int       // time limit
	Cancelled     bool      // it does not take place, or not any more
}

// Open reports whether the exam may be begun at now.
func (s Sitting) Open(now time.Time) bool {
	return !s.Cancelled && !now.Before(s.Opens) && now.Before(s.Closes)
}

// Limit is the time allowed to a person whose time factor is percent, as in
// Bank.Deadline, if the window leaves it.
func (s Sitting) Limit(percent int) time.Duration { return limit(s.Minutes, percent) }

// Deadline returns when an attempt begun at start is over: when the limit has
// passed, or when the window closes if that is sooner. Results are released when
// the last window closes, so that nobody is still writing then.
func (s Sitting) Deadline(start time.Time, percent int) time.Time {
	if end := start.Add(s.Limit(percent)); end.Before(s.Closes) {
		return end
	}
	return s.Closes
}

// Candidacy returns where a person stands at now whose attempt is in state, which
// is empty before she begins, while results are not released. An excuse counts
// only for what was not begun, and whatever was begun of a cancelled exam is void.
func (s Sitting) Candidacy(state State, excused bool, now time.Time) sheet.Candidacy {
	switch {
	case state == "" && excused:
		return sheet.Excused
	case s.Cancelled:
		return sheet.Cancelled
	case state == InProgress:
		return sheet.Underway
	case state != "":
		return sheet.HandedIn
	case now.Before(s.Closes):
		return sheet.NotYet
	}
	return sheet.Absent
}
