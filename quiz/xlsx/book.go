package xlsx

import (
	"bytes"
	"encoding/xml"
	"io"

	"github.com/xuri/excelize/v2"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// The sheets of the workbook.
const (
	questionSheet = "题目"
	guideSheet    = "填写说明"
)

// workbook writes a file in memory. It keeps the first error; there is none
// unless a place is named that no sheet has.
type workbook struct {
	file               *excelize.File
	head, body, strong int // styles
	err                error
}

func newWorkbook() *workbook {
	b := &workbook{file: excelize.NewFile()}
	b.try(b.file.SetSheetName("Sheet1", questionSheet))
	b.head = b.style(&excelize.Style{
		Font: &excelize.Font{Bold: true}, NumFmt: textFormat,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8ECEF"}},
		Alignment: &excelize.Alignment{Vertical: "center"},
	})
	b.body = b.style(&excelize.Style{NumFmt: textFormat, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	b.strong = b.style(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}})
	return b
}

// textFormat keeps what is typed as it is typed: 1/24 is no date.
const textFormat = 49

func (b *workbook) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *workbook) style(s *excelize.Style) int {
	id, err := b.file.NewStyle(s)
	b.try(err)
	return id
}

// place is the name of a cell, both counted from 1.
func (b *workbook) place(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	b.try(err)
	return name
}

func (b *workbook) row(sheet string, row, style int, cells []string) {
	for i, text := range cells {
		if text != "" {
			b.try(b.file.SetCellStr(sheet, b.place(i+1, row), text))
		}
	}
	b.try(b.file.SetCellStyle(sheet, b.place(1, row), b.place(len(cells), row), style))
}

