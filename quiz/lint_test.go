package quiz

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/quiz/sheet"
)

// choice is a question with nothing to find fault with; its first option is right.
func choice(stem string, options ...string) Draft {
	d := Draft{
		ID: "q", Kind: sheet.Single, Stem: stem, Topic: "D5", Difficulty: 1, Points: 1, Explanation: "因为",
		Sources: []string{"S4-035"}, Review: "a/b#c",
	}
	for i, text := range options {
		d.Options = append(d.Options, Option{Text: text, Right: i == 0, Why: "有人会选"})
	}
	return d
}

func TestLintQuestion(t *testing.T) {
	changed := func(change func(*Draft)) Draft {
		d := choice("客户等久了，你先说什么？", "道歉", "解释")
		change(&d)
		return d
	}
	for _, tt := range []struct {
		name  string
		draft Draft
		want  []string // level and rule
	}{
		{"fine", changed(func(*Draft) {}), nil},
		{"right option half as long again", choice("你说什么？", "对不起，车要晚一个", "技师还在弄"), []string{"advised longest"}},
		{"a little longer", choice("你说什么？", "对不起，晚了", "技师还在弄"), nil},
		{"absolute word in a wrong option", choice("你说什么？", "我去问", "一定能修"), []string{"advised absolute"}},
		{"absolute words in both", choice("你说什么？", "一定问", "一定修"), nil},
		{"all of the above", choice("你说什么？", "道歉", "以上都对"), []string{"doubted all-above"}},
		{"none of the above", choice("你说什么？", "道歉", "以上都不正确"), []string{"doubted all-above"}},
		{"above, but not all", choice("你说什么？", "道歉", "以上次的单子为准，都对"), nil},
		{"negative stem", choice("下列哪一项不属于三件套？", "车衣", "脚垫"), []string{"doubted negative"}},
		{"negative stem, stressed", choice("下列哪一项**不**属于三件套？", "车衣", "脚垫"), nil},
		{"what to avoid", choice("“这不是我的车”，客户说。你……", "道歉", "解释"), nil},
		{"no explanation but reasons", changed(func(d *Draft) { d.Explanation = "" }), nil},
		{"steps without explanation", Draft{
			ID: "q", Kind: sheet.Order, Stem: "排好顺序", Topic: "D5", Points: 1, Options: []Option{{Text: "一"}, {Text: "二"}, {Text: "三"}},
			Sources: []string{"S4-035"}, Review: "a/b#c",
		}, []string{"advised explanation"}},
		{"no reason", changed(func(d *Draft) { d.Options[1].Why = "" }), []string{"refused why"}},
		{"no source", changed(func(d *Draft) { d.Sources = nil }), []string{"refused source"}},
		{"nothing from anywhere", changed(func(d *Draft) { d.Sources, d.Review = nil, "" }), []string{"refused source"}},
		{"no topic", changed(func(d *Draft) { d.Topic = "" }), []string{"doubted topic"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &linter{}
			j := judge{l, tt.draft}
			j.check()
			j.advise()
			var got []string
			for _, f := range l.findings {
				got = append(got, string(f.Level)+" "+f.Rule)
				if f.Question != "q" {
					t.Errorf("finding %+v is about no question", f)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A bank of ten questions, two of them critical, of which a paper takes six: the
// other eight share four places.
func TestLintExposure(t *testing.T) {
	bank := func(exposure int, blueprint ...Cell) *Bank {
		b := &Bank{Size: 6, Exposure: exposure, Blueprint: blueprint}
		for i := range 10 {
			q := Question{Topic: "D5", Difficulty: 1 + i%2, Critical: i < 2}
			if i > 7 {
				q.Topic = "D6"
			}
			b.Questions = append(b.Questions, q)
		}
		return b
	}
	for _, tt := range []struct {
		name string
		bank *Bank
		want []string
	}{
		{"unlimited", bank(0), nil},
		{"just within", bank(50), nil},
		{"beyond", bank(49), []string{"“全部”的 8 道题里每份试卷用 4 道：平均每道题出现在 50% 的试卷里，超过 exposure 的 49%"}},
		{"cell by cell", bank(50, Cell{Topic: "D5", Count: 6}, Cell{Topic: "D6", Difficulty: 2, Count: 1}), []string{
			"“D5”的 6 道题里每份试卷用 4 道：平均每道题出现在 66% 的试卷里，超过 exposure 的 50%",
			"“D6、难度 2”的 1 道题里每份试卷用 1 道：平均每道题出现在 100% 的试卷里，超过 exposure 的 50%",
		}},
		{"more than there are", bank(50, Cell{Topic: "D6", Count: 3}), []string{"blueprint 的“D6”要 3 道题，题库里只有 2 道"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &linter{}
			l.checkDraw(tt.bank)
			var got []string
			for _, f := range l.findings {
				got = append(got, f.Message)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSimilar(t *testing.T) {
	const text = "客户赶时间，摆手说“不用铺了”。你一边铺三件套，一边问他几点要走。"
	for _, tt := range []struct {
		name, other string
		want        int // percent; 0 for not found
	}{
		{"the same", text, 100},
		{"punctuation, width and space", "客户赶时间 摆手说'不用铺了',你一边铺三件套,一边问他几点要走!", 100},
		{"one word changed", "客户赶时间，摆手说“不用铺了”。你一边铺三件套，一边问他几点离开。", 85},
		{"one clause", "你一边铺三件套，一边问他几点要走。", 0},
		{"another matter", "客户说刹车有点响，你先问什么？", 0},
		{"nothing", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var want []Twin
			if tt.want > 0 {
				want = []Twin{{0, 1, tt.want}}
			}
			if diff := cmp.Diff(want, Similar([]string{text, tt.other}, twinShare)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What Similar leaves out without comparing would not have been found by comparing.
func TestSimilarMissesNothing(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("车客户问")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(text, 0, 12).Draw(t, "texts")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		var sets [][]string
		for _, text := range texts {
			sets = append(sets, shingles(text))
		}
		ranks := rank(sets)
		var want []Twin
		for b := range texts {
			for a := range b {
				if p := shared(ranks.of(sets[a]), ranks.of(sets[b])); p >= percent {
					want = append(want, Twin{a, b, p})
				}
			}
		}
		if diff := cmp.Diff(want, Similar(texts, percent)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDuplicates(t *testing.T) {
	x := Exchange{Questions: []Draft{
		choice("客户赶时间，摆手说不用铺了，你怎么办？", "边铺边问", "算了"),
		choice("电话和客户同时到，你先顾哪一个？", "点头示意", "背过身"),
		choice("客户赶时间，摆手说不用铺了，你怎么做？", "边铺边问", "算了"),
	}}
	for i := range x.Questions {
		x.Questions[i].ID, x.Questions[i].Line = fmt.Sprintf("q-%d", i), 10*i
	}
	other := choice("电话和客户同时到，你先顾哪一位？", "点头示意", "背过身")
	other.ID = "both"
	beside := NewAsked(map[string]Exchange{
		"phone": {Title: "电话礼仪", Questions: []Draft{other, other}},
		"own":   {Title: "昨天的这一份", Questions: x.Questions},
	})
	l := &linter{}
	l.checkTwins(x)
	got := slices.Concat(l.findings, beside.Duplicates("own", x))
	want := []Finding{
		{Rule: "twin", Level: Doubted, Question: "q-2", Line: 20, Message: "和第 0 行的题“q-0”几乎一样（82%）"},
		{Rule: "twin", Level: Doubted, Question: "q-1", Line: 10, Message: "和“电话礼仪”里的题“both”几乎一样（81%）"},
		{Rule: "twin", Level: Doubted, Question: "q-1", Line: 10, Message: "和“电话礼仪”里的题“both”几乎一样（81%）"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The banks that ship are warned of nothing, neither alone nor beside each other.
func TestLintContent(t *testing.T) {
	files, err := filepath.Glob("../content/quizzes/*.md")
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]Exchange{}
	var findings []Finding
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		h, x, _ := Read(file, src)
		read[file] = x
		findings = append(findings, Lint(h, x)...)
	}
	beside := NewAsked(read)
	for file, x := range read {
		findings = append(findings, beside.Duplicates(file, x)...)
	}
	for _, f := range findings {
		if f.Level != Advised {
			t.Errorf("%s, line %d: %s", f.Question, f.Line, f.Message)
		}
	}
}

// A bank as large as it may be, of questions in the words of one trade.
func largeBank(n int) []byte {
	words := []rune("客户进店来取车顾问先听再问然后铺好三件套一起环车看清旧伤说明项目时间和价钱请他签字送到休息区交车的时候逐项讲清")
	var b strings.Builder
	b.WriteString("---\ntitle: 大题库\ntitle_en: Large\nmodule: a/b\ndraw: 10\npass: 80\nminutes: 15\n---\n")
	state := uint64(1)
	phrase := func(length int) string {
		text := make([]rune, length)
		for i := range text {
			state = state*6364136223846793005 + 1442695040888963407
			text[i] = words[state>>33%uint64(len(words))]
		}
		return string(text)
	}
	for i := range n {
		fmt.Fprintf(&b, "## %s？ {#q-%d topic=D5}\n- [x] %s\n- [ ] %s\n  > %s\n- [ ] %s\n  > %s\n\n解析：%s\n\n依据：S4-035 · 复习：a/b#c\n\n",
			phrase(30), i, phrase(20), phrase(20), phrase(20), phrase(20), phrase(20), phrase(60))
	}
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{20, MaxQuestions} {
		src := largeBank(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if _, ps := Parse("large.md", src); ps.Err() != nil {
					b.Fatal(ps)
				}
			}
		})
	}
}

func BenchmarkSimilar(b *testing.B) {
	_, x, _ := Read("large.md", largeBank(MaxQuestions))
	texts := asked(x)
	for b.Loop() {
		Similar(texts, twinShare)
	}
}
