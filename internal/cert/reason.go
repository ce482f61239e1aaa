package cert

import "strconv"

// Reason says why a standing is what it is: one sentence, found in the catalogue
// under "why." + Code and filled with Args. Args never count days up or down, so
// a reason holds as long as its standing.
type Reason struct {
	Code string
	Args map[string]string
}

// ReasonCodes lists every code with the names of its arguments. Days are
// "2006-01-02"; item and next are titles of requirements; done, total and left
// count requirements; previous is the expiry a period continues; reason and actor
// are as recorded, and actor may be empty.
var ReasonCodes = map[string][]string{
	"not_started":            {"done", "total", "left", "next"},
	"not_started_due":        {"done", "total", "left", "next", "due"},
	"in_progress":            {"done", "total", "left", "next"},
	"in_progress_due":        {"done", "total", "left", "next", "due"},
	"awaiting_practical":     {"done", "total", "left", "next"},
	"awaiting_practical_due": {"done", "total", "left", "next", "due"},
	"overdue":                {"done", "total", "left", "next", "due"},
	"certified":              {"day", "item", "months", "until", "window"},
	"certified_carried":      {"day", "item", "months", "until", "window", "previous"},
	"certified_anchor":       {"day", "item", "until", "window"},
	"renewed":                {"day", "item", "months", "until", "window"},
	"renewed_carried":        {"day", "item", "months", "until", "window", "previous"},
	"renewed_anchor":         {"day", "item", "until", "window"},
	"extended":               {"day", "baseline", "until", "window", "reason", "actor"},
	"renewal_open":           {"done", "total", "left", "next", "until", "window", "grace"},
	"renewal_open_extended":  {"done", "total", "left", "next", "until", "window", "grace", "day", "baseline", "reason", "actor"},
	"grace":                  {"done", "total", "left", "next", "until", "grace"},
	"expired":                {"done", "total", "left", "next", "until", "grace"},
	"exempt":                 {"day", "reason", "actor"},
	"exempt_until":           {"day", "until", "reason", "actor"},
	"suspended":              {"day", "reason", "actor"},
	"suspended_until":        {"day", "until", "reason", "actor"},
	"revoked":                {"day", "reason", "actor"},
	"temporary_until":        {"day", "until", "reason", "actor"},
}

// because makes a reason from a code and pairs of argument name and value.
func because(code string, pairs ...string) Reason {
	return Reason{Code: code, Args: map[string]string{}}.with(pairs...)
}

// with fills in further arguments.
func (r Reason) with(pairs ...string) Reason {
	for i := 0; i < len(pairs); i += 2 {
		r.Args[pairs[i]] = pairs[i+1]
	}
	return r
}

// progress is a reason that counts what is met and names what comes next.
func (s Standing) progress(code string) Reason {
	next := ""
	if len(s.Missing) > 0 {
		next = s.Missing[0].Title
	}
	done, left := len(s.Met), len(s.Missing)
	return because(code, "done", strconv.Itoa(done), "total", strconv.Itoa(done+left), "left", strconv.Itoa(left), "next", next)
}

// decree is the reason for a state that somebody put on the ledger.
func decree(code string, e *Event) Reason {
	r := because(code, "day", string(e.Day), "reason", e.Reason, "actor", e.Actor)
	if e.Kind != EventRevoked && !e.Until.IsZero() {
		r.Code += "_until"
		r.Args["until"] = string(e.Until)
	}
	return r
}

// extended turns base into the reason of a certificate that runs past its baseline.
func (p *period) extended(code string, base Reason) Reason {
	e := p.extension
	base.Code = code
	return base.with("day", string(e.Day), "baseline", string(p.baseline), "until", string(p.until),
		"window", string(p.opens), "reason", e.Reason, "actor", e.Actor)
}
