package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// same compares what a workbook can hold: not the places in it.
var same = cmp.Options{
	cmpopts.IgnoreFields(quiz.Draft{}, "Line"), cmpopts.IgnoreFields(quiz.Situation{}, "Line"),
	cmpopts.IgnoreUnexported(quiz.Draft{}), cmpopts.EquateEmpty(),
}

// csvOf is a text file of rows, for tests of what rows say.
func csvOf(rows ...[]string) []byte {
	var b strings.Builder
	for _, cells := range rows {
		for i, c := range cells {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

func readOne(t *testing.T, header, cells []string) (quiz.Draft, []quiz.Note) {
	t.Helper()
	x, err := Read(csvOf(header, cells))
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Questions) != 1 {
		t.Fatalf("%d questions, notes %v", len(x.Questions), x.Notes)
	}
	return x.Questions[0], x.Notes
}

func TestReadKinds(t *testing.T) {
	header := []string{"试题", "题型（必填）", "选项A", "B选项", "Ｃ", "正确答案*", "选项理由", "备注"}
	right := func(d quiz.Draft) (letters string) {
		for i, o := range d.Options {
			if o.Right {
				letters += letterOf(i)
			}
		}
		return letters
	}
	for _, c := range []struct {
		cells []string
		kind  string
		check func(quiz.Draft) string
		want  string
	}{
		{[]string{"铺？", "单选题", "先", "后", "不", "ｂ"}, sheet.Single, right, "B"},
		{[]string{"铺？", "", "先", "后", "不", "A、C"}, sheet.Multiple, right, "AC"},
		{[]string{"铺？", "不定项选择题", "先", "后", "不", "A=100% B=50%，C=-25%"}, sheet.Multiple, func(d quiz.Draft) string {
			return fmt.Sprint(d.Options[0].Credit, d.Options[1].Credit, d.Options[2].Credit, right(d))
		}, "100 50 -25AB"},
		{[]string{"铺了。", "判断", "", "", "", "√", "错：急了\n一点"}, sheet.TrueFalse, func(d quiz.Draft) string { return right(d) + d.Options[1].Why }, "A急了 一点"},
		{[]string{"铺了。", "判断题", "错误", "正确", "", "A"}, sheet.TrueFalse, right, "B"},
		{[]string{"排", "排序", "甲", "乙", "丙", "C-A-B"}, sheet.Order, func(d quiz.Draft) string { return d.Options[0].Text + d.Options[2].Text }, "丙乙"},
		{[]string{"配", "连线题", "甲->1", "乙 → 2", "→3", ""}, sheet.Match, func(d quiz.Draft) string { return fmt.Sprint(d.Pairs) }, "[{甲 1} {乙 2} { 3}]"},
		{[]string{"肢体____，语气（  ）。", "", "", "", "", "55%|五成半；38%"}, sheet.Fill, func(d quiz.Draft) string { return fmt.Sprint(d.Stem, d.Blanks) }, "肢体{{}}，语气{{}}。[{[{55% 100 } {五成半 100 }]} {[{38% 100 }]}]"},
		{[]string{"空{{}}", "填空", "", "", "", "(1)= [50%] 甲\n > 接近\n= 乙"}, sheet.Fill, func(d quiz.Draft) string { return fmt.Sprint(d.Blanks) }, "[{[{甲 50 接近} {乙 100 }]}]"},
		{[]string{"几天", "数值", "", "", "", "3 ± 0.5\n[50%] ４+/-1\n> 晚了"}, sheet.Numeric, func(d quiz.Draft) string { return fmt.Sprint(d.Values) }, "[{3 0.5 100 } {4 1 50 晚了}]"},
		{[]string{"写一段", "简答题", "", "", "", "先道歉"}, sheet.Text, func(d quiz.Draft) string { return d.Model }, "先道歉"},
	} {
		d, _ := readOne(t, header, c.cells)
		if d.Kind != c.kind || c.check(d) != c.want {
			t.Errorf("%v\ngot  %s %s\nwant %s %s", c.cells, d.Kind, c.check(d), c.kind, c.want)
		}
	}
}

func TestReadAttributes(t *testing.T) {
	header := []string{"题号", "题干", "答案", "题型", "分值", "维度", "难度", "关键题", "试用题", "出处", "单位", "字数上限", "评分要点", "情境"}
	d, notes := readOne(t, header, []string{"Q-1", "几天", "3", "数值", "2分", "d5 环车检查", "中等", "√", "否", "S4-035，S1-008", "天、小时＝1/24", "300字", "- 道歉（2分）\n新时间 (1)", "王先生来了"})
	want := quiz.Draft{
		ID: "q-1", Kind: sheet.Numeric, Case: "case-2", Stem: "几天", Points: 2, Topic: "D5", Difficulty: 2, Critical: true,
		Sources: []string{"S4-035", "S1-008"}, Values: []quiz.Value{{Figure: "3", Percent: 100}},
		Units: []quiz.Unit{{Name: "天", Factor: "1"}, {Name: "小时", Factor: "1/24"}}, Most: 300,
		Rubric: []quiz.Criterion{{Text: "道歉", Points: 2}, {Text: "新时间", Points: 1}},
	}
	if diff := cmp.Diff(want, d, same); diff != "" || len(notes) > 0 {
		t.Error(diff, notes)
	}
}

// Every row that is no question says why, with its number, and takes no other with it.
func TestRowsLeftOut(t *testing.T) {
	header := []string{"题干", "题型", "A", "B", "答案", "密级"}
	rows := [][]string{header}
	reasons := []string{"没有题干", "不认识题型“画图”", "看不出来", "至少要有两个选项", "没有写答案", "不是选项的字母", "只能有一个答案", "写对或错", "左边 → 右边", "没有空", "答案有 1 行", "选项 A 空着", "不是全部选项", "3±0.5", "第 1 个空没有答案"}
	rows = append(rows,
		[]string{"", "单选", "甲", "乙", "A"},
		[]string{"铺？", "画图", "甲", "乙", "A"},
		[]string{"铺？", "", "甲", "乙", ""},
		[]string{"铺？", "单选", "甲", "", "A"},
		[]string{"铺？", "单选", "甲", "乙", ""},
		[]string{"铺？", "单选", "甲", "乙", "C"},
		[]string{"铺？", "单选", "甲", "乙", "AB"},
		[]string{"铺？", "判断", "", "", "也许"},
		[]string{"配", "匹配", "甲", "乙→2", ""},
		[]string{"没有", "填空", "", "", "甲"},
		[]string{"___和___", "填空", "", "", "甲"},
		[]string{"铺？", "单选", "", "乙", "A"},
		[]string{"排", "排序", "甲", "乙", "A"},
		[]string{"几天", "数值", "", "", "三天"},
		[]string{"空___", "填空", "", "", "|"},
		[]string{"好的一题", "单选", "甲", "乙", "A"},
	)
	x, err := Read(csvOf(rows...))
	if err != nil || len(x.Questions) != 1 || x.Questions[0].ID != "row-17" {
		t.Fatal(err, x.Questions)
	}
	if len(x.Notes) != len(reasons)+1 || !strings.Contains(x.Notes[0].Text, "密级") {
		t.Fatal(x.Notes)
	}
	for i, reason := range reasons {
		if n := x.Notes[i+1]; n.Line != i+2 || !strings.Contains(n.Text, reason) {
			t.Errorf("row %d: %v, want %s", i+2, n, reason)
		}
	}
}

func TestRefusedFiles(t *testing.T) {
	for _, c := range []struct {
		name string
		src  []byte
		want error
	}{
		{"old", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), errOld},
		{"large", make([]byte, MaxBytes+1), errLarge},
		{"picture", []byte("\x89PNG\x00"), errBroken},
		{"empty", nil, errHeader},
		{"broken", []byte("PK\x03\x04 and no more"), errBroken},
		{"no header", csvOf([]string{"姓名", "工号"}, []string{"张三", "001"}), errHeader},
		{"swollen", zipped(t, "xl/sharedStrings.xml", bytes.Repeat([]byte("0"), 20<<20)), errSwollen},
		{"styles", zipped(t, "xl/styles.xml", bytes.Repeat([]byte("0"), maxAside+1)), errSwollen},
		{"ratio", zipped(t, "xl/sharedStrings.xml", bytes.Repeat([]byte("0"), 4<<20)), errSwollen},
		{"not a workbook", zipped(t, "a.txt", []byte("a")), errBroken},
	} {
		if _, err := Read(c.src); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	rows := [][]string{{"题干", "答案"}}
	for range MaxRows + 1 {
		rows = append(rows, []string{"几天", "3"})
	}
	if _, err := Read(csvOf(rows...)); !errors.Is(err, errRows) {
		t.Error(err)
	}
}

func zipped(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(content)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTextFiles(t *testing.T) {
	text := "题干\t题型\t答案\n开门前先看什么\t问答\t看人\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(strings.ReplaceAll(text, "\t", ","))
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []string{text, "\ufeff" + text, gb} {
		x, err := Read([]byte(src))
		if err != nil || len(x.Questions) != 1 || x.Questions[0].Stem != "开门前先看什么" {
			t.Errorf("%q: %v %v", src, err, x)
		}
	}
}

// A title above the header, empty rows and a second sheet do no harm, and a row
// far below, which once took all memory, is not looked for.
func TestForeignWorkbook(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetRow("Sheet1", "A1", &[]any{"2026 年度题库"})
	f.SetSheetRow("Sheet1", "A3", &[]any{"序号", "题目", "答案", "题型", "分值"})
	f.SetSheetRow("Sheet1", "A9", &[]any{1, "占多少", 0.55, "填空", 2})
	f.SetCellValue("Sheet1", "B9", "占____")
	style, _ := f.NewStyle(&excelize.Style{NumFmt: 9})
	f.SetCellStyle("Sheet1", "C9", "C9", style)
	f.SetCellValue("Sheet1", "B1048576", "太远了")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	x, err := Read(b.Bytes())
	if err != nil || len(x.Questions) != 1 {
		t.Fatal(err, x)
	}
	d := x.Questions[0]
	if d.Blanks[0].Accept[0].Text != "55%" || d.Points != 2 || d.Line != 9 {
		t.Errorf("%+v", d)
	}
}

func TestTemplate(t *testing.T) {
	src := Template()
	x, err := Read(src)
	if err != nil || len(x.Questions) != 0 || len(x.Notes) != 0 {
		t.Fatalf("%v %v", err, x)
	}
	f, err := excelize.OpenReader(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(guideSheet)
	if err != nil {
		t.Fatal(err)
	}
	guide := fmt.Sprint(rows)
	for _, c := range columns {
		if !strings.Contains(guide, c.about) {
			t.Errorf("the guide does not explain %s", c.name)
		}
	}
	// The examples are the last rows; copied into the first sheet they are read.
	example := csvOf(append([][]string{newTable(usualOptions).names}, rows[len(rows)-len(examples):]...)...)
	if x, err = Read(example); err != nil || len(x.Notes) > 0 {
		t.Fatal(err, x.Notes)
	}
	if diff := cmp.Diff(examples, x.Questions, same); diff != "" {
		t.Error(diff)
	}
	offered, err := f.GetDataValidations(questionSheet)
	if err != nil || len(offered) != 9 {
		t.Errorf("%d lists to choose from, %v", len(offered), err)
	}
}

func TestGuard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("'=+-@\t1.a")), 0, 6, -1).Draw(t, "text")
		cell := guard(text)
		if unguard(cell) != text {
			t.Fatalf("%q came back from %q as %q", text, cell, unguard(cell))
		}
		if cell != "" && strings.ContainsRune(risky, rune(cell[0])) && !figureText.MatchString(cell) {
			t.Fatalf("%q would be computed", cell)
		}
	})
}

