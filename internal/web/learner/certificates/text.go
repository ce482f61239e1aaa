package certificates

import (
	"context"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/web/ui"
)

// renewNow says until when to renew, and that doing it early costs nothing where
// that is so.
func renewNow(ctx context.Context, g academy.Goal) string {
	text := ui.T(ctx, "certificate.renew_now", "day", g.Standing.ValidUntil)
	if g.Policy.Basis == cert.LaterOf {
		text += ui.T(ctx, "certificate.renew_no_loss")
	}
	return text
}

// withLevel puts the level before a title that does not begin with it.
func withLevel(level, title string) string {
	if strings.HasPrefix(title, level) {
		return title
	}
	return level + " " + title
}
