package scripts

import (
	"context"
	"fmt"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// slugExample shows what a name in addresses looks like.
const slugExample = "rp15-car-wash"

// sessions says how many are in the middle of a scenario, and on which edition.
func sessions(ctx context.Context, e *academy.ScriptEdition) string {
	switch {
	case e.Older > 0:
		return ui.T(ctx, "script.sessions_older", "n", e.Running, "older", e.Older)
	case e.Running > 0:
		return ui.T(ctx, "script.sessions", "n", e.Running)
	}
	return ui.T(ctx, "script.sessions_none")
}

// grouped is a whole number with a space between thousands: the routes through a
// scenario run to millions.
func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

func tryAddress(slug string) string { return address(slug) + "/try#try" }

func who(l stage.Line) string {
	if l.Expression == "" {
		return l.Who
	}
	return l.Who + "（" + l.Expression + "）"
}

// worth is what a choice brings, in the words of a script: "情绪 +10；D3 3，D6 1".
func worth(w academy.MapWay) string {
	var moved, scored []string
	for _, e := range w.Effects {
		moved = append(moved, fmt.Sprintf("%s %+d", e.Meter, e.By))
	}
	for _, x := range w.Scores {
		scored = append(scored, fmt.Sprintf("%s %d", x.Key, x.Points))
	}
	var parts []string
	for _, list := range [][]string{moved, scored} {
		if len(list) > 0 {
			parts = append(parts, strings.Join(list, "，"))
		}
	}
	return strings.Join(parts, "；")
}

// transcript is a tryout as a 试演, ready to be put into the script.
func transcript(t academy.Tryout) string {
	var steps []string
	if t.Persona != "" {
		steps = append(steps, "性格 "+t.Persona)
	}
	steps = append(steps, t.Path...)
	lines := []string{"## 试演：试走", strings.Join(steps, "；")}
	if t.Ending != "" {
		lines = append(lines, "应到 "+t.Scene)
	}
	return strings.Join(lines, "\n")
}
