package story

import (
	"cmp"
	"slices"
)

// The room between boxes that the chart places itself.
const (
	rowGap    = 96
	columnGap = 44
)

// stand gives every box its place: where it was put, or a place nearby for a
// scene that is new. If none was ever put anywhere, they stand in layers.
func (c *chart) stand(links []link) {
	placed := make([]bool, len(c.Boxes))
	for i := range c.Boxes {
		b := &c.Boxes[i]
		p, ok := c.Places[b.Name]
		if ok {
			b.X, b.Y = p.X, p.Y
		}
		placed[i], b.Suggested = ok, !ok
	}
	if !slices.Contains(placed, true) {
		c.Unplaced = true
		c.layer(links)
		return
	}
	for i := range c.Boxes {
		if !placed[i] {
			c.squeeze(i, links, placed)
			placed[i] = true
		}
	}
}

// squeeze puts a new scene below a scene that leads to it, as near as there is room.
func (c *chart) squeeze(i int, links []link, placed []bool) {
	b := &c.Boxes[i]
	b.X, b.Y = c.Boxes[0].X, 0
	for k, other := range c.Boxes {
		if placed[k] {
			b.Y = max(b.Y, other.bottom()+rowGap+b.H/2)
		}
	}
	for _, l := range links {
		if l.to == i && placed[l.from] {
			from := c.Boxes[l.from]
			b.X, b.Y = from.X, from.bottom()+rowGap+b.H/2
			break
		}
	}
	for c.crowded(i, placed) {
		b.X += columnGap
	}
}

// crowded reports whether a box comes too near to one that stands already.
func (c *chart) crowded(i int, placed []bool) bool {
	b := c.Boxes[i]
	for k, other := range c.Boxes {
		if k != i && placed[k] && b.left() < other.right()+columnGap && other.left() < b.right()+columnGap &&
			b.top() < other.bottom()+columnGap && other.top() < b.bottom()+columnGap {
			return true
		}
	}
	return false
}

// layer puts the scenes in rows by how many steps they are from the start, and
// within a row below those that lead to them.
func (c *chart) layer(links []link) {
	y := 0
	stood := make([]bool, len(c.Boxes))
	for _, row := range rowsOf(len(c.Boxes), links) {
		above := map[int]int{}
		for _, i := range row {
			above[i] = c.above(i, links, stood)
		}
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(above[a], above[b]) })
		y += c.line(row, y) + rowGap
		for _, i := range row {
			stood[i] = true
		}
	}
}

// line puts a row of boxes side by side around the middle, with their tops no
// higher than y, and returns how high the row is.
func (c *chart) line(row []int, y int) (height int) {
	width := -columnGap
	for _, i := range row {
		width += c.Boxes[i].W + columnGap
		height = max(height, c.Boxes[i].H)
	}
	x := -width / 2
	for _, i := range row {
		b := &c.Boxes[i]
		b.X, b.Y = x+b.W/2, y+height/2
		x += b.W + columnGap
	}
	return height
}

// above is the mean middle of the boxes that stand already and lead to a box.
func (c *chart) above(i int, links []link, stood []bool) int {
	sum, n := 0, 0
	for _, l := range links {
		if l.to == i && stood[l.from] {
			sum += c.Boxes[l.from].X
			n++
		}
	}
	return sum / max(n, 1)
}

// rowsOf sorts scenes by their distance from the first; those it does not lead
// to make the last row.
func rowsOf(scenes int, links []link) [][]int {
	known := make([]bool, scenes)
	known[0] = true
	rows := [][]int{{0}}
	for {
		var next []int
		for _, l := range links {
			if !known[l.to] && slices.Contains(rows[len(rows)-1], l.from) {
				known[l.to] = true
				next = append(next, l.to)
			}
		}
		if len(next) == 0 {
			break
		}
		rows = append(rows, next)
	}
	var rest []int
	for i, k := range known {
		if !k {
			rest = append(rest, i)
		}
	}
	if len(rest) > 0 {
		rows = append(rows, rest)
	}
	return rows
}
