package academy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

func TestRecordingTellsHowItWent(t *testing.T) {
	c := openCampus(t)
	lin, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	id := c.start(lin)
	c.later(5 * time.Second)
	c.walk(lin, id, reckless)
	if err := c.Intend(context.Background(), lin, id, "先听完再开口"); err != nil {
		t.Fatal(err)
	}
	r, err := c.Recording(context.Background(), trainer, id)
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "林晓" || r.PersonID != lin.ID || !r.Exam || r.Forked || r.Intent != "先听完再开口" || r.Edition != c.Library().Hash(scenarioKind, mrsLi) {
		t.Errorf("%+v", r)
	}
	if r.StartedAt.Location() != c.zone || r.EndedAt.Sub(r.StartedAt) != 225*time.Second {
		t.Errorf("from %v to %v", r.StartedAt, r.EndedAt)
	}
	if len(r.Turns) != 10 || len(r.Curves) != 2 || len(r.Closing) == 0 {
		t.Fatalf("%d turns, %d curves, %d closing lines", len(r.Turns), len(r.Curves), len(r.Closing))
	}
	ask := r.Turns[1] // looked into the customer's file first
	if ask.Number != 2 || ask.Scene != "核实" || ask.Took != 40_000 || ask.Step != 3 {
		t.Errorf("the second turn: number %d, %s, %d ms, step %d", ask.Number, ask.Scene, ask.Took, ask.Step)
	}
	opened := []OpenedPaper{{"客户档案", r.StartedAt.Add(45 * time.Second)}}
	if diff := cmp.Diff(opened, ask.Papers); diff != "" {
		t.Errorf("papers (-want +got):\n%s", diff)
	}
	for i, turn := range r.Turns {
		if len(turn.Before) == 0 {
			t.Errorf("turn %d: nobody had said anything", i+1)
		}
		for _, l := range turn.Before {
			if l.Kind == "me" || l.Kind == "document" || l.Step > turn.Step {
				t.Errorf("turn %d: %+v", i+1, l)
			}
		}
	}
	crossed := r.Turns[2]
	var said []string
	for _, x := range crossed.Choices {
		said = append(said, fmt.Sprintf("%d said %v best %v red %v", x.Number, x.Said, x.Best, x.RedLine != ""))
	}
	if want := []string{"1 said true best false red true", "2 said false best true red false", "3 said false best false red false"}; !slices.Equal(said, want) {
		t.Errorf("the red line's turn: %q, want %q", said, want)
	}
	if crossed.RedLine == "" || crossed.Coaching == "" {
		t.Errorf("what was broken: %q, %q", crossed.RedLine, crossed.Coaching)
	}
	stands := map[string]int{}
	for _, c := range r.Curves {
		stands[c.Meter] = c.Moments[0].Value
	}
	for i, turn := range r.Turns {
		for _, x := range turn.Changes {
			if x.From != stands[x.Meter] || x.To == x.From {
				t.Errorf("turn %d: %s goes from %d to %d and stood at %d", i+1, x.Meter, x.From, x.To, stands[x.Meter])
			}
			stands[x.Meter] = x.To
		}
		for _, g := range turn.Meters {
			if stands[g.Meter] != g.Value {
				t.Errorf("after turn %d %s stands at %d, the changes say %d", i+1, g.Meter, g.Value, stands[g.Meter])
			}
		}
	}
}

// Where all that was on offer is worth the same, nothing was the best to say.
func TestBestNeedsSomethingWorse(t *testing.T) {
	sc := openCampus(t).Library().Scenarios[mrsLi]
	scene := sc.Scenes[0]
	var all []stage.Alternative
	for _, o := range scene.Options {
		all = append(all, stage.Alternative{Text: o.Text})
	}
	for offered, want := range map[int]int{1: 0, len(all): 1} {
		best := 0
		for _, x := range choices(sc, stage.Turn{Scene: scene.Name, Offered: all[:offered]}) {
			if x.Best {
				best++
			}
		}
		if best != want {
			t.Errorf("of %d on offer %d are the best", offered, best)
		}
	}
}

func TestRecordReplaysOnAnyMachine(t *testing.T) {
	c := openCampus(t)
	lin, trainer, admin := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer), c.add("郑凯", people.Admin)
	id := c.start(lin)
	c.walk(lin, id, golden)
	file, err := c.Record(context.Background(), trainer, id)
	if err != nil {
		t.Fatal(err)
	}
	var record roleplay.Record
	if err := json.Unmarshal(file, &record); err != nil {
		t.Fatal(err)
	}
	if err := record.Replay(); err != nil || record.Outcome.Total != 100 || !record.Exam {
		t.Errorf("replay: %v; outcome %+v", err, record.Outcome)
	}
	log, err := c.Audit(context.Background(), admin, 1)
	if err != nil || len(log.Entries) != 1 || log.Entries[0].Action != "take_record" || log.Entries[0].Subject != "林晓" {
		t.Errorf("the audit list has %+v, %v", log.Entries, err)
	}
}

