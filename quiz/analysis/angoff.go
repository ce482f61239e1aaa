package analysis

import "math"

// Cut is what a panel of judges makes of a quiz by Angoff's method (in Educational
// Measurement, 2nd ed. 1971), modified as usual: each judge says of each question
// how many of a hundred people who just qualify would get it right, twice, the
// second time knowing what the others said.
type Cut struct {
	Score float64   // percent of the points needed: the mean of the judges' means
	SE    float64   // standard error of it across judges; NaN for one judge
	Means []float64 // of each judge, in percent, questions weighing as many as their points
	Items []Judged  // by question
}

// Judged is what the judges said of one question, in percent.
type Judged struct {
	Mean      float64
	Low, High int
}

// CutScore takes the judgements of every judge, by question, in percent; points
// are those of the questions.
func CutScore(points []int, judges [][]int) Cut {
	cut := Cut{Score: math.NaN(), SE: math.NaN(), Items: make([]Judged, len(points))}
	for i := range points {
		list := make([]float64, len(judges))
		item := Judged{Low: 100}
		for j := range judges {
			list[j] = float64(judges[j][i])
			item.Low, item.High = min(item.Low, judges[j][i]), max(item.High, judges[j][i])
		}
		item.Mean = mean(list)
		cut.Items[i] = item
	}
	for _, judgements := range judges {
		sum, weight := 0, 0
		for i, percent := range judgements {
			sum, weight = sum+percent*points[i], weight+points[i]
		}
		cut.Means = append(cut.Means, float64(sum)/float64(weight))
	}
	if n := float64(len(judges)); n > 0 {
		cut.Score = mean(cut.Means)
		if n > 1 {
			cut.SE = math.Sqrt(variance(cut.Means) / (n - 1)) // sample deviation by √n
		}
	}
	return cut
}