func TestWriteNotes(t *testing.T) {
	x := quiz.Exchange{
		Questions: []quiz.Draft{
			{ID: "hot", Kind: sheet.Hot, Stem: "点", Points: 1, Difficulty: 1},
			{ID: "long", Kind: sheet.Text, Stem: strings.Repeat("长", maxCell+1), Points: 1, Difficulty: 1},
			{ID: "spaced", Kind: sheet.Text, Stem: "写", Name: "两  格", Points: 1, Difficulty: 1},
			{ID: "Odd", Kind: sheet.Single, Stem: "铺？", Points: 1, Difficulty: 1, Options: []quiz.Option{{Text: "甲", Right: true}, {Text: "乙"}}},
			{ID: "none", Kind: sheet.Single, Stem: "铺？", Points: 1, Difficulty: 1, Options: []quiz.Option{{Text: "甲"}, {Text: "乙"}}},
		},
		Situations: []quiz.Situation{{ID: "alone", Text: "没人用"}},
	}
	_, notes := Write(x)
	want := []string{"alone 没有题目", "hot 表格里写不下这种题型", "long “题干”有", "spaced 表格里写不下：题名", "Odd 表格里写不下：题号", "none 表格里写不下：整道题，这一行没有读进来：没有写答案"}
	if len(notes) != len(want) {
		t.Fatalf("%v", notes)
	}
	for i, n := range notes {
		if !strings.HasPrefix(n.Question+" "+n.Text, want[i]) {
			t.Errorf("%v, want %s", n, want[i])
		}
	}
}

