package analysis

import (
	"math"
	"testing"
)

// Of questions whose difficulty is known the model finds it again, whether all
// take them all or each has a draw.
func TestRaschFindsDifficultiesAgain(t *testing.T) {
	for _, length := range []int{30, 12} {
		r := Of(choices(30, 4), 60, company(7, 3000, 30, length))
		if r.Rasch == nil {
			t.Fatalf("length %d: no estimates", length)
		}
		worst, infit := 0.0, 0.0
		for i, item := range r.Items {
			want := -1.5 + 3*float64(i)/29
			worst = max(worst, math.Abs(item.Rasch.Difficulty-want))
			infit = max(infit, math.Abs(item.Rasch.Infit-1))
		}
		if worst > 0.2 || infit > 0.1 {
			t.Errorf("length %d: a difficulty is off by %.2f, an infit by %.2f", length, worst, infit)
		}
	}
}

// At the maximum of the likelihood everybody is expected to get right what they
// got right, and so is every question.
func TestRaschMeetsItsEquations(t *testing.T) {
	m := newModel(tabulate(choices(12, 4), company(5, 200, 12, 8)))
	m.prune()
	if !m.fit() {
		t.Fatal("does not come to an end")
	}
	items := make([]float64, len(m.off))
	for a, row := range m.rows {
		own := 0.0
		for _, x := range row {
			if m.out[a] || m.off[x.item] {
				continue
			}
			d := float64(one(x.right)) - chance(m.ability[a]-m.difficult[x.item])
			own, items[x.item] = own+d, items[x.item]+d
		}
		if math.Abs(own) > 0.02 {
			t.Errorf("taker %d is off by %v", a, own)
		}
	}
	for i, d := range items {
		if math.Abs(d) > 0.2 { // of some 130 answers
			t.Errorf("question %d is off by %v", i, d)
		}
	}
}

// A question that has nothing to do with the others does not fit.
func TestRaschSeesWhatDoesNotFit(t *testing.T) {
	attempts := company(9, 400, 15, 15)
	for a := range attempts {
		for k := range attempts[a].Scores {
			if s := &attempts[a].Scores[k]; s.Question == id(7) {
				s.Points = a % 2
			}
		}
	}
	r := Of(choices(15, 4), 60, attempts)
	for i, item := range r.Items {
		if misfits := item.Rasch.Outfit > 1.3; misfits != (i == 7) {
			t.Errorf("question %d has outfit %.2f", i, item.Rasch.Outfit)
		}
	}
}

func TestRaschLeavesOut(t *testing.T) {
	attempts := company(11, 120, 8, 8)
	rare := company(12, 40, 6, 6)
	for a := range attempts {
		for k := range attempts[a].Scores {
			if s := &attempts[a].Scores[k]; s.Question == id(2) {
				s.Points = 1 // everybody is right
			}
		}
	}
	for a := range rare { // papers that share no question with the others
		for k := range rare[a].Scores {
			rare[a].Scores[k].Question += "x"
		}
	}
	questions := choices(14, 4)
	for i := range 6 {
		questions[8+i].ID = id(i) + "x"
	}
	r := Of(questions, 60, append(attempts, rare...))
	for i, item := range r.Items {
		if has := item.Rasch != nil; has != (i != 2 && i < 8) {
			t.Errorf("question %s has a difficulty: %v", item.Question, has)
		}
	}
	if few := Of(choices(8, 4), 60, company(11, RaschMin-1, 8, 8)); few.Rasch != nil {
		t.Error("too few takers, and yet difficulties")
	}
}
