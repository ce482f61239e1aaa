// Package calendar has whole calendar days. Validity, due dates and renewal
// windows are counted in days of the organisation's zone, never in hours.
package calendar

import (
	"fmt"
	"time"
)

// Day is a calendar day as text, "2006-01-02". Days compare and sort as
// strings; the empty Day means "none".
type Day string

const layout = "2006-01-02"

// Forever is later than every real day.
const Forever Day = "9999-12-31"

// DayOf returns the day on which t falls in zone.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(layout)) }

// ParseDay reads "2006-01-02". The empty text is an error.
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return "", fmt.Errorf("day %q: want YYYY-MM-DD", s)
	}
	return Day(t.Format(layout)), nil
}

// Date returns a day from its parts, normalised as time.Date does.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(layout))
}

func (d Day) utc() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// IsZero reports whether there is no day.
func (d Day) IsZero() bool { return d == "" }

// Before reports whether d is earlier than e.
func (d Day) Before(e Day) bool { return d < e }

// After reports whether d is later than e.
func (d Day) After(e Day) bool { return d > e }

// AddDays returns the day n days later; n may be negative.
func (d Day) AddDays(n int) Day {
	if d == "" || d == Forever {
		return d
	}
	return Day(d.utc().AddDate(0, 0, n).Format(layout))
}

// AddMonths returns the same day n months later, clamped to the end of a
// shorter month: 31 January + 1 month is 28 or 29 February.
func (d Day) AddMonths(n int) Day {
	if d == "" || d == Forever {
		return d
	}
	t := d.utc()
	first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return Date(first.Year(), first.Month(), min(t.Day(), last))
}

// DaysUntil returns how many days lie between d and e; negative when e is earlier.
func (d Day) DaysUntil(e Day) int {
	return int(e.utc().Sub(d.utc()).Hours() / 24)
}

// Start returns the first instant of the day in zone.
func (d Day) Start(zone *time.Location) time.Time {
	t := d.utc()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// Later returns the later of two days; none counts as earliest.
func Later(a, b Day) Day { return max(a, b) }

func (d Day) String() string { return string(d) }
