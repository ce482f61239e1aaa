package ui

import (
	"context"

	"qibu/internal/academy"
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

// Why is the one sentence that says why a standing is what it is.
func Why(ctx context.Context, r cert.Reason) string { return Reason(printer(ctx), r) }

// Reason is Why outside a page.
func Reason(text *i18n.Printer, r cert.Reason) string {
	args := make(map[string]any, len(r.Args))
	for name, value := range r.Args {
		args[name] = value
	}
	return text.With("why."+r.Code, args)
}

// LastSeen says in one sentence how an item of the practical checklist went when
// it was last observed.
func LastSeen(ctx context.Context, s academy.Sight) string {
	outcome := cert.NotYet
	if s.Passed {
		outcome = cert.Passed
	}
	text := T(ctx, "observe.last", "day", s.Day, "name", s.Observer, "outcome", T(ctx, "outcome."+string(outcome)))
	if s.Note != "" {
		text += T(ctx, "observe.last_note", "note", s.Note)
	}
	return text + T(ctx, "observe.stop")
}

// Day shows a day, or a dash for none.
func Day[T ~string](d T) string {
	if d == "" {
		return "—"
	}
	return string(d)
}
