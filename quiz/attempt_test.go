package quiz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/quiz/sheet"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// begun returns an attempt at a bank of ten questions, started at nine for 15 minutes.
func begun() (*Bank, Attempt) {
	b, p := ten(80)
	b.Minutes = 15
	return b, Attempt{
		ID: "a1", Person: "p1", Quiz: b.Slug, Hash: "h1", Number: 1,
		State: InProgress, StartedAt: nine, Deadline: b.Deadline(nine, 100), Paper: p,
	}
}

func TestDeadline(t *testing.T) {
	b := &Bank{Minutes: 15}
	for percent, want := range map[int]time.Duration{
		100: 15 * time.Minute, 150: 22*time.Minute + 30*time.Second, 133: 19*time.Minute + 57*time.Second,
		50: 15 * time.Minute, 0: 15 * time.Minute, // a factor only gives time
	} {
		if got := b.Deadline(nine, percent); got != nine.Add(want) {
			t.Errorf("%d%%: %v, want %v", percent, got.Sub(nine), want)
		}
	}
}

func TestSave(t *testing.T) {
	_, open := begun()
	handedIn, expired := open, open
	handedIn.State, expired.State = Submitted, Expired
	end := open.Deadline
	for _, tt := range []struct {
		name      string
		a         Attempt
		now       time.Time
		last, seq int64
		want      Decision
	}{
		{"first", open, nine, 0, 1, Accept},
		{"newer", open, nine, 4, 9, Accept},
		{"the same again", open, nine, 4, 4, Stale},
		{"overtaken", open, nine, 4, 3, Stale},
		{"at the deadline", open, end, 0, 1, Accept},
		{"at the end of the grace", open, end.Add(Grace), 0, 1, Accept},
		{"after the grace", open, end.Add(Grace + time.Millisecond), 0, 1, Late},
		{"after the grace and overtaken", open, end.Add(Grace + time.Millisecond), 4, 3, Late},
		{"after handing in", handedIn, nine, 0, 1, Late},
		{"after expiry", expired, nine, 0, 1, Late},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.a.Save(tt.now, tt.last, tt.seq); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestSubmit(t *testing.T) {
	b, open := begun()
	answers := key(b, open.Paper)
	at := nine.Add(5 * time.Minute)
	done := open.Submit(b, answers, at)
	if done.State != Submitted || done.EndedAt != at || done.Result.Points != 10 || done.Receipt != Receipt("a1", answers, at) {
		t.Fatalf("submitted: %+v", done)
	}
	if open.State != InProgress || open.Result != nil {
		t.Error("Submit changed the attempt it was called on")
	}
	for _, later := range []time.Time{at, at.Add(time.Second), at.AddDate(1, 0, 0)} {
		if diff := cmp.Diff(done, done.Submit(b, nil, later)); diff != "" {
			t.Error("a second submit changed the attempt: " + diff)
		}
		if diff := cmp.Diff(done, done.Expire(b, nil, later)); diff != "" {
			t.Error("a handed-in attempt expired: " + diff)
		}
	}
}

func TestSubmitAroundTheDeadline(t *testing.T) {
	b, open := begun()
	end := open.Deadline
	for _, tt := range []struct {
		now   time.Time
		state State
		ended time.Time
	}{
		{end, Submitted, end},
		{end.Add(Grace), Submitted, end.Add(Grace)},
		{end.Add(Grace + time.Millisecond), Expired, end},
	} {
		done := open.Submit(b, nil, tt.now)
		if done.State != tt.state || done.EndedAt != tt.ended || done.Result == nil {
			t.Errorf("submitted %v after the deadline: %s at %v", tt.now.Sub(end), done.State, done.EndedAt)
		}
	}
}

func TestExpire(t *testing.T) {
	b, open := begun()
	answers := key(b, open.Paper)
	limit := open.Deadline.Add(Grace)
	if open.Overdue(limit) {
		t.Error("overdue within the grace")
	}
	if diff := cmp.Diff(open, open.Expire(b, answers, limit)); diff != "" {
		t.Error("expired within the grace: " + diff)
	}
	first := open.Expire(b, answers, limit.Add(time.Millisecond))
	if !open.Overdue(limit.Add(time.Millisecond)) || first.State != Expired || first.EndedAt != open.Deadline || first.Result.Points != 10 {
		t.Fatalf("expired: %+v", first)
	}
	if first.Overdue(limit.Add(time.Hour)) {
		t.Error("a closed attempt is overdue")
	}
	// Another node that notices days later makes the very same of it.
	if diff := cmp.Diff(first, open.Expire(b, answers, limit.AddDate(0, 0, 3))); diff != "" {
		t.Error(diff)
	}
}

// Learners hold receipts: if the golden value changes, they no longer verify.
func TestReceipt(t *testing.T) {
	answers := map[int]sheet.Answer{10: {"dG9rZW4"}, 2: {"b", "a"}, 3: {}, 4: nil}
	got := Receipt("a1", answers, nine)
	// printf '["a1",1795424400000,[[2,["b","a"]],[10,["dG9rZW4"]]]]' | sha256sum
	if want := "def4a2aa3f25cc64c7e7e417947fefb1951198635a5bc0008724f2d939fcfc87"; got != want {
		t.Errorf("receipt %s, want %s", got, want)
	}
	same := map[int]sheet.Answer{2: {"b", "a"}, 10: {"dG9rZW4"}}
	if Receipt("a1", same, nine.In(time.FixedZone("CST", 8*3600))) != got {
		t.Error("unanswered slots and the zone must not matter")
	}
	for name, other := range map[string]string{
		"attempt": Receipt("a2", answers, nine),
		"time":    Receipt("a1", answers, nine.Add(time.Millisecond)),
		"order":   Receipt("a1", map[int]sheet.Answer{2: {"a", "b"}, 10: {"dG9rZW4"}}, nine),
		"slot":    Receipt("a1", map[int]sheet.Answer{1: {"b", "a"}, 10: {"dG9rZW4"}}, nine),
	} {
		if other == got {
			t.Errorf("another %s gives the same receipt", name)
		}
	}
}

// desk keeps an attempt the way a caller does: it expires what is overdue, asks
// Save and stores what is accepted, and grades what has ended again with every
// mark and every corrected key.
type desk struct {
	banks   map[repair]*Bank
	repair  repair
	attempt Attempt
	saved   map[int]Saved
	marks   map[int]Mark
	result  sheet.Result // the latest
}

func (d *desk) answers() map[int]sheet.Answer {
	answers := map[int]sheet.Answer{}
	for slot, s := range d.saved {
		answers[slot] = s.Answer
	}
	return answers
}

func (d *desk) save(slot int, s Saved, now time.Time) {
	if d.attempt.Save(now, d.saved[slot].Seq, s.Seq) == Accept {
		d.saved[slot] = s
	}
}

func (d *desk) end(a Attempt) {
	if d.attempt.State == InProgress && a.State != InProgress {
		d.result = *a.Result
	}
	d.attempt = a
}

func (d *desk) grade() {
	d.result = d.banks[d.repair].Grade(d.attempt.Paper, d.answers(), d.marks)
}

// event is one thing that reaches the server.
type event struct {
	at   time.Duration // after the start
	kind string        // save, submit, sweep, mark, key, void
	slot int
	seq  int64
	pick int // save: option, 0 is right at first; mark: points
}

// What the questions of the model's bank become: one is a text, and of two others
// the key is found to be wrong later.
const textID, keyID, voidID = "7", "3", "4"

// examined is the bank and attempt of the model.
func examined() (*Bank, Attempt) {
	b, a := begun()
	b.Questions[7] = Question{ID: textID, Kind: sheet.Text, Points: 3, Most: 10, Rubric: []Criterion{{"先道歉", 3}}}
	a.Paper = b.Draw([32]byte{}, nil)
	return b, a
}

// repair is what has been found and set right: another key, a void question.
type repair struct{ key, void bool }

// repaired returns b corrected by later versions of it, by what they set right.
func repaired(b *Bank) map[repair]*Bank {
	banks := map[repair]*Bank{}
	for _, r := range []repair{{}, {key: true}, {void: true}, {key: true, void: true}} {
		later := *b
		later.Questions = slices.Clone(b.Questions)
		later.Questions[4].Void = r.void
		if r.key {
			later.Questions[3].Options = []Option{{Text: "right"}, {Text: "wrong", Right: true}}
		}
		banks[r], _ = Corrected(b, &later)
	}
	return banks
}

// outcome is what an attempt must look like.
type outcome struct {
	state   State
	ended   time.Duration
	points  int
	pending int
}

// model says what came of a log of events, from the log alone: no state is kept,
// each question is asked of the whole history.
func model(p Paper, log []event, limit time.Duration) outcome {
	o := outcome{state: InProgress}
	closed := len(log)
	for i, e := range log {
		if e.kind == "submit" && e.at <= limit+Grace {
			o.state, o.ended, closed = Submitted, e.at, i
			break
		}
		if (e.kind == "submit" || e.kind == "sweep") && e.at > limit+Grace {
			o.state, o.ended, closed = Expired, limit, i
			break
		}
	}
	if o.state == InProgress {
		return o
	}
	happened := func(kind string) (last event, ok bool) {
		for _, e := range log[closed:] {
			if e.kind == kind {
				last, ok = e, true
			}
		}
		return last, ok
	}
	mark, marked := happened("mark")
	_, rekeyed := happened("key")
	_, voided := happened("void")
	for i, s := range p.Slots {
		var newest event
		for _, e := range log[:closed] {
			if e.kind == "save" && e.slot == i+1 && e.at <= limit+Grace && e.seq > newest.seq {
				newest = e
			}
		}
		answered, want := newest.seq > 0, 0
		if s.Question == keyID && rekeyed {
			want = 1
		}
		switch {
		case s.Question == voidID && voided, s.Question != textID && answered && newest.pick == want:
			o.points++
		case s.Question == textID && answered && marked:
			o.points += mark.pick
		case s.Question == textID && answered:
			o.pending++
		}
	}
	return o
}

// Random sequences of saves (late, repeated, overtaken), submits, sweeps, marks
// and corrected keys, also with the clock stepping back, must end as the model
// says, and once an attempt is closed nothing may move it but its result.
func TestAttemptAgainstModel(t *testing.T) {
	const sequences = 20_000
	b, start := examined()
	banks := repaired(b)
	limit := start.Deadline.Sub(start.StartedAt)
	seen := map[State]int{}
	pending, moved := 0, 0
	for n := range uint64(sequences) {
		r := rand.New(rand.NewPCG(n, 1))
		d := &desk{banks: banks, attempt: start, saved: map[int]Saved{}, marks: map[int]Mark{}}
		var log []event
		clock := time.Duration(0)
		for range 2 + r.IntN(25) {
			e := anyEvent(r, &clock, limit)
			log = append(log, e)
			before, points := d.attempt, d.result.Points
			d.apply(e)
			if before.State != InProgress && !d.attempt.same(before) {
				t.Fatalf("sequence %d: %+v moved a closed attempt\n%v", n, e, log)
			}
			got := outcome{state: d.attempt.State}
			if got.state != InProgress {
				got = outcome{got.state, d.attempt.EndedAt.Sub(nine), d.result.Points, d.result.Pending}
			}
			if want := model(start.Paper, log, limit); got != want {
				t.Fatalf("sequence %d: %+v; the model says %+v\n%v", n, got, want, log)
			}
			if before.State != InProgress && points != d.result.Points {
				moved++
			}
		}
		if d.result.Pending > 0 {
			pending++
			if d.result.Passed {
				t.Fatalf("sequence %d: passed with a text unread\n%v", n, log)
			}
		}
		seen[d.attempt.State]++
	}
	for _, s := range []State{InProgress, Submitted, Expired} {
		if seen[s] < sequences/20 {
			t.Errorf("only %d of %d sequences ended %s: the test is too quiet", seen[s], sequences, s)
		}
	}
	if pending < sequences/100 || moved < sequences/100 {
		t.Errorf("%d sequences ended pending, %d results moved: the test is too quiet", pending, moved)
	}
}

func anyEvent(r *rand.Rand, clock *time.Duration, limit time.Duration) event {
	switch r.IntN(12) {
	case 0:
		*clock = limit + time.Duration(r.IntN(3))*Grace/2 // deadline, grace, end of grace
	case 1:
		*clock = max(0, *clock-time.Duration(r.IntN(60))*time.Second)
	default:
		*clock += time.Duration(r.IntN(120_000)) * time.Millisecond
	}
	e := event{at: *clock, kind: "save", slot: 1 + r.IntN(10), seq: int64(1 + r.IntN(6)), pick: r.IntN(2)}
	if kinds := []string{"submit", "sweep", "sweep", "mark", "key", "void"}; r.IntN(3) == 0 {
		e.kind = kinds[r.IntN(len(kinds))]
	}
	return e
}

func (d *desk) apply(e event) {
	now := nine.Add(e.at)
	open := d.attempt.State == InProgress
	switch {
	case e.kind == "save":
		s := d.attempt.Paper.Slots[e.slot-1]
		answer := sheet.Answer{"对不起"}
		if s.Question != textID {
			answer = s.answer(e.pick)
		}
		d.save(e.slot, Saved{Answer: answer, Seq: e.seq}, now)
	case e.kind == "submit":
		d.end(d.attempt.Submit(d.banks[d.repair], d.answers(), now))
	case e.kind == "sweep":
		d.end(d.attempt.Expire(d.banks[d.repair], d.answers(), now))
	case open: // nothing is marked or corrected before its end
	case e.kind == "mark":
		d.marks[1+slices.IndexFunc(d.attempt.Paper.Slots, func(s Slot) bool { return s.Question == textID })] = Mark{Points: []int{e.pick}}
		d.grade()
	default:
		d.repair.key = d.repair.key || e.kind == "key"
		d.repair.void = d.repair.void || e.kind == "void"
		d.grade()
	}
}

// same is a quick comparison of all that Submit and Expire could change.
func (a Attempt) same(b Attempt) bool {
	return a.State == b.State && a.EndedAt == b.EndedAt && a.Receipt == b.Receipt && a.Result == b.Result
}

func (e event) String() string {
	return fmt.Sprintf("%v %s %d#%d=%d", e.at, e.kind, e.slot, e.seq, e.pick)
}
