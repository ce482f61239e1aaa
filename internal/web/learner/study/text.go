package study

import (
	"context"

	"qibu/courses"
	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// place is the address of what a search found.
func place(h courses.Hit) string {
	to := "/courses/" + h.Module.Ref()
	if h.Heading.ID != "" {
		to += "#" + h.Heading.ID
	}
	return to
}

// assignedBy says who wants it, and by when.
func assignedBy(ctx context.Context, t academy.Todo) string {
	if t.Due == "" {
		return ui.T(ctx, "todo.by", "name", t.By)
	}
	return ui.T(ctx, "todo.by_until", "name", t.By, "day", string(t.Due))
}
