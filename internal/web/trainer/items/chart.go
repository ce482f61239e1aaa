package items

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// Charts are drawn for the width of a phone and grow with the page. Lengths are
// in units of about a pixel there.

// at writes a length.
func at(x float64) string { return fmt.Sprintf("%.1f", x) }

// The histogram: ten columns over an axis of 0 to 100 points.
const (
	columnWidth  = 34.0
	columnGap    = 2.0
	columnHeight = 120.0
	columnFloor  = 142.0 // where the columns stand
	columnLeft   = 10.0
)

// column is a band of ten points.
type column struct {
	N         int
	X, Y      float64
	Height    float64
	Pass      bool // every result in it reaches the pass mark
	From, Mid float64
}

func columns(bands [10]int, pass int) []column {
	most := max(1, slices.Max(bands[:]))
	list := make([]column, len(bands))
	for i, n := range bands {
		height := columnHeight * float64(n) / float64(most)
		x := columnLeft + float64(i)*columnWidth
		list[i] = column{
			N: n, X: x + columnGap/2, Y: columnFloor - height, Height: height, Pass: 10*i >= pass, From: x, Mid: x + columnWidth/2,
		}
	}
	return list
}

// scale is where so many points are on the axis.
func scale(points int) float64 { return columnLeft + columnWidth*float64(points)/10 }

func histogramLabel(ctx context.Context, b academy.BankFigures) string {
	bands := make([]string, len(b.Report.Bands))
	for i, n := range b.Report.Bands {
		bands[i] = num(n)
	}
	return ui.T(ctx, "items.histogram_alt", "n", b.Report.Attempts, "mean", figure(b.Report.Mean, 0),
		"pass", b.Pass, "bands", strings.Join(bands, ", "))
}

// The scatter: facility across from 0 to 1, discrimination upwards.
const (
	plotLeft, plotRight = 40.0, 340.0
	plotTop, plotFloor  = 14.0, 250.0
	lowestR, highestR   = -0.4, 0.8
)

// dot is a question in the scatter.
type dot struct {
	Number int
	X, Y   float64
	Tone   string // sound, flag or key
}

// dots are the questions that have both figures. What lies beyond the plot stands
// at its edge.
func dots(lines []line) (list []dot) {
	for _, l := range lines {
		if math.IsNaN(l.Facility) || math.IsNaN(l.Correlation) {
			continue
		}
		d := dot{Number: l.Number, X: acrossPlot(l.Facility), Y: upPlot(l.Correlation), Tone: "sound"}
		for _, f := range l.Flags {
			if d.Tone != "key" {
				d.Tone = "flag"
			}
			if f.Code == "key" {
				d.Tone = "key"
			}
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b dot) int { return a.Number - b.Number })
	return list
}

func acrossPlot(facility float64) float64 { return plotLeft + (plotRight-plotLeft)*facility }

func upPlot(r float64) float64 {
	r = min(max(r, lowestR), highestR)
	return plotFloor - (plotFloor-plotTop)*(r-lowestR)/(highestR-lowestR)
}

func scatterLabel(ctx context.Context, list []dot) string {
	flagged := 0
	for _, d := range list {
		if d.Tone != "sound" {
			flagged++
		}
	}
	return ui.T(ctx, "items.scatter_alt", "n", len(list), "flagged", flagged)
}

// The person-item map: rungs of half a logit, the highest on top.
const (
	rung       = 0.5
	rungHeight = 18.0
	furthest   = 5.0 // logits; what lies beyond stands on the last rung
	mapAxis    = 176.0
	peopleRoom = 126.0 // for the longest bar
	numberRoom = 22.0  // for the number of a question
	mostOnRung = 7     // numbers that fit
)

// step is one rung of the map.
type step struct {
	From   float64 // logits
	Y      float64 // of its middle
	People int
	Bar    float64
	Items  []int // numbers of questions
	More   int   // that there was no room for
}

// ladder is the person-item map.
type ladder struct {
	Steps                             []step
	Height                            float64
	People, Questions                 int
	Lowest, Highest, Easiest, Hardest float64
}

// ladderOf puts people and questions on one scale; nil without Rasch's model.
func ladderOf(b academy.BankFigures) *ladder {
	if b.Report.Rasch == nil {
		return nil
	}
	abilities := b.Report.Rasch.Abilities
	l := &ladder{
		People: len(abilities), Lowest: slices.Min(abilities), Highest: slices.Max(abilities),
		Easiest: math.Inf(1), Hardest: math.Inf(-1),
	}
	people, items := map[int]int{}, map[int][]int{}
	for _, x := range abilities {
		people[rungOf(x)]++
	}
	for i, q := range b.Questions {
		if q.Rasch != nil {
			at := rungOf(q.Rasch.Difficulty)
			items[at] = append(items[at], i+1)
			l.Questions++
			l.Easiest, l.Hardest = min(l.Easiest, q.Rasch.Difficulty), max(l.Hardest, q.Rasch.Difficulty)
		}
	}
	top, bottom, most := rungOf(max(l.Highest, l.Hardest)), rungOf(min(l.Lowest, l.Easiest)), 1
	for _, n := range people {
		most = max(most, n)
	}
	for r := top; r >= bottom; r-- {
		s := step{
			From: float64(r) * rung, Y: 30 + rungHeight*float64(top-r), People: people[r],
			Bar: peopleRoom * float64(people[r]) / float64(most), Items: items[r],
		}
		if len(s.Items) > mostOnRung {
			s.More, s.Items = len(s.Items)-mostOnRung+1, s.Items[:mostOnRung-1]
		}
		l.Steps = append(l.Steps, s)
	}
	l.Height = 30 + rungHeight*float64(len(l.Steps))
	return l
}

func rungOf(logits float64) int {
	return int(math.Floor(min(max(logits, -furthest), furthest) / rung))
}

func (l *ladder) label(ctx context.Context) string {
	return ui.T(ctx, "items.map_alt", "people", l.People, "questions", l.Questions, "lowest", figure(l.Lowest, 1),
		"highest", figure(l.Highest, 1), "easiest", figure(l.Easiest, 1), "hardest", figure(l.Hardest, 1))
}

// The bars of an option by thirds of the takers.
const (
	thirdLeft   = 62.0
	thirdLength = 90.0
	thirdHeight = 18.0
)

var thirdNames = [3]string{"weak", "middle", "best"}

func thirdsLabel(ctx context.Context, option int, o academy.OptionFigures) string {
	return ui.T(ctx, "items.thirds_alt", "option", letter(option),
		"weak", percent(o.Thirds[0]), "middle", percent(o.Thirds[1]), "best", percent(o.Thirds[2]))
}

// passAnchor keeps the word under the pass mark on the chart.
func passAnchor(pass int) string {
	switch {
	case pass < 20:
		return "start"
	case pass > 80:
		return "end"
	}
	return "middle"
}
