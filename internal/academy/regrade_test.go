package academy

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// nearly takes the walk-around quiz and hands in what is one point short of
// passing. It returns the attempt and a question left blank in it.
func (w *authors) nearly(who people.Actor) (attempt, blank string) {
	w.t.Helper()
	attempt = w.campus.begin(who)
	blank = w.short(who, attempt)
	if w.graded(who, attempt).Passed {
		w.t.Fatal("it was not short of passing")
	}
	return attempt, blank
}

// short hands in what is one point short of passing and returns a question left
// blank in it.
func (w *authors) short(who people.Actor, attempt string) (blank string) {
	w.t.Helper()
	d, err := w.paper(w.t.Context(), who.ID, attempt)
	if err != nil {
		w.t.Fatal(err)
	}
	key, earned, all := w.key(who, attempt), 0, 0
	for _, s := range d.paper.Slots {
		if q := questionIn(d.bank, s.Question); !q.Pilot {
			all += q.Points
		}
	}
	for _, critical := range []bool{true, false} {
		for i, s := range d.paper.Slots {
			q := questionIn(d.bank, s.Question)
			switch {
			case q.Critical != critical || q.Pilot:
			case (earned+q.Points)*100 < d.bank.Pass*all:
				earned += q.Points
				w.put(who, attempt, Change{Slot: i + 1, Seq: 1, Answer: key[i+1]})
			case blank == "":
				blank = q.ID
			}
		}
	}
	w.handIn(who, attempt)
	return blank
}

// void publishes the walk-around bank with one question withdrawn.
func (w *authors) void(question string) {
	w.t.Helper()
	b := w.rewritten("{#"+question+" ", "{#"+question+" void ")
	if _, err := w.PublishBank(w.t.Context(), w.zhou, walkaround, b.Version, b.InForce.Hash); err != nil {
		w.t.Fatal(err)
	}
}

