package analysis

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

func TestFlags(t *testing.T) {
	choice := choices(1, 4)[0]
	critical, order := choice, quiz.Question{Kind: sheet.Order, Options: make([]quiz.Option, 5)}
	critical.Critical = true
	sound := func(change func(*Item)) Item {
		i := Item{
			N: 60, Facility: 0.7, Correlation: 0.35, Timed: 60, Median: 30 * time.Second,
			Options: []Option{{Right: true, Share: 0.7}, {Share: 0.1}, {Share: 0.1}, {Share: 0.1}},
		}
		change(&i)
		return i
	}
	cases := []struct {
		name     string
		question quiz.Question
		item     Item
		want     []Flag
	}{
		{"sound", choice, sound(func(*Item) {}), nil},
		{"the wrong way round", choice, sound(func(i *Item) { i.Correlation = -0.2 }), []Flag{{FlagKey, -1}}},
		{"flat", choice, sound(func(i *Item) { i.Correlation = 0.02 }), []Flag{{FlagFlat, -1}}},
		{"flat, of few", choice, sound(func(i *Item) { i.Correlation, i.N = 0.02, 25 }), nil},
		{"by chance", choice, sound(func(i *Item) { i.Correlation, i.Facility = 0.02, 0.27 }), []Flag{{FlagGuess, -1}}},
		{"too fast", choice, sound(func(i *Item) { i.Rapid = 0.2 }), []Flag{{FlagGuess, -1}}},
		{"hard", choice, sound(func(i *Item) { i.Facility = 0.2 }), []Flag{{FlagHard, -1}}},
		{"hard to guess", order, sound(func(i *Item) { i.Facility, i.Correlation, i.Options = 0.2, 0, nil }), []Flag{{FlagFlat, -1}, {FlagHard, -1}}},
		{"an idle option", choice, sound(func(i *Item) { i.Options[2].Share = 0.01 }), []Flag{{FlagUnused, 2}}},
		{"an idle option beside a red line", critical, sound(func(i *Item) { i.Options[2].Share = 0 }), nil},
		{"easy", choice, sound(func(i *Item) { i.Facility, i.Correlation = 0.98, math.NaN() }), []Flag{{FlagEasy, -1}}},
		{"easy and critical", critical, sound(func(i *Item) { i.Facility, i.Correlation = 0.98, math.NaN() }), nil},
		{"slow", choice, sound(func(i *Item) { i.Median = 95 * time.Second }), []Flag{{FlagTime, -1}}},
		{"too few to say", choice, sound(func(i *Item) { i.N, i.Correlation, i.Facility = 19, -0.9, 0.1 }), nil},
	}
	for _, c := range cases {
		questions := []quiz.Question{c.question}
		items := []Item{c.item}
		for range fewestSlow {
			questions, items = append(questions, choice), append(items, sound(func(*Item) {}))
		}
		flag(questions, items)
		if diff := cmp.Diff(c.want, items[0].Flags); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestBlindChance(t *testing.T) {
	for kind, want := range map[string]float64{
		sheet.Single: 0.25, sheet.Multiple: 1.0 / 15, sheet.Order: 1.0 / 24, sheet.Match: 1.0 / 64, sheet.Text: 0,
	} {
		q := quiz.Question{Kind: kind, Options: make([]quiz.Option, 4), Rows: make([]quiz.Row, 3)}
		if got := blind(q); math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
}

// A key that is wrong is found out among a sound company.
func TestWrongKeyIsFlagged(t *testing.T) {
	attempts := company(21, 80, 12, 10)
	for a := range attempts {
		for k := range attempts[a].Scores {
			if s := &attempts[a].Scores[k]; s.Question == id(5) {
				s.Points = 1 - s.Points
			}
		}
	}
	for i, item := range Of(choices(12, 4), 60, attempts).Items {
		flagged := len(item.Flags) > 0 && item.Flags[0].Code == FlagKey
		if flagged != (i == 5) {
			t.Errorf("question %d correlates %.2f, flags %v", i, item.Correlation, item.Flags)
		}
	}
}
