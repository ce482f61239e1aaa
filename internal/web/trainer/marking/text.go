package marking

import (
	"context"
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// byQuestion groups the texts of a queue, which come question by question.
func byQuestion(list []academy.TextLine) (groups [][]academy.TextLine) {
	for i, t := range list {
		if i == 0 || t.Quiz != list[i-1].Quiz || t.Question != list[i-1].Question {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], t)
	}
	return groups
}

// title names a text: by who wrote it once the reader has marked it, else by its
// place.
func title(ctx context.Context, t academy.TextLine, n int) string {
	if t.Name != "" {
		return t.Name
	}
	return ui.T(ctx, "marking.nth", "n", n)
}

// origin is where and when a text was written.
func origin(t academy.TextLine) string {
	at := t.EndedAt.Format("2006-01-02 15:04")
	if t.Sitting == "" {
		return at
	}
	return t.Sitting + " · " + at
}

// filled is what the form has for a criterion.
func filled(form markForm, n int) string {
	if n >= len(form.Points) {
		return ""
	}
	return form.Points[n]
}

// pointsOf is what was typed as points; what is no number becomes one that fits no
// criterion.
func pointsOf(typed []string) []int {
	points := make([]int, len(typed))
	for i, text := range typed {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			n = -1
		}
		points[i] = n
	}
	return points
}

func sum(points []int) (n int) {
	for _, p := range points {
		n += p
	}
	return n
}

// worth is what a text is worth.
func worth(t academy.FreeText) (n int) {
	for _, c := range t.Rubric {
		n += c.Points
	}
	return n
}
