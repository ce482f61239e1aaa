package quiz

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/internal/fault"
	"qibu/quiz/sheet"
)

// frontDesk is the bank most tests use. testdata/front-desk.md is valid and
// has every kind of question.
func frontDesk(t testing.TB) (*Bank, string) {
	t.Helper()
	src, err := os.ReadFile("testdata/front-desk.md")
	if err != nil {
		t.Fatal(err)
	}
	b, ps := Parse("quizzes/front-desk.md", src)
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	return b, string(src)
}

func TestParseBank(t *testing.T) {
	b, _ := frontDesk(t)
	got := *b
	got.Questions = nil
	want := Bank{
		Slug: "front-desk", Title: "前台接车", TitleEN: "At the front desk",
		Module: "seven-steps/step-2-reception", Size: 10, Pass: 80, Minutes: 15,
		Shuffle: true, Retake: Retake{WaitHours: 24, Max: 3, WithinDays: 30},
		File: "quizzes/front-desk.md",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Bank{})); diff != "" {
		t.Error(diff)
	}
	if len(b.Questions) != 15 {
		t.Errorf("%d questions, want 15", len(b.Questions))
	}
}

func TestParseFrontMatterOptions(t *testing.T) {
	_, src := frontDesk(t)
	src = strings.Replace(src, "minutes: 15\n", "minutes: 15\nshuffle: false\nretake: {max: 5}\n", 1)
	b, ps := Parse("front-desk.md", []byte(src))
	if ps.Err() != nil {
		t.Fatal(ps)
	}
	if b.Shuffle {
		t.Error("shuffle: false was not read")
	}
	if want := (Retake{WaitHours: 24, Max: 5, WithinDays: 30}); b.Retake != want {
		t.Errorf("retake %+v, want %+v: what is not written keeps its default", b.Retake, want)
	}
}

