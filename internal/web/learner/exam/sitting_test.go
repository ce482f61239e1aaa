package exam_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/store"
)

// sit has a learner begin an exam that asks one question at a time and lasts two hours.
func (l *learner) sit() string {
	l.Helper()
	id := store.NewID()
	trainer := people.Person{
		ID: id, Account: id, StaffNo: "QB-" + id, Name: "周敏", StoreID: l.home.ID, Language: "zh", TimeFactor: 100,
		Roles: []people.Role{people.Trainer},
	}
	l.write(func(tx *store.Tx) error { return tx.AddPerson(trainer, "none") })
	who := people.Actor{ID: id, Name: trainer.Name, StoreID: l.home.ID, TimeFactor: 100, Roles: trainer.Roles}
	sitting, err := l.academy.SetSitting(context.Background(), who, academy.SittingPlan{
		Title: "三月考试", Quiz: slug, Opens: l.now().Add(time.Minute), Closes: l.now().Add(2 * time.Hour), OneByOne: true,
		People: []string{l.who.ID},
	})
	if err != nil {
		l.Fatal(err)
	}
	l.later(time.Minute)
	attempt, err := l.academy.StartExam(context.Background(), l.who, sitting, true)
	if err != nil {
		l.Fatal(err)
	}
	return "/attempts/" + attempt
}

// Where an exam asks one question at a time, each is a page of its own; every way
// to another one saves what is on this one.
func TestOneQuestionAtATime(t *testing.T) {
	zhang := open(t).learner("张新")
	attempt := zhang.sit()
	items := zhang.paper(attempt)
	for at, item := range items {
		page := zhang.get(fmt.Sprintf("%s?q=%d", attempt, at+1)).body
		if n := strings.Count(page, "<quiz-question"); n != 1 || !strings.Contains(page, item.Stem) {
			t.Fatalf("page %d shows %d questions", at+1, n)
		}
		form := fields(t, page)
		answerIn(form, item)
		if at+1 < len(items) {
			form.Set("go", fmt.Sprint(at+2))
			if a := zhang.post(attempt+"/answers", form); a.to != fmt.Sprintf("%s?q=%d", attempt, at+2) {
				t.Fatalf("going on from %d led to %q (%d)", at+1, a.to, a.status)
			}
		} else {
			form.Set("do", "save")
			if a := zhang.post(attempt+"/answers", form); a.to != fmt.Sprintf("%s?q=%d&said=answers_saved", attempt, at+1) {
				t.Fatalf("saving the last led to %q (%d)", a.to, a.status)
			}
		}
	}
	for _, item := range zhang.paper(attempt) {
		if len(item.Answer) == 0 {
			t.Errorf("question %d (%s) was not saved on the way", item.Slot, item.Kind)
		}
	}
	for _, q := range []string{"0", "-3", "99", "x"} { // nobody falls off either end
		if a := zhang.get(attempt + "?q=" + q); a.status != http.StatusOK || strings.Count(a.body, "<quiz-question") != 1 {
			t.Errorf("q=%s: status %d", q, a.status)
		}
	}
}

// What was handed in is on record at once, and how it went when it is made known.
func TestTheRecordOfAnExam(t *testing.T) {
	s := open(t)
	zhang, chen := s.learner("张新"), s.learner("陈立")
	attempt := zhang.sit()
	item := zhang.paper(attempt)[0]
	zhang.post(attempt+"/submit", nil)

	later := zhang.get(attempt + "/result").body
	when := zh("quiz.released", "when", zh("quiz.day", "date", "3 月 2 日", "time", "11:20"))
	if !strings.Contains(later, when) || !strings.Contains(later, "三月考试") {
		t.Errorf("the result page does not say %q", when)
	}
	for _, secret := range secrets(t) {
		if strings.Contains(later, secret) {
			t.Errorf("the result that is not known yet tells %q", secret)
		}
	}
	record := zhang.get("/record").body
	for _, want := range []string{zh("quiz.to_release"), "三月考试", `href="` + attempt + `/result"`} {
		if !strings.Contains(record, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
	question := "/record/questions/" + slug + "/" + zhang.question(attempt, item.Slot)
	if a := zhang.get(question); a.status != http.StatusNotFound {
		t.Errorf("a question before the release: status %d", a.status)
	}

	s.later(2 * time.Hour)
	result := zhang.get(attempt + "/result").body
	if !strings.Contains(result, zh("quiz.result_failed")) {
		t.Error("the result is not shown after the release")
	}
	if record = zhang.get("/record?quiz=" + slug).body; !strings.Contains(record, zh("quiz.not_passed")) {
		t.Error("the record does not say how it went")
	}
	if a := zhang.get(question); a.status != http.StatusOK || !strings.Contains(a.body, item.Stem) || strings.Count(a.body, `class="reviewed"`) != 1 {
		t.Errorf("a question after the release: status %d", a.status)
	}
	if a := chen.get(question); a.status != http.StatusNotFound {
		t.Errorf("somebody else's answers: status %d", a.status)
	}
	if empty := chen.get("/record").body; !strings.Contains(empty, zh("record.none")) || strings.Contains(empty, attempt) {
		t.Error("an empty record does not say what to do")
	}
	if n := zhang.get("/record").statements; n > 5 {
		t.Errorf("the record takes %d statements", n)
	}
}

// question is the id of a question of a paper in its bank.
func (l *learner) question(attempt string, slot int) (id string) {
	l.Helper()
	err := l.store.Read(context.Background(), func(tx *store.Tx) error {
		paper, err := tx.Paper(strings.TrimPrefix(attempt, "/attempts/"))
		id = paper.Slots[slot-1].Question
		return err
	})
	if err != nil {
		l.Fatal(err)
	}
	return id
}
