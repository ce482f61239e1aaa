package analysis

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAlikeNamesWhoCopied(t *testing.T) {
	attempts := company(31, 80, 40, 40)
	if l := Alike(attempts); l.Compared != 80*79/2 || len(l.Pairs) != 0 {
		t.Errorf("of %d honest pairs %v are named", l.Compared, l.Pairs)
	}
	weak := 0
	for a := range attempts {
		if attempts[a].Percent < attempts[weak].Percent {
			weak = a
		}
	}
	copier := (weak + 1) % 80
	attempts[copier].Scores = slices.Clone(attempts[weak].Scores)
	l := Alike(attempts)
	if len(l.Pairs) != 1 {
		t.Fatalf("named: %+v", l.Pairs)
	}
	p := l.Pairs[0]
	if p.A != min(weak, copier) || p.B != max(weak, copier) || p.Same != p.Wrong || p.Common != 40 || p.P*float64(l.Compared) > level {
		t.Errorf("%+v, copied was %d by %d", p, weak, copier)
	}
}

// Below the sizes at which anything can be told, nobody is compared.
func TestAlikeKeepsQuietAboutFew(t *testing.T) {
	few := company(32, FewestAlike-1, 40, 40)
	few[0] = few[1]
	short := company(33, 100, 60, FewestAlikeCommon-1)
	short[0] = short[1]
	for _, attempts := range [][]Attempt{few, short} {
		if l := Alike(attempts); l.Compared != 0 || l.Pairs != nil {
			t.Errorf("%+v", l)
		}
	}
}

// Named by chance is one list in twenty, and so of these hardly any.
func TestAlikeByChance(t *testing.T) {
	named := 0
	for seed := range uint64(20) {
		named += one(len(Alike(company(100+seed, 60, 30, 30)).Pairs) > 0)
	}
	if named > 2 {
		t.Errorf("%d of 20 honest companies have somebody named", named)
	}
}

func TestTailOfEqualChancesIsBinomial(t *testing.T) {
	for k := range 9 {
		got, want := tailOf(slices.Repeat([]float64{0.3}, 8), k), atLeast(k, 8, 0.3)
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("at least %d of 8: %v, want %v", k, got, want)
		}
	}
	if got := tailOf([]float64{0.5, 0.25}, 1); math.Abs(got-0.625) > 1e-12 {
		t.Errorf("of two chances: %v, want 5/8", got)
	}
}

func TestHurriedNamesWhoKnewBeforeReading(t *testing.T) {
	attempts := company(41, 60, 20, 20)
	if h := Hurried(attempts); h.Compared < 58 || h.Rate != 0 || h.Papers != nil {
		t.Errorf("of the patient: %+v", h)
	}
	fast := attempts[7].Scores
	for k := range fast {
		fast[k].Spent, fast[k].Points = time.Second, 1
	}
	h := Hurried(attempts)
	want := []Hasty{{Attempt: 7, Right: 20, Fast: 20}}
	if len(h.Papers) != 1 || h.Papers[0].P > 1e-6 {
		t.Fatalf("%+v", h)
	}
	h.Papers[0].P = 0
	if diff := cmp.Diff(want, h.Papers); diff != "" {
		t.Error(diff)
	}
	if h := Hurried(attempts[:FewestHaste-1]); h.Compared != 0 || h.Papers != nil {
		t.Errorf("of few: %+v", h)
	}
}

func BenchmarkAlike(b *testing.B) {
	attempts := company(1, mostCompared, 200, 60)
	for b.Loop() {
		Alike(attempts)
	}
}