func TestParseQuestion(t *testing.T) {
	b, _ := frontDesk(t)
	got := *b.question("covers-when")
	for _, s := range []string{"铺好了再拉开车门", "先铺后查"} {
		if !strings.Contains(got.Explanation, s) {
			t.Errorf("explanation %q lacks %q", got.Explanation, s)
		}
	}
	got.Explanation = ""
	want := Question{
		ID: "covers-when", Kind: sheet.Single, Stem: "<p>三件套应在什么时候铺？</p>",
		Topic: "D5", Difficulty: 1, Points: 2, Critical: true,
		Options: []Option{
			{Text: "环车检查做完以后再铺也来得及", Why: "先查后铺，手和工具已经碰过座椅。"},
			{Text: "检查之前，当着客户的面", Why: "客户看得见你在<strong>爱护</strong>他的车。", Right: true},
			{Text: "车进工位后由技师铺", Why: "省了你一步，丢了客户看得见的那一刻。"},
		},
		Sources: []string{"S4-035", "S4-036"},
		Review:  "seven-steps/step-2-reception#covers",
		Line:    10,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseLongStem(t *testing.T) {
	b, _ := frontDesk(t)
	stem := b.question("covers-refused").Stem
	if !strings.Contains(stem, "不用铺了") || !strings.Contains(stem, "后面还有一辆车在等。</p>") {
		t.Errorf("stem %q lacks the heading or the paragraph", stem)
	}
}

func TestParseKinds(t *testing.T) {
	b, _ := frontDesk(t)
	for id, want := range map[string]string{
		"covers-when": sheet.Single, "covers-what": sheet.Multiple,
		"walk-alone": sheet.TrueFalse, "sign-for": sheet.TrueFalse, "order-reception": sheet.Order,
	} {
		if got := b.question(id).Kind; got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	steps := b.question("order-reception").Options
	if len(steps) != 5 || steps[0].Text != "当着客户的面铺三件套" || steps[4].Text != "带客户去休息区" {
		t.Errorf("steps are %+v", steps)
	}
}

// What a Chinese keyboard writes in full width means the same.
func TestReadFullWidth(t *testing.T) {
	for full, half := range map[string]string{
		"## 问 {#a}\n- ［ｘ］　甲\n＞ 因为\n- ［　］ 乙":           "## 问 {#a}\n- [x] 甲\n  > 因为\n- [ ] 乙",
		"## 问 {#a}\n- [✔] 甲\n- ［５０％］ 乙\n- ［－２５％］ 丙":   "## 问 {#a}\n- [x] 甲\n- [50%] 乙\n- [-25%] 丙",
		"## 占 ｛｛38%｜［５０％］ 三十｝｝ {#a}":                  "## 占 {{38%|[50%] 三十}} {#a}",
		"## 占 ｛｛｝｝ {#a}\n＝ 38%｜38\n＝ ［0％］ 7%\n　＞ 那是话": "## 占 {{}} {#a}\n= 38%|38\n= [0%] 7%\n  > 那是话",
		"## 留 {{a\\｜b\\｝}} {#a}":                      "## 留 {{a\\｜b\\｝}} {#a}",
	} {
		_, want, ps := Read("x.md", []byte("---\ntitle: x\n---\n"+half))
		if len(ps) > 0 {
			t.Fatal(ps)
		}
		_, got, ps := Read("x.md", []byte("---\ntitle: x\n---\n"+full))
		if diff := cmp.Diff(want, got, asWritten); diff != "" || len(ps) > 0 {
			t.Errorf("%v%s\nof\n%s", ps, diff, full)
		}
	}
}

// A line that was meant to be an option never becomes part of the stem.
func TestReadRefusesMarksOfOtherKinds(t *testing.T) {
	for _, mark := range []string{"[×]", "[✗]", "【x】", "【 】", "【√】"} {
		_, _, ps := Read("x.md", []byte("---\ntitle: x\n---\n## 问 {#a}\n- "+mark+" 甲\n- [x] 乙\n- [ ] 丙\n"))
		if len(ps) != 1 || ps[0].Line != 5 || !strings.Contains(ps[0].Message, "选项要写成") {
			t.Errorf("%s: %v", mark, ps)
		}
	}
}

// Each row breaks the valid bank in one place and names every finding it must cause.
func TestParseProblems(t *testing.T) {
	_, valid := frontDesk(t)
	const basis = "依据：S4-035、S4-036 · 复习：seven-steps/step-2-reception#covers"
	for _, tt := range []struct {
		name, old, new string
		want           []string
	}{
		{"no title", "title: 前台接车\n", "", []string{"x.md: 缺少 title（中文标题）"}},
		{"no English title", "title_en: At the front desk\n", "", []string{"x.md: 缺少 title_en（英文标题）"}},
		{
			"module", "module: seven-steps/step-2-reception\n", "module: 接车\n",
			[]string{"x.md:4: module 应写成 课程/模块，现在是“接车”"},
		},
		{"pass 0", "pass: 80", "pass: 0", []string{"x.md:6: pass 应是 1 到 100，现在是 0"}},
		{"pass 101", "pass: 80", "pass: 101", []string{"x.md:6: pass 应是 1 到 100，现在是 101"}},
		{"minutes", "minutes: 15", "minutes: 0", []string{"x.md:7: minutes 应是 1 到 240，现在是 0"}},
		{
			"retake", "minutes: 15", "minutes: 15\nretake: {max: 0}",
			[]string{"x.md:8: retake 的 wait_hours 不能小于 0，max 和 within_days 不能小于 1"},
		},
		{"draw 0", "draw: 10", "draw: 0", []string{"x.md:5: draw 至少是 1，现在是 0"}},
		{"draw larger than bank", "draw: 10", "draw: 16", []string{"x.md:5: draw 要抽 16 道题，题库只有 15 道"}},
		{"just room for the critical", "draw: 10", "draw: 2", nil},
		{
			"too few critical places", "draw: 10", "draw: 1",
			[]string{"x.md:5: 关键题（critical）有 2 道，试卷只放得下 1 道计分题"},
		},
		{
			"text before", "minutes: 15\n---\n", "minutes: 15\n---\n开场白\n",
			[]string{"x.md:9: 第一道题之前只能是空行；题目以“## 题干 {#题号}”开头"},
		},
		{
			"no id", "{#covers-when ", "{",
			[]string{"x.md:10: 题号应是小写字母、数字和连字符，如 {#covers-when}，现在是“”"},
		},
		{"duplicate id", "{#covers-refused ", "{#covers-when ", []string{"x.md:24: 题号“covers-when”与第 10 行重复"}},
		{"no stem", "## 三件套应在什么时候铺？ {", "## {", []string{"x.md:10: 没有题干"}},
		{"topic", "topic=D5 difficulty=1 points=2", "topic=D9 difficulty=1 points=2", []string{
			"x.md:10: topic 应是 D1 到 D8，现在是“D9”",
			"x.md:10: 提醒：没有写 topic（D1 到 D8），这道题不会计入能力维度",
		}},
		{
			"no topic", "topic=D5 difficulty=1 points=2", "",
			[]string{"x.md:10: 提醒：没有写 topic（D1 到 D8），这道题不会计入能力维度"},
		},
		{"points", "points=2 critical", "points=11 critical", []string{"x.md:10: 一道题最多 10 分，现在有 11 分"}},
		{
			"difficulty", "difficulty=1 points=2", "difficulty=难 points=2",
			[]string{"x.md:10: difficulty 应是 1 到 3 的整数，现在是“难”"},
		},
		{
			"unknown attribute", "points=2 critical", "points=2 critical star",
			[]string{"x.md:10: 不认识的属性“star”；可用：#题号 topic difficulty points type words critical pilot void fixed exact by-value"},
		},
		{"attribute misspelt", "points=2 critical", "point=2 critcal", []string{
			"x.md:10: 不认识的属性“point=2”，是不是 points；可用：#题号 topic difficulty points type words critical pilot void fixed exact by-value",
			"x.md:10: 不认识的属性“critcal”，是不是 critical；可用：#题号 topic difficulty points type words critical pilot void fixed exact by-value",
		}},
		{
			"critical pilot", "points=2 critical", "points=2 critical pilot",
			[]string{"x.md:10: critical 和 pilot 不能同时用：试用题不计分，不能决定是否通过"},
		},
		{
			"kind misspelt", "points=2 critical", "critical type=singel",
			[]string{"x.md:10: 没有题型“singel”，是不是 single；可用的题型：single、multiple、true-false、order、match、fill、numeric、hot、text、case"},
		},
		{
			"true-false of other words", "points=2 critical", "critical type=true-false",
			[]string{"x.md:10: 判断题的两个选项只能是“对”和“错”"},
		},
		{"second right option makes it multiple", "- [ ] 环车检查做完", "- [x] 环车检查做完", nil},
		{
			"single with two right", "difficulty=1 points=2 critical}\n- [ ]", "type=single topic=D5}\n- [x]",
			[]string{"x.md:10: 这道题只能有一个正确的选项，现在有 2 个"},
		},
		{"true-false with two right", "- [ ] 对\n", "- [x] 对\n", []string{"x.md:47: 这道题只能有一个正确的选项，现在有 2 个"}},
		{"no right option", "- [x] 检查之前", "- [ ] 检查之前", []string{"x.md:10: 没有正确的选项（- [x]）"}},
		{
			"all right", "- [ ] 拖一拖时间等技师", "- [x] 拖一拖时间等技师",
			[]string{"x.md:108: 每个选项都对，这道题分不出会与不会"},
		},
		{"one option", "- [ ] 对\n  > 一个人查得快，可有了划痕谁也说不清。\n", "", []string{"x.md:47: 只有一个选项"}},
		{
			"no options", "- [x] 座椅防尘套\n- [ ] 后视镜罩\n  > 也是防护用品，但不在三件之内。\n- [x] 转向盘防尘套\n- [ ] 车衣\n  > 洗车时才用得上。\n- [x] 脚垫\n", "",
			[]string{"x.md:36: 没有选项；写成“- [x] 正确的选项”或“- [ ] 错误的选项”；其他题型要写 type=，可用：order、match、fill、numeric、hot、text"},
		},
		{"same option twice", "- [ ] 后视镜罩", "- [ ] 座椅防尘套", []string{"x.md:38: 两个选项一模一样"}},
		{
			"why missing", "  > 先查后铺，手和工具已经碰过座椅。\n", "",
			[]string{"x.md:11: 错误的选项要写明为什么有人会选它（下一行“  > 理由”）"},
		},
		{
			"why blank", "  > 先查后铺，手和工具已经碰过座椅。\n", "  >\n",
			[]string{"x.md:11: 错误的选项要写明为什么有人会选它（下一行“  > 理由”）"},
		},
		{"checkbox typo", "- [x] 检查之前", "- [x]检查之前", []string{
			"x.md:13: 选项要写成“- [x] 正确的选项”或“- [ ] 错误的选项”，顶格写，方括号后空一格",
			"x.md:10: 没有正确的选项（- [x]）",
		}},
		{"steps without type=order", " type=order}", "}", []string{
			"x.md:54: 没有选项；写成“- [x] 正确的选项”或“- [ ] 错误的选项”；其他题型要写 type=，可用：order、match、fill、numeric、hot、text",
		}},
		{"two steps", "3. 询问还有没有其他问题\n4. 请客户在确认单上签字\n5. 带客户去休息区\n", "", []string{"x.md:54: 排序题至少要有 3 步"}},
		{"no steps", " {#two-at-once topic=D1 difficulty=3}", " {#two-at-once topic=D1 type=order}", []string{
			"x.md:72: 排序题没有步骤；按正确顺序写成“1. 第一步”“2. 第二步”",
		}},
		{
			"stray line", "- [x] 检查之前，当着客户的面\n", "- [x] 检查之前，当着客户的面\n\n接着说。\n",
			[]string{"x.md:15: 看不懂“接着说。”：选项之后只能是“> 理由”、“解析：……”和“依据：……”"},
		},
		{"basis not last", basis, basis + "\n\n解析：晚了", []string{"x.md:24: “依据”一行要放在这道题的最后"}},
		{
			"explanation before the options", "他已经看了两次手表", "解析：他已经看了两次手表",
			[]string{"x.md:26: “解析”要写在选项之后"},
		},
		{
			"basis missing", basis + "\n", "",
			[]string{"x.md:10: 缺少“依据”和“复习”；写法：依据：S4-035、S1-008 · 复习：课程/模块#小节"},
		},
		{"basis in ASCII punctuation", basis, "依据: S4-035, S1-008 复习: a/b#c", nil},
		{
			"review missing", basis, "依据：S4-035",
			[]string{"x.md:22: “依据”一行缺少“复习”；写法：依据：S4-035、S1-008 · 复习：课程/模块#小节"},
		},
		{
			"sources missing", basis, "依据： · 复习：a/b#c",
			[]string{"x.md:22: “依据”后面没有事实编号；写法：依据：S4-035、S1-008 · 复习：课程/模块#小节"},
		},
		{"source malformed", basis, "依据：S4-35 · 复习：a/b#c", []string{"x.md:22: “S4-35”不是事实编号（应如 S4-035）"}},
		{"review malformed", basis, "依据：S4-035 · 复习：a/b", []string{"x.md:22: “复习”应写成 课程/模块#小节，现在是“a/b”"}},
		{
			"mark in the heading", "## 三件套应在什么时候铺？", "## 三件套[S4-035]应在什么时候铺？",
			[]string{"x.md:10: 题干和选项里不要放出处标记，写到“依据”一行"},
		},
		{
			"mark in the stem", "后面还有一辆车在等。", "后面还有一辆车在等[S4-035]。",
			[]string{"x.md:26: 题干和选项里不要放出处标记，写到“依据”一行"},
		},
		{
			"mark in an option", "- [ ] 环车检查做完以后再铺也来得及", "- [ ] 环车检查做完[S4-035]",
			[]string{"x.md:11: 题干和选项里不要放出处标记，写到“依据”一行"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(valid, tt.old) == 0 {
				t.Fatalf("the bank has no %q to replace", tt.old)
			}
			b, ps := Parse("x.md", []byte(strings.Replace(valid, tt.old, tt.new, 1)))
			if diff := cmp.Diff(tt.want, texts(ps)); diff != "" {
				t.Error(diff)
			}
			if (b == nil) != (ps.Err() != nil) {
				t.Errorf("bank %v with problems %v: there is a bank exactly when there is no error", b, ps)
			}
		})
	}
}

func texts(ps fault.Problems) []string {
	var list []string
	for _, p := range ps {
		list = append(list, p.String())
	}
	return list
}

// What the Markdown renderer finds is reported at its line of the bank.
func TestParseMarkdownProblems(t *testing.T) {
	_, src := frontDesk(t)
	src = strings.NewReplacer("还有一辆车在等。", "还有一辆车。\n![图](img/car.svg)", "铺好了再拉开车门。", "![图](img/car.svg)").Replace(src)
	_, ps := Parse("x.md", []byte(src))
	if len(ps) != 2 || ps[0].Line != 20 || ps[1].Line != 27 {
		t.Errorf("want one problem each in lines 20 and 27, got\n%v", ps)
	}
}

func TestParseReportsEverythingAtOnce(t *testing.T) {
	_, src := frontDesk(t)
	src = strings.NewReplacer("pass: 80", "pass: 0", "- [x] 检查之前", "- [ ] 检查之前", " pilot}", " type=quiz}").Replace(src)
	_, ps := Parse("x.md", []byte(src))
	for _, want := range []string{":6: pass", ":10: 没有正确的选项", ":123: 没有题型“quiz”", ":132: 没有题型“quiz”"} {
		if !strings.Contains(ps.Error(), want) {
			t.Errorf("no %q in\n%v", want, ps)
		}
	}
}

func TestParseSmallBank(t *testing.T) {
	_, src := frontDesk(t)
	parts := strings.SplitAfter(src, "\n## ")
	small := strings.TrimSuffix(strings.Join(parts[:12], ""), "\n## ") // header and 11 questions
	_, ps := Parse("x.md", []byte(small))
	if diff := cmp.Diff([]string{"x.md: 题库至少要有 12 道题，现在只有 11 道"}, texts(ps)); diff != "" {
		t.Error(diff)
	}
}

// Pilots fill at most a fifth of a paper, so a bank of many pilots may be too
// small although it has draw questions.
func TestParseTooManyPilots(t *testing.T) {
	_, src := frontDesk(t)
	src = strings.NewReplacer("topic=D2 difficulty=2}", "topic=D2 pilot}", "topic=D6}", "topic=D6 pilot}",
		"topic=D3}", "topic=D3 pilot}", "draw: 10", "draw: 12").Replace(src)
	if _, ps := Parse("x.md", []byte(src)); ps.Err() != nil { // 10 scored questions and 2 pilots
		t.Fatal(ps)
	}
	_, ps := Parse("x.md", []byte(strings.Replace(src, "draw: 12", "draw: 13", 1)))
	want := []string{"x.md:5: 试卷要 11 道计分题，题库只有 10 道（试用题最多占五分之一）"}
	if diff := cmp.Diff(want, texts(ps)); diff != "" {
		t.Error(diff)
	}
}

func TestReadRefusesWhatIsNoBank(t *testing.T) {
	for _, tt := range []struct {
		name, src, want string
	}{
		{"too large", strings.Repeat("a", MaxBytes+1), "x.md: 文件太大：最多 1024 KiB，现在有 1024 KiB；分成几个题库"},
		{"another encoding", "---\ntitle: \xcc\xe2\xbf\xe2\n---\n", "x.md: 文件不是 UTF-8 编码：另存为 UTF-8 再试"},
		{
			"too many questions", "---\ntitle: x\n---\n" + strings.Repeat("## 题 {#a}\n", MaxQuestions+1),
			"x.md:1004: 题目太多：一个文件最多 1000 道，现在有 1001 道；分成几个题库",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, x, ps := Read("x.md", []byte(tt.src))
			if diff := cmp.Diff([]string{tt.want}, texts(ps)); diff != "" || len(x.Questions) > 0 {
				t.Errorf("%s, and %d questions", diff, len(x.Questions))
			}
		})
	}
}

// Whoever has hundreds of problems is shown the first of them.
func TestParseListsSomeProblems(t *testing.T) {
	_, ps := Parse("x.md", []byte("---\ntitle: x\n---\n"+strings.Repeat("## 题 {#a}\n", 500)))
	if len(ps) != mostProblems+1 || ps.Err() == nil || !strings.Contains(ps[mostProblems].Message, "没有列出") {
		t.Errorf("%d problems, the last %v", len(ps), ps[len(ps)-1])
	}
}

// What would take long to render is not read: the rest is, as usual.
func TestReadKeepsWithinBounds(t *testing.T) {
	long := strings.Repeat("字", maxSection/3)
	src := "---\ntitle: x\n---\n## 情境 {#a type=case}\n" + long + "\n### 题 {#b}\n- [x] 甲\n## 题 {#c}\n" +
		strings.Repeat("> ", 20) + "深\n" + strings.Repeat("> ", 19) + "浅\n## " + long + " {#d}\n## 记号 {#e}\n" + strings.Repeat("[a](*", 501)
	_, x, ps := Read("x.md", []byte(src))
	want := []string{"x.md:9: 引用或列表套得太深", "x.md:4: 这道题太长：最多大约 5461 个字", "x.md:11: 这道题太长：最多大约 5461 个字", "x.md:12: 这道题的 * _ ~ [ 太多：最多 1000 个"}
	if diff := cmp.Diff(want, texts(ps)); diff != "" {
		t.Error(diff)
	}
	if len(x.Situations) != 1 || len(x.Questions) != 4 || x.Questions[0].Case != "a" || !strings.Contains(x.Questions[1].Stem, "浅") {
		t.Errorf("read %+v", x)
	}
}

func TestTooManyWarningsAreNoError(t *testing.T) {
	var ps fault.Problems
	for range mostProblems + 1 {
		ps.Warn("x.md", 1, "提醒")
	}
	if got := capped("x.md", ps); got.Err() != nil || len(got) != mostProblems+1 {
		t.Errorf("%d problems, with error %v", len(got), got.Err())
	}
}

func TestPerhaps(t *testing.T) {
	for wrong, want := range map[string]string{
		"topci": "，是不是 topic", "by_value": "，是不是 by-value", "exakt": "，是不是 exact",
		"word": "，是不是 words", "critcal": "，是不是 critical", "star": "", "难度": "", "": "",
	} {
		if got := perhaps(wrong, attributes); got != want {
			t.Errorf("%q: %q, want %q", wrong, got, want)
		}
	}
}

func TestParseWindowsLineEnds(t *testing.T) {
	b, src := frontDesk(t)
	crlf, ps := Parse(b.File, []byte(strings.ReplaceAll(src, "\n", "\r\n")))
	if ps.Err() != nil {
		t.Fatal(ps)
	}
	if diff := cmp.Diff(b, crlf, cmpopts.IgnoreUnexported(Bank{})); diff != "" {
		t.Error(diff)
	}
}

func TestStyleWarnings(t *testing.T) {
	single := func(right int, options ...string) Draft {
		d := Draft{Kind: sheet.Single}
		for i, text := range options {
			d.Options = append(d.Options, Option{Text: text, Right: i == right})
		}
		return d
	}
	long := func(right int) Draft { // the right option is the longest
		options := []string{"短", "短", "短"}
		options[right] = "长长长"
		return single(right, options...)
	}
	even := func(right int) Draft { return single(right, "甲", "乙", "丙") }
	other := single(1, "错", "对")
	other.Kind = sheet.TrueFalse
	for _, tt := range []struct {
		name   string
		drafts []Draft
		want   []string
	}{
		{"fine", []Draft{long(0), long(2), even(1), even(0), even(0)}, nil},
		{
			"longest",
			[]Draft{long(0), long(2), long(1), even(0), even(0)},
			[]string{"x.md: 提醒：5 道单选题里有 3 道的正确选项最长，超过 40%：不会的人选最长的也能过"},
		},
		{
			"one place",
			[]Draft{even(1), even(1), even(0), even(1), even(1)},
			[]string{"x.md: 提醒：5 道单选题里有 4 道的正确选项写在第 2 个，换一换位置"},
		},
		{
			"cycle",
			[]Draft{even(0), even(1), even(2), even(0), even(1), even(2)},
			[]string{"x.md: 提醒：单选题正确选项的位置每 3 道一循环，打乱一下"},
		},
		{"too few to tell", []Draft{long(1), long(1), long(1), long(1)}, nil},
		{"other kinds do not count", []Draft{
			even(1), even(1), even(0), even(2), other, other, other,
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := &linter{}
			l.checkStyle(tt.drafts)
			var ps fault.Problems
			for _, f := range l.findings {
				f.report(&ps, "x.md", nil)
			}
			if diff := cmp.Diff(tt.want, texts(ps)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestContentBanks checks the banks that ship with the program.
func TestContentBanks(t *testing.T) {
	files, err := filepath.Glob("../content/quizzes/*.md")
	if err != nil || len(files) == 0 {
		t.Skip("no banks under content/quizzes")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b, ps := Parse(file, src)
			if ps.Err() != nil {
				t.Fatal(ps)
			}
			for _, p := range ps {
				t.Log(p)
			}
			if r := b.Grade(b.Draw([32]byte{}, nil), nil, nil); r.Passed {
				t.Error("an empty paper passes")
			}
		})
	}
}

// FuzzParse reads anything, and writes what it read so that it reads the same.
func FuzzParse(f *testing.F) {
	_, src := frontDesk(f)
	f.Add(src)
	_, src = allKinds(f)
	f.Add(src)
	f.Add("---\ntitle: 空\n---\n")
	f.Add("---\ndraw: -5\nblueprint: [{count: 999999999}]\n---\n## {#a type=order}\n1. \n> \n依据：\n")
	f.Add("---\ntitle: x\n---\n## {{a|\\}}}{{}}\n(2)= [50%] b\n> c\n## \\## d {type=match}\n|a|\\|b|\n|-|-|\n")
	f.Fuzz(func(t *testing.T, src string) {
		checkWritten(t, src)
		b, ps := Parse("x.md", []byte(src))
		if (b == nil) != (ps.Err() != nil) {
			t.Fatal("there must be a bank exactly when there is no error")
		}
		if b == nil {
			return
		}
		p := b.Draw([32]byte{1}, nil)
		if r := b.Grade(p, key(b, p), fullMarks(b, p)); !r.Passed || r.Points != r.Max || r.Max == 0 {
			t.Errorf("the right answers earn %d of %d", r.Points, r.Max)
		}
	})
}

// checkWritten writes what was read without a problem, and reads it again.
func checkWritten(t *testing.T, src string) {
	h, x, ps := Read("x.md", []byte(src))
	if len(ps) > 0 {
		return
	}
	written := Write(h, x)
	again, y, ps := Read("x.md", written)
	if diff := cmp.Diff(h, again, asWritten) + cmp.Diff(x, y, asWritten); diff != "" || len(ps) > 0 {
		t.Errorf("%v%s\nwritten as\n%s", ps, diff, written)
	}
}
