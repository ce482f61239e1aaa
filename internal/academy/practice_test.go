package academy

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/quiz"
	"qibu/quiz/recall"
	"qibu/quiz/sheet"
)

// keyTo is the right answer to an asking, from the bank.
func (c *campus) keyTo(who people.Actor, asked Asking) sheet.Answer {
	c.t.Helper()
	bank := c.Library().Quizzes[asked.Quiz]
	var cards map[string]recall.Card
	c.read(func(tx *store.Tx) (err error) {
		cards, err = tx.PracticeCardsAt(who.ID, asked.Quiz)
		return err
	})
	q, ok := c.asked(who.ID, asked.ID, bank, c.Library().Hash(quizKind, asked.Quiz), cards)
	if !ok {
		c.t.Fatalf("nobody asked %s", asked.ID)
	}
	return keyOf(bank, c.askPaper(asked.ID, q).Slots[0])
}

func (c *campus) freely(who people.Actor, slug string) Asking {
	c.t.Helper()
	asked, err := c.PractiseQuiz(context.Background(), who, slug)
	if err != nil {
		c.t.Fatal(err)
	}
	return asked
}

func (c *campus) answered(who people.Actor, asked Asking, p PracticeAnswer) PracticeFeedback {
	c.t.Helper()
	p.Asking = asked.ID
	if err := c.AnswerPractice(context.Background(), who, asked.Quiz, p); err != nil {
		c.t.Fatal(err)
	}
	f, err := c.PracticeFeedback(context.Background(), who, asked.Quiz, asked.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return f
}

func (c *campus) todays(who people.Actor, set int) TodaysPractice {
	c.t.Helper()
	t, err := c.TodaysPractice(context.Background(), who, set)
	if err != nil {
		c.t.Fatal(err)
	}
	return t
}

func (c *campus) practiceOf(who people.Actor) PracticeHome {
	c.t.Helper()
	h, err := c.Practice(context.Background(), who)
	if err != nil {
		c.t.Fatal(err)
	}
	return h
}

// assignQuiz has a person told to take a quiz.
func (c *campus) assignQuiz(who people.Actor, slug string) {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		return tx.AddAssignments([]assign.Assignment{{
			ID: store.NewID(), Person: who.ID, Kind: assign.Quiz, Ref: slug, Source: assign.Manual, ByID: who.ID, At: tx.Now,
		}})
	})
}

func TestPracticeAnswersAreStoredBeforeTheyAreExplained(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	asked := c.freely(lin, walkaround)
	if _, err := c.PracticeFeedback(t.Context(), lin, walkaround, asked.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("feedback before the answer: %v", err)
	}
	f := c.answered(lin, asked, PracticeAnswer{Answer: c.keyTo(lin, asked)})
	if !f.Item.Right || f.InDays != 2 || f.Due != "2026-03-04" || f.Set != 0 {
		t.Errorf("%+v", f)
	}
	next := c.freely(lin, walkaround)
	if next.ID == asked.ID || next.Item.Stem == asked.Item.Stem {
		t.Error("the same question again")
	}
	f = c.answered(lin, next, PracticeAnswer{})
	if f.Item.Right || f.InDays != 1 {
		t.Errorf("a question left blank: %+v", f)
	}
}

// However often and from wherever an answer is sent, the first one counts.
func TestPracticeAnswersCountOnce(t *testing.T) {
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			c := &campus{t: t, instant: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
			c.moveIn(open(t))
			c.home = c.addStore("城南店")
			lin := c.add("林晓", people.Advisor)
			asked := c.freely(lin, walkaround)
			right := c.keyTo(lin, asked)
			var wait sync.WaitGroup
			for i := range 8 {
				wait.Go(func() {
					p := PracticeAnswer{Asking: asked.ID, Answer: right}
					if i%2 == 1 {
						p.Answer = nil
					}
					if err := c.AnswerPractice(context.Background(), lin, walkaround, p); err != nil {
						t.Error(err)
					}
				})
			}
			wait.Wait()
			first := c.answered(lin, asked, PracticeAnswer{})
			if again := c.answered(lin, asked, PracticeAnswer{Answer: right}); !cmp.Equal(first, again) {
				t.Error("a repeated answer was told something else")
			}
			c.read(func(tx *store.Tx) error {
				cards, err := tx.PracticeCardsAt(lin.ID, walkaround)
				if len(cards) != 1 {
					t.Errorf("%d cards", len(cards))
				}
				for _, card := range cards {
					if card.Reviews != 1 {
						t.Errorf("%d answers count", card.Reviews)
					}
				}
				return err
			})
		})
	}
}

