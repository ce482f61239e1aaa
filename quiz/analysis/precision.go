package analysis

import "math"

// Precision is how far the results of a quiz can be trusted.
type Precision struct {
	// Alpha is Cronbach's α (Psychometrika 16, 1951), which for questions that are
	// right or wrong is Kuder and Richardson's formula 20 (Psychometrika 2, 1937).
	//
	// With k questions in a paper, v the mean variance of a question and c the mean
	// covariance of two, it is k·c / (v + (k−1)·c). For a paper that all take this
	// is α to the letter; where papers are drawn, v and c are taken over the
	// questions and pairs that occurred, as often as they did, and it is what
	// Spearman and Brown expect of papers as long as the average one.
	Alpha float64
	SEM   float64 // standard error of measurement of one result, in percent: √(k·(v−c)) points
}

func (t *table) precision() Precision {
	unknown := Precision{math.NaN(), math.NaN()}
	points := make([]float64, len(t.means)) // all that were earned
	for _, row := range t.rows {
		for _, e := range row {
			points[e.item] += e.share * e.max
		}
	}
	var squares, pairs, questions, couples, attainable float64
	for _, row := range t.rows {
		sum, square, k := 0.0, 0.0, 0.0
		for _, e := range row {
			if e.pilot {
				continue
			}
			d := e.share*e.max - points[e.item]/float64(t.asked[e.item])
			sum, square, k = sum+d, square+d*d, k+1
			attainable += e.max
		}
		squares, questions = squares+square, questions+k
		pairs, couples = pairs+sum*sum-square, couples+k*(k-1)
	}
	if len(t.rows) < 2 || couples == 0 || squares == 0 {
		return unknown
	}
	k := questions / float64(len(t.rows))
	v, c := squares/questions, pairs/couples
	whole := v + (k-1)*c
	if settled(whole) <= 0 {
		return unknown
	}
	most := attainable / float64(len(t.rows))
	return Precision{Alpha: k * c / whole, SEM: 100 * math.Sqrt(k*max(settled(v-c), 0)) / most}
}

// Decision is how often two papers of the quiz would say the same about passing.
type Decision struct {
	// Agreement is the share of takers who would pass both or fail both, Kappa the
	// same beyond chance. They are Subkoviak's (Journal of Educational Measurement
	// 13, 1976): a taker whose result is x is expected at α·x + (1−α)·mean, and
	// every other paper is a binomial draw from there, which papers drawn at
	// random are. Its length is Livingston and Lewis's effective one (Journal of
	// Educational Measurement 32, 1995), so that partial credit and questions that
	// weigh more are accounted for. Only the pass mark is looked at, neither
	// critical questions nor minimums of topics.
	Agreement, Kappa float64
	Length           int // the effective length
}

// longestPaper bounds the effective length: a reliability of nearly one asks for more
// than any paper has.
const longestPaper = 1000

func decide(percents []float64, alpha float64, pass int) Decision {
	unknown := Decision{Agreement: math.NaN(), Kappa: math.NaN()}
	if len(percents) < 2 || math.IsNaN(alpha) {
		return unknown
	}
	alpha = min(max(alpha, 0), 0.99)
	m, v := mean(percents)/100, variance(percents)/10000
	if v == 0 {
		return unknown
	}
	length := int(min(max(math.Round(settled((m*(1-m)-alpha*v)/(v*(1-alpha)))), 1), longestPaper))
	need := int(math.Ceil(float64(length*pass)/100 - 1e-9))
	chances := map[float64]float64{} // of passing, by result
	agree, passing := 0.0, 0.0
	for _, x := range percents {
		p, ok := chances[x]
		if !ok {
			p = atLeast(need, length, alpha*x/100+(1-alpha)*m)
			chances[x] = p
		}
		agree, passing = agree+p*p+(1-p)*(1-p), passing+p
	}
	n := float64(len(percents))
	agree, passing = agree/n, passing/n
	chance := passing*passing + (1-passing)*(1-passing)
	d := Decision{Agreement: agree, Kappa: math.NaN(), Length: length}
	if chance < 1 {
		d.Kappa = (agree - chance) / (1 - chance)
	}
	return d
}

// atLeast is the chance of k or more successes in n trials of chance p each.
func atLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	logP, logQ := math.Log(p), math.Log1p(-p)
	all, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := k; i <= n; i++ {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(all - a - b + float64(i)*logP + float64(n-i)*logQ)
	}
	return min(sum, 1)
}
