package analysis

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// near compares figures to four places.
var near = cmp.Options{cmpopts.EquateApprox(0, 0.00005), cmpopts.EquateNaNs()}

func id(i int) string { return fmt.Sprintf("q%d", i) }

// choices are questions with so many options each, the first of which is right.
func choices(n, options int) []quiz.Question {
	list := make([]quiz.Question, n)
	for i := range list {
		list[i] = quiz.Question{ID: id(i), Kind: sheet.Single, Points: 1, Options: make([]quiz.Option, options)}
		list[i].Options[0].Right = true
	}
	return list
}

// paper is an attempt from what was chosen in each question: 0 is right, "-" was
// not asked.
func paper(chosen string) Attempt {
	var a Attempt
	points := 0
	for i, c := range chosen {
		if c == '-' {
			continue
		}
		s := quiz.Score{Question: id(i), Max: 1, Chosen: []int{int(c - '0')}, Answered: true}
		s.Points = one(c == '0')
		points += s.Points
		a.Scores = append(a.Scores, s)
	}
	a.Percent = 100 * points / max(1, len(a.Scores))
	a.Passed = a.Percent >= 60
	return a
}

func papers(chosen ...string) []Attempt {
	list := make([]Attempt, len(chosen))
	for i, c := range chosen {
		list[i] = paper(c)
	}
	return list
}

// Four takers and three questions, each a step harder: small enough to reckon by
// hand. p = 3/4, 1/2, 1/4; Σpq = 5/8; the totals 3, 2, 1, 0 have variance 5/4.
func TestFiguresReckonedByHand(t *testing.T) {
	r := Of(choices(3, 2), 60, papers("000", "001", "011", "111"))
	want := []Item{
		{N: 4, Facility: 0.75, Correlation: math.Sqrt(3.0 / 11), Discrimination: 1},
		{N: 4, Facility: 0.50, Correlation: math.Sqrt(0.5), Discrimination: 1},
		{N: 4, Facility: 0.25, Correlation: math.Sqrt(3.0 / 11), Discrimination: 1 / 1.08},
	}
	for i, w := range want {
		got := r.Items[i]
		got = Item{N: got.N, Facility: got.Facility, Correlation: got.Correlation, Discrimination: got.Discrimination}
		if i == 0 { // 1.08 of the weakest, so a little of the second weakest, who is right
			w.Discrimination = 1 - 0.08/1.08
		}
		if diff := cmp.Diff(w, got, near); diff != "" {
			t.Errorf("question %d: %s", i, diff)
		}
	}
	// KR-20 = 3/2 · (1 − (5/8)/(5/4)); SEM = √(5/4) · √(1 − 3/4) of 3 points.
	if diff := cmp.Diff(Precision{Alpha: 0.75, SEM: 100 * math.Sqrt(1.25) / 2 / 3}, r.Precision, near); diff != "" {
		t.Error(diff)
	}
	if r.Mean != 49.75 || r.PassRate != 0.5 || r.Length != 3 { // 100, 66, 33, 0
		t.Errorf("mean %v, pass rate %v, length %v", r.Mean, r.PassRate, r.Length)
	}
	if want := [10]int{0: 1, 3: 1, 6: 1, 9: 1}; r.Bands != want {
		t.Errorf("bands %v", r.Bands)
	}
}

func TestOptionsOfAQuestion(t *testing.T) {
	r := Of(choices(3, 3), 60, papers("000", "001", "011", "111", "211", "000"))
	want := []Option{
		{Right: true, N: 4, Share: 4.0 / 6, Above: (2+1+0+2)/4.0/2 - 5.0/12, Thirds: [3]float64{0, 1, 1}},
		{N: 1, Share: 1.0 / 6, Above: -5.0 / 12, Thirds: [3]float64{0.5, 0, 0}},
		{N: 1, Share: 1.0 / 6, Above: -5.0 / 12, Thirds: [3]float64{0.5, 0, 0}},
	}
	if diff := cmp.Diff(want, r.Items[0].Options, near); diff != "" {
		t.Error(diff)
	}
}

func TestWrittenAnswersAndTimes(t *testing.T) {
	questions := []quiz.Question{{ID: "q0", Kind: sheet.Fill}}
	attempts := make([]Attempt, 12)
	for i := range attempts {
		s := quiz.Score{Question: "q0", Max: 2, Points: 2 * one(i < 4), Answered: i < 11, Text: "55%", Spent: 40 * time.Second}
		if i >= 4 {
			s.Text = []string{"38%", "7%"}[i%2]
		}
		if i == 11 {
			s.Text, s.Spent = "", 0
		}
		if i == 10 {
			s.Spent = 2 * time.Second // below a tenth of the mean, 36.5 s
		}
		attempts[i].Scores = []quiz.Score{s}
	}
	got := Of(questions, 60, attempts).Items[0]
	want := Item{
		Question: "q0", N: 12, Facility: 1.0 / 3, Correlation: math.NaN(), Discrimination: 1, Written: []Written{{"38%", 4}, {"7%", 3}},
		Unanswered: 1, Timed: 11, Median: 40 * time.Second, Rapid: 1.0 / 11,
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Error(diff)
	}
}