func TestPracticeRefusesWhatItDidNotAsk(t *testing.T) {
	c := openCampus(t)
	lin, he := c.add("林晓", people.Advisor), c.add("何宁", people.Advisor)
	asked := c.freely(lin, walkaround)
	for name, tc := range map[string]struct {
		who    people.Actor
		quiz   string
		asking string
		answer sheet.Answer
		want   error
	}{
		"somebody else's asking": {he, walkaround, asked.ID, nil, ErrAskedAnew},
		"of another bank":        {lin, "listen-and-explain", asked.ID, nil, ErrAskedAnew},
		"made up":                {lin, walkaround, "made-up", nil, ErrAskedAnew},
		"a foreign token":        {lin, walkaround, asked.ID, sheet.Answer{"none"}, fault.Invalid},
		"no such bank":           {lin, "no-such", asked.ID, nil, fault.NotFound},
	} {
		err := c.AnswerPractice(t.Context(), tc.who, tc.quiz, PracticeAnswer{Asking: tc.asking, Answer: tc.answer})
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	c.answered(lin, asked, PracticeAnswer{})
	for name, look := range map[string]func() error{
		"by somebody else": func() error { return second(c.PracticeFeedback(t.Context(), he, walkaround, asked.ID)) },
		"at another bank":  func() error { return second(c.PracticeFeedback(t.Context(), lin, "listen-and-explain", asked.ID)) },
	} {
		if err := look(); !errors.Is(err, fault.NotFound) {
			t.Errorf("feedback read %s: %v", name, err)
		}
	}
}

// While somebody is being tested, nothing of that quiz is asked or explained.
func TestPracticeKeepsOutOfAttempts(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	c.assignQuiz(lin, "listen-and-explain")
	before := c.freely(lin, walkaround)
	c.answered(lin, before, PracticeAnswer{})
	shown := c.freely(lin, walkaround) // on a page left open
	c.begin(lin)
	for name, err := range map[string]error{
		"asking":    second(c.PractiseQuiz(t.Context(), lin, walkaround)),
		"answering": c.AnswerPractice(t.Context(), lin, walkaround, PracticeAnswer{Asking: shown.ID}),
		"feedback":  second(c.PracticeFeedback(t.Context(), lin, walkaround, before.ID)),
	} {
		if !errors.Is(err, ErrBarred) {
			t.Errorf("%s during an attempt: %v", name, err)
		}
	}
	for range 25 {
		today := c.todays(lin, 9)
		if today.Asking == nil {
			break
		}
		if today.Asking.Quiz == walkaround {
			t.Fatal("one of the day's questions is of the quiz under way")
		}
		c.answered(lin, *today.Asking, PracticeAnswer{Daily: true})
	}
	for _, b := range c.practiceOf(lin).Banks {
		if b.Barred != (b.Slug == walkaround) {
			t.Errorf("%s barred: %v", b.Slug, b.Barred)
		}
	}
}

// A result tells the schedule what every question of the paper came to, and that
// costs the same however long the paper is.
func TestAttemptsFeedPractice(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	id := c.begin(lin)
	c.answerAll(lin, id)
	blank := 1
	c.put(lin, id, Change{Slot: blank, Seq: 2})
	d, err := c.paper(t.Context(), lin.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	c.handIn(lin, id)
	c.read(func(tx *store.Tx) error {
		cards, err := tx.PracticeCardsAt(lin.ID, walkaround)
		for i, slot := range d.paper.Slots {
			if _, ok := c.Library().Quizzes[walkaround].Practised(slot.Question); !ok {
				continue
			}
			card := cards[slot.Question]
			want := calendar.Day("2026-03-04")
			if i+1 == blank {
				want = "2026-03-03"
			}
			if card.Due != want || card.Reviews != 1 {
				t.Errorf("%s: %+v, want due on %s", slot.Question, card, want)
			}
		}
		return err
	})
	c.later(24 * time.Hour)
	if h := c.practiceOf(lin); h.Due != 1 {
		t.Errorf("%d questions due the day after, want the one left blank", h.Due)
	}
	if home, err := c.Home(t.Context(), lin); err != nil || home.Due != 1 {
		t.Errorf("the first page tells of %d questions, %v", home.Due, err)
	}
}

// A day's set is ten questions: what is due first, then new ones. It goes on
// where it was left, and ends with what was shaky.
func TestTodaysPractice(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	if today := c.todays(lin, 1); today.Asking != nil || today.Answered != 0 {
		t.Errorf("nothing was assigned or read: %+v", today)
	}
	c.fail(lin) // ten questions are due the next day
	c.assignQuiz(lin, "listen-and-explain")
	c.later(24 * time.Hour)
	if h := c.practiceOf(lin); h.Due < 8 || h.Set != 1 || h.Of != dailySet || h.Done != 0 {
		t.Fatalf("%+v", h)
	}
	due := c.practiceOf(lin).Due
	for i := range dailySet {
		today := c.todays(lin, 1)
		if again := c.todays(lin, 1); again.Asking == nil || today.Asking == nil || again.Asking.ID != today.Asking.ID {
			t.Fatal("asked again, it is another question")
		}
		if today.At != i+1 || today.Of != dailySet {
			t.Errorf("question %d: %d of %d", i+1, today.At, today.Of)
		}
		if wantDue := i < due; wantDue != (today.Asking.Quiz == walkaround) {
			t.Errorf("question %d of %d due ones is of %s", i+1, due, today.Asking.Quiz)
		}
		p := PracticeAnswer{Daily: true}
		if i >= 2 {
			p.Answer = c.keyTo(lin, *today.Asking)
		}
		if f := c.answered(lin, *today.Asking, p); f.Set != 1 {
			t.Errorf("question %d belongs to set %d", i+1, f.Set)
		}
	}
	end := c.todays(lin, 1)
	if end.Asking != nil || end.Answered != dailySet || end.Right != dailySet-2 || len(end.Shaky) != 2 || end.Habit != (Habit{1, 1}) {
		t.Errorf("%+v", end)
	}
	for _, s := range end.Shaky {
		if s.InDays != 1 || s.Stem == "" || s.Quiz == "" || s.Review == "" {
			t.Errorf("%+v", s)
		}
	}
	if more := c.todays(lin, 2); more.Asking == nil || more.Set != 2 || more.At != 1 {
		t.Errorf("another set: %+v", more)
	}
	if far := c.todays(lin, 99); far.Set != 2 {
		t.Errorf("set %d was asked for before its turn", far.Set)
	}
}

// A set that was begun is not offered again when nothing is left to ask in it.
func TestPracticeOffersNoEmptySet(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	c.fail(lin)
	c.later(24 * time.Hour)
	c.answered(lin, *c.todays(lin, 1).Asking, PracticeAnswer{Daily: true})
	if h := c.practiceOf(lin); h.Done != 1 || h.Of <= 1 {
		t.Fatalf("a set that was begun: %+v", h)
	}
	c.begin(lin) // what is asked in a test is not practised
	if h := c.practiceOf(lin); h.Done != 1 || h.Of != 0 {
		t.Errorf("nothing is left to ask: %+v", h)
	}
}

func TestHabitHasNoGuilt(t *testing.T) {
	for _, tc := range []struct {
		name string
		days []calendar.Day // the latest first
		want Habit
	}{
		{"never", nil, Habit{}},
		{"today", []calendar.Day{"2026-03-10"}, Habit{1, 1}},
		{"up to yesterday", []calendar.Day{"2026-03-09", "2026-03-08"}, Habit{2, 2}},
		{"with a gap", []calendar.Day{"2026-03-10", "2026-03-09", "2026-03-07", "2026-03-01"}, Habit{2, 3}},
		{"long ago", []calendar.Day{"2026-02-01"}, Habit{}},
		{"a week", []calendar.Day{"2026-03-10", "2026-03-04", "2026-03-03"}, Habit{1, 2}},
	} {
		p := pool{today: "2026-03-10"}
		for _, day := range tc.days {
			p.days = append(p.days, store.PracticeDay{Day: day})
		}
		if got := p.habit(); got != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

func TestOutlookIsTheMeanOfTheChances(t *testing.T) {
	bank := &quiz.Bank{Slug: "b", Questions: []quiz.Question{
		{ID: "one", Topic: "D2", Kind: sheet.Single},
		{ID: "two", Topic: "D2", Kind: sheet.Single},
		{ID: "new", Topic: "D2", Kind: sheet.Single},
		{ID: "other", Topic: "D5", Kind: sheet.Single},
		{ID: "trial", Topic: "D5", Kind: sheet.Single, Pilot: true},
	}}
	p := pool{today: "2026-03-10", banks: []*quiz.Bank{bank}, cards: map[string]map[string]recall.Card{"b": {
		"one": {Memory: recall.Memory{Stability: 1, Difficulty: 5}, Seen: "2026-03-10"},  // 90 % tomorrow
		"two": {Memory: recall.Memory{Stability: 10, Difficulty: 5}, Seen: "2026-03-10"}, // 98 % tomorrow
	}}}
	later := (recall.Memory{Stability: 1}.Chance(30) + recall.Memory{Stability: 10}.Chance(30)) / 2
	want := []Outlook{
		{Topic: "D2", Name: "倾听提问", Asked: 2, Unseen: 1, Today: 94, Later: int(later*100 + 0.5)},
		{Topic: "D5", Name: "流程与单据", Unseen: 1},
	}
	if diff := cmp.Diff(want, p.outlook()); diff != "" {
		t.Error(diff)
	}
}

const habitPolicy = `title: 持续练习
title_en: Keep practising
level: L1
validity_months: 12
initial:
  - {kind: practice, ref: vehicle-walkaround, mark: 50, days: 2, within_days: 7, answers: 4, title: 平时练习：环车检查}
`

// Practice becomes evidence when it has come to enough, once a day.
func TestPracticeBecomesEvidence(t *testing.T) {
	c := openCampus(t)
	own, ps := LoadLibrary(content.FS, overlay(map[string]string{"certifications/habit.yaml": habitPolicy}))
	if own == nil {
		t.Fatal(ps)
	}
	if err := c.publish(t.Context(), own); err != nil {
		t.Fatal(err)
	}
	lin := c.add("林晓", people.Advisor)
	evidence := func() (n int, last store.LedgerEntry) {
		c.read(func(tx *store.Tx) error {
			ledger, err := tx.Ledger(lin.ID)
			for _, e := range ledger {
				if e.Requirement == cert.Practice {
					n, last = n+1, e
				}
			}
			return err
		})
		return n, last
	}
	practise := func(times int) {
		for range times {
			asked := c.freely(lin, walkaround)
			c.answered(lin, asked, PracticeAnswer{Answer: c.keyTo(lin, asked)})
		}
	}
	practise(5)
	if n, _ := evidence(); n != 0 {
		t.Error("one day was enough")
	}
	c.later(24 * time.Hour)
	practise(2)
	n, last := evidence()
	if n != 1 || last.Percent != 100 || last.Ref != walkaround || last.Outcome != cert.Passed || last.Day != "2026-03-03" {
		t.Errorf("%d pieces of evidence, %+v", n, last)
	}
	policy, _ := c.Library().Certification("habit")
	c.read(func(tx *store.Tx) error {
		ledger, err := tx.Ledger(lin.ID)
		if s := standing(policy, ledger, "2026-03-03"); s.State != cert.Certified {
			t.Errorf("%s after practising enough", s.State)
		}
		return err
	})
}

func TestPracticeRequirementsOfABankAgree(t *testing.T) {
	other := strings.Replace(habitPolicy, "answers: 4", "answers: 40", 1)
	for _, tc := range []struct {
		second string
		sound  bool
	}{
		{habitPolicy, true},
		{strings.Replace(habitPolicy, "平时练习：环车检查", "每周练环车", 1), true},
		{other, false},
		{strings.Replace(habitPolicy, "ref: vehicle-walkaround", "ref: no-such", 1), false},
	} {
		l, ps := LoadLibrary(content.FS, overlay(map[string]string{"certifications/habit.yaml": habitPolicy, "certifications/second.yaml": tc.second}))
		if (l != nil) != tc.sound {
			t.Errorf("%v, want sound %v", ps, tc.sound)
		}
	}
}

// What the pages cost in statements; the login is one more.
func TestPracticeStatements(t *testing.T) {
	c := openCampus(t)
	lin := c.add("林晓", people.Advisor)
	c.fail(lin)
	c.later(24 * time.Hour)
	old := c.freely(lin, walkaround)
	c.answered(lin, old, PracticeAnswer{Daily: true})
	asked := c.freely(lin, walkaround)
	for _, tc := range []struct {
		name string
		want int64
		run  func(context.Context) error
	}{
		{"practice", 2, func(ctx context.Context) error { return second(c.Practice(ctx, lin)) }},
		{"today", 2, func(ctx context.Context) error { return second(c.TodaysPractice(ctx, lin, 1)) }},
		{"freely", 2, func(ctx context.Context) error { return second(c.PractiseQuiz(ctx, lin, walkaround)) }},
		{"answer", 5, func(ctx context.Context) error {
			return c.AnswerPractice(ctx, lin, walkaround, PracticeAnswer{Asking: asked.ID})
		}},
		{"feedback", 1, func(ctx context.Context) error { return second(c.PracticeFeedback(ctx, lin, walkaround, old.ID)) }},
	} {
		ctx, n := store.CountStatements(context.Background())
		if err := tc.run(ctx); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if *n != tc.want {
			t.Errorf("%s: %d statements, want %d", tc.name, *n, tc.want)
		}
	}
}
