package items

import (
	"cmp"
	"math"
	"slices"

	"qibu/internal/academy"
)

// board is a bank with its questions in some order.
type board struct {
	academy.BankFigures
	Lines []line
	Sort  string
	Panel bool // whoever looks may sit on a panel
}

// line is a question with its number in the bank.
type line struct {
	Number int
	academy.QuestionFigures
}

func linesOf(b academy.BankFigures) []line {
	lines := make([]line, len(b.Questions))
	for i, q := range b.Questions {
		lines[i] = line{i + 1, q}
	}
	return lines
}

// sorts are the orders there are, the usual one first.
var sorts = []string{"flags", "written", "facility", "discrimination", "time"}

func sortOf(name string) string {
	if slices.Contains(sorts, name) {
		return name
	}
	return sorts[0]
}

// arrange puts the lines in order. What there is no figure of comes last.
func (b *board) arrange() {
	by := map[string]func(line) float64{
		"flags":          func(l line) float64 { return -gravity(l) },
		"facility":       func(l line) float64 { return l.Facility },
		"discrimination": func(l line) float64 { return l.Correlation },
		"time":           func(l line) float64 { return -float64(l.Median) },
	}[b.Sort]
	if by == nil {
		return
	}
	slices.SortStableFunc(b.Lines, func(x, y line) int { return cmp.Compare(last(by(x)), last(by(y))) })
}

// last makes of no figure the largest.
func last(x float64) float64 {
	if math.IsNaN(x) {
		return math.Inf(1)
	}
	return x
}

// gravities are how much the flags matter.
var gravities = map[string]float64{"key": 7, "guess": 6, "flat": 5, "hard": 4, "unused": 3, "time": 2, "easy": 1}

// gravity is how much a question wants looking at: its gravest flag, then how many.
func gravity(l line) float64 {
	most := 0.0
	for _, f := range l.Flags {
		most = max(most, gravities[f.Code])
	}
	return most + float64(len(l.Flags))/100
}

// sureness is how far the results of a bank can be trusted.
type sureness struct{ Alpha, SEM, Agreement, Kappa float64 }

// precision is how far results can be trusted, and nothing while there are so few
// that it could be anything.
func precision(b academy.BankFigures) sureness {
	r := b.Report
	if r.Attempts < academy.FewForFlags {
		return sureness{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	}
	return sureness{r.Precision.Alpha, r.Precision.SEM, r.Decision.Agreement, r.Decision.Kappa}
}