// questions fills the first sheet and offers the choices where there are some.
func (b *workbook) questions(t table, rows [][]string) {
	b.widths(questionSheet, t)
	for i, at := range t.header {
		if at < optionBase {
			b.offer(i+1, columns[at].name)
		}
	}
	b.row(questionSheet, 1, b.head, t.names)
	for i, cells := range rows {
		b.row(questionSheet, i+2, b.body, cells)
	}
	b.try(b.file.SetPanes(questionSheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
}

func (b *workbook) widths(sheet string, t table) {
	for i, at := range t.header {
		width := 22.0
		if at < optionBase {
			width = columns[at].width
		}
		name, err := excelize.ColumnNumberToName(i + 1)
		b.try(err)
		b.try(b.file.SetColWidth(sheet, name, name, width))
		b.try(b.file.SetColStyle(sheet, name, b.body))
	}
}

// offer lets a column be chosen from a list; what is not in it may be typed too,
// for the reader is more lenient.
func (b *workbook) offer(col int, name string) {
	var choices []string
	switch name {
	case kindColumn:
		choices = kindNames()
	case "能力维度":
		choices = []string{"D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"}
	case "难度":
		choices = []string{"1", "2", "3"}
	case "关键题", "试用题", "作废", "固定顺序", "严格比对", "按数值比对":
		choices = []string{"是"}
	default:
		return
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(b.place(col, 2) + ":" + b.place(col, MaxRows+1))
	v.SetError(excelize.DataValidationErrorStyleWarning, "不在列表里", "可以照填，导入时会告诉您读成了什么。")
	b.try(v.SetDropList(choices))
	b.try(b.file.AddDataValidation(questionSheet, v))
}

// guide writes the second sheet: what each column is for, and a question of
// every kind as its row would be.
func (b *workbook) guide(t table) {
	_, err := b.file.NewSheet(guideSheet)
	b.try(err)
	b.widths(guideSheet, t)
	n := 1
	b.row(guideSheet, n, b.head, []string{"列", "", "怎么填"})
	for _, c := range columns {
		n++
		b.row(guideSheet, n, b.strong, []string{c.name, "", c.about})
		if c.name == "题干" {
			n++
			b.row(guideSheet, n, b.strong, []string{"A、B、C……", "", "选项，一格一个；不够用就在后面加列 G、H。配对题写成“左边 → 右边”，“ → 右边”是多出来迷惑人的一项"})
		}
	}
	n += 2
	b.row(guideSheet, n, b.strong, []string{"每种题型的例子，照着填在“" + questionSheet + "”里："})
	n++
	b.row(guideSheet, n, b.head, t.names)
	for _, d := range examples {
		n++
		b.row(guideSheet, n, b.body, t.cells(d, ""))
	}
}

// title says what the whole is called. excelize leaves out prefixes that some
// readers take for part of the name, so the part is written here.
func (b *workbook) title(title string) {
	var text bytes.Buffer
	b.try(xml.EscapeText(&text, []byte(guard(title))))
	b.file.Pkg.Store("docProps/core.xml", []byte(xml.Header+
		`<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`+
		`<dc:title>`+text.String()+`</dc:title><dc:creator>七步</dc:creator></cp:coreProperties>`))
}

// save writes the file. An error here is ours alone: the questions are data and
// a buffer takes every write.
func (b *workbook) save(w io.Writer) {
	b.try(b.file.Write(w))
	b.try(b.file.Close())
	if b.err != nil {
		panic("xlsx: " + b.err.Error())
	}
}

// examples are one question of every kind, for the guide.
var examples = []quiz.Draft{
	{
		ID: "covers-when", Kind: sheet.Single, Stem: "三件套应在什么时候铺？", Points: 1, Topic: "D5", Difficulty: 1,
		Options: []quiz.Option{
			{Text: "环车检查做完以后", Why: "先查后铺，脏手已经碰过座椅"},
			{Text: "接车时，当着客户的面，检查之前", Right: true},
			{Text: "车进工位后由技师铺", Why: "客户看不到你在爱护他的车"},
		},
		Explanation: "当着客户的面铺，是给他看的第一份用心。", Sources: []string{"S4-035"}, Review: "seven-steps/vehicle-walkaround#covers",
	},
	{
		ID: "phone-ready", Kind: sheet.Multiple, Stem: "预约电话打出去之前，手边要有什么？", Points: 2, Topic: "D4", Difficulty: 1,
		Options: []quiz.Option{{Text: "客户档案", Right: true}, {Text: "工位排程", Right: true}, {Text: "竞品报价"}, {Text: "可以承诺的时间", Right: true}},
	},
	{
		ID: "sorry-first", Kind: sheet.TrueFalse, Stem: "客户抱怨的问题不在我们，第一步也应当道歉。", Points: 1, Topic: "D3", Difficulty: 1,
		Options: []quiz.Option{{Text: affirm, Right: true}, {Text: deny, Why: "道的是客户受的委屈"}},
	},
	{
		ID: "order-reception", Kind: sheet.Order, Stem: "把接车的动作排好顺序", Points: 3, Topic: "D5", Difficulty: 2,
		Options: []quiz.Option{{Text: "当着客户的面铺三件套"}, {Text: "与客户一起环车检查"}, {Text: "请客户在确认单上签字"}},
	},
	{
		ID: "say-step", Kind: sheet.Match, Stem: "把话和步骤配起来", Points: 2, Topic: "D4", Difficulty: 1,
		Pairs: []quiz.Pair{{Left: "“您方便几点过来？”", Right: "预约"}, {Left: "“我陪您绕车看一圈。”", Right: "接车"}, {Right: "交车"}},
	},
	{
		ID: "hp-share", Kind: sheet.Fill, Stem: "惠普那份课件说，第一印象里肢体语言占 {{}}，语气占 {{}}。", Points: 2, Topic: "D2", Difficulty: 2, ByValue: true,
		Blanks: []quiz.Blank{
			{Accept: []quiz.Accepted{{Text: "55%", Percent: 100}, {Text: "百分之五十五", Percent: 100}}},
			{Accept: []quiz.Accepted{{Text: "38%", Percent: 100}, {Text: "三成多", Percent: 50}}},
		},
	},
	{
		ID: "call-days", Kind: sheet.Numeric, Stem: "交车后几天内回访？", Points: 1, Topic: "D7", Difficulty: 1,
		Values: []quiz.Value{{Figure: "3", Tolerance: "0.5", Percent: 100, Why: "三天前后都可以"}},
		Units:  []quiz.Unit{{Name: "天", Factor: "1"}, {Name: "小时", Factor: "1/24"}},
	},
	{
		ID: "late-car", Kind: sheet.Text, Stem: "车要晚一个小时。写下你打给客户的第一段话。", Points: 4, Topic: "D3", Difficulty: 3, Most: 300,
		Rubric: []quiz.Criterion{{Text: "先道歉，再解释", Points: 2}, {Text: "给出新的时间", Points: 2}},
		Model:  "王先生，对不起，您的车要晚到五点……",
	},
}
