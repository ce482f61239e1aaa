package academy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"qibu/content"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

func (w *authors) publication(slug string) Publication {
	w.t.Helper()
	p, err := w.Publication(w.t.Context(), w.zhou, slug)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// published is a car wash in force.
func openPublished(t *testing.T) *authors {
	t.Helper()
	w := openAuthors(t)
	w.begin(carWash, "")
	w.publishNow(carWash)
	return w
}

func TestNothingIsPublishedThatShouldNotBe(t *testing.T) {
	cases := map[string]struct {
		edit        func(string) string
		publishable bool
	}{
		"sound":            {func(s string) string { return s }, true},
		"unreadable":       {func(s string) string { return s + "\n- 多出来的" }, false},
		"fails its 试演":     {func(s string) string { return strings.Replace(s, "应判 及格", "应判 不及格", 1) }, false},
		"an exam for bots": {func(s string) string { return strings.Replace(s, "总分>=80, D6>=60", "总分>=10", 1) }, false},
		"practice for bots": {func(s string) string {
			return strings.Replace(s, "及格: 总分>=80, D6>=60", "用途: 练习\n及格: 总分>=10", 1)
		}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := openAuthors(t)
			w.begin(carWash, "")
			s := w.save(carWash, tc.edit(scriptTemplate))
			if p := w.publication(carWash); p.Check.Publishable() != tc.publishable {
				t.Errorf("publishable %v, findings %+v", p.Check.Publishable(), p.Check.Findings)
			}
			_, err := w.PublishScript(t.Context(), w.zhou, carWash, s.Version, "")
			if tc.publishable != (err == nil) || err != nil && !errors.Is(err, fault.Invalid) {
				t.Errorf("published: %v", err)
			}
			if _, inForce := w.Library().Scenarios[carWash]; inForce != tc.publishable {
				t.Errorf("in force: %v", inForce)
			}
			if kept := w.at(carWash); !tc.publishable && kept.Version != s.Version {
				t.Error("the draft is not as it was")
			}
		})
	}
}

// An exam that certifications require is not turned into practice.
func TestARequiredExamStaysAnExam(t *testing.T) {
	w := openAuthors(t)
	required := ""
	for _, r := range w.Library().Certifications[0].Initial {
		if r.Kind == "scenario" {
			required = r.Ref
		}
	}
	turn := func(slug string) error {
		text := w.at(slug).Source
		s := w.save(slug, strings.Replace(text, "仪表:", "用途: 练习\n仪表:", 1))
		p := w.publication(slug)
		_, err := w.PublishScript(t.Context(), w.zhou, slug, s.Version, p.Base)
		if p.Publishable() != (err == nil) {
			t.Errorf("%s: the page says publishable %v, then %v", slug, p.Publishable(), err)
		}
		return err
	}
	if err := turn(required); !errors.Is(err, fault.Invalid) || w.Library().Scenarios[required].Practice {
		t.Errorf("the required %s: %v", required, err)
	}
	w.begin(carWash, "")
	w.publishNow(carWash)
	if err := turn(carWash); err != nil || !w.Library().Scenarios[carWash].Practice {
		t.Errorf("another: %v", err)
	}
}

// What may be evidence has to be proven; practice need not be.
func TestUnprovenIsForPractice(t *testing.T) {
	for practice, want := range map[bool]bool{false: false, true: true} {
		if c := (Check{Practice: practice}); c.Publishable() != want {
			t.Errorf("unproven, practice %v: publishable %v", practice, c.Publishable())
		}
	}
}

func TestTheSameTwiceIsOneEdition(t *testing.T) {
	w := openPublished(t)
	before := w.edition(carWash)
	w.later(time.Hour)
	s := w.save(carWash, scriptTemplate+"\n# 只是写给自己的\n")
	if p := w.publication(carWash); !p.Same {
		t.Error("learners are said to notice a comment")
	}
	if done := w.publishNow(carWash); done.New {
		t.Error("a comment makes a new edition")
	}
	after := w.edition(carWash)
	if after.Hash != before.Hash || after.Since != before.Since || w.at(carWash).Source != s.Source {
		t.Errorf("in force %s since %s; the draft: %v", after.Hash, after.Since, w.at(carWash).Draft)
	}
	w.save(carWash, retitled("另一版"))
	w.publishNow(carWash)
	w.save(carWash, scriptTemplate)
	if done := w.publishNow(carWash); !done.New || w.edition(carWash).Hash != before.Hash || w.edition(carWash).Since == before.Since {
		t.Errorf("an earlier edition is not taken up again: %+v", done)
	}
}

