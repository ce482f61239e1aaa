// Package recall foretells how well somebody still knows something, and says
// when to ask again. It is FSRS-6, the free spaced repetition scheduler: memory
// of one thing by one person is two numbers, its stability and its difficulty,
// and every answer moves them.
//
// The formulas are those published by the Open Spaced Repetition project
// (github.com/open-spaced-repetition, "The Algorithm", FSRS-6), the weights its
// default ones; the tests hold them against that project's own ts-fsrs. Days
// are whole days of the calendar, chance has no part in it: no interval is
// fuzzed, so a log of answers replayed gives the very same card.
package recall

import "math"

// Grade is how an answer went.
type Grade int

// The grades, with the values FSRS gives them.
const (
	Again Grade = 1 // not known
	Hard  Grade = 2 // known in part
	Good  Grade = 3 // known
	Easy  Grade = 4 // known without having to think
)

// weights are the default parameters of FSRS-6, w0 to w20.
var weights = [21]float64{
	0.212, 1.2931, 2.3065, 8.2956, // w0–w3: stability after a first answer, by grade
	6.4133, 0.8334, 3.0194, 0.001, // w4–w7: difficulty
	1.8722, 0.1666, 0.796, // w8–w10: recall
	1.4835, 0.0614, 0.2629, 1.6483, // w11–w14: lapse
	0.6014, 1.8729, // w15, w16: hard and easy
	0.5425, 0.0912, 0.0658, // w17–w19: again on the same day
	0.1542, // w20: how fast the curve of forgetting falls
}

const (
	minStability, maxStability   = 0.001, 36500.0
	firstStability               = 0.1 // the least after a first answer
	minDifficulty, maxDifficulty = 1.0, 10.0
)

// Memory is what one person knows of one thing. The zero Memory has never been
// asked for.
type Memory struct {
	Stability  float64 // days until the chance to know it has fallen to 90 %
	Difficulty float64 // 1 to 10: how little an answer strengthens it
}

// Known reports whether the thing was ever asked for.
func (m Memory) Known() bool { return m.Stability > 0 }

// After is the memory after an answer given days after the one before.
func (m Memory) After(g Grade, days int) Memory {
	switch {
	case !m.Known():
		return Memory{max(weights[g-1], firstStability), clamp(firstDifficulty(g), minDifficulty, maxDifficulty)}
	case days == 0:
		return Memory{m.sameDay(g), m.harder(g)}
	case g == Again:
		return Memory{m.lapsed(m.Chance(days)), m.harder(g)}
	}
	return Memory{m.recalled(g, m.Chance(days)), m.harder(g)}
}

// Chance is the probability, days after the last answer, to know it:
// R(t, S) = (1 + f·t/S)^−w20, with f such that R(S, S) = 0.9.
func (m Memory) Chance(days int) float64 {
	return math.Pow(1+curve*float64(days)/m.Stability, -weights[20])
}

// curve is f = 0.9^(−1/w20) − 1.
var curve = math.Pow(0.9, -1/weights[20]) - 1

// Interval is after how many days the chance will have fallen to retention, a
// share between 0 and 1: at least one day, at most longest.
func (m Memory) Interval(retention float64, longest int) int {
	days := math.Round(m.Stability / curve * (math.Pow(retention, -1/weights[20]) - 1))
	return int(clamp(days, 1, float64(longest)))
}

// firstDifficulty is D0(G) = w4 − e^(w5·(G−1)) + 1.
func firstDifficulty(g Grade) float64 {
	return weights[4] - math.Exp(weights[5]*float64(g-1)) + 1
}

// harder moves the difficulty by −w6·(G−3), the less the closer it is to its
// upper end, and then a little towards that of what is easy.
func (m Memory) harder(g Grade) float64 {
	moved := m.Difficulty - weights[6]*float64(g-3)*(maxDifficulty-m.Difficulty)/9
	return clamp(weights[7]*firstDifficulty(Easy)+(1-weights[7])*moved, minDifficulty, maxDifficulty)
}

// recalled is S·(1 + e^w8·(11−D)·S^−w9·(e^(w10·(1−R))−1)·[w15 if hard]·[w16 if easy]).
func (m Memory) recalled(g Grade, chance float64) float64 {
	gain := math.Exp(weights[8]) * (11 - m.Difficulty) * math.Pow(m.Stability, -weights[9]) * (math.Exp(weights[10]*(1-chance)) - 1)
	switch g {
	case Hard:
		gain *= weights[15]
	case Easy:
		gain *= weights[16]
	}
	return clamp(m.Stability*(1+gain), minStability, maxStability)
}

// lapsed is w11·D^−w12·((S+1)^w13−1)·e^(w14·(1−R)), and never more than a wrong
// answer on the same day would leave, S·e^−(w17·w18).
func (m Memory) lapsed(chance float64) float64 {
	left := weights[11] * math.Pow(m.Difficulty, -weights[12]) * (math.Pow(m.Stability+1, weights[13]) - 1) * math.Exp(weights[14]*(1-chance))
	most := m.Stability / math.Exp(weights[17]*weights[18])
	return min(clamp(left, minStability, maxStability), max(most, minStability))
}

// sameDay is S·e^(w17·(G−3+w18))·S^−w19; an answer that was not wrong never weakens.
func (m Memory) sameDay(g Grade) float64 {
	gain := math.Exp(weights[17]*(float64(g)-3+weights[18])) * math.Pow(m.Stability, -weights[19])
	if g >= Hard {
		gain = max(gain, 1)
	}
	return clamp(m.Stability*gain, minStability, maxStability)
}

func clamp(x, low, high float64) float64 { return max(low, min(x, high)) }
