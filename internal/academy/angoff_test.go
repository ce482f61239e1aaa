package academy

import (
	"errors"
	"math"
	"testing"

	"qibu/internal/fault"
	"qibu/internal/people"
)

func (c *campus) panelOf(who people.Actor, id string) Panel {
	c.t.Helper()
	p, err := c.Panel(c.t.Context(), who, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

// judges has somebody say the same of every question, but for the first so many.
func (c *campus) judges(who people.Actor, id string, percent, but int) error {
	c.t.Helper()
	percents := map[string]int{}
	for i, q := range c.panelOf(who, id).Questions {
		if i >= but {
			percents[q.ID] = percent
		}
	}
	return c.Judge(c.t.Context(), who, id, percents)
}

func TestPanelRecommendsAPassMark(t *testing.T) {
	c := openCampus(t)
	qin, shi, late := c.add("秦师傅", people.Trainer), c.add("石大寒", people.Admin), c.add("罗师傅", people.Trainer)
	c.takes(c.add("甲", people.Advisor))
	id, err := c.OpenPanel(t.Context(), qin, walkaround)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.OpenPanel(t.Context(), shi, walkaround); !errors.Is(err, ErrPanelOpen) {
		t.Errorf("a second panel: %v", err)
	}
	steps := []struct {
		name string
		do   error
		want error
	}{
		{"one judge, not through", c.judges(qin, id, 60, 1), nil},
		{"too early", c.AdvancePanel(t.Context(), qin, id, 1), ErrFewJudges},
		{"the rest", c.judges(qin, id, 60, 0), nil},
		{"still one judge", c.AdvancePanel(t.Context(), qin, id, 1), ErrFewJudges},
		{"the other", c.judges(shi, id, 80, 0), nil},
	}
	for _, s := range steps {
		if !errors.Is(s.do, s.want) {
			t.Errorf("%s: %v, want %v", s.name, s.do, s.want)
		}
	}
	if p := c.panelOf(shi, id); p.First != nil || !p.MayGoOn || p.Round != 1 || p.Questions[0].Mine != 80 || p.Questions[0].N != 0 {
		t.Errorf("in the first round the others' judgements are not shown: %+v", p)
	}
	for range 2 { // pressed twice
		if err := c.AdvancePanel(t.Context(), qin, id, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.judges(late, id, 70, 0); !errors.Is(err, ErrNotInPanel) {
		t.Errorf("who did not judge in the first round: %v", err)
	}
	p := c.panelOf(qin, id)
	if p.Round != 2 || p.First == nil || p.First.Score != 70 || p.First.SE != 10 || p.First.Items[0].Low != 60 || p.First.Items[0].High != 80 {
		t.Errorf("the second round: %+v", p)
	}
	known := 0
	for _, q := range p.Questions {
		if q.Mine != -1 || q.Before != 60 {
			t.Errorf("%s: says %d, said %d before", q.ID, q.Mine, q.Before)
		}
		if q.N == 1 && q.Facility == 1 {
			known++
		} else if q.N != 0 || !math.IsNaN(q.Facility) {
			t.Errorf("%s: facility %v of %d", q.ID, q.Facility, q.N)
		}
	}
	if bank := c.Library().Quizzes[walkaround]; known == 0 || p.Pass != bank.Pass || len(p.Questions) == 0 {
		t.Errorf("%d of %d questions have a facility, pass mark %d", known, len(p.Questions), p.Pass)
	}
	for _, err := range []error{c.judges(qin, id, 65, 0), c.judges(shi, id, 75, 0), c.AdvancePanel(t.Context(), shi, id, 2)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p = c.panelOf(late, id)
	if p.Open() || p.Second == nil || p.Second.Score != 70 || p.Second.SE != 5 || p.MayJudge || p.MayGoOn {
		t.Errorf("the result: %+v", p)
	}
	for name, err := range map[string]error{
		"judging": c.judges(qin, id, 65, 0), "going on": c.AdvancePanel(t.Context(), qin, id, 2),
	} {
		if !errors.Is(err, ErrPanelClosed) {
			t.Errorf("%s after the end: %v", name, err)
		}
	}
	list, err := c.Panels(t.Context(), qin, walkaround)
	if err != nil || len(list.List) != 1 || list.List[0].Open() || list.Questions != len(p.Questions) {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := c.OpenPanel(t.Context(), qin, walkaround); err != nil {
		t.Errorf("the next panel: %v", err)
	}
}

func TestJudgementsAreChecked(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	id, err := c.OpenPanel(t.Context(), qin, walkaround)
	if err != nil {
		t.Fatal(err)
	}
	question := c.panelOf(qin, id).Questions[0].ID
	for name, percents := range map[string]map[string]int{
		"nothing": {}, "a strange question": {"nothing": 50}, "too much": {question: 105}, "too little": {question: -5}, "too fine": {question: 52},
	} {
		if err := c.Judge(t.Context(), qin, id, percents); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, who := range []people.Actor{c.add("甲", people.Advisor), c.add("何人事", people.HR)} {
		_, list := c.Panels(t.Context(), who, walkaround)
		_, open := c.OpenPanel(t.Context(), who, walkaround)
		_, one := c.Panel(t.Context(), who, id)
		for _, err := range []error{
			list, open, one, c.Judge(t.Context(), who, id, map[string]int{question: 50}), c.AdvancePanel(t.Context(), who, id, 1),
		} {
			if !errors.Is(err, fault.Forbidden) {
				t.Errorf("%v: %v", who.Roles, err)
			}
		}
	}
	_, list := c.Panels(t.Context(), qin, "nothing")
	_, open := c.OpenPanel(t.Context(), qin, "nothing")
	_, one := c.Panel(t.Context(), qin, "nothing")
	for _, err := range []error{list, open, one, c.Judge(t.Context(), qin, "nothing", map[string]int{question: 50}), c.AdvancePanel(t.Context(), qin, "nothing", 1)} {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("what is not there: %v", err)
		}
	}
}
