package academy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/analysis"
	"qibu/quiz/sheet"
)

// takes has somebody take the quiz, a minute a question, and get everything right
// but the questions named.
func (c *campus) takes(who people.Actor, wrong ...string) {
	c.t.Helper()
	id := c.begin(who)
	d, err := c.paper(context.Background(), who.ID, id)
	if err != nil {
		c.t.Fatal(err)
	}
	key := c.key(who, id)
	for i, slot := range d.paper.Slots {
		c.later(time.Minute)
		answer := key[i+1]
		if slices.Contains(wrong, slot.Question) {
			answer = sheet.Answer{slot.Tokens[(slices.Index(slot.Tokens, answer[0])+1)%len(slot.Tokens)]}
		}
		c.put(who, id, Change{Slot: i + 1, Seq: 1, Answer: answer})
	}
	c.handIn(who, id)
}

func (c *campus) bankFigures(who people.Actor) BankFigures {
	c.t.Helper()
	b, err := c.ItemBank(context.Background(), who, walkaround)
	if err != nil {
		c.t.Fatal(err)
	}
	return b
}

func (b BankFigures) question(t *testing.T, id string) QuestionFigures {
	t.Helper()
	i := slices.IndexFunc(b.Questions, func(q QuestionFigures) bool { return q.Question == id })
	if i < 0 {
		t.Fatalf("no question %s", id)
	}
	return b.Questions[i]
}

// aCriticalChoice is a question of the quiz that is in every paper.
func (c *campus) aCriticalChoice() quiz.Question {
	c.t.Helper()
	for _, q := range c.Library().Quizzes[walkaround].Questions {
		if q.Critical && q.Kind == sheet.Single {
			return q
		}
	}
	c.t.Fatal("no critical question with one right option")
	return quiz.Question{}
}

func TestItemsOfABank(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	there := c.addStore("滨江店")
	asked := c.aCriticalChoice()
	c.takes(c.add("甲", people.Advisor), asked.ID)
	c.takes(c.addTo(there, "乙", people.Advisor)) // of another store, and counted: nobody is named
	c.fail(c.add("丙", people.Advisor))           // handed in blank: says nothing of the questions
	twice := c.add("丁", people.Advisor)
	c.takes(twice)
	c.later(30 * 24 * time.Hour)
	c.takes(twice, asked.ID) // a second try: the answers have been seen
	c.begin(c.add("戊", people.Advisor))

	b := c.bankFigures(qin)
	if b.Report.Attempts != 3 || len(b.Questions) != len(c.Library().Quizzes[walkaround].Questions) {
		t.Errorf("%d attempts, %d questions", b.Report.Attempts, len(b.Questions))
	}
	q := b.question(t, asked.ID)
	if q.N != 3 || fmt.Sprintf("%.2f", q.Facility) != "0.67" || q.Timed != 3 || q.Median != time.Minute {
		t.Errorf("%+v", q.ItemFigures)
	}
	right, shares := 0, 0.0
	for i, o := range q.Options {
		shares += o.Share
		if o.Right {
			right = o.N
		}
		if q.Shown.Options[i].Text != asked.Options[i].Text || q.Shown.Options[i].Right != asked.Options[i].Right || q.Shown.Options[i].Chosen {
			t.Errorf("option %d is shown as %+v", i, q.Shown.Options[i])
		}
	}
	if right != 2 || shares < 0.999 || shares > 1.001 || q.Shown.Stem != asked.Stem {
		t.Errorf("%+v", q)
	}
	if len(q.Trend) != 1 || q.Trend[0].N != 3 || !q.Trend[0].Same {
		t.Errorf("trend %+v", q.Trend)
	}
	list, err := c.ItemBanks(t.Context(), qin)
	if err != nil || len(list) != len(c.Library().Quizzes) {
		t.Fatalf("%d banks, %v", len(list), err)
	}
	for _, one := range list {
		if want := map[bool]int{true: 3}[one.Slug == walkaround]; one.Report.Attempts != want {
			t.Errorf("%s has %d attempts, want %d", one.Slug, one.Report.Attempts, want)
		}
	}
}

// Figures are worked out once, and anew with the next result.
func TestFiguresAreRemembered(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	c.takes(c.add("甲", people.Advisor))
	statements := func() int64 {
		before := c.store.Statements()
		c.bankFigures(qin)
		return c.store.Statements() - before
	}
	first, again := statements(), statements()
	if first != 2 || again != 1 {
		t.Errorf("%d statements at first, %d again, want 2 and 1", first, again)
	}
	c.takes(c.add("乙", people.Advisor))
	if b := c.bankFigures(qin); b.Report.Attempts != 2 {
		t.Errorf("after another result: %d attempts", b.Report.Attempts)
	}
}

