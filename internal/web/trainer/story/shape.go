package story

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// outline is the edge of a box, seen from its middle: a card, a card with its
// upper corners cut for a hub, a rounded one for an ending.
func (b box) outline() string {
	x, y := b.W/2, b.H/2
	switch {
	case b.Ending != "":
		r := y
		return fmt.Sprintf("M%d %dH%da%d %d 0 0 1 0 %dH%da%d %d 0 0 1 0 %dz", r-x, -y, x-r, r, r, 2*y, r-x, r, r, -2*y)
	case b.Hub:
		const cut = 14
		return fmt.Sprintf("M%d %dV%dL%d %dH%dL%d %dV%dz", -x, y, cut-y, cut-x, -y, x-cut, x, cut-y, y)
	}
	return fmt.Sprintf("M%d %dH%dV%dH%dz", -x, -y, x, y, -x)
}

// trim is what tells the kinds of box apart beside their edge: a heavy line on
// top of a card, as on all paper here; a second line at the sides of what is
// called; a second edge inside an ending.
func (b box) trim() string {
	x, y := b.W/2, b.H/2
	const inner = 5
	switch {
	case b.Ending != "":
		r := y - inner/2
		return fmt.Sprintf("M%d %dH%da%d %d 0 0 1 0 %dH%da%d %d 0 0 1 0 %dz", y-x, -r, x-y, r, r, 2*r, y-x, r, r, -2*r)
	case b.Called:
		return fmt.Sprintf("M%d %dV%dM%d %dV%d", inner-x, -y, y, x-inner, -y, y)
	}
	return ""
}

// lid is the heavy line on top of a card.
func (b box) lid() string {
	x, y := b.W/2, b.H/2
	switch {
	case b.Ending != "":
		return ""
	case b.Hub:
		return fmt.Sprintf("M%d %dH%d", 14-x, -y, x-14)
	}
	return fmt.Sprintf("M%d %dH%d", -x, -y, x)
}

// bracket holds the ports of a topic together, with its feet at y.
func (t topicMark) bracket(y int) string {
	const out, high = 12, 5
	return fmt.Sprintf("M%d %dv%dH%dv%d", t.From-out, y, -high, t.To+out, high)
}

// octagon is the sign of a red line around the middle of a port.
func octagon(r float64) string {
	points := make([]string, 8)
	for i := range points {
		a := math.Pi/8 + float64(i)*math.Pi/4
		points[i] = fmt.Sprintf("%.1f,%.1f", r*math.Cos(a), r*math.Sin(a))
	}
	return strings.Join(points, " ")
}

// tip is the head of an arrow that points down to where a route arrives.
func (r route) tip() string {
	return fmt.Sprintf("M%d %dl-5 -9h10z", r.X2, r.Y2)
}

// ends are the four numbers a dragged box's lines are drawn anew from.
func (r route) ends() string {
	return fmt.Sprintf("%d %d %d %d", r.X1, r.Y1, r.X2, r.Y2)
}

func at(x, y int) string { return fmt.Sprintf("translate(%d %d)", x, y) }

// hook comes straight back to the box, right of the port it leaves from.
const hook = "M0 10c0 16 15 16 15 3"

const hookTip = "M15 9l-4 7h8z"

func num(n int) string { return strconv.Itoa(n) }
