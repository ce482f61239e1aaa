package academy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// hall is a campus with an exam for three people, open from ten to twelve.
type hall struct {
	*campus
	trainer           people.Actor
	zhang, chen, wang people.Actor
	id                string
}

func openHall(t *testing.T) *hall {
	t.Helper()
	c := openCampus(t)
	h := &hall{
		campus: c, trainer: c.add("李培训", people.Trainer),
		zhang: c.add("张新", people.Advisor), chen: c.add("陈立", people.Advisor), wang: c.add("王平", people.Advisor),
	}
	h.id = h.set(h.plan())
	return h
}

func (h *hall) plan() SittingPlan {
	return SittingPlan{
		Title: "三月考试", Quiz: walkaround, Opens: h.at().Add(time.Hour), Closes: h.at().Add(3 * time.Hour),
		Honour: "我独立作答。", People: []string{h.zhang.ID, h.chen.ID, h.wang.ID},
	}
}

func (h *hall) set(p SittingPlan) string {
	h.t.Helper()
	id, err := h.SetSitting(context.Background(), h.trainer, p)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *hall) sit(who people.Actor) string {
	h.t.Helper()
	id, err := h.StartExam(context.Background(), who, h.id, true)
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *hall) exam(who people.Actor) Exam {
	h.t.Helper()
	e, err := h.Exam(context.Background(), who, h.id)
	if err != nil {
		h.t.Fatal(err)
	}
	return e
}