// A pilot question has figures, but counts in nobody's total.
func TestPilotQuestionsCountForNothingElse(t *testing.T) {
	attempts := papers("0000", "0011", "0111", "1110")
	for i := range attempts {
		attempts[i].Scores[3].Pilot = true
	}
	with, without := Of(choices(4, 2), 60, attempts), Of(choices(3, 2), 60, papers("000", "001", "011", "111"))
	for i, item := range without.Items {
		if diff := cmp.Diff(item, with.Items[i], near); diff != "" {
			t.Errorf("question %d: %s", i, diff)
		}
	}
	if diff := cmp.Diff(without.Precision, with.Precision, near); diff != "" {
		t.Error(diff)
	}
	// Rest scores 3, 2, 1, 0 (all counted questions) against 1, 0, 0, 1.
	if got := with.Items[3].Correlation; math.Abs(got) > 1e-9 {
		t.Errorf("pilot question correlates %v, want 0", got)
	}
}

// Questions that were changed since still say who is good.
func TestFormerQuestionsCountTowardsTheTotal(t *testing.T) {
	all := papers("000", "001", "011", "111")
	r := Of(choices(1, 2), 60, all)
	if len(r.Items) != 1 || math.Abs(r.Items[0].Correlation-math.Sqrt(3.0/11)) > 1e-9 {
		t.Errorf("%+v", r.Items)
	}
}

func TestNothingToTell(t *testing.T) {
	for name, attempts := range map[string][]Attempt{
		"no attempt": nil, "one": papers("01"), "all alike": papers("01", "01", "01"), "no scores": {{Percent: 50}, {Percent: 50}},
		"worth nothing": {{Scores: []quiz.Score{{Question: "q0"}}}},
	} {
		r := Of(choices(2, 2), 60, attempts)
		if !math.IsNaN(r.Precision.Alpha) || !math.IsNaN(r.Decision.Agreement) || !math.IsNaN(r.Items[0].Correlation) || r.Rasch != nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// company draws takers and their papers: a taker of ability θ gets a question of
// difficulty b right as Rasch says, else any of the wrong options. Each has length
// of the questions.
func company(seed uint64, takers, questions, length int) []Attempt {
	rng := rand.New(rand.NewPCG(seed, 1))
	difficulty := make([]float64, questions)
	for i := range difficulty {
		difficulty[i] = -1.5 + 3*float64(i)/float64(max(1, questions-1))
	}
	list := make([]Attempt, takers)
	for a := range list {
		ability, points := rng.NormFloat64(), 0
		for _, i := range rng.Perm(questions)[:length] {
			s := quiz.Score{Question: id(i), Max: 1, Answered: true, Spent: time.Duration(15+rng.IntN(60)) * time.Second}
			if rng.Float64() < chance(ability-difficulty[i]) {
				s.Points, s.Chosen = 1, []int{0}
			} else {
				s.Chosen = []int{1 + rng.IntN(3)}
			}
			points += s.Points
			list[a].Scores = append(list[a].Scores, s)
		}
		list[a].Percent = 100 * points / length
		list[a].Passed = list[a].Percent >= 60
	}
	return list
}

func drawCompany(t *rapid.T) ([]quiz.Question, []Attempt) {
	questions := rapid.IntRange(2, 12).Draw(t, "questions")
	length := rapid.IntRange(1, questions).Draw(t, "length")
	takers := rapid.IntRange(0, 60).Draw(t, "takers")
	return choices(questions, 4), company(rapid.Uint64().Draw(t, "seed"), takers, questions, length)
}

func TestNoFigureLeavesItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		questions, attempts := drawCompany(t)
		r := Of(questions, 60, attempts)
		within := func(name string, x, low, high float64) {
			const hair = 1e-9                                      // may be lost or won in adding up
			if x < low-hair || x > high+hair || math.IsInf(x, 0) { // NaN is neither
				t.Fatalf("%s is %v", name, x)
			}
		}
		within("α", r.Precision.Alpha, math.Inf(-1), 1)
		within("SEM", r.Precision.SEM, 0, 100)
		within("agreement", r.Decision.Agreement, 0.5, 1)
		within("κ", r.Decision.Kappa, -1, 1)
		for _, i := range r.Items {
			within("facility", i.Facility, 0, 1)
			within("correlation", i.Correlation, -1, 1)
			within("discrimination", i.Discrimination, -1, 1)
			within("rapid", i.Rapid, 0, 1)
			share := 0.0
			for _, o := range i.Options {
				share += o.Share
				for _, third := range o.Thirds {
					within("third", third, 0, 1)
				}
			}
			if i.N > 0 && math.Abs(share-1) > 1e-9 {
				t.Fatalf("shares of %s sum up to %v", i.Question, share)
			}
		}
	})
}

