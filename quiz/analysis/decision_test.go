package analysis

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// With the reliability that Kuder and Richardson's formula 21 gives, right and
// wrong questions of one weight have their own number as effective length.
func TestEffectiveLengthIsTheLength(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := float64(rapid.SampledFrom([]int{5, 10, 20, 50}).Draw(t, "k"))
		percents := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return 100 * float64(rapid.IntRange(0, int(k)).Draw(t, "right")) / k
		}), 5, 60).Draw(t, "percents")
		m, v := mean(percents)/100*k, variance(percents)/10000*k*k
		alpha := k / (k - 1) * (1 - m*(k-m)/(k*v))
		if v == 0 || alpha < 0 || alpha > 0.98 {
			t.Skip("not a reliability")
		}
		if got := decide(percents, alpha, 60).Length; got != int(k) {
			t.Fatalf("length %d, want %v", got, k)
		}
	})
}

// Reckoned apart from this program, by exact fractions: see each case.
func TestAgreementReckonedApart(t *testing.T) {
	cases := []struct {
		name     string
		percents []float64
		alpha    float64
		pass     int
		want     Decision
	}{
		// m = 1/2, v = 1/16, length (1/4 − 1/32)/(1/32) = 7, 5 needed. Expected at
		// 3/8 and 5/8: chances of passing 0.0853 and 0.3975 … by the binomial.
		{"two results", []float64{25, 75}, 0.5, 60, Decision{}},
		{"nobody differs", []float64{50, 50}, 0.5, 60, Decision{Agreement: math.NaN(), Kappa: math.NaN()}},
		{"no reliability", []float64{0, 100}, math.NaN(), 60, Decision{Agreement: math.NaN(), Kappa: math.NaN()}},
	}
	low, high := atLeast(5, 7, 3.0/8), atLeast(5, 7, 5.0/8)
	passing := (low + high) / 2
	agree := (low*low + (1-low)*(1-low) + high*high + (1-high)*(1-high)) / 2
	chance := passing*passing + (1-passing)*(1-passing)
	cases[0].want = Decision{Agreement: agree, Kappa: (agree - chance) / (1 - chance), Length: 7}
	for _, c := range cases {
		if diff := cmp.Diff(c.want, decide(c.percents, c.alpha, c.pass), near); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// The binomial as it stands in tables.
func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		k, n int
		p    float64
		want float64
	}{
		{5, 10, 0.5, 0.6230},
		{8, 10, 0.7, 0.3828},
		{0, 3, 0.2, 1},
		{4, 3, 0.2, 0},
		{3, 3, 1, 1},
		{1, 3, 0, 0},
		{2, 3, 0.5, 0.5},
		{600, 1000, 0.6, 0.5137},
	} {
		if got := atLeast(c.k, c.n, c.p); math.Abs(got-c.want) > 0.0001 {
			t.Errorf("at least %d of %d at %v: %v, want %v", c.k, c.n, c.p, got, c.want)
		}
	}
}

// The more reliable a quiz, the surer its verdict; of perfect ones nobody differs.
func TestAgreementGrowsWithReliability(t *testing.T) {
	percents := []float64{20, 30, 40, 50, 60, 70, 80, 90, 55, 65}
	last := 0.0
	for _, alpha := range []float64{0, 0.3, 0.6, 0.8, 0.9, 0.97} {
		d := decide(percents, alpha, 60)
		if d.Agreement < last {
			t.Errorf("α %v: agreement %v falls below %v", alpha, d.Agreement, last)
		}
		last = d.Agreement
	}
	if last < 0.9 {
		t.Errorf("agreement %v at α 0.97", last)
	}
}
