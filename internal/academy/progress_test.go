package academy

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// file reads what a trainer sees of a person.
func (c *campus) file(who, of people.Actor) PersonProgress {
	c.t.Helper()
	p, err := c.PersonProgress(context.Background(), who, of.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

func TestProgressList(t *testing.T) {
	c := openCampus(t)
	there := c.addStore("滨江店")
	qin, hr := c.add("秦师傅", people.Trainer), c.add("何人事", people.HR)
	li, wu := c.add("李敏", people.Advisor), c.add("吴小雨", people.Advisor)
	an := c.addTo(there, "安然", people.Advisor)
	c.give(hr, order("2026-03-02", []string{walkModule, walkQuiz}, li, an))
	c.give(qin, order("2026-03-11", []string{callScene}, wu))
	c.later(2 * 24 * time.Hour) // 4 March: li and an are two days late, wu has a week
	c.readAll(li, "seven-steps/vehicle-walkaround")

	type brief struct {
		Name                       string
		Open, Late, Done, LateDays int
		NextDue                    calendar.Day
		DaysLeft                   int
		Active                     bool
		State                      cert.State
	}
	list := func(who people.Actor, q ProgressQuery) (got []brief, l ProgressList) {
		t.Helper()
		l, err := c.Progress(t.Context(), who, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range l.Rows {
			got = append(got, brief{r.Name, r.Open, r.Late, r.Done, r.LateDays, r.NextDue, r.DaysLeft, !r.ActiveAt.IsZero(), r.Standing.State})
		}
		return got, l
	}
	rowLi := brief{"李敏", 1, 1, 1, 2, "", 0, true, cert.InProgress}
	rowWu := brief{"吴小雨", 1, 0, 0, 0, "2026-03-11", 7, false, cert.NotStarted}
	rowAn := brief{"安然", 2, 2, 0, 2, "", 0, false, cert.NotStarted}
	for name, tt := range map[string]struct {
		who    people.Actor
		q      ProgressQuery
		want   []brief
		counts store.ProgressCount
		stores int
	}{
		"a trainer sees the own store": {qin, ProgressQuery{}, []brief{rowLi, rowWu}, store.ProgressCount{Everybody: 2, Late: 1, Soon: 1}, 0},
		"whatever the address asks":    {qin, ProgressQuery{StoreID: there.ID}, []brief{rowLi, rowWu}, store.ProgressCount{Everybody: 2, Late: 1, Soon: 1}, 0},
		"HR sees all":                  {hr, ProgressQuery{}, []brief{rowAn, rowLi, rowWu}, store.ProgressCount{Everybody: 3, Late: 2, Soon: 1}, 2},
		"HR chooses a store":           {hr, ProgressQuery{StoreID: there.ID}, []brief{rowAn}, store.ProgressCount{Everybody: 1, Late: 1}, 2},
		"late ones":                    {qin, ProgressQuery{Urgency: Late}, []brief{rowLi}, store.ProgressCount{Everybody: 2, Late: 1, Soon: 1}, 0},
		"soon ones":                    {qin, ProgressQuery{Urgency: Soon}, []brief{rowWu}, store.ProgressCount{Everybody: 2, Late: 1, Soon: 1}, 0},
		"by name":                      {qin, ProgressQuery{Text: "小雨"}, []brief{rowWu}, store.ProgressCount{Everybody: 1, Soon: 1}, 0},
	} {
		got, l := list(tt.who, tt.q)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if l.Counts != tt.counts || len(l.Stores) != tt.stores || l.Total != len(tt.want) || l.Day != "2026-03-04" {
			t.Errorf("%s: counted %+v, %d stores, total %d, %s", name, l.Counts, len(l.Stores), l.Total, l.Day)
		}
	}
	if _, err := c.Progress(t.Context(), li, ProgressQuery{}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an advisor: %v", err)
	}
}

func TestProgressPages(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	for range pageSize + 3 {
		c.add("李敏", people.Advisor)
	}
	before := c.store.Statements()
	first, err := c.Progress(t.Context(), qin, ProgressQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if statements := c.store.Statements() - before; statements != 2 {
		t.Errorf("a page of %d people took %d statements", pageSize, statements)
	}
	last, err := c.Progress(t.Context(), qin, ProgressQuery{Page: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(first.Rows) != pageSize || first.Pages != 2 || len(last.Rows) != 3 || last.Number != 2 {
		t.Errorf("%d and %d rows on %d pages", len(first.Rows), len(last.Rows), first.Pages)
	}
}

// What the trainer counts as done is what the learner's own page shows as done.
func TestProgressAgreesWithTheLearnersPage(t *testing.T) {
	c := openCampus(t)
	qin, li := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor)
	agree := func(when string, wantDone int) {
		t.Helper()
		home, err := c.Home(t.Context(), li)
		if err != nil {
			t.Fatal(err)
		}
		list, err := c.Progress(t.Context(), qin, ProgressQuery{})
		if err != nil || len(list.Rows) != 1 {
			t.Fatalf("%d rows, %v", len(list.Rows), err)
		}
		row := list.Rows[0]
		if row.Open != len(home.Todo) || row.Done != len(home.Done) || row.Done != wantDone {
			t.Errorf("%s: the trainer counts %d open, %d done; the learner sees %d and %d; %d are done", when,
				row.Open, row.Done, len(home.Todo), len(home.Done), wantDone)
		}
	}
	agree("before", 0)
	c.give(qin, order("2026-03-03", []string{walkModule, walkQuiz, callScene, levelOne}, li))
	agree("assigned", 0)
	c.readAll(li, "seven-steps/vehicle-walkaround")
	agree("read", 1)
	c.fail(li)
	agree("failed", 1)
	c.later(25 * time.Hour)
	id := c.begin(li)
	c.answerAll(li, id)
	c.handIn(li, id)
	agree("passed", 2)
	c.walk(li, c.start(li), golden)
	agree("rehearsed", 3)
	c.meet(li, c.policy().Initial)
	agree("certified", 4)
	c.later(400 * 24 * time.Hour)
	agree("expired", 3)
}

func TestPersonProgressTasks(t *testing.T) {
	c := openCampus(t)
	qin, ma, li := c.add("秦师傅", people.Trainer), c.add("马师傅", people.Trainer), c.add("李敏", people.Advisor)
	c.give(qin, order("2026-03-20", []string{walkModule, walkQuiz, callScene, levelOne}, li))
	c.give(ma, order("2026-03-04", []string{walkQuiz}, li))
	module, _ := c.Library().module("seven-steps/vehicle-walkaround")
	total := module.Progress(nil).Total
	task := func(kind string) TaskProgress {
		t.Helper()
		list := c.file(qin, li).Tasks
		i := slices.IndexFunc(list, func(p TaskProgress) bool { return p.Kind == kind })
		if len(list) != 4 || i < 0 {
			t.Fatalf("%d tasks, %s at %d", len(list), kind, i)
		}
		return list[i]
	}
	for _, kind := range []string{assign.Module, assign.Quiz, assign.Scenario, assign.Certification} {
		if p := task(kind); p.Started() || p.Finished || p.DoneOn != "" {
			t.Errorf("%s at first: %+v", kind, p)
		}
	}
	if p := task(assign.Quiz); p.Due != "2026-03-04" || p.By != "马师傅" || len(p.All) != 2 || p.All[0].By != "秦师傅" {
		t.Errorf("the quiz, assigned twice: due %s by %s, %+v", p.Due, p.By, p.All)
	}

	if _, err := c.MarkRead(t.Context(), li, "seven-steps", "vehicle-walkaround", []string{module.Body.Headings[0].ID}); err != nil {
		t.Fatal(err)
	}
	if p := task(assign.Module); p.Read != 1 || p.Of != total || !p.Started() || p.Finished {
		t.Errorf("the module begun: %+v", p)
	}
	c.fail(li)
	if p := task(assign.Quiz); p.Tries != 1 || p.Best != 0 || !p.Started() || p.Finished {
		t.Errorf("the quiz failed: %+v", p)
	}
	if p := task(assign.Certification); p.Standing.State != cert.InProgress {
		t.Errorf("the certification begun: %+v", p.Standing)
	}
	c.walk(li, c.start(li), reckless)
	if p := task(assign.Scenario); p.Tries != 1 || p.Best == 0 || !p.Started() || p.Finished {
		t.Errorf("the scenario not passed: %+v", p)
	}

	c.later(3 * 24 * time.Hour)
	if p := task(assign.Quiz); p.LateDays != 1 {
		t.Errorf("the quiz the day after: %+v", p.Todo)
	}
	c.readAll(li, "seven-steps/vehicle-walkaround")
	id := c.begin(li)
	c.answerAll(li, id)
	c.handIn(li, id)
	c.later(24 * time.Hour)
	c.fail(li) // what is shown later neither undoes it nor moves the day
	c.show(li, pass(cert.Requirement{Kind: cert.Module, Ref: "seven-steps/vehicle-walkaround"}, 0))
	if p := task(assign.Module); !p.Finished || p.DoneOn != "2026-03-05" || p.Read != total {
		t.Errorf("the module read: %+v", p)
	}
	if p := task(assign.Quiz); !p.Finished || p.DoneOn != "2026-03-05" || p.Best != 100 || p.Tries != 3 {
		t.Errorf("the quiz passed: %+v", p)
	}
	if list := c.file(qin, li).Tasks; list[0].Finished || list[1].Finished || !list[2].Finished || !list[3].Finished {
		t.Error("what is open does not come first")
	}
}

// Whatever was recorded last, the first day on which something was passed counts;
// what was corrected to a fail is not passed.
func TestPassedIn(t *testing.T) {
	entry := func(kind cert.EventKind, ref string, day calendar.Day, outcome cert.Outcome, source string) store.LedgerEntry {
		return store.LedgerEntry{Event: cert.Event{Kind: kind, Requirement: cert.Quiz, Ref: ref, Day: day, Outcome: outcome, SourceID: source}}
	}
	got := passedIn([]store.LedgerEntry{
		entry(cert.EventEvidence, "a", "2026-03-07", cert.Failed, "1"),
		entry(cert.EventEvidence, "a", "2026-03-09", cert.Passed, "2"),
		entry(cert.EventEvidence, "a", "2026-03-08", cert.External, "3"),
		entry(cert.EventEvidence, "a", "2026-03-10", cert.Passed, "4"),
		entry(cert.EventEvidence, "b", "2026-03-07", cert.Passed, "5"),
		entry(cert.EventEvidence, "b", "2026-03-12", cert.Passed, "6"),
		entry(cert.EventEvidence, "c", "2026-03-07", cert.Passed, "7"),
		entry(cert.EventRegraded, "b", "2026-03-13", cert.Failed, "5#2"),
		entry(cert.EventRegraded, "c", "2026-03-13", cert.Failed, "7#2"),
	})
	want := passes{{cert.Quiz, "a"}: "2026-03-08", {cert.Quiz, "b"}: "2026-03-12"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPersonProgressDeeds(t *testing.T) {
	c := openCampus(t)
	qin, li := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor)
	if p := c.file(qin, li); len(p.Pursuits)+len(p.Tasks)+len(p.Quizzes)+len(p.Scenarios)+len(p.Observed) > 0 {
		t.Errorf("at first: %+v", p)
	}
	c.start(li) // left open
	c.fail(li)
	c.later(24 * time.Hour)
	c.fail(li)
	c.later(24 * time.Hour)
	if q := c.file(qin, li).Quizzes; len(q) != 1 || q[0].Locked || q[0].Tries != 2 || q[0].Passed || q[0].Open || q[0].LastOn != "2026-03-03" {
		t.Fatalf("after two attempts: %+v", q)
	}
	c.begin(li)
	if q := c.file(qin, li).Quizzes[0]; !q.Open || q.Tries != 2 || q.Locked {
		t.Errorf("while the third is open: %+v", q)
	}
	c.handIn(li, c.begin(li))
	if q := c.file(qin, li).Quizzes[0]; !q.Locked || q.Tries != 3 {
		t.Errorf("after the third: %+v", q)
	}
	c.later(time.Minute)
	if err := c.UnlockRetake(t.Context(), qin, li.ID, walkaround, "重读过第三节"); err != nil {
		t.Fatal(err)
	}
	if c.file(qin, li).Quizzes[0].Locked {
		t.Error("still locked after it was unlocked")
	}
	if s := c.file(qin, li).Scenarios; len(s) != 1 || !s[0].Open || s[0].Plays != 0 {
		t.Errorf("the rehearsal begun: %+v", s)
	}

	c.write(func(tx *store.Tx) error {
		_, err := tx.AddObservation(store.Observation{
			ID: store.NewID(), PersonID: li.ID, ObserverID: qin.ID, Item: "O6", Result: store.ObservationNotYet, Note: "漏看轮胎", ObservedAt: tx.Now,
		})
		return err
	})
	p := c.file(qin, li)
	if len(p.Observed) != 1 || p.Observed[0].ID != "O6" || p.Observed[0].Passed || p.Observed[0].Observer != "秦师傅" || p.Observed[0].Note != "漏看轮胎" {
		t.Errorf("observed: %+v", p.Observed)
	}
	if len(p.Pursuits) != 1 || p.Pursuits[0].Standing.State != cert.InProgress {
		t.Errorf("pursuits: %+v", p.Pursuits)
	}
}

func TestPersonProgressIsForTheRightPeople(t *testing.T) {
	c := openCampus(t)
	qin, hr, li := c.add("秦师傅", people.Trainer), c.add("何人事", people.HR), c.add("李敏", people.Advisor)
	ma := c.addTo(c.addStore("滨江店"), "马师傅", people.Trainer)
	for name, tt := range map[string]struct {
		who  people.Actor
		id   string
		kind fault.Kind
	}{
		"the own trainer":         {qin, li.ID, ""},
		"HR":                      {hr, li.ID, ""},
		"another store's trainer": {ma, li.ID, fault.NotFound},
		"oneself":                 {li, li.ID, fault.Forbidden},
		"nobody there is":         {qin, "nobody", fault.NotFound},
	} {
		_, err := c.PersonProgress(t.Context(), tt.who, tt.id)
		if tt.kind == "" && err != nil || tt.kind != "" && !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
