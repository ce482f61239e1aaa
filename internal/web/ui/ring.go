package ui

import (
	"context"
	"fmt"
	"math"
	"strings"

	"qibu/courses"
)

type point struct{ x, y float64 }

// gap is the angle between two segments, in radians, at either side of a segment.
const gap = 0.045

// on returns the point at angle a (clockwise from the top) on a circle.
func on(cx, cy, r, a float64) point {
	return point{cx + r*math.Sin(a), cy - r*math.Cos(a)}
}

// arc is the path of the first share (0…1) of segment i of seven.
func arc(cx, cy, r float64, i int, share float64) string {
	from := float64(i)*2*math.Pi/7 + gap
	to := from + share*(2*math.Pi/7-2*gap)
	a, b := on(cx, cy, r, from), on(cx, cy, r, to)
	return fmt.Sprintf("M%.2f %.2fA%g %g 0 0 1 %.2f %.2f", a.x, a.y, r, r, b.x, b.y)
}

// ringPoint is where the name of segment i stands.
func ringPoint(i int) point {
	p := on(150, 132, 108, (float64(i)+0.5)*2*math.Pi/7)
	if math.Abs(p.x-150) < 60 {
		if p.y < 132 {
			p.y -= 2
		} else {
			p.y += 10
		}
	} else {
		p.y += 4
	}
	return p
}

func ringAnchor(i int) string {
	x := ringPoint(i).x - 150
	switch {
	case math.Abs(x) < 30:
		return "middle"
	case x > 0:
		return "start"
	}
	return "end"
}

func full(filled [7]int) int {
	n := 0
	for _, percent := range filled {
		if percent >= 100 {
			n++
		}
	}
	return n
}

// ringLabel says in words what the ring shows.
func ringLabel(ctx context.Context, filled [7]int) string {
	parts := make([]string, len(courses.Steps))
	for i, step := range courses.Steps {
		parts[i] = T(ctx, "ring.segment", "step", T(ctx, "step."+step), "percent", filled[i])
	}
	return strings.Join(parts, T(ctx, "ring.join"))
}

func htmlLang(lang string) string {
	if lang == "zh" {
		return "zh-CN"
	}
	return lang
}
