package cert_test

import (
	"slices"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

var (
	paper    = cert.Requirement{Kind: cert.Quiz, Ref: "exam", Mark: 85, Title: "统考"}
	renewal  = cert.Requirement{Kind: cert.Quiz, Ref: "renewal", Mark: 85, Title: "复证卷"}
	reading  = cert.Requirement{Kind: cert.Module, Ref: "seven-steps/walkaround", Title: "环车检查"}
	rehearse = cert.Requirement{Kind: cert.Scenario, Ref: "rp01", Mark: 75, NoRedLine: true, Title: "演练 RP01"}
	o5       = cert.Requirement{Kind: cert.Observation, Ref: "O5", Title: "实操 O5"}
	o6       = cert.Requirement{Kind: cert.Observation, Ref: "O6", Title: "实操 O6"}
)

// yearly is the smallest policy that shows date rules: one paper, both ways.
func yearly(change func(*cert.Policy)) cert.Policy {
	p := cert.Policy{Slug: "yearly", ValidityMonths: 12, Basis: cert.Completion, WindowDays: 60, GraceDays: 30,
		Initial: []cert.Requirement{paper}, Renewal: []cert.Requirement{paper}}
	if change != nil {
		change(&p)
	}
	return p
}

// advisor is a policy like the second level's.
func advisor() cert.Policy {
	return cert.Policy{Slug: "l2", Level: "L2", ValidityMonths: 24, Basis: cert.LaterOf, WindowDays: 60, GraceDays: 30,
		Initial: []cert.Requirement{reading, paper, rehearse, o5, o6},
		Renewal: []cert.Requirement{renewal, o6}}
}

func shown(r cert.Requirement, day calendar.Day) cert.Event {
	return cert.Event{Kind: cert.EventEvidence, Day: day, Requirement: r.Kind, Ref: r.Ref, Outcome: cert.Passed, Percent: 90}
}

func papers(days ...calendar.Day) []cert.Event {
	var events []cert.Event
	for _, d := range days {
		events = append(events, shown(paper, d))
	}
	return events
}

// complete has everything the first award of advisor asks, the last item on day.
func complete(day calendar.Day) []cert.Event {
	return []cert.Event{shown(reading, "2026-01-10"), shown(paper, "2026-02-01"), shown(rehearse, "2026-02-03"),
		shown(o5, day.AddDays(-1)), shown(o6, day)}
}

func TestExpiryDates(t *testing.T) {
	fixed := func(p *cert.Policy) {
		p.Basis, p.AnchorMonth, p.AnchorDay, p.MinActiveDays = cert.FixedAnchor, 12, 1, 180
	}
	basis := func(b cert.Basis) func(*cert.Policy) { return func(p *cert.Policy) { p.Basis = b } }
	due := func(day calendar.Day) cert.Event {
		return cert.Event{Kind: cert.EventAssigned, Day: "2025-01-01", Until: day}
	}
	extended := func(day, until calendar.Day) cert.Event {
		return cert.Event{Kind: cert.EventExtended, Day: day, Until: until, Reason: "产假"}
	}
	tests := []struct {
		name   string
		policy cert.Policy
		events []cert.Event
		today  calendar.Day
		until  calendar.Day
	}{
		{"Workplace: 12 Feb 2023 + 12 months ends 11 Feb 2024", yearly(nil), papers("2023-02-12"), "2023-02-12", "2024-02-11"},
		{"the design's example", advisor(), complete("2026-03-04"), "2026-03-04", "2028-03-03"},
		{"from 29 February", yearly(nil), papers("2028-02-29"), "2028-03-01", "2029-02-27"},
		{"up to 29 February", yearly(nil), papers("2027-03-01"), "2027-03-01", "2028-02-29"},
		{"month clamp: 31 January + 1 month", yearly(func(p *cert.Policy) { p.ValidityMonths, p.WindowDays = 1, 7 }), papers("2026-01-31"), "2026-02-01", "2026-02-27"},

		{"Totara anchor: certify in August", yearly(fixed), papers("2026-08-15"), "2026-08-15", "2027-12-01"},
		{"Totara anchor: renew in November", yearly(fixed), papers("2026-08-15", "2027-11-10"), "2027-11-10", "2028-12-01"},
		{"Totara anchor: lapsed, certify in April", yearly(fixed), papers("2026-08-15", "2029-04-10"), "2029-04-10", "2029-12-01"},
		{"anchor, just far enough away", yearly(fixed), papers("2026-06-04"), "2026-06-04", "2026-12-01"},
		{"anchor, a day too close", yearly(fixed), papers("2026-06-05"), "2026-06-05", "2027-12-01"},
		{"anchor, first day of the window", yearly(fixed), papers("2026-08-15", "2027-10-02"), "2027-10-02", "2028-12-01"},
		{"anchor, two years", yearly(func(p *cert.Policy) { fixed(p); p.ValidityMonths = 24 }), papers("2026-08-15", "2028-11-10"), "2028-11-10", "2030-12-01"},
		{"anchor, two years, in grace", yearly(func(p *cert.Policy) { fixed(p); p.ValidityMonths = 24 }), papers("2026-08-15", "2028-12-20"), "2028-12-20", "2030-12-01"},
		{"anchor on 29 February in a common year", yearly(func(p *cert.Policy) { fixed(p); p.AnchorMonth, p.AnchorDay = 2, 29 }), papers("2026-03-10"), "2026-03-10", "2027-02-28"},

		{"Absorb: renewing on 15 December costs 17 days", yearly(nil), papers("2013-01-01", "2013-12-15"), "2013-12-15", "2014-12-14"},
		{"the same under later_of costs none", yearly(basis(cert.LaterOf)), papers("2013-01-01", "2013-12-15"), "2013-12-15", "2014-12-31"},
		{"later_of in grace counts from completion", yearly(basis(cert.LaterOf)), papers("2013-01-01", "2014-01-20"), "2014-01-20", "2015-01-19"},
		{"previous expiry, on time", yearly(basis(cert.PreviousExpiry)), papers("2013-01-01", "2013-12-15"), "2013-12-15", "2014-12-31"},
		{"previous expiry, in grace", yearly(basis(cert.PreviousExpiry)), papers("2013-01-01", "2014-01-20"), "2014-01-20", "2015-01-19"},
		{"previous expiry, first, before the due day", yearly(basis(cert.PreviousExpiry)), append(papers("2025-02-10"), due("2025-03-31")), "2025-02-10", "2026-03-31"},
		{"previous expiry, first, after the due day", yearly(basis(cert.PreviousExpiry)), append(papers("2025-04-02"), due("2025-03-31")), "2025-04-02", "2026-04-01"},
		{"Cornerstone: one completion closes all missed cycles", yearly(nil), papers("2022-01-19", "2024-04-25"), "2024-04-25", "2025-04-24"},

		{"an extension moves this expiry", yearly(basis(cert.LaterOf)), append(papers("2025-01-01"), extended("2025-12-01", "2026-03-31")), "2025-12-01", "2026-03-31"},
		{"but not the next one", yearly(basis(cert.LaterOf)), append(papers("2025-01-01", "2025-12-20"), extended("2025-12-01", "2026-03-31")), "2025-12-20", "2026-12-31"},
		{"nor the next one of an on-time renewal inside the extension", yearly(basis(cert.PreviousExpiry)), append(papers("2025-01-01", "2026-03-20"), extended("2025-12-01", "2026-03-31")), "2026-03-20", "2026-12-31"},
		{"a renewal never ends before the extended certificate it renews", yearly(nil), append(papers("2025-01-01", "2025-12-20"), extended("2025-12-01", "2027-12-31")), "2025-12-20", "2027-12-31"},
		{"previous expiry, first, inside an extended due day", yearly(basis(cert.PreviousExpiry)), append(papers("2025-04-10"), due("2025-03-31"), extended("2025-03-01", "2025-04-30")), "2025-04-10", "2026-03-31"},
		{"an extension longer than a period leaves nothing to carry", yearly(func(p *cert.Policy) { p.Basis, p.ValidityMonths, p.WindowDays = cert.PreviousExpiry, 2, 7 }), append(papers("2025-07-20"), due("2025-03-31"), extended("2025-03-01", "2025-08-31")), "2025-07-20", "2025-09-19"},
		{"an extension never shortens", yearly(nil), append(papers("2025-01-01"), extended("2025-12-01", "2025-12-05")), "2025-12-01", "2025-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cert.Status(tt.policy, tt.events, tt.today)
			if got.ValidUntil != tt.until {
				t.Errorf("valid until %s, want %s (%+v)", got.ValidUntil, tt.until, got.Reason)
			}
		})
	}
}

