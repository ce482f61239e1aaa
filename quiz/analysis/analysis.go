// Package analysis tells from recorded scores how good the questions of a quiz
// are, how far its result can be trusted, and which papers a person should look
// at again. It is the one engine that reckons in floating point: nothing that it
// finds decides about anybody.
//
// Every paper may be another draw, so a question was put to some of the takers
// only, and papers are not equally hard. Scores are therefore compared after
// taking from each the mean that everybody reached in that very question. Where
// all take the same paper this changes no figure: everything here is then what
// the textbooks have.
//
// A figure that nothing tells anything about is NaN.
package analysis

import (
	"cmp"
	"math"
	"slices"

	"qibu/quiz"
)

// Attempt is one ended attempt as it was recorded. Attempts should be by
// different people: whoever takes a quiz again has seen what was right.
type Attempt struct {
	Percent int // of the points, rounded down
	Passed  bool
	Scores  []quiz.Score
}

// Report is what the attempts at a quiz tell.
type Report struct {
	Attempts  int
	Mean, SD  float64 // of the results, in percent
	PassRate  float64 // 0 to 1
	Bands     [10]int // results of 0 to 9 percent, of 10 to 19, …, of 90 to 100
	Length    float64 // scored questions in a paper, on average
	Precision Precision
	Decision  Decision
	Rasch     *Rasch // nil when there are too few attempts
	Items     []Item // as the questions came
}

// Fewest attempts a figure is worth something with. Below FewForItems and
// FewForPrecision figures are told with a warning; see Livingston and Dorans,
// A Graphical Approach to Item Analysis (ETS RR-04-10), for the former and
// Charter, Journal of Clinical and Experimental Neuropsychology 21 (1999), for
// the size that coefficients of reliability ask for.
const (
	FewForFlags     = 20
	FewForItems     = 30
	FewForPrecision = 100
)

// Flagged counts the questions that something was found about.
func (r Report) Flagged() int {
	n := 0
	for _, item := range r.Items {
		if len(item.Flags) > 0 {
			n++
		}
	}
	return n
}

// Of analyses attempts at papers of some questions; pass is the percent needed.
// Scores of questions that are not among them, because they were changed or
// taken out since, count towards what a taker can do and nothing else.
func Of(questions []quiz.Question, pass int, attempts []Attempt) Report {
	t := tabulate(questions, attempts)
	r := Report{
		Attempts: len(attempts), Mean: math.NaN(), SD: math.NaN(), PassRate: math.NaN(), Length: t.length(),
		Precision: t.precision(), Rasch: t.rasch(), Items: t.items(questions),
	}
	percents := make([]float64, len(attempts))
	for i, a := range attempts {
		percents[i] = float64(a.Percent)
		r.Bands[min(max(a.Percent, 0)/10, 9)]++
	}
	if len(attempts) > 0 {
		passed := 0
		for _, a := range attempts {
			if a.Passed {
				passed++
			}
		}
		r.Mean, r.PassRate = mean(percents), float64(passed)/float64(len(attempts))
		r.SD = math.Sqrt(variance(percents))
	}
	r.Decision = decide(percents, r.Precision.Alpha, pass)
	if r.Rasch != nil {
		for i := range r.Items {
			r.Items[i].Rasch = r.Rasch.measures[i]
		}
	}
	flag(questions, r.Items)
	return r
}

// table is the attempts as figures. Questions that were not asked for stand
// behind those that were.
type table struct {
	rows  [][]entry
	asked []int     // by question: attempts it was put in
	means []float64 // by question: mean share of the points
	total []float64 // by row: what the taker can do, see sum.without
	sums  []sum     // by row
	order []int     // rows by total, the lowest first
}

// entry is one question in one attempt.
type entry struct {
	item  int
	share float64 // of the points, 0 to 1
	max   float64
	pilot bool
	score *quiz.Score
}

// sum is how far a taker came above the means of all, over what counts.
type sum struct{ above, max float64 }

// without is a sum but for one question, as a share: the rest score. It is
// false where nothing is left.
func (s sum) without(e entry, mean float64) (rest float64, ok bool) {
	if !e.pilot {
		s.above -= e.max * (e.share - mean)
		s.max -= e.max
	}
	if s.max <= 0 {
		return 0, false
	}
	return s.above / s.max, true
}

func tabulate(questions []quiz.Question, attempts []Attempt) *table {
	number := make(map[string]int, len(questions))
	for i, q := range questions {
		number[q.ID] = i
	}
	t := &table{rows: make([][]entry, len(attempts))}
	for a := range attempts {
		scores := attempts[a].Scores
		row := make([]entry, 0, len(scores))
		for k := range scores {
			s := &scores[k]
			if s.Max <= 0 {
				continue
			}
			item, ok := number[s.Question]
			if !ok {
				item = len(number)
				number[s.Question] = item
			}
			share := min(max(float64(s.Points)/float64(s.Max), 0), 1)
			row = append(row, entry{item: item, share: share, max: float64(s.Max), pilot: s.Pilot, score: s})
		}
		t.rows[a] = row
	}
	t.average(len(number))
	t.rank()
	return t
}

// average finds the mean of every question.
func (t *table) average(items int) {
	t.means, t.asked = make([]float64, items), make([]int, items)
	for _, row := range t.rows {
		for _, e := range row {
			t.means[e.item] += e.share
			t.asked[e.item]++
		}
	}
	for i, n := range t.asked {
		t.means[i] /= float64(max(n, 1))
	}
}

// settled rounds off what is left of the order in which figures were added up, where
// a hair's breadth decides: totals that differ by no more are the same.
func settled(x float64) float64 {
	const grain = 1e9
	return math.Round(grain*x) / grain
}

// rank puts the takers in order.
func (t *table) rank() {
	t.sums, t.total, t.order = make([]sum, len(t.rows)), make([]float64, len(t.rows)), make([]int, len(t.rows))
	for a, row := range t.rows {
		for _, e := range row {
			if !e.pilot {
				t.sums[a].above += e.max * (e.share - t.means[e.item])
				t.sums[a].max += e.max
			}
		}
		if t.sums[a].max > 0 {
			t.total[a] = settled(t.sums[a].above / t.sums[a].max)
		}
		t.order[a] = a
	}
	slices.SortStableFunc(t.order, func(a, b int) int { return cmp.Compare(t.total[a], t.total[b]) })
}

// length is the mean number of scored questions in a paper.
func (t *table) length() float64 {
	n := 0
	for _, row := range t.rows {
		for _, e := range row {
			if !e.pilot {
				n++
			}
		}
	}
	return float64(n) / float64(len(t.rows)) // NaN of nothing
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// variance is that of a whole population: by n, not by n − 1.
func variance(list []float64) float64 {
	m, sum := mean(list), 0.0
	for _, x := range list {
		sum += (x - m) * (x - m)
	}
	return sum / float64(len(list))
}