// Of editions, only what was asked in the same words and with the same key is
// put together; the rest shows in the trend.
func TestOnlyTheSameWordingIsPooled(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	asked := c.aCriticalChoice()
	c.takes(c.add("甲", people.Advisor))
	text, err := content.FS.ReadFile("quizzes/" + walkaround + ".md")
	if err != nil {
		t.Fatal(err)
	}
	heading := "{#" + asked.ID
	changed := strings.Replace(string(text), heading, "（改过） "+heading, 1)
	l, ps := LoadLibrary(content.FS, fstest.MapFS{"quizzes/" + walkaround + ".md": {Data: []byte(changed)}})
	if l == nil {
		t.Fatal(ps.Err())
	}
	c.restart(l)
	c.takes(c.add("乙", people.Advisor), asked.ID)
	b := c.bankFigures(qin)
	q := b.question(t, asked.ID)
	if q.N != 1 || q.Facility != 0 || b.Report.Attempts != 2 {
		t.Errorf("changed question: %d of %d attempts, facility %v", q.N, b.Report.Attempts, q.Facility)
	}
	if len(q.Trend) != 2 || !q.Trend[0].Same || q.Trend[1].Same || q.Trend[0].Facility != 0 || q.Trend[1].Facility != 1 {
		t.Errorf("trend %+v", q.Trend)
	}
	for _, other := range b.Questions {
		if other.Question != asked.ID && len(other.Trend) == 2 && other.N != 2 {
			t.Errorf("%s is the same in both, and counted %d times", other.Question, other.N)
		}
	}
}

// Papers that stand out are named only to whom both people are within reach.
func TestConspicuousPapersOfOthersAreNotNamed(t *testing.T) {
	c := openCampus(t)
	qin, hr := c.add("秦师傅", people.Trainer), c.add("何人事", people.HR)
	here, too := c.add("甲", people.Advisor), c.add("乙", people.Advisor)
	there := c.addTo(c.addStore("滨江店"), "丙", people.Advisor)
	f := &fare{
		hash:    c.Library().Hash(quizKind, walkaround),
		takers:  []taker{{person: here.ID}, {person: too.ID}, {person: there.ID}},
		alike:   analysis.Likeness{Compared: 3, Pairs: []analysis.Pair{{A: 0, B: 1}, {A: 0, B: 2}}},
		hurried: analysis.Haste{Compared: 3, Papers: []analysis.Hasty{{Attempt: 2}, {Attempt: 1}}},
	}
	c.fares.keep(walkaround, f)
	names := func(who people.Actor) (list []string) {
		got, err := c.Conspicuous(t.Context(), who, walkaround)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range got.Alike {
			list = append(list, p.First.Person.Name+p.Second.Person.Name)
		}
		for _, p := range got.Hasty {
			list = append(list, p.Paper.Person.Name)
		}
		return list
	}
	if diff := cmp.Diff([]string{"甲乙", "乙"}, names(qin)); diff != "" {
		t.Error("trainer: " + diff)
	}
	if diff := cmp.Diff([]string{"甲乙", "甲丙", "丙", "乙"}, names(hr)); diff != "" {
		t.Error("HR: " + diff)
	}
}

// The whole way from recorded scores to a pair that copied.
func TestWorkOutFindsCopiedPapers(t *testing.T) {
	bank := &quiz.Bank{Slug: "long", Pass: 60}
	for i := range 40 {
		bank.Questions = append(bank.Questions, quiz.Question{
			ID: fmt.Sprint("q", i), Kind: sheet.Single, Points: 1, Options: []quiz.Option{{Right: true}, {}, {}, {}},
		})
	}
	var results []store.FirstResult
	chance := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		r := store.FirstResult{Quiz: "long", PersonID: fmt.Sprint("p", n), Edition: "e"}
		for i := range 40 {
			choice := max(0, chance.IntN(8)-4) // five of eight right
			if n == 1 {
				choice = results[0].Scores[i].Chosen[0]
			}
			s := quiz.Score{Question: fmt.Sprint("q", i), Max: 1, Chosen: []int{choice}, Answered: true}
			if choice == 0 {
				s.Points = 1
			}
			r.Scores = append(r.Scores, s)
		}
		results = append(results, r)
	}
	f := &fare{}
	f.workOut(bank, results, map[string]*quiz.Bank{"e": bank})
	if len(f.alike.Pairs) != 1 || f.alike.Pairs[0].A != 0 || f.alike.Pairs[0].B != 1 {
		t.Errorf("pairs %+v", f.alike.Pairs)
	}
}

func TestItemsAreForWhoMaySeeThem(t *testing.T) {
	c := openCampus(t)
	for _, who := range []people.Actor{c.add("甲", people.Advisor), c.add("管理员", people.Admin)} {
		_, list := c.ItemBanks(t.Context(), who)
		_, one := c.ItemBank(t.Context(), who, walkaround)
		_, papers := c.Conspicuous(t.Context(), who, walkaround)
		for _, err := range []error{list, one, papers} {
			if !errors.Is(err, fault.Forbidden) {
				t.Errorf("%v: %v", who.Roles, err)
			}
		}
	}
	qin := c.add("秦师傅", people.Trainer)
	_, one := c.ItemBank(t.Context(), qin, "nothing")
	_, papers := c.Conspicuous(t.Context(), qin, "nothing")
	if !errors.Is(one, fault.NotFound) || !errors.Is(papers, fault.NotFound) {
		t.Errorf("no such bank: %v, %v", one, papers)
	}
}