// Half a question more or less in the effective length is not for the order in which
// attempts are added up to decide.
func TestEffectiveLengthIsSettled(t *testing.T) {
	taker := func(first, second int) Attempt {
		return Attempt{Percent: 50 * (first + second), Scores: []quiz.Score{
			{Question: id(0), Points: first, Max: 1}, {Question: id(1), Points: second, Max: 1},
		}}
	}
	attempts := slices.Concat(slices.Repeat([]Attempt{taker(1, 0)}, 6), slices.Repeat([]Attempt{taker(1, 1)}, 3), []Attempt{taker(0, 0)})
	want := Of(choices(2, 2), 60, attempts).Decision.Length
	for range attempts {
		attempts = append(attempts[1:], attempts[0])
		if got := Of(choices(2, 2), 60, attempts).Decision.Length; got != want {
			t.Fatalf("%d or %d questions, as the attempts come", want, got)
		}
	}
}

// The order in which attempts were found says nothing.
func TestOrderOfAttemptsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		questions, attempts := drawCompany(t)
		want := Of(questions, 60, attempts)
		got := Of(questions, 60, rapid.Permutation(attempts).Draw(t, "order"))
		for _, r := range []*Report{&want, &got} {
			if r.Rasch != nil {
				slices.Sort(r.Rasch.Abilities)
				r.Rasch.measures = nil // stand in the items too
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-6, 1e-6), cmpopts.EquateNaNs(), cmpopts.IgnoreUnexported(Rasch{})); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Where all take the same paper, α is the textbook's, for any points.
func TestAlphaOfACommonPaperIsCronbachs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(2, 8).Draw(t, "k"), rapid.IntRange(3, 40).Draw(t, "n")
		rows := make([][]float64, k+1) // the last are the totals
		attempts := make([]Attempt, n)
		for a := range attempts {
			total := 0
			for i := range k {
				points := rapid.IntRange(0, i%3+1).Draw(t, "points")
				attempts[a].Scores = append(attempts[a].Scores, quiz.Score{Question: id(i), Points: points, Max: i%3 + 1})
				rows[i] = append(rows[i], float64(points))
				total += points
			}
			rows[k] = append(rows[k], float64(total))
		}
		whole, parts := variance(rows[k]), 0.0
		for _, row := range rows[:k] {
			parts += variance(row)
		}
		want := float64(k) / float64(k-1) * (1 - parts/whole)
		got := Of(choices(k, 2), 60, attempts).Precision.Alpha
		if whole > 0 && math.Abs(got-want) > 1e-6 {
			t.Fatalf("α is %v, Cronbach's %v", got, want)
		}
	})
}

// Questions that all say the same are perfectly reliable, however many.
func TestAlphaOfCopiesIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 9).Draw(t, "k")
		rights := rapid.SliceOfN(rapid.Bool(), 2, 30).Filter(func(b []bool) bool {
			return slices.Contains(b, true) && slices.Contains(b, false)
		}).Draw(t, "rights")
		attempts := make([]Attempt, len(rights))
		for a, yes := range rights {
			for i := range k {
				attempts[a].Scores = append(attempts[a].Scores, quiz.Score{Question: id(i), Points: one(yes), Max: 1})
			}
		}
		if p := Of(choices(k, 2), 60, attempts).Precision; math.Abs(p.Alpha-1) > 1e-9 || p.SEM > 1e-6 {
			t.Fatalf("%+v", p)
		}
	})
}

// α of drawn papers is that of a common paper as long as they are.
func TestAlphaOfDrawnPapersIsThatOfTheirLength(t *testing.T) {
	const bank, length = 40, 10
	drawn := Of(choices(bank, 4), 60, company(3, 4000, bank, length)).Precision.Alpha
	whole := Of(choices(bank, 4), 60, company(3, 4000, bank, bank)).Precision.Alpha
	ratio := float64(length) / bank
	if want := ratio * whole / (1 + (ratio-1)*whole); math.Abs(drawn-want) > 0.03 {
		t.Errorf("α of drawn papers %.3f, by Spearman and Brown from the whole bank %.3f", drawn, want)
	}
}
