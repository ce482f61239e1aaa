package cert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

const firstDay = calendar.Day("2026-01-01")

var anyBasis = rapid.SampledFrom([]cert.Basis{cert.Completion, cert.PreviousExpiry, cert.LaterOf, cert.FixedAnchor})

// drawPolicy makes a policy that Parse would accept. Periods are short, so that
// a few events reach every state.
func drawPolicy(t *rapid.T) cert.Policy {
	p := advisor()
	p.Basis = anyBasis.Draw(t, "basis")
	p.ValidityMonths = rapid.IntRange(2, 14).Draw(t, "months")
	p.WindowDays = rapid.IntRange(1, 50).Draw(t, "window")
	p.GraceDays = rapid.IntRange(0, 40).Draw(t, "grace")
	if p.Basis == cert.FixedAnchor {
		p.ValidityMonths = rapid.SampledFrom([]int{12, 24}).Draw(t, "years")
		p.AnchorMonth = rapid.IntRange(1, 12).Draw(t, "anchor month")
		p.AnchorDay = rapid.IntRange(1, 31).Draw(t, "anchor day")
		p.MinActiveDays = rapid.IntRange(p.WindowDays+1, 365).Draw(t, "min active")
	}
	p.Initial = rapid.SampledFrom([][]cert.Requirement{{paper}, {reading, paper, o6}, {paper, rehearse, o5, o6}}).Draw(t, "initial")
	p.Renewal = rapid.SampledFrom([][]cert.Requirement{nil, {paper}, {renewal, o6}}).Draw(t, "renewal")
	return p
}

func drawDay(t *rapid.T, label string) calendar.Day {
	return firstDay.AddDays(rapid.IntRange(0, 1200).Draw(t, label))
}

func drawEvent(t *rapid.T) cert.Event {
	e := cert.Event{Day: drawDay(t, "day"), Reason: "记录"}
	if rapid.IntRange(0, 3).Draw(t, "evidence or not") > 0 {
		q := rapid.SampledFrom([]cert.Requirement{reading, paper, renewal, rehearse, o5, o6}).Draw(t, "requirement")
		e.Kind, e.Requirement, e.Ref = cert.EventEvidence, q.Kind, q.Ref
		e.Outcome = rapid.SampledFrom([]cert.Outcome{cert.Passed, cert.Passed, cert.Failed, cert.External}).Draw(t, "outcome")
		e.Percent = rapid.IntRange(70, 100).Draw(t, "percent")
		return e
	}
	e.Kind = rapid.SampledFrom([]cert.EventKind{cert.EventAssigned, cert.EventWithdrawn, cert.EventExtended, cert.EventExempted, cert.EventSuspended,
		cert.EventRevoked, cert.EventReinstated, cert.EventTemporary, cert.EventPolicyChanged}).Draw(t, "kind")
	if e.Kind == cert.EventExtended || e.Kind == cert.EventTemporary || rapid.Bool().Draw(t, "ends") {
		e.Until = e.Day.AddDays(rapid.IntRange(0, 400).Draw(t, "until"))
	}
	return e
}

// drawEvents makes a ledger of up to a dozen single events and of up to three
// days on which everything was shown, so that renewals happen as well.
func drawEvents(t *rapid.T) []cert.Event {
	var events []cert.Event
	for range rapid.IntRange(0, 3).Draw(t, "exam days") {
		day := drawDay(t, "exam day")
		for _, q := range []cert.Requirement{reading, paper, renewal, rehearse, o5, o6} {
			events = append(events, shown(q, day))
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "events") {
		events = append(events, drawEvent(t))
	}
	for i := range events {
		events[i].At = time.Unix(int64(i), 0)
	}
	return events
}

// Status of any day is the timeline's row that covers it.
func TestTimelineCoversStatus(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := drawPolicy(t), drawEvents(t)
		rows := cert.Timeline(p, events, firstDay)
		if last := rows[len(rows)-1]; last.Until != calendar.Forever {
			t.Fatalf("the timeline ends on %s", last.Until)
		}
		if !slices.IsSortedFunc(rows, func(a, b cert.Standing) int { return cmpDay(a.Until, b.Until) }) {
			t.Fatal("the rows are not in order")
		}
		for range 40 {
			day := drawDay(t, "asked")
			row := rows[slices.IndexFunc(rows, func(s cert.Standing) bool { return !s.Until.Before(day) })]
			want := cert.Status(p, events, day)
			if row.Until.After(want.Until) {
				t.Fatalf("%s: the row lasts to %s, the standing only to %s", day, row.Until, want.Until)
			}
			want.Until = row.Until
			if diff := cmp.Diff(want, row); diff != "" {
				t.Fatalf("%s: %s", day, diff)
			}
		}
	})
}

