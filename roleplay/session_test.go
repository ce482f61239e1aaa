package roleplay_test

import (
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/fault"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// load reads a compiled script with the bounds it was published with.
func load(t testing.TB, name string) *roleplay.Scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var sc roleplay.Scenario
	if err := json.Unmarshal(data, &sc); err != nil {
		t.Fatal(err)
	}
	return &sc
}

// log numbers the events written as "choose 开场#1".
func log(entries ...string) []roleplay.Event {
	var events []roleplay.Event
	for i, e := range entries {
		kind, ref, _ := strings.Cut(e, " ")
		events = append(events, roleplay.Event{Step: i, Kind: kind, Ref: ref, At: int64(1000 * i)})
	}
	return events
}

func fold(t testing.TB, s roleplay.Session, events []roleplay.Event) roleplay.State {
	t.Helper()
	st, err := s.Fold(events)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

var seed = [32]byte{1, 2, 3}

// A recorded session must read the same in every later version: its views,
// tokens, order, debrief and record are evidence. If this fails without a new
// EngineVersion, the change is wrong, not the file.
func TestGolden(t *testing.T) {
	cases := []struct {
		name    string
		session roleplay.Session
		events  []string
	}{
		{
			"bill",
			roleplay.Session{Scenario: load(t, "bill"), Seed: seed, Exam: true},
			[]string{"choose 开场#1", "open 工单", "choose 对账#2", "choose 方案#2"},
		},
		{
			"garage",
			roleplay.Session{Scenario: garage(), Seed: seed, StartedAt: -3000, Factor: 150},
			[]string{
				"silence 接车", "choose 冷场#1", "choose 问诊#5", "open 维修记录", "choose 天气#2", "choose 问诊#6",
				"silence 问诊", "choose 问诊#2", "choose 问诊#3", "choose 约定#1",
			},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, events := c.session, log(c.events...)
			var golden struct {
				Views     []stage.View
				Debrief   stage.Debrief
				Recording stage.Recording
				Record    roleplay.Record
			}
			for i := range len(events) + 1 {
				golden.Views = append(golden.Views, s.View(fold(t, s, events[:i])))
			}
			var err error
			if golden.Debrief, err = s.Debrief(events); err != nil {
				t.Fatal(err)
			}
			if golden.Recording, err = s.Recording(events); err != nil {
				t.Fatal(err)
			}
			if golden.Record, err = s.Record(events); err != nil {
				t.Fatal(err)
			}
			compareGolden(t, "testdata/"+c.name+".golden.json", golden)
		})
	}
}

func compareGolden(t *testing.T, file string, golden any) {
	t.Helper()
	got, err := json.MarshalIndent(golden, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestFoldRefuses(t *testing.T) {
	tour := roleplay.Session{Scenario: load(t, "tour")}
	bill := roleplay.Session{Scenario: load(t, "bill")}
	once := roleplay.Session{Scenario: load(t, "tour")}
	once.Scenario.Scenes[0].Options[0].Repeat = false
	ahead := roleplay.Session{Scenario: load(t, "bill")}
	ahead.Scenario.Documents = append(ahead.Scenario.Documents, roleplay.Document{Name: "后话", Scene: 2})
	ended := []string{"choose 开场#3"}
	cases := []struct {
		name    string
		session roleplay.Session
		events  []roleplay.Event
	}{
		{"unknown kind", bill, log("timeout 开场")},
		{"unknown option", bill, log("choose 开场#4")},
		{"option of another scene", bill, log("choose 对账#2")},
		{"token instead of option", bill, log("choose " + bill.View(fold(t, bill, nil)).Options[0].Token)},
		{"locked option", bill, log("choose 开场#1", "choose 对账#1")},
		{"unknown document", bill, log("open 工表")},
		{"document twice", bill, log("open 工单", "open 工单")},
		{"choice after the end", bill, log(append(ended, "choose 开场#1")...)},
		{"document after the end", bill, log(append(ended, "open 工单")...)},
		{"silence after the end", bill, log(append(ended, "silence 开场")...)},
		{"step repeated", bill, []roleplay.Event{{Kind: "open", Ref: "工单"}, {Kind: "choose", Ref: "开场#1"}}},
		{"step skipped", bill, []roleplay.Event{{Step: 1, Kind: "open", Ref: "工单"}}},
		{"document of a scene ahead", ahead, log("open 后话")},
		{"spent option", once, log("choose 门口#1", "choose 门口#1")},
		{"silence without a limit", plain(), log("choose 接车#2", "silence 天气")},
		{"silence of another scene", plain(), log("silence 约定")},
		{"silence twice", plain(), log("choose 接车#1", "silence 问诊", "silence 问诊")},
		{"choice after a silence led on", plain(), log("silence 接车", "choose 接车#1")},
		{"settled topic", plain(), log("choose 接车#1", "choose 问诊#1", "choose 问诊#2")},
		{"topic of a hub that is over", plain(), log("choose 接车#1", "choose 问诊#1", "choose 问诊#3", "choose 问诊#5")},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.session.Fold(c.events); err == nil {
				t.Error("accepted")
			}
		})
	}
	if st := fold(t, tour, log("choose 门口#1", "choose 门口#1", "choose 门口#2")); st.Turn != 3 || st.Scene != "车边" {
		t.Errorf("a repeatable option: turn %d in %s", st.Turn, st.Scene)
	}
}

