package quiz

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/fault"
	"qibu/quiz/sheet"
)

func TestCredit(t *testing.T) {
	options := func(right ...bool) []Option {
		var list []Option
		for _, r := range right {
			list = append(list, Option{Right: r})
		}
		return list
	}
	single := Question{Kind: sheet.Single, Points: 3, Options: options(false, true, false)}
	truth := Question{Kind: sheet.TrueFalse, Points: 2, Options: options(false, true)}
	multiple := Question{Kind: sheet.Multiple, Points: 4, Options: options(true, true, true, false, false)}
	order := Question{Kind: sheet.Order, Points: 4, Options: options(false, false, false, false, false)}
	order3 := order
	order3.Points = 3
	for _, tt := range []struct {
		name   string
		q      Question
		chosen []int
		want   int
	}{
		{"single right", single, []int{1}, 3},
		{"single wrong", single, []int{2}, 0},
		{"single unanswered", single, nil, 0},
		{"true-false right", truth, []int{1}, 2},
		{"true-false wrong", truth, []int{0}, 0},
		{"multiple all right", multiple, []int{2, 0, 1}, 4},
		{"multiple two of three, 4*2/3 rounded down", multiple, []int{0, 2}, 2},
		{"multiple one of three, 4*1/3 rounded down", multiple, []int{1}, 1},
		{"multiple one wrong cancels one right", multiple, []int{0, 1, 2, 3}, 2},
		{"multiple everything ticked", multiple, []int{0, 1, 2, 3, 4}, 1},
		{"multiple as many wrong as right", multiple, []int{0, 3}, 0},
		{"multiple more wrong than right is not negative", multiple, []int{0, 3, 4}, 0},
		{"multiple unanswered", multiple, nil, 0},
		{"order right", order, []int{0, 1, 2, 3, 4}, 4},
		{"order one step moved to the end", order, []int{1, 2, 3, 4, 0}, 3},
		{"order two neighbours swapped", order, []int{1, 0, 2, 3, 4}, 3},
		{"order two steps out of place", order, []int{1, 0, 2, 4, 3}, 2},
		{"order rounded down, 3*3/4", order3, []int{1, 2, 3, 4, 0}, 2},
		{"order reversed", order, []int{4, 3, 2, 1, 0}, 0},
		{"order unanswered", order, nil, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := credit(&tt.q, given{chosen: tt.chosen}); got != tt.want {
				t.Errorf("credit %d, want %d", got, tt.want)
			}
		})
	}
}

// ten returns a bank of ten one-point single questions, option 0 right, and its paper.
func ten(pass int) (*Bank, Paper) {
	b := &Bank{Slug: "ten", Size: 10, Pass: pass, Shuffle: true}
	for i := range 10 {
		b.Questions = append(b.Questions, Question{
			ID: fmt.Sprint(i), Kind: sheet.Single, Points: 1,
			Options: []Option{{Text: "right", Right: true}, {Text: "wrong", Why: "tempting"}},
		})
	}
	return b, b.Draw([32]byte{}, nil)
}

func TestGradePassMark(t *testing.T) {
	for _, tt := range []struct {
		pass, right int
		want        bool
	}{{80, 8, true}, {80, 7, false}, {81, 8, false}, {1, 0, false}, {1, 1, true}, {100, 10, true}, {100, 9, false}} {
		b, p := ten(tt.pass)
		answers := key(b, p)
		for slot := tt.right + 1; slot <= 10; slot++ {
			delete(answers, slot)
		}
		r := b.Grade(p, answers, nil)
		if r.Passed != tt.want || r.Points != tt.right || r.Max != 10 || r.Percent != 10*tt.right || r.PassMark != tt.pass {
			t.Errorf("%d right at %d%%: %d of %d, %d%%, passed %v", tt.right, tt.pass, r.Points, r.Max, r.Percent, r.Passed)
		}
	}
}

// 2 of 3 points are 66 2/3 percent: shown as 66, enough for 66, not for 67.
func TestGradePercentIsRoundedDownButDecidesNothing(t *testing.T) {
	b := &Bank{Size: 1, Questions: []Question{{
		ID: "a", Kind: sheet.Multiple, Points: 3,
		Options: []Option{{Right: true}, {Right: true}, {Right: true}, {}},
	}}}
	p := b.Draw([32]byte{}, nil)
	answers := map[int]sheet.Answer{1: p.Slots[0].answer(0, 1)}
	for pass, want := range map[int]bool{66: true, 67: false} {
		b.Pass = pass
		if r := b.Grade(p, answers, nil); r.Percent != 66 || r.Passed != want {
			t.Errorf("%d%% at pass mark %d: passed %v", r.Percent, pass, r.Passed)
		}
	}
}

