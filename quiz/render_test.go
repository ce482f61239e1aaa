package quiz

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/quiz/sheet"
)

// allKinds is a valid bank with a question of every kind, written in every way.
func allKinds(t testing.TB) (*Bank, string) {
	t.Helper()
	src, err := os.ReadFile("testdata/every-kind.md")
	if err != nil {
		t.Fatal(err)
	}
	b, ps := Parse("quizzes/every-kind.md", src)
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	return b, string(src)
}

func TestParseEveryKind(t *testing.T) {
	b, _ := allKinds(t)
	for _, want := range []Question{
		{
			ID: "single", Kind: sheet.Single, Points: 1, Stem: "<p>三件套应在什么时候铺？</p>",
			Options: []Option{
				{Text: "环车检查做完以后", Why: "先查后铺，手和工具已经碰过座椅。"},
				{Text: "检查之前，当着客户的面", Right: true, Credit: 100},
				{Text: "客户下车之前", Why: "铺了，可是客户没看见。", Credit: 50},
			},
			Said:        sheet.Responses{Right: "对，先铺后查。", Partly: "时间对了，人不对。", Wrong: "想想手上的油。"},
			Explanation: "<p>先铺后查。</p>\n<ul>\n<li>客户看得见，</li>\n<li>座椅也干净。</li>\n</ul>\n",
		},
		{
			ID: "multiple", Kind: sheet.Multiple, Points: 2, Fixed: true, Stem: "<p>哪几样属于三件套？</p>",
			Options: []Option{
				{Text: "座椅防尘套", Right: true, Credit: 34},
				{Text: "转向盘防尘套", Right: true, Credit: 33},
				{Text: "脚垫", Right: true, Credit: 33},
				{Text: "车衣", Why: "洗车时才用得上。", Credit: -50},
			},
		},
		{
			ID: "truth", Kind: sheet.TrueFalse, Points: 1, Void: true, Stem: "<p>环车检查可以等客户走了再做。</p>",
			Options: []Option{{Text: "对", Why: "有了划痕谁也说不清。"}, {Text: "错", Right: true}},
		},
		{
			ID: "order", Kind: sheet.Order, Points: 1,
			Stem:    "<p>把接车的动作排好顺序</p><ol>\n<li>这一行是题干</li>\n</ol>\n",
			Options: []Option{{Text: "铺三件套"}, {Text: "一起环车"}, {Text: "签字", Why: "没签字，等于没看过。"}},
		},
		{
			ID: "match", Kind: sheet.Match, Points: 3, Stem: "<p>把话和步骤配起来</p>",
			Options: []Option{{Text: "预约"}, {Text: "接车"}, {Text: "交车"}, {Text: "回访"}},
			Rows: []Row{
				{"“您方便几点过来？”", 0}, {"“我陪您绕车看一圈。”", 1}, {"“这是结算单 | 明细。”", 2}, {"“钥匙给您。”", 2},
			},
		},
		{
			ID: "fill", Kind: sheet.Fill, Points: 1, ByValue: true,
			Pieces: []string{"<p>惠普那份课件说，<strong>肢体语言</strong>占 ", "，</p><p>语气占 ", "。</p>\n"},
			Blanks: []Blank{
				{Accept: []Accepted{{Text: "55%", Percent: 100}, {Text: "百分之五十五", Percent: 100}, {Text: "一半多", Percent: 50}}},
				{Accept: []Accepted{{Text: "38%", Percent: 100}}},
			},
		},
		{
			ID: "fill-listed", Kind: sheet.Fill, Points: 1, Exact: true, Pieces: []string{"<p>两个空，各有各的话</p><p>先", "，后", "。</p>\n"},
			Blanks: []Blank{
				{Accept: []Accepted{{"铺", 100, "对。"}, {"套", 50, "字面差一点。"}, {"罩", 50, "字面差一点。"}}},
				{Accept: []Accepted{{Text: "查", Percent: 100}}},
			},
		},
		{
			ID: "numeric", Kind: sheet.Numeric, Points: 1, Stem: "<p>这车要修多久？</p>",
			Values: []Value{
				{Figure: "3", Tolerance: "0.5", Percent: 100},
				{Figure: "3", Tolerance: "1", Percent: 50, Why: "差了半个小时，客户会看表。"},
			},
			Units: []Unit{{"小时", "1"}, {"分钟", "1/60"}},
		},
		{
			ID: "hot", Kind: sheet.Hot, Points: 1, Stem: "<p>按环车的顺序点一遍</p>",
			Picture: &sheet.Picture{Source: "img/car-top.svg", Alt: "车的俯视图", Width: 400, Height: 720},
			Options: []Option{
				{Text: "左前翼子板", X: 300, Y: 250},
				{Text: "车头", Why: "灯和牌照都在这里。", X: 500, Y: 45},
				{Text: "右前翼子板", X: 700, Y: 250},
			},
		},
		{
			ID: "text", Kind: sheet.Text, Points: 3, Stem: "<p>车晚了一小时，写一条短信给王先生。</p>",
			Rubric:      []Criterion{{"先道歉，再解释", 2}, {"给出新的时间", 1}},
			Model:       "<p>王先生，对不起，车要晚一小时。</p>\n<p>五点整我在门口等您。</p>\n",
			Most:        120,
			Explanation: "<p>先道歉。</p>\n",
		},
		{
			ID: "wang-call", Kind: sheet.Single, Case: 1, Points: 1, Critical: true, Stem: "<p>电话里你先说什么？</p>",
			Options: []Option{{Text: "“对不起，车要晚一小时。”", Right: true}, {Text: "“技师还在弄。”", Why: "没有时间，也没有道歉。"}},
		},
		{
			ID: "wang-door", Kind: sheet.Single, Case: 1, Points: 1, Stem: "<p>他到了，你站在哪里？</p>",
			Options: []Option{{Text: "门口", Right: true}, {Text: "柜台后面", Why: "他得自己找过来。"}},
		},
		{
			ID: "after", Kind: sheet.Single, Points: 1, Pilot: true, Stem: "<p>情境结束以后的一道题</p>",
			Options: []Option{{Text: "甲", Right: true}, {Text: "乙", Why: "乙没有道理。"}},
		},
	} {
		got := b.question(want.ID)
		ignored := cmpopts.IgnoreFields(Question{}, "Line", "Topic", "Difficulty", "Sources", "Review")
		if diff := cmp.Diff(want, *got, ignored, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", want.ID, diff)
		}
		if len(got.Sources) == 0 || got.Review == "" {
			t.Errorf("%s has lost where it comes from", want.ID)
		}
	}
}

