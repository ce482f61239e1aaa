package story

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qibu/internal/academy"
)

// storyOf makes a map of a sketch: a line for each scene, "名 > 名 名" with where
// its options lead; a scene without ways is an ending.
func storyOf(sketch string) academy.StoryMap {
	var m academy.StoryMap
	number := map[string]int{}
	lines := strings.Split(strings.TrimSpace(sketch), "\n")
	for i, line := range lines {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		number[name] = i
		m.Scenes = append(m.Scenes, academy.MapScene{Name: name})
	}
	for i, line := range lines {
		_, ways, _ := strings.Cut(line, ">")
		for k, way := range strings.Fields(ways) {
			m.Scenes[i].Ways = append(m.Scenes[i].Ways, academy.MapWay{
				Kind: academy.WayOption, Number: k + 1, To: number[way], Leads: []int{number[way]},
			})
		}
		if ways == "" {
			m.Scenes[i].Ending = m.Scenes[i].Name
		}
	}
	return m
}

// place puts scenes one below the other, or where a test says.
func place(m academy.StoryMap, places ...academy.Place) academy.StoryMap {
	m.Places = map[string]academy.Place{}
	for i, p := range places {
		m.Places[m.Scenes[i].Name] = p
	}
	return m
}

func TestOthersStayWhenASceneIsNew(t *testing.T) {
	m := storyOf("a > b new\nb > c\nc\nnew > c")
	m.Places = map[string]academy.Place{"a": {X: 0, Y: 0}, "b": {X: 10, Y: 170}, "c": {X: 0, Y: 400}}
	c := draw(t.Context(), m)
	for _, b := range c.Boxes[:3] {
		if (academy.Place{X: b.X, Y: b.Y}) != m.Places[b.Name] || b.Suggested {
			t.Errorf("%s stands at %d, %d, was put at %v", b.Name, b.X, b.Y, m.Places[b.Name])
		}
	}
	fresh := c.Boxes[3]
	if !fresh.Suggested || c.Unplaced || fresh.Y < c.Boxes[0].bottom() {
		t.Errorf("the new scene stands at %d, %d; suggested %v, nothing placed %v", fresh.X, fresh.Y, fresh.Suggested, c.Unplaced)
	}
	if apart(c.Boxes) {
		return
	}
	t.Error("the new scene covers another")
}

// apart reports whether no two boxes touch.
func apart(boxes []box) bool {
	for i, a := range boxes {
		for _, b := range boxes[:i] {
			if a.left() < b.right() && b.left() < a.right() && a.top() < b.bottom() && b.top() < a.bottom() {
				return false
			}
		}
	}
	return true
}

// Whatever the story, and whatever of it was placed, every scene is drawn, none
// over another that was not put there, and every way arrives where it leads.
func TestEveryStoryIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := anyStory(t)
		c := draw(t.Context(), m)
		if len(c.Boxes) != len(m.Scenes) || (len(m.Places) == 0) != c.Unplaced || !apart(c.Boxes) {
			t.Fatalf("%d boxes of %d scenes, unplaced %v, apart %v", len(c.Boxes), len(m.Scenes), c.Unplaced, apart(c.Boxes))
		}
		links := linksOf(m.Scenes)
		if len(links) != len(c.Routes) {
			t.Fatalf("%d routes for %d links", len(c.Routes), len(links))
		}
		for _, r := range c.Routes {
			points := numbers(r.D)
			from, to := c.Boxes[r.from], c.Boxes[r.to]
			if points[0] != from.X+r.port.DX || points[len(points)-1] != to.top() {
				t.Fatalf("%s leads from %v to %v", r.D, from, to)
			}
			if x := points[len(points)-2]; x < to.left() || x > to.right() {
				t.Fatalf("%s arrives beside its scene, at %d of %d–%d", r.D, x, to.left(), to.right())
			}
		}
	})
}

// anyStory has scenes without talk, some of them placed in a row.
func anyStory(t *rapid.T) academy.StoryMap {
	n := rapid.IntRange(1, 12).Draw(t, "scenes")
	var lines []string
	for i := range n {
		line := "s" + strconv.Itoa(i)
		for k := range rapid.IntRange(0, 4).Draw(t, "ways") {
			if k == 0 {
				line += " >"
			}
			line += " s" + strconv.Itoa(rapid.IntRange(0, n-1).Draw(t, "to"))
		}
		lines = append(lines, line)
	}
	m := storyOf(strings.Join(lines, "\n"))
	m.Places = map[string]academy.Place{}
	for i := range rapid.IntRange(0, n).Draw(t, "placed") {
		m.Places[m.Scenes[i].Name] = academy.Place{X: 260 * i, Y: rapid.IntRange(-400, 400).Draw(t, "y")}
	}
	return m
}

