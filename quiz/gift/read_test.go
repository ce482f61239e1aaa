package gift

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// What the files in testdata, whose structure the judge confirms, are as drafts.
func TestRead(t *testing.T) {
	said := func(wrong string) sheet.Responses { return sheet.Responses{Wrong: wrong} }
	want := map[string][]quiz.Draft{
		"choices": {
			{ID: "covers-when", Name: "三件套何时铺", Category: "车间/接车", Kind: sheet.Single, Topic: "D5", Stem: "三件套应在**什么时候**铺？", Explanation: "先铺后查，客户看得见。", Options: []quiz.Option{
				{Text: "环车检查做完以后", Why: "手和工具已经碰过座椅。"},
				{Text: "检查之前，当着客户的面", Why: "客户看得见你在爱护他的车。", Right: true, Credit: 100},
				{Text: "车进工位前", Why: "比不铺好，可客户没看见。", Credit: 50},
				{Text: "车进工位后由技师铺"},
			}},
			{ID: "q2", Name: "几样", Category: "车间/接车", Kind: sheet.Multiple, Stem: "哪几样属于三件套？", Options: []quiz.Option{
				{Text: "座椅防尘套", Right: true}, {Text: "转向盘防尘套", Right: true}, {Text: "脚垫", Right: true}, {Text: "后视镜罩", Why: "不在三件之内。"},
			}},
			{ID: "q3", Category: "车间/接车", Kind: sheet.Single, Stem: `客户说“不用铺了”，您_____，再问他几点要走。`, Options: []quiz.Option{
				{Text: "十秒铺好", Right: true}, {Text: "不铺"}, {Text: "讲规定"},
			}},
			{ID: "q4", Name: "转义", Category: "车间/接车", Kind: sheet.Single, Stem: "价格写成 5~10=？ {含税} 用时: 1#2", Options: []quiz.Option{
				{Text: "是: 的", Right: true}, {Text: "不=是"}, {Text: `“\\n”不换行， 换行`},
			}},
			{ID: "q5", Category: "车间/接车", Kind: sheet.Single, Stem: "没有名字的题，选哪个？", Options: []quiz.Option{{Text: "这个", Right: true}, {Text: "那个"}}},
			{ID: "q6", Category: "车间/接车", Kind: sheet.Single, Stem: "先**看**哪里？", Options: []quiz.Option{
				{Text: "*左前*", Right: true}, {Text: `\*右后*`, Why: "再想想"},
			}},
		},
		"words": {
			{ID: "q1", Name: "肢体", Category: "车间／维修/工单", Kind: sheet.Fill, Stem: "惠普那份课件说，第一印象里肢体语言占{{}}。", Blanks: []quiz.Blank{{Accept: []quiz.Accepted{
				{Text: "55%", Percent: 100}, {Text: "百分之五十五", Percent: 100}, {Text: "一半", Percent: 50, Why: "差不多"},
			}}}},
			{ID: "q2", Name: "结尾", Category: "车间／维修/工单", Kind: sheet.Fill, Stem: "客户离店后几天内回访？（写汉字）{{}}", Explanation: "三天内回访。", Said: said("再读一遍第七步"), Blanks: []quiz.Blank{{Accept: []quiz.Accepted{
				{Text: "三天", Percent: 100}, {Text: "三天内", Percent: 100}, {Text: "七天", Why: "太晚了"},
			}}}},
			{ID: "q3", Name: "天数", Category: "车间／维修/工单", Kind: sheet.Numeric, Stem: "几天内回访？", Values: []quiz.Value{{Figure: "3", Tolerance: "0.5", Percent: 100}}},
			{ID: "q4", Name: "区间", Category: "车间／维修/工单", Kind: sheet.Numeric, Stem: "进站胎压最好在多少（bar）？", Explanation: "看门柱上的标签。", Values: []quiz.Value{{Figure: "2.4", Tolerance: "0.1", Percent: 100}}},
			{ID: "q5", Name: "多个答案", Category: "车间／维修/工单", Kind: sheet.Numeric, Stem: "一次保养大约多少分钟？", Said: said("去看工时表"), Values: []quiz.Value{
				{Figure: "60", Tolerance: "5", Percent: 100, Why: "对"}, {Figure: "60", Tolerance: "15", Percent: 50, Why: "差不多"},
			}},
			{ID: "q6", Name: "负数", Category: "车间／维修/工单", Kind: sheet.Numeric, Stem: "冷凝温度？", Explanation: "完", Values: []quiz.Value{
				{Figure: "-5.25", Tolerance: "0.25", Percent: 100}, {Figure: "-6", Percent: 80},
			}},
			{ID: "q7", Name: "单独", Category: "车间／维修/工单", Kind: sheet.Fill, Stem: "预约台的分机？{{}}", Blanks: []quiz.Blank{{Accept: []quiz.Accepted{{Text: "8001", Percent: 100}}}}},
		},
		"others": {
			{ID: "q1", Name: "环车", Topic: "D8", Kind: sheet.TrueFalse, Stem: "环车检查可以等客户走了再做。", Explanation: "两个人一起看，心里都有数。", Options: []quiz.Option{
				{Text: "对", Why: "一个人查，有了划痕谁也说不清。"}, {Text: "错", Why: "对，要一起看。", Right: true},
			}},
			{ID: "q2", Kind: sheet.TrueFalse, Stem: "接车时要记里程。", Options: []quiz.Option{{Text: "对", Right: true}, {Text: "错"}}},
			{ID: "q3", Kind: sheet.TrueFalse, Stem: "要记油量。", Options: []quiz.Option{{Text: "对", Right: true}, {Text: "错", Why: "漏了就说不清。"}}},
			{ID: "q4", Name: "配对", Kind: sheet.Match, Stem: "把话和步骤配起来", Explanation: "七步里的两步。", Pairs: []quiz.Pair{
				{Left: "“您方便几点过来？”", Right: "预约"}, {Left: "“我陪您绕车看一圈。”", Right: "接车"}, {Right: "交车"},
			}},
			{ID: "q5", Name: "问答", Kind: sheet.Text, Stem: "客户投诉交车晚了一小时，请写一段回复。"},
			{ID: "q6", Name: "带反馈的问答", Kind: sheet.Text, Stem: "写一段预约电话的开场白。", Explanation: "先报店名和姓名。"},
			{ID: "q7", Kind: sheet.TrueFalse, Stem: "最后一题", Options: []quiz.Option{{Text: "对", Right: true}, {Text: "错"}}},
		},
	}
	for name, drafts := range want {
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/" + name + ".gift")
			if err != nil {
				t.Fatal(err)
			}
			x, err := Read(src)
			if err != nil {
				t.Fatal(err)
			}
			for i := range drafts {
				drafts[i].Difficulty, drafts[i].Points = 1, 1
			}
			if diff := cmp.Diff(drafts, x.Questions, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(quiz.Draft{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNotes(t *testing.T) {
	cases := []struct{ src, note string }{
		{"::开场::几题都在交车区。", "开场 1: 说明文字没有带过来：几题都在交车区。"},
		{"::开场::" + strings.Repeat("话", 41), "开场 1: 说明文字没有带过来：" + strings.Repeat("话", 40) + "……"},
		{"\n::半截::选 {=甲 ~乙", "半截 2: 这道题没有带过来：花括号没有成对：一道题中间不能有空行，文字里的花括号前要加反斜杠"},
		{"选 {=甲 ~乙} 再 {=丙}", "第 2 题 1: 这道题没有带过来：一道题只能有一处答案"},
		{"几天？{#三}", "第 2 题 1: 这道题没有带过来：“三”不是数，数值题要写成 3、3:0.5 或 2.5..3.5"},
		{"几天？{#1e99999999}", "第 2 题 1: 这道题没有带过来：“1e99999999”不是数，数值题要写成 3、3:0.5 或 2.5..3.5"},
		{"选 {~%200%甲 ~乙}", "第 2 题 1: 这道题没有带过来：答案的比例应是 -100 到 100 的百分数"},
		{"// [tag:夏季活动]\n选 {=甲 ~乙}", "第 2 题 2: 没有带过来：标签“夏季活动”"},
		{"// qibu: colour=red\n选 {=甲 ~乙}", "第 2 题 2: 看不懂注释“colour=red”"},
		{"// qibu: case=nowhere\n选 {=甲 ~乙}", "第 2 题 2: 找不到情境“nowhere”"},
		{"// qibu: picture=https://example.com/a.svg|1|1|图\n选 {=甲 ~乙}", "第 2 题 2: 看不懂注释“picture=https://example.com/a.svg|1|1|图”"},
		{"填 {=三*天}", "第 2 题 1: 答案“三*天”里的 * 在 Moodle 里代表任意文字，这里按星号本身比对"},
		{"配 {=甲 -> 乙 # 对 =丙 -> 丁}", "第 2 题 1: 没有带过来：配对的反馈“对”"},
		{"[html]<p>看<img src=x alt=车头>图</p>{T}", "第 2 题 1: 没有带过来：图片“车头”"},
		{"选 {" + strings.Repeat("~甲", moodle.MaxAnswers+1) + "}", "第 2 题 1: 这道题没有带过来：答案超过 100 个"},
		{"说" + strings.Repeat("很长", moodle.MaxText) + "{T}", "第 2 题 1: 这道题没有带过来：文字超过 64 KB"},
	}
	for _, c := range cases {
		x, err := Read([]byte("好 {T}\n\n" + c.src))
		if err != nil {
			t.Errorf("%.40q: %v", c.src, err)
			continue
		}
		var notes []string
		for _, n := range x.Notes {
			notes = append(notes, fmt.Sprintf("%s %d: %s", n.Question, n.Line-2, n.Text))
		}
		if diff := cmp.Diff([]string{c.note}, notes); diff != "" {
			t.Errorf("%.40q (-want +got):\n%s", c.src, diff)
		}
	}
}

func TestFilesRefused(t *testing.T) {
	cases := []struct{ src, want string }{
		{"", "它是空的"},
		{"只有说明", "说明文字没有带过来"},
		{strings.Repeat("好{T}\n\n", moodle.MaxQuestions+1), "2000"},
		{strings.Repeat("只有说明\n\n", moodle.MaxQuestions+1), "2000"},
		{"好{T}\x00", "UTF-8"},
		{strings.Repeat(" ", moodle.MaxBytes+1), "最多 8 MB"},
	}
	for _, c := range cases {
		if _, err := Read([]byte(c.src)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q: %v, want %q", c.src, err, c.want)
		}
	}
}

// What other programs will miss is said.
func TestWriteNotes(t *testing.T) {
	cases := []struct {
		d    quiz.Draft
		want []string
	}{
		{quiz.Draft{Kind: sheet.Order, Options: []quiz.Option{{Text: "铺"}, {Text: "**查**"}}}, []string{"GIFT 没有排序题，写成序号与步骤的配对题", "“查”的排版没有写进去"}},
		{quiz.Draft{Kind: sheet.Text, Critical: true, Rubric: []quiz.Criterion{{Text: "先道歉", Points: 2}}}, []string{"别的系统读不到：关键题、评分标准；写在注释里，导回七步不会丢"}},
		{quiz.Draft{Kind: sheet.Single, Options: []quiz.Option{{Text: "甲", Right: true, Credit: 100}, {Text: "乙", Credit: 36}}}, []string{"有的选项的得分比例 Moodle 没有这一档，写成了最接近的"}},
		{quiz.Draft{Kind: sheet.Numeric, Values: []quiz.Value{{Figure: "3", Percent: 45}}}, []string{"Moodle 没有 45% 这一档，写成 40%"}},
		{quiz.Draft{Kind: sheet.Match, Pairs: []quiz.Pair{{Left: "a->b", Right: "甲"}}}, []string{"配对题左边的 -> 写成了 →"}},
	}
	for _, c := range cases {
		c.d.ID, c.d.Line = "x", 7
		_, notes := Write(quiz.Exchange{Questions: []quiz.Draft{c.d}})
		var got []string
		for _, n := range notes {
			if got = append(got, n.Text); n.Question != "x" || n.Line != 7 {
				t.Errorf("%+v", n)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.d.Kind, diff)
		}
	}
}

// Whatever is read can be written, and what is written can be read.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"choices", "words", "others"} {
		src, err := os.ReadFile("testdata/" + name + ".gift")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	src, _ := Write(exchange.Example(3))
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