// What is written is read back the same, and where it is not there is a note.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawExchange(t)
		src, notes := Write(x)
		if len(notes) > 0 {
			t.Fatalf("%v", notes)
		}
		back, err := Read(src)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(x, back, same); diff != "" {
			t.Fatal(diff)
		}
	})
}

// drawText is a text of one line as authors write it, without spaces around it.
func drawText(t *rapid.T, name string) string {
	return oneLine(rapid.StringMatching(`[=+@'|\\甲客户（A：→\[*_>][ ，。乙%}3-]{0,5}[车。)]`).Draw(t, name))
}

func drawExchange(t *rapid.T) quiz.Exchange {
	x := quiz.Exchange{Title: rapid.SampledFrom([]string{"", "接待", "=标题"}).Draw(t, "title")}
	n := rapid.IntRange(1, 4).Draw(t, "n")
	for i := range n {
		d := drawDraft(t)
		d.ID = fmt.Sprintf("q-%d", i)
		if rapid.Bool().Draw(t, "case") {
			d.Case = rapid.SampledFrom([]string{"late", "hurry"}).Draw(t, "which")
			if !cmp.Equal(len(x.Situations), 0) && x.Situations[0].ID == d.Case || len(x.Situations) == 2 {
				x.Questions = append(x.Questions, d)
				continue
			}
			x.Situations = append(x.Situations, quiz.Situation{ID: d.Case, Text: d.Case + drawText(t, "story") + "\n\n再说"})
		}
		x.Questions = append(x.Questions, d)
	}
	return x
}