func TestGradeCritical(t *testing.T) {
	b, p := ten(80)
	b.Questions[3].Critical = true
	slot := slices.IndexFunc(p.Slots, func(s Slot) bool { return s.Question == "3" }) + 1
	answers := key(b, p)
	answers[slot] = p.Slots[slot-1].answer(1)
	r := b.Grade(p, answers, nil)
	if r.Percent != 90 || r.CriticalMissed != 1 || r.Passed {
		t.Errorf("%d%%, %d critical missed, passed %v: a critical question wrong must fail", r.Percent, r.CriticalMissed, r.Passed)
	}
	delete(answers, slot)
	if r = b.Grade(p, answers, nil); r.CriticalMissed != 1 || r.Passed {
		t.Error("a critical question left unanswered must fail")
	}
	if r = b.Grade(p, key(b, p), nil); r.CriticalMissed != 0 || !r.Passed {
		t.Error("with the critical question right the paper must pass")
	}
}

func TestGradePartialCriticalFails(t *testing.T) {
	b, _ := ten(50)
	b.Questions[0] = Question{ID: "0", Kind: sheet.Multiple, Points: 2, Critical: true, Options: []Option{{Right: true}, {Right: true}, {}}}
	p := b.Draw([32]byte{}, nil)
	answers := key(b, p)
	slot := slices.IndexFunc(p.Slots, func(s Slot) bool { return s.Question == "0" }) + 1
	answers[slot] = answers[slot][:1]
	if r := b.Grade(p, answers, nil); r.Points != 10 || r.CriticalMissed != 1 || r.Passed {
		t.Errorf("half right on a critical question: %d points, missed %d, passed %v", r.Points, r.CriticalMissed, r.Passed)
	}
}

func TestGradePilot(t *testing.T) {
	b, p := ten(100)
	b.Questions[5].Pilot = true
	answers := key(b, p)
	slot := slices.IndexFunc(p.Slots, func(s Slot) bool { return s.Question == "5" }) + 1
	right := b.Grade(p, answers, nil)
	delete(answers, slot)
	wrong := b.Grade(p, answers, nil)
	for _, r := range []sheet.Result{right, wrong} {
		if item := r.Items[slot-1]; r.Points != 9 || r.Max != 9 || !r.Passed || !item.Pilot || item.Points != 0 || item.Max != 0 {
			t.Errorf("%d of %d, item %+v: a pilot question must not count", r.Points, r.Max, item)
		}
	}
	if !right.Items[slot-1].Right || wrong.Items[slot-1].Right {
		t.Error("a pilot question must still be reviewed as right or wrong")
	}
}

func TestGradeReview(t *testing.T) {
	b, _ := frontDesk(t)
	b.Size = len(b.Questions)
	p := b.Draw(goldenSeed(), nil)
	answers := map[int]sheet.Answer{}
	at := map[string]int{}
	for i, s := range p.Slots {
		at[s.Question] = i
		switch s.Question {
		case "covers-when":
			answers[i+1] = s.answer(2)
		case "order-reception":
			answers[i+1] = s.answer(0, 1, 3, 2, 4)
		}
	}
	r := b.Grade(p, answers, nil)

	single := r.Items[at["covers-when"]]
	if single.Slot != at["covers-when"]+1 || single.Right || !single.Critical || single.Max != 2 ||
		!strings.Contains(single.Explanation, "先铺后查") || single.Review != "seven-steps/step-2-reception#covers" ||
		!slices.Equal(single.Sources, []string{"S4-035", "S4-036"}) {
		t.Errorf("review of a wrong answer: %+v", single)
	}
	for i, o := range p.Slots[at["covers-when"]].Options { // options stay as shown
		want := b.question("covers-when").Options[o]
		got := single.Options[i]
		if got.Text != want.Text || got.Why != want.Why || got.Right != want.Right || got.Chosen != (o == 2) {
			t.Errorf("option %d: %+v", i, got)
		}
	}

	order := r.Items[at["order-reception"]]
	if order.Points != 3 || order.Right {
		t.Errorf("two neighbours swapped earn %d, right %v; want 3, false", order.Points, order.Right)
	}
	for i, place := range []int{1, 2, 4, 3, 5} {
		want := sheet.ReviewedOption{
			Text:   b.question("order-reception").Options[i].Text,
			Chosen: true, Right: place == i+1, Place: place, RightPlace: i + 1,
		}
		if diff := cmp.Diff(want, order.Options[i]); diff != "" {
			t.Error(diff)
		}
	}
	if r.Items[at["repeat"]].Options[0].Chosen || r.Items[at["sign-for"]].Points != 0 {
		t.Error("unanswered questions must show nothing chosen and earn nothing")
	}
}

