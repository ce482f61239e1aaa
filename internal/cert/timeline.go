package cert

import "qibu/internal/calendar"

// Timeline lists the successive standings from a day on, each up to and
// including its Until, the last until calendar.Forever. Unlike Status it knows
// the whole ledger: a standing also ends the day before the next event. Except
// for such an earlier Until, Status of any day is the first row whose Until is
// not before that day.
func Timeline(p Policy, events []Event, from calendar.Day) []Standing {
	var rows []Standing
	for day := from; ; {
		s := Status(p, events, day)
		if next := nextEvent(events, day); !next.IsZero() {
			s.Until = min(s.Until, next.AddDays(-1))
		}
		rows = append(rows, s)
		if s.Until == calendar.Forever {
			return rows
		}
		day = s.Until.AddDays(1)
	}
}

// nextEvent returns the day of the first event after day, or none.
func nextEvent(events []Event, day calendar.Day) calendar.Day {
	var next calendar.Day
	for _, e := range events {
		if e.Day.After(day) && (next.IsZero() || e.Day.Before(next)) {
			next = e.Day
		}
	}
	return next
}
