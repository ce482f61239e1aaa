package recordings

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// A strip is the paper of the flight recorder: time runs to the right, as fast as
// it went, and every meter draws its line. Long thinking is drawn shortened.
type strip struct {
	Width int
	Marks []mark
	Lines []trace
	Paper []slip
}

// mark is a decision on the strip.
type mark struct {
	academy.RecordedTurn
	X int
}

// trace is the line of a meter, with its name at the right end.
type trace struct {
	Meter  string
	D      string
	LabelY int
	Class  string
}

// slip is a document that was opened.
type slip struct {
	Name string
	X    int
}

// The measures of the strip.
const (
	stripLeft   = 34
	stripRight  = 84
	stripTop    = 44
	stripBottom = 164
	stripHeight = 196
	perSecond   = 4    // px
	leastStep   = 30   // px between two decisions
	mostStep    = 150  // a pause drawn longer than this is cut short
	desk        = 1010 // what fits between the margins without scrolling
	labelGap    = 17   // between two names at the right end
)

func stripOf(r academy.Recording) strip {
	s := strip{}
	x := stripLeft
	for i, step := range steps(r.Turns) {
		t := r.Turns[i]
		for k, name := range t.Opened {
			s.Paper = append(s.Paper, slip{name, x + step*(k+1)/(len(t.Opened)+1)})
		}
		x += step
		s.Marks = append(s.Marks, mark{t, x})
	}
	s.Width = x + stripRight
	for i, c := range r.Curves {
		s.Lines = append(s.Lines, s.trace(c, i))
	}
	s.spread()
	return s
}

// steps is how far the strip runs until each decision. A strip a little too long
// for a desk is drawn closer.
func steps(turns []academy.RecordedTurn) []int {
	list, sum := make([]int, len(turns)), 0
	for i, t := range turns {
		list[i] = min(max(int(t.Took/1000)*perSecond, leastStep), mostStep)
		sum += list[i]
	}
	if sum > desk {
		for i := range list {
			list[i] = max(list[i]*desk/sum, leastStep)
		}
	}
	return list
}

// trace draws a meter as it stood: level until a decision moved it.
func (s *strip) trace(c stage.Curve, i int) trace {
	var d strings.Builder
	fmt.Fprintf(&d, "M%d %d", stripLeft, height(c.Moments[0].Value))
	for k, m := range s.Marks {
		fmt.Fprintf(&d, "H%dV%d", m.X, height(c.Moments[k+1].Value))
	}
	fmt.Fprintf(&d, "h%d", 14)
	return trace{c.Meter, d.String(), height(c.Moments[len(c.Moments)-1].Value) + 4, fmt.Sprintf("trace-%d", min(i, lastTrace))}
}

// lastTrace is the last of the ways to draw a line; further meters share it.
const lastTrace = 3

// spread keeps the names at the right end apart.
func (s *strip) spread() {
	order := make([]*trace, len(s.Lines))
	for i := range s.Lines {
		order[i] = &s.Lines[i]
	}
	slices.SortStableFunc(order, func(a, b *trace) int { return a.LabelY - b.LabelY })
	for i := 1; i < len(order); i++ {
		order[i].LabelY = max(order[i].LabelY, order[i-1].LabelY+labelGap)
	}
}

// height is how far down the strip a value 0–100 is drawn.
func height(value int) int { return stripBottom - value*(stripBottom-stripTop)/100 }

// label tells the strip in words.
func (s strip) label(ctx context.Context, r academy.Recording) string {
	words := make([]string, len(r.Curves))
	for i, c := range r.Curves {
		values := make([]string, len(c.Moments))
		for k, m := range c.Moments {
			values[k] = fmt.Sprint(m.Value)
		}
		words[i] = c.Meter + " " + strings.Join(values, "→")
	}
	return ui.T(ctx, "recording.strip_label", "curves", strings.Join(words, ui.T(ctx, "recording.semicolon")))
}