func (w *authors) plan() RegradePlan {
	w.t.Helper()
	p, err := w.PlanRegrade(w.t.Context(), w.zhou, walkaround)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *authors) propose() string {
	w.t.Helper()
	id, err := w.ProposeRegrade(w.t.Context(), w.zhou, walkaround, w.Library().Hash(quizKind, walkaround), "这道题两个选项都说得通")
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func TestRegradeTakesTwo(t *testing.T) {
	w := openAuthors(t)
	attempt, blank := w.nearly(w.lin)
	if p := w.plan(); p.Attempts != 1 || p.Same != 1 || len(p.Questions) != 0 {
		t.Errorf("before any correction: %+v", p)
	}
	if _, err := w.ProposeRegrade(t.Context(), w.zhou, walkaround, w.Library().Hash(quizKind, walkaround), "没有变"); !errors.Is(err, fault.Conflict) {
		t.Errorf("proposed what changes nothing: %v", err)
	}
	w.void(blank)
	p := w.plan()
	if p.Attempts != 1 || len(p.ToPass) != 1 || p.ToPass[0].Name != "林晓" || len(p.Questions) != 1 || !p.Questions[0].Void {
		t.Fatalf("dry run %+v", p)
	}
	id := w.propose()
	if _, err := w.ProposeRegrade(t.Context(), w.fang, walkaround, p.Edition, "又一份"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second proposal: %v", err)
	}
	if err := w.ApproveRegrade(t.Context(), w.zhou, id, ""); !errors.Is(err, ErrOwnProposal) {
		t.Errorf("approved by whoever proposed: %v", err)
	}
	if err := w.ApproveRegrade(t.Context(), w.lin, id, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("approved by a learner: %v", err)
	}
	if w.graded(w.lin, attempt).Passed {
		t.Fatal("a proposal changed a result")
	}
	w.later(time.Hour)
	if err := w.ApproveRegrade(t.Context(), w.fang, id, "同意"); err != nil {
		t.Fatal(err)
	}
	if r := w.graded(w.lin, attempt); !r.Passed {
		t.Errorf("after approval: %d%%, passed %v", r.Percent, r.Passed)
	}
	if h, err := w.QuestionHistory(t.Context(), w.lin, walkaround, blank); err != nil || len(h.Times) != 1 || h.Times[0].Item.Points != h.Times[0].Item.Max {
		t.Errorf("the history of the question is graded as before: %+v, %v", h.Times, err)
	}
	home, err := w.Home(t.Context(), w.lin)
	if err != nil || len(home.Notices) != 1 || home.Notices[0].Side != SidePass || home.Notices[0].AttemptID != attempt {
		t.Errorf("told %+v, %v", home.Notices, err)
	}
	if err := w.SeeNotices(t.Context(), w.lin, home.Notices[0].At); err != nil {
		t.Fatal(err)
	}
	if home, err = w.Home(t.Context(), w.lin); err != nil || len(home.Notices) != 0 {
		t.Errorf("told again %+v, %v", home.Notices, err)
	}
	if err := w.ApproveRegrade(t.Context(), w.fang, id, ""); !errors.Is(err, fault.Conflict) {
		t.Errorf("approved twice: %v", err)
	}
	var kinds []cert.EventKind
	for _, e := range w.evidenceOf(w.lin) {
		kinds = append(kinds, e.Kind)
	}
	if !slices.Equal(kinds, []cert.EventKind{cert.EventEvidence, cert.EventRegraded}) {
		t.Errorf("the ledger has %v", kinds)
	}
}

// Nobody is graded twice, and whoever was still answering when the correction was
// approved is graded by it as well.
func TestRegradeReachesEverybodyOnce(t *testing.T) {
	w := openAuthors(t)
	first, blank := w.nearly(w.lin)
	late := w.add("何宁", people.Advisor)
	attempt := w.campus.begin(late)
	w.void(blank)
	id := w.propose()
	if err := w.ApproveRegrade(t.Context(), w.fang, id, ""); err != nil {
		t.Fatal(err)
	}
	w.later(time.Minute)
	w.handIn(late, attempt)
	before := w.graded(late, attempt)
	for range 3 {
		w.later(time.Minute)
		if err := w.ApplyRegrades(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	d, err := w.paper(t.Context(), late.ID, attempt)
	if err != nil {
		t.Fatal(err)
	}
	onPaper := false
	for _, s := range d.paper.Slots {
		onPaper = onPaper || s.Question == blank
	}
	if after := w.graded(late, attempt); (after.Points > before.Points) != onPaper {
		t.Errorf("blank paper: %d points, then %d; the withdrawn question is on it: %v", before.Points, after.Points, onPaper)
	}
	w.read(func(tx *store.Tx) error {
		list, err := tx.GradedAfter(walkaround, store.GradedAt{}, 10)
		for _, g := range list {
			if g.ID == first && g.Revision != 2 {
				t.Errorf("graded %d times", g.Revision)
			}
		}
		return err
	})
}

func TestDeclinedRegradeChangesNothing(t *testing.T) {
	w := openAuthors(t)
	attempt, blank := w.nearly(w.lin)
	w.void(blank)
	id := w.propose()
	if err := w.DeclineRegrade(t.Context(), w.fang, id, " "); !errors.Is(err, fault.Invalid) {
		t.Errorf("declined without a word: %v", err)
	}
	if err := w.DeclineRegrade(t.Context(), w.fang, id, "题目没有错"); err != nil {
		t.Fatal(err)
	}
	if err := w.ApplyRegrades(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w.graded(w.lin, attempt).Passed {
		t.Error("a declined proposal changed a result")
	}
	c, err := w.RegradeCase(t.Context(), w.fang, id)
	if err != nil || c.State != store.Declined || c.DecidedBy != "方远" || !strings.Contains(c.Word, "没有错") {
		t.Errorf("%+v, %v", c.Regrade, err)
	}
}