func TestCheck(t *testing.T) {
	b, _ := frontDesk(t)
	b.Size = len(b.Questions)
	b.Shuffle = false
	p := b.Draw([32]byte{1}, nil)
	other := b.Draw([32]byte{2}, nil)
	const single, multiple, truth, order = 1, 3, 4, 5 // slots
	tokens := func(slot int, options ...int) sheet.Answer { return p.Slots[slot-1].answer(options...) }
	for _, tt := range []struct {
		name   string
		slot   int
		answer sheet.Answer
		ok     bool
	}{
		{"single", single, tokens(single, 2), true},
		{"cleared", single, nil, true},
		{"two of a single", single, tokens(single, 0, 1), false},
		{"two of a true-false", truth, tokens(truth, 0, 1), false},
		{"several", multiple, tokens(multiple, 4, 0, 1), true},
		{"the same twice", multiple, tokens(multiple, 1, 1), false},
		{"all steps", order, tokens(order, 4, 3, 2, 1, 0), true},
		{"a step missing", order, tokens(order, 3, 2, 1, 0), false},
		{"a step twice", order, tokens(order, 4, 3, 2, 1, 1), false},
		{"another slot's token", single, tokens(multiple, 0), false},
		{"another attempt's token", single, other.Slots[0].answer(0), false},
		{"an index", single, sheet.Answer{"0"}, false},
		{"slot 0", 0, nil, false},
		{"slot after the last", 16, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := b.Check(p, tt.slot, tt.answer)
			if tt.ok != (err == nil) || !tt.ok && !errors.Is(err, fault.Invalid) {
				t.Errorf("Check: %v", err)
			}
			if !tt.ok && b.Grade(p, map[int]sheet.Answer{tt.slot: tt.answer}, nil).Points != 0 {
				t.Error("an answer that Check refuses must earn nothing")
			}
		})
	}
}

// Whatever the seeds, the same answer to the same question earns the same.
func TestShufflingNeverChangesScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		p1, p2 := b.Draw(anySeed(t), nil), b.Draw(anySeed(t), nil)
		chosen := map[string]given{}
		for i := range b.Questions {
			chosen[b.Questions[i].ID] = anyGiven(t, &b.Questions[i])
		}
		points := func(p Paper) map[string]int {
			answers := map[int]sheet.Answer{}
			for i, s := range p.Slots {
				answers[i+1] = s.encode(chosen[s.Question])
				if err := b.Check(p, i+1, answers[i+1]); err != nil {
					t.Fatalf("%s: %v", s.Question, err)
				}
			}
			earned := map[string]int{}
			for i, item := range b.Grade(p, answers, nil).Items {
				earned[p.Slots[i].Question] = item.Points
			}
			return earned
		}
		second := points(p2)
		for id, n := range points(p1) {
			if m, ok := second[id]; ok && m != n {
				t.Fatalf("%s earns %d on one paper and %d on another", id, n, m)
			}
		}
	})
}

func TestGradeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t, "q")
		g := anyGiven(t, &q)
		got := credit(&q, g)
		if got < 0 || got > q.Points {
			t.Fatalf("%d of %d points", got, q.Points)
		}
		switch {
		case q.Void:
			if got != q.Points {
				t.Fatalf("a void question earns %d of %d", got, q.Points)
			}
		case g.empty() || q.credited():
		case q.Kind == sheet.Order, q.Kind == sheet.Hot:
			run, n := len(g.chosen)-fewestMoves(g.chosen), len(q.Options)
			if want := q.Points * (run - 1) / (n - 1); got != want {
				t.Fatalf("%d points for %v of %d steps, want %d", got, g.chosen, n, want)
			}
		case q.Kind == sheet.Multiple:
			for o, option := range q.Options {
				if option.Right && !slices.Contains(g.chosen, o) {
					if more := credit(&q, given{chosen: append(slices.Clone(g.chosen), o)}); more < got {
						t.Fatalf("adding a right choice lowers %d to %d", got, more)
					}
				}
			}
		}
	})
}

// fewestMoves counts, by trying every subset, the steps that must be taken out
// so that the rest stands in order.
func fewestMoves(list []int) int {
	most := 0
	for set := range 1 << len(list) {
		var kept []int
		for i, v := range list {
			if set>>i&1 == 1 {
				kept = append(kept, v)
			}
		}
		if slices.IsSorted(kept) {
			most = max(most, len(kept))
		}
	}
	return len(list) - most
}

// The right answers to any paper of any bank earn everything.
func TestKeyEarnsFullMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		p := b.Draw(anySeed(t), nil)
		if r := b.Grade(p, key(b, p), fullMarks(b, p)); r.Points != r.Max || r.Max == 0 || r.Percent != 100 || !r.Passed {
			t.Fatalf("%d of %d points, passed %v", r.Points, r.Max, r.Passed)
		}
	})
}

