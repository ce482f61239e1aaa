package analysis

import "math"

// Rasch is the quiz under Rasch's model: a taker of ability θ gets a question of
// difficulty b right with chance 1 / (1 + e^(b−θ)), whichever questions the paper
// has. Right means full marks.
type Rasch struct {
	Abilities []float64 // of the takers who got something right and something wrong, in logits
	measures  []*Measure
}

// Measure is one question under the model.
type Measure struct {
	Difficulty float64 // in logits, 0 for the mean of all questions
	SE         float64

	// Infit and Outfit are mean squares of what the model did not expect, 1 when all
	// is as expected; of the takers near the question's difficulty and of all. 0.7
	// to 1.3 is good for a test of this kind (Wright and Linacre, Rasch
	// Measurement Transactions 8:3, 1994).
	Infit, Outfit float64
}

// RaschMin is how many informative answers the model asks for, to a question and
// of takers in all: with thirty, a difficulty is stable within one logit at 95
// percent (Linacre, Rasch Measurement Transactions 7:4, 1994).
const RaschMin = 30

// answer is one question put to one taker.
type answer struct {
	item  int
	right bool
}

// rasch estimates jointly by maximum likelihood with Newton's steps (Wright and
// Panchapakesan, Educational and Psychological Measurement 29, 1969): what was
// not put to a taker tells nothing. Difficulties are shrunk by (k−1)/k for papers
// of k questions (Wright and Douglas, Educational and Psychological Measurement
// 37, 1977). What everybody or nobody got right, and takers to whom that
// happened, have no place on the scale; nor have questions that no chain of
// papers ties to the most of them.
func (t *table) rasch() *Rasch {
	m := newModel(t)
	m.prune()
	if m.takers() < RaschMin || !m.fit() {
		return nil
	}
	return m.measure()
}

type model struct {
	rows      [][]answer
	out       []bool // takers that are left out
	off       []bool // questions that are left out
	ability   []float64
	difficult []float64
}

func newModel(t *table) *model {
	m := &model{
		rows: make([][]answer, len(t.rows)), out: make([]bool, len(t.rows)), off: make([]bool, len(t.means)),
		ability: make([]float64, len(t.rows)), difficult: make([]float64, len(t.means)),
	}
	for a, row := range t.rows {
		m.rows[a] = make([]answer, len(row))
		for k, e := range row {
			m.rows[a][k] = answer{e.item, e.share >= 1}
		}
	}
	return m
}

// prune leaves out what has no place on one scale, until nothing changes.
func (m *model) prune() {
	for again := true; again; {
		again = m.dropTakers()
		again = m.dropQuestions() || again
		if !again {
			again = m.dropIslands()
		}
	}
}

func (m *model) dropTakers() (dropped bool) {
	for a, row := range m.rows {
		n, right := 0, 0
		for _, x := range row {
			if !m.off[x.item] {
				n++
				right += one(x.right)
			}
		}
		if !m.out[a] && (right == 0 || right == n) {
			m.out[a], dropped = true, true
		}
	}
	return dropped
}

func (m *model) dropQuestions() (dropped bool) {
	n, right := m.counts()
	for i := range m.off {
		if !m.off[i] && (n[i] < RaschMin || right[i] == 0 || right[i] == n[i]) {
			m.off[i], dropped = true, true
		}
	}
	return dropped
}

// counts are the answers to each question that are left, and the right ones.
func (m *model) counts() (n, right []int) {
	n, right = make([]int, len(m.off)), make([]int, len(m.off))
	for a, row := range m.rows {
		if m.out[a] {
			continue
		}
		for _, x := range row {
			n[x.item]++
			right[x.item] += one(x.right)
		}
	}
	return n, right
}