// Cornerstone's figures count a period of a year and then 30 and 45 days; the
// first day after our grace is theirs.
func TestCornerstoneLateCatchUp(t *testing.T) {
	for days, want := range map[int]calendar.Day{30: "2025-05-25", 45: "2025-06-09"} {
		p := yearly(func(p *cert.Policy) { p.GraceDays = days })
		got := cert.Status(p, papers("2022-01-03", "2024-04-25"), "2024-04-25")
		if after := got.GraceEnds.AddDays(1); after != want {
			t.Errorf("grace of %d days is over on %s, want %s", days, after, want)
		}
	}
}

func TestWindowAndGrace(t *testing.T) {
	p, events := advisor(), complete("2026-03-04")
	got := cert.Status(p, events, "2026-03-04")
	if got.WindowOpens != "2028-01-03" || got.GraceEnds != "2028-04-02" {
		t.Errorf("window opens %s, grace ends %s", got.WindowOpens, got.GraceEnds)
	}
	for _, tt := range []struct {
		today     calendar.Day
		state     cert.State
		until     calendar.Day
		compliant bool
	}{
		{"2026-03-03", cert.AwaitingPractical, calendar.Forever, false},
		{"2026-03-04", cert.Certified, "2028-01-02", true},
		{"2028-01-02", cert.Certified, "2028-01-02", true},
		{"2028-01-03", cert.RenewalOpen, "2028-03-03", true},
		{"2028-03-03", cert.RenewalOpen, "2028-03-03", true},
		{"2028-03-04", cert.Grace, "2028-04-02", false},
		{"2028-04-02", cert.Grace, "2028-04-02", false},
		{"2028-04-03", cert.Expired, calendar.Forever, false},
	} {
		got := cert.Status(p, events, tt.today)
		if got.State != tt.state || got.Until != tt.until || got.Compliant() != tt.compliant {
			t.Errorf("%s: %s until %s, compliant %v", tt.today, got.State, got.Until, got.Compliant())
		}
	}
}

