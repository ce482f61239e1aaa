package recordings

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/web/trainer/story"
	"qibu/internal/web/ui"
	"qibu/roleplay/stage"
)

// lasted says how long something took.
func lasted(ctx context.Context, d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	switch {
	case d < time.Minute:
		return ui.T(ctx, "recording.seconds", "n", seconds)
	case d < time.Hour:
		return ui.T(ctx, "recording.minutes", "m", seconds/60, "s", seconds%60)
	case d < 48*time.Hour:
		return ui.T(ctx, "recording.hours", "h", seconds/3600, "m", seconds/60%60)
	}
	return ui.T(ctx, "recording.days", "n", seconds/86400)
}

// took says how long a decision took; nothing of one that was taken over.
func took(ctx context.Context, t academy.RecordedTurn) string {
	if t.Took == 0 {
		return ""
	}
	return lasted(ctx, time.Duration(t.Took)*time.Millisecond)
}

// earned says what a decision earned, competence by competence.
func earned(r academy.Recording, list []stage.Points) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = fmt.Sprintf("%s %d", competence(r, p.Key), p.Points)
	}
	return strings.Join(words, "，")
}

// competence is the name of a dimension by its key.
func competence(r academy.Recording, key string) string {
	for _, d := range r.Dimensions {
		if d.Key == key {
			return d.Name
		}
	}
	return key
}

// chosen is what was said in a turn; nil when nothing was.
func chosen(t academy.RecordedTurn) *academy.RecordedChoice {
	for i := range t.Choices {
		if t.Choices[i].Said {
			return &t.Choices[i]
		}
	}
	return nil
}

// others are what else could have been said.
func others(t academy.RecordedTurn) (list []academy.RecordedChoice) {
	for _, c := range t.Choices {
		if !c.Said {
			list = append(list, c)
		}
	}
	return list
}

// best reports whether nothing better could have been said.
func best(t academy.RecordedTurn) bool {
	c := chosen(t)
	return c != nil && c.Best
}

func markOf(c academy.RecordedChoice) story.Mark {
	return story.Mark{Kind: academy.WayOption, Number: c.Number, Best: c.Best, Red: c.RedLine != ""}
}

// mode says whether it was an exam.
func mode(ctx context.Context, exam bool) string {
	if exam {
		return ui.T(ctx, "recording.exam")
	}
	return ui.T(ctx, "recording.practice")
}

// taught reports whether a scenario is among those to choose from.
func taught(list academy.RecordingList, slug string) bool {
	return slices.ContainsFunc(list.Scenarios, func(i academy.Item) bool { return i.Ref == slug })
}

// edition names what was played, and what was proved of it.
func edition(ctx context.Context, r academy.Recording) string {
	short := r.Edition[:min(len(r.Edition), 8)]
	if r.Proof == nil {
		return ui.T(ctx, "recording.edition", "edition", short)
	}
	proven := "rehearse.unproven"
	if r.Proof.Proven {
		proven = "rehearse.proven"
	}
	return ui.T(ctx, "rehearse.proof", "edition", short, "states", r.Proof.States, "proven", ui.T(ctx, proven))
}

// papers says how many documents were opened, of all within reach.
func papers(r academy.Recording) (opened, all int) {
	for _, t := range r.Turns {
		opened += len(t.Opened)
	}
	return opened, opened + len(r.Unopened)
}

func num(n int) string { return strconv.Itoa(n) }