// dropIslands keeps the largest set of questions that papers tie together.
func (m *model) dropIslands() (dropped bool) {
	parent := make([]int, len(m.off))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for a, row := range m.rows {
		first := -1
		for _, x := range row {
			switch {
			case m.out[a] || m.off[x.item]:
			case first < 0:
				first = root(x.item)
			default:
				parent[root(x.item)] = root(first)
			}
		}
	}
	size, main := make([]int, len(m.off)), 0
	for i := range m.off {
		if !m.off[i] {
			size[root(i)]++
		}
	}
	for i := range size {
		if size[i] > size[main] {
			main = i
		}
	}
	for i := range m.off {
		if !m.off[i] && root(i) != main {
			m.off[i], dropped = true, true
		}
	}
	return dropped
}

func (m *model) takers() (n int) {
	for _, out := range m.out {
		n += one(!out)
	}
	return n
}

// When estimates are good enough, when to give up, and how far one step goes.
const (
	enough = 0.001
	tries  = 200
	stride = 1.0
)

// fit finds abilities and difficulties, in turn; false when they run away.
func (m *model) fit() bool {
	m.begin()
	for range tries {
		moved := 0.0
		residual, information := make([]float64, len(m.off)), make([]float64, len(m.off))
		for a, row := range m.rows {
			if m.out[a] {
				continue
			}
			moved = max(moved, math.Abs(m.place(a)))
			for _, x := range row {
				if !m.off[x.item] {
					p := chance(m.ability[a] - m.difficult[x.item])
					residual[x.item] += float64(one(x.right)) - p
					information[x.item] += p * (1 - p)
				}
			}
		}
		for i := range m.off {
			if !m.off[i] {
				step := bounded(residual[i] / information[i])
				m.difficult[i] -= step
				moved = max(moved, math.Abs(step))
			}
		}
		m.centre()
		if moved < enough {
			return true
		}
	}
	return false
}

// place moves a taker by one step and returns how far.
func (m *model) place(a int) float64 {
	own, weight := 0.0, 0.0
	for _, x := range m.rows[a] {
		if !m.off[x.item] {
			p := chance(m.ability[a] - m.difficult[x.item])
			own, weight = own+float64(one(x.right))-p, weight+p*(1-p)
		}
	}
	step := bounded(own / weight)
	m.ability[a] += step
	return step
}

func bounded(step float64) float64 { return min(max(step, -stride), stride) }

// begin starts from the share of right answers alone.
func (m *model) begin() {
	n, right := m.counts()
	for i := range m.off {
		if !m.off[i] {
			m.difficult[i] = math.Log(float64(n[i]-right[i]) / float64(right[i]))
		}
	}
	m.centre()
}

// centre moves the scale so that the mean difficulty is 0.
func (m *model) centre() {
	sum, n := 0.0, 0.0
	for i := range m.off {
		if !m.off[i] {
			sum, n = sum+m.difficult[i], n+1
		}
	}
	for i := range m.off {
		m.difficult[i] -= sum / n
	}
	for a := range m.ability {
		m.ability[a] -= sum / n
	}
}

func (m *model) measure() *Rasch {
	r := &Rasch{measures: make([]*Measure, len(m.off))}
	n, information := make([]float64, len(m.off)), make([]float64, len(m.off))
	for i := range m.off {
		if !m.off[i] {
			r.measures[i] = &Measure{}
		}
	}
	answers, takers := 0.0, 0.0
	for a, row := range m.rows {
		if m.out[a] {
			continue
		}
		takers++
		for _, x := range row {
			if m.off[x.item] {
				continue
			}
			p := chance(m.ability[a] - m.difficult[x.item])
			d, w := float64(one(x.right))-p, p*(1-p)
			r.measures[x.item].Infit += d * d
			r.measures[x.item].Outfit += d * d / w
			n[x.item]++
			information[x.item] += w
			answers++
		}
	}
	shrink := 1 - takers/answers // (k−1)/k
	for i, one := range r.measures {
		if one != nil {
			one.Infit /= information[i]
			one.Outfit /= n[i]
			one.Difficulty, one.SE = shrink*m.difficult[i], 1/math.Sqrt(information[i])
		}
	}
	for a, out := range m.out {
		if !out {
			r.Abilities = append(r.Abilities, shrink*m.ability[a])
		}
	}
	return r
}

func chance(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