func TestParseEveryRule(t *testing.T) {
	b, _ := allKinds(t)
	got := *b
	got.Questions, got.Cases = nil, nil
	want := Bank{
		Slug: "every-kind", Title: "各种题型", TitleEN: "Every kind", Module: "seven-steps/step-2-reception",
		Size: 6, Pass: 70, Minutes: 30, Shuffle: true, Retake: Retake{WaitHours: 24, Max: 3, WithinDays: 30},
		Blueprint: []Cell{{Topic: "D5", Count: 4}, {Topic: "D4", Difficulty: 2, Count: 2}},
		Minimum:   map[string]int{"D5": 60}, Forms: 4, Exposure: 100, File: "quizzes/every-kind.md",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Bank{})); diff != "" {
		t.Error(diff)
	}
	if len(b.Cases) != 1 || !strings.Contains(b.Cases[0].Text, "<p>王先生的车晚了一小时</p><p>他说好四点来取。</p>") ||
		!strings.Contains(b.Cases[0].Text, "这不是题目") {
		t.Errorf("situations are %+v", b.Cases)
	}
}

func TestExactFigureHasNoTolerance(t *testing.T) {
	_, src := allKinds(t)
	b, ps := Parse("x.md", []byte(strings.Replace(src, "= 3 ± 0.5", "= 3", 1)))
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	if v := b.question("numeric").Values[0]; v.Tolerance != "0" {
		t.Errorf("value %+v: a tolerance is a figure", v)
	}
}

