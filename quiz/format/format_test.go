package format_test

import (
	"strings"
	"testing"

	"qibu/quiz"
	"qibu/quiz/format"
	"qibu/quiz/sheet"
)

// What every format can say of a question is told from every other format, and
// read as what it was.
func TestOf(t *testing.T) {
	x := quiz.Exchange{Questions: []quiz.Draft{{
		ID: "first-look", Kind: sheet.Single, Stem: "客户到店，你先……", Difficulty: 1, Points: 1,
		Options: []quiz.Option{{Text: "抬头招呼", Right: true}, {Text: "讲完电话", Why: "客户会觉得被晾着"}},
	}}}
	files := map[string][]byte{format.Aiken: []byte("客户到店，你先……\nA. 抬头招呼\nB. 讲完电话\nANSWER: A\n")}
	for _, f := range format.All() {
		if f.Write != nil {
			files[f.Name], _ = f.Write(x)
		}
	}
	for _, f := range format.All() {
		for _, name := range []string{"", "题目." + f.Ending} {
			if got := format.Of(name, files[f.Name]); got.Name != f.Name {
				t.Errorf("%s in a file called %q is taken for %s", f.Name, name, got.Name)
			}
		}
		back, err := f.Read(files[f.Name])
		if err != nil || len(back.Questions) != 1 || !strings.Contains(back.Questions[0].Stem, "客户到店") {
			t.Errorf("%s: %+v, %v", f.Name, back.Questions, err)
		}
	}
	if got := format.Of("notes.doc", []byte("没有题目")); got.Name != format.GIFT {
		t.Errorf("what is nothing else is taken for %s", got.Name)
	}
}
