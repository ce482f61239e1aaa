package roleplay_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

func debrief(t *testing.T, sc *roleplay.Scenario, entries ...string) stage.Debrief {
	t.Helper()
	d, err := roleplay.Session{Scenario: sc}.Debrief(log(entries...))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDebriefOfAPerfectRun(t *testing.T) {
	d := debrief(t, load(t, "bill.md"), "open 工单", "choose 开场#2", "choose 对账#1", "choose 方案#3")
	if !d.Passed || d.Total != 100 || len(d.Costly)+len(d.RedLines)+len(d.Unopened) != 0 {
		t.Errorf("passed %v with %d: %v %v %v", d.Passed, d.Total, d.Costly, d.RedLines, d.Unopened)
	}
	if d.Drop != 0 || d.Rise != 1 {
		t.Errorf("the mood only rose, most at the first turn: drop %d, rise %d", d.Drop, d.Rise)
	}
}

func TestDebriefOfARedLine(t *testing.T) {
	d := debrief(t, load(t, "bill.md"), "choose 开场#3")
	if d.Passed || d.Ending != "投诉到厂家" {
		t.Errorf("passed %v, ending %s", d.Passed, d.Ending)
	}
	said := "这是厂家的强制项目，每台到店的车都必须做，系统里自动加上的。"
	want := []stage.RedLine{{
		Step: 1, Said: said, Broken: "虚构强制项目", Coaching: "他一打厂家热线，这句话就站不住了。", Sources: []string{"S4-027"},
	}}
	if diff := cmp.Diff(want, d.RedLines); diff != "" {
		t.Error(diff)
	}
	unopened := []stage.Document{{Name: "工单", Text: "接车单只写“小保养”，增项栏无客户签字。"}}
	if diff := cmp.Diff(unopened, d.Unopened); diff != "" {
		t.Error(diff)
	}
	closing := []stage.Line{{Kind: "customer", Who: "王先生", Expression: "恼火", Text: "那我找能说清楚的人。", Step: 1}}
	if diff := cmp.Diff(closing, d.Closing); diff != "" {
		t.Error(diff)
	}
	if len(d.Rules) != 3 || d.Rules[2] != (stage.Rule{Kind: stage.RuleClean, Got: 1}) {
		t.Errorf("rules %v", d.Rules)
	}
}

// The comparison is with what could be said: an option whose condition did not
// hold, here for want of the opened document, costs nothing at that choice.
func TestDebriefComparesWithWhatWasOffered(t *testing.T) {
	sc := load(t, "bill.md")
	d := debrief(t, sc, "choose 开场#2", "choose 对账#2", "choose 方案#3")
	for _, c := range d.Costly {
		if c.Scene == "对账" {
			t.Errorf("对账#2 was the best on offer, yet: %+v", c)
		}
	}
	if len(d.Unopened) != 1 {
		t.Errorf("unopened %v", d.Unopened)
	}
}

// Asking for time with a repeatable option gives nothing away.
func TestDebriefForgivesRepeatables(t *testing.T) {
	d := debrief(t, load(t, "tour.md"), "choose 门口#1", "choose 门口#2", "choose 车边#2")
	if len(d.Costly) != 0 || d.Total != 100 {
		t.Errorf("total %d, costly %v", d.Total, d.Costly)
	}
}

func TestDebriefNeedsAnEnd(t *testing.T) {
	s := roleplay.Session{Scenario: load(t, "bill.md")}
	if _, err := s.Debrief(log("choose 开场#1")); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestSources(t *testing.T) {
	if diff := cmp.Diff([]string{"S4-002", "S4-034", "S4-035"}, load(t, "tour.md").Sources()); diff != "" {
		t.Error(diff)
	}
}
