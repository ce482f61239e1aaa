package xlsx

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// maxCell is how long a cell may be, in UTF-16 units, by the format.
const maxCell = 32767

// Write makes a workbook of questions, with the sheet that explains it. What a
// row cannot say is in the notes, found by reading each row back.
func Write(x quiz.Exchange) ([]byte, []quiz.Note) {
	w := writer{told: map[string]bool{}}
	for _, s := range x.Situations {
		if !slices.ContainsFunc(x.Questions, func(d quiz.Draft) bool { return d.Case == s.ID }) {
			w.note(s.ID, "没有题目用到这个情境，没有写进表格")
		}
	}
	options := usualOptions
	for _, d := range x.Questions {
		options = max(options, min(maxOptions, optionCount(d)))
	}
	w.table = newTable(options)
	for _, d := range x.Questions {
		w.question(d, x.Situations)
	}
	return newBook(x.Title, w.table, w.rows), w.notes
}

// writer makes rows of questions.
type writer struct {
	table table
	rows  [][]string
	told  map[string]bool // situations that have been written
	notes []quiz.Note
}

func (w *writer) note(question, format string, args ...any) {
	w.notes = append(w.notes, quiz.Note{Question: question, Text: fmt.Sprintf(format, args...)})
}

func (w *writer) question(d quiz.Draft, situations []quiz.Situation) {
	switch {
	case kindName(d.Kind) == "":
		w.note(d.ID, "表格里写不下这种题型，没有写进去")
		return
	case optionCount(d) > maxOptions:
		w.note(d.ID, "选项超过 %d 个，表格里写不下，没有写进去", maxOptions)
		return
	}
	story := ""
	if i := slices.IndexFunc(situations, func(s quiz.Situation) bool { return s.ID == d.Case }); i >= 0 && !w.told[d.Case] {
		story = situations[i].Text
	}
	cells := w.table.cells(d, story)
	for i, cell := range cells {
		if units := len(utf16.Encode([]rune(cell))); units > maxCell {
			w.note(d.ID, "“%s”有 %d 个字，一格最多 %d，整道题没有写进去", w.table.names[i], units, maxCell)
			return
		}
	}
	w.told[d.Case] = true
	w.rows = append(w.rows, cells)
	for _, what := range w.lost(cells, d) {
		w.note(d.ID, "表格里写不下：%s", what)
	}
}

// lost says what of a question is not what its row is read as.
func (w *writer) lost(cells []string, d quiz.Draft) (what []string) {
	r := reader{header: w.table.header, ids: map[string]bool{}}
	r.x.Situations = []quiz.Situation{{ID: d.Case}}
	r.read(line{1, cells})
	if len(r.x.Questions) == 0 {
		return []string{"整道题，" + r.x.Notes[len(r.x.Notes)-1].Text}
	}
	return differences(d, r.x.Questions[0])
}

// differences names what is not the same in two questions.
func differences(a, b quiz.Draft) (names []string) {
	for _, p := range []struct {
		name string
		same bool
	}{
		{"题号", a.ID == b.ID},
		{"题型", a.Kind == b.Kind},
		{"题名和分类", a.Name == b.Name && a.Category == b.Category},
		{"情境", a.Case == b.Case},
		{"题干", a.Stem == b.Stem},
		{"分值、维度和难度", a.Points == b.Points && a.Topic == b.Topic && a.Difficulty == b.Difficulty},
		{"出处和复习", slices.Equal(a.Sources, b.Sources) && a.Review == b.Review},
		{"选项", slices.Equal(a.Options, b.Options)},
		{"配对", slices.Equal(a.Pairs, b.Pairs)},
		{"填空的答案", slices.EqualFunc(a.Blanks, b.Blanks, func(a, b quiz.Blank) bool { return slices.Equal(a.Accept, b.Accept) })},
		{"数值的答案和单位", slices.Equal(a.Values, b.Values) && slices.Equal(a.Units, b.Units)},
		{"评分标准", slices.Equal(a.Rubric, b.Rubric)},
		{"参考答案和字数", a.Model == b.Model && a.Most == b.Most},
		{"解析和反馈", a.Explanation == b.Explanation && a.Said == b.Said},
	} {
		if !p.same {
			names = append(names, p.name)
		}
	}
	return names
}

// optionCount is how many option columns a question needs.
func optionCount(d quiz.Draft) int {
	if d.Kind == sheet.TrueFalse {
		return 0
	}
	return max(len(d.Options), len(d.Pairs))
}

// table is the columns of one workbook: those of the template with as many
// options as are needed.
type table struct {
	names  []string
	header header
}

func newTable(options int) (t table) {
	for i, c := range columns {
		t.names, t.header = append(t.names, c.name), append(t.header, i)
		if c.name != "题干" {
			continue
		}
		for o := range options {
			t.names, t.header = append(t.names, letterOf(o)), append(t.header, optionBase+o)
		}
	}
	return t
}

