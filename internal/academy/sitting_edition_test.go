package academy

import (
	"errors"
	"testing"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// press is a hall whose trainer publishes banks as well.
type press struct {
	*hall
	desk *authors
}

func openPress(t *testing.T) press {
	t.Helper()
	w := openAuthors(t)
	h := &hall{
		campus: w.campus, trainer: w.zhou,
		zhang: w.lin, chen: w.add("陈立", people.Advisor), wang: w.add("王平", people.Advisor),
	}
	h.id = h.set(h.plan())
	return press{h, w}
}

// publishAnother puts another edition of the exam's bank in force.
func (p press) publishAnother() (hash string) {
	p.t.Helper()
	p.desk.void(p.Library().Quizzes[walkaround].Questions[0].ID)
	return p.Library().Hash(quizKind, walkaround)
}

// askedIn is the edition that an attempt asks.
func (p press) askedIn(who people.Actor, attempt string) (hash string) {
	p.t.Helper()
	p.read(func(tx *store.Tx) error {
		att, err := tx.Attempt(attempt, who.ID)
		hash = att.Hash
		return err
	})
	return hash
}

func (p press) moves() (n int) {
	p.t.Helper()
	p.read(func(tx *store.Tx) error {
		entries, _, err := tx.AuditPage(20, 0)
		for _, e := range entries {
			if e.Action == "move_exam" && e.SubjectID == p.id {
				n++
			}
		}
		return err
	})
	return n
}

// Everybody is asked the edition that was in force when the exam was set, and the
// trainer is told that there is another one.
func TestExamKeepsItsEdition(t *testing.T) {
	p := openPress(t)
	first := p.Library().Hash(quizKind, walkaround)
	if b := p.board(); b.Outdated || b.EditionAt.IsZero() {
		t.Errorf("when it was set: %+v", b)
	}
	p.later(time.Minute)
	second := p.publishAnother()
	if b := p.board(); !b.Outdated || !b.EditionAt.Before(b.Now.Add(-time.Second)) {
		t.Errorf("after another edition: outdated %t, of %v", b.Outdated, b.EditionAt)
	}
	changed := p.plan()
	changed.ID, changed.Title, changed.Opens = p.id, "改了名字", p.at().Add(time.Hour)
	p.set(changed)
	p.later(time.Hour)
	attempt := p.sit(p.zhang)
	if got := p.askedIn(p.zhang, attempt); got != first {
		t.Errorf("asked %s, want %s, not %s", got, first, second)
	}
	if d, err := p.paper(t.Context(), p.zhang.ID, attempt); err != nil || d.bank == p.Library().Quizzes[walkaround] {
		t.Errorf("the paper is drawn from the edition in force, %v", err)
	}
	if err := p.MoveSitting(t.Context(), p.trainer, p.id); !errors.Is(err, fault.Conflict) {
		t.Errorf("moved while somebody sits it: %v", err)
	}
	if got := p.askedIn(p.chen, p.sit(p.chen)); got != first {
		t.Errorf("the second is asked %s, want %s", got, first)
	}
	if !p.board().Outdated {
		t.Error("the board does not say any more that there is another edition")
	}
	if p.cancel("停电"); p.board().Outdated {
		t.Error("the board speaks of editions when the exam is cancelled")
	}
}

func TestMovingAnExamToTheEditionInForce(t *testing.T) {
	p := openPress(t)
	second := p.publishAnother()
	far := p.addTo(p.addStore("滨江店"), "外人", people.Trainer)
	for name, tc := range map[string]struct {
		who  people.Actor
		want fault.Kind
	}{"an advisor": {p.zhang, fault.Forbidden}, "another store's trainer": {far, fault.NotFound}} {
		if err := p.MoveSitting(t.Context(), tc.who, p.id); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if !p.board().Outdated {
		t.Error("a stranger moved it")
	}
	for range 2 {
		if err := p.MoveSitting(t.Context(), p.trainer, p.id); err != nil {
			t.Fatal(err)
		}
	}
	if p.board().Outdated || p.moves() != 1 {
		t.Errorf("outdated %t, noted %d times", p.board().Outdated, p.moves())
	}
	p.later(time.Hour)
	if got := p.askedIn(p.zhang, p.sit(p.zhang)); got != second {
		t.Errorf("asked %s, want %s", got, second)
	}
}

// A correction reaches an exam that asked an earlier edition, also who began after
// the corrected one was in force.
func TestRegradeReachesAPinnedExam(t *testing.T) {
	p := openPress(t)
	p.later(time.Hour)
	attempt := p.sit(p.zhang)
	blank := p.desk.short(p.zhang, attempt)
	p.desk.void(blank)
	other := p.sit(p.chen)
	p.handIn(p.chen, other)
	p.later(2 * time.Hour)
	p.sweep()
	if p.graded(p.zhang, attempt).Passed {
		t.Fatal("graded by another edition than the exam's")
	}
	if plan := p.desk.plan(); plan.Attempts != 2 || len(plan.ToPass) != 1 {
		t.Fatalf("dry run %+v", plan.Corrected)
	}
	if err := p.ApproveRegrade(t.Context(), p.desk.fang, p.desk.propose(), ""); err != nil {
		t.Fatal(err)
	}
	if r := p.graded(p.zhang, attempt); !r.Passed {
		t.Errorf("after the correction: %d%%", r.Percent)
	}
	if b := p.board(); b.Counts["passed"] != 1 || b.Counts["failed"] != 1 {
		t.Errorf("board %v", b.Counts)
	}
}
