package web

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// sit has so many people of the south store take a quiz for the first time: the
// later, the more they get right. Everybody gets the question named the wrong way
// round.
func (s *site) sit(t *testing.T, slug, reversed string, n int) {
	t.Helper()
	library := s.academy.Library()
	bank := library.Quizzes[slug]
	chance := rand.New(rand.NewPCG(7, 7))
	s.write(t, func(tx *store.Tx) error {
		for i := range n {
			p := people.Person{
				ID: store.NewID(), Account: fmt.Sprint("sitter-", i), StaffNo: fmt.Sprint("QB-9", i), Name: "稳",
				StoreID: s.south.ID, Language: "zh", TimeFactor: 100, Roles: []people.Role{people.Advisor},
			}
			if err := tx.AddPerson(p, ""); err != nil {
				return err
			}
			at := tx.Now.Add(-time.Hour)
			a := quiz.Attempt{
				ID: store.NewID(), Person: p.ID, Quiz: slug, Hash: library.Hash("quiz", slug), Number: 1, State: quiz.InProgress,
				StartedAt: at, Deadline: at.Add(time.Hour), Paper: bank.Draw([32]byte{byte(i)}, nil),
			}
			answers, saved := map[int]sheet.Answer{}, map[int]quiz.Saved{}
			for slot, of := range a.Paper.Slots {
				knows := chance.Float64() < 0.1+0.85*float64(i)/float64(n)
				answers[slot+1] = answerTo(bank, of, knows != (of.Question == reversed))
				at = at.Add(time.Duration(10+chance.IntN(40)) * time.Second)
				saved[slot+1] = quiz.Saved{Answer: answers[slot+1], Seq: 1, At: at}
			}
			if err := tx.AddAttempt(a); err != nil {
				return err
			}
			a = a.Submit(bank, answers, at.Add(time.Minute))
			a.Scores = bank.Scores(a.Paper, saved, nil, a.StartedAt)
			if err := tx.EndAttempt(a); err != nil {
				return err
			}
		}
		return nil
	})
}

// answerTo is an answer with full marks, or one without any: the steps the other
// way round, a wrong option, every row with the next one's.
func answerTo(b *quiz.Bank, slot quiz.Slot, right bool) (answer sheet.Answer) {
	q := b.Questions[slices.IndexFunc(b.Questions, func(q quiz.Question) bool { return q.ID == slot.Question })]
	token := func(option int) string { return slot.Tokens[slices.Index(slot.Options, option)] }
	switch q.Kind {
	case sheet.Order, sheet.Hot:
		for option := range q.Options {
			answer = append(answer, token(option))
		}
		if !right {
			slices.Reverse(answer)
		}
	case sheet.Match:
		for _, row := range slot.Rows {
			answer = append(answer, token(q.Rows[row].Option))
		}
		if !right {
			answer = append(answer[1:], answer[0])
		}
	case sheet.Fill:
		for _, blank := range q.Blanks {
			text := blank.Accept[0].Text
			if !right {
				text = "不记得了"
			}
			answer = append(answer, text)
		}
	default:
		for option := range q.Options {
			if q.Options[option].Right == right {
				answer = append(answer, token(option))
			}
		}
		if q.Kind != sheet.Multiple {
			answer = answer[:1]
		}
	}
	return answer
}