// An extension leaves the window where it was, and a window never opens before
// the day after the award.
func TestWindowOfExtendedPeriods(t *testing.T) {
	p := yearly(nil)
	events := append(papers("2025-01-01"), cert.Event{Kind: cert.EventExtended, Day: "2025-11-15", Until: "2026-03-31", Reason: "产假"})
	if got := cert.Status(p, events, "2025-12-01"); got.State != cert.RenewalOpen || got.WindowOpens != "2025-11-01" || got.GraceEnds != "2026-04-30" {
		t.Errorf("%s, window %s, grace %s", got.State, got.WindowOpens, got.GraceEnds)
	}
	if got := cert.Status(p, append(papers("2025-12-20"), append(events, cert.Event{Kind: cert.EventExtended, Day: "2025-12-10", Until: "2027-12-31", Reason: "派驻"})...), "2025-12-20"); got.WindowOpens != "2026-10-20" {
		t.Errorf("renewed inside a long extension: window %s", got.WindowOpens)
	}
	p.Basis, p.ValidityMonths, p.WindowDays = cert.PreviousExpiry, 2, 7
	events = append(papers("2025-05-28"), cert.Event{Kind: cert.EventAssigned, Day: "2025-01-01", Until: "2025-03-31"},
		cert.Event{Kind: cert.EventExtended, Day: "2025-03-01", Until: "2025-08-31", Reason: "产假"})
	if got := cert.Status(p, events, "2025-05-28"); got.ValidUntil != "2025-05-31" || got.WindowOpens != "2025-05-29" {
		t.Errorf("until %s, window %s", got.ValidUntil, got.WindowOpens)
	}
}

// Absorb's window opens a month before the first day that is no longer covered:
// 15 November for 15 December. Counted back from the last valid day, 29 days.
func TestAbsorbNextWindow(t *testing.T) {
	p := yearly(func(p *cert.Policy) { p.WindowDays = 29 })
	got := cert.Status(p, papers("2013-01-01", "2013-12-15"), "2014-01-01")
	if got.WindowOpens != "2014-11-15" {
		t.Errorf("window opens %s", got.WindowOpens)
	}
}