func TestResolve(t *testing.T) {
	s := roleplay.Session{Scenario: load(t, "bill"), Seed: seed}
	first := s.View(fold(t, s, nil))
	paper := first.Documents[0].Token
	token := func(text string) string {
		for _, o := range first.Options {
			if strings.HasPrefix(o.Text, text) {
				return o.Token
			}
		}
		t.Fatalf("no option %q", text)
		return ""
	}
	other := roleplay.Session{Scenario: s.Scenario, Seed: [32]byte{9}}
	cases := []struct {
		name   string
		events []roleplay.Event
		token  string
		want   roleplay.Event
		kind   fault.Kind
	}{
		{name: "option", token: token("这笔钱"), want: roleplay.Event{Kind: "choose", Ref: "开场#2"}},
		{name: "document", token: paper, want: roleplay.Event{Kind: "open", Ref: "工单"}},
		{name: "option beside an opened document", events: log("open 工单"), token: token("这笔钱"), want: roleplay.Event{Step: 1, Kind: "choose", Ref: "开场#2"}},
		{name: "document one turn later", events: log("choose 开场#1"), token: paper, want: roleplay.Event{Step: 1, Kind: "open", Ref: "工单"}},
		{name: "stale option", events: log("choose 开场#1"), token: token("这笔钱"), kind: fault.Conflict},
		{name: "option after the end", events: log("choose 开场#3"), token: token("这是厂家"), kind: fault.Conflict},
		{name: "opened document", events: log("open 工单"), token: paper, kind: fault.Conflict},
		{name: "document after the end", events: log("choose 开场#3"), token: paper, kind: fault.Conflict},
		{name: "another session's option", token: other.View(fold(t, other, nil)).Options[0].Token, kind: fault.Invalid},
		{name: "another session's document", token: other.View(fold(t, other, nil)).Documents[0].Token, kind: fault.Invalid},
		{name: "a later turn's option", token: s.View(fold(t, s, log("choose 开场#1"))).Options[0].Token, kind: fault.Invalid},
		{name: "a reference", token: "开场#2", kind: fault.Invalid},
		{name: "nothing", kind: fault.Invalid},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := s.Resolve(fold(t, s, c.events), c.token)
			if c.kind != "" {
				if !errors.Is(err, c.kind) {
					t.Errorf("got %v, %v, want %s", got, err, c.kind)
				}
				return
			}
			if err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

// What a document rules out was offered before it was opened: whoever still says
// it is too late, in that turn and in every later one.
func TestResolveWhatADocumentRuledOut(t *testing.T) {
	sc := load(t, "bill")
	said := &sc.Scenes[0].Options[1]
	said.When = &roleplay.Condition{Op: "not", Of: []roleplay.Condition{{Op: "opened"}}}
	s := roleplay.Session{Scenario: sc, Seed: seed}
	options := s.View(fold(t, s, nil)).Options
	token := options[slices.IndexFunc(options, func(o stage.Option) bool { return o.Text == said.Text })].Token
	for _, events := range [][]roleplay.Event{log("open 工单"), log("open 工单", "choose 开场#1")} {
		if e, err := s.Resolve(fold(t, s, events), token); !errors.Is(err, fault.Conflict) {
			t.Errorf("after %v: %v, %v", events, e, err)
		}
	}
}

// play draws a random session, through the tokens a browser would send and the
// clock running out, until it ends, gets stuck or runs away, or is long enough.
func play(t *rapid.T, s roleplay.Session, see func(roleplay.State, stage.View)) []roleplay.Event {
	var events []roleplay.Event
	for {
		st, err := s.Fold(events)
		if err != nil { // a story that runs away
			return events[:max(0, len(events)-1)]
		}
		v := s.View(st)
		see(st, v)
		moves := moves(t, s, st, v)
		if len(moves) == 0 || len(events) == 60 {
			return events
		}
		e := rapid.SampledFrom(moves).Draw(t, "event")
		if e.At == 0 {
			e.At = int64(1000 * len(events))
		}
		events = append(events, e)
	}
}

func moves(t *rapid.T, s roleplay.Session, st roleplay.State, v stage.View) []roleplay.Event {
	var moves []roleplay.Event
	resolve := func(token string) {
		e, err := s.Resolve(st, token)
		if err != nil {
			t.Fatal(err)
		}
		moves = append(moves, e)
	}
	for _, o := range v.Options {
		resolve(o.Token)
	}
	for _, d := range v.Documents {
		if !d.Opened && !v.Ended {
			resolve(d.Token)
		}
	}
	if e, ok := s.Expire(st, math.MaxInt64); ok {
		moves = append(moves, e)
	}
	return moves
}

func drawSeed(t *rapid.T) [32]byte {
	return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed"))
}

// another is a session like s in all but order and tokens.
func another(t *rapid.T, s roleplay.Session) roleplay.Session {
	other := s
	for other.Seed = drawSeed(t); other.Persona() != s.Persona() || other.Seed == s.Seed; {
		other.Seed[0]++
	}
	return other
}

// Whatever is played: the log replays to the same views and record, points stay
// within the bounds and add up, the seed decides nothing but order, tokens and
// temperament, and no token of an earlier turn can be used again.
func TestRandomPlays(t *testing.T) {
	stories := map[string]func(*rapid.T) *roleplay.Scenario{
		"bill":   func(*rapid.T) *roleplay.Scenario { return load(t, "bill") },
		"tour":   func(*rapid.T) *roleplay.Scenario { return load(t, "tour") },
		"garage": func(*rapid.T) *roleplay.Scenario { return garage() },
		"any":    drawStory,
	}
	for name, story := range stories {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			s := roleplay.Session{Scenario: story(t), Seed: drawSeed(t), Exam: rapid.Bool().Draw(t, "exam")}
			var views []stage.View
			events := play(t, s, func(st roleplay.State, v stage.View) {
				checkSpent(t, s, st, views)
				views = append(views, v)
			})
			for i, want := range views {
				st, err := s.Fold(events[:i])
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, s.View(st)); diff != "" {
					t.Fatalf("replay of %d events: %s", i, diff)
				}
			}
			if len(views) > 0 {
				checkRecord(t, s, events)
				checkOrder(t, s, events)
			}
			if len(views) > 0 && views[len(views)-1].Ended {
				checkDebrief(t, s, events)
			}
		}))
	}
}

