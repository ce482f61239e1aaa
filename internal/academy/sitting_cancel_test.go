package academy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz/sheet"
)

func (h *hall) cancel(reason string) {
	h.t.Helper()
	if err := h.CancelSitting(context.Background(), h.trainer, h.id, reason); err != nil {
		h.t.Fatal(err)
	}
}

// told are the reasons somebody is told of on the home page.
func (h *hall) told(who people.Actor) (reasons []string) {
	h.t.Helper()
	home, err := h.Home(context.Background(), who)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, n := range home.Notices {
		if n.Kind != NoticeCancelled || n.SittingID != h.id || n.Title != "三月考试" {
			h.t.Errorf("told %+v", n)
		}
		reasons = append(reasons, n.Reason)
	}
	return reasons
}

// cancellations is how often the audit list has it that the exam was cancelled.
func (h *hall) cancellations() (n int) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		entries, _, err := tx.AuditPage(100, 0)
		for _, e := range entries {
			if e.Action == "cancel_exam" && e.SubjectID == h.id {
				n++
			}
		}
		return err
	})
	return n
}

// Another exam in the place of a cancelled one is for everybody who had to sit it.
func TestAnotherInThePlaceOfACancelledExam(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	if err := h.Arrange(ctx, h.trainer, h.id, h.chen.ID, Arrangement{Excused: "休假"}); err != nil {
		t.Fatal(err)
	}
	h.later(90 * time.Minute)
	h.sit(h.zhang)
	h.cancel("停电")
	d, err := h.DraftSitting(ctx, h.trainer, DraftQuery{Again: h.id})
	if err != nil || d.After != PhaseCancelled || d.Plan.Title != "三月考试" || d.Plan.ID != "" {
		t.Errorf("%+v after %q, %v", d.Plan, d.After, err)
	}
	ticked := slices.Sorted(slices.Values(d.Plan.People))
	if diff := cmp.Diff(slices.Sorted(slices.Values([]string{h.zhang.ID, h.wang.ID})), ticked); diff != "" {
		t.Errorf("who is ticked (-want +got):\n%s", diff)
	}
}

