package bay

import (
	"context"
	"strings"

	"qibu/internal/cert"
	"qibu/internal/web/ui"
)

// needs names the items that still want a signature.
func needs(ctx context.Context, items []cert.ObservationItem) string {
	names := make([]string, len(items))
	for i, item := range items {
		names[i] = item.ID + " " + ui.Title(ctx, item.Title, item.TitleEN)
	}
	return ui.T(ctx, "observe.needs", "items", strings.Join(names, ui.T(ctx, "observe.join")))
}

// tone is how a choice looks once it is made.
func tone(outcome string) string {
	switch cert.Outcome(outcome) {
	case cert.Passed:
		return "ok"
	case cert.NotYet:
		return "soon"
	}
	return "none"
}