func (h *hall) board() Board {
	h.t.Helper()
	b, err := h.Board(context.Background(), h.trainer, h.id)
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

func (h *hall) sweep() {
	h.t.Helper()
	if _, err := h.ExpireAttempts(context.Background()); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.ReleaseResults(context.Background()); err != nil {
		h.t.Fatal(err)
	}
}

// From the summons to the released result: nothing tells how it went before the
// window closes, to anybody.
func TestExamFromSummonsToRelease(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	if home, err := h.Home(ctx, h.zhang); err != nil || len(home.Exams) != 1 || home.Exams[0].State != sheet.NotYet {
		t.Fatalf("home shows %+v, %v", home.Exams, err)
	}
	if p := h.page(h.zhang); len(p.Exams) != 1 || p.Exams[0].Title != "三月考试" {
		t.Fatalf("quiz page shows %+v", p.Exams)
	}
	if _, err := h.StartExam(ctx, h.zhang, h.id, true); !errors.Is(err, ErrOutside) {
		t.Errorf("before the window: %v", err)
	}
	h.later(time.Hour)
	if _, err := h.StartExam(ctx, h.zhang, h.id, false); !errors.Is(err, fault.Invalid) {
		t.Errorf("without the honour statement: %v", err)
	}
	id := h.sit(h.zhang)
	if again := h.sit(h.zhang); again != id {
		t.Error("a second start opened a second attempt")
	}
	if o := h.open(h.zhang, id); o.SittingTitle != "三月考试" || o.OneByOne {
		t.Errorf("open attempt %+v", o)
	}
	h.answerAll(h.zhang, id)
	h.handIn(h.zhang, id)
	if e := h.exam(h.zhang); e.State != sheet.HandedIn || e.Known {
		t.Errorf("after handing in %+v", e)
	}
	if b := h.board(); b.Counts[sheet.HandedIn] != 1 || b.Counts[sheet.NotYet] != 2 {
		t.Errorf("board during the window %v", b.Counts)
	}

	var closed *ErrNotReleased
	for range 2 { // the sweep changes nothing about it
		if _, err := h.Result(ctx, h.zhang, id); !errors.As(err, &closed) || !closed.At.Equal(h.exam(h.zhang).Closes) || closed.Receipt.Code == "" {
			t.Fatalf("result before the release: %v", err)
		}
		if e := h.page(h.zhang).Earlier; e[0].Graded || e[0].Percent != 0 || e[0].Passed {
			t.Errorf("the quiz page tells %+v", e[0])
		}
		if got := h.evidenceOf(h.zhang); got != nil {
			t.Errorf("evidence before the release: %+v", got)
		}
		if progress, err := h.PersonProgress(ctx, h.trainer, h.zhang.ID); err != nil || slices.ContainsFunc(progress.Tasks, func(p TaskProgress) bool { return p.Best > 0 }) {
			t.Errorf("the trainer sees %+v, %v", progress.Tasks, err)
		}
		h.sweep()
	}

	h.later(2 * time.Hour)
	h.sweep()
	if r := h.graded(h.zhang, id); !r.Passed || r.Percent != 100 || r.SittingTitle != "三月考试" {
		t.Errorf("released: %+v", r.Result)
	}
	if got := h.evidenceOf(h.zhang); len(got) != 1 || got[0].Percent != 100 || got[0].SourceID != id {
		t.Errorf("evidence %+v", got)
	}
	want := map[sheet.Candidacy]int{sheet.Passed: 1, sheet.Absent: 2}
	if diff := cmp.Diff(want, h.board().Counts); diff != "" {
		t.Errorf("board (-want +got):\n%s", diff)
	}
	h.sweep()
	if n := len(h.evidenceOf(h.zhang)); n != 1 {
		t.Errorf("%d pieces of evidence after another sweep", n)
	}
}

// Whoever looks at a result after the window before the sweep has come gets it.
func TestReleaseIsNoticedByWhoLooks(t *testing.T) {
	h := openHall(t)
	h.later(time.Hour)
	id := h.sit(h.zhang)
	h.later(2*time.Hour + quiz.Grace + time.Second) // the attempt is overdue and the window closed
	if r := h.graded(h.zhang, id); r.Passed || !r.Receipt.Expired {
		t.Errorf("%+v", r)
	}
	if got := h.evidenceOf(h.zhang); len(got) != 1 {
		t.Errorf("evidence %+v", got)
	}
	second := h.sitAlone()
	if r := h.graded(h.chen, second); r.Passed {
		t.Errorf("%+v", r)
	}
	if got := h.evidenceOf(h.chen); len(got) != 1 {
		t.Errorf("evidence %+v", got)
	}
}

// sitAlone has 陈 sit an exam of her own and hand in a blank paper; its window closes.
func (h *hall) sitAlone() string {
	p := h.plan()
	p.People = []string{h.chen.ID}
	h.id = h.set(p)
	h.later(time.Hour)
	id := h.sit(h.chen)
	h.handIn(h.chen, id)
	h.later(2 * time.Hour)
	return id
}

func TestExamDeadline(t *testing.T) {
	h := openHall(t)
	if err := h.Arrange(context.Background(), h.trainer, h.id, h.chen.ID, Arrangement{Extra: 50}); err != nil {
		t.Fatal(err)
	}
	h.later(time.Hour)
	if o := h.open(h.zhang, h.sit(h.zhang)); o.Limit != 15*time.Minute {
		t.Errorf("limit %v", o.Limit)
	}
	h.chen.TimeFactor = 120
	if o := h.open(h.chen, h.sit(h.chen)); o.Limit != 15*time.Minute*170/100 {
		t.Errorf("with extra time %v", o.Limit)
	}
	h.later(2*time.Hour - 5*time.Minute)
	if o := h.open(h.wang, h.sit(h.wang)); o.Limit != 5*time.Minute {
		t.Errorf("five minutes before the window closes: %v", o.Limit)
	}
}

// A later window of one's own keeps everybody's results closed.
func TestOwnWindow(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	e := h.exam(h.zhang)
	own := Arrangement{Opens: e.Closes.Add(time.Hour), Closes: e.Closes.Add(2 * time.Hour)}
	if err := h.Arrange(ctx, h.trainer, h.id, h.chen.ID, own); err != nil {
		t.Fatal(err)
	}
	h.later(time.Hour)
	id := h.sit(h.zhang)
	h.handIn(h.zhang, id)
	if _, err := h.StartExam(ctx, h.chen, h.id, true); !errors.Is(err, ErrOutside) {
		t.Errorf("before her own window: %v", err)
	}
	h.later(3 * time.Hour)
	h.sweep()
	if err := second(h.Result(ctx, h.zhang, id)); !errors.Is(err, fault.Conflict) {
		t.Errorf("results are known while another still sits: %v", err)
	}
	h.sit(h.chen)
	if b := h.board(); b.Counts[sheet.Absent] != 1 || b.Counts[sheet.Underway] != 1 {
		t.Errorf("board %v", b.Counts)
	}
	h.later(time.Hour + time.Minute)
	h.sweep()
	h.graded(h.zhang, id)
	if b := h.board(); b.Counts[sheet.Failed] != 2 || b.Phase != PhaseClosed {
		t.Errorf("board %v", b.Counts)
	}
}

func TestExcusedAndAbsent(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	if err := h.Arrange(ctx, h.trainer, h.id, h.chen.ID, Arrangement{Excused: "产假"}); err != nil {
		t.Fatal(err)
	}
	h.later(time.Hour)
	if _, err := h.StartExam(ctx, h.chen, h.id, true); !errors.Is(err, ErrExcused) {
		t.Errorf("excused: %v", err)
	}
	h.later(2 * time.Hour)
	h.sweep()
	b := h.board()
	if b.Due() != 2 || b.Counts[sheet.Excused] != 1 || b.Counts[sheet.Absent] != 2 {
		t.Errorf("due %d, %v", b.Due(), b.Counts)
	}
	if p := h.page(h.zhang); len(p.Earlier) != 0 || p.Next.Used != 0 {
		t.Errorf("an absence counts as an attempt: %+v", p.Next)
	}
	if got := h.evidenceOf(h.zhang); got != nil {
		t.Errorf("an absence is evidence: %+v", got)
	}
	d, err := h.DraftSitting(ctx, h.trainer, DraftQuery{Again: h.id})
	if err != nil || len(d.Chosen) != 2 || slices.ContainsFunc(d.Chosen, func(p people.Person) bool { return p.ID == h.chen.ID }) {
		t.Errorf("another exam for the absent: %d people, %v", len(d.Chosen), err)
	}
}

// An exam may count an absence as an attempt used up.
func TestAbsenceThatCounts(t *testing.T) {
	h := openHall(t)
	for range 3 {
		p := h.plan()
		p.AbsenceCounts = true
		h.id = h.set(p)
		h.later(25 * time.Hour)
	}
	p := h.page(h.zhang)
	if p.Next.Used != 3 || !p.Next.NeedsUnlock || len(p.Earlier) != 0 {
		t.Errorf("%+v, %d earlier", p.Next, len(p.Earlier))
	}
	if err := h.UnlockRetake(context.Background(), h.trainer, h.zhang.ID, walkaround, "谈过了"); err != nil {
		t.Fatal(err)
	}
	h.later(2 * time.Hour) // the waiting time after the last window
	if p := h.page(h.zhang); !p.Next.Allowed {
		t.Errorf("unlocked: %+v", p.Next)
	}
}

func TestSetSittingRefuses(t *testing.T) {
	h := openHall(t)
	far := h.addTo(h.addStore("滨江店"), "外人", people.Advisor)
	for name, tc := range map[string]struct {
		change func(*SittingPlan)
		want   fault.Kind
	}{
		"no title":       {func(p *SittingPlan) { p.Title = " " }, fault.Invalid},
		"no such quiz":   {func(p *SittingPlan) { p.Quiz = "none" }, fault.Invalid},
		"in the past":    {func(p *SittingPlan) { p.Opens = h.at().Add(-formTime - time.Minute) }, fault.Invalid},
		"backwards":      {func(p *SittingPlan) { p.Closes = p.Opens }, fault.Invalid},
		"over already":   {func(p *SittingPlan) { p.Opens, p.Closes = h.at().Add(-10*time.Minute), h.at() }, fault.Invalid},
		"a quarter":      {func(p *SittingPlan) { p.Closes = p.Opens.Add(90 * 24 * time.Hour) }, fault.Invalid},
		"no time":        {func(p *SittingPlan) { p.Minutes = -1 }, fault.Invalid},
		"nobody":         {func(p *SittingPlan) { p.People = nil }, fault.Invalid},
		"another store":  {func(p *SittingPlan) { p.People = []string{far.ID} }, fault.NotFound},
		"pasted numbers": {func(p *SittingPlan) { p.StaffNos = []string{far.StaffNo} }, fault.Invalid},
		"no such exam":   {func(p *SittingPlan) { p.ID = store.NewID() }, fault.NotFound},
	} {
		p := h.plan()
		tc.change(&p)
		if _, err := h.SetSitting(context.Background(), h.trainer, p); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	far.Roles = []people.Role{people.Trainer}
	strangers := map[string]people.Actor{"an advisor": h.zhang, "an admin": h.add("赵管理", people.Admin), "another store's trainer": far}
	for name, who := range strangers {
		p := h.plan()
		p.ID = h.id
		if _, err := h.SetSitting(context.Background(), who, p); err == nil {
			t.Errorf("%s changed the exam", name)
		}
		if _, err := h.Board(context.Background(), who, h.id); err == nil {
			t.Errorf("%s saw the board", name)
		}
	}
}

// Whoever wants an exam at once fills in the present time, and takes a while to
// fill in the rest.
func TestAnExamCanOpenAtOnce(t *testing.T) {
	h := openHall(t)
	p := h.plan()
	p.Opens = h.at().Add(-formTime)
	h.id = h.set(p)
	if id := h.sit(h.zhang); id == "" {
		t.Error("nobody can begin it")
	}
}

// Every pasted line that names nobody is told, with why.
func TestPastedExaminees(t *testing.T) {
	h := openHall(t)
	far := h.addTo(h.addStore("滨江店"), "外人", people.Advisor)
	p := h.plan()
	p.People = nil
	p.StaffNos = []string{h.zhang.StaffNo, "", "QB-NONE", h.chen.StaffNo, h.zhang.StaffNo, far.StaffNo}
	_, err := h.SetSitting(context.Background(), h.trainer, p)
	var rejected *RejectedLines
	if !errors.As(err, &rejected) {
		t.Fatalf("%v", err)
	}
	want := []RejectedLine{{3, "QB-NONE", false}, {5, h.zhang.StaffNo, true}, {6, far.StaffNo, false}}
	if diff := cmp.Diff(want, rejected.Lines); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	p.StaffNos = []string{h.zhang.StaffNo, h.chen.StaffNo}
	h.id = h.set(p)
	if n := len(h.board().Examinees); n != 2 {
		t.Errorf("%d examinees", n)
	}
}

// Once it has opened, an exam can only close later, for a reason.
func TestChangingAnExam(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	p := h.plan()
	p.ID, p.Title, p.People = h.id, "改过的考试", []string{h.zhang.ID}
	if got := h.set(p); got != h.id || len(h.board().Examinees) != 1 || h.board().Title != "改过的考试" {
		t.Errorf("changed into %+v", h.board())
	}
	closes := h.exam(h.zhang).Closes
	h.later(90 * time.Minute)
	if _, err := h.SetSitting(ctx, h.trainer, p); !errors.Is(err, fault.Conflict) {
		t.Errorf("changed while open: %v", err)
	}
	for name, tc := range map[string]struct {
		closes time.Time
		reason string
		want   fault.Kind
	}{
		"no reason": {closes.Add(time.Hour), " ", fault.Invalid},
		"earlier":   {closes.Add(-time.Minute), "早点收", fault.Invalid},
		"the same":  {closes, "一样", fault.Invalid},
	} {
		if err := h.ExtendSitting(ctx, h.trainer, h.id, tc.closes, tc.reason); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	if err := h.ExtendSitting(ctx, h.trainer, h.id, closes.Add(time.Hour), "停电半小时"); err != nil {
		t.Fatal(err)
	}
	if e := h.exam(h.zhang); !e.Closes.Equal(closes.Add(time.Hour)) || !e.Releases.Equal(e.Closes) {
		t.Errorf("closes %v, releases %v", e.Closes, e.Releases)
	}
	h.read(func(tx *store.Tx) error {
		entries, _, err := tx.AuditPage(1, 0)
		if entries[0].Action != "extend_exam" || entries[0].SubjectID != h.id {
			t.Errorf("audit %+v", entries)
		}
		return err
	})
	h.later(3 * time.Hour)
	if err := h.ExtendSitting(ctx, h.trainer, h.id, h.at().Add(time.Hour), "再开"); !errors.Is(err, fault.Conflict) {
		t.Errorf("extended after the release: %v", err)
	}
}

// An attempt outside of the exam and the exam do not get in each other's way.
func TestExamBesidesAnOrdinaryAttempt(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	h.later(time.Hour)
	ordinary := h.begin(h.zhang)
	if _, err := h.StartExam(ctx, h.zhang, h.id, true); !errors.Is(err, ErrOpenOutside) {
		t.Errorf("with another attempt open: %v", err)
	}
	h.handIn(h.zhang, ordinary)
	id := h.sit(h.zhang) // no waiting time: it was set
	if got := h.begin(h.zhang); got != id {
		t.Error("the quiz page opened a second attempt beside the exam")
	}
	seen := map[string]bool{}
	for _, attempt := range []string{ordinary, id} {
		d, err := h.paper(ctx, h.zhang.ID, attempt)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.paper.Slots {
			seen[s.Question] = true
		}
	}
	if all := len(h.Library().Quizzes[walkaround].Questions); len(seen) < min(all, 13) {
		t.Errorf("two papers of ten asked %d questions of %d", len(seen), all)
	}
	if _, err := h.StartExam(ctx, h.add("外人", people.Advisor), h.id, true); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody else: %v", err)
	}
}

// Who is being tested on a quiz finds its solutions nowhere: not in earlier results,
// not in the history of a question, not by another attempt before the release.
func TestNoSolutionWhileTested(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	earlier := h.begin(h.zhang)
	h.handIn(h.zhang, earlier)
	h.later(24 * time.Hour)
	p := h.plan()
	p.Closes = p.Opens.Add(5 * 24 * time.Hour)
	h.id = h.set(p)
	question := h.graded(h.zhang, earlier).Questions[0]
	shown := func(when string, want error) {
		t.Helper()
		if _, err := h.Result(ctx, h.zhang, earlier); !errors.Is(err, want) {
			t.Errorf("%s: the earlier result is %v, want %v", when, err, want)
		}
		if _, err := h.QuestionHistory(ctx, h.zhang, walkaround, question); !errors.Is(err, want) {
			t.Errorf("%s: the history of the question is %v, want %v", when, err, want)
		}
	}
	shown("before the window", nil)
	h.later(time.Hour)
	shown("in the window", ErrWithheld)
	id := h.sit(h.zhang)
	shown("in the exam", ErrWithheld)
	h.handIn(h.zhang, id)
	h.later(2 * 24 * time.Hour) // longer than the wait for another attempt
	shown("handed in", ErrWithheld)
	closes := h.exam(h.zhang).Closes
	if p := h.page(h.zhang); p.Next.Allowed || !p.Next.NotBefore.Equal(closes) {
		t.Errorf("before the release: %+v, want another attempt from %v on", p.Next, closes)
	}
	if _, err := h.StartAttempt(ctx, h.zhang, walkaround); !errors.Is(err, ErrNotYet) {
		t.Errorf("another attempt before the release: %v", err)
	}
	h.later(3 * 24 * time.Hour)
	shown("released", nil)
	h.begin(h.zhang)
	shown("in another attempt", ErrWithheld)
}

// However many sit an exam, its pages ask the database as often.
func TestExamStatements(t *testing.T) {
	h := openHall(t)
	counts := map[string][]int64{}
	for _, n := range []int{1, 30} {
		p := h.plan()
		p.People = nil
		for i := range n {
			p.People = append(p.People, h.add(fmt.Sprint("考生", i), people.Advisor).ID)
		}
		h.id = h.set(p)
		for name, run := range map[string]func(context.Context) error{
			"board": func(ctx context.Context) error { return second(h.Board(ctx, h.trainer, h.id)) },
			"list":  func(ctx context.Context) error { return second(h.Sittings(ctx, h.trainer, 1)) },
			"form":  func(ctx context.Context) error { return second(h.DraftSitting(ctx, h.trainer, DraftQuery{ID: h.id})) },
		} {
			ctx, n := store.CountStatements(context.Background())
			if err := run(ctx); err != nil {
				t.Fatal(name, err)
			}
			counts[name] = append(counts[name], *n)
		}
	}
	for name, n := range counts {
		if n[0] != n[1] || n[0] > 7 {
			t.Errorf("%s: %v statements", name, n)
		}
	}
}
