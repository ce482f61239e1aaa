package story

import (
	"context"
	"strconv"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// A chart is the drawing of a map: boxes for scenes, and a route for every
// way from one to another. Everything is in pixels at full size; a box lies around
// its middle, its ways leave at the bottom and arrive at the top.
type chart struct {
	academy.StoryMap
	Boxes    []box
	Routes   []route
	Unplaced bool // no scene has been placed: the boxes stand in plain layers
	Left     int
	Top      int
	Width    int
	Height   int
	Busiest  int // how often the way taken most was taken
}

// box is a scene on the chart.
type box struct {
	academy.MapScene
	Scene     int
	X, Y      int // of the middle
	W, H      int
	Notes     []note
	Ports     []port
	Topics    []topicMark
	Suggested bool // nobody has placed it yet
}

func (b box) top() int    { return b.Y - b.H/2 }
func (b box) bottom() int { return b.Y + b.H/2 }
func (b box) left() int   { return b.X - b.W/2 }
func (b box) right() int  { return b.X + b.W/2 }

// note is a word or a figure on the small line under a name, seen from the
// middle of the box.
type note struct {
	Icon, Text string
	DX         int
}

// port is where a way leaves its box, seen from the middle of the box.
type port struct {
	academy.MapWay
	DX, DY int
	Hook   bool // the way comes straight back
}

// topicMark is what some neighbouring ports of a hub are about, seen from the middle
// of the box.
type topicMark struct {
	Name     string
	Must     bool
	From, To int // the middles of the first and the last port
}

// The measures of a box.
const (
	pitch      = 34 // from one way to the next
	nameHeight = 38
	noteHeight = 17 // of the small line
	topicRoom  = 20 // for the names of topics, over the ports
	portRoom   = 15 // above the middles of the ports, which lie on the bottom line
	padding    = 16
	leastWidth = 92
	nameSize   = 15
	noteSize   = 12
	noteIcon   = 16
	noteGap    = 10
)

// draw makes the chart of a map.
func draw(ctx context.Context, m academy.StoryMap) chart {
	c := chart{StoryMap: m, Boxes: make([]box, len(m.Scenes))}
	for i, s := range m.Scenes {
		c.Boxes[i] = boxOf(ctx, i, s)
		for _, w := range s.Ways {
			c.Busiest = max(c.Busiest, w.Taken.Times())
		}
	}
	links := linksOf(m.Scenes)
	c.stand(links)
	c.connect(links)
	c.frame()
	return c
}

func boxOf(ctx context.Context, i int, s academy.MapScene) box {
	b := box{MapScene: s, Scene: i, H: nameHeight}
	notes, width := notesOf(ctx, i, s)
	b.Notes = notes
	b.W = max(leastWidth, breadth(b.Title(), nameSize)+2*padding, width+2*padding, len(s.Ways)*pitch+padding)
	if len(notes) > 0 {
		b.H += noteHeight
	}
	if len(s.Ways) > 0 {
		b.H += portRoom
	}
	if s.Hub {
		b.H += topicRoom
	}
	for k, w := range s.Ways {
		b.Ports = append(b.Ports, port{
			MapWay: w, DX: (2*k - len(s.Ways) + 1) * pitch / 2, DY: b.H / 2, Hook: w.To == i && w.Call == 0,
		})
	}
	b.markTopics()
	return b
}

// markTopics names what the ports of a hub are about. Those of one topic stand
// side by side.
func (b *box) markTopics() {
	last := ""
	for _, p := range b.Ports {
		if p.Topic != last && p.Topic != "" {
			b.Topics = append(b.Topics, topicMark{Name: p.Topic, Must: p.Must, From: p.DX})
		}
		if p.Topic != "" {
			b.Topics[len(b.Topics)-1].To = p.DX
		}
		last = p.Topic
	}
}

// Short is as much of the topic's name as there is room for.
func (t topicMark) Short() string {
	name := []rune(t.Name)
	if fit := (t.To - t.From + pitch) / noteSize; len(name) > fit {
		return string(name[:fit-1]) + "…"
	}
	return t.Name
}

// Title is what the box is called: an ending by its title.
func (b box) Title() string {
	if b.Ending != "" {
		return b.Ending
	}
	return b.Name
}

// notesOf says what kind of scene it is, and what there is to find.
func notesOf(ctx context.Context, i int, s academy.MapScene) (notes []note, width int) {
	add := func(icon, text string) {
		if len(notes) > 0 {
			width += noteGap
		}
		notes = append(notes, note{Icon: icon, Text: text, DX: width})
		if icon != "" {
			width += noteIcon
		}
		width += breadth(text, noteSize)
	}
	for _, kind := range kindsOf(i, s) {
		add("", ui.T(ctx, "story.kind_"+kind))
	}
	if n := len(s.Documents); n > 0 {
		add("paper", strconv.Itoa(n))
	}
	for _, w := range s.Ways {
		if w.Kind == academy.WaySilence {
			add("clock", ui.T(ctx, "story.seconds", "n", w.Seconds))
		}
	}
	if s.Arrived > 0 {
		add("person", ui.T(ctx, "story.arrived", "n", s.Arrived))
	}
	for k := range notes {
		notes[k].DX -= width / 2
	}
	return notes, width
}

// kindsOf names what is special about a scene.
func kindsOf(i int, s academy.MapScene) (kinds []string) {
	if i == 0 {
		kinds = append(kinds, "start")
	}
	switch {
	case s.Ending != "":
		kinds = append(kinds, "ending")
	case s.Hub:
		kinds = append(kinds, "hub")
	case s.Called:
		kinds = append(kinds, "called")
	}
	return kinds
}

// frame puts a margin around everything drawn.
func (c *chart) frame() {
	const margin = 28
	if len(c.Boxes) == 0 {
		return
	}
	first := c.Boxes[0]
	left, top, right, bottom := first.left(), first.top(), first.right(), first.bottom()
	for _, b := range c.Boxes {
		left, top = min(left, b.left()), min(top, b.top())
		right, bottom = max(right, b.right()), max(bottom, b.bottom()+labelRoom)
	}
	for _, l := range c.Routes {
		left, top = min(left, l.lane), min(top, l.highest)
		right, bottom = max(right, l.lane), max(bottom, l.lowest)
	}
	c.Left, c.Top = left-margin, top-margin
	c.Width, c.Height = right-left+2*margin, bottom-top+2*margin
}

// breadth is about how wide a text is: a Chinese character takes a square.
func breadth(text string, size int) int {
	width := 0
	for _, r := range text {
		if r < 0x2E80 {
			width += size * 11 / 20
		} else {
			width += size
		}
	}
	return width
}