func drawDraft(t *rapid.T) quiz.Draft {
	maybe := func(name string) string {
		if rapid.Bool().Draw(t, name+"?") {
			return drawText(t, name)
		}
		return ""
	}
	d := quiz.Draft{
		Kind: rapid.SampledFrom(kinds).Draw(t, "kind").kind, Stem: drawText(t, "stem") + "\n\n" + drawText(t, "more"),
		Name: maybe("name"), Category: maybe("category"), Topic: rapid.SampledFrom([]string{"", "D1", "D8"}).Draw(t, "topic"),
		Difficulty: rapid.IntRange(1, 3).Draw(t, "difficulty"), Points: rapid.IntRange(1, 10).Draw(t, "points"),
		Critical: rapid.Bool().Draw(t, "critical"), Void: rapid.Bool().Draw(t, "void"), Fixed: rapid.Bool().Draw(t, "fixed"),
		Said: sheet.Responses{Right: maybe("right"), Partly: maybe("partly"), Wrong: maybe("wrong")}, Explanation: maybe("explanation"),
		Sources: []string{"S4-035", "S1-008"}[:rapid.IntRange(0, 2).Draw(t, "sources")], Review: rapid.SampledFrom([]string{"", "a/b#c"}).Draw(t, "review"),
	}
	some := func(least int, name string) int { return rapid.IntRange(least, 8).Draw(t, name) }
	switch d.Kind {
	case sheet.Single, sheet.Multiple, sheet.Order:
		for range some(2, "options") {
			d.Options = append(d.Options, quiz.Option{Text: drawText(t, "option"), Why: maybe("why")})
		}
		drawKey(t, &d)
	case sheet.TrueFalse:
		right := rapid.Bool().Draw(t, "true")
		d.Options = []quiz.Option{{Text: affirm, Right: right, Why: maybe("why")}, {Text: deny, Right: !right, Why: maybe("why")}}
	case sheet.Match:
		for i := range some(2, "pairs") {
			p := quiz.Pair{Left: drawText(t, "left"), Right: drawText(t, "right")}
			if i > 1 && rapid.Bool().Draw(t, "alone") {
				p.Left = ""
			}
			d.Pairs = append(d.Pairs, p)
		}
	case sheet.Fill:
		d.Exact, d.ByValue = rapid.Bool().Draw(t, "exact"), rapid.Bool().Draw(t, "value")
		for range some(1, "blanks") {
			d.Stem += " {{}}"
			b := quiz.Blank{}
			for range some(1, "accept") {
				b.Accept = append(b.Accept, quiz.Accepted{Text: drawText(t, "accepted"), Percent: rapid.SampledFrom([]int{100, 50, 0}).Draw(t, "percent"), Why: maybe("why")})
			}
			d.Blanks = append(d.Blanks, b)
		}
	case sheet.Numeric:
		for range some(1, "values") {
			d.Values = append(d.Values, quiz.Value{
				Figure:    rapid.SampledFrom([]string{"3", "-2.5", "0.38"}).Draw(t, "figure"),
				Tolerance: rapid.SampledFrom([]string{"", "0", "0.5"}).Draw(t, "tolerance"), Percent: rapid.SampledFrom([]int{100, 50}).Draw(t, "percent"), Why: maybe("why"),
			})
		}
		d.Units = []quiz.Unit{{Name: "天", Factor: "1"}, {Name: "小时", Factor: "1/24"}}[:rapid.IntRange(0, 2).Draw(t, "units")]
	case sheet.Text:
		d.Model, d.Most = maybe("model"), rapid.SampledFrom([]int{0, 300}).Draw(t, "most")
		for range some(0, "rubric") {
			d.Rubric = append(d.Rubric, quiz.Criterion{Text: drawText(t, "criterion"), Points: rapid.IntRange(1, 5).Draw(t, "worth")})
		}
	}
	return d
}

