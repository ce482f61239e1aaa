package quiz

import "time"

// Sitting is an exam as one person is to sit it: one attempt within a window.
// Whoever needs a longer window is given a Sitting of her own.
type Sitting struct {
	Opens, Closes time.Time // it may be begun from Opens until before Closes
	Minutes       int       // time limit
}

// Open reports whether the exam may be begun at now.
func (s Sitting) Open(now time.Time) bool { return !now.Before(s.Opens) && now.Before(s.Closes) }

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

// Candidacy is where a person stands with an exam.
type Candidacy string

// The candidacies. Nobody is absent before the window has closed, and nobody is
// told to have passed or failed before results are released.
const (
	NotYet     Candidacy = "not_yet"      // 未考: may still sit it
	Underway   Candidacy = "underway"     // 在考
	HandedIn   Candidacy = "handed_in"    // 已交: results are not released yet
	Absent     Candidacy = "absent"       // 缺考: the window has closed and she never began
	Excused    Candidacy = "excused"      // 免考
	ToBeMarked Candidacy = "to_be_marked" // 待阅卷: released, but a trainer still has to read something
	Passed     Candidacy = "passed"       // 合格
	Failed     Candidacy = "failed"       // 不合格
)

// Candidacy returns where a person stands at now whose attempt is in state, which
// is empty before she begins, while results are not released. An excuse counts
// only for what was not begun.
func (s Sitting) Candidacy(state State, excused bool, now time.Time) Candidacy {
	switch {
	case state == InProgress:
		return Underway
	case state != "":
		return HandedIn
	case excused:
		return Excused
	case now.Before(s.Closes):
		return NotYet
	}
	return Absent
}

// Released returns what c becomes when results are released: what was handed in
// has passed, failed or, without a result, still to be marked.
func (c Candidacy) Released(graded, passed bool) Candidacy {
	switch {
	case c != HandedIn:
		return c
	case !graded:
		return ToBeMarked
	case passed:
		return Passed
	}
	return Failed
}
