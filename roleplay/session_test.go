package roleplay_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/fault"
	"qibu/roleplay"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// load compiles one of the parser's example scripts.
func load(t testing.TB, name string, edits ...string) *roleplay.Scenario {
	t.Helper()
	src, err := os.ReadFile("script/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	sc, problems := script.Parse(name, []byte(strings.NewReplacer(edits...).Replace(string(src))))
	if sc == nil {
		t.Fatal(problems.Error())
	}
	return sc
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
// tokens, order and debrief are evidence. If this fails without a new
// EngineVersion, the change is wrong, not the file.
func TestGolden(t *testing.T) {
	s := roleplay.Session{Scenario: load(t, "bill.md"), Seed: seed, Exam: true}
	events := log("choose 开场#1", "open 工单", "choose 对账#2", "choose 方案#2")
	var golden struct {
		Hash    string
		Views   []stage.View
		Debrief stage.Debrief
	}
	golden.Hash = s.Scenario.Hash()
	for i := range len(events) + 1 {
		golden.Views = append(golden.Views, s.View(fold(t, s, events[:i])))
	}
	var err error
	if golden.Debrief, err = s.Debrief(events); err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(golden, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/bill.golden.json"
	if *update {
		if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
		t.Error(diff)
	}
}

func TestFoldRefuses(t *testing.T) {
	tour := roleplay.Session{Scenario: load(t, "tour.md")}
	bill := roleplay.Session{Scenario: load(t, "bill.md")}
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
		{"step repeated", bill, []roleplay.Event{{Kind: "open", Ref: "工单"}, {Kind: "choose", Ref: "开场#1"}}},
		{"step skipped", bill, []roleplay.Event{{Step: 1, Kind: "open", Ref: "工单"}}},
		{"document of a scene ahead", roleplay.Session{Scenario: load(t, "bill.md",
			"## 方案\n", "## 方案\n资料：后话 | 无\n")}, log("open 后话")},
		{"spent option", roleplay.Session{Scenario: load(t, "tour.md",
			"- 您稍等。（可重复）【耐心 -5】→ 门口", "- 您稍等。【D1 0】→ 门口\n  点评：让他等什么？")}, log("choose 门口#1", "choose 门口#1")},
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
	s := roleplay.Session{Scenario: load(t, "bill.md"), Seed: seed}
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

// play draws a random complete session, through the tokens a browser would send.
func play(t *rapid.T, s roleplay.Session, see func(roleplay.State, stage.View)) []roleplay.Event {
	var events []roleplay.Event
	for {
		st, err := s.Fold(events)
		if err != nil {
			t.Fatal(err)
		}
		v := s.View(st)
		see(st, v)
		if v.Ended {
			return events
		}
		var tokens []string
		for _, o := range v.Options {
			tokens = append(tokens, o.Token)
		}
		for _, d := range v.Documents {
			if !d.Opened {
				tokens = append(tokens, d.Token)
			}
		}
		if len(events) > 60 { // a repeatable option keeps a session alive; leave by another
			tokens = tokens[:len(v.Options)]
		}
		e, err := s.Resolve(st, rapid.SampledFrom(tokens).Draw(t, "token"))
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
}

func drawSeed(t *rapid.T) [32]byte {
	return [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "seed"))
}

// Whatever is played: the log replays to the same views, points stay within
// the bounds and add up, and the seed decides nothing but order and tokens.
func TestRandomPlays(t *testing.T) {
	for _, file := range []string{"bill.md", "tour.md"} {
		sc := load(t, file)
		rapid.Check(t, func(t *rapid.T) {
			s := roleplay.Session{Scenario: sc, Seed: drawSeed(t)}
			var views []stage.View
			events := play(t, s, func(_ roleplay.State, v stage.View) { views = append(views, v) })
			for i, want := range views {
				st, err := s.Fold(events[:i])
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, s.View(st)); diff != "" {
					t.Fatalf("replay of %d events: %s", i, diff)
				}
			}
			checkDebrief(t, s, events)
		})
	}
}

func checkDebrief(t *rapid.T, s roleplay.Session, events []roleplay.Event) {
	d, err := s.Debrief(events)
	if err != nil {
		t.Fatal(err)
	}
	other, err := roleplay.Session{Scenario: s.Scenario, Seed: drawSeed(t)}.Debrief(events)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, other); diff != "" {
		t.Fatalf("the seed changed the debrief: %s", diff)
	}
	sums := map[string]int{}
	for _, turn := range d.Path {
		for _, p := range turn.Points {
			sums[p.Key] += p.Points
		}
	}
	for _, x := range d.Dimensions {
		if x.Earned != sums[x.Key] || x.Earned < x.Min || x.Earned > x.Max || x.Percent < 0 || x.Percent > 100 {
			t.Fatalf("dimension %+v, path earned %d", x, sums[x.Key])
		}
	}
	if d.Total < 0 || d.Total > 100 || len(d.Costly) > 3 || len(d.Mood) != len(d.Path)+1 {
		t.Fatalf("total %d, %d costly, %d moods for %d turns", d.Total, len(d.Costly), len(d.Mood), len(d.Path))
	}
}

// What is written for later or for nobody must not be in what a browser gets:
// coaching, scores, meters, scenes not reached, documents not opened.
func TestViewKeepsSecrets(t *testing.T) {
	const canary = "‡鹦鹉‡"
	notes := []string{
		"点评：", "点评：" + canary, "红线：", "红线：" + canary, "专家：", "专家：" + canary, "；门店规定", "；" + canary,
		"处境:", "说明: " + canary + "\n处境:", "信任", canary, "结局：", "结局：" + canary,
	}
	sc := load(t, "bill.md", notes...)
	for i := range sc.Scenes { // mark whatever is said in a scene with its name
		mark := "‡" + sc.Scenes[i].Name + "‡"
		for _, b := range sc.Scenes[i].Beats {
			for k := range b {
				b[k].Text += mark
			}
		}
		for k := range sc.Scenes[i].Options {
			sc.Scenes[i].Options[k].Text += mark
		}
	}
	secret := []string{canary, "S4-027", sc.Dimensions[0].Name, "开场#1"}
	rapid.Check(t, func(t *rapid.T) {
		s := roleplay.Session{Scenario: sc, Seed: drawSeed(t)}
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

// Every order of three comes about equally often, so no place is the right one.
func TestShuffleIsFair(t *testing.T) {
	sc := load(t, "bill.md")
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
	sc := load(t, "tour.md")
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

func FuzzFold(f *testing.F) {
	sc := load(f, "tour.md")
	var moves []roleplay.Event
	for i, scene := range sc.Scenes {
		for n := range scene.Options {
			moves = append(moves, roleplay.Event{Kind: roleplay.Choose, Ref: sc.Ref(i, n)})
		}
	}
	moves = append(moves, roleplay.Event{Kind: roleplay.Open, Ref: "派工单"}, roleplay.Event{Kind: "timeout"}, roleplay.Event{})
	f.Add([]byte{0, 8, 1, 4})
	f.Add([]byte{8, 2, 6})
	f.Add([]byte{0, 0, 250, 9, 10})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := roleplay.Session{Scenario: sc, Seed: seed}
		var events []roleplay.Event
		for i, b := range data {
			e := moves[int(b)%len(moves)]
			e.Step = i + int(b)/128 - int(b)/192*2 // mostly the right one
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
		if _, debriefErr := s.Debrief(events); (debriefErr == nil) != (err == nil && st.Ended) {
			t.Fatalf("ended %v, fold %v, debrief %v", st.Ended, err, debriefErr)
		}
	})
}

// A page shows one view: the log is folded and viewed once per request.
func BenchmarkFoldView(b *testing.B) {
	s := roleplay.Session{Scenario: load(b, "tour.md"), Seed: seed}
	events := log("choose 门口#1", "choose 门口#1", "choose 门口#1", "open 派工单", "choose 门口#1", "choose 门口#1", "choose 门口#1", "choose 门口#1")
	b.ReportAllocs()
	for b.Loop() {
		st, err := s.Fold(events)
		if err != nil {
			b.Fatal(err)
		}
		if v := s.View(st); len(v.Options) != 3 {
			b.Fatal(v)
		}
	}
}