// A paper handed in at 23:59 in Shanghai counts for that day, a minute later for
// the next, whatever the day is in UTC.
func TestZoneEdges(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	for at, want := range map[string]calendar.Day{
		"2026-03-04T15:59:59Z": "2027-03-03", // 23:59 on 4 March in Shanghai
		"2026-03-04T16:00:00Z": "2027-03-04", // 00:00 on 5 March
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		day := calendar.DayOf(moment, shanghai)
		if got := cert.Status(yearly(nil), papers(day), day); got.ValidUntil != want {
			t.Errorf("handed in at %s: valid until %s, want %s", at, got.ValidUntil, want)
		}
	}
}

func TestTowardsTheFirstAward(t *testing.T) {
	failed := shown(paper, "2026-02-01")
	failed.Outcome = cert.Failed
	low := shown(paper, "2026-02-01")
	low.Percent = 84
	crossed := shown(rehearse, "2026-02-03")
	crossed.RedLine = true
	notYet := shown(o6, "2026-03-01")
	notYet.Outcome = cert.NotYet
	elsewhere := cert.Event{Kind: cert.EventEvidence, Day: "2026-03-01", Requirement: cert.Quiz, Ref: "exam", Outcome: cert.External, Reason: "总部统考合格，成绩单存档"}
	assigned := func(due calendar.Day) cert.Event {
		return cert.Event{Kind: cert.EventAssigned, Day: "2026-01-01", Until: due}
	}
	withdrawn := func(day calendar.Day) cert.Event { return cert.Event{Kind: cert.EventWithdrawn, Day: day} }
	again := func(due calendar.Day) cert.Event {
		return cert.Event{Kind: cert.EventAssigned, Day: "2026-02-20", Until: due}
	}
	theory := []cert.Event{shown(reading, "2026-01-10"), shown(paper, "2026-02-01"), shown(rehearse, "2026-02-03")}
	with := func(list []cert.Event, more ...cert.Event) []cert.Event {
		return append(list[:len(list):len(list)], more...)
	}
	tests := []struct {
		name    string
		events  []cert.Event
		state   cert.State
		missing int
		due     calendar.Day
	}{
		{"nothing", nil, cert.NotStarted, 5, ""},
		{"assigned", with(nil, assigned("2026-06-30")), cert.NotStarted, 5, "2026-06-30"},
		{"evidence for something else", with(nil, shown(cert.Requirement{Kind: cert.Quiz, Ref: "other"}, "2026-02-01")), cert.NotStarted, 5, ""},
		{"a failed paper is a start", with(nil, failed), cert.InProgress, 5, ""},
		{"below the mark", with(nil, low), cert.InProgress, 5, ""},
		{"red line crossed", with(nil, crossed), cert.InProgress, 5, ""},
		{"accepted from elsewhere", with(nil, elsewhere), cert.InProgress, 4, ""},
		{"only practice missing", theory, cert.AwaitingPractical, 2, ""},
		{"the observer did not sign yet", with(theory, notYet), cert.AwaitingPractical, 2, ""},
		{"overdue", with(theory, assigned("2026-02-28")), cert.Overdue, 2, "2026-02-28"},
		{"due today is not overdue", with(theory, assigned("2026-03-02")), cert.AwaitingPractical, 2, "2026-03-02"},
		{"the earliest due day counts", with(theory, assigned("2026-06-30"), assigned("2026-02-28")), cert.Overdue, 2, "2026-02-28"},
		{"extended", with(theory, assigned("2026-02-28"), cert.Event{Kind: cert.EventExtended, Day: "2026-02-20", Until: "2026-03-31", Reason: "病假"}), cert.AwaitingPractical, 2, "2026-03-31"},
		{"withdrawn", with(theory, assigned("2026-02-28"), withdrawn("2026-03-01")), cert.AwaitingPractical, 2, ""},
		{"withdrawn, then assigned again", with(theory, assigned("2026-02-10"), withdrawn("2026-02-11"), again("2026-06-30")), cert.AwaitingPractical, 2, "2026-06-30"},
		{"an extension goes with what it extended", with(theory, assigned("2026-02-10"), cert.Event{Kind: cert.EventExtended, Day: "2026-02-01", Until: "2026-05-31", Reason: "病假"}, withdrawn("2026-02-11"), again("2026-02-28")), cert.Overdue, 2, "2026-02-28"},
		{"a policy change ends one paper's life", with(theory, cert.Event{Kind: cert.EventPolicyChanged, Day: "2026-02-10", Until: "2026-02-09", Requirement: cert.Quiz, Ref: "exam"}), cert.InProgress, 3, ""},
		{"a policy change about another paper", with(theory, cert.Event{Kind: cert.EventPolicyChanged, Day: "2026-02-10", Until: "2026-02-09", Requirement: cert.Quiz, Ref: "other"}), cert.AwaitingPractical, 2, ""},
		{"a policy change ends everything's life", with(theory, cert.Event{Kind: cert.EventPolicyChanged, Day: "2026-02-10", Until: "2026-02-09"}), cert.InProgress, 5, ""},
		{"a policy change without a cut", with(theory, cert.Event{Kind: cert.EventPolicyChanged, Day: "2026-02-10"}), cert.AwaitingPractical, 2, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cert.Status(advisor(), tt.events, "2026-03-02")
			if got.State != tt.state || len(got.Missing) != tt.missing || got.Due != tt.due {
				t.Errorf("%s, %d missing, due %q; want %s, %d, %q", got.State, len(got.Missing), got.Due, tt.state, tt.missing, tt.due)
			}
			if len(got.Met)+len(got.Missing) != 5 {
				t.Errorf("%d met and %d missing of 5", len(got.Met), len(got.Missing))
			}
		})
	}
}