// drawKey makes some options right, with or without part credit.
func drawKey(t *rapid.T, d *quiz.Draft) {
	first := rapid.IntRange(0, len(d.Options)-1).Draw(t, "first")
	switch {
	case d.Kind == sheet.Order:
	case rapid.Bool().Draw(t, "credit"):
		for i := range d.Options {
			o := &d.Options[i]
			if o.Credit = rapid.SampledFrom([]int{0, 50, -25}).Draw(t, "percent"); i == first {
				o.Credit = 100
			}
			o.Right = o.Credit == 100 || d.Kind == sheet.Multiple && o.Credit > 0
		}
	default:
		for i := range d.Options {
			d.Options[i].Right = i == first || d.Kind == sheet.Multiple && rapid.Bool().Draw(t, "right")
		}
	}
}

// Whatever a text file says, reading ends with questions that can be written.
func FuzzRead(f *testing.F) {
	f.Add(csvOf(newTable(usualOptions).names, newTable(usualOptions).cells(examples[0], ""), newTable(usualOptions).cells(examples[5], "")))
	f.Add([]byte("题干\t题型\tA\tB\t答案\n配\t匹配\t\\\\→→1\t\t\n"))
	f.Add([]byte("题干,答案,情境,情境号,单位,各选项理由\n\"空___\",\"(1)= a\n> b\",x,y,=、=,A：\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		lines, err := readCSV(src)
		if err != nil {
			return
		}
		x, err := readLines(lines)
		if err != nil {
			return
		}
		w := writer{table: newTable(maxOptions), told: map[string]bool{}}
		for _, d := range x.Questions {
			w.question(d, x.Situations)
		}
	})
}
