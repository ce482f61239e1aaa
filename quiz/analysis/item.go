package analysis

import (
	"cmp"
	"math"
	"slices"
	"time"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Item is what the attempts tell of one question.
type Item struct {
	Question string
	N        int     // attempts it was put in
	Facility float64 // mean share of its points: 1 when everybody is right

	// Correlation is the corrected point-biserial: Pearson's between the share of
	// the points and the rest score, the total without the question itself
	// (Henrysson, Psychometrika 28, 1963). For partial credit it is the same.
	Correlation float64

	// Discrimination is the facility among the best 27 percent of the takers less
	// that among the weakest 27 percent (Kelley, Journal of Educational
	// Psychology 30, 1939). Takers with equal totals at the border count in part.
	Discrimination float64

	Options    []Option  // of a question with options to choose from
	Written    []Written // of a question to fill in: the commonest wrong answers
	Unanswered int

	Timed  int           // attempts in which the time is known
	Median time.Duration // of those
	Rapid  float64       // share of those too fast to have read it; see Haste

	Rasch *Measure // nil when the model says nothing of it
	Flags []Flag   // the gravest first
}

// Option is what became of one option.
type Option struct {
	Right  bool
	N      int
	Share  float64    // of all who had the question
	Above  float64    // mean rest score of who chose it, above the mean of all, -1 to 1
	Thirds [3]float64 // share that chose it among the weakest, the middle and the best third
}

// Written is a wrong answer in the words of the takers.
type Written struct {
	Text string
	N    int
}

// Shares of the takers that are compared with each other.
const (
	tail  = 0.27
	third = 1.0 / 3
)

// taken is one question in one attempt with what the taker can do otherwise.
// There may be a million of them, so it holds no pointer.
type taken struct {
	share       float64
	total, rest float64
	rested      bool // there was something else to tell it from
	answered    bool
	chosen      uint64 // a bit for every option
	spent       time.Duration
}

// items works out the figures of the questions asked for.
func (t *table) items(questions []quiz.Question) []Item {
	takers := make([][]taken, len(questions))
	for i := range takers {
		takers[i] = make([]taken, 0, t.asked[i])
	}
	wrong := make([]map[string]int, len(questions)) // what was written, and how often
	for _, a := range t.order {
		for _, e := range t.rows[a] {
			if e.item >= len(questions) {
				continue
			}
			x := taken{share: e.share, total: t.total[a], answered: e.score.Answered, spent: e.score.Spent}
			x.rest, x.rested = t.sums[a].without(e, t.means[e.item])
			for _, o := range e.score.Chosen {
				x.chosen |= 1 << max(o, 0)
			}
			takers[e.item] = append(takers[e.item], x)
			if e.share < 1 && e.score.Text != "" {
				if wrong[e.item] == nil {
					wrong[e.item] = map[string]int{}
				}
				wrong[e.item][e.score.Text]++
			}
		}
	}
	list := make([]Item, len(questions))
	for i, q := range questions {
		list[i] = itemOf(q, takers[i], t.means[i])
		if q.Kind == sheet.Fill || q.Kind == sheet.Numeric {
			list[i].Written = writtenOf(wrong[i])
		}
	}
	return list
}

// itemOf works out one question; its takers come the weakest first.
func itemOf(q quiz.Question, list []taken, mean float64) Item {
	item := Item{
		Question: q.ID, N: len(list), Facility: math.NaN(), Correlation: correlation(list),
		Discrimination: math.NaN(), Rapid: math.NaN(),
	}
	if len(list) == 0 {
		return item
	}
	item.Facility = mean
	low, high := tails(list, tail)
	item.Discrimination = weighted(list, high) - weighted(list, low)
	for _, x := range list {
		item.Unanswered += one(!x.answered)
	}
	if q.Kind == sheet.Single || q.Kind == sheet.Multiple || q.Kind == sheet.TrueFalse {
		item.Options = optionsOf(q, list)
	}
	item.time(list)
	return item
}

// correlation is Pearson's between share and rest score; NaN where either is the
// same for all.
func correlation(list []taken) float64 {
	var n, x, y, xx, yy, xy float64
	for _, k := range list {
		if k.rested {
			n++
			x, y = x+k.share, y+k.rest
		}
	}
	x, y = x/n, y/n
	for _, k := range list {
		if k.rested {
			dx, dy := k.share-x, k.rest-y
			xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
		}
	}
	const nothing = 1e-12 // what rounding leaves of no variance
	if xx < nothing || yy < nothing {
		return math.NaN()
	}
	return min(max(xy/math.Sqrt(xx*yy), -1), 1)
}

// tails says how far each taker belongs to the weakest and to the best share of
// all. Who cannot be told apart shares the places left.
func tails(list []taken, share float64) (low, high []float64) {
	low, high = make([]float64, len(list)), make([]float64, len(list))
	seats := share * float64(len(list))
	fill := func(weights []float64, at func(int) int) {
		for from, left := 0, seats; from < len(list) && left > 0; {
			to := from + 1
			for to < len(list) && list[at(to)].total == list[at(from)].total {
				to++
			}
			given := min(left, float64(to-from))
			for k := from; k < to; k++ {
				weights[at(k)] = given / float64(to-from)
			}
			from, left = to, left-given
		}
	}
	fill(low, func(k int) int { return k })
	fill(high, func(k int) int { return len(list) - 1 - k })
	return low, high
}

// weighted is the mean share of the points in a group.
func weighted(list []taken, weights []float64) float64 {
	sum, n := 0.0, 0.0
	for k, x := range list {
		sum, n = sum+weights[k]*x.share, n+weights[k]
	}
	return sum / n
}

func optionsOf(q quiz.Question, list []taken) []Option {
	options := make([]Option, len(q.Options))
	rests := make([]float64, len(q.Options))
	var sizes [3]float64
	weak, best := tails(list, third)
	mean, n := 0.0, 0.0
	for k, x := range list {
		groups := [3]float64{weak[k], 1 - weak[k] - best[k], best[k]}
		for g := range groups {
			sizes[g] += groups[g]
		}
		mean, n = mean+x.rest, n+1
		for o := range options {
			if x.chosen&(1<<o) == 0 {
				continue
			}
			options[o].N++
			rests[o] += x.rest
			for g := range groups {
				options[o].Thirds[g] += groups[g]
			}
		}
	}
	for o := range options {
		option := &options[o]
		option.Right = q.Options[o].Right
		option.Share = float64(option.N) / n
		option.Above = rests[o]/float64(option.N) - mean/n // NaN when nobody chose it
		for g := range sizes {
			option.Thirds[g] /= sizes[g]
		}
	}
	return options
}

// mostWritten bounds how many wrong answers are listed.
const mostWritten = 5

func writtenOf(times map[string]int) []Written {
	written := make([]Written, 0, len(times))
	for text, n := range times {
		written = append(written, Written{text, n})
	}
	slices.SortFunc(written, func(a, b Written) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Text, b.Text)) })
	return written[:min(mostWritten, len(written))]
}

// time works out how long takers were at the question.
func (i *Item) time(list []taken) {
	spent := make([]time.Duration, 0, len(list))
	for _, x := range list {
		if x.spent > 0 {
			spent = append(spent, x.spent)
		}
	}
	if i.Timed = len(spent); i.Timed == 0 {
		return
	}
	slices.Sort(spent)
	i.Median = (spent[(len(spent)-1)/2] + spent[len(spent)/2]) / 2
	limit := tooFast(spent)
	fast, _ := slices.BinarySearch(spent, limit)
	i.Rapid = float64(fast) / float64(len(spent))
}

// tooFast is the time in which nobody can have read a question: a tenth of the
// mean time, at most ten seconds (NT10: Wise and Ma, Setting response time
// thresholds for a CAT item pool, NCME 2012).
func tooFast(spent []time.Duration) time.Duration {
	var sum time.Duration
	for _, s := range spent {
		sum += s
	}
	return min(sum/time.Duration(len(spent))/10, 10*time.Second)
}
