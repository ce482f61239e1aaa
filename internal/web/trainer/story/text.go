package story

import (
	"context"
	"fmt"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

func sceneID(i int) string { return "scene-" + num(i) }

func anchor(i int) string { return "#" + sceneID(i) }

// view is the part of the plane that the chart takes.
func (c chart) view() string { return fmt.Sprintf("%d %d %d %d", c.Left, c.Top, c.Width, c.Height) }

// size is what a layout has to know of a box: how wide it is, and how high with
// the words below it.
func (b box) size() string { return fmt.Sprintf("%d %d", b.W, b.H) }

// class says how a route is drawn: on a condition, back to a caller, over a red line.
func (r route) class() string {
	if r.back {
		return "route-back"
	}
	return r.port.lineClass()
}

func (p port) lineClass() string {
	var classes []string
	if p.When != "" {
		classes = append(classes, "route-if")
	}
	if p.RedLine != "" {
		classes = append(classes, "route-red")
	}
	if p.Taken.Times() > 0 {
		classes = append(classes, "route-taken")
	}
	return strings.Join(classes, " ")
}

// portWord is what stands below a port.
type portWord struct{ text, class string }

func portWords(ctx context.Context, p port) (list []portWord) {
	if times := p.Taken.Times(); times > 0 {
		list = append(list, portWord{num(times), "port-times"})
	}
	if p.RedLine != "" {
		list = append(list, portWord{ui.T(ctx, "story.red_short"), "port-warning"})
	} else if p.Kind == academy.WaySilence {
		list = append(list, portWord{ui.T(ctx, "story.silence_short"), ""})
	}
	return list
}

// wordX keeps the words of a port clear of its hook.
func (p port) wordX() int {
	if p.Hook {
		return -3
	}
	return 0
}

// sample is one step of the scale that says how often a way was taken.
type sample struct{ Times, Band int }

// samples are the scale of the bands: once, half as often as the busiest, and that.
func (c chart) samples() (list []sample) {
	if c.Busiest == 0 {
		return nil
	}
	last := 0
	for _, times := range []int{1, (c.Busiest + 1) / 2, c.Busiest} {
		if times > last {
			list = append(list, sample{times, bandOf(times, c.Busiest)})
			last = times
		}
	}
	return list
}

// boxLabel says a box in one sentence.
func boxLabel(ctx context.Context, b box) string {
	if b.Ending != "" {
		return ui.T(ctx, "story.box_ending", "title", b.Ending, "n", b.Arrived)
	}
	options, red := 0, 0
	for _, w := range b.Ways {
		if w.Kind == academy.WayOption {
			options++
		}
		if w.RedLine != "" {
			red++
		}
	}
	kinds := ""
	for _, kind := range kindsOf(b.Scene, b.MapScene) {
		kinds += ui.T(ctx, "story.comma") + ui.T(ctx, "story.kind_"+kind)
	}
	return ui.T(ctx, "story.box_scene", "name", b.Name, "kinds", kinds, "options", options, "red", red)
}

// dimension is the name of a competence by its key.
func (c chart) dimension(key string) string {
	for _, d := range c.Dimensions {
		if d.Key == key {
			return d.Name
		}
	}
	return key
}

// effects says how far meters move, as a script could write it.
func effects(list []academy.MapEffect) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = fmt.Sprintf("%s %+d", e.Meter, e.By)
	}
	return strings.Join(parts, "，")
}

func said(ctx context.Context, s academy.MapScene) string {
	if len(s.Documents) == 0 {
		return ui.T(ctx, "story.said", "n", len(s.Lines))
	}
	return ui.T(ctx, "story.said_papers", "n", len(s.Lines), "papers", len(s.Documents))
}

func wayName(ctx context.Context, w academy.MapWay) string {
	switch {
	case w.Kind == academy.WaySilence:
		return ui.T(ctx, "story.silence", "n", w.Seconds)
	case w.When != "":
		return ui.T(ctx, "story.jump_if")
	}
	return ui.T(ctx, "story.jump")
}

func topic(ctx context.Context, w academy.MapWay) string {
	if w.Must {
		return ui.T(ctx, "story.topic_must")
	}
	return ui.T(ctx, "story.topic_may")
}

func taken(ctx context.Context, t academy.Taken) string {
	if t.Times() == 0 {
		return ui.T(ctx, "story.never")
	}
	return ui.T(ctx, "story.taken", "n", t.Times(), "share", t.Share)
}
