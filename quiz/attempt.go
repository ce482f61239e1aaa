package quiz

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"qibu/quiz/sheet"
)

// State is where an attempt stands. There is no way back from the last two.
type State string

// The states of an attempt. Results are released as soon as it leaves InProgress,
// those of a Sitting when its last window closes.
const (
	InProgress State = "in_progress"
	Submitted  State = "submitted" // handed in by the learner
	Expired    State = "expired"   // time ran out, or was cut short by cancelling the exam; graded, if at all, on what was saved
)

// Grace is how long after the deadline a save or submit may still arrive: it
// makes up for a slow network, not for a slow learner, and is shown to nobody.
const Grace = 10 * time.Second

// Attempt is one try of one person at one quiz. All times are the server's.
type Attempt struct {
	ID, Person, Quiz string
	Hash             string // content version of the bank; the attempt is graded against no other
	Number           int    // 1 for the person's first attempt at the quiz
	State            State
	StartedAt        time.Time
	Deadline         time.Time // fixed at the start, never recomputed
	EndedAt          time.Time // zero while in progress
	Paper            Paper
	Receipt          string // see Receipt; empty while in progress
	Result           *sheet.Result
	Scores           []Score // question by question, recorded with the result
}

// Deadline returns when an attempt started at start is over. percent is the
// person's time factor: 100 is the usual time, 150 half as much again. It can
// only give time: less than 100 counts as 100.
func (b *Bank) Deadline(start time.Time, percent int) time.Time {
	return start.Add(limit(b.Minutes, percent))
}

func limit(minutes, percent int) time.Duration {
	return time.Duration(minutes) * time.Minute * time.Duration(max(percent, 100)) / 100
}

// Decision says what to do with a save that has just arrived.
type Decision string

const (
	Accept Decision = "accept" // store it as the slot's answer
	Stale  Decision = "stale"  // a newer or the same save is stored: answer 200, change nothing
	Late   Decision = "late"   // the attempt is over: keep it as evidence, never grade it
)

// Save decides on a save with sequence number seq for a slot whose stored
// answer has number last (0 for none), arriving at now. Numbers only rise, so
// a save repeated or overtaken on the way can never undo a newer answer.
func (a Attempt) Save(now time.Time, last, seq int64) Decision {
	switch {
	case a.State != InProgress || a.late(now):
		return Late
	case seq <= last:
		return Stale
	}
	return Accept
}

// Overdue reports whether the attempt is still open although its time and
// grace are over: it is to be expired before anything else is done with it.
func (a Attempt) Overdue(now time.Time) bool { return a.State == InProgress && a.late(now) }

func (a Attempt) late(now time.Time) bool { return now.After(a.Deadline.Add(Grace)) }

// Submit hands the attempt in at now with the accepted answers by slot and
// returns it graded. Submitting a closed attempt changes nothing and returns
// the same receipt and result, however often and with whatever answers it is
// repeated. A submit after the grace expires the attempt instead.
func (a Attempt) Submit(b *Bank, answers map[int]sheet.Answer, now time.Time) Attempt {
	switch {
	case a.State != InProgress:
		return a
	case a.late(now):
		return a.Expire(b, answers, now)
	}
	return a.end(Submitted, b, answers, now)
}

// Expire closes an overdue attempt and grades the accepted answers; any other
// attempt is returned unchanged. It ends at its deadline, not at now, so it
// does not matter who notices or how late: every node makes the same of it.
func (a Attempt) Expire(b *Bank, answers map[int]sheet.Answer, now time.Time) Attempt {
	if !a.Overdue(now) {
		return a
	}
	return a.end(Expired, b, answers, a.Deadline)
}

func (a Attempt) end(s State, b *Bank, answers map[int]sheet.Answer, at time.Time) Attempt {
	r := b.Grade(a.Paper, answers, nil)
	a.State, a.EndedAt, a.Result = s, at, &r
	a.Receipt = Receipt(a.ID, answers, at)
	return a
}

// Receipt is the learner's proof of what was handed in and when: the SHA-256,
// in hex, of the JSON [attempt id, unix milliseconds, [[slot, [tokens…]]…]]
// with the answered slots rising. Anyone holding the answers can compute it again.
func Receipt(attempt string, answers map[int]sheet.Answer, at time.Time) string {
	answered := [][2]any{}
	for _, slot := range slices.Sorted(maps.Keys(answers)) {
		if len(answers[slot]) > 0 {
			answered = append(answered, [2]any{slot, answers[slot]})
		}
	}
	text, err := json.Marshal([3]any{attempt, at.UnixMilli(), answered})
	if err != nil {
		panic(err) // strings and integers always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