// Evidence inside the window counts wherever it began and is never reset.
func TestRenewal(t *testing.T) {
	// Certified 2026-03-04 to 2028-03-03, window from 2028-01-03, grace to 2028-04-02.
	tests := []struct {
		name   string
		events []cert.Event
		today  calendar.Day
		state  cert.State
		until  calendar.Day
	}{
		{"before the window nothing counts", []cert.Event{shown(renewal, "2028-01-02"), shown(o6, "2028-01-02")}, "2028-01-03", cert.RenewalOpen, "2028-03-03"},
		{"half before, half inside", []cert.Event{shown(renewal, "2028-01-02"), shown(o6, "2028-01-03")}, "2028-02-01", cert.RenewalOpen, "2028-03-03"},
		{"on the first day", []cert.Event{shown(renewal, "2028-01-03"), shown(o6, "2028-01-03")}, "2028-01-03", cert.Certified, "2030-03-03"},
		{"half in the window, half in grace", []cert.Event{shown(renewal, "2028-02-20"), shown(o6, "2028-04-02")}, "2028-04-02", cert.Certified, "2030-04-01"},
		{"half in grace, half after it", []cert.Event{shown(renewal, "2028-03-20"), shown(o6, "2028-04-03")}, "2028-04-03", cert.Expired, "2028-03-03"},
		{"the full path in the window renews as well", []cert.Event{shown(paper, "2028-02-01"), shown(rehearse, "2028-02-01"), shown(o5, "2028-02-02"), shown(o6, "2028-02-03")}, "2028-02-03", cert.Certified, "2030-03-03"},
		{"after grace the first path, reading stays read", []cert.Event{shown(paper, "2028-05-01"), shown(rehearse, "2028-05-01"), shown(o5, "2028-05-02"), shown(o6, "2028-05-03")}, "2028-05-03", cert.Certified, "2030-05-02"},
		{"after grace, work done in the missed window counts", []cert.Event{shown(paper, "2028-02-01"), shown(rehearse, "2028-05-01"), shown(o5, "2028-05-02"), shown(o6, "2028-05-03")}, "2028-05-03", cert.Certified, "2030-05-02"},
		{"after grace, the skill shown years ago does not", []cert.Event{shown(paper, "2028-05-01"), shown(rehearse, "2028-05-01"), shown(o6, "2028-05-03")}, "2028-05-03", cert.Expired, "2028-03-03"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := cert.Status(advisor(), append(complete("2026-03-04"), tt.events...), tt.today)
			if got.State != tt.state || got.ValidUntil != tt.until {
				t.Errorf("%s until %s, want %s until %s", got.State, got.ValidUntil, tt.state, tt.until)
			}
		})
	}
}

func TestLapsedPathOfItsOwn(t *testing.T) {
	p := advisor()
	p.Lapsed = []cert.Requirement{paper, o6}
	got := cert.Status(p, append(complete("2026-03-04"), shown(paper, "2028-05-01"), shown(o6, "2028-05-02")), "2028-05-02")
	if got.State != cert.Certified || got.ValidFrom != "2028-05-02" {
		t.Errorf("%s from %s", got.State, got.ValidFrom)
	}
}