// numbers are all figures of a path, a V repeating the x before it.
func numbers(d string) (list []int) {
	for _, n := range regexp.MustCompile(`-?\d+`).FindAllString(d, -1) {
		v, _ := strconv.Atoi(n)
		list = append(list, v)
	}
	return list
}

func TestRoutesGoRoundWhatStandsInTheWay(t *testing.T) {
	for name, m := range map[string]academy.StoryMap{
		"down past a scene":   place(storyOf("a > c\nb > c\nc"), academy.Place{}, academy.Place{Y: 160}, academy.Place{Y: 320}),
		"up past a scene":     place(storyOf("a > b\nb > c\nc > a"), academy.Place{}, academy.Place{Y: 160}, academy.Place{Y: 320}),
		"back to just before": place(storyOf("a > b\nb > a"), academy.Place{}, academy.Place{Y: 160}),
		"two lanes side by side": place(storyOf("a > c c c\nb > c\nc"),
			academy.Place{}, academy.Place{Y: 160}, academy.Place{Y: 320}),
	} {
		c := draw(t.Context(), m)
		for _, r := range c.Routes {
			for _, b := range c.Boxes {
				if b.Scene != r.from && b.Scene != r.to && touches(r, b) {
					t.Errorf("%s: %s → %s runs through %s: %s", name, c.Boxes[r.from].Name, c.Boxes[r.to].Name, b.Name, r.D)
				}
			}
			if r.Y2 < r.Y1 && (r.lane >= c.Boxes[r.from].left() && r.lane <= c.Boxes[r.from].right()) {
				t.Errorf("%s: goes up through its own scene: %s", name, r.D)
			}
		}
		lanes := map[int]bool{}
		for _, r := range c.Routes {
			if r.lane != r.X1 && lanes[r.lane] {
				t.Errorf("%s: two routes in one lane at %d", name, r.lane)
			}
			lanes[r.lane] = true
		}
	}
}

// touches reports whether a route is drawn over a box. A V is followed by a
// curve, which is six numbers.
func touches(r route, b box) bool {
	p := numbers(r.D)
	inside := func(x, y float64) bool {
		return x > float64(b.left()) && x < float64(b.right()) && y > float64(b.top()) && y < float64(b.bottom())
	}
	curve := func(x0, y0 int, c []int) bool {
		for k := range 41 {
			t := float64(k) / 40
			s := 1 - t
			mix := func(a, b, c, d int) float64 {
				return s*s*s*float64(a) + 3*s*s*t*float64(b) + 3*s*t*t*float64(c) + t*t*t*float64(d)
			}
			if inside(mix(x0, c[0], c[2], c[4]), mix(y0, c[1], c[3], c[5])) {
				return true
			}
		}
		return false
	}
	if !strings.Contains(r.D, "V") {
		return curve(p[0], p[1], p[2:8])
	}
	x, from, to := p[6], min(p[7], p[8]), max(p[7], p[8])
	for y := from; y <= to; y++ {
		if inside(float64(x), float64(y)) {
			return true
		}
	}
	return curve(p[0], p[1], p[2:8]) || curve(x, p[8], p[9:15])
}

func TestTrapsAreWhatTakesInMany(t *testing.T) {
	way := func(short bool, share, times int) academy.MapWay {
		return academy.MapWay{Kind: academy.WayOption, Text: fmt.Sprint(share), Short: short, Taken: academy.Taken{Exams: times, ExamShare: share}}
	}
	m := academy.StoryMap{Scenes: []academy.MapScene{
		{Ways: []academy.MapWay{way(false, 60, 6), way(true, 40, 4)}},
		{Ways: []academy.MapWay{way(true, 75, 6), way(true, 25, 2), way(true, 100, 1)}}, // one person's slip is no trap
	}}
	var got []string
	for _, x := range trapsOf(m) {
		got = append(got, x.Text)
	}
	if !slices.Equal(got, []string{"75", "40"}) {
		t.Errorf("traps %v", got)
	}
}

// BenchmarkDraw draws a map as large as they come.
func BenchmarkDraw(b *testing.B) {
	var lines []string
	for i := range 40 {
		line := fmt.Sprintf("s%d >", i)
		for k := range 4 {
			line += fmt.Sprintf(" s%d", (i*(k+1)+k*7+1)%40)
		}
		lines = append(lines, line)
	}
	m := storyOf(strings.Join(lines, "\n"))
	for b.Loop() {
		draw(b.Context(), m)
	}
}
