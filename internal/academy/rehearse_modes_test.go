package academy

import (
	"context"
	_ "embed"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/explore"
)

// bill is a story in which the customer does not wait for ever: twenty seconds
// at first, ten more after a silence.
const bill = "bill"

//go:embed testdata/bill.md
var billScript string

// openCounter is a campus whose library has the bill and what else is given, by
// slug.
func openCounter(t *testing.T, more map[string]string) *campus {
	t.Helper()
	files := fstest.MapFS{"scenarios/" + bill + ".md": {Data: []byte(billScript)}}
	for slug, script := range more {
		files["scenarios/"+slug+".md"] = &fstest.MapFile{Data: []byte(script)}
	}
	c := openCampus(t)
	l, ps := LoadLibrary(content.FS, files)
	if l == nil {
		t.Fatal(ps.Err())
	}
	if err := c.Reload(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	return c
}

// say says what begins with these words.
func (c *campus) say(who people.Actor, st Stage, words string) (Stage, error) {
	c.t.Helper()
	for _, o := range st.Options {
		if strings.HasPrefix(o.Text, words) {
			return c.Choose(context.Background(), who, st.ID, st.Step, o.Token)
		}
	}
	c.t.Fatalf("%s… is not offered", words)
	return st, nil
}

// saying is say for what cannot be refused.
func (c *campus) saying(who people.Actor, id string, words ...string) (st Stage) {
	c.t.Helper()
	for _, w := range words {
		var err error
		if st, err = c.say(who, c.session(who, id), w); err != nil {
			c.t.Fatal(err)
		}
	}
	return st
}

func (c *campus) ledger(who people.Actor) (list []store.LedgerEntry) {
	c.t.Helper()
	c.read(func(tx *store.Tx) (err error) {
		list, err = tx.Ledger(who.ID)
		return err
	})
	return list
}

func refs(log []roleplay.Event) []string {
	var list []string
	for _, e := range log {
		list = append(list, e.Kind+" "+e.Ref)
	}
	return list
}

func TestPracticeIsNoEvidence(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	practice := c.rehearse(who, bill, false)
	st := c.saying(who, practice, "这笔钱", "可能")
	if !st.Ended || st.Exam {
		t.Fatalf("practice ended %v, exam %v", st.Ended, st.Exam)
	}
	if n := len(c.ledger(who)); n != 0 {
		t.Errorf("practice left %d entries on the ledger", n)
	}
	exam := c.rehearse(who, bill, true)
	c.saying(who, exam, "节气门", "可能")
	b, err := c.Brief(t.Context(), who, bill)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(store.ScenarioStanding{Plays: 1, Practised: 1}, b.ScenarioStanding); diff != "" {
		t.Errorf("standing (-want +got):\n%s", diff)
	}
	if len(b.Runs) != 2 || !b.Limited || b.PracticeOnly {
		t.Errorf("brief: %+v", b)
	}
	for _, r := range b.Runs {
		if r.Exam != (r.ID == exam) {
			t.Errorf("run %s is an exam: %v", r.ID, r.Exam)
		}
	}
}

func TestOneOpenSessionInEachMode(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	exam, practice := c.rehearse(who, bill, true), c.rehearse(who, bill, false)
	if exam == practice {
		t.Fatal("practice goes on with the exam")
	}
	if c.rehearse(who, bill, true) != exam || c.rehearse(who, bill, false) != practice {
		t.Error("a second session opened beside the first of its mode")
	}
	b, err := c.Brief(t.Context(), who, bill)
	if err != nil || b.Open != exam || b.Practice != practice {
		t.Errorf("open exam %s and practice %s, %v; want %s and %s", b.Open, b.Practice, err, exam, practice)
	}
}

func TestPracticeOnly(t *testing.T) {
	c := openCounter(t, map[string]string{"warm-up": strings.Replace(billScript, "仪表:", "用途: 练习\n仪表:", 1)})
	who := c.add("林晓", people.Advisor)
	if _, err := c.StartSession(t.Context(), who, "warm-up", true, true); !errors.Is(err, ErrPracticeOnly) {
		t.Errorf("an exam of it: %v, want ErrPracticeOnly", err)
	}
	c.rehearse(who, "warm-up", false)
	if b, err := c.Brief(t.Context(), who, "warm-up"); err != nil || !b.PracticeOnly {
		t.Errorf("brief: %v, %v", b.PracticeOnly, err)
	}
}

func TestCoachingIsForPracticeOnly(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	for _, exam := range []bool{true, false} {
		st := c.saying(who, c.rehearse(who, bill, exam), "节气门")
		if coached := st.Coaching != nil && strings.HasPrefix(st.Coaching.Text, "道理没错"); coached == exam {
			t.Errorf("exam %v: coaching %+v", exam, st.Coaching)
		}
	}
}

func TestTimeToDecide(t *testing.T) {
	c := openCounter(t, nil)
	who, slow := c.add("林晓", people.Advisor), c.add("何宁", people.Advisor)
	slow.TimeFactor = 200
	for _, tc := range []struct {
		name   string
		who    people.Actor
		exam   bool
		waits  time.Duration
		limit  time.Duration
		timeUp bool
	}{
		{"in time", who, true, 19 * time.Second, 20 * time.Second, false},
		{"on its way at the deadline", who, true, 20*time.Second + roleplay.Grace, 20 * time.Second, false},
		{"too late", who, true, 20*time.Second + roleplay.Grace + time.Millisecond, 20 * time.Second, true},
		{"with extra time", slow, true, 39 * time.Second, 40 * time.Second, false},
		{"with extra time, too late", slow, true, 43 * time.Second, 40 * time.Second, true},
		{"in practice", who, false, time.Hour, 20 * time.Second, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			began := c.at()
			id := c.rehearse(tc.who, bill, tc.exam)
			st := c.session(tc.who, id)
			deadline := began.Add(tc.limit).UnixMilli()
			if !tc.exam {
				deadline = 0
			}
			if st.Deadline != deadline || st.Limit != tc.limit {
				t.Errorf("deadline %d and limit %v, want %d and %v", st.Deadline, st.Limit, deadline, tc.limit)
			}
			c.later(tc.waits)
			for range 2 { // the second time is a replay
				after, err := c.say(tc.who, st, "这笔钱")
				if timeUp := errors.Is(err, ErrTimeUp); timeUp != tc.timeUp || (err != nil && !timeUp) {
					t.Errorf("%v, want time up %v", err, tc.timeUp)
				}
				if last := after.Lines[len(after.Lines)-1].Text; tc.timeUp && last != "不说话是什么意思？" {
					t.Errorf("the talk goes on with %q", last)
				}
			}
			want := roleplay.Event{Kind: roleplay.Choose, Ref: "开场#2", At: c.at().UnixMilli()}
			if tc.timeUp {
				want = roleplay.Event{Kind: roleplay.SayNothing, Ref: "开场", At: deadline}
			}
			if diff := cmp.Diff([]roleplay.Event{want}, c.events(tc.who, id)); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
			c.over(tc.who, id)
		})
	}
}