// cells are the cells of a question, as texts that no spreadsheet computes.
func (t table) cells(d quiz.Draft, story string) []string {
	cells := make([]string, len(t.header))
	for i, at := range t.header {
		text := ""
		switch {
		case at >= optionBase:
			text = optionText(d, at-optionBase)
		case columns[at].text != nil:
			text = columns[at].text(d)
		case columns[at].name == kindColumn:
			text = kindName(d.Kind)
		case columns[at].name == answerColumn:
			text = answerText(d)
		case columns[at].name == whyColumn:
			text = whyText(d)
		case columns[at].name == storyColumn:
			text = story
		}
		cells[i] = guard(strings.ReplaceAll(text, "\r", ""))
	}
	return cells
}

func optionText(d quiz.Draft, i int) string {
	switch {
	case d.Kind == sheet.Match && i < len(d.Pairs):
		return writePair(d.Pairs[i])
	case d.Kind != sheet.TrueFalse && i < len(d.Options):
		return d.Options[i].Text
	}
	return ""
}

func answerText(d quiz.Draft) string {
	switch d.Kind {
	case sheet.Single, sheet.Multiple:
		return writeLetters(d.Options)
	case sheet.Order:
		var letters strings.Builder
		for i := range d.Options {
			letters.WriteString(letterOf(i))
		}
		return letters.String()
	case sheet.TrueFalse:
		if i := slices.IndexFunc(d.Options, func(o quiz.Option) bool { return o.Right }); i >= 0 {
			return d.Options[i].Text
		}
	case sheet.Fill:
		return writeBlanks(d.Blanks)
	case sheet.Numeric:
		return writeValues(d.Values)
	case sheet.Text:
		return d.Model
	}
	return ""
}

func writeLetters(options []quiz.Option) string {
	var letters strings.Builder
	var credits []string
	partly := slices.ContainsFunc(options, func(o quiz.Option) bool { return o.Credit != 0 })
	for i, o := range options {
		if o.Right {
			letters.WriteString(letterOf(i))
		}
		if o.Credit != 0 {
			credits = append(credits, fmt.Sprintf("%s=%d%%", letterOf(i), o.Credit))
		}
	}
	if partly {
		return strings.Join(credits, " ")
	}
	return letters.String()
}

func whyText(d quiz.Draft) string {
	var lines []string
	for i, o := range d.Options {
		key := letterOf(i)
		if d.Kind == sheet.TrueFalse {
			key = o.Text
		}
		if why := oneLine(o.Why); why != "" {
			lines = append(lines, key+"："+why)
		}
	}
	return strings.Join(lines, "\n")
}

// writeBlanks writes a line for each blank, or one for each answer when there is
// more to say of it.
func writeBlanks(blanks []quiz.Blank) string {
	var plain, listed []string
	long := false
	for i, b := range blanks {
		var alternatives []string
		for _, a := range b.Accept {
			text := writeAccepted(a)
			alternatives = append(alternatives, strings.NewReplacer(`\`, `\\`, "|", `\|`).Replace(text))
			listed = append(listed, fmt.Sprintf("(%d)= %s", i+1, text))
			if why := oneLine(a.Why); why != "" {
				listed = append(listed, "  > "+why)
				long = true
			}
			long = long || acceptLine.MatchString(text) || strings.HasPrefix(text, ">")
		}
		plain = append(plain, strings.Join(alternatives, "|"))
	}
	if long {
		return strings.Join(listed, "\n")
	}
	return strings.Join(plain, "\n")
}

func writeAccepted(a quiz.Accepted) string {
	text := oneLine(a.Text)
	switch {
	case a.Percent != 100:
		return fmt.Sprintf("[%d%%] %s", a.Percent, text)
	case percentMark.MatchString(text) || strings.HasPrefix(text, `\`):
		return `\` + text
	}
	return text
}

func writeValues(values []quiz.Value) string {
	var lines []string
	for _, v := range values {
		text := v.Figure
		if v.Tolerance != "" {
			text += "±" + v.Tolerance
		}
		if v.Percent != 100 {
			text = fmt.Sprintf("[%d%%] %s", v.Percent, text)
		}
		lines = append(lines, text)
		if why := oneLine(v.Why); why != "" {
			lines = append(lines, "  > "+why)
		}
	}
	return strings.Join(lines, "\n")
}

// Template is the empty workbook that trainers fill in.
func Template() []byte { return newBook("", newTable(usualOptions), nil) }

// newBook makes the file: the questions, and the sheet that explains the columns.
func newBook(title string, t table, rows [][]string) []byte {
	b := newWorkbook()
	b.questions(t, rows)
	b.guide(t)
	b.title(title)
	var out bytes.Buffer
	b.save(&out)
	return out.Bytes()
}
