package academy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// essay is a free text to put behind the shipped questions.
const essay = `
## 车晚了一小时，你怎么对王先生说？ {#late-call type=text topic=D4 words=200}
评分：
- 先道歉，再解释 (2)
- 给出新的时间 (1)

参考：王先生，对不起，让您久等了。
解析：先顾人，再顾事。
依据：S4-035 · 复习：seven-steps/vehicle-walkaround#covers
`

// openStudy is a campus whose walkaround quiz asks all there is, and free texts.
func openStudy(t *testing.T, texts string) (c *campus, trainer, second, zhang people.Actor) {
	t.Helper()
	c = openCampus(t)
	next := *c.Library()
	var text string
	c.read(func(tx *store.Tx) error {
		e, err := tx.Edition(quizKind, walkaround, next.Hash(quizKind, walkaround))
		text = e.Files[walkaround+".md"] + texts
		return err
	})
	all := fmt.Sprint("\ndraw: ", len(next.Quizzes[walkaround].Questions)+strings.Count(texts, "type=text"), "\n")
	text = regexp.MustCompile(`\ndraw: \d+\n`).ReplaceAllString(text, all)
	bank, ps := quiz.Parse("quizzes/"+walkaround+".md", []byte(text))
	if bank == nil {
		t.Fatal(ps.Err())
	}
	next.Quizzes = maps.Clone(next.Quizzes)
	next.Quizzes[walkaround] = bank
	files := map[string]string{walkaround + ".md": text}
	next.editions = []store.Edition{{Kind: quizKind, Slug: walkaround, Hash: hashOf(files), Files: files, Origin: store.Shipped}}
	next.hashes = maps.Clone(next.hashes)
	next.hashes[quizKind+"/"+walkaround] = hashOf(files)
	if err := c.publish(context.Background(), &next); err != nil {
		t.Fatal(err)
	}
	return c, c.add("李培训", people.Trainer), c.add("周培训", people.Trainer), c.add("张新", people.Advisor)
}

// compose answers everything right, the free text with some words, and hands in.
func (c *campus) compose(who people.Actor, id string) int {
	c.t.Helper()
	slot := 0
	for _, item := range c.open(who, id).Sheet.Items {
		answer := sheet.Answer{"王先生，对不起，十一点一定好。"}
		if item.Kind == sheet.Text {
			slot = item.Slot
		} else {
			answer = c.key(who, id)[item.Slot]
		}
		c.put(who, id, Change{Slot: item.Slot, Seq: 1, Answer: answer})
	}
	c.handIn(who, id)
	return slot
}

// While one text waits, the marks of another are not known: they could be changed.
func TestNoMarkCountsBeforeTheLast(t *testing.T) {
	c, trainer, _, zhang := openStudy(t, essay+strings.Replace(essay, "#late-call", "#late-again", 1))
	id := c.begin(zhang)
	c.compose(zhang, id)
	q, err := c.MarkingQueue(context.Background(), trainer, 1)
	if err != nil || len(q.Texts) != 2 {
		t.Fatalf("queue %+v, %v", q.Texts, err)
	}
	mark := func(n int) {
		t.Helper()
		if err := c.MarkText(context.Background(), trainer, id, q.Texts[n].Slot, []int{2, 1}, ""); err != nil {
			t.Fatal(err)
		}
	}
	mark(0)
	if r := c.graded(zhang, id); r.Pending != 2 || r.Items[q.Texts[0].Slot-1].Points != 0 {
		t.Errorf("with one of two marked: %+v", r.Result)
	}
	mark(1)
	if r := c.graded(zhang, id); r.Pending != 0 || !r.Passed || r.Points != r.Max {
		t.Errorf("with both marked: %+v", r.Result)
	}
}

