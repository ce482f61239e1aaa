package certificates

import (
	"context"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// withLevel puts the level before a title that does not begin with it.
func withLevel(level, title string) string {
	if strings.HasPrefix(title, level) {
		return title
	}
	return level + " " + title
}

// otherTitle is the certification's title in the language the page is not in.
func otherTitle(ctx context.Context, c academy.IssuedCertificate) string {
	if ui.Lang(ctx) == "en" {
		return c.Title
	}
	return c.TitleEN
}
