package script

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample is one of the scripts in testdata.
func sample(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile("testdata/" + name + ".md")
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// samples are all scripts that ought to be read: our own examples, what we
// ship, and what the help shows trainers.
func samples(t testing.TB) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"testdata/*.md", "../../content/scenarios/*.md", "../../content/help/scenario-*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			name, shown := filepath.Base(file), strings.Split(string(src), "```剧本\n")
			if len(shown) == 1 && !strings.Contains(file, "help") {
				texts[name] = shown[0]
			}
			for i, block := range shown[1:] {
				texts[fmt.Sprintf("%d-%s", i+1, name)], _, _ = strings.Cut(block, "```")
			}
		}
	}
	return texts
}

func mustParse(t testing.TB, file, src string) *Script {
	t.Helper()
	s, problems := Parse(file, []byte(src))
	if s == nil {
		t.Fatal(problems.Error())
	}
	return s
}

func when(op string, index, value int) *roleplay.Condition {
	return &roleplay.Condition{Op: op, Index: index, Value: value}
}

// Every construct of a plain scenario, compiled.
func TestParseTour(t *testing.T) {
	got := mustParse(t, "scenarios/tour.md", sample(t, "tour")).Scenario
	later := roleplay.Beat{{Kind: "customer", Who: "周女士", Expression: "笑", Text: "今天真快。", When: when(">=", 0, 90)}}
	later = append(later,
		roleplay.Line{Kind: "customer", Who: "周女士", Text: "我赶时间。", When: &roleplay.Condition{
			Op: "or", Of: []roleplay.Condition{*when("<", 1, 10), *when("opened", 0, 0)},
		}},
		roleplay.Line{Kind: "customer", Who: "周女士", Text: "你好。"})
	want := &roleplay.Scenario{
		Engine: roleplay.EngineVersion, Slug: "tour", Title: "走一遍全部写法", TitleEN: "Every construct once",
		Situation: "周女士来取车。你手里有两份单子。", Note: "全部虚构。",
		Cast: []roleplay.Character{
			{Label: "客户", Name: "周女士", Persona: "怕麻烦、话少"},
			{Label: "技师", Name: "老周"},
		},
		Meters: []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "耐心", Start: 20}},
		Dimensions: []roleplay.Dimension{
			{Key: "D1", Name: "礼仪形象", Weight: 1},
			{Key: "D6", Name: "承诺管理", Weight: 2},
		},
		Pass:      []roleplay.Rule{{Kind: "total", Mark: 50}, {Kind: "meter", Mark: 40}, {Kind: "clean"}},
		Documents: []roleplay.Document{{Name: "派工单", Text: "工位：二号\n技师：老周"}},
		Scenes: []roleplay.Scene{
			{
				Name:  "门口",
				Beats: []roleplay.Beat{{{Kind: "me", Text: "周女士，您好。"}}, later},
				Options: []roleplay.Option{
					{ID: 0, Text: "您稍等。", Repeat: true, Effects: []roleplay.Effect{{Meter: 1, By: -5}}, Way: roleplay.Way{To: 0}},
					{
						ID: 1, Text: "车好了，我陪您看（外观也看）。", Way: roleplay.Way{To: 1}, Expert: "先陪，再说。",
						Effects: []roleplay.Effect{{Meter: 0, By: 15}}, Scores: []roleplay.Score{{Dimension: 0, Points: 2}},
						Reply: []roleplay.Beat{
							{{Kind: "stage", Text: "你们走到车边。"}},
							{{Kind: "other", Who: "老周", Expression: "擦手", Text: "都在这儿了。", When: when("left", 0, 0)}},
						},
					},
					{
						ID: 2, Text: "车在那边，您自己看。", Way: roleplay.Way{To: 1}, Scores: []roleplay.Score{{Dimension: 0, Points: 1}},
						Coaching: "他自己看，漏了算谁的？", Sources: []string{"S4-034", "S4-035"}, Basis: "本店做法，口头",
					},
				},
			},
			{
				Name:  "过道",
				Beats: []roleplay.Beat{{{Kind: "stage", Text: "走了几步。"}}},
				Jumps: []roleplay.Jump{
					{Way: roleplay.Way{To: 2}, When: &roleplay.Condition{Op: "and", Of: []roleplay.Condition{
						*when("chosen", 1, 0), {Op: "not", Of: []roleplay.Condition{*when("opened", 0, 0)}},
					}}},
					{Way: roleplay.Way{To: 3}},
				},
			},
			{
				Name: "车边",
				Options: []roleplay.Option{
					{ID: 3, Text: "有问题您随时打给我，随时。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 1}}, Coaching: "随时等于没有时间。"},
					{
						ID: 4, Text: "后天上午十点，我打给您。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 3}},
						Effects: []roleplay.Effect{{Meter: 0, By: 10}},
					},
					{
						ID: 5, Text: "保证再也不会坏。", Way: roleplay.Way{To: 5}, Scores: []roleplay.Score{{Dimension: 1, Points: 0}},
						Effects: []roleplay.Effect{{Meter: 0, By: -20}}, RedLine: "空口保证", Coaching: "没有人能保证。", Sources: []string{"S4-002"},
					},
				},
			},
			{
				Name: "暗处",
				Options: []roleplay.Option{
					{ID: 6, Text: "后天我打给您。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 2}}, Coaching: "几点？"},
					{ID: 7, Text: "有事您打给我就行。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 0}}, Coaching: "又推回给她。"},
				},
			},
			{Name: "送别", Ending: "再见", Beats: []roleplay.Beat{{{Kind: "customer", Who: "周女士", Expression: "点头", Text: "好。"}}}},
			{Name: "不欢", Ending: "摇头", Beats: []roleplay.Beat{{{Kind: "customer", Who: "周女士", Text: "算了。"}}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What every construct compiles to, for review.
func TestGolden(t *testing.T) {
	for _, name := range []string{"hub", "call", "limit", "temper"} {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := json.Indent(&got, mustParse(t, name+".md", sample(t, name)).Scenario.JSON(), "", " "); err != nil {
				t.Fatal(err)
			}
			file := "testdata/" + name + ".golden.json"
			if *update {
				if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A bracket of the customer that is exactly a temperament fixes it, unless
// 性格 says otherwise.
func TestFixedPersona(t *testing.T) {
	for _, c := range []struct{ customer, line, want string }{
		{"（急躁）", "", "急躁"},
		{"（有点急躁）", "", ""},
		{"（急躁）", "性格: 多疑\n", "多疑"},
		{"", "性格: 健谈，爽快\n", "健谈 爽快"},
	} {
		src := strings.NewReplacer("（怕麻烦、话少）", c.customer, "处境:", c.line+"处境:").Replace(sample(t, "tour"))
		var got []string
		for _, p := range mustParse(t, "x.md", src).Scenario.Personas {
			got = append(got, p.Name)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: %v, want %s", c.customer, c.line, got, c.want)
		}
	}
}

// Lines lead from everything compiled to where it was written.
func TestLines(t *testing.T) {
	for file, src := range samples(t) {
		s := mustParse(t, file, src)
		sc, at := s.Scenario, s.Lines
		says := func(what, words string, number int) {
			t.Helper()
			if number < 1 || number > len(s.Text) || !strings.Contains(s.Text[number-1], words) {
				t.Errorf("%s: %s %q is not on line %d", file, what, words, number)
			}
		}
		says("title", sc.Title, at.Front["标题"])
		for i, d := range sc.Documents {
			says("document", d.Name, at.Documents[i])
		}
		for i, scene := range sc.Scenes {
			says("scene", scene.Name, at.Scenes[i])
			saysBeats(says, scene.Beats, at.Beats[i])
			for k, topic := range scene.Topics {
				says("topic", topic.Name, at.Topics[i][k])
			}
			for k, j := range scene.Jumps {
				if j.When != nil {
					says("jump", "→", at.Jumps[i][k])
				}
			}
			if len(scene.Jumps) != len(at.Jumps[i]) {
				t.Errorf("%s: %d jumps, %d lines", scene.Name, len(scene.Jumps), len(at.Jumps[i]))
			}
		}
		for o := range sc.All() {
			says("option", o.Text, at.Options[o.ID])
			saysBeats(says, o.Reply, at.Replies[o.ID])
		}
		for _, trial := range s.Trials {
			says("trial", trial.Name, trial.Line)
		}
	}
}

func saysBeats(says func(what, words string, number int), beats []roleplay.Beat, at [][]int) {
	for b, beat := range beats {
		for k, l := range beat {
			says("line", l.Text, at[b][k])
		}
	}
}

// wide and narrow write every sign the other way, as another keyboard would.
func wide(r rune) rune {
	switch {
	case r == '[':
		return '【'
	case r == ']':
		return '】'
	case r == ' ':
		return '\u3000'
	case r > ' ' && r <= '~':
		return r + '！' - '!'
	}
	return r
}

func narrow(r rune) rune {
	if r == '\n' {
		return r
	}
	return fold(r)
}

// Full-width and ASCII signs are the same script. Only what is spoken keeps
// them as they were typed, and so it is compared folded.
func TestWidth(t *testing.T) {
	for file, src := range samples(t) {
		want := folded(t, mustParse(t, file, src).Scenario)
		for name, other := range map[string]string{
			"wide":     strings.Map(wide, strings.ReplaceAll(src, "→", "->")),
			"narrow":   strings.Map(narrow, src),
			"arrows":   strings.ReplaceAll(src, "→", "－>"),
			"compare":  strings.ReplaceAll(src, ">=", "≥"),
			"colons":   words.ReplaceAllString(src, "$1 $2 "),
			"CRLF":     strings.ReplaceAll(src, "\n", "\r\n"),
			"CR":       strings.ReplaceAll(src, "\n", "\r"),
			"BOM":      "\ufeff" + src,
			"unseen":   strings.ReplaceAll(src, "：", "\u200b：\u2060"),
			"trailing": strings.ReplaceAll(src, "\n", " \u3000\t\n"),
		} {
			if diff := cmp.Diff(want, folded(t, mustParse(t, file, other).Scenario)); diff != "" {
				t.Errorf("%s, %s: %s", file, name, diff)
			}
		}
	}
}

var words = regexp.MustCompile(`(?m)(^\s*(?:限时|资料|条件|点评|依据|红线|专家|旁白)|结局|试演)([:：])`)

// folded is the canonical form with every string folded.
func folded(t *testing.T, sc *roleplay.Scenario) any {
	t.Helper()
	var tree any
	if err := json.Unmarshal(sc.JSON(), &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(any) any
	walk = func(x any) any {
		switch x := x.(type) {
		case string:
			return strings.Map(fold, x)
		case []any:
			for i := range x {
				x[i] = walk(x[i])
			}
		case map[string]any:
			for k := range x {
				x[k] = walk(x[k])
			}
		}
		return x
	}
	return walk(tree)
}

// An emoji that is joined of several keeps its joiners.
func TestJoiner(t *testing.T) {
	const family = "👩\u200d👧 来了"
	src := strings.Replace(sample(t, "tour"), "走了几步。", family, 1)
	if got := mustParse(t, "x.md", src).Scenario.Scenes[1].Beats[0][0].Text; got != family {
		t.Errorf("%q", got)
	}
}

// What is no text is refused whole, with one reason.
func TestUnreadable(t *testing.T) {
	src := sample(t, "tour")
	for _, c := range []struct{ name, src, want string }{
		{"GBK", strings.Replace(src, "走一遍", "\xd7\xdf\xd2\xbb\xb1\xe9", 1), "2: 文件不是UTF-8编码，从这一行起读不出来：请另存为UTF-8"},
		{"UTF-16", "\xff\xfe-\x00-\x00-\x00\n\x00", "1: 文件不是UTF-8编码，从这一行起读不出来：请另存为UTF-8"},
		{"NUL", strings.Replace(src, "走一遍", "走\x00一\x00遍", 1), "2: 有看不见的控制字符U+0000，请删掉"},
		{"escape", strings.Replace(src, "走了几步", "\x1b[31m走了几步", 1), "31: 有看不见的控制字符U+001B，请删掉\n31: 「[31m走了几步。」的方括号没有合上"},
		{"too large", src + strings.Repeat("# 注释\n", MaxBytes/9), " 文件太大：剧本最多256KB"},
		{"nothing", "", "1: 文件要以「---」开头，先写标题、角色、处境、仪表、维度、及格"},
	} {
		t.Run(c.name, func(t *testing.T) { expect(t, c.src, c.want) })
	}
}

// corridor is a scenario of n decisions in a row, each worth 0 or 3 points.
func corridor(n int) string {
	src := "---\n标题: 长廊\n角色: 客户=甲\n仪表: 情绪=50\n维度: D1\n及格: 总分>=50\n---\n"
	for i := range n {
		src += fmt.Sprintf("## 第%d间\n限时：20秒\n- 好。【D1 3】\n- 不好。【D1 0】\n", i)
	}
	return src + "## 门外【结局：到了】\n"
}

// The limits are refused with a reason; just below them all is well.
func TestLimits(t *testing.T) {
	const tooLong = " 太长：最多128个场景、64份资料、512句话术（限时也算）"
	mustParse(t, "x.md", corridor(127))
	expect(t, corridor(128), tooLong)

	options := strings.Repeat("- 嗯。\n", roleplay.MaxOptions)
	expect(t, strings.Replace(corridor(1), "- 好。", options+"- 好。", 1), tooLong)

	documents := ""
	for i := range roleplay.MaxDocuments {
		documents += fmt.Sprintf("资料：第%d份 | 白纸\n", i)
	}
	mustParse(t, "x.md", strings.Replace(corridor(1), "限时", documents+"限时", 1))
	expect(t, strings.Replace(corridor(1), "限时", documents+"资料：又一份 | 白纸\n限时", 1), tooLong)

	topics := "## 大厅（话题组）\n"
	for i := range roleplay.MaxTopics + 1 {
		topics += fmt.Sprintf("### 话题%d（必谈）\n- 说%d。\n", i, i)
	}
	expect(t, strings.Replace(corridor(1), "## 第0间", topics+"## 第0间", 1), "137: 一个话题组最多64个话题")

	expect(t, strings.Replace(corridor(1), "标题: 长廊", "标题: 长廊\n性格: "+strings.Repeat("急躁，", 2), 1), "3: 性格「急躁」写了两次")
	expect(t, strings.Replace(corridor(1), "门外", strings.Repeat("外", maxName+1), 1), "12: 场景名「"+strings.Repeat("外", maxName-1)+"…」太长，最多40个字")
}

func TestQuote(t *testing.T) {
	src := []byte("\ufeff---\r\n  标题: 长\r\n" + strings.Repeat("字", 70) + "\r")
	for line, want := range map[int]string{
		0: "", 1: "---", 2: "标题: 长", 3: strings.Repeat("字", 59) + "…", 4: "", 5: "",
	} {
		if got := Quote(src, line); got != want {
			t.Errorf("line %d: %q, want %q", line, got, want)
		}
	}
}

// sound checks what every part of the product relies on in a compiled scenario.
func sound(s *Script) error {
	sc := s.Scenario
	ways := func(from int, w roleplay.Way) error {
		if w.To < roleplay.Return || w.To >= len(sc.Scenes) || w.Call < 0 || w.Call >= len(sc.Scenes) {
			return fmt.Errorf("scene %d leads to %+v", from, w)
		}
		return nil
	}
	next := 0
	for o, i := range sc.All() {
		if o.ID != next {
			return fmt.Errorf("option %d has the id %d", next, o.ID)
		}
		if err := ways(i, o.Way); err != nil {
			return err
		}
		next++
	}
	for i, scene := range sc.Scenes {
		for _, j := range scene.Jumps {
			if err := ways(i, j.Way); err != nil {
				return err
			}
		}
	}
	for name, n := range map[string]int{"options": len(s.Lines.Options), "replies": len(s.Lines.Replies)} {
		if n != next {
			return fmt.Errorf("%d %s, lines for %d", next, name, n)
		}
	}
	return stroll(sc)
}

// stroll takes every option in turn for a while. A story may go round, but it
// never returns to nobody, nor calls deeper than a position can hold.
func stroll(sc *roleplay.Scenario) error {
	for persona := range max(1, len(sc.Personas)) {
		at, err := sc.Start(persona, nil)
		for step := 0; step < 300 && err == nil && !sc.Ended(&at); step++ {
			open := sc.Offer(&at, nil)
			if len(open) == 0 {
				break
			}
			o := &sc.Scenes[at.Scene].Options[open[step%len(open)]]
			if limit := sc.Limit(&at); limit != nil && step%3 == 2 {
				o = &limit.Option
			}
			at, err = sc.Choose(at, o, nil)
		}
		if err != nil && !strings.Contains(err.Error(), "goes round") {
			return err
		}
	}
	return nil
}

func FuzzParse(f *testing.F) {
	for _, src := range samples(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		s, problems := Parse("x.md", []byte(src))
		if (s == nil) != (len(problems) > 0) || len(problems) > maxProblems+1 {
			t.Fatalf("script %v with %d problems", s != nil, len(problems))
		}
		for _, p := range problems {
			if size := len(p.Message); size > 2000 || strings.ContainsFunc(p.Message, unicode.IsControl) {
				t.Errorf("line %d: a message of %d bytes: %q", p.Line, size, p.Message)
			}
			Quote([]byte(src), p.Line)
		}
		if s == nil {
			return
		}
		if err := sound(s); err != nil {
			t.Fatal(err)
		}
		if other := strings.Map(wide, src); len(other) <= MaxBytes {
			if diff := cmp.Diff(folded(t, s.Scenario), folded(t, mustParse(t, "x.md", other).Scenario)); diff != "" {
				t.Fatal(diff)
			}
		}
		for _, trial := range s.Trials {
			trial.Run(s.Scenario)
		}
		again, err := roleplay.Load(s.Scenario.JSON(), s.Scenario.Hash())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s.Scenario, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

// A scenario of 23 scenes, 17 KB.
func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("../../content/scenarios/rp11-complaint-cold-attitude.md")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if s, problems := Parse("x.md", src); s == nil {
			b.Fatal(problems)
		}
	}
}

// The largest files there can be, of what costs most.
func BenchmarkParseHostile(b *testing.B) {
	front := corridor(1)
	head, _, _ := strings.Cut(front, "## ")
	for name, src := range map[string]string{
		"problems":  head + "## 一\n" + strings.Repeat("走了几步\n", MaxBytes/14),
		"names":     head + "## 一\n" + strings.Repeat("- 好→ 二\n", 400),
		"scenes":    head + strings.Repeat("## 一（旁支）\n", MaxBytes/22),
		"document":  head + "## 一\n资料：单 | 一\n" + strings.Repeat(" 二\n", MaxBytes/6),
		"brackets":  head + "## 一\n- 好【" + strings.Repeat("情绪 +，", MaxBytes/14) + "】",
		"condition": head + "## 一\n客户：[" + strings.Repeat("情绪>1 且 ", MaxBytes/14) + "情绪>1] 好",
		"nested":    head + "## 一\n客户：[" + strings.Repeat("(", MaxBytes/2) + "] 好",
		"front":     "---\n标题: 长\n" + strings.Repeat(" 一\n", MaxBytes/6) + "---\n",
		"steps":     head + "## 一【结局：二】\n## 试演：三\n" + strings.Repeat("应到 一；", MaxBytes/16),
	} {
		b.Run(name, func(b *testing.B) {
			if len(src) > MaxBytes {
				b.Fatal(len(src))
			}
			for b.Loop() {
				Parse("x.md", []byte(src))
			}
		})
	}
}

// The scenario survives its canonical form, and only under its own hash.
func TestScenarioRoundTrip(t *testing.T) {
	for file, src := range samples(t) {
		want := mustParse(t, file, src).Scenario
		got, err := roleplay.Load(want.JSON(), want.Hash())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, err := roleplay.Load(want.JSON(), strings.Repeat("0", 64)); err == nil {
			t.Errorf("%s: loaded under another scenario's hash", file)
		}
		later := *want
		later.Engine++
		if _, err := roleplay.Load(later.JSON(), later.Hash()); err == nil {
			t.Errorf("%s: loaded for another engine", file)
		}
	}
}