// checkSpent wants every option that was offered and no longer is refused as too late.
func checkSpent(t *rapid.T, s roleplay.Session, st roleplay.State, earlier []stage.View) {
	now := s.View(st).Options
	for _, v := range earlier {
		for _, o := range v.Options {
			if slices.Contains(now, o) {
				continue // a document was opened since, no word said
			}
			if _, err := s.Resolve(st, o.Token); !errors.Is(err, fault.Conflict) {
				t.Fatalf("a token of step %d at step %d: %v", v.Step, st.Step, err)
			}
		}
	}
}

func checkRecord(t *rapid.T, s roleplay.Session, events []roleplay.Event) {
	r, err := s.Record(events)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var read roleplay.Record
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if err := read.Replay(); err != nil {
		t.Fatal(err)
	}
}

// checkOrder wants the same outcome and explanation under another order.
func checkOrder(t *rapid.T, s roleplay.Session, events []roleplay.Event) {
	other := another(t, s)
	want, err := s.Recording(events)
	if err != nil {
		t.Fatal(err)
	}
	got, err := other.Recording(events)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the order changed the recording: %s", diff)
	}
	d, err := s.Debrief(events)
	e, err2 := other.Debrief(events)
	if diff := cmp.Diff(d, e); diff != "" || (err == nil) != (err2 == nil) {
		t.Fatalf("the order changed the debrief: %v, %v, %s", err, err2, diff)
	}
}

