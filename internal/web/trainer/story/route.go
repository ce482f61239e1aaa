package story

import (
	"cmp"
	"fmt"
	"slices"
)

// route is a link drawn: from the port of a box to the top of another. It goes
// down as straight as it can. Where boxes stand in the way, and always when it
// leads back up, it runs along a lane beside them.
type route struct {
	link
	port    port
	Band    int    // how wide it is painted for how often it was taken; 0 never
	D       string // the path
	X1, Y1  int
	X2, Y2  int // where it arrives
	lane    int
	highest int
	lowest  int
}

// The measures of a route.
const (
	portRadius = 10
	bend       = 44 // how far a curve reaches before it turns
	clearance  = 9  // between a line and a box that is none of its business
	laneWidth  = 12
	laneRoom   = 20 // between a box and the first lane beside it
	leastFall  = 16 // what goes down less than this goes round
	arrivals   = 14 // between two lines that arrive at the same box
	labelRoom  = 44 // what stands below the ports
)

// connect draws every link. Short ones come first, so that they get the inner lanes.
func (c *chart) connect(links []link) {
	for _, l := range links {
		from := c.Boxes[l.from]
		p := from.Ports[l.port]
		r := route{link: l, port: p, X1: from.X + p.DX, Y1: from.bottom() + portRadius}
		if l.times > 0 {
			r.Band = bandOf(l.times, c.Busiest)
		}
		c.Routes = append(c.Routes, r)
	}
	c.arrive()
	slices.SortStableFunc(c.Routes, func(a, b route) int { return cmp.Compare(a.length(), b.length()) })
	for i := range c.Routes {
		c.trace(i)
	}
}

// bandOf is how wide a way is painted that was taken so often, when the busiest
// one was taken that often.
func bandOf(times, busiest int) int { return 4 + 12*times/busiest }

func (r route) length() int { return distance(r.Y1, r.Y2) + distance(r.X1, r.X2) }

func distance(a, b int) int { return max(a-b, b-a) }

// arrive spreads what leads to a box along its top, in the order it comes from.
func (c *chart) arrive() {
	coming := make([][]int, len(c.Boxes))
	for i, r := range c.Routes {
		coming[r.to] = append(coming[r.to], i)
	}
	for k, list := range coming {
		b := c.Boxes[k]
		slices.SortStableFunc(list, func(i, j int) int { return cmp.Compare(c.Routes[i].X1, c.Routes[j].X1) })
		apart := min(arrivals, (b.W-2*padding)/max(1, len(list)-1))
		for n, i := range list {
			c.Routes[i].X2, c.Routes[i].Y2 = b.X+(2*n-len(list)+1)*apart/2, b.top()
		}
	}
}

// trace finds the way of route i past the boxes and the routes traced before it.
func (c *chart) trace(i int) {
	r := &c.Routes[i]
	r.lane, r.highest, r.lowest = r.X1, r.Y2, r.Y1
	fall := r.Y2 - r.Y1
	switch {
	case fall >= leastFall && !c.blocked(r):
		r.D = fmt.Sprintf("M%d %dC%d %d %d %d %d %d", r.X1, r.Y1, r.X1, r.Y1+fall/2, r.X2, r.Y2-fall/2, r.X2, r.Y2)
	case fall >= leastFall:
		turn := min(2*bend, fall/2)
		upper, lower := r.Y1+turn, r.Y2-turn
		r.lane = c.freeLane(i, upper, lower)
		r.D = fmt.Sprintf("M%d %dC%d %d %d %d %d %dV%dC%d %d %d %d %d %d", r.X1, r.Y1,
			r.X1, r.Y1+turn/2, r.lane, upper-turn/2, r.lane, upper, lower,
			r.lane, lower+turn/2, r.X2, r.Y2-turn/2, r.X2, r.Y2)
	default:
		r.lane = c.freeLane(i, min(r.Y1, r.Y2), max(r.Y1, r.Y2))
		r.highest, r.lowest = r.Y2-bend, r.Y1+bend
		r.D = fmt.Sprintf("M%d %dC%d %d %d %d %d %dV%dC%d %d %d %d %d %d", r.X1, r.Y1,
			r.X1, r.Y1+bend, r.lane, r.Y1+bend, r.lane, r.Y1, r.Y2,
			r.lane, r.Y2-bend, r.X2, r.Y2-bend, r.X2, r.Y2)
	}
}

// blocked reports whether a box stands where the curve would go straight down.
func (c *chart) blocked(r *route) bool {
	const steps = 24
	for k := 1; k < steps; k++ {
		// The curve has its middle controls halfway down, straight below and above its ends.
		t := float64(k) / steps
		s := 1 - t
		x := float64(r.X1)*s*s*(s+3*t) + float64(r.X2)*t*t*(t+3*s)
		y := float64(r.Y1)*s*s*s + 1.5*float64(r.Y1+r.Y2)*s*t + float64(r.Y2)*t*t*t
		if c.occupied(int(x), int(y), int(y), r.from, r.to) {
			return true
		}
	}
	return false
}

// occupied reports whether a box other than those left out stands on the piece
// of an upright line, or too near.
func (c *chart) occupied(x, top, bottom int, except ...int) bool {
	for i, b := range c.Boxes {
		if !slices.Contains(except, i) && x > b.left()-clearance && x < b.right()+clearance &&
			bottom > b.top()-clearance && top < b.bottom()+clearance {
			return true
		}
	}
	return false
}

// freeLane is where an upright line from top to bottom meets no box and no lane
// of another route, with the least detour for route i.
func (c *chart) freeLane(i, top, bottom int) int {
	r := c.Routes[i]
	used := c.lanes(i, top, bottom)
	best, least := r.X1, -1
	for _, b := range c.Boxes {
		if b.bottom() < top || b.top() > bottom {
			continue
		}
		for _, side := range []struct{ at, step int }{{b.left() - laneRoom, -laneWidth}, {b.right() + laneRoom, laneWidth}} {
			lane := side.at
			for slices.ContainsFunc(used, func(x int) bool { return distance(x, lane) < laneWidth }) {
				lane += side.step
			}
			detour := distance(r.X1, lane) + distance(lane, r.X2)
			if (least < 0 || detour < least) && !c.occupied(lane, top, bottom) {
				best, least = lane, detour
			}
		}
	}
	return best
}

// lanes are those that routes traced before route i have between top and bottom.
func (c *chart) lanes(i, top, bottom int) (used []int) {
	for _, r := range c.Routes[:i] {
		if r.lane != r.X1 && min(r.Y1, r.Y2) < bottom && max(r.Y1, r.Y2) > top {
			used = append(used, r.lane)
		}
	}
	return used
}
