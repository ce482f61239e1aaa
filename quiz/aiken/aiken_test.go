package aiken

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/simplifiedchinese"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

const two = `三件套应在什么时候铺？
A. 环车检查*以后*
B) 检查之前，当着客户的面
ANSWER: B

哪几样属于三件套？
（可以多选）
Ａ．座椅防尘套
Ｂ．后视镜罩
Ｃ、脚垫
答案：AC
`

func TestRead(t *testing.T) {
	want := []quiz.Draft{
		{ID: "q1", Kind: sheet.Single, Stem: "三件套应在什么时候铺？", Difficulty: 1, Points: 1, Options: []quiz.Option{
			{Text: `环车检查\*以后*`}, {Text: "检查之前，当着客户的面", Right: true},
		}},
		{ID: "q2", Kind: sheet.Multiple, Stem: "哪几样属于三件套？  \n（可以多选）", Difficulty: 1, Points: 1, Options: []quiz.Option{
			{Text: "座椅防尘套", Right: true}, {Text: "后视镜罩"}, {Text: "脚垫", Right: true},
		}},
	}
	windows, err := simplifiedchinese.GBK.NewEncoder().String(strings.ReplaceAll(two, "\n", "\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{"UTF-8": two, "with its mark": "\uFEFF" + two, "as Chinese Windows saves it": windows} {
		t.Run(name, func(t *testing.T) {
			x, err := Read([]byte(src))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, x.Questions, cmpopts.IgnoreUnexported(quiz.Draft{})); diff != "" || len(x.Notes) > 0 {
				t.Errorf("%v (-want +got):\n%s", x.Notes, diff)
			}
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	cases := []struct{ src, want string }{
		{"", "它是空的"},
		{"题\nA. 甲\nB. 乙\n", "没有“ANSWER: ”一行"},
		{"题\nA. 甲\nANSWER: C\n", "答案 C 不在选项里"},
		{"题\xff\xff", "UTF-8"},
		{strings.Repeat("题", moodle.MaxText), "太长"},
		{strings.Repeat("题\nA. 甲\nB. 乙\nANSWER: A\n", moodle.MaxQuestions+1), "2000"},
		{strings.Repeat(" ", moodle.MaxBytes+1), "最多 8 MB"},
	}
	for _, c := range cases {
		if x, err := Read([]byte(c.src)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.20q: %v %v, want %q", c.src, x.Notes, err, c.want)
		}
	}
	x, err := Read([]byte("题\nA. 甲\n\n" + two))
	want := []quiz.Note{{Question: "第 1 题", Line: 1, Text: "这道题没有带过来：没有“ANSWER: ”一行"}}
	if diff := cmp.Diff(want, x.Notes); err != nil || diff != "" || len(x.Questions) != 2 {
		t.Errorf("%d questions, %v\n%s", len(x.Questions), err, diff)
	}
}

// Whatever is read keeps within the bounds and has a right answer.
func FuzzRead(f *testing.F) {
	f.Add([]byte(two))
	f.Fuzz(func(t *testing.T, src []byte) {
		x, err := Read(src)
		if err != nil {
			return
		}
		for _, d := range x.Questions {
			rights := 0
			for _, o := range d.Options {
				if o.Right {
					rights++
				}
			}
			if rights == 0 || d.ID == "" || (d.Kind == sheet.Single) != (rights == 1) {
				t.Errorf("%+v", d)
			}
		}
	})
}