func checkDebrief(t *rapid.T, s roleplay.Session, events []roleplay.Event) {
	d, err := s.Debrief(events)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int{}
	for _, turn := range d.Path {
		for _, p := range turn.Points {
			sums[p.Key] += p.Points
		}
		if said := slices.ContainsFunc(turn.Offered, func(a stage.Alternative) bool { return a.Said }); said == (turn.Said == "") {
			t.Fatalf("said %q of %+v", turn.Said, turn.Offered)
		}
	}
	for _, x := range d.Dimensions {
		if x.Earned != sums[x.Key] || x.Percent < 0 {
			t.Fatalf("dimension %+v, path earned %d", x, sums[x.Key])
		}
	}
	if len(d.Costly) > 3 || len(d.Mood) != len(d.Path)+1 || len(d.Others) != len(s.Scenario.Meters)-1 {
		t.Fatalf("%d costly, %d moods for %d turns, %d other curves", len(d.Costly), len(d.Mood), len(d.Path), len(d.Others))
	}
}

// What is written for later or for nobody must not be in what a browser gets:
// coaching, scores, meters, scenes not reached, documents not opened.
func TestViewKeepsSecrets(t *testing.T) {
	const canary = "‡鹦鹉‡"
	sc := load(t, "bill")
	sc.Note, sc.Meters[1].Name = canary, canary
	for o := range sc.All() {
		o.Coaching, o.Expert, o.RedLine, o.Basis = canary, canary, canary, canary
	}
	for i := range sc.Scenes { // mark whatever is said in a scene with its name
		mark := "‡" + sc.Scenes[i].Name + "‡"
		for _, b := range sc.Scenes[i].Beats {
			for k := range b {
				b[k].Text += mark
			}
		}
		if sc.Scenes[i].Ending != "" {
			sc.Scenes[i].Ending = canary
		}
		for k := range sc.Scenes[i].Options {
			sc.Scenes[i].Options[k].Text += mark
		}
	}
	secret := []string{canary, "S4-027", sc.Dimensions[0].Name, "开场#1"}
	rapid.Check(t, func(t *rapid.T) {
		s := roleplay.Session{Scenario: sc, Seed: drawSeed(t), Exam: true}
		been := map[string]bool{}
		play(t, s, func(st roleplay.State, v stage.View) {
			been[st.Scene] = true
			data, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range secret {
				if strings.Contains(string(data), word) {
					t.Fatalf("view holds %q: %s", word, data)
				}
			}
			for _, scene := range sc.Scenes {
				if !been[scene.Name] && strings.Contains(string(data), "‡"+scene.Name+"‡") {
					t.Fatalf("view holds a line of scene %q: %s", scene.Name, data)
				}
			}
			if opened := v.Documents[0].Opened; opened != strings.Contains(string(data), sc.Documents[0].Text) {
				t.Fatalf("document opened %v: %s", opened, data)
			}
		})
	})
}

// In practice, what was just said is explained and nothing else; in an exam nothing is.
func TestViewCoachesInPractice(t *testing.T) {
	s := plain()
	chosen := log("choose 接车#1", "choose 问诊#2", "open 维修记录")
	want := &stage.Coaching{Text: "猜在问前面。"}
	for n, want := range []*stage.Coaching{nil, nil, want, want} {
		if diff := cmp.Diff(want, s.View(fold(t, s, chosen[:n])).Coaching); diff != "" {
			t.Errorf("after %d events: %s", n, diff)
		}
	}
	silent := s.View(fold(t, s, log("silence 接车"))).Coaching
	if diff := cmp.Diff(&stage.Coaching{Text: "先应一声。"}, silent); diff != "" {
		t.Error(diff)
	}
	s.Exam = true
	if c := s.View(fold(t, s, chosen)).Coaching; c != nil {
		t.Errorf("in an exam: %+v", c)
	}
}