func TestCommentsReachTheTurn(t *testing.T) {
	c := openCampus(t)
	lin, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	id := c.start(lin)
	c.walk(lin, id, reckless)
	for _, x := range []struct {
		key, text string
		step      int
		want      error
	}{
		{"k1", "  先听清声音\n再登记  ", 4, nil},
		{"k1", "  先听清声音\n再登记  ", 4, nil}, // pressed twice
		{"k2", "后来收得好", 5, nil},
		{"k3", strings.Repeat("字", maxComment), 4, nil},
		{"k4", strings.Repeat("字", maxComment+1), 4, fault.Invalid},
		{"k5", " \n ", 4, fault.Invalid},
		{"", "没有号", 4, fault.Invalid},
		{"k6", "翻资料不是一句话", 2, fault.Invalid},
		{"k7", "没有这一步", 0, fault.Invalid},
		{"k8", "没有这一步", 99, fault.Invalid},
	} {
		c.later(time.Minute)
		if err := c.CommentTurn(context.Background(), trainer, id, x.key, x.step, x.text); !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %v", x.key, err, x.want)
		}
	}
	r, err := c.Recording(context.Background(), trainer, id)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, turn := range r.Turns {
		for _, x := range turn.Comments {
			got = append(got, fmt.Sprintf("%d %s %.5s", turn.Step, x.Author, x.Text))
		}
	}
	want := []string{"4 周敏 先听清声音", "4 周敏 字字字字字", "5 周敏 后来收得好"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
	for _, after := range []time.Duration{0, lately + time.Minute} {
		c.later(after)
		list, err := c.Rehearsals(context.Background(), lin)
		i := slices.IndexFunc(list, func(r Rehearsal) bool { return r.Slug == mrsLi })
		want := store.Commented{SessionID: id, Times: 3}
		if after > lately {
			want = store.Commented{}
		}
		if err != nil || list[i].Commented != want {
			t.Errorf("after %v the learner is led to %+v, want %+v, %v", after, list[i].Commented, want, err)
		}
	}
}

func TestRecordingsAreOfTheOwnStore(t *testing.T) {
	c := openCampus(t)
	lin, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	sun := c.addTo(c.addStore("城北店"), "孙悦", people.Advisor)
	mine, theirs, open := c.start(lin), c.start(sun), c.rehearse(lin, mrsLi, false)
	c.walk(lin, mine, golden)
	c.walk(sun, theirs, golden)
	use := func(who people.Actor, id string) []error {
		_, shown := c.Recording(context.Background(), who, id)
		_, taken := c.Record(context.Background(), who, id)
		return []error{shown, taken, c.CommentTurn(context.Background(), who, id, "k", 2, "稳")}
	}
	for _, x := range []struct {
		name string
		who  people.Actor
		id   string
		want error
	}{
		{"the own store", trainer, mine, nil},
		{"another store", trainer, theirs, fault.NotFound},
		{"under way", trainer, open, fault.NotFound},
		{"nothing", trainer, "none", fault.NotFound},
		{"oneself", lin, mine, fault.Forbidden},
		{"HR", c.add("吴静", people.HR), mine, fault.Forbidden},
		{"admin", c.add("郑凯", people.Admin), mine, fault.Forbidden},
	} {
		for i, err := range use(x.who, x.id) {
			if !errors.Is(err, x.want) {
				t.Errorf("%s, use case %d: %v, want %v", x.name, i, err, x.want)
			}
		}
	}
	before := c.store.Statements()
	list, err := c.Recordings(context.Background(), trainer, RecordingQuery{Scenario: mrsLi, Text: "林"})
	if err != nil || list.Total != 1 || list.Rows[0].ID != mine || list.Rows[0].Comments != 1 || list.Rows[0].Took != 240*time.Second {
		t.Errorf("%+v, %v", list, err)
	}
	if n := c.store.Statements() - before; n > 3 { // and who is asking
		t.Errorf("the list takes %d statements", n)
	}
	if _, err := c.Recordings(context.Background(), lin, RecordingQuery{}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an advisor asks for the list: %v", err)
	}
}

// What was played on an edition that is no longer in force is told by that edition.
func TestRecordingOfAnOldEdition(t *testing.T) {
	c := openCampus(t)
	lin, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	id := c.start(lin)
	c.walk(lin, id, golden)
	scenarios := c.Library().Scenarios
	changed := *scenarios[mrsLi]
	changed.Title = "换过了"
	l := *c.Library()
	l.Scenarios = map[string]*roleplay.Scenario{mrsLi: &changed}
	l.hashes = map[string]string{scenarioKind + "/" + mrsLi: "another"}
	c.library.Store(&l)
	r, err := c.Recording(context.Background(), trainer, id)
	if err != nil || r.Title == changed.Title || len(r.Turns) != 9 {
		t.Errorf("%q with %d turns, %v", r.Title, len(r.Turns), err)
	}
	m, err := c.StoryMap(context.Background(), trainer, mrsLi)
	if err != nil || m.Exams != 0 || m.Title != changed.Title {
		t.Errorf("the map of %q counts %d exams, %v", m.Title, m.Exams, err)
	}
}