// The pages of the analysis with figures on them, in both languages.
func TestItemPages(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	reversed := ""
	bank := w.academy.Library().Quizzes[openQuiz]
	for _, q := range bank.Questions {
		if q.Critical && q.Kind == sheet.Single {
			reversed = q.ID
		}
	}
	w.sit(t, openQuiz, reversed, 60)
	paths := []string{"/trainer/items", "/trainer/items/" + openQuiz + "/papers"}
	for _, sort := range []string{"flags", "written", "facility", "discrimination", "time", "nonsense"} {
		paths = append(paths, "/trainer/items/"+openQuiz+"?sort="+sort)
	}
	for _, q := range bank.Questions {
		paths = append(paths, "/trainer/items/"+openQuiz+"/questions/"+q.ID)
	}
	for lang, attribute := range map[string]string{"zh": "zh-CN", "en": "en"} {
		w.speak(t, lang)
		for _, path := range paths {
			a := w.get(t, w.trainer, path)
			if a.status != http.StatusOK {
				t.Fatalf("%s: status %d", path, a.status)
			}
			p := &examiner{t: t, label: lang + " " + path, lang: lang, data: w.names()}
			root := p.parse(a.body)
			p.shell(root, attribute)
			p.elements(root)
			p.actions(root, w.site)
		}
	}
	w.speak(t, "zh")
	body := w.get(t, w.trainer, "/trainer/items/"+openQuiz).body
	_, table, _ := strings.Cut(body, `class="grid stacks item-grid"`)
	_, rows, _ := strings.Cut(table, "<tbody")
	first, _, _ := strings.Cut(rows, "</tr>")
	if !strings.Contains(first, "/questions/"+reversed) || !strings.Contains(first, "高分者反而答错：检查答案是否有误") {
		t.Errorf("the first question to look at is not %s: %s", reversed, first)
	}
	for _, want := range []string{"信度和一致率要 100 份卷子才站得住，现在 60 份", "成绩分布图。60 份卷子", "人题图", "难度与区分度散点图"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if a := w.get(t, w.trainer, "/trainer/items/"+openQuiz+"/questions/nothing"); a.status != http.StatusNotFound {
		t.Errorf("no such question: %d", a.status)
	}
	if a := w.get(t, w.trainer, "/trainer/items/nothing"); a.status != http.StatusNotFound {
		t.Errorf("no such bank: %d", a.status)
	}
	papers := w.get(t, w.trainer, "/trainer/items/"+openQuiz+"/papers").body
	if !strings.Contains(papers, "这个题库还不到，所以不比") || !strings.Contains(papers, "看了 60 份卷子的用时") {
		t.Errorf("papers of ten questions are not compared: %s", papers)
	}
}

// Two judges go through a panel, page by page.
func TestPanelPages(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.sit(t, doneQuiz, "", 30)
	at := w.trainer.fill("/trainer/items/panels/{panel}")
	ballot := func(percent string) url.Values {
		form := url.Values{}
		n := 0
		for _, q := range w.academy.Library().Quizzes[doneQuiz].Questions {
			if !q.Pilot {
				form.Set(fmt.Sprintf("e.%d.question", n), q.ID)
				form.Set(fmt.Sprintf("e.%d.percent", n), percent)
				n++
			}
		}
		return form
	}
	say := func(who *user, percent string, status int) answer {
		t.Helper()
		a := w.post(t, who, at, ballot(percent))
		if a.status != status {
			t.Fatalf("%s says %s: %d", name(who), percent, a.status)
		}
		return a
	}
	look := func(who *user, wants ...string) {
		t.Helper()
		for lang, attribute := range map[string]string{"en": "en", "zh": "zh-CN"} {
			w.speak(t, lang)
			a := w.get(t, who, at)
			p := &examiner{t: t, label: lang + " " + name(who), lang: lang, data: w.names()}
			root := p.parse(a.body)
			p.shell(root, attribute)
			p.elements(root)
			p.actions(root, w.site)
			for _, want := range wants {
				if lang == "zh" && !strings.Contains(a.body, want) {
					t.Errorf("%s does not read %q", name(who), want)
				}
			}
		}
		w.speak(t, "zh")
	}
	look(w.trainer, "第一轮：各评各的", "还要等至少两位评委评完这一轮")
	if a := say(w.trainer, "", http.StatusUnprocessableEntity); !strings.Contains(a.body, "一道题也没有填") {
		t.Error("it is not said that nothing was filled in")
	}
	if a := say(w.trainer, "52", http.StatusUnprocessableEntity); !strings.Contains(a.body, "每题填 0 到 100、5 的倍数") {
		t.Error("it is not said what can be filled in")
	}
	say(w.trainer, "60", http.StatusSeeOther)
	say(w.admin, "80", http.StatusSeeOther)
	look(w.trainer, `<option value="60" selected`, "进入第二轮")
	if a := w.get(t, w.trainer, at); strings.Contains(a.body, `<option value="80" selected`) || strings.Contains(a.body, "大家") {
		t.Error("the others' judgements are shown in the first round")
	}
	if a := w.post(t, w.admin, at+"/round", url.Values{"from": {"1"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the second round: %d", a.status)
	}
	look(w.trainer, "第二轮：看过别人的再评", "你上一轮填 60", "大家 60 到 80，平均 70", "真实得分率", `<option value="60" selected`)
	say(w.trainer, "65", http.StatusSeeOther)
	say(w.admin, "75", http.StatusSeeOther)
	if a := w.post(t, w.trainer, at+"/round", url.Values{"from": {"2"}}); a.status != http.StatusSeeOther {
		t.Fatalf("the end: %d", a.status)
	}
	look(w.trainer, "建议的及格线", "70.0 分", "±5.0", "和现在的及格线 70 差不多", "第一轮是 70.0 分")
	if a := w.get(t, w.trainer, "/trainer/items/"+doneQuiz+"/panels"); !strings.Contains(a.body, "已结束") {
		t.Error("the list does not say that the panel is over")
	}
}