// A temperament that was drawn is not shown before the debrief; a fixed one
// may be, where the script does not describe the customer itself.
func TestPersonaIsShownOnlyWhenFixed(t *testing.T) {
	s := roleplay.Session{Scenario: garage(), Seed: seed}
	events := log("choose 接车#1", "choose 问诊#7")
	if c := s.View(fold(t, s, nil)).Customer; c.Persona != "" {
		t.Errorf("drawn: %s", c.Persona)
	}
	if d, err := s.Debrief(events); err != nil || d.Persona != "老成持重" || d.Customer.Persona != "" {
		t.Errorf("debrief of %q, customer %q, %v", d.Persona, d.Customer.Persona, err)
	}
	s.Scenario = s.Scenario.Fixed(1)
	if c := s.View(fold(t, s, nil)).Customer; c.Persona != "多疑" {
		t.Errorf("fixed: %s", c.Persona)
	}
	s.Scenario.Cast[0].Persona = "话少"
	if c := s.View(fold(t, s, nil)).Customer; c.Persona != "话少" {
		t.Errorf("described: %s", c.Persona)
	}
}

// The temperament decides how the same words are felt.
func TestPersonaIsFelt(t *testing.T) {
	events := log("choose 接车#1", "choose 问诊#1", "choose 问诊#4")
	cases := []struct {
		persona, mood, trust int
	}{
		{0, 35, 45}, // 急躁: +10, then −15 counts −25 (22.5)
		{1, 45, 35}, // 多疑: trust starts at 30
		{2, 45, 45}, // 老成持重: +5, then −10 (7.5)
	}
	for _, c := range cases {
		s := roleplay.Session{Scenario: garage().Fixed(c.persona)}
		r, err := s.Recording(events)
		if err != nil {
			t.Fatal(err)
		}
		want := []stage.Gauge{{Meter: "情绪", Value: c.mood}, {Meter: "信任", Value: c.trust}}
		if diff := cmp.Diff(want, r.Turns[2].Meters); diff != "" {
			t.Errorf("%s: %s", r.Persona, diff)
		}
	}
}

// A fork keeps what came before the decision and lets the clock run anew.
func TestFork(t *testing.T) {
	events := log("open 维修记录", "choose 接车#1", "silence 问诊", "choose 问诊#1", "choose 问诊#3", "silence 约定")
	s := plain()
	d, err := s.Debrief(events)
	if err != nil {
		t.Fatal(err)
	}
	const now = 900_000
	for i, turn := range d.Path {
		kept, err := roleplay.Fork(events, turn.Step, now)
		if err != nil {
			t.Fatal(err)
		}
		next := s
		next.Seed, next.StartedAt = [32]byte{7}, now
		st := fold(t, next, kept)
		if st.Scene != turn.Scene || st.Turn != i {
			t.Errorf("fork at %d: turn %d in %s", turn.Step, st.Turn, st.Scene)
		}
		if deadline := next.Deadline(st); deadline != 0 && deadline < now {
			t.Errorf("fork at %d: the time is over since %d", turn.Step, deadline)
		}
		r, err := next.Recording(kept)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Turns {
			if x.Took != 0 {
				t.Errorf("fork at %d: %q took %d ms", turn.Step, x.Said, x.Took)
			}
		}
	}
	if events[1].At != 1000 {
		t.Error("the old log was changed")
	}
	for _, step := range []int{-1, 0, 1, 7} { // 1 is where the paper was opened
		if _, err := roleplay.Fork(events, step, now); !errors.Is(err, fault.Invalid) {
			t.Errorf("fork at %d: %v", step, err)
		}
	}
}