// Sessions under way end on the edition they began with, and publishing says how
// many there are.
func TestSessionsUnderWayKeepTheirEdition(t *testing.T) {
	w := openPublished(t)
	id := w.rehearse(w.lin, carWash, true)
	w.saying(w.lin, id, "换了我")
	w.save(carWash, strings.ReplaceAll(scriptTemplate, "那你说，这算谁的？", "那这算谁的呢？"))
	if p := w.publication(carWash); p.InForce.Running != 1 {
		t.Errorf("%d under way", p.InForce.Running)
	}
	if done := w.publishNow(carWash); done.Older != 1 {
		t.Errorf("%d end on an older edition", done.Older)
	}
	if s := w.at(carWash); s.InForce.Running != 0 || s.InForce.Older != 1 {
		t.Errorf("afterwards %d and %d", s.InForce.Running, s.InForce.Older)
	}
	said := func(st Stage) string { return st.Lines[len(st.Lines)-1].Text }
	if st := w.session(w.lin, id); said(st) != "你就说，赔不赔？" && said(st) != "那你说，这算谁的？" {
		t.Errorf("the open session goes on with %q", said(st))
	}
	if st := w.saying(w.lin, id, "我去调监控", "这样吧"); !st.Ended {
		t.Error("it cannot be ended")
	}
}

// Before publishing, the exams that would come out differently are told, without
// names; their results stay.
func TestRule20(t *testing.T) {
	w := openPublished(t)
	play := func(first string, exam bool) {
		who := w.add("学员", people.Advisor)
		w.saying(who, w.rehearse(who, carWash, exam), first, "我去调监控", "这样吧")
		w.later(time.Minute)
	}
	play("换了我", true)
	play("真对不起", true)
	play("真对不起", false)
	w.save(carWash, retitled("只是改名"))
	if p := w.publication(carWash); p.Replayed != 2 || len(p.Changes) != 0 {
		t.Errorf("another title: %d replayed, %+v", p.Replayed, p.Changes)
	}
	w.save(carWash, strings.NewReplacer("【情绪 ++；D3 1，D5 0】", "【情绪 ++；D3 2，D5 1】").Replace(scriptTemplate))
	p := w.publication(carWash)
	if p.Replayed != 2 || len(p.Changes) != 1 || p.Changes[0].Rule != 20 || strings.Contains(p.Changes[0].Message, "学员") {
		t.Fatalf("another key: %d replayed, %+v", p.Replayed, p.Changes)
	}
	w.publishNow(carWash)
	if p := w.publication(carWash); p.Replayed != 0 {
		t.Errorf("on a new edition %d were replayed", p.Replayed)
	}
}

