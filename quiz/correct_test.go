package quiz

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/quiz/sheet"
)

// versions returns a bank of one question as it was and as it is after change.
func versions(q Question, change func(*Question)) (old, later *Bank) {
	q.ID, q.Points = "q", 4
	changed := q
	changed.Options, changed.Rows = slices.Clone(q.Options), slices.Clone(q.Rows)
	changed.Blanks, changed.Values = slices.Clone(q.Blanks), slices.Clone(q.Values)
	change(&changed)
	return &Bank{Size: 1, Questions: []Question{q}}, &Bank{Size: 1, Pass: 99, Questions: []Question{changed}}
}

func TestCorrected(t *testing.T) {
	single := Question{Kind: sheet.Single, Stem: "s", Options: []Option{{Text: "a", Right: true}, {Text: "b", Why: "old"}}}
	match := Question{Kind: sheet.Match, Options: []Option{{Text: "1"}, {Text: "2"}}, Rows: []Row{{"a", 0}, {"b", 1}}}
	order := Question{Kind: sheet.Order, Options: []Option{{Text: "1"}, {Text: "2"}, {Text: "3"}}}
	blank := Question{Kind: sheet.Fill, Pieces: []string{"", ""}, Blanks: []Blank{{Accept: []Accepted{{Text: "55%", Percent: 100}}}}}
	numeric := Question{
		Kind: sheet.Numeric, Values: []Value{{Figure: "3", Percent: 100}},
		Units: []Unit{{"天", "1"}, {"小时", "1/24"}},
	}
	swapped := func(q *Question) { q.Options[0].Right, q.Options[1].Right = false, true }
	for _, tt := range []struct {
		name   string
		q      Question
		change func(*Question)
		given  given
		points int // after the correction
		want   []Correction
	}{
		{"nothing", single, func(*Question) {}, given{chosen: []int{0}}, 4, nil},
		{"another key", single, swapped, given{chosen: []int{1}}, 4, []Correction{{Question: "q"}}},
		{"options in another order", single, func(q *Question) { slices.Reverse(q.Options) }, given{chosen: []int{0}}, 4, nil},
		{"another key and order", single, func(q *Question) { swapped(q); slices.Reverse(q.Options) }, given{chosen: []int{1}}, 4, []Correction{{Question: "q"}}},
		{"another reason only", single, func(q *Question) { q.Options[1].Why = "new" }, given{chosen: []int{0}}, 4, nil},
		{"another stem", single, func(q *Question) { swapped(q); q.Stem = "t" }, given{chosen: []int{0}}, 4, nil},
		{"another text", single, func(q *Question) { swapped(q); q.Options[1].Text = "c" }, given{chosen: []int{0}}, 4, nil},
		{"one more option", single, func(q *Question) { swapped(q); q.Options = append(q.Options, Option{Text: "c"}) }, given{chosen: []int{0}}, 4, nil},
		{"other points", single, func(q *Question) { swapped(q); q.Points = 2 }, given{chosen: []int{0}}, 4, nil},
		{"another kind", single, func(q *Question) { swapped(q); q.Kind = sheet.Multiple }, given{chosen: []int{0}}, 4, nil},
		{"another id", single, func(q *Question) { swapped(q); q.ID = "r" }, given{chosen: []int{0}}, 4, nil},
		{"void", single, func(q *Question) { q.Void = true }, given{}, 4, []Correction{{Question: "q", Void: true}}},
		{"void and rewritten", single, func(q *Question) { q.Void, q.Stem = true, "t" }, given{}, 4, []Correction{{Question: "q", Void: true}}},
		{"valid again", Question{Kind: sheet.Single, Void: true, Options: single.Options}, func(q *Question) { q.Void = false }, given{chosen: []int{1}}, 0, []Correction{{Question: "q"}}},
		{"void, then written anew", Question{Kind: sheet.Single, Void: true, Options: single.Options}, func(q *Question) { q.Void, q.Stem = false, "t" }, given{}, 4, nil},
		{
			"pairs swapped", match, func(q *Question) { slices.Reverse(q.Options) },
			given{chosen: []int{1, 0}},
			4,
			[]Correction{{Question: "q"}},
		},
		{"pairs in another order", match, func(q *Question) {
			slices.Reverse(q.Options)
			q.Rows = []Row{{"b", 0}, {"a", 1}}
		}, given{chosen: []int{0, 1}}, 4, nil},
		{"another order of steps stays", order, func(q *Question) { slices.Reverse(q.Options) }, given{chosen: []int{0, 1, 2}}, 4, nil},
		{"another text accepted", blank, func(q *Question) {
			q.Blanks = []Blank{{Accept: []Accepted{{Text: "55%", Percent: 100}, {Text: "五成半", Percent: 50}}}}
		}, given{texts: []string{"五成半"}}, 2, []Correction{{Question: "q"}}},
		{"by value", blank, func(q *Question) { q.ByValue = true }, given{texts: []string{"0.55"}}, 4, []Correction{{Question: "q"}}},
		{"one more blank", blank, func(q *Question) { q.Blanks = append(q.Blanks, q.Blanks[0]) }, given{texts: []string{"55%"}}, 4, nil},
		{
			"a tolerance", numeric, func(q *Question) { q.Values[0].Tolerance = "1" },
			given{texts: []string{"4", "天"}},
			4,
			[]Correction{{Question: "q"}},
		},
		{"another unit", numeric, func(q *Question) { q.Units = q.Units[:1] }, given{texts: []string{"72", "小时"}}, 4, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			old, later := versions(tt.q, tt.change)
			b, list := Corrected(old, later)
			if diff := cmp.Diff(tt.want, list); diff != "" {
				t.Error(diff)
			}
			if got := credit(b.question("q"), tt.given); got != tt.points {
				t.Errorf("earns %d, want %d", got, tt.points)
			}
			if b.Pass != old.Pass {
				t.Error("the pass mark changed")
			}
		})
	}
}