// An exam that is cancelled before it opens leaves nothing but the news of it.
func TestCancelledBeforeItOpens(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	p := h.plan()
	p.ID, p.AbsenceCounts = h.id, true
	h.set(p)
	if err := h.Arrange(ctx, h.trainer, h.id, h.wang.ID, Arrangement{Excused: "产假"}); err != nil {
		t.Fatal(err)
	}
	h.cancel("停电")
	h.cancel("又点了一次")
	if got := h.board(); got.Phase != PhaseCancelled || got.Cancelled.Reason != "停电" || got.Cancelled.By != "李培训" || got.Cancelled.At.IsZero() {
		t.Errorf("board %+v", got.Cancelled)
	}
	if n := h.cancellations(); n != 1 {
		t.Errorf("noted %d times", n)
	}
	if got := h.told(h.zhang); len(got) != 1 || got[0] != "停电" {
		t.Errorf("told %q", got)
	}
	if got := h.told(h.wang); got != nil {
		t.Errorf("who was excused is told %q", got)
	}
	if e := h.exam(h.zhang); e.State != sheet.Cancelled || e.CanBegin() || e.CanWait() || e.Cancelled.Reason != "停电" {
		t.Errorf("the exam's page %+v", e)
	}
	closes := h.board().Closes
	for name, err := range map[string]error{
		"changed":  second(h.SetSitting(ctx, h.trainer, p)),
		"drafted":  second(h.DraftSitting(ctx, h.trainer, DraftQuery{ID: h.id})),
		"moved":    h.MoveSitting(ctx, h.trainer, h.id),
		"extended": h.ExtendSitting(ctx, h.trainer, h.id, closes.Add(time.Hour), "再开"),
		"arranged": h.Arrange(ctx, h.trainer, h.id, h.zhang.ID, Arrangement{Extra: 50}),
	} {
		if !errors.Is(err, ErrCancelled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.later(time.Hour)
	if _, err := h.StartExam(ctx, h.zhang, h.id, true); !errors.Is(err, ErrCancelled) {
		t.Errorf("begun: %v", err)
	}
	h.later(3 * time.Hour)
	h.sweep()
	if b := h.board(); b.Phase != PhaseCancelled || b.Counts[sheet.Absent] != 0 || b.Counts[sheet.Cancelled] != 2 || b.Counts[sheet.Excused] != 1 {
		t.Errorf("after the window %v", b.Counts)
	}
	if p := h.page(h.zhang); p.Next.Used != 0 || !p.Next.Allowed {
		t.Errorf("an absence counts: %+v", p.Next)
	}
	if got := h.told(h.zhang); len(got) != 1 {
		t.Errorf("the next day %q", got)
	}
}

// The home page tells of it until thirty days after results would have been known.
func TestHowLongACancelledExamIsNews(t *testing.T) {
	h := openHall(t)
	known := h.board().Releases
	h.cancel("停电")
	h.later(known.Add(30 * 24 * time.Hour).Add(-time.Minute).Sub(h.at()))
	if got := h.told(h.zhang); len(got) != 1 {
		t.Errorf("a minute before: %q", got)
	}
	h.later(2 * time.Minute)
	if got := h.told(h.zhang); got != nil {
		t.Errorf("a minute after: %q", got)
	}
}

// Whatever was begun or handed in when an exam is cancelled is void: kept, and
// without any result for ever.
func TestCancelledWhileItRuns(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	h.later(time.Hour)
	underway, done := h.sit(h.zhang), h.sit(h.chen)
	h.answerAll(h.zhang, underway)
	h.answerAll(h.chen, done)
	h.handIn(h.chen, done)
	h.later(time.Minute)
	h.cancel("题目外泄")

	if _, err := h.Attempt(ctx, h.zhang, underway); !errors.Is(err, ErrAttemptEnded) {
		t.Errorf("still open: %v", err)
	}
	answer := h.key(h.zhang, underway)[1]
	if s := h.put(h.zhang, underway, Change{Slot: 1, Seq: 99, Answer: answer}); !s.Late() {
		t.Errorf("saved afterwards: %+v", s)
	}
	for range 2 {
		for who, id := range map[*people.Actor]string{&h.zhang: underway, &h.chen: done} {
			h.handIn(*who, id)
			var void *ErrVoid
			patient, cancel := context.WithTimeout(ctx, 2*time.Minute) // who waits for a result waits for ever
			_, err := h.Result(patient, *who, id)
			cancel()
			if !errors.As(err, &void) || void.SittingID != h.id {
				t.Errorf("%s: the result is %v", who.Name, err)
			}
			if got := h.evidenceOf(*who); got != nil {
				t.Errorf("%s: evidence %+v", who.Name, got)
			}
			e := h.exam(*who)
			if e.State != sheet.Cancelled || e.Known || len(e.Left.Items) != 10 || len(e.Left.Items[0].Answer) == 0 {
				t.Errorf("%s: %s, %d questions are left", who.Name, e.State, len(e.Left.Items))
			}
			if p := h.page(*who); p.Open != "" || p.Next.Used != 0 || !p.Next.Allowed || len(p.Earlier) != 1 || !p.Earlier[0].Void {
				t.Errorf("%s: %+v, earlier %+v", who.Name, p.Next, p.Earlier)
			}
			record, err := h.OwnRecord(ctx, *who, "", 1)
			if err != nil || len(record.Rows) != 1 || !record.Rows[0].Void || record.Rows[0].Graded {
				t.Errorf("%s: record %+v, %v", who.Name, record.Rows, err)
			}
			for _, q := range h.file(h.trainer, *who).Quizzes {
				if q.Tries != 0 || q.Locked {
					t.Errorf("%s: the trainer sees %+v", who.Name, q)
				}
			}
		}
		h.later(2 * time.Hour) // the window has closed
		h.sweep()
	}
	if b := h.board(); b.Counts[sheet.Cancelled] != 3 || b.Begun() != 2 {
		t.Errorf("board %v, %d begun", b.Counts, b.Begun())
	}
	again := h.begin(h.zhang)
	h.answerAll(h.zhang, again)
	h.handIn(h.zhang, again)
	if r := h.graded(h.zhang, again); !r.Passed || len(h.evidenceOf(h.zhang)) != 1 {
		t.Errorf("the next attempt: %+v", r.Result)
	}
}

func TestCancellingIsRefused(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	far := h.addTo(h.addStore("滨江店"), "外人", people.Trainer)
	for name, tc := range map[string]struct {
		who    people.Actor
		reason string
		want   fault.Kind
	}{
		"an advisor":              {h.zhang, "不想考", fault.Forbidden},
		"another store's trainer": {far, "停电", fault.NotFound},
		"no reason":               {h.trainer, " ", fault.Invalid},
	} {
		if err := h.CancelSitting(ctx, tc.who, h.id, tc.reason); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	h.later(time.Hour)
	id := h.sit(h.zhang)
	h.handIn(h.zhang, id)
	h.later(2 * time.Hour)
	for _, when := range []string{"due", "known"} {
		if err := h.CancelSitting(ctx, h.trainer, h.id, "太晚了"); !errors.Is(err, fault.Conflict) {
			t.Errorf("cancelled when results are %s: %v", when, err)
		}
		h.sweep()
	}
	if b := h.board(); b.Phase != PhaseClosed || b.Counts[sheet.Failed] != 1 || h.cancellations() != 0 || h.told(h.zhang) != nil {
		t.Errorf("board %v", b.Counts)
	}
}

// While people begin and hand in, two trainers cancel at once: afterwards nobody is
// at it, nobody has a result, and everybody is told once.
func TestCancellingWhileEverybodyIsBusy(t *testing.T) {
	h := openHall(t)
	ctx := context.Background()
	var all []people.Actor
	p := h.plan()
	p.People = nil
	for i := range 20 {
		all = append(all, h.add(fmt.Sprint("考生", i), people.Advisor))
		p.People = append(p.People, all[i].ID)
	}
	h.id = h.set(p)
	colleague := h.add("周敏", people.Trainer)
	h.later(time.Hour)
	var busy sync.WaitGroup
	for i, who := range all {
		busy.Go(func() {
			id, err := h.StartExam(ctx, who, h.id, true)
			if err == nil && i%2 == 0 {
				_, err = h.Submit(ctx, who, id)
			}
			if err != nil && !errors.Is(err, ErrCancelled) {
				t.Error(err)
			}
		})
		if i == len(all)/2 {
			for _, by := range []people.Actor{h.trainer, colleague} {
				busy.Go(func() {
					if err := h.CancelSitting(ctx, by, h.id, "停电"); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
	busy.Wait()
	h.later(3 * time.Hour)
	h.sweep()
	h.read(func(tx *store.Tx) error {
		list, err := tx.Examinees(h.id)
		for _, c := range list {
			if c.State == "in_progress" || c.Graded {
				t.Errorf("%s: %s, graded %t", c.Name, c.State, c.Graded)
			}
		}
		return err
	})
	for _, who := range all {
		if got := h.told(who); len(got) != 1 {
			t.Errorf("%s is told %q", who.Name, got)
		}
	}
	if n := h.cancellations(); n != 1 {
		t.Errorf("noted %d times", n)
	}
}

// Nobody marks the texts of an exam that was cancelled.
func TestCancelledTextsAreNotMarked(t *testing.T) {
	c, trainer, _, zhang := openStudy(t, essay)
	ctx := context.Background()
	sitting, err := c.SetSitting(ctx, trainer, SittingPlan{
		Title: "三月考试", Quiz: walkaround, Opens: c.at(), Closes: c.at().Add(time.Hour), People: []string{zhang.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.StartExam(ctx, zhang, sitting, false)
	if err != nil {
		t.Fatal(err)
	}
	slot := c.compose(zhang, id)
	if err := c.CancelSitting(ctx, trainer, sitting, "停电"); err != nil {
		t.Fatal(err)
	}
	if q, err := c.MarkingQueue(ctx, trainer, 1); err != nil || len(q.Texts) != 0 {
		t.Errorf("the queue has %+v, %v", q.Texts, err)
	}
	if err := c.MarkText(ctx, trainer, id, slot, []int{2, 1}, ""); !errors.Is(err, ErrCancelled) {
		t.Errorf("marked: %v", err)
	}
}
