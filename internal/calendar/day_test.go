package calendar

import (
	"testing"
	"time"
)

func TestAddMonthsClampsToTheMonthsEnd(t *testing.T) {
	for _, c := range []struct {
		day    Day
		months int
		want   Day
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2028-02-29", 12, "2029-02-28"},
		{"2026-03-04", 24, "2028-03-04"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2026-03-31", -1, "2026-02-28"},
		{"", 1, ""},
		{Forever, 1, Forever},
	} {
		if got := c.day.AddMonths(c.months); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.day, c.months, got, c.want)
		}
	}
}

func TestAddDaysAndDaysUntil(t *testing.T) {
	for _, c := range []struct {
		from Day
		n    int
		to   Day
	}{
		{"2028-02-28", 1, "2028-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2026-01-01", -1, "2025-12-31"},
		{"2026-11-22", 365, "2027-11-22"},
	} {
		if got := c.from.AddDays(c.n); got != c.to {
			t.Errorf("%s + %d = %s, want %s", c.from, c.n, got, c.to)
		}
		if got := c.from.DaysUntil(c.to); got != c.n {
			t.Errorf("from %s to %s are %d days, want %d", c.from, c.to, got, c.n)
		}
	}
	if Forever.AddDays(1) != Forever || Day("").AddDays(1) != "" {
		t.Error("forever and none do not move")
	}
}

// A day ends at midnight where the organisation is, not in Greenwich.
func TestDayOfAtTheEdgesOfAZone(t *testing.T) {
	shanghai := time.FixedZone("Asia/Shanghai", 8*3600)
	last := time.Date(2026, 11, 22, 23, 59, 59, 0, shanghai)
	if got := DayOf(last.UTC(), shanghai); got != "2026-11-22" {
		t.Errorf("the last second falls on %s", got)
	}
	if got := DayOf(last.Add(time.Second).UTC(), shanghai); got != "2026-11-23" {
		t.Errorf("midnight falls on %s", got)
	}
	if got := Day("2026-11-23").Start(shanghai); !got.Equal(last.Add(time.Second)) {
		t.Errorf("the day starts at %s", got)
	}
}

func TestParseDay(t *testing.T) {
	if d, err := ParseDay("2026-02-28"); err != nil || d != "2026-02-28" {
		t.Errorf("%q, %v", d, err)
	}
	for _, wrong := range []string{"", "2026-02-30", "2026-2-3", "28.02.2026", "2026-02-28T00:00"} {
		if d, err := ParseDay(wrong); err == nil {
			t.Errorf("%q was read as %s", wrong, d)
		}
	}
}

func TestOrder(t *testing.T) {
	if !Day("2026-09-30").Before("2026-10-01") || !Day("2026-10-01").After("2026-09-30") {
		t.Error("days do not compare by the calendar")
	}
	if Later("2026-01-01", "") != "2026-01-01" || Later("2026-01-01", "2026-01-02") != "2026-01-02" {
		t.Error("the later of two days is wrong")
	}
	if !Day("").IsZero() || Forever.IsZero() {
		t.Error("only the empty day is none")
	}
}