// Of many who publish at once, each over what was in force when they looked, one does.
func TestManyPublishAtOnce(t *testing.T) {
	w := openPublished(t)
	w.save(carWash, retitled("第二版"))
	p := w.publication(carWash)
	var all sync.WaitGroup
	var mu sync.Mutex
	published, refused := 0, 0
	for range 8 {
		all.Go(func() {
			_, err := w.PublishScript(context.Background(), w.fang, carWash, p.Version, p.Base)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				published++
			case errors.Is(err, ErrDraftMoved):
				refused++
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if published != 1 || refused != 7 || w.Library().Scenarios[carWash].Title != "第二版" {
		t.Errorf("%d published, %d refused", published, refused)
	}
	w.save(carWash, retitled("第三版"))
	if _, err := w.PublishScript(t.Context(), w.zhou, carWash, w.at(carWash).Version, p.Base); !errors.Is(err, ErrDraftMoved) {
		t.Errorf("over an edition that is not in force any more: %v", err)
	}
	if _, err := w.PublishScript(t.Context(), w.zhou, carWash, p.Version, w.edition(carWash).Hash); !errors.Is(err, ErrDraftMoved) {
		t.Errorf("a draft that is not there any more: %v", err)
	}
}

// Different scenarios published at once are all in force afterwards.
func TestManyScenariosAtOnce(t *testing.T) {
	w := openAuthors(t)
	var all sync.WaitGroup
	for i := range 6 {
		slug := fmt.Sprint("rp3", i)
		w.begin(slug, "")
		all.Go(func() {
			if _, err := w.PublishScript(context.Background(), w.zhou, slug, 1, ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range 6 {
		if slug := fmt.Sprint("rp3", i); w.Library().Hash(scenarioKind, slug) != w.edition(slug).Hash {
			t.Errorf("%s is not in force", slug)
		}
	}
}

// While the library is being changed nothing else is published: what came into
// force last in the database is in force here, too.
func TestPublishingWaitsItsTurn(t *testing.T) {
	w := openAuthors(t)
	w.begin(carWash, "")
	done := make(chan error, 1)
	w.shelf.Lock()
	go func() {
		_, err := w.PublishScript(context.Background(), w.zhou, carWash, 1, "")
		done <- err
	}()
	select {
	case <-done:
		t.Error("it did not wait")
	case <-time.After(300 * time.Millisecond):
	}
	if s := w.at(carWash); s.InForce != nil {
		t.Error("it is in force before its turn")
	}
	w.shelf.Unlock()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// What a trainer has published stays in force over the text that comes with the
// program; the list says when that has changed since. The program's text put in
// force again follows the program again.
func TestATrainersTextStaysOverTheProgram(t *testing.T) {
	w := openAuthors(t)
	program, _ := LoadLibrary(content.FS, nil)
	ours := strings.ReplaceAll(original(t, mrsLiFile), "第一声。第二声。", "我们店的铃声。")
	first := func() string { return w.Library().Scenarios[mrsLi].Scenes[0].Beats[0][0].Text }
	newer := func() bool { return w.at(mrsLi).InForce.Newer }
	w.save(mrsLi, ours)
	w.publishNow(mrsLi)
	w.later(time.Hour)
	w.restart(program)
	if first() != "我们店的铃声。" || newer() {
		t.Errorf("after a start %q is in force, newer %v", first(), newer())
	}
	w.later(time.Hour)
	changed := shippedWith(t, "第一声。第二声。", "新版的铃声。")
	for _, start := range []string{"an upgrade", "the next start"} {
		w.restart(changed)
		if first() != "我们店的铃声。" || !newer() {
			t.Errorf("after %s %q is in force, newer %v", start, first(), newer())
		}
		w.later(time.Hour)
	}
	theirs, err := w.ScriptAt(t.Context(), w.zhou, mrsLi, FromShipped)
	if err != nil || !strings.Contains(theirs.Source, "新版的铃声。") {
		t.Errorf("the program's new text: %v", err)
	}
	w.save(mrsLi, theirs.Source)
	w.publishNow(mrsLi)
	if first() != "新版的铃声。" || newer() {
		t.Errorf("taken over, %q is in force, newer %v", first(), newer())
	}
	w.restart(program)
	if first() != "第一声。第二声。" {
		t.Errorf("after a downgrade %q is in force", first())
	}
}

func TestAScenarioOfOnesOwnSurvivesAStart(t *testing.T) {
	w := openPublished(t)
	l, _ := shipped()
	w.restart(l)
	if sc := w.Library().Scenarios[carWash]; sc == nil || w.Library().Hash(scenarioKind, carWash) != sc.Hash() {
		t.Error("it is gone")
	}
	if err := w.Reload(t.Context(), l); err != nil || w.Library().Scenarios[carWash] == nil {
		t.Errorf("after loading the content again it is gone: %v", err)
	}
	if item, ok := w.Library().Item("scenario", carWash); !ok || item.Title == carWash {
		t.Errorf("it cannot be assigned: %+v", item)
	}
}

// What one process publishes, others on the same database come to know; SQLite
// has one process only.
func TestOtherProcessesComeToKnow(t *testing.T) {
	for engine, open := range storetest.Engines(t) {
		t.Run(engine, func(t *testing.T) {
			s := open(t)
			here, there := &campus{t: t, instant: time.Now()}, &campus{t: t, instant: time.Now()}
			here.moveIn(s)
			there.moveIn(s)
			here.home = here.addStore("城南店")
			w := &authors{campus: here, zhou: here.add("周敏", people.Trainer)}
			w.begin(carWash, "")
			w.publishNow(carWash)
			w.save(mrsLi, strings.ReplaceAll(original(t, mrsLiFile), "第一声。第二声。", "我们店的铃声。"))
			w.publishNow(mrsLi)
			if err := there.RefreshEditions(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, slug := range []string{carWash, mrsLi} {
				known := there.Library().Hash(scenarioKind, slug) == w.Library().Hash(scenarioKind, slug)
				if known == s.Sole() {
					t.Errorf("%s: the other process knows: %v", slug, known)
				}
			}
			if s.Sole() {
				return
			}
			before := there.Library()
			if err := there.RefreshEditions(t.Context()); err != nil || there.Library() != before {
				t.Errorf("with nothing new there is another library: %v", err)
			}
			old := there.Library().Scenarios[carWash]
			w.write(func(tx *store.Tx) error { // of a version of the program that this one does not know
				return tx.Publish(store.Edition{Kind: scenarioKind, Slug: "rp99-nobody", Hash: old.Hash(), Compiled: string(old.JSON()), Origin: store.Shipped})
			})
			if err := there.RefreshEditions(t.Context()); err != nil || there.Library().Scenarios["rp99-nobody"] != nil {
				t.Errorf("another program's scenario is shown: %v", err)
			}
		})
	}
}