// over brings a session to an end.
func (c *campus) over(who people.Actor, id string) {
	c.t.Helper()
	for st := c.session(who, id); !st.Ended; {
		var err error
		if st, err = c.Choose(context.Background(), who, id, st.Step, st.Options[0].Token); err != nil {
			c.t.Fatal(err)
		}
	}
}

// A limit that has run out counts when somebody looks next, as of its deadline;
// the next limit began then. Nothing counts twice, however many look at once.
func TestSilenceIsFoldedInOnTheNextTouch(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	began := c.at()
	id := c.rehearse(who, bill, true)
	c.later(25 * time.Second)
	st := c.session(who, id)
	if last := st.Lines[len(st.Lines)-1].Text; st.Step != 1 || last != "不说话是什么意思？" {
		t.Fatalf("after the first limit: step %d, %q", st.Step, last)
	}
	if want := began.Add(30 * time.Second).UnixMilli(); st.Deadline != want {
		t.Errorf("the next deadline is %d, want %d", st.Deadline, want)
	}

	c.later(30 * time.Hour)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := c.Session(context.Background(), who, id); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := c.say(who, st, "抱歉"); !errors.Is(err, ErrTimeUp) {
				t.Errorf("%v, want ErrTimeUp", err)
			}
		})
	}
	wg.Wait()
	want := []roleplay.Event{
		{Step: 0, Kind: roleplay.SayNothing, Ref: "开场", At: began.Add(20 * time.Second).UnixMilli()},
		{Step: 1, Kind: roleplay.SayNothing, Ref: "冷场", At: began.Add(30 * time.Second).UnixMilli()},
	}
	if diff := cmp.Diff(want, c.events(who, id)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	ledger := c.ledger(who)
	if len(ledger) != 1 || ledger[0].Outcome != cert.Failed || ledger[0].Day != "2026-03-02" || !ledger[0].At.Equal(began.Add(30*time.Second)) {
		t.Errorf("ledger %+v, want one failure as of the deadline", ledger)
	}
}