// Two banks that differ only in what a learner may not see make the same
// sheet, byte for byte, and none of it is in there.
func TestSheetHoldsNoSecret(t *testing.T) {
	const canary = "金丝雀"
	rapid.Check(t, func(t *rapid.T) {
		b, seed := anyBank(t), anySeed(t)
		p := b.Draw(seed, nil)
		saved := map[int]Saved{1: {Answer: p.Slots[0].encode(anyGiven(t, b.question(p.Slots[0].Question))), Seq: 7}}
		plain := marshal(t, b.Sheet(p, saved))
		for i := range b.Questions {
			plant(&b.Questions[i], canary)
		}
		secret := marshal(t, b.Sheet(p, saved))
		if secret != plain {
			t.Fatalf("the key shows in the sheet:\n%s\n%s", plain, secret)
		}
		if strings.Contains(secret, canary) {
			t.Fatal("a canary shows in the sheet")
		}
	})
}

// plant changes everything of q that a learner may not see, with a canary in
// every text of it.
func plant(q *Question, canary string) {
	q.Explanation, q.Sources, q.Review, q.Model = canary, []string{canary}, canary, canary
	q.Said = sheet.Responses{Right: canary, Partly: canary, Wrong: canary}
	q.Critical, q.Pilot, q.Void, q.Exact, q.ByValue = !q.Critical, !q.Pilot, !q.Void, !q.Exact, !q.ByValue
	q.Topic, q.Difficulty, q.Line = canary, 99, 99
	for i := range q.Options {
		o := &q.Options[i]
		o.Why, o.Right, o.Credit = canary, !o.Right, o.Credit+7
	}
	for i := range q.Rows {
		q.Rows[i].Option = (q.Rows[i].Option + 1) % len(q.Options)
	}
	for i := range q.Blanks {
		q.Blanks[i].Accept = []Accepted{{Text: canary, Percent: 7, Why: canary}}
	}
	for i := range q.Units {
		q.Units[i].Factor = canary
	}
	q.Values = []Value{{Figure: canary, Tolerance: canary, Percent: 7, Why: canary}}
	q.Rubric = []Criterion{{Text: canary, Points: 7}}
}

func marshal(t *rapid.T, s sheet.Sheet) string {
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSheet(t *testing.T) {
	b, _ := frontDesk(t)
	p := b.Draw(goldenSeed(), nil)
	saved := map[int]Saved{2: {Answer: p.Slots[1].answer(0), Seq: 7}}
	s := b.Sheet(p, saved)
	if s.Quiz != "front-desk" || s.Title != "前台接车" || len(s.Items) != 10 {
		t.Fatalf("sheet %q %q of %d items", s.Quiz, s.Title, len(s.Items))
	}
	for i, item := range s.Items {
		q := b.question(p.Slots[i].Question)
		want := sheet.Item{Slot: i + 1, Kind: q.Kind, Stem: q.Stem, Points: q.Points}
		for j, o := range p.Slots[i].Options {
			want.Options = append(want.Options, sheet.Option{Token: p.Slots[i].Tokens[j], Text: q.Options[o].Text})
		}
		if i == 1 {
			want.Answer, want.Seq = saved[2].Answer, 7
		}
		if diff := cmp.Diff(want, item); diff != "" {
			t.Error(diff)
		}
	}
}

func TestGradeRefusesAnotherVersionsPaper(t *testing.T) {
	b, p := ten(80)
	b.Questions = b.Questions[1:]
	defer func() {
		if recover() == nil {
			t.Error("a paper of another bank version was graded")
		}
	}()
	b.Grade(p, nil, nil)
}

func BenchmarkSheet(b *testing.B) {
	bank, _ := frontDesk(b)
	p := bank.Draw(goldenSeed(), nil)
	for b.Loop() {
		bank.Sheet(p, nil)
	}
}

func BenchmarkGrade(b *testing.B) {
	bank, _ := frontDesk(b)
	p := bank.Draw(goldenSeed(), nil)
	answers := key(bank, p)
	for b.Loop() {
		bank.Grade(p, answers, nil)
	}
}

// key returns the right answers to a paper.
func key(b *Bank, p Paper) map[int]sheet.Answer {
	answers := map[int]sheet.Answer{}
	for i, s := range p.Slots {
		answers[i+1] = s.encode(right(b.question(s.Question)))
	}
	return answers
}

// fullMarks returns marks that give every free text of a paper all it can get.
func fullMarks(b *Bank, p Paper) map[int]Mark {
	marks := map[int]Mark{}
	for i, s := range p.Slots {
		var m Mark
		for _, c := range b.question(s.Question).Rubric {
			m.Points = append(m.Points, c.Points)
		}
		marks[i+1] = m
	}
	return marks
}
