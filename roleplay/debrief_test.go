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
	d := debrief(t, load(t, "bill"), "open 工单", "choose 开场#2", "choose 对账#1", "choose 方案#3")
	if !d.Passed || d.Total != 100 || len(d.Costly)+len(d.RedLines)+len(d.Unopened) != 0 {
		t.Errorf("passed %v with %d: %v %v %v", d.Passed, d.Total, d.Costly, d.RedLines, d.Unopened)
	}
	if d.Drop != 0 || d.Rise != 1 {
		t.Errorf("the mood only rose, most at the first turn: drop %d, rise %d", d.Drop, d.Rise)
	}
}

func TestDebriefOfARedLine(t *testing.T) {
	d := debrief(t, load(t, "bill"), "choose 开场#3")
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
	sc := load(t, "bill")
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
	d := debrief(t, load(t, "tour"), "choose 门口#1", "choose 门口#2", "choose 车边#2")
	if len(d.Costly) != 0 || d.Total != 100 {
		t.Errorf("total %d, costly %v", d.Total, d.Costly)
	}
}

func TestDebriefNeedsAnEnd(t *testing.T) {
	s := roleplay.Session{Scenario: load(t, "bill")}
	if _, err := s.Debrief(log("choose 开场#1")); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestSources(t *testing.T) {
	if diff := cmp.Diff([]string{"S4-002", "S4-034", "S4-035"}, load(t, "tour").Sources()); diff != "" {
		t.Error(diff)
	}
}

// A silence is a decision: it is on the path, gives away what could have been
// said, and crosses red lines.
func TestDebriefOfSilences(t *testing.T) {
	s := plain()
	d, err := s.Debrief(log("open 维修记录", "choose 接车#1", "choose 问诊#1", "choose 问诊#3", "silence 约定"))
	if err != nil {
		t.Fatal(err)
	}
	red := []stage.RedLine{{Step: 5, Broken: "把客户晾在一边", Coaching: "哪怕先说几点答复。"}}
	if diff := cmp.Diff(red, d.RedLines); diff != "" {
		t.Error(diff)
	}
	best := "减振器还在质保，下午四点给您结果。"
	costly := []stage.Costly{{Step: 5, Scene: "约定", Best: best, Coaching: "哪怕先说几点答复。", Lost: 67}}
	if diff := cmp.Diff(costly, d.Costly); diff != "" {
		t.Error(diff)
	}
	habits := stage.Habits{
		Keep:  stage.Habit{Step: 3, Said: "什么路面响？", Why: "先问清再动手。"},
		Stop:  stage.Habit{Step: 5, Why: "哪怕先说几点答复。"},
		Start: stage.Habit{Step: 5, Said: best},
	}
	if diff := cmp.Diff(habits, d.Habits); diff != "" {
		t.Error(diff)
	}
	last := d.Path[len(d.Path)-1]
	want := stage.Turn{
		Step: 5, Scene: "约定", Points: []stage.Points{{Key: "D2"}, {Key: "D6"}},
		Offered: []stage.Alternative{
			{Text: best, Points: []stage.Points{{Key: "D2"}, {Key: "D6", Points: 3}}},
			{Text: "修好了打给您。", Points: []stage.Points{{Key: "D2"}, {Key: "D6", Points: 1}}},
		},
		Meters: []stage.Gauge{{Meter: "情绪", Value: 60}, {Meter: "信任", Value: 45}},
	}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Error(diff)
	}
}

// In a hub only the rest of a topic is given up by what settles it, and nothing
// by a silence or a delay that comes back to it.
func TestDebriefComparesWithinATopic(t *testing.T) {
	s := plain()
	d, err := s.Debrief(log("choose 接车#1", "choose 问诊#6", "silence 问诊", "choose 问诊#3", "choose 问诊#2", "choose 约定#2"))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Costly) != 1 || d.Costly[0].Said != "是不是减振器？" || d.Costly[0].Best != "什么路面响？" {
		t.Errorf("%+v", d.Costly)
	}
	start := stage.Habit{Step: 5, Said: "什么路面响？", Why: "先问清再动手。"}
	if diff := cmp.Diff(start, d.Habits.Start); diff != "" {
		t.Error(diff)
	}
	// The paper left unread is what to start with when nothing said was costly.
	if d, err = s.Debrief(log("choose 接车#1", "choose 问诊#3", "choose 问诊#1", "choose 约定#2")); err != nil {
		t.Fatal(err)
	}
	start = stage.Habit{Step: 4, Document: "维修记录", Why: "三个月前换过减振器。"}
	if diff := cmp.Diff(stage.Habits{Keep: d.Habits.Keep, Start: start}, d.Habits); diff != "" {
		t.Error(diff)
	}
}

// The key of what was not said is for practice and for trainers.
func TestDebriefOfAnExamKeepsTheKey(t *testing.T) {
	s := plain()
	s.Exam = true
	events := log("choose 接车#1", "choose 问诊#1", "choose 问诊#3", "choose 约定#2")
	d, err := s.Debrief(events)
	if err != nil {
		t.Fatal(err)
	}
	for _, turn := range d.Path {
		for _, a := range turn.Offered {
			if !a.Said && a.Points != nil {
				t.Errorf("the exam's debrief tells what %q earns", a.Text)
			}
		}
	}
	r, err := s.Recording(events)
	if err != nil {
		t.Fatal(err)
	}
	if key := r.Turns[1].Offered[1]; key.Said || len(key.Points) != 2 {
		t.Errorf("the recording shows %+v", key)
	}
}

func TestRecording(t *testing.T) {
	s := roleplay.Session{Scenario: garage(), Seed: seed, StartedAt: 1000, Factor: 200}
	r, err := s.Recording([]roleplay.Event{
		{Step: 0, Kind: "open", Ref: "维修记录", At: 3000},
		{Step: 1, Kind: "choose", Ref: "接车#2", At: 9000},
		{Step: 2, Kind: "choose", Ref: "天气#1", At: 9500},
		{Step: 3, Kind: "choose", Ref: "问诊#7", At: 19000},
	})
	if err != nil {
		t.Fatal(err)
	}
	type seen struct {
		Took, Limit int64
		Opened      []string
		RedLine     string
	}
	var got []seen
	for _, x := range r.Turns {
		got = append(got, seen{x.Took, x.Limit, x.Opened, x.RedLine})
	}
	want := []seen{{8000, 40_000, []string{"维修记录"}, ""}, {500, 0, nil, ""}, {9500, 60_000, nil, "没听就否认"}}
	if diff := cmp.Diff(want, got); diff != "" || r.Persona != "老成持重" {
		t.Errorf("%s: %s", r.Persona, diff)
	}
}

// A dimension that cannot be missed and a story without any score are no
// division by nothing.
func TestDebriefWithoutAScale(t *testing.T) {
	s := plain()
	if err := s.Scenario.Freeze([]int{6, 0}, []int{6, 0}); err != nil {
		t.Fatal(err)
	}
	if d, err := s.Debrief(log("choose 接车#1", "choose 问诊#7")); err != nil || d.Total != 100 || d.Costly != nil {
		t.Errorf("%d, %v, %v", d.Total, d.Costly, err)
	}
}
