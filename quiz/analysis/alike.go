package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Nothing in this file proves anything about anybody. It finds what a person
// should look at, with the facts, and says how often chance alone does the same.

// Below these sizes nobody is compared with anybody: too little can be told from
// it. Beyond mostCompared, only the first so many attempts are.
const (
	FewestAlike       = 50 // attempts
	FewestAlikeCommon = 30 // questions two papers have in common
	mostCompared      = 400
)

// level is how often a whole list may name somebody by chance alone: once in
// twenty. It is divided by how many comparisons are made (Bonferroni).
const level = 0.05

// Likeness is which papers give the same wrong answers.
type Likeness struct {
	Compared int // pairs of papers; 0 when there are too few or they are too short
	Pairs    []Pair
}

// Pair is two papers that are more alike than chance makes them.
type Pair struct {
	A, B     int     // places among the attempts
	Common   int     // questions both had
	Wrong    int     // of those, both got wrong
	Same     int     // of those, with the very same answer
	Expected float64 // how many would be the same by chance
	P        float64 // chance of as many or more
}

// Alike compares every two papers. Given which questions both got wrong, and so
// given how good both are, each was answered alike with the chance that two
// takers who got it wrong choose the same wrong answer; the number of identical
// wrong answers is then a generalised binomial, as in van der Linden and
// Sotaridona, Journal of Educational and Behavioral Statistics 31 (2006). The
// two count among those takers, which errs on the side of chance.
//
// A number within three standard deviations is not looked at further: the level
// is never reached there.
func Alike(attempts []Attempt) Likeness {
	attempts = attempts[:min(len(attempts), mostCompared)]
	if len(attempts) < FewestAlike {
		return Likeness{}
	}
	papers, match := encode(attempts)
	var l Likeness
	for a := range papers {
		for b := range a {
			pair, chances := compare(papers[a], papers[b], match)
			if pair.Common < FewestAlikeCommon {
				continue
			}
			l.Compared++
			if pair.A, pair.B = b, a; pair.stands(chances) {
				pair.P = tailOf(chances, pair.Same)
				l.Pairs = append(l.Pairs, pair)
			}
		}
	}
	l.Pairs = slices.DeleteFunc(l.Pairs, func(p Pair) bool { return p.P*float64(l.Compared) > level })
	slices.SortFunc(l.Pairs, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.P, b.P), a.A-b.A, a.B-b.B) })
	return l
}

// How a taker answered a question, besides the wrong answers, which count from 1.
const (
	notAsked = -1
	right    = 0
)

// encode numbers the wrong answers to every question, and returns for each how
// likely two who got it wrong gave the same.
func encode(attempts []Attempt) (papers [][]int, match []float64) {
	number := map[string]int{}
	var answers []map[string]int
	for _, a := range attempts {
		for _, s := range a.Scores {
			if _, ok := number[s.Question]; !ok {
				number[s.Question] = len(number)
				answers = append(answers, map[string]int{})
			}
		}
	}
	counts := make([][]int, len(number)) // by question and wrong answer
	papers = make([][]int, len(attempts))
	for a, attempt := range attempts {
		papers[a] = slices.Repeat([]int{notAsked}, len(number))
		for _, s := range attempt.Scores {
			i := number[s.Question]
			if !s.Answered {
				continue // leaving a question out is no answer to compare
			}
			if s.Points >= s.Max {
				papers[a][i] = right
				continue
			}
			text := fmt.Sprint(s.Chosen) + strings.TrimSpace(s.Text)
			code, ok := answers[i][text]
			if !ok {
				code = len(answers[i]) + 1
				answers[i][text] = code
				counts[i] = append(counts[i], 0)
			}
			counts[i][code-1]++
			papers[a][i] = code
		}
	}
	match = make([]float64, len(number))
	for i, c := range counts {
		all, squares := 0.0, 0.0
		for _, n := range c {
			all, squares = all+float64(n), squares+float64(n*n)
		}
		if all > 0 {
			match[i] = squares / (all * all)
		}
	}
	return papers, match
}

