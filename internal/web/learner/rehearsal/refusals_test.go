package rehearsal_test

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"qibu/internal/academy"
	"qibu/internal/store"
	"qibu/roleplay"
)

// bill is a scenario with a limit of twenty seconds on its first decision, and
// of ten on what comes after a silence.
const bill = "bill"

func openCounter(t *testing.T, more map[string]string) *house {
	t.Helper()
	text, err := os.ReadFile("../../../academy/testdata/bill.md")
	if err != nil {
		t.Fatal(err)
	}
	scenarios := map[string]string{bill: string(text)}
	for slug, change := range more {
		scenarios[slug] = strings.Replace(string(text), "仪表:", change+"\n仪表:", 1)
	}
	return openHouseWith(t, library(t, scenarios))
}

// option is the token of what begins with these words.
func (h *house) option(st academy.Stage, words string) string {
	h.t.Helper()
	for _, o := range st.Options {
		if strings.HasPrefix(o.Text, words) {
			return o.Token
		}
	}
	h.t.Fatalf("%s… is not offered", words)
	return ""
}

func (h *house) log(path string) (log []roleplay.Event) {
	h.t.Helper()
	err := h.store.Read(context.Background(), func(tx *store.Tx) (err error) {
		_, log, err = tx.Session(strings.TrimPrefix(path, "/sessions/"), h.who.ID)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return log
}

// speak changes the language of the person.
func (h *house) speak(lang string) {
	h.t.Helper()
	if a := h.do(http.MethodPost, "/language", url.Values{"language": {lang}, "back": {"/rehearse"}}); a.status != http.StatusSeeOther {
		h.t.Fatalf("language: %d", a.status)
	}
}

// Whatever is sent that does not fit where the session is, by whatever mishap or
// intent: the answer is a page that says so in the person's language and shows
// where the session stands, and nothing is recorded but what really happened.
func TestRefusalsArePagesThatSayWhatHappened(t *testing.T) {
	const movedOnZH, movedOnEN = "已经在别的页面往下走了", "went on in another window"
	const timeUpZH, timeUpEN = "时间到了，你没开口", "Time ran out and you said nothing"
	const noSuchZH, noSuchEN = "没有这个选项", "There is no such choice"
	for _, tc := range []struct {
		name   string
		send   func(h *house, path string, seen academy.Stage) url.Values // what is sent after that has happened
		zh, en string
		status int // to the page's script
		log    []string
	}{
		{"two tabs", func(h *house, path string, seen academy.Stage) url.Values {
			h.do(http.MethodPost, path+"/choices", turn(0, h.option(seen, "这笔钱")))
			return turn(0, h.option(seen, "节气门"))
		}, movedOnZH, movedOnEN, 409, []string{"choose 开场#2"}},
		{"the back button, and then another answer", func(h *house, path string, seen academy.Stage) url.Values {
			h.do(http.MethodPost, path+"/choices", turn(0, h.option(seen, "这笔钱")))
			next := h.stage(path)
			h.do(http.MethodPost, path+"/choices", turn(1, h.option(next, "这380")))
			return turn(0, h.option(seen, "节气门"))
		}, movedOnZH, movedOnEN, 409, []string{"choose 开场#2", "choose 对账#3"}},
		{"an earlier turn's token at this step", func(h *house, path string, seen academy.Stage) url.Values {
			h.do(http.MethodPost, path+"/choices", turn(0, h.option(seen, "这笔钱")))
			return turn(1, h.option(seen, "节气门"))
		}, movedOnZH, movedOnEN, 409, []string{"choose 开场#2"}},
		{"too late", func(h *house, _ string, seen academy.Stage) url.Values {
			h.later(25 * time.Second)
			return turn(0, h.option(seen, "这笔钱"))
		}, timeUpZH, timeUpEN, 409, []string{"silence 开场"}},
		{"long too late, the story has ended", func(h *house, _ string, seen academy.Stage) url.Values {
			h.later(time.Hour)
			return turn(0, h.option(seen, "这笔钱"))
		}, timeUpZH, timeUpEN, 409, []string{"silence 开场", "silence 冷场"}},
		{"too late, after somebody has looked", func(h *house, path string, seen academy.Stage) url.Values {
			h.later(25 * time.Second)
			h.get(path)
			return turn(0, h.option(seen, "这笔钱"))
		}, timeUpZH, timeUpEN, 409, []string{"silence 开场"}},
		{"a token nobody issued", func(*house, string, academy.Stage) url.Values {
			return turn(0, "AAAAAAAAAAAAAAAAAAAA")
		}, noSuchZH, noSuchEN, 422, nil},
		{"a step still to come", func(h *house, _ string, seen academy.Stage) url.Values {
			return turn(3, h.option(seen, "这笔钱"))
		}, noSuchZH, noSuchEN, 422, nil},
		{"another session's token", func(h *house, _ string, _ academy.Stage) url.Values {
			other := h.stage(h.start(mrsLi))
			return turn(0, other.Options[0].Token)
		}, noSuchZH, noSuchEN, 422, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := openCounter(t, nil)
			path := h.start(bill)
			seen := h.stage(path)
			form := tc.send(h, path, seen)
			for range 2 { // sent twice, it is refused twice
				for lang, said := range map[string]string{"zh": tc.zh, "en": tc.en} {
					h.speak(lang)
					h.refused(path, form, said, tc.status)
				}
			}
			var log []string
			for _, e := range h.log(path) {
				log = append(log, e.Kind+" "+e.Ref)
			}
			if strings.Join(log, "；") != strings.Join(tc.log, "；") {
				t.Errorf("log %v, want %v", log, tc.log)
			}
		})
	}
}

// refused sends a choice as a browser without scripts and as the page's script
// do, and looks for the reason in what comes back.
func (h *house) refused(path string, form url.Values, said string, status int) {
	h.t.Helper()
	plain := h.do(http.MethodPost, path+"/choices", form)
	if plain.status == http.StatusSeeOther {
		plain = h.get(strings.TrimSuffix(plain.location, "#now"))
	}
	if !strings.Contains(plain.text, said) || strings.Contains(plain.text, "⟦") {
		h.t.Errorf("the page (%d) does not say %q", plain.status, said)
	}
	scripted := h.do(http.MethodPost, path+"/choices", form, "X-Fragment")
	if scripted.status != status {
		h.t.Errorf("to the script: %d, want %d", scripted.status, status)
	}
	if status == http.StatusConflict && (!strings.Contains(scripted.text, said) || !strings.Contains(scripted.text, h.stage(path).Lines[0].Text)) {
		h.t.Errorf("to the script: no %q beside the talk as it stands", said)
	}
}

// A double click, or a request that the network sent twice, says a thing once.
func TestDoublePostsCountOnce(t *testing.T) {
	h := openCounter(t, nil)
	path := h.start(bill)
	seen := h.stage(path)
	form := turn(0, h.option(seen, "这笔钱"))
	first := h.do(http.MethodPost, path+"/choices", form, "X-Fragment")
	second := h.do(http.MethodPost, path+"/choices", form, "X-Fragment")
	if first.status != http.StatusOK || second.status != http.StatusOK || len(h.log(path)) != 1 {
		t.Errorf("%d and %d, %d events", first.status, second.status, len(h.log(path)))
	}
}

// The page says how long there is, with and without its script; what the time
// has brought is shown to whoever looks next.
func TestLimitOfTimeOnThePage(t *testing.T) {
	h := openCounter(t, nil)
	path := h.start(bill)
	if a := h.get(path); !strings.Contains(a.text, "还有 20 秒开口") || !strings.Contains(a.text, `role="timer"`) {
		t.Error("the page does not say how long there is")
	}
	h.later(8 * time.Second)
	if a := h.get(path); !strings.Contains(a.text, "还有 12 秒开口") {
		t.Error("the page does not count from the server's start")
	}
	h.later(15 * time.Second)
	if a := h.get(path); !strings.Contains(a.text, "（时间到了，你没有开口）") || !strings.Contains(a.text, "不说话是什么意思？") {
		t.Error("the page does not show what the silence has brought")
	}
	h.later(time.Minute)
	over := h.get(path)
	if !strings.Contains(over.text, "话说完了") || strings.Contains(over.text, `role="timer"`) {
		t.Error("the page does not show that the talk is over")
	}
	debrief := h.unsealed(path)
	for _, want := range []string{"投诉到厂家", "回头看，哪儿还来得及", "到第 1 句开口之前", "开始"} {
		if !strings.Contains(debrief.text, want) {
			t.Errorf("the debrief does not say %q", want)
		}
	}

	practice := h.begin(bill, "practice")
	if a := h.get(practice); !strings.Contains(a.text, "考核的时候，这一句限时 20 秒") || strings.Contains(a.text, `role="timer"`) {
		t.Error("practice does not say what an exam would leave, or counts down")
	}
}

func TestPracticeGoesBack(t *testing.T) {
	h := openCounter(t, nil)
	path := h.begin(bill, "practice")
	h.do(http.MethodPost, path+"/choices", turn(0, h.option(h.stage(path), "节气门")))
	page := h.get(path)
	for _, want := range []string{"点评", "时机错了", "收回这一句"} {
		if !strings.Contains(page.text, want) {
			t.Errorf("after a sentence the page does not say %q", want)
		}
	}
	var forks []string
	for range 2 {
		a := h.do(http.MethodPost, path+"/retry", url.Values{"step": {"1"}})
		forks = append(forks, a.location)
	}
	fork, _, _ := strings.Cut(forks[0], "#")
	if forks[0] != forks[1] || fork == path {
		t.Fatalf("retry leads to %v", forks)
	}
	if st := h.stage(fork); st.Step != 0 {
		t.Errorf("the fork stands at step %d", st.Step)
	}
	if a := h.get(path); !strings.Contains(a.text, "你回到前面重新来过了") || strings.Contains(a.text, `name="token"`) {
		t.Error("what was broken off can go on")
	}
	h.playOn(fork, "这笔钱", "可能")
	if debrief := h.unsealed(fork); strings.Count(debrief.text, "从这里再来") < 2 {
		t.Error("the debrief does not lead back to its forks")
	}

	exam := h.start(bill)
	h.playOn(exam, "这笔钱", "可能")
	if a := h.do(http.MethodPost, exam+"/retry", url.Values{"step": {"1"}}); a.location != exam+"?said=no_undo#now" {
		t.Errorf("back in an exam: %d to %q", a.status, a.location)
	}
	if a := h.unsealed(exam); strings.Contains(a.text, "从这里再来") {
		t.Error("the debrief of an exam leads back")
	}
}

// playOn says things that begin with these words.
func (h *house) playOn(path string, words ...string) {
	h.t.Helper()
	for _, w := range words {
		st := h.stage(path)
		h.do(http.MethodPost, path+"/choices", turn(st.Step, h.option(st, w)))
	}
}

// The key stays sealed until the learner has said, or declined to say, what to
// do next time; what was said is kept and shown.
func TestIntentBeforeTheKey(t *testing.T) {
	h := openCounter(t, nil)
	path := h.start(bill)
	if a := h.do(http.MethodPost, path+"/intent", url.Values{"do": {"decline"}}); a.location != path+"/debrief" {
		t.Errorf("before the end: %d to %q", a.status, a.location)
	}
	h.playOn(path, "节气门", "可能")
	keys := []string{"总分", "更好的一句", "先接住他的意外", "带走三句话", "增项栏无客户签字"}
	sealed := h.get(path + "/debrief")
	for _, want := range []string{"投诉到厂家", "那我找能说清楚的人", "客户的心情", "你会怎么开口？"} {
		if !strings.Contains(sealed.text, want) {
			t.Errorf("the sealed debrief does not say %q", want)
		}
	}
	for form, status := range map[string]int{"do=say&intent=": 422, "do=say&intent=" + strings.Repeat("长", 201): 422, "intent=x": 422} {
		values, err := url.ParseQuery(form)
		if err != nil {
			t.Fatal(err)
		}
		a := h.do(http.MethodPost, path+"/intent", values)
		if a.status != status || !strings.Contains(a.text, "你会怎么开口？") {
			t.Errorf("%.20s: %d", form, a.status)
		}
		for _, key := range keys {
			if strings.Contains(a.text+sealed.text, key) {
				t.Errorf("the sealed debrief tells %q", key)
			}
		}
	}
	const intent = "先听完，再对着工单讲<b>"
	for range 2 {
		if a := h.do(http.MethodPost, path+"/intent", url.Values{"do": {"say"}, "intent": {intent}}); a.status != http.StatusSeeOther {
			t.Fatalf("intent: %d", a.status)
		}
	}
	open := h.get(path + "/debrief")
	for _, key := range append(keys, intent) {
		if !strings.Contains(open.text, key) {
			t.Errorf("the open debrief does not say %q", key)
		}
	}
}

// What a trainer had to say about a turn stands in the debrief, and only once it
// is open.
func TestCommentsOfTrainersAreShown(t *testing.T) {
	h := openCounter(t, nil)
	path := h.start(bill)
	h.playOn(path, "节气门", "可能")
	err := h.store.Write(context.Background(), func(tx *store.Tx) error {
		_, err := tx.AddComment(store.Comment{
			ID: "c", SessionID: strings.TrimPrefix(path, "/sessions/"), Step: 2, AuthorID: h.who.ID, Text: "先看单子再说话",
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := h.get(path + "/debrief"); strings.Contains(a.text, "先看单子再说话") {
		t.Error("the sealed debrief tells what the trainer says")
	}
	if a := h.unsealed(path); !strings.Contains(a.text, "培训师的话") || !strings.Contains(a.text, "先看单子再说话") || !strings.Contains(a.text, "林晓") {
		t.Error("the open debrief does not say what the trainer says")
	}
}

// A temperament that was drawn has to be sensed: it is named after the end.
func TestDrawnTemperamentIsNotTold(t *testing.T) {
	h := openCounter(t, map[string]string{"moody": "性格: 急躁、老成持重、挑剔"})
	names := []string{"急躁", "老成持重", "挑剔"}
	named := func(text string) (n int) {
		for _, name := range names {
			n += strings.Count(text, name)
		}
		return n
	}
	path := h.start("moody")
	for _, page := range []string{"/rehearse", "/rehearse/moody", path, path + "/debrief"} {
		if a := h.get(page); named(a.text) > 0 {
			t.Errorf("%s names a temperament", page)
		}
	}
	st := h.stage(path)
	if a := h.do(http.MethodPost, path+"/choices", turn(0, h.option(st, "这笔钱")), "X-Fragment"); named(a.text) > 0 {
		t.Error("the answer to a choice names a temperament")
	}
	h.playOn(path, "可能")
	if named(h.unsealed(path).text) != 1 {
		t.Error("the debrief does not name the temperament")
	}
}

func TestPracticeOnlyIsSaid(t *testing.T) {
	h := openCounter(t, map[string]string{"warm-up": "用途: 练习"})
	if a := h.get("/rehearse/warm-up"); !strings.Contains(a.text, "只供练习") || strings.Contains(a.text, `value="exam"`) {
		t.Error("the page offers an exam, or does not say that there is none")
	}
	a := h.do(http.MethodPost, "/rehearse/warm-up/sessions", url.Values{"mode": {"exam"}})
	if a.location != "/rehearse/warm-up?said=practice_only" {
		t.Errorf("an exam all the same: %d to %q", a.status, a.location)
	}
	h.begin("warm-up", "practice")
}