func TestPolicyWithoutRenewalPathAsksTheFirstOne(t *testing.T) {
	p := advisor()
	p.Renewal = nil
	events := complete("2026-03-04")
	if got := cert.Status(p, events, "2028-02-01"); got.State != cert.RenewalOpen || len(got.Missing) != 4 {
		t.Errorf("%s, %d missing", got.State, len(got.Missing))
	}
}

// What is put on top hides the standing beneath and takes nothing away from it.
func TestStatesOnTop(t *testing.T) {
	on := func(kind cert.EventKind, day, until calendar.Day) cert.Event {
		return cert.Event{Kind: kind, Day: day, Until: until, Reason: "有记录可查", Actor: "周敏"}
	}
	certified := complete("2026-03-04")
	tests := []struct {
		name   string
		events []cert.Event
		states map[calendar.Day]cert.State
	}{
		{"revoked from its day on, reinstated", append(certified, on(cert.EventRevoked, "2026-05-01", ""), on(cert.EventReinstated, "2026-06-01", "")),
			map[calendar.Day]cert.State{"2026-04-30": cert.Certified, "2026-05-01": cert.Revoked, "2026-05-31": cert.Revoked, "2026-06-01": cert.Certified}},
		{"renewal under revocation counts after it", append(certified, on(cert.EventRevoked, "2028-01-01", ""), shown(renewal, "2028-02-01"), shown(o6, "2028-02-02"), on(cert.EventReinstated, "2028-05-01", "")),
			map[calendar.Day]cert.State{"2028-02-02": cert.Revoked, "2028-05-01": cert.Certified}},
		{"suspended for a while", append(certified, on(cert.EventSuspended, "2026-05-01", "2026-05-31")),
			map[calendar.Day]cert.State{"2026-05-31": cert.Suspended, "2026-06-01": cert.Certified}},
		{"suspended until reinstated", append(certified, on(cert.EventSuspended, "2026-05-01", ""), on(cert.EventReinstated, "2026-07-01", "")),
			map[calendar.Day]cert.State{"2026-06-30": cert.Suspended, "2026-07-01": cert.Certified}},
		{"temporary changes nothing for the certified", append(certified, on(cert.EventTemporary, "2026-05-01", "2026-05-31")),
			map[calendar.Day]cert.State{"2026-05-01": cert.Certified}},
		{"temporary without an end grants nothing", []cert.Event{on(cert.EventTemporary, "2026-05-01", "")},
			map[calendar.Day]cert.State{"2026-05-01": cert.NotStarted}},
		{"revoked outranks suspended and exempt", append(certified, on(cert.EventRevoked, "2026-05-01", ""), on(cert.EventSuspended, "2026-05-02", ""), on(cert.EventExempted, "2026-05-03", "")),
			map[calendar.Day]cert.State{"2026-05-04": cert.Revoked}},
		{"exempt, and the latest exemption counts", []cert.Event{on(cert.EventExempted, "2026-05-01", ""), on(cert.EventExempted, "2026-06-01", "2026-06-30")},
			map[calendar.Day]cert.State{"2026-04-30": cert.NotStarted, "2026-05-01": cert.Exempt, "2026-06-30": cert.Exempt, "2026-07-01": cert.NotStarted}},
		{"temporary until its day", []cert.Event{on(cert.EventTemporary, "2026-05-01", "2026-05-31")},
			map[calendar.Day]cert.State{"2026-05-31": cert.Temporary, "2026-06-01": cert.NotStarted}},
		{"temporary gives way to the certificate for good", append(certified, on(cert.EventTemporary, "2026-02-01", "2029-12-31")),
			map[calendar.Day]cert.State{"2026-03-03": cert.Temporary, "2026-03-04": cert.Certified, "2028-05-01": cert.Expired}},
		{"temporary in grace", append(certified, on(cert.EventTemporary, "2028-03-10", "2028-05-10")),
			map[calendar.Day]cert.State{"2028-03-09": cert.Grace, "2028-03-10": cert.Temporary, "2028-05-10": cert.Temporary, "2028-05-11": cert.Expired}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for today, want := range tt.states {
				if got := cert.Status(advisor(), tt.events, today); got.State != want {
					t.Errorf("%s: %s, want %s", today, got.State, want)
				}
			}
		})
	}
}