// Each row breaks the valid bank in one place and names every finding it must cause.
func TestParseProblemsOfKinds(t *testing.T) {
	_, valid := allKinds(t)
	for _, tt := range []struct {
		name, old, new string
		want           []string
	}{
		{"percentage too large", "- [50%]", "- [150%]", []string{"x.md:20: 百分数应在 -100% 到 100% 之间，现在是 150%"}},
		{"shares short of everything", "- [34%] 座椅防尘套", "- [24%] 座椅防尘套", []string{"x.md:35: 得分的选项加起来应是 100%，现在是 90%"}},
		{"flag of another kind", "{#truth topic=D5 void}", "{#truth topic=D5 exact words=3}", []string{
			"x.md:44: exact 只用于填空题（fill）", "x.md:44: words 只用于文字题（text）",
		}},
		{
			"third cell", "| “钥匙给您。” | 交车 |", "| “钥匙给您。” | 交车 | 再见 |",
			[]string{"x.md:67: 配对表的每一行要有两格：“| 左边 | 右边 |”；文字里的竖线写成 \\|"},
		},
		{"nothing on the right", "| “钥匙给您。” | 交车 |", "| “钥匙给您。” |  |", []string{"x.md:67: 右边是空的；左边可以空（多出来的选项），右边不行"}},
		{"same left twice", "“钥匙给您。”", "“您方便几点过来？”", []string{"x.md:67: 左边的““您方便几点过来？””写了两次"}},
		{
			"no table", "| “您方便几点过来？” | 预约 |\n| “我陪您绕车看一圈。” | 接车 |\n| “这是结算单 \\| 明细。” | 交车 |\n| “钥匙给您。” | 交车 |\n", "",
			[]string{"x.md:61: 配对题至少要有 2 行，左右各一格：“| 左边 | 右边 |”"},
		},
		{"blank of nothing", "{{38%}}", "{{}}", []string{"x.md:72: 第 2 个空没有得满分的答案"}},
		{"blank in a link", "{{38%}}", "[这里](/courses/{{38%}})", []string{"x.md:72: 空不能放在链接或图片里"}},
		{"no blank", "先{{}}，后{{}}。", "先铺后查。", []string{
			"x.md:79: 这个答案属于哪个空？题干里有 0 个空，写成“(1)= 答案”",
			"x.md:81: 这个答案属于哪个空？题干里有 0 个空，写成“(1)= 答案”",
			"x.md:83: 这个答案属于哪个空？题干里有 0 个空，写成“(1)= 答案”",
			"x.md:77: 填空题没有空；在题干里写成 {{答案}} 或 {{答案|另一种写法}}",
		}},
		{"not a figure", "= 3 ± 0.5", "= 三 ± -1", []string{
			"x.md:88: “三”不是数：写成 3 或 -2.5，单位写到“单位：”一行", "x.md:88: “±”后面应是不小于 0 的数，现在是“-1”",
		}},
		{"two words for a figure", "= 3 ± 0.5", "= 3 小时", []string{
			"x.md:88: 看不懂答案“3 小时”；写成“= 3”或“= 3 ± 0.5”", "x.md:87: 数值题没有得满分的答案；写成“= 3”或“= 3 ± 0.5”",
		}},
		{"unit without its factor", "分钟=1/60", "分钟", []string{"x.md:92: 单位“分钟”要写明是第一个单位的多少，如“天、小时=1/24”"}},
		{"unit by nothing", "分钟=1/60", "分钟=1/0", []string{"x.md:87: 单位“分钟”是第一个单位的多少？应写成 60、0.5 或 1/24，现在是“1/0”"}},
		{
			"picture elsewhere", "img/car-top.svg", "https://example.com/car.png",
			[]string{"x.md:96: 图要放在题库旁边的 img/ 里，用 .svg：![图上是什么](img/car-top.svg) 400×720；现在是“https://example.com/car.……”"},
		},
		{"picture without size", " 400×720", "", []string{"x.md:96: 图后面要写宽和高：![图上是什么](img/car-top.svg) 400×720"}},
		{"place outside", "(30%, 25%)", "(130%, 25%)", []string{"x.md:98: 位置从左上角算起，横竖都在 0% 到 100% 之间，现在是 130%"}},
		{"place without place", "1. 左前翼子板 (30%, 25%)", "1. 左前翼子板", []string{
			"x.md:98: 看不懂“1. 左前翼子板”；图写成“![图上是什么](img/car-top.svg) 400×720”，位置写成“1. 左前翼子板 (30%, 25%)”",
			"x.md:96: 点图题至少要有 3 个位置，写成“1. 左前翼子板 (30%, 25%)”",
		}},
		{"two places in one", "(70%, 25%)", "(30%, 25%)", []string{"x.md:101: 两个位置在同一点上"}},
		{"criteria without points", "- 先道歉，再解释 (2)\n- 给出新的时间（1分）\n", "- 先道歉\n", []string{
			"x.md:107: 看不懂“- 先道歉”：评分之后只能是“> 理由”、“解析：……”和“依据：……”",
			"x.md:105: 文字题没有评分标准；“评分：”下面写成“- 先道歉，再解释 (2)”",
		}},
		{"points other than the sum", "words=120", "points=5", []string{"x.md:105: 评分加起来是 3 分，points 写的是 5 分；points 可以不写"}},
		{
			"situation nobody asks about", "### 电话里你先说什么？", "## 另一个情境 {#other type=case}\n\n### 电话里你先说什么？",
			[]string{"x.md:116: 情境下面没有题目；题目写成“### 题干 {#题号}”"},
		},
		{"case in a case", "{#wang-call ", "{#wang-call type=case ", []string{"x.md:121: 情境里不能再有情境；这里写成一道题，或者用“## ”另起一个情境"}},
		{
			"attribute of a situation", "{#wang type=case}", "{#wang type=case critical}",
			[]string{"x.md:116: 情境只写题号和 type=case，“critical”写到它的每道题上"},
		},
		{
			"half a case on trial", "{#wang-door topic=D5}", "{#wang-door topic=D5 pilot}",
			[]string{"x.md:116: 一个情境的题是一起抽的：要么都是试用题（pilot），要么都不是"},
		},
		{
			"blueprint", "{topic: D4, difficulty: 2, count: 2}", "{topic: D4, difficulty: 2, count: 6}",
			[]string{"x.md:9: blueprint 的“D4、难度 2”要 6 道题，题库里只有 3 道"},
		},
		{
			"case that does not fit", "{topic: D5, count: 4}", "{topic: D5, difficulty: 2, count: 1}",
			[]string{"x.md:9: 拼不出一份试卷：关键题（critical）都要在里面，一个情境的题要么都在、要么都不在，和各格的题数对不上"},
		},
		{"draw beside a blueprint", "minutes: 30\n", "minutes: 30\ndraw: 7\n", []string{
			"x.md:7: blueprint 各格加起来是 6 道，draw 写的是 7；draw 可以不写",
		}},
		{
			"heading without a space", "## 情境结束以后", "##情境结束以后",
			[]string{"x.md:135: “##情境结束以后的一道题 {#after top……”的 # 后面要空一格"},
		},
		{
			"text after the end", "复习：image-etiquette/phone-etiquette#both\n依据：S1-024", "依据：S1-024 · 复习：a/b#c\n还有一句\n再一句",
			[]string{"x.md:141: “依据”一行要放在这道题的最后"},
		},
		{
			"more answers than anybody reads", "- [x] 门口\n", strings.Repeat("- [x] 门口\n", 40),
			[]string{"x.md:128: 选项太多：最多 40 个，现在有 41 个"},
		},
		{"answer longer than a blank", "{{38%}}", "{{" + strings.Repeat("九", 101) + "}}", []string{"x.md:72: 第 2 个空的答案太长：一个空里最多写 100 个字"}},
		{"tick", "- [x] 门口\n", "- [√] 门口\n", nil},
		{"wide figures", "= 3 ± 0.5", "＝ ３ ± ０．５", nil},
		{"wide braces", "{#hot type=hot topic=D5 difficulty=2}", "｛#hot　type＝hot topic=D5 difficulty=２｝", nil},
		{"cell", "{topic: D5, count: 4}", "{topic: D9, count: 4}", []string{
			"x.md:9: blueprint 第 1 格应写成 {topic: D5, difficulty: 1, count: 3}：topic 是 D1 到 D8，difficulty 是 1 到 3，count 至少 1",
			"x.md:9: blueprint 的“D9”要 4 道题，题库里只有 0 道",
		}},
		{"minimum", "{D5: 60}", "{礼仪: 60}", []string{"x.md:12: minimum 应写成 {D5: 60}：维度 D1 到 D8，百分数 1 到 100，现在有“礼仪: 60”"}},
		{"forms", "forms: 4", "forms: 9", []string{"x.md:13: forms 应是 2 到 8，不用固定试卷就不写，现在是 9"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(valid, tt.old) == 0 {
				t.Fatalf("the bank has no %q to replace", tt.old)
			}
			_, ps := Parse("x.md", []byte(strings.Replace(valid, tt.old, tt.new, 1)))
			if diff := cmp.Diff(tt.want, texts(ps)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
