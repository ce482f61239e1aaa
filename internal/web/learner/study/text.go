package study

import (
	"context"

	"qibu/courses"
	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// title is the title in the language of the page; the courses themselves are in Chinese.
func title(ctx context.Context, zh, en string) string {
	if ui.Lang(ctx) == "en" && en != "" {
		return en
	}
	return zh
}

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