// What is missing changes when grace ends, so a temporary standing ends there too.
func TestTemporaryAcrossTheEndOfGrace(t *testing.T) {
	events := append(complete("2026-03-04"), cert.Event{Kind: cert.EventTemporary, Day: "2028-03-10", Until: "2028-05-10", Reason: "顶岗"})
	in, after := cert.Status(advisor(), events, "2028-03-10"), cert.Status(advisor(), events, "2028-04-03")
	if in.Until != "2028-04-02" || len(in.Missing) != 2 {
		t.Errorf("in grace: until %s, %d missing", in.Until, len(in.Missing))
	}
	if after.Until != "2028-05-10" || len(after.Missing) != 4 {
		t.Errorf("after grace: until %s, %d missing", after.Until, len(after.Missing))
	}
}

// Events of one day count in the order in which they were recorded.
func TestMomentOrdersTheDay(t *testing.T) {
	nine := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	suspended := cert.Event{Kind: cert.EventSuspended, Day: "2026-05-01", At: nine, Reason: "投诉待查"}
	reinstated := cert.Event{Kind: cert.EventReinstated, Day: "2026-05-01", At: nine.Add(time.Hour), Reason: "查无此事"}
	if got := cert.Status(advisor(), []cert.Event{reinstated, suspended}, "2026-05-01"); got.State != cert.NotStarted {
		t.Errorf("%s", got.State)
	}
}

func TestMetNamesTheEvidence(t *testing.T) {
	older, newer := shown(o5, "2026-02-20"), shown(o5, "2026-03-03")
	older.SourceID, newer.SourceID = "older", "newer"
	got := cert.Status(advisor(), append(complete("2026-03-04")[:3], older, newer, shown(o6, "2026-03-04")), "2026-06-01")
	var sources []string
	for _, m := range got.Met {
		sources = append(sources, m.Event.SourceID)
	}
	if diff := cmp.Diff([]string{"", "", "", "newer", ""}, sources); diff != "" {
		t.Error(diff)
	}
}