// Every order of three comes about equally often, so no place is the right one.
func TestShuffleIsFair(t *testing.T) {
	sc := load(t, "bill")
	const runs = 6000
	orders := map[string]int{}
	for i := range runs {
		s := roleplay.Session{Scenario: sc, Seed: [32]byte{byte(i), byte(i >> 8)}}
		order := ""
		for _, o := range s.View(fold(t, s, nil)).Options {
			order += string([]rune(o.Text)[1])
		}
		orders[order]++
	}
	if len(orders) != 6 {
		t.Fatalf("orders %v", orders)
	}
	for order, n := range orders {
		if n < runs/6-200 || n > runs/6+200 { // ±7 standard deviations
			t.Errorf("%s came %d times in %d", order, n, runs)
		}
	}
}

// Tokens are unguessable only if they differ by session, turn and option.
func TestTokensAreUnique(t *testing.T) {
	sc := load(t, "tour")
	var tokens []string
	for i := range 20 {
		s := roleplay.Session{Scenario: sc, Seed: [32]byte{byte(i)}}
		var entries []string
		for range 10 {
			for _, o := range s.View(fold(t, s, log(entries...))).Options {
				tokens = append(tokens, o.Token)
			}
			entries = append(entries, "choose 门口#1")
		}
	}
	n := len(tokens)
	slices.Sort(tokens)
	if n != 600 || len(slices.Compact(tokens)) != n {
		t.Errorf("%d tokens, %d of them different", n, len(slices.Compact(tokens)))
	}
}

// Whatever is in a log: it is folded or refused, in the same way every time.
func FuzzFold(f *testing.F) {
	s := roleplay.Session{Scenario: garage(), Seed: seed}
	var moves []roleplay.Event
	for i, scene := range s.Scenario.Scenes {
		for n := range scene.Options {
			moves = append(moves, roleplay.Event{Kind: roleplay.Choose, Ref: s.Scenario.Ref(i, n)})
		}
		moves = append(moves, roleplay.Event{Kind: roleplay.SayNothing, Ref: scene.Name})
	}
	moves = append(moves, roleplay.Event{Kind: roleplay.Open, Ref: "维修记录"}, roleplay.Event{Kind: "timeout"}, roleplay.Event{})
	f.Add([]byte{0, 10, 12, 19})
	f.Add([]byte{1, 4, 10, 12, 20})
	f.Add([]byte{2, 7, 24, 15, 15, 15, 17, 250, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		var events []roleplay.Event
		for i, b := range data {
			e := moves[int(b)%len(moves)]
			e.Step = i + int(b)/128 - int(b)/192*2 // mostly the right one
			e.At = int64(b) << (b % 56)
			events = append(events, e)
		}
		st, err := s.Fold(events)
		again, err2 := s.Fold(events)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("first %v, then %v", err, err2)
		}
		if diff := cmp.Diff(s.View(st), s.View(again)); diff != "" {
			t.Fatal(diff)
		}
		if err == nil && st.Step != len(events) {
			t.Fatalf("%d events folded to step %d", len(events), st.Step)
		}
		if e, ok := s.Expire(st, math.MaxInt64); ok && err == nil {
			fold(t, s, append(slices.Clip(events), e))
		}
		if _, debriefErr := s.Debrief(events); (debriefErr == nil) != (err == nil && st.Ended) {
			t.Fatalf("ended %v, fold %v, debrief %v", st.Ended, err, debriefErr)
		}
		if r, recordErr := s.Record(events); (recordErr == nil) != (err == nil) || err == nil && r.Replay() != nil {
			t.Fatalf("fold %v, record %v, replay %v", err, recordErr, r.Replay())
		}
	})
}

// Ten events of a story with everything in it: a page folds its log once and
// shows one view of it.
func BenchmarkFold(b *testing.B) {
	s := plain()
	events := log("open 维修记录", "choose 接车#2", "choose 天气#2", "silence 问诊", "choose 问诊#6", "choose 问诊#6",
		"choose 问诊#5", "choose 天气#1", "choose 问诊#1", "choose 问诊#6")
	b.ReportAllocs()
	for b.Loop() {
		if st, err := s.Fold(events); err != nil || st.Step != 10 {
			b.Fatal(st, err)
		}
	}
}

func BenchmarkView(b *testing.B) {
	s := plain()
	st := fold(b, s, log("open 维修记录", "choose 接车#1"))
	b.ReportAllocs()
	for b.Loop() {
		if v := s.View(st); len(v.Options) != 7 {
			b.Fatal(v)
		}
	}
}
