package academy

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// walkaround is the quiz the tests take: ten questions in fifteen minutes, with
// critical and order questions among them.
const walkaround = "vehicle-walkaround"

func (c *campus) begin(who people.Actor) string {
	c.t.Helper()
	id, err := c.StartAttempt(context.Background(), who, walkaround)
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

func (c *campus) open(who people.Actor, id string) OpenAttempt {
	c.t.Helper()
	o, err := c.Attempt(context.Background(), who, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return o
}

func (c *campus) put(who people.Actor, id string, change Change) Saved {
	c.t.Helper()
	s, err := c.SaveAnswer(context.Background(), who, id, change)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

func (c *campus) handIn(who people.Actor, id string) Receipt {
	c.t.Helper()
	r, err := c.Submit(context.Background(), who, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

func (c *campus) graded(who people.Actor, id string) Result {
	c.t.Helper()
	r, err := c.Result(context.Background(), who, id)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// key returns the right answer to every slot of an attempt, from the bank.
func (c *campus) key(who people.Actor, id string) map[int]sheet.Answer {
	c.t.Helper()
	d, err := c.paper(context.Background(), who.ID, id)
	if err != nil {
		c.t.Fatal(err)
	}
	answers := map[int]sheet.Answer{}
	for i, slot := range d.paper.Slots {
		answers[i+1] = keyOf(d.bank, slot)
	}
	return answers
}

// choices are two slots of an attempt in which one option is to be chosen. Every
// paper has two: critical questions are in all of them.
func (c *campus) choices(who people.Actor, id string) (one, two int) {
	c.t.Helper()
	for _, item := range c.open(who, id).Sheet.Items {
		if item.Kind == sheet.Single {
			one, two = item.Slot, one
		}
	}
	if two == 0 {
		c.t.Fatal("less than two questions with one right option")
	}
	return one, two
}

func (c *campus) answerAll(who people.Actor, id string) {
	c.t.Helper()
	for slot, answer := range c.key(who, id) {
		c.put(who, id, Change{Slot: slot, Seq: 1, Answer: answer})
	}
}

// fail takes the quiz and hands in a blank paper.
func (c *campus) fail(who people.Actor) {
	c.t.Helper()
	c.handIn(who, c.begin(who))
}

func (c *campus) page(who people.Actor) QuizPage {
	c.t.Helper()
	p, err := c.QuizPage(context.Background(), who, walkaround)
	if err != nil {
		c.t.Fatal(err)
	}
	return p
}

// evidenceOf lists what the ledger has of a person, without when.
func (c *campus) evidenceOf(who people.Actor) (list []cert.Event) {
	c.t.Helper()
	c.read(func(tx *store.Tx) error {
		ledger, err := tx.Ledger(who.ID)
		list = nil
		for _, l := range ledger {
			list = append(list, l.Event)
		}
		return err
	})
	return list
}

func TestTakingAQuiz(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	o := c.open(zhang, id)
	if len(o.Sheet.Items) != 10 || o.Number != 1 || o.Deadline.Sub(o.Now) != 15*time.Minute {
		t.Fatalf("%d questions, number %d, %v to go", len(o.Sheet.Items), o.Number, o.Deadline.Sub(o.Now))
	}
	c.answerAll(zhang, id)
	c.later(9 * time.Minute)
	if got := c.begin(zhang); got != id {
		t.Errorf("a second start opened %s beside %s", got, id)
	}
	for _, item := range c.open(zhang, id).Sheet.Items {
		if want := c.key(zhang, id)[item.Slot]; !cmp.Equal(item.Answer, want) || item.Seq != 1 {
			t.Errorf("slot %d came back as %v, number %d; saved %v", item.Slot, item.Answer, item.Seq, want)
		}
	}
	receipt := c.handIn(zhang, id)
	r := c.graded(zhang, id)
	if !r.Passed || r.Percent != 100 || r.Receipt != receipt || receipt.Expired || !receipt.EndedAt.Equal(c.at()) {
		t.Errorf("result %+v, receipt %+v", r.Result, receipt)
	}
	want := []cert.Event{{
		Kind: cert.EventEvidence, Day: "2026-03-02", At: c.at(), Requirement: cert.Quiz, Ref: walkaround,
		Outcome: cert.Passed, Percent: 100, SourceID: id,
	}}
	if diff := cmp.Diff(want, c.evidenceOf(zhang)); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
	if e := c.page(zhang).Earlier; len(e) != 1 || e[0].ID != id || !e[0].Passed || e[0].Percent != 100 {
		t.Errorf("earlier attempts %+v", e)
	}
}

// However often, from however many windows, an attempt is handed in once.
func TestSubmitFromFiftyWindows(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	c.answerAll(zhang, id)
	receipts := make([]Receipt, 50)
	var wg sync.WaitGroup
	for i := range receipts {
		wg.Go(func() {
			var err error
			if receipts[i], err = c.Submit(context.Background(), zhang, id); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c.later(time.Hour)
	receipts = append(receipts, c.handIn(zhang, id))
	for _, r := range receipts {
		if r.Code == "" || r != receipts[0] {
			t.Fatalf("receipts differ: %+v and %+v", r, receipts[0])
		}
	}
	if n := len(c.evidenceOf(zhang)); n != 1 {
		t.Errorf("%d pieces of evidence", n)
	}
	if p := c.page(zhang); len(p.Earlier) != 1 {
		t.Errorf("%d results", len(p.Earlier))
	}
}

// Ten thousand submits at once, a hundred for each of a hundred attempts: one
// result each, and everybody is told the same.
func TestTenThousandSubmits(t *testing.T) {
	c := openCampus(t)
	const many, times = 100, 100
	who, ids := make([]people.Actor, many), make([]string, many)
	for i := range ids {
		who[i] = c.add("张新", people.Advisor)
		ids[i] = c.begin(who[i])
		c.put(who[i], ids[i], Change{Slot: 1, Seq: 1, Answer: c.key(who[i], ids[i])[1]})
	}
	var told [many][times]Receipt
	var wg sync.WaitGroup
	for n := range times {
		for i := range ids {
			wg.Go(func() {
				var err error
				if told[i][n], err = c.Submit(context.Background(), who[i], ids[i]); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	for i := range ids {
		first := told[i][0]
		if first.Code == "" || slices.ContainsFunc(told[i][:], func(r Receipt) bool { return r != first }) {
			t.Fatalf("attempt %d: receipts differ", i)
		}
		if n := len(c.evidenceOf(who[i])); n != 1 {
			t.Errorf("attempt %d: %d pieces of evidence", i, n)
		}
		if r := c.graded(who[i], ids[i]); r.Receipt != first {
			t.Errorf("attempt %d: the result shows another receipt", i)
		}
	}
}

// Answers given while a window hands in are either in the receipt or refused.
func TestSavesRacingSubmit(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	answer := c.key(zhang, id)[1]
	var wg sync.WaitGroup
	accepted := make([]bool, 200)
	for i := range accepted {
		wg.Go(func() {
			if i == 100 {
				if _, err := c.Submit(context.Background(), zhang, id); err != nil {
					t.Error(err)
				}
				return
			}
			s, err := c.SaveAnswer(context.Background(), zhang, id, Change{Slot: 1, Seq: int64(i + 1), Answer: answer})
			if err != nil {
				t.Error(err)
			}
			accepted[i] = s.Decision == quiz.Accept
		})
	}
	wg.Wait()
	last := int64(0)
	for i, ok := range accepted {
		if ok {
			last = max(last, int64(i+1))
		}
	}
	c.read(func(tx *store.Tx) error {
		saved, err := tx.Answers(id)
		if saved[1].Seq != last {
			t.Errorf("answer %d is stored, %d was the last one acknowledged", saved[1].Seq, last)
		}
		return err
	})
	c.graded(zhang, id) // compares with what was recorded at the submit
}

func TestTwoWindows(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	slot, _ := c.choices(zhang, id)
	options := c.open(zhang, id).Sheet.Items[slot-1].Options
	first, second := sheet.Answer{options[0].Token}, sheet.Answer{options[1].Token}
	if s := c.put(zhang, id, Change{slot, 1, first}); s.Decision != quiz.Accept || s.Seq != 1 {
		t.Fatalf("first window: %+v", s)
	}
	saved := c.at()
	c.later(5 * time.Second)
	s := c.put(zhang, id, Change{slot, 1, second})
	if s.Decision != quiz.Stale || s.Seq != 1 || !slices.Equal(s.Answer, first) || !s.At.Equal(saved) {
		t.Errorf("second window with the same number: %+v, want the stored answer", s)
	}
	if s := c.put(zhang, id, Change{slot, 2, second}); s.Decision != quiz.Accept {
		t.Errorf("second window with a newer number: %+v", s)
	}
	if s := c.put(zhang, id, Change{slot, 1, first}); s.Decision != quiz.Stale || s.Seq != 2 || !slices.Equal(s.Answer, second) {
		t.Errorf("first window sends again: %+v", s)
	}
	if s := c.put(zhang, id, Change{slot, 3, nil}); s.Decision != quiz.Accept || len(c.open(zhang, id).Sheet.Items[slot-1].Answer) != 0 {
		t.Errorf("an answer cannot be taken back: %+v", s)
	}
}

func TestSaveRefusesWhatDoesNotFit(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	good := c.key(zhang, id)
	one, two := c.choices(zhang, id)
	for name, change := range map[string]Change{
		"no number":          {one, 0, good[one]},
		"negative number":    {one, -1, good[one]},
		"number beyond all":  {one, maxSeq + 1, good[one]},
		"slot beyond":        {11, 1, good[one]},
		"slot zero":          {0, 1, good[one]},
		"token of elsewhere": {one, 1, good[two]},
		"no such token":      {one, 1, sheet.Answer{"right"}},
	} {
		if _, err := c.SaveAnswer(context.Background(), zhang, id, change); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	// All or none: a paper with one misfit saves nothing.
	_, err := c.SaveAnswers(context.Background(), zhang, id, []Change{{one, 1, good[one]}, {two, 1, good[one]}})
	if !errors.Is(err, fault.Invalid) || len(c.open(zhang, id).Sheet.Items[one-1].Answer) != 0 {
		t.Errorf("a paper with a misfit: %v", err)
	}
}

// Nobody but its owner finds an attempt, trainers and admins included.
func TestForeignAttempt(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	answer := c.key(zhang, id)[1]
	ctx := context.Background()
	strangers := []people.Actor{
		c.add("李培训", people.Trainer), c.add("王人事", people.HR), c.add("赵管理", people.Admin),
		c.addTo(c.addStore("滨江店"), "陈立", people.Advisor),
	}
	check := func(state string) {
		for _, who := range strangers {
			for name, err := range map[string]error{
				"Attempt":    second(c.Attempt(ctx, who, id)),
				"SaveAnswer": second(c.SaveAnswer(ctx, who, id, Change{1, 7, answer})),
				"Submit":     second(c.Submit(ctx, who, id)),
				"Result":     second(c.Result(ctx, who, id)),
			} {
				if !errors.Is(err, fault.NotFound) {
					t.Errorf("%s, %s of a stranger's attempt: %v, want NotFound", state, name, err)
				}
			}
		}
	}
	check("in progress")
	if got := c.open(zhang, id).Sheet.Items[0].Seq; got != 0 {
		t.Errorf("a stranger's answer %d was saved", got)
	}
	c.later(time.Hour)
	check("overdue")
	c.graded(zhang, id)
	check("ended")
	if _, err := c.Attempt(ctx, zhang, store.NewID()); !errors.Is(err, fault.NotFound) {
		t.Errorf("no such attempt: %v", err)
	}
	if _, err := c.StartAttempt(ctx, people.Actor{ID: zhang.ID}, walkaround); !errors.Is(err, fault.Forbidden) {
		t.Errorf("without a role: %v, want Forbidden", err)
	}
	if _, err := c.StartAttempt(ctx, zhang, "no-such-quiz"); !errors.Is(err, fault.NotFound) {
		t.Errorf("no such quiz: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// A save within the grace counts; one after it is kept, told and never graded.
func TestLateAnswers(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	key := c.key(zhang, id)
	c.later(15*time.Minute + quiz.Grace)
	if s := c.put(zhang, id, Change{1, 1, key[1]}); s.Decision != quiz.Accept {
		t.Errorf("at the end of the grace: %+v", s)
	}
	c.later(time.Millisecond)
	for range 2 { // the second is a replay
		if s := c.put(zhang, id, Change{2, 1, key[2]}); !s.Late() {
			t.Errorf("after the grace: %+v", s)
		}
	}
	r := c.graded(zhang, id)
	if !r.Receipt.Expired || r.Late != 1 {
		t.Errorf("expired %v, late answers %d", r.Receipt.Expired, r.Late)
	}
	for _, item := range r.Items { // whatever kinds were drawn, only the right answer in time earned marks
		if item.Right != (item.Slot == 1) {
			t.Errorf("slot %d graded as right: %v", item.Slot, item.Right)
		}
	}
	if s := c.put(zhang, id, Change{1, 9, key[1]}); !s.Late() {
		t.Errorf("after the end: %+v", s)
	}
	for i := range 100 {
		c.put(zhang, id, Change{3, int64(i + 1), key[3]})
	}
	if r := c.graded(zhang, id); r.Late > 30 {
		t.Errorf("%d late answers are kept: a script could fill the disk", r.Late)
	}
}

// Whoever notices that time is over, whenever: the same comes of it.
func TestExpiry(t *testing.T) {
	ways := map[string]func(*campus, people.Actor, string){
		"sweep": func(c *campus, _ people.Actor, _ string) {
			if n, err := c.ExpireAttempts(context.Background()); n != 1 || err != nil {
				t.Errorf("swept %d, %v", n, err)
			}
			if n, err := c.ExpireAttempts(context.Background()); n != 0 || err != nil {
				t.Errorf("swept %d again, %v", n, err)
			}
		},
		"result": func(c *campus, who people.Actor, id string) { c.graded(who, id) },
		"attempt": func(c *campus, who people.Actor, id string) {
			if _, err := c.Attempt(context.Background(), who, id); !errors.Is(err, ErrAttemptEnded) {
				t.Errorf("attempt page: %v", err)
			}
		},
		"quiz page": func(c *campus, who people.Actor, _ string) {
			if p := c.page(who); p.Open != "" || len(p.Earlier) != 1 {
				t.Errorf("quiz page shows open %q, %d earlier", p.Open, len(p.Earlier))
			}
		},
		"submit": func(c *campus, who people.Actor, id string) { c.handIn(who, id) },
		"start": func(c *campus, who people.Actor, id string) {
			next := c.begin(who)
			if next == id {
				t.Error("start went back into an attempt that is over")
			}
			c.handIn(who, next) // earlier results are closed until then
		},
	}
	for name, notice := range ways {
		c := openCampus(t)
		zhang := c.add("张新", people.Advisor)
		id := c.begin(zhang)
		over := c.at().Add(15 * time.Minute)
		answer := c.key(zhang, id)[1]
		c.put(zhang, id, Change{Slot: 1, Seq: 1, Answer: answer})
		d, _ := c.papers.get(ownKey{zhang.ID, id})
		want := d.bank.Grade(d.paper, map[int]sheet.Answer{1: answer}, nil)
		c.later(15*time.Minute + quiz.Grace)
		if n, err := c.ExpireAttempts(context.Background()); n != 0 || err != nil {
			t.Errorf("%s: swept %d within the grace, %v", name, n, err)
		}
		c.later(26 * time.Hour) // the next day, and the waiting time is over
		notice(c, zhang, id)
		r := c.graded(zhang, id)
		if diff := cmp.Diff(want, r.Result); diff != "" {
			t.Errorf("%s: result (-want +got):\n%s", name, diff)
		}
		if !r.Receipt.Expired || !r.Receipt.EndedAt.Equal(over) {
			t.Errorf("%s: %+v, want the end at the deadline", name, r.Receipt)
		}
		evidence := []cert.Event{{
			Kind: cert.EventEvidence, Day: "2026-03-02", At: over, Requirement: cert.Quiz, Ref: walkaround,
			Outcome: cert.Failed, Percent: want.Percent, SourceID: id,
		}}
		got := slices.DeleteFunc(c.evidenceOf(zhang), func(e cert.Event) bool { return e.SourceID != id })
		if diff := cmp.Diff(evidence, got); diff != "" {
			t.Errorf("%s: evidence (-want +got):\n%s", name, diff)
		}
	}
}

// The sweep works through more than one batch and is not held up by an attempt
// it cannot end.
func TestSweepGoesOn(t *testing.T) {
	c := openCampus(t)
	for range sweepBatch + 5 {
		c.begin(c.add("张新", people.Advisor))
	}
	broken := quiz.Attempt{
		ID: store.NewID(), Person: c.add("陈立", people.Advisor).ID, Quiz: walkaround, Hash: "gone", Number: 1,
		State: quiz.InProgress, StartedAt: c.at(), Deadline: c.at().Add(time.Minute),
	}
	c.write(func(tx *store.Tx) error { return tx.AddAttempt(broken) })
	c.later(time.Hour)
	n, err := c.ExpireAttempts(context.Background())
	if n != sweepBatch+5 || err == nil || !strings.Contains(err.Error(), broken.ID) {
		t.Errorf("swept %d, %v", n, err)
	}
}

func TestRetake(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	c.fail(zhang)
	first := c.at()
	refused := func(when string) {
		t.Helper()
		if _, err := c.StartAttempt(context.Background(), zhang, walkaround); !errors.Is(err, ErrNotYet) {
			t.Errorf("%s: %v, want ErrNotYet", when, err)
		}
	}
	c.later(24*time.Hour - time.Millisecond)
	refused("one millisecond before the day is over")
	if p := c.page(zhang); p.Next.Allowed || !p.Next.NotBefore.Equal(first.Add(24*time.Hour)) || p.Next.NeedsUnlock {
		t.Errorf("%+v", p.Next)
	}
	c.later(time.Millisecond)
	if !c.page(zhang).Next.Allowed {
		t.Error("not allowed after exactly 24 hours")
	}
	c.fail(zhang)
	c.later(24 * time.Hour)
	c.fail(zhang)
	c.later(24 * time.Hour)
	refused("the fourth within thirty days")
	p := c.page(zhang)
	if !p.Next.NeedsUnlock || p.Next.Used != 3 || !p.Next.NotBefore.Equal(first.Add(30*24*time.Hour)) {
		t.Errorf("%+v", p.Next)
	}
	if p.Earlier[0].Number != 3 || p.Earlier[2].Number != 1 {
		t.Errorf("earlier %+v", p.Earlier)
	}
	c.later(first.Add(30 * 24 * time.Hour).Sub(c.at()))
	c.fail(zhang) // the first one has stopped counting
}

func TestUnlockRetake(t *testing.T) {
	c := openCampus(t)
	ctx := context.Background()
	zhang, trainer := c.add("张新", people.Advisor), c.add("李培训", people.Trainer, people.Advisor)
	far := c.addTo(c.addStore("滨江店"), "周培训", people.Trainer)
	unlock := func(who people.Actor, reason string) error {
		return c.UnlockRetake(ctx, who, zhang.ID, walkaround, reason)
	}
	if err := unlock(trainer, "提前给"); !errors.Is(err, fault.Conflict) {
		t.Errorf("before it is needed: %v, want Conflict", err)
	}
	for range 3 {
		c.fail(zhang)
		c.later(24 * time.Hour)
	}
	for name, tc := range map[string]struct {
		err  error
		want fault.Kind
	}{
		"an advisor":      {unlock(zhang, "我想再考"), fault.Forbidden},
		"HR":              {unlock(c.add("王人事", people.HR), "我来"), fault.Forbidden},
		"another store":   {unlock(far, "我来"), fault.NotFound},
		"no reason":       {unlock(trainer, " \n"), fault.Invalid},
		"a novel":         {unlock(trainer, strings.Repeat("长", maxReason+1)), fault.Invalid},
		"nobody":          {c.UnlockRetake(ctx, trainer, store.NewID(), walkaround, "谁"), fault.NotFound},
		"no such quiz":    {c.UnlockRetake(ctx, trainer, zhang.ID, "none", "哪份"), fault.NotFound},
		"for himself":     {c.UnlockRetake(ctx, trainer, trainer.ID, walkaround, "我自己"), fault.Forbidden},
		"a blank subject": {c.UnlockRetake(ctx, trainer, "", walkaround, "谁"), fault.NotFound},
	} {
		if !errors.Is(tc.err, tc.want) {
			t.Errorf("%s: %v, want %v", name, tc.err, tc.want)
		}
	}
	if c.page(zhang).Next.Allowed {
		t.Fatal("a refused unlock unlocked")
	}
	if err := unlock(trainer, "一起复习过了"); err != nil {
		t.Fatal(err)
	}
	if err := unlock(trainer, "再点一次"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second click: %v, want Conflict", err)
	}
	c.fail(zhang)
	c.later(24 * time.Hour)
	if p := c.page(zhang); !p.Next.NeedsUnlock {
		t.Errorf("one unlock gave more than one attempt: %+v", p.Next)
	}
	c.read(func(tx *store.Tx) error {
		entries, n, err := tx.AuditPage(10, 0)
		if n != 1 || entries[0].Action != "unlock_retake" || entries[0].ActorID != trainer.ID || entries[0].SubjectID != zhang.ID ||
			!strings.Contains(entries[0].Detail, "一起复习过了") {
			t.Errorf("audit %+v", entries)
		}
		return err
	})
}

func TestTimeFactor(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	zhang.TimeFactor = 150
	if p := c.page(zhang); p.Limit != 22*time.Minute+30*time.Second {
		t.Errorf("limit %v", p.Limit)
	}
	o := c.open(zhang, c.begin(zhang))
	if got := o.Deadline.Sub(o.Now); got != 22*time.Minute+30*time.Second || o.Limit != got {
		t.Errorf("%v to go", got)
	}
}

// An attempt is graded against the bank it was drawn from, however the bank changes.
func TestGradedAgainstItsOwnEdition(t *testing.T) {
	c := openCampus(t)
	zhang, chen := c.add("张新", people.Advisor), c.add("陈立", people.Advisor)
	before := c.begin(zhang)
	key := c.key(zhang, before)
	l := c.Library()
	var text string
	c.read(func(tx *store.Tx) error {
		e, err := tx.Edition(quizKind, walkaround, l.Hash(quizKind, walkaround))
		text = e.Files[walkaround+".md"]
		return err
	})
	turned := regexp.MustCompile(`- \[x\](.*)`).ReplaceAllString(text, "- [?]$1\n  > 新版里这样答不对了")
	turned = strings.NewReplacer("- [ ]", "- [x]", "- [?]", "- [ ]").Replace(turned)
	changed, ps := quiz.Parse("quizzes/"+walkaround+".md", []byte(turned))
	if changed == nil {
		t.Fatal(ps.Err())
	}
	next := *l
	next.Quizzes = map[string]*quiz.Bank{walkaround: changed}
	files := map[string]string{walkaround + ".md": turned}
	next.editions = []store.Edition{{Kind: quizKind, Slug: walkaround, Hash: hashOf(files), Files: files, Origin: store.Shipped}}
	next.hashes = map[string]string{quizKind + "/" + walkaround: hashOf(files)}
	if err := c.publish(context.Background(), &next); err != nil {
		t.Fatal(err)
	}
	c.papers = newRecent[drawn](paperGeneration) // another node has none in memory
	for slot, answer := range key {
		c.put(zhang, before, Change{slot, 1, answer})
	}
	c.handIn(zhang, before)
	if r := c.graded(zhang, before); r.Percent != 100 {
		t.Errorf("graded %d%% against another edition", r.Percent)
	}
	after := c.begin(chen)
	c.answerAll(chen, after)
	c.handIn(chen, after)
	if r := c.graded(chen, after); r.Percent != 100 {
		t.Errorf("a new attempt was graded %d%% against the old edition", r.Percent)
	}
}

// A recorded result that the engine no longer arrives at is not shown.
func TestResultMustRecompute(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	fake := quiz.Attempt{
		ID: store.NewID(), Person: zhang.ID, Quiz: walkaround, Hash: c.Library().Hash(quizKind, walkaround), Number: 1,
		State: quiz.InProgress, StartedAt: c.at(), Deadline: c.at(), Paper: c.Library().Quizzes[walkaround].Draw([32]byte{1}, nil),
	}
	c.write(func(tx *store.Tx) error {
		if err := tx.AddAttempt(fake); err != nil {
			return err
		}
		fake.State, fake.EndedAt, fake.Result = quiz.Submitted, c.at(), &sheet.Result{Points: 9, Max: 10, Percent: 90, Passed: true}
		return tx.EndAttempt(fake)
	})
	if _, err := c.Result(context.Background(), zhang, fake.ID); err == nil {
		t.Error("a result nobody can recompute is shown")
	}
}

// Until the end nothing that a use case returns tells right from wrong.
func TestNothingBeforeTheEnd(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	if _, err := c.Result(context.Background(), zhang, id); !errors.Is(err, ErrAttemptOpen) {
		t.Fatalf("result of an open attempt: %v", err)
	}
	shown := []any{c.open(zhang, id), c.page(zhang), c.put(zhang, id, Change{1, 1, c.key(zhang, id)[1]})}
	text, err := json.Marshal(shown)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range c.Library().Quizzes[walkaround].Questions {
		for _, secret := range append(whys(q), q.Explanation) {
			if secret != "" && strings.Contains(string(text), secret) {
				t.Errorf("%q is told before the end", secret)
			}
		}
	}
}

func whys(q quiz.Question) (list []string) {
	for _, o := range q.Options {
		list = append(list, o.Why)
	}
	return list
}

func TestPapersDiffer(t *testing.T) {
	c := openCampus(t)
	inFileOrder, n := 0, 0
	for range 20 {
		who := c.add("张新", people.Advisor)
		d, err := c.paper(context.Background(), who.ID, c.begin(who))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.paper.Slots {
			n++
			if slices.IsSorted(s.Options) {
				inFileOrder++
			}
		}
	}
	if inFileOrder > n/2 {
		t.Errorf("%d of %d questions have their options in the file's order", inFileOrder, n)
	}
}

// What the pages cost in statements; the login is one more.
func TestAttemptStatements(t *testing.T) {
	c := openCampus(t)
	zhang := c.add("张新", people.Advisor)
	id := c.begin(zhang)
	answer := c.key(zhang, id)[1]
	chen := c.add("陈立", people.Advisor)
	done := c.begin(chen)
	c.handIn(chen, done)
	for name, tc := range map[string]struct {
		most int64
		run  func(context.Context) error
	}{
		"quiz page": {3, func(ctx context.Context) error { return second(c.QuizPage(ctx, zhang, walkaround)) }},
		"attempt":   {2, func(ctx context.Context) error { return second(c.Attempt(ctx, zhang, id)) }},
		"result":    {3, func(ctx context.Context) error { return second(c.Result(ctx, chen, done)) }},
		"save":      {1, func(ctx context.Context) error { return second(c.SaveAnswer(ctx, zhang, id, Change{1, 1, answer})) }},
	} {
		ctx, n := store.CountStatements(context.Background())
		if err := tc.run(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if *n != tc.most {
			t.Errorf("%s: %d statements, want %d", name, *n, tc.most)
		}
	}
}