func cmpDay(a, b calendar.Day) int {
	if a.Before(b) {
		return -1
	}
	return 1 // equal is out of order too
}

// Until is the last day: with no later event the standing is the same on it, and
// another one the day after.
func TestUntilIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events, day := drawPolicy(t), drawEvents(t), drawDay(t, "day")
		events = slices.DeleteFunc(events, func(e cert.Event) bool { return e.Day.After(day) })
		s := cert.Status(p, events, day)
		if s.Until.Before(day) {
			t.Fatalf("on %s the standing is said to have ended on %s", day, s.Until)
		}
		if diff := cmp.Diff(s, cert.Status(p, events, s.Until)); diff != "" {
			t.Fatalf("%s to %s: %s", day, s.Until, diff)
		}
		if s.Until != calendar.Forever && cmp.Equal(s, cert.Status(p, events, s.Until.AddDays(1))) {
			t.Fatalf("nothing changes after %s", s.Until)
		}
	})
}

// What happens later never changes what was true earlier.
func TestReplayAsOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := drawPolicy(t), drawEvents(t)
		later := drawEvent(t)
		day := later.Day.AddDays(-rapid.IntRange(1, 400).Draw(t, "days before"))
		before := cert.Status(p, events, day)
		after := cert.Status(p, append(slices.Clone(events), later), day)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("%s on %s changed %s: %s", later.Kind, later.Day, day, diff)
		}
	})
}

// The order in which a ledger is read does not matter, only day and moment do.
func TestOrderOfTheLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events, day := drawPolicy(t), drawEvents(t), drawDay(t, "day")
		shuffled := rapid.Permutation(events).Draw(t, "shuffled")
		if diff := cmp.Diff(cert.Status(p, events, day), cert.Status(p, shuffled, day)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Time and evidence never take valid days away: whatever the basis, a later
// certificate ends no earlier, and dates are in order.
func TestValidityOnlyGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, events := drawPolicy(t), drawEvents(t)
		var last cert.Standing
		for _, s := range cert.Timeline(p, events, firstDay) {
			if s.ValidUntil.Before(last.ValidUntil) || s.ValidFrom.Before(last.ValidFrom) {
				t.Fatalf("%s–%s after %s–%s", s.ValidFrom, s.ValidUntil, last.ValidFrom, last.ValidUntil)
			}
			if !s.ValidFrom.IsZero() && !(s.ValidFrom < s.WindowOpens && s.WindowOpens <= s.ValidUntil && s.ValidUntil <= s.GraceEnds) {
				t.Fatalf("from %s, window %s, until %s, grace %s", s.ValidFrom, s.WindowOpens, s.ValidUntil, s.GraceEnds)
			}
			last = s
		}
	})
}

// Renewing anywhere in the window under later_of gains exactly what renewing on
// its last day gains.
func TestLaterOfPunishesNobodyForBeingEarly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := yearly(func(p *cert.Policy) { p.Basis = cert.LaterOf })
		first := drawDay(t, "certified")
		s := cert.Status(p, papers(first), first)
		early := s.WindowOpens.AddDays(rapid.IntRange(0, p.WindowDays).Draw(t, "days into the window"))
		got := cert.Status(p, papers(first, early), early)
		if want := cert.Status(p, papers(first, s.ValidUntil), s.ValidUntil); got.ValidUntil != want.ValidUntil {
			t.Fatalf("renewed on %s until %s, on %s until %s", early, got.ValidUntil, s.ValidUntil, want.ValidUntil)
		}
	})
}

func TestTimelineOfOneCertificate(t *testing.T) {
	var got []string
	for _, s := range cert.Timeline(advisor(), complete("2026-03-04"), "2026-02-03") {
		got = append(got, string(s.State)+" "+string(s.Until))
	}
	want := []string{"awaiting_practical 2026-03-02", "awaiting_practical 2026-03-03", "certified 2028-01-02",
		"renewal_open 2028-03-03", "grace 2028-04-02", "expired 9999-12-31"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkStatus(b *testing.B) {
	p, events := advisor(), complete("2026-03-04")
	for year := range 10 {
		day := calendar.Date(2028+2*year, 2, 1)
		events = append(events, shown(renewal, day), shown(o6, day))
	}
	for b.Loop() {
		cert.Status(p, events, "2047-06-01")
	}
}