func TestDocumentTooLate(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	st := c.session(who, c.rehearse(who, bill, true))
	c.later(15 * time.Second)
	read, err := c.OpenDocument(t.Context(), who, st.ID, 0, documentToken(st, "工单"))
	if err != nil || read.Deadline != st.Deadline || read.Limit != 20*time.Second {
		t.Errorf("reading moved the deadline from %d to %d, the limit is %v, %v", st.Deadline, read.Deadline, read.Limit, err)
	}
	other := c.add("何宁", people.Advisor)
	st = c.session(other, c.rehearse(other, bill, true))
	c.later(25 * time.Second)
	if _, err := c.OpenDocument(t.Context(), other, st.ID, 0, documentToken(st, "工单")); !errors.Is(err, ErrTimeUp) {
		t.Errorf("a document too late: %v, want ErrTimeUp", err)
	}
	if diff := cmp.Diff([]string{"silence 开场"}, refs(c.events(other, st.ID))); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestRetry(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	retry := func(id string, step int) string {
		t.Helper()
		fork, err := c.Retry(t.Context(), who, id, step)
		if err != nil {
			t.Fatal(err)
		}
		return fork
	}
	first := c.rehearse(who, bill, false)
	st := c.session(who, first)
	if _, err := c.OpenDocument(t.Context(), who, first, 0, documentToken(st, "工单")); err != nil {
		t.Fatal(err)
	}
	st = c.saying(who, first, "节气门")

	fork := retry(first, st.Step)
	if again := retry(first, st.Step); again != fork {
		t.Error("asked for twice, two sessions began")
	}
	if diff := cmp.Diff([]string{"open 工单"}, refs(c.events(who, fork))); diff != "" {
		t.Errorf("the fork begins with (-want +got):\n%s", diff)
	}
	if now := c.session(who, first); !now.BrokenOff {
		t.Error("what was begun again goes on as well")
	}
	if _, err := c.say(who, st, "可能"); !errors.Is(err, ErrMovedOn) {
		t.Errorf("a choice in what was broken off: %v, want ErrMovedOn", err)
	}
	if err := c.Intend(t.Context(), who, first, "先看工单"); !errors.Is(err, ErrNotEnded) {
		t.Errorf("an intent for what was broken off: %v, want ErrNotEnded", err)
	}
	if st := c.saying(who, fork, "这笔钱", "这一项"); !st.Ended {
		t.Fatal("the fork does not come to an end")
	}
	ended := retry(fork, 3) // back to the last decision of what has ended
	if diff := cmp.Diff([]string{"open 工单", "choose 开场#2"}, refs(c.events(who, ended))); diff != "" {
		t.Errorf("the second fork begins with (-want +got):\n%s", diff)
	}
	if n := len(c.events(who, fork)); n != 3 {
		t.Errorf("what had ended has %d events now", n)
	}
	for _, step := range []int{-1, 0, 1, 4} { // 1 opened a paper
		if _, err := c.Retry(t.Context(), who, fork, step); !errors.Is(err, fault.Invalid) {
			t.Errorf("from step %d: %v, want Invalid", step, err)
		}
	}
	exam := c.rehearse(who, bill, true)
	c.saying(who, exam, "节气门")
	if _, err := c.Retry(t.Context(), who, exam, 1); !errors.Is(err, ErrNoUndo) {
		t.Errorf("in an exam: %v, want ErrNoUndo", err)
	}
}

// A fork meets the same customer: his temperament was drawn once.
func TestRetryKeepsTheTemperament(t *testing.T) {
	c := openCounter(t, map[string]string{"moody": strings.Replace(billScript, "仪表:", "性格: 急躁、老成持重、爽快\n仪表:", 1)})
	who := c.add("林晓", people.Advisor)
	drawn := map[string]bool{}
	for plays := 0; len(drawn) < 3; plays++ { // until each was drawn, which takes some six
		if plays == 500 {
			t.Fatalf("%d plays drew %v", plays, drawn)
		}
		id := c.rehearse(who, "moody", false)
		st := c.saying(who, id, "节气门")
		drawn[persona(t, c, who, id)] = true
		fork, err := c.Retry(t.Context(), who, id, st.Step)
		if err != nil {
			t.Fatal(err)
		}
		if is, was := persona(t, c, who, fork), persona(t, c, who, id); is != was {
			t.Fatalf("the fork's customer is %s, was %s", is, was)
		}
		c.over(who, fork)
	}
}

func persona(t *testing.T, c *campus, who people.Actor, id string) (name string) {
	t.Helper()
	c.read(func(tx *store.Tx) error {
		p, err := c.play(tx, who.ID, id)
		if err == nil {
			name = p.game.Scenario.Personas[p.game.Persona()].Name
		}
		return err
	})
	return name
}

func TestDebriefIsSealedUntilTheIntent(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	for _, tc := range []struct{ name, intent string }{{"said", "这笔钱没跟您说清，是我的错。"}, {"declined", ""}} {
		t.Run(tc.name, func(t *testing.T) {
			id := c.rehearse(who, bill, true)
			if err := c.Intend(t.Context(), who, id, tc.intent); !errors.Is(err, ErrNotEnded) {
				t.Errorf("before the end: %v, want ErrNotEnded", err)
			}
			c.saying(who, id, "节气门", "可能")
			d, err := c.Debrief(t.Context(), who, id)
			if err != nil {
				t.Fatal(err)
			}
			if !d.Sealed || d.Ending != "投诉到厂家" || len(d.Closing) == 0 || len(d.Mood) != 3 {
				t.Errorf("sealed %v, ending %q, %d lines, %d moments", d.Sealed, d.Ending, len(d.Closing), len(d.Mood))
			}
			if len(d.Rules)+len(d.Dimensions)+len(d.Costly)+len(d.Unopened)+len(d.Path)+d.Habits.Stop.Step > 0 {
				t.Errorf("the sealed debrief tells %+v", d)
			}
			for _, intent := range []string{tc.intent, "别的"} { // what was said first stays
				if err := c.Intend(t.Context(), who, id, intent); err != nil {
					t.Fatal(err)
				}
			}
			if d, err = c.Debrief(t.Context(), who, id); err != nil || d.Sealed || d.Intent != tc.intent || len(d.Costly) == 0 || len(d.Path) != 2 {
				t.Errorf("opened: sealed %v, intent %q, %d costly, %v", d.Sealed, d.Intent, len(d.Costly), err)
			}
		})
	}
	id := c.rehearse(who, bill, true)
	c.saying(who, id, "节气门", "可能")
	if err := c.Intend(t.Context(), who, id, strings.Repeat("长", maxIntent+1)); !errors.Is(err, fault.Invalid) {
		t.Errorf("a long speech: %v, want Invalid", err)
	}
	if err := c.Intend(t.Context(), who, id, strings.Repeat("长", maxIntent)); err != nil {
		t.Error(err)
	}
}

func TestCohortIsOfFivePeopleOrNone(t *testing.T) {
	c := openCounter(t, nil)
	elsewhere := c.addStore("城北店")
	cohort := func() map[string]int {
		t.Helper()
		who := c.add("林晓", people.Advisor)
		id := c.rehearse(who, bill, false)
		c.saying(who, id, "这笔钱", "可能")
		if err := c.Intend(t.Context(), who, id, ""); err != nil {
			t.Fatal(err)
		}
		d, err := c.Debrief(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		return d.Cohort
	}
	exam := func(who people.Actor, words string) {
		t.Helper()
		c.saying(who, c.rehearse(who, bill, true), words, "可能")
	}
	for i := range fewestPeers {
		if got := cohort(); len(got) > 0 {
			t.Errorf("a mean of %d people: %v", i, got)
		}
		exam(c.add("何宁", people.Advisor), []string{"这笔钱", "节气门"}[i%2])
		exam(c.addTo(elsewhere, "孙悦", people.Advisor), "节气门")
	}
	if diff := cmp.Diff(map[string]int{"D3": 60, "D7": 0}, cohort()); diff != "" {
		t.Errorf("mean of five (-want +got):\n%s", diff)
	}
}

// Looking back tells where the chance was lost and what would have kept it.
func TestHindsight(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	for _, tc := range []struct {
		name  string
		words []string
		want  *explore.Hindsight
	}{
		{"lost at once", []string{"节气门", "可能"}, &explore.Hindsight{LastChance: 0, Change: &explore.Change{
			Kind: explore.Possible, Step: 1, Said: "节气门脏了会怠速抖动，技师也是为您好，外面做还要贵一百多。",
			Instead: "这笔钱让您意外了，是我没讲清。咱们对着工单一项项看。", Worth: 50,
		}}},
		{"a paper left unread", []string{"这笔钱", "这380"}, &explore.Hindsight{LastChance: 1, Change: &explore.Change{
			Kind: explore.Possible, Step: 2, Said: "这380我做主给您免了，麻烦您先在这儿把字签了吧。", Document: "工单",
		}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := c.rehearse(who, bill, true)
			c.saying(who, id, tc.words...)
			for _, opened := range []bool{false, true} {
				d, err := c.Debrief(t.Context(), who, id)
				if err != nil {
					t.Fatal(err)
				}
				want := tc.want
				if !opened {
					want = nil // the debrief is sealed
				}
				if diff := cmp.Diff(want, d.Hindsight); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if err := c.Intend(t.Context(), who, id, ""); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// A debrief cites what was proved of the very edition that was played.
func TestDebriefCitesTheProof(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	before := c.rehearse(who, bill, true)
	l, _ := LoadLibrary(content.FS, fstest.MapFS{"scenarios/" + bill + ".md": {
		Data: []byte(strings.Replace(billScript, "谁同意洗节气门了？", "谁说要洗节气门了？", 1)),
	}})
	if err := c.Reload(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	other := c.add("何宁", people.Advisor)
	after := c.rehearse(other, bill, true)
	hashes := map[string]bool{}
	for id, who := range map[string]people.Actor{before: who, after: other} {
		c.saying(who, id, "节气门", "可能")
		if err := c.Intend(t.Context(), who, id, ""); err != nil {
			t.Fatal(err)
		}
		d, err := c.Debrief(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		if d.Proof == nil || d.Proof.Hash != d.Edition || !d.Proof.Proven || d.Proof.States < 5 {
			t.Errorf("edition %s with the proof %+v", d.Edition, d.Proof)
		}
		hashes[d.Edition] = true
	}
	if len(hashes) != 2 {
		t.Errorf("editions %v, want two", hashes)
	}
}

// Whoever goes on with what is on the screen costs the database one statement.
func TestChoiceIsOneStatement(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	st := c.session(who, c.start(who))
	for range 3 {
		before := c.store.Statements()
		var err error
		if st, err = c.Choose(t.Context(), who, st.ID, st.Step, st.Options[0].Token); err != nil {
			t.Fatal(err)
		}
		if n := c.store.Statements() - before; n != 1 {
			t.Errorf("step %d took %d statements", st.Step, n)
		}
	}
}

// Whoever has a limited decision before him finds it again on another device
// with the same deadline.
func TestDeadlineIsTheServers(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	id := c.rehearse(who, bill, true)
	c.later(7 * time.Second)
	here := c.session(who, id)
	who.TimeFactor = 1000 // given later: it counts from the next session on
	c.later(7 * time.Second)
	there := c.session(who, id)
	if !slices.Equal(here.Options, there.Options) || here.Deadline != there.Deadline {
		t.Errorf("deadline %d became %d", here.Deadline, there.Deadline)
	}
}

// What one node remembers of a session is only ever its beginning: when the
// session has gone on at another node, what is on disk decides.
func TestAnotherNodeGoesOn(t *testing.T) {
	c := openCounter(t, nil)
	who := c.add("林晓", people.Advisor)
	a, err := Open(t.Context(), Config{Store: c.store, Library: c.Library(), Now: c.at, Zone: c.zone, Log: c.log})
	if err != nil {
		t.Fatal(err)
	}
	other := &campus{Academy: a, t: t}
	for _, tc := range []struct {
		name      string
		meanwhile func(st Stage) // at the other node, after this one has seen the first scene
		words     string
		want      error
		log       []string
	}{
		{"the same was said", func(st Stage) { other.saying(who, st.ID, "这笔钱") }, "这笔钱", nil, []string{"choose 开场#2"}},
		{"something else was said", func(st Stage) { other.saying(who, st.ID, "节气门") }, "这笔钱", ErrMovedOn, []string{"choose 开场#1"}},
		{"it was begun again", func(st Stage) {
			now := other.saying(who, st.ID, "节气门")
			if _, err := other.Retry(t.Context(), who, st.ID, now.Step); err != nil {
				t.Fatal(err)
			}
		}, "节气门", nil, []string{"choose 开场#1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			st := c.session(who, c.rehearse(who, bill, false))
			tc.meanwhile(st)
			now, err := c.say(who, st, tc.words)
			if !errors.Is(err, tc.want) || (tc.want == nil && err != nil) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			if diff := cmp.Diff(tc.log, refs(c.events(who, st.ID))); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
			if now.Step != 1 {
				t.Errorf("the page is shown step %d, want 1", now.Step)
			}
			c.over(who, c.rehearse(who, bill, false))
		})
	}

	st := c.session(who, c.rehearse(who, bill, true))
	c.later(25 * time.Second)
	if other.session(who, st.ID).Step != 1 {
		t.Error("the other node did not fold the silence")
	}
	if _, err := c.say(who, st, "这笔钱"); !errors.Is(err, ErrTimeUp) {
		t.Errorf("after a silence at the other node: %v, want ErrTimeUp", err)
	}
	if now := c.saying(who, st.ID, "抱歉"); now.Step != 2 {
		t.Errorf("this node goes on to step %d, want 2", now.Step)
	}
}