func TestMarkingAText(t *testing.T) {
	c, trainer, _, zhang := openStudy(t, essay)
	ctx := context.Background()
	id := c.begin(zhang)
	slot := c.compose(zhang, id)
	if r := c.graded(zhang, id); r.Pending != 1 || r.Passed {
		t.Errorf("before it is marked: %+v", r.Result)
	}
	if e := c.page(zhang).Earlier; len(e) != 1 || e[0].Graded {
		t.Errorf("earlier %+v", e)
	}
	if got := c.evidenceOf(zhang); got != nil {
		t.Errorf("evidence before it is marked: %+v", got)
	}
	q, err := c.MarkingQueue(ctx, trainer, 1)
	if err != nil || len(q.Texts) != 1 || q.Texts[0].AttemptID != id || q.Texts[0].Slot != slot || q.Texts[0].Name != "" {
		t.Fatalf("queue %+v, %v", q.Texts, err)
	}
	text, err := c.FreeText(ctx, trainer, id, slot)
	if err != nil || text.Name != "" || len(text.Rubric) != 2 || !strings.Contains(text.Text, "十一点") || !strings.Contains(text.Model, "久等") {
		t.Fatalf("%+v, %v", text, err)
	}
	for name, points := range map[string][]int{"none": nil, "too few": {2}, "too many": {2, 1, 0}, "beyond": {3, 1}, "negative": {-1, 1}} {
		if err := c.MarkText(ctx, trainer, id, slot, points, ""); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := c.MarkText(ctx, trainer, id, slot, []int{2, 0}, "先道歉，很好；时间没说。"); err != nil {
		t.Fatal(err)
	}
	if text, err = c.FreeText(ctx, trainer, id, slot); err != nil || len(text.Given) != 1 || text.Given[0].At.Location() != c.Zone() {
		t.Errorf("what was given: %+v, %v", text.Given, err)
	}
	r := c.graded(zhang, id)
	item := r.Items[slot-1]
	if r.Pending != 0 || !r.Passed || item.Points != 2 || item.Comment != "先道歉，很好；时间没说。" {
		t.Errorf("marked: %+v", r.Result)
	}
	var points []int
	for _, criterion := range item.Criteria {
		points = append(points, criterion.Points)
	}
	if diff := cmp.Diff([]int{2, 0}, points); diff != "" {
		t.Errorf("criteria (-want +got):\n%s", diff)
	}
	if got := c.evidenceOf(zhang); len(got) != 1 || got[0].SourceID != id || got[0].Percent != r.Percent {
		t.Errorf("evidence %+v", got)
	}
	if err := c.MarkText(ctx, trainer, id, slot, []int{2, 1}, ""); !errors.Is(err, fault.Conflict) {
		t.Errorf("marked after the result: %v", err)
	}
	if text, err := c.FreeText(ctx, trainer, id, slot); err != nil || text.Open || text.Name != "张新" || len(text.Given) != 1 {
		t.Errorf("%+v, %v", text, err)
	}
}

// In an exam a second trainer may mark the same text until results are released:
// the latest holds, both are kept.
func TestSecondMarking(t *testing.T) {
	c, trainer, second, zhang := openStudy(t, essay)
	ctx := context.Background()
	sitting, err := c.SetSitting(ctx, trainer, SittingPlan{
		Title: "三月考试", Quiz: walkaround, Opens: c.at(), Closes: c.at().Add(2 * time.Hour), People: []string{zhang.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	id, err := c.StartExam(ctx, zhang, sitting, true)
	if err != nil {
		t.Fatal(err)
	}
	slot := c.compose(zhang, id)
	if err := c.MarkText(ctx, trainer, id, slot, []int{0, 0}, "没有道歉"); err != nil {
		t.Fatal(err)
	}
	if text, err := c.FreeText(ctx, second, id, slot); err != nil || text.Name != "" || text.Given != nil {
		t.Errorf("the second trainer is told %q and %+v, %v", text.Name, text.Given, err)
	}
	if err := c.MarkText(ctx, second, id, slot, []int{2, 1}, "有道歉"); err != nil {
		t.Fatal(err)
	}
	if text, err := c.FreeText(ctx, second, id, slot); err != nil || len(text.Given) != 2 || text.Given[0].Name != "李培训" {
		t.Errorf("%+v, %v", text.Given, err)
	}
	if got := c.evidenceOf(zhang); got != nil {
		t.Errorf("evidence while the window is open: %+v", got)
	}
	c.later(2 * time.Hour)
	if _, err := c.ReleaseResults(ctx); err != nil {
		t.Fatal(err)
	}
	if r := c.graded(zhang, id); r.Percent != 100 || r.Items[slot-1].Comment != "有道歉" {
		t.Errorf("%+v", r.Result)
	}
	if got := c.evidenceOf(zhang); len(got) != 1 || got[0].Percent != 100 {
		t.Errorf("evidence %+v", got)
	}
}

// A text that is marked after the release brings the result with the last mark.
func TestMarkingAfterTheRelease(t *testing.T) {
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
	c.later(time.Hour)
	if _, err := c.ReleaseResults(ctx); err != nil {
		t.Fatal(err)
	}
	b, err := c.Board(ctx, trainer, sitting)
	if err != nil || b.Counts[sheet.ToBeMarked] != 1 {
		t.Errorf("board %v, %v", b.Counts, err)
	}
	if r := c.graded(zhang, id); r.Pending != 1 {
		t.Errorf("%+v", r.Result)
	}
	if err := c.MarkText(ctx, trainer, id, slot, []int{2, 1}, ""); err != nil {
		t.Fatal(err)
	}
	if b, err = c.Board(ctx, trainer, sitting); err != nil || b.Counts[sheet.Passed] != 1 {
		t.Errorf("board %v, %v", b.Counts, err)
	}
	if got := c.evidenceOf(zhang); len(got) != 1 || got[0].Day != "2026-03-02" {
		t.Errorf("evidence %+v", got)
	}
}

func TestWhoMayMark(t *testing.T) {
	c, trainer, _, zhang := openStudy(t, essay)
	ctx := context.Background()
	id := c.begin(zhang)
	slot := c.compose(zhang, id)
	far := c.addTo(c.addStore("滨江店"), "远培训", people.Trainer)
	own := c.begin(trainer)
	ownSlot := c.compose(trainer, own)
	for name, tc := range map[string]struct {
		who  people.Actor
		id   string
		slot int
		want fault.Kind
	}{
		"the writer":      {zhang, id, slot, fault.Forbidden},
		"HR":              {c.add("王人事", people.HR), id, slot, fault.Forbidden},
		"another store":   {far, id, slot, fault.NotFound},
		"one's own text":  {trainer, own, ownSlot, fault.NotFound},
		"no text":         {trainer, id, slot%2 + 1, fault.NotFound},
		"no such attempt": {trainer, store.NewID(), 1, fault.NotFound},
	} {
		if err := c.MarkText(ctx, tc.who, tc.id, tc.slot, []int{1, 1}, ""); !errors.Is(err, tc.want) {
			t.Errorf("%s marks: %v, want %v", name, err, tc.want)
		}
		if err := second(c.FreeText(ctx, tc.who, tc.id, tc.slot)); !errors.Is(err, tc.want) {
			t.Errorf("%s reads: %v, want %v", name, err, tc.want)
		}
	}
	if q, err := c.MarkingQueue(ctx, far, 1); err != nil || len(q.Texts) != 0 {
		t.Errorf("another store's trainer is offered %+v, %v", q.Texts, err)
	}
	if q, err := c.MarkingQueue(ctx, trainer, 1); err != nil || len(q.Texts) != 1 {
		t.Errorf("the trainer is offered %+v, %v", q.Texts, err)
	}
}

// An open attempt, and a text nobody wrote, are not for marking.
func TestNothingToMark(t *testing.T) {
	c, trainer, _, zhang := openStudy(t, essay)
	id := c.begin(zhang)
	if _, err := c.FreeText(context.Background(), trainer, id, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("an open attempt: %v", err)
	}
	c.handIn(zhang, id)
	if r := c.graded(zhang, id); r.Pending != 0 || r.Passed {
		t.Errorf("a blank paper: %+v", r.Result)
	}
	if _, _, ok, err := c.NextText(context.Background(), trainer); ok || err != nil {
		t.Errorf("a blank text is offered: %v", err)
	}
}
