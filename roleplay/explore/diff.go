package explore

import (
	"fmt"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Log is a finished attempt as it was stored.
type Log struct {
	Name    string // by which the trainer knows it
	Persona string // the customer's temperament in it, empty when there was none
	Events  []roleplay.Event
}

// told is how many attempts Diff tells of one by one.
const told = 20

// Diff is rule 20: which attempts at one version of a scenario would come out
// differently at another. Both are frozen. What is stored stays as it was
// judged; this says what a new version changes.
func Diff(before, after *roleplay.Scenario, logs []Log) (findings []Finding) {
	add := func(format string, args ...any) {
		findings = append(findings, Finding{Rule: 20, Level: Info, Message: fmt.Sprintf(format, args...)})
	}
	more := 0
	for _, l := range logs {
		change := l.change(before, after)
		switch {
		case change == "":
		case len(findings) < told:
			add("「%s」%s", l.Name, change)
		default:
			more++
		}
	}
	if more > 0 {
		add("还有%d次在新版里也不一样", more)
	}
	return findings
}

// change says how the attempt would come out, "" when just the same.
func (l Log) change(before, after *roleplay.Scenario) string {
	was, ok := l.replay(before)
	if !ok {
		return "不是这一版的对练"
	}
	now, ok := l.replay(after)
	switch {
	case !ok:
		return "在新版里走不通：说过的话或走过的场景改了"
	case sameScores(was, now):
		return ""
	}
	return fmt.Sprintf("原来总分%d、%s，新版总分%d、%s", was.Total, outcomes[was.Passed], now.Total, outcomes[now.Passed])
}

var outcomes = map[bool]string{true: "及格", false: "不及格"}

func sameScores(a, b stage.Debrief) bool {
	if a.Passed != b.Passed || a.Total != b.Total || len(a.RedLines) != len(b.RedLines) || len(a.Dimensions) != len(b.Dimensions) {
		return false
	}
	for i := range a.Dimensions {
		if x, y := a.Dimensions[i], b.Dimensions[i]; x.Key != y.Key || x.Percent != y.Percent {
			return false
		}
	}
	return true
}

func (l Log) replay(sc *roleplay.Scenario) (stage.Debrief, bool) {
	for i, t := range sc.Personas {
		if t.Name == l.Persona {
			sc = sc.Fixed(i)
			break
		}
	}
	if named := len(sc.Personas) == 1 && sc.Personas[0].Name == l.Persona; !named && (l.Persona != "" || len(sc.Personas) > 0) {
		return stage.Debrief{}, false
	}
	d, err := roleplay.Session{Scenario: sc}.Debrief(l.Events)
	return d, err == nil
}
