package moodlexml

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/moodle/moodletest"
	"qibu/quiz/sheet"
)

func TestRead(t *testing.T) {
	want := map[string]struct {
		drafts []quiz.Draft
		notes  []string
	}{
		"choices": {
			[]quiz.Draft{
				{
					ID: "rx-041", Name: "三件套何时铺", Category: "车间/接车", Kind: sheet.Single, Topic: "D5", Difficulty: 1, Points: 2, Fixed: true,
					Stem: "三件套应在**什么时候**铺？\n\n车还停在接车区，（图：接车区） 客户站在旁边。", Explanation: "先铺后查，客户看得见。",
					Said: sheet.Responses{Right: "做得对。", Wrong: "再看一遍*第二步*。"},
					Options: []quiz.Option{
						{Text: "环车检查做完以后", Why: "手和工具已经碰过座椅。"},
						{Text: "检查之前，当着客户的面", Right: true, Credit: 100},
						{Text: "车进工位前", Credit: 33},
					},
				},
				{
					ID: "q2", Name: "几样", Category: "车间/接车", Kind: sheet.Multiple, Difficulty: 1, Points: 1, Stem: "哪几样属于三件套？\n\n- 按*本店*的规定",
					Options: []quiz.Option{
						{Text: "座椅防尘套", Right: true, Credit: 34},
						{Text: "转向盘防尘套 *", Right: true, Credit: 33},
						{Text: "脚垫", Right: true, Credit: 33},
						{Text: "后视镜罩", Why: "不在三件之内。", Credit: -50},
					},
				},
				{
					ID: "walk-alone", Category: "车间/接车", Kind: sheet.TrueFalse, Difficulty: 1, Points: 1, Stem: "环车检查可以  \n等客户走了再做。",
					Options: []quiz.Option{{Text: "对", Why: "有了划痕谁也说不清。"}, {Text: "错", Right: true}},
				},
			},
			[]string{
				"三件套何时铺 11: 没有带过来：图片“接车区”、提示、文件“bay.png”、标签“夏季活动”、选项的编号样式",
				"walk-alone 52: 分值“1.5”不是整数分，改成 1 分",
			},
		},
		"words": {
			[]quiz.Draft{
				{
					ID: "q1", Name: "回访", Kind: sheet.Fill, Difficulty: 1, Points: 1, Exact: true, Stem: "客户离店后几天内回访？ {{}}",
					Said:   sheet.Responses{Wrong: "再读一遍第七步。"},
					Blanks: []quiz.Blank{{Accept: []quiz.Accepted{{Text: "三天", Percent: 100, Why: "对。"}, {Text: "3*天", Percent: 50}}}},
				},
				{
					ID: "q2", Name: "工时", Kind: sheet.Numeric, Difficulty: 1, Points: 3, Stem: "更换刹车片的标准工时是多少？", Said: sheet.Responses{Wrong: "去看工时表。"},
					Values: []quiz.Value{{Figure: "1.5", Tolerance: "0.25", Percent: 100, Why: "对。"}, {Figure: "2", Percent: 50}},
					Units:  []quiz.Unit{{Name: "小时", Factor: "1"}, {Name: "分钟", Factor: "1/60"}, {Name: "工作日", Factor: "8"}},
				},
				{
					ID: "q3", Name: "电话", Kind: sheet.Fill, Difficulty: 1, Points: 5, ByValue: true, Stem: "铃响{{}}声内接，先报{{}}，通话约 {{}} 分钟，最后{{}}。",
					Blanks: []quiz.Blank{
						{Accept: []quiz.Accepted{{Text: "三", Percent: 100, Why: "对"}, {Text: "四", Percent: 50, Why: "慢了一声"}}},
						{Accept: []quiz.Accepted{{Text: "店名", Percent: 100}, {Text: "店 & 姓名", Percent: 100}}},
						{Accept: []quiz.Accepted{{Text: "3", Percent: 100}}},
						{Accept: []quiz.Accepted{{Text: "确认时间", Percent: 100}, {Text: "直接挂断"}}},
					},
				},
			},
			[]string{
				"回访 3: 答案“3*天”里的 * 在 Moodle 里代表任意文字，这里按星号本身比对",
				"工时 13: 单位在 Moodle 里的计分办法没有带过来，这里单位要和数一起答对",
				"电话 31: 文中的选择“确认时间／直接挂断”改成了填写",
				"电话 31: 没有带过来：误差“3:1”",
			},
		},
		"others": {
			[]quiz.Draft{
				{
					ID: "q1", Name: "配对", Kind: sheet.Match, Difficulty: 1, Points: 1, Stem: "把话和步骤配起来", Said: sheet.Responses{Partly: "差一点。"},
					Pairs: []quiz.Pair{{Left: "“您方便**几点**过来？”", Right: "预约"}, {Left: "“我陪您绕车看一圈。”", Right: "接车"}, {Right: "交车"}},
				},
				{ID: "q2", Name: "回复", Kind: sheet.Text, Difficulty: 1, Points: 5, Stem: "客户投诉交车晚了一小时，请写一段回复。", Model: "先道歉，再解释。\n\n- 不推给车间"},
				{
					ID: "q3", Name: "接车的次序", Kind: sheet.Order, Difficulty: 1, Points: 4, Stem: "把接车的动作排好顺序",
					Options: []quiz.Option{{Text: "铺三件套"}, {Text: "环车检查"}, {Text: "请客户签字"}},
				},
			},
			[]string{
				"开场 3: 说明文字没有带过来：以下几题都在交车区。",
				"回复 20: 没有带过来：上传附件、作答的格式“editorfilepicker”、作答的模板",
				"接车的次序 32: 排序题的计分办法没有带过来，这里按最长的正确次序计分",
				"接车的次序 32: Moodle 每次只抽 2 步来排，这里排全部步骤",
				"拖词 45: 题型“ddwtos”没有带过来",
				"两个对 52: 这道题没有带过来：判断题要有且只有一个对的答案",
				"没有包好 59: 这道题没有带过来：文字里的标签 <b> 没有放进 CDATA，也没有写成 &lt;b&gt;",
			},
		},
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/" + name + ".xml")
			if err != nil {
				t.Fatal(err)
			}
			x, err := Read(src)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.drafts, x.Questions, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(quiz.Draft{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var notes []string
			for _, n := range x.Notes {
				notes = append(notes, fmt.Sprintf("%s %d: %s", n.Question, n.Line, n.Text))
			}
			if diff := cmp.Diff(want.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// Files made to do harm, or that are none, are refused in a word or two.
func TestFilesRefused(t *testing.T) {
	file := func(name string) string {
		src, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(src)
	}
	essay := `<question type="essay"><questiontext format="html"><text>题</text></questiontext></question>`
	cases := []struct{ name, src, want string }{
		{"billion laughs", file("laughs.xml"), "第 7 行有 <!…> 声明（DTD），这样的文件不读"},
		{"external entity", file("outside.xml"), "DTD"},
		{"unknown entity", "<quiz>&secret;</quiz>", "不是合格的 XML"},
		{"deep", "<quiz>" + strings.Repeat("<a>", 100_000), "嵌套太深"},
		{"wide", "<quiz>" + strings.Repeat("<a/>", maxElements+1), "太多"},
		{"huge attribute", `<quiz><question type="` + strings.Repeat("长", maxAttribute) + `"/></quiz>`, "<question> 的属性太长"},
		{"huge text", "<quiz><question><name><text>" + strings.Repeat("长", moodle.MaxText), "超过 64 KB"},
		{"many answers", `<quiz><question type="multichoice">` + strings.Repeat("<answer/>", 200) + "</question></quiz>", "答案超过 100 个"},
		{"many blanks", `<quiz><question type="cloze"><questiontext><text>` + strings.Repeat("{1:SA:=a}", 101) + "</text></questiontext></question></quiz>", "答案超过 100 个"},
		{"many questions", "<quiz>" + strings.Repeat(essay, moodle.MaxQuestions+1) + "</quiz>", "2000"},
		{"huge file", strings.Repeat(" ", moodle.MaxBytes+1), "最多 8 MB"},
		{"no text", "<quiz>\xff\xff</quiz>", "UTF-8"},
		{"half", "<quiz><question>", "不是合格的 XML"},
		{"another root", "<html></html>", "它是空的"},
		{"nothing", "", "它是空的"},
	}
	for _, c := range cases {
		if x, err := Read([]byte(c.src)); err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 300 {
			t.Errorf("%s: %d questions, %v, want %q", c.name, len(x.Questions), err, c.want)
		}
	}
}

// A picture may be large, it is left behind.
func TestLargeFilesInside(t *testing.T) {
	src := `<quiz><question type="essay"><questiontext format="html"><text>题</text><file name="a.png">` +
		strings.Repeat("A", 1<<20) + `</file></questiontext></question></quiz>`
	x, err := Read([]byte(src))
	if err != nil || len(x.Questions) != 1 || len(x.Notes) != 1 || x.Notes[0].Text != "没有带过来：文件“a.png”" {
		t.Errorf("%+v %v", x, err)
	}
}

// Whatever is read can be written, and what is written can be read.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"choices", "words", "others", "laughs"} {
		src, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	src, _ := Write(moodletest.Exchange().Example(3))
	f.Add(src)
	f.Fuzz(func(t *testing.T, src []byte) {
		x, err := Read(src)
		if err != nil {
			return
		}
		out, _ := Write(x)
		back, err := Read(out)
		if err != nil || len(back.Questions) != len(x.Questions) {
			t.Fatalf("%v: %d questions, %d before\n%s", err, len(back.Questions), len(x.Questions), out)
		}
	})
}

// What other programs will miss is said.
func TestWriteNotes(t *testing.T) {
	cases := []struct {
		d    quiz.Draft
		want []string
	}{
		{quiz.Draft{Kind: sheet.Hot, Options: []quiz.Option{{Text: "左前", X: 300, Y: 250}}, Picture: &sheet.Picture{Source: "img/car.svg"}}, []string{
			"Moodle 没有图上点选题，写成排序题", "别的系统读不到：图、图上的位置；写在注释里，导回七步不会丢",
		}},
		{quiz.Draft{Kind: sheet.Text, Model: "先道歉", Rubric: []quiz.Criterion{{Text: "道歉", Points: 1}}}, []string{"别的系统读不到：评分标准；写在注释里，导回七步不会丢"}},
		{quiz.Draft{Kind: sheet.Single, Options: []quiz.Option{{Text: "甲", Right: true, Credit: 100}, {Text: "乙", Credit: 36}}}, []string{"有的选项的得分比例 Moodle 没有这一档，写成了最接近的"}},
		{quiz.Draft{Kind: sheet.Numeric, Values: []quiz.Value{{Figure: "3", Percent: 45}}, Units: []quiz.Unit{{Name: "小时", Factor: "1"}, {Name: "天", Factor: "24"}}}, []string{
			"别的系统读不到：单位；写在注释里，导回七步不会丢", "Moodle 没有 45% 这一档，写成 40%",
		}},
		{quiz.Draft{Kind: sheet.Match, Pairs: []quiz.Pair{{Left: "**一**", Right: "**甲**"}}}, []string{"“甲”的排版没有写进去"}},
		{quiz.Draft{Kind: sheet.Order, Options: []quiz.Option{{Text: "**铺**"}}}, nil},
	}
	for _, c := range cases {
		c.d.ID, c.d.Line = "x", 7
		src, notes := Write(quiz.Exchange{Questions: []quiz.Draft{c.d}})
		var got []string
		for _, n := range notes {
			if got = append(got, n.Text); n.Question != "x" || n.Line != 7 {
				t.Errorf("%+v", n)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s\n%s", c.d.Kind, diff, src)
		}
	}
}
