package sitting

import (
	"testing"

	"qibu/internal/academy"
	"qibu/quiz/sheet"
)

// Nobody who failed sees a green tick.
func TestStandingLooksLikeWhatItSays(t *testing.T) {
	for state, want := range map[sheet.Candidacy][2]string{
		sheet.HandedIn:  {"ok", "check"},
		sheet.Passed:    {"ok", "check"},
		sheet.Failed:    {"late", "cross"},
		sheet.Underway:  {"soon", "clock"},
		sheet.Cancelled: {"off", "cross"},
	} {
		e := academy.Exam{State: state, AttemptID: "a"}
		if got := [2]string{standingTone(e), standingIcon(e)}; got != want {
			t.Errorf("%s looks %v, want %v", state, got, want)
		}
	}
	if absent := (academy.Exam{State: sheet.Absent}); standingTone(absent) != "late" {
		t.Errorf("absent looks %q", standingTone(absent))
	}
}