// Whatever became of a bank, the papers of the old one show the same and can be
// graded, and a question that is not listed earns what it did.
func TestCorrectedFitsOldPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, later := anyBank(t), anyBank(t)
		if rapid.Bool().Draw(t, "later version") {
			later.Questions = slices.Clone(old.Questions)
			for i := range later.Questions {
				mend(t, &later.Questions[i])
			}
		}
		p := old.Draw(anySeed(t), nil)
		answers := map[int]sheet.Answer{}
		for i, s := range p.Slots {
			answers[i+1] = s.encode(anyGiven(t, old.question(s.Question)))
		}
		b, list := Corrected(old, later)
		if diff := cmp.Diff(old.Sheet(p, nil), b.Sheet(p, nil)); diff != "" {
			t.Fatal("the correction shows on the sheet: " + diff)
		}
		before, after := old.Scores(p, saved(answers), nil, nine), b.Scores(p, saved(answers), nil, nine)
		for i := range before {
			listed := slices.ContainsFunc(list, func(c Correction) bool { return c.Question == before[i].Question })
			if !listed && before[i].Points != after[i].Points || after[i].Answered != before[i].Answered {
				t.Fatalf("%s went from %+v to %+v", before[i].Question, before[i], after[i])
			}
		}
	})
}

// mend changes the key of q, its order, its text or nothing.
func mend(t *rapid.T, q *Question) {
	q.Options, q.Rows = slices.Clone(q.Options), slices.Clone(q.Rows)
	switch rapid.IntRange(0, 4).Draw(t, "mend") {
	case 0:
		slices.Reverse(q.Options)
	case 1:
		q.Void = !q.Void
	case 2:
		for i := range q.Rows {
			q.Rows[i].Option = 0
		}
		for i := range q.Options {
			q.Options[i].Right = !q.Options[i].Right && !q.inOrder()
		}
		q.Values = []Value{{Figure: "7", Percent: 100}}
	case 3:
		q.Stem += "?"
	}
}

func saved(answers map[int]sheet.Answer) map[int]Saved {
	list := map[int]Saved{}
	for slot, a := range answers {
		list[slot] = Saved{Answer: a}
	}
	return list
}
