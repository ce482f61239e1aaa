package quiz

import (
	"testing"
	"time"

	"qibu/quiz/sheet"
)

var morning = Sitting{Opens: nine, Closes: nine.Add(2 * time.Hour), Minutes: 60}

func TestSittingOpen(t *testing.T) {
	for _, tt := range []struct {
		now  time.Time
		want bool
	}{
		{nine.Add(-1), false},
		{nine, true},
		{nine.Add(2*time.Hour - 1), true},
		{nine.Add(2 * time.Hour), false},
	} {
		if got := morning.Open(tt.now); got != tt.want {
			t.Errorf("open %v after nine: %v", tt.now.Sub(nine), got)
		}
	}
}

func TestSittingDeadline(t *testing.T) {
	for _, tt := range []struct {
		start   time.Duration // after nine
		percent int
		want    time.Duration // after nine
	}{
		{0, 100, time.Hour},
		{0, 150, 90 * time.Minute},
		{0, 50, time.Hour}, // a factor only gives time
		{time.Hour, 100, 2 * time.Hour},
		{time.Hour + time.Minute, 100, 2 * time.Hour},
		{time.Hour, 150, 2 * time.Hour},
		{0, 250, 2 * time.Hour},
		{2*time.Hour - 1, 100, 2 * time.Hour},
	} {
		if got := morning.Deadline(nine.Add(tt.start), tt.percent); got != nine.Add(tt.want) {
			t.Errorf("begun after %v at %d%%: over after %v, want %v", tt.start, tt.percent, got.Sub(nine), tt.want)
		}
	}
}

func TestCandidacy(t *testing.T) {
	closes := morning.Closes
	for _, tt := range []struct {
		name    string
		state   State
		excused bool
		now     time.Time
		want    sheet.Candidacy
	}{
		{"before the window", "", false, nine.Add(-time.Hour), sheet.NotYet},
		{"in the window", "", false, nine, sheet.NotYet},
		{"a moment before it closes", "", false, closes.Add(-1), sheet.NotYet},
		{"when it closes", "", false, closes, sheet.Absent},
		{"a year later", "", false, closes.AddDate(1, 0, 0), sheet.Absent},
		{"excused before", "", true, nine.Add(-time.Hour), sheet.Excused},
		{"excused and over", "", true, closes, sheet.Excused},
		{"sitting", InProgress, false, nine, sheet.Underway},
		{"sitting at the end", InProgress, false, closes, sheet.Underway},
		{"excused while sitting", InProgress, true, nine, sheet.Underway},
		{"handed in", Submitted, false, nine, sheet.HandedIn},
		{"time ran out", Expired, false, closes, sheet.HandedIn},
		{"handed in and excused", Submitted, true, closes, sheet.HandedIn},
	} {
		if got := morning.Candidacy(tt.state, tt.excused, tt.now); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		off := morning
		off.Cancelled = true
		want := sheet.Cancelled
		if tt.want == sheet.Excused {
			want = sheet.Excused
		}
		if got := off.Candidacy(tt.state, tt.excused, tt.now); got != want || off.Open(tt.now) {
			t.Errorf("%s, cancelled: %s, open %t", tt.name, got, off.Open(tt.now))
		}
	}
}

func TestCandidacyReleased(t *testing.T) {
	for _, tt := range []struct {
		before         sheet.Candidacy
		graded, passed bool
		want           sheet.Candidacy
	}{
		{sheet.HandedIn, false, false, sheet.ToBeMarked},
		{sheet.HandedIn, true, true, sheet.Passed},
		{sheet.HandedIn, true, false, sheet.Failed},
		{sheet.Absent, false, false, sheet.Absent},
		{sheet.Excused, false, false, sheet.Excused},
		{sheet.Underway, false, false, sheet.Underway},
	} {
		if got := tt.before.Released(tt.graded, tt.passed); got != tt.want {
			t.Errorf("%s, graded %v, passed %v: %s, want %s", tt.before, tt.graded, tt.passed, got, tt.want)
		}
	}
}