// compare counts what two papers have in common, with the chance of every
// question that both got wrong.
func compare(a, b []int, match []float64) (p Pair, chances []float64) {
	for i, x := range a {
		y := b[i]
		if x == notAsked || y == notAsked {
			continue
		}
		p.Common++
		if x == right || y == right {
			continue
		}
		p.Wrong++
		p.Expected += match[i]
		p.Same += one(x == y)
		chances = append(chances, match[i])
	}
	return p, chances
}

// stands reports whether the pair stands out enough to reckon its chance.
func (p Pair) stands(chances []float64) bool {
	v := 0.0
	for _, c := range chances {
		v += c * (1 - c)
	}
	return v > 0 && float64(p.Same)-p.Expected > 3*math.Sqrt(v)
}

// tailOf is the chance of k or more successes in trials of the given chances.
func tailOf(chances []float64, k int) float64 {
	exactly := make([]float64, len(chances)+1)
	exactly[0] = 1
	for n, c := range chances {
		for s := n + 1; s > 0; s-- {
			exactly[s] = exactly[s]*(1-c) + exactly[s-1]*c
		}
		exactly[0] *= 1 - c
	}
	sum := 0.0
	for _, p := range exactly[k:] {
		sum += p
	}
	return min(sum, 1)
}

// Haste is which papers have right answers that came too fast to have been read.
type Haste struct {
	Compared int     // papers with enough times known; 0 when there are too few
	Rate     float64 // share of all right answers that came too fast
	Papers   []Hasty
}

// Hasty is one such paper.
type Hasty struct {
	Attempt int // place among the attempts
	Right   int // right answers whose time is known
	Fast    int // of those, too fast to have been read
	P       float64
}

// Sizes below which haste is not looked for.
const (
	FewestHaste = 30 // attempts with times
	fewestFast  = 3  // fast right answers in a paper
)

// Hurried finds papers with more fast right answers than the share of them among
// all papers explains, by the binomial. Too fast is what tooFast says. A time is
// that between two saves, so it is short also for who thought first and tapped
// afterwards.
func Hurried(attempts []Attempt) Haste {
	limits := limitsOf(attempts)
	papers := make([]Hasty, 0, len(attempts))
	rights, fasts := 0, 0
	for a, attempt := range attempts {
		h := Hasty{Attempt: a}
		for _, s := range attempt.Scores {
			if s.Spent > 0 && s.Points >= s.Max {
				h.Right++
				h.Fast += one(s.Spent < limits[s.Question])
			}
		}
		if h.Right > 0 {
			papers = append(papers, h)
			rights, fasts = rights+h.Right, fasts+h.Fast
		}
	}
	if len(papers) < FewestHaste {
		return Haste{}
	}
	haste := Haste{Compared: len(papers), Rate: float64(fasts) / float64(rights)}
	for _, h := range papers {
		h.P = atLeast(h.Fast, h.Right, haste.Rate)
		if h.Fast >= fewestFast && h.P*float64(len(papers)) <= level {
			haste.Papers = append(haste.Papers, h)
		}
	}
	slices.SortFunc(haste.Papers, func(a, b Hasty) int { return cmp.Or(cmp.Compare(a.P, b.P), a.Attempt-b.Attempt) })
	return haste
}

// limitsOf is the time below which an answer came too fast, by question.
func limitsOf(attempts []Attempt) map[string]time.Duration {
	spent := map[string][]time.Duration{}
	for _, a := range attempts {
		for _, s := range a.Scores {
			if s.Spent > 0 {
				spent[s.Question] = append(spent[s.Question], s.Spent)
			}
		}
	}
	limits := make(map[string]time.Duration, len(spent))
	for q, list := range spent {
		limits[q] = tooFast(list)
	}
	return limits
}