func TestEventCheck(t *testing.T) {
	good := shown(paper, "2026-03-04")
	external := good
	external.Outcome = cert.External
	tests := []struct {
		name  string
		event cert.Event
		ok    bool
	}{
		{"evidence", good, true},
		{"external without a reason", external, false},
		{"no day", cert.Event{Kind: cert.EventAssigned}, false},
		{"withdrawn", cert.Event{Kind: cert.EventWithdrawn, Day: "2026-03-04"}, true},
		{"unknown kind", cert.Event{Kind: "merged", Day: "2026-03-04"}, false},
		{"evidence without a result", cert.Event{Kind: cert.EventEvidence, Day: "2026-03-04", Requirement: cert.Quiz, Ref: "exam"}, false},
		{"exempt without a reason", cert.Event{Kind: cert.EventExempted, Day: "2026-03-04", Reason: " "}, false},
		{"extension into the past", cert.Event{Kind: cert.EventExtended, Day: "2026-03-04", Until: "2026-03-03", Reason: "病假"}, false},
		{"temporary without an end", cert.Event{Kind: cert.EventTemporary, Day: "2026-03-04", Reason: "顶岗"}, false},
		{"temporary", cert.Event{Kind: cert.EventTemporary, Day: "2026-03-04", Until: "2026-03-31", Reason: "顶岗"}, true},
	}
	for _, tt := range tests {
		if err := tt.event.Check(); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

var drill = cert.Requirement{Kind: cert.Practice, Ref: "exam", Mark: 80, Days: 5, Within: 30, Answers: 40, Title: "平时练习"}

func TestPracticeIsReached(t *testing.T) {
	tests := []struct {
		name                 string
		of                   cert.Requirement
		days, answers, right int
		percent              int
		ok                   bool
	}{
		{"enough of everything", drill, 5, 40, 32, 80, true},
		{"more", drill, 20, 300, 300, 100, true},
		{"a day short", drill, 4, 40, 40, 100, false},
		{"an answer short", drill, 5, 39, 39, 100, false},
		{"just below the mark", drill, 5, 1000, 799, 79, false},
		{"nothing", drill, 0, 0, 0, 0, false},
		{"another kind", paper, 9, 99, 99, 100, false},
	}
	for _, tt := range tests {
		if percent, ok := tt.of.Reached(tt.days, tt.answers, tt.right); percent != tt.percent || ok != tt.ok {
			t.Errorf("%s: %d %v", tt.name, percent, ok)
		}
	}
}

// Practice is evidence like any other: it renews when it falls into the window.
func TestPracticeRenews(t *testing.T) {
	policy := yearly(func(p *cert.Policy) { p.Renewal = []cert.Requirement{drill} })
	events := papers("2025-03-01") // valid until 2026-02-28, renewal from 2025-12-30 on
	for _, tt := range []struct {
		day  calendar.Day
		want cert.State
	}{
		{"2025-12-29", cert.RenewalOpen},
		{"2025-12-30", cert.Certified},
	} {
		e := shown(drill, tt.day)
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		if got := cert.Status(policy, slices.Concat(events, []cert.Event{e}), "2026-01-15"); got.State != tt.want {
			t.Errorf("practised on %s: %s, want %s", tt.day, got.State, tt.want)
		}
	}
}

// A corrected result holds from the day it is corrected, and what rested on it
// follows: a certificate is taken back, or was earned on the day of the evidence.
func TestRegradedEvidence(t *testing.T) {
	p := cert.Policy{Slug: "l1", ValidityMonths: 24, WindowDays: 60, GraceDays: 30, Basis: cert.LaterOf, Initial: []cert.Requirement{
		{Kind: cert.Quiz, Ref: "walk", Title: "环车检查", Mark: 70}, {Kind: cert.Quiz, Ref: "listen", Title: "倾听", Mark: 70},
	}}
	show := func(day calendar.Day, ref, source string, o cert.Outcome, percent int) cert.Event {
		return cert.Event{Kind: cert.EventEvidence, Day: day, Requirement: cert.Quiz, Ref: ref, Outcome: o, Percent: percent, SourceID: source}
	}
	regrade := func(day calendar.Day, ref, source string, o cert.Outcome, percent int) cert.Event {
		e := show(day, ref, source, o, percent)
		e.Kind, e.Reason = cert.EventRegraded, "第 3 题答案更正"
		return e
	}
	walked, listened := show("2026-03-01", "walk", "a1", cert.Passed, 80), show("2026-03-04", "listen", "a2", cert.Passed, 75)
	failed := show("2026-03-04", "listen", "a2", cert.Failed, 65)
	for _, c := range []struct {
		name   string
		events []cert.Event
		today  calendar.Day
		state  cert.State
		from   calendar.Day
	}{
		{"before the correction", []cert.Event{walked, listened, regrade("2026-05-10", "listen", "a2#2", cert.Failed, 60)}, "2026-05-09", cert.Certified, "2026-03-04"},
		{"taken back", []cert.Event{walked, listened, regrade("2026-05-10", "listen", "a2#2", cert.Failed, 60)}, "2026-05-10", cert.InProgress, ""},
		{"earned after all", []cert.Event{walked, failed, regrade("2026-05-10", "listen", "a2#2", cert.Passed, 70)}, "2026-05-10", cert.Certified, "2026-03-04"},
		{"corrected twice", []cert.Event{walked, listened, regrade("2026-05-10", "listen", "a2#2", cert.Failed, 60), regrade("2026-05-12", "listen", "a2#3", cert.Passed, 80)}, "2026-06-01", cert.Certified, "2026-03-04"},
		{"somebody else's source", []cert.Event{walked, listened, regrade("2026-05-10", "listen", "a9#2", cert.Failed, 60)}, "2026-06-01", cert.Certified, "2026-03-04"},
		{"shown again since", []cert.Event{walked, listened, regrade("2026-05-10", "listen", "a2#2", cert.Failed, 60), show("2026-05-20", "listen", "a3", cert.Passed, 90)}, "2026-06-01", cert.Certified, "2026-05-20"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := cert.Status(p, c.events, c.today)
			if s.State != c.state || s.ValidFrom != c.from {
				t.Errorf("%s from %q, want %s from %q", s.State, s.ValidFrom, c.state, c.from)
			}
			issued := cert.Certificate{ValidFrom: "2026-03-04", ValidUntil: "2028-03-03"}
			want := cert.VerdictValid
			switch {
			case c.from == "":
				want = cert.VerdictRevoked
			case c.from > "2026-03-04":
				want = cert.VerdictSuperseded
			}
			if got := issued.Verify(s, false, c.today); got != want {
				t.Errorf("verdict %s, want %s", got, want)
			}
		})
	}
	if err := regrade("2026-05-10", "listen", "a2#2", cert.Passed, 80).Check(); err != nil {
		t.Error(err)
	}
	blank := regrade("2026-05-10", "listen", "a2#2", cert.Passed, 80)
	blank.Reason = " "
	if blank.Check() == nil {
		t.Error("a correction without a reason passes")
	}
}
