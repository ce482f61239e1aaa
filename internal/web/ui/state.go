package ui

import (
	"context"
	"io"
	"maps"

	"github.com/a-h/templ"

	"qibu/internal/cert"
	"qibu/internal/i18n"
)

// looks is how a certification state appears: tone and icon. Its word is the
// catalogue text "state.<state>".
var looks = map[cert.State][2]string{
	cert.Exempt:            {"off", "circle"},
	cert.NotStarted:        {"off", "circle"},
	cert.InProgress:        {"none", "half"},
	cert.Overdue:           {"late", "late"},
	cert.AwaitingPractical: {"none", "eye"},
	cert.Certified:         {"ok", "check"},
	cert.RenewalOpen:       {"soon", "clock"},
	cert.Grace:             {"late", "late"},
	cert.Expired:           {"late", "late"},
	cert.Suspended:         {"soon", "pause"},
	cert.Revoked:           {"late", "stop"},
	cert.Temporary:         {"soon", "clock"},
}

// verdictLooks is how the worth of a certificate appears: tone and icon. Its word
// is the catalogue text "verdict.<verdict>".
var verdictLooks = map[cert.Verdict][2]string{
	cert.VerdictValid:      {"ok", "check"},
	cert.VerdictExpired:    {"late", "late"},
	cert.VerdictSuperseded: {"off", "circle"},
	cert.VerdictRevoked:    {"late", "stop"},
	cert.VerdictSuspended:  {"soon", "pause"},
}

// States are all certification states in the order filters offer them.
var States = []cert.State{
	cert.NotStarted, cert.InProgress, cert.AwaitingPractical, cert.Overdue, cert.Certified, cert.RenewalOpen,
	cert.Grace, cert.Expired, cert.Temporary, cert.Suspended, cert.Revoked, cert.Exempt,
}

// Why is the one sentence that says why a standing is what it is. Titles, names
// and reasons in it are in Chinese, and on a page in another language say so.
func Why(r cert.Reason) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		marked := cert.Reason{Code: r.Code, Args: maps.Clone(r.Args)}
		for _, name := range []string{"item", "next", "reason", "actor"} {
			if value := marked.Args[name]; value != "" {
				marked.Args[name] = Quote(ctx, value)
			}
		}
		return Sentence(Reason(printer(ctx), marked)).Render(ctx, w)
	})
}

// Reason is Why as plain text.
func Reason(text *i18n.Printer, r cert.Reason) string {
	args := make(map[string]any, len(r.Args))
	for name, value := range r.Args {
		args[name] = value
	}
	return text.With("why."+r.Code, args)
}

// Day shows a day, or a dash for none.
func Day[T ~string](d T) string {
	if d == "" {
		return "—"
	}
	return string(d)
}
