package xlsx

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// headerWithin is how far down the column names may stand, below a title perhaps.
const headerWithin = 10

// reader makes questions of rows.
type reader struct {
	header header
	x      quiz.Exchange
	ids    map[string]bool
}

// readLines reads rows, the first of which with known names is the header.
func readLines(lines []line) (quiz.Exchange, error) {
	for i, l := range lines[:min(len(lines), headerWithin)] {
		h, ok := readHeader(l.cells)
		if !ok {
			continue
		}
		if len(lines)-i-1 > MaxRows {
			return quiz.Exchange{}, errRows
		}
		r := reader{header: h, ids: map[string]bool{}}
		for _, name := range h.unknown(l.cells) {
			r.x.Notes = append(r.x.Notes, quiz.Note{Line: l.number, Text: "不认识“" + name + "”这一列，没有读"})
		}
		for _, l := range lines[i+1:] {
			r.read(l)
		}
		return r.x, nil
	}
	return quiz.Exchange{}, errHeader
}

// row is a question being read.
type row struct {
	draft       quiz.Draft
	number      int
	notes       []quiz.Note
	options     []string // the cells of the options, empty ones at the end left out
	answer, why string
	story       string
}

func (r *row) note(format string, args ...any) {
	r.notes = append(r.notes, quiz.Note{Line: r.number, Text: fmt.Sprintf(format, args...)})
}

// read adds the question of one row, or the reason why it is none.
func (r *reader) read(l line) {
	q := &row{number: l.number, draft: quiz.Draft{Line: l.number, Points: 1, Difficulty: 1}}
	kind := r.fill(q, l.cells)
	problem := q.settle(kind)
	if problem == "" {
		r.identify(&q.draft, q)
		r.situation(q)
		r.x.Questions = append(r.x.Questions, q.draft)
	} else {
		q.notes = []quiz.Note{{Line: l.number, Text: "这一行没有读进来：" + problem}}
	}
	for _, n := range q.notes {
		n.Question = q.draft.ID
		r.x.Notes = append(r.x.Notes, n)
	}
}

// fill gives every cell to its column and returns the one of the kind.
func (r *reader) fill(q *row, cells []string) (kind string) {
	for i, cell := range cells {
		text := clean(cell)
		if i >= len(r.header) || r.header[i] < 0 || text == "" {
			continue
		}
		if at := r.header[i]; at >= optionBase {
			for len(q.options) <= at-optionBase {
				q.options = append(q.options, "")
			}
			q.options[at-optionBase] = oneLine(text)
			continue
		}
		switch c := columns[r.header[i]]; c.name {
		case kindColumn:
			kind = text
		case answerColumn:
			q.answer = text
		case whyColumn:
			q.why = text
		case storyColumn:
			q.story = text
		default:
			c.take(q, text)
		}
	}
	return kind
}

// clean is what a cell says: line ends of one kind, nothing around it.
func clean(cell string) string {
	return strings.TrimSpace(unguard(strings.ReplaceAll(strings.ReplaceAll(cell, "\r\n", "\n"), "\r", "\n")))
}

// settle reads answer, options and reasons as the kind wants them and returns
// why the row is no question, or "".
func (r *row) settle(kind string) string {
	d := &r.draft
	if d.Stem == "" {
		return "没有题干"
	}
	known := false
	switch d.Kind, known = kindOf(kind); {
	case known:
	case kind != "":
		return fmt.Sprintf("不认识题型“%s”；可以写%s", oneLine(kind), strings.Join(kindNames(), "、"))
	default:
		if d.Kind = guessKind(d, len(r.options), r.answer); d.Kind == "" {
			return "没有写题型，从答案里也看不出来"
		}
	}
	if i := slices.Index(r.options, ""); i >= 0 {
		return fmt.Sprintf("选项 %s 空着，后面的却有字", letterOf(i))
	}
	switch d.Kind {
	case sheet.Match:
		return r.settlePairs()
	case sheet.Fill:
		return r.settleBlanks()
	case sheet.Numeric:
		return r.settleValues()
	case sheet.Text:
		d.Model = r.answer
	case sheet.TrueFalse:
		return r.settleTruth()
	default:
		return r.settleOptions()
	}
	r.unused(r.why, whyColumn)
	return ""
}

// unused notes a cell that this kind of question has no use for.
func (r *row) unused(cell, name string) {
	if cell != "" {
		r.note("%s题用不到“%s”一栏，没有读：%s", kindName(r.draft.Kind), name, cell)
	}
}

// identify gives the question an id that no other has.
func (r *reader) identify(d *quiz.Draft, q *row) {
	if d.ID == "" {
		d.ID = "row-" + strconv.Itoa(q.number)
	}
	wanted := d.ID
	for n := 2; r.ids[d.ID]; n++ {
		d.ID = wanted + "-" + strconv.Itoa(n)
	}
	if d.ID != wanted {
		q.note("题号“%s”前面已经有了，改成了“%s”", wanted, d.ID)
	}
	r.ids[d.ID] = true
}

// situation ties the question to the text it shares with others.
func (r *reader) situation(q *row) {
	d := &q.draft
	i := slices.IndexFunc(r.x.Situations, func(s quiz.Situation) bool {
		return d.Case != "" && s.ID == d.Case || d.Case == "" && s.Text == q.story
	})
	switch {
	case d.Case == "" && q.story == "":
	case i < 0 && q.story == "":
		q.note("情境号“%s”还没有文字：写在它的第一道题那一行的“情境”一栏", d.Case)
		d.Case = ""
	case i < 0:
		if d.Case == "" {
			d.Case = "case-" + strconv.Itoa(q.number)
		}
		r.x.Situations = append(r.x.Situations, quiz.Situation{ID: d.Case, Text: q.story, Line: q.number})
	default:
		d.Case = r.x.Situations[i].ID
		if q.story != "" && q.story != r.x.Situations[i].Text {
			q.note("情境号“%s”的文字前面写过了，这一行的没有读", d.Case)
		}
	}
}

var (
	idText     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	topicText  = regexp.MustCompile(`(?i)^D([1-8])`)
	figureText = regexp.MustCompile(`^[+-]?\d+(\.\d+)?$`)
	listMark   = regexp.MustCompile(`[、，,;；\s]+`)
)

func (r *row) takeID(cell string) {
	id := strings.ToLower(width.Fold.String(oneLine(cell)))
	if idText.MatchString(id) {
		r.draft.ID = id
		return
	}
	r.note("题号“%s”不是小写字母、数字和连字符，换了一个；原来的记在题名里", oneLine(cell))
	if r.draft.Name == "" {
		r.draft.Name = oneLine(cell)
	}
}

func (r *row) takeTopic(cell string) {
	m := topicText.FindStringSubmatch(width.Fold.String(cell))
	if m == nil {
		r.note("能力维度“%s”不是 D1 到 D8，没有读", oneLine(cell))
		return
	}
	r.draft.Topic = "D" + m[1]
}

// takeNumber reads a whole number from 1 to most, such as "2" or "2 分".
func (r *row) takeNumber(cell, name string, most int, into *int) {
	n, err := strconv.Atoi(strings.TrimRight(width.Fold.String(oneLine(cell)), " 分字"))
	if err != nil || n < 1 || n > most {
		r.note("“%s”写的是“%s”，不是 1 到 %d 的整数，没有读", name, oneLine(cell), most)
		return
	}
	*into = n
}

func (r *row) takeDifficulty(cell string) {
	switch s := label(cell); s {
	case "1", "易", "容易", "简单", "低":
		r.draft.Difficulty = 1
	case "2", "中", "中等", "一般":
		r.draft.Difficulty = 2
	case "3", "难", "较难", "困难", "高":
		r.draft.Difficulty = 3
	default:
		r.note("难度“%s”不是 1、2、3，按 1", oneLine(cell))
	}
}

func (r *row) takeSources(cell string) {
	for _, s := range listMark.Split(width.Fold.String(cell), -1) {
		if s != "" {
			r.draft.Sources = append(r.draft.Sources, s)
		}
	}
}

// takeUnits reads "天、小时=1/24".
func (r *row) takeUnits(cell string) {
	for i, part := range strings.Split(oneLine(cell), "、") {
		name, factor, _ := strings.Cut(strings.ReplaceAll(part, "＝", "="), "=")
		u := quiz.Unit{Name: strings.TrimSpace(name), Factor: strings.TrimSpace(width.Fold.String(factor))}
		if i == 0 && u.Factor == "" {
			u.Factor = "1"
		}
		r.draft.Units = append(r.draft.Units, u)
	}
}

func writeUnits(units []quiz.Unit) string {
	var parts []string
	for i, u := range units {
		if i == 0 && u.Factor == "1" {
			parts = append(parts, u.Name)
			continue
		}
		parts = append(parts, u.Name+"="+u.Factor)
	}
	return strings.Join(parts, "、")
}

var criterionPoints = regexp.MustCompile(`^(.*\S)\s*[(（]\s*(\d{1,3})\s*分?\s*[)）]$`)

func readRubric(cell string) (rubric []quiz.Criterion) {
	for text := range strings.Lines(cell) {
		text = strings.TrimLeft(strings.TrimSpace(text), "-· ")
		if m := criterionPoints.FindStringSubmatch(text); m != nil {
			n, _ := strconv.Atoi(m[2]) // the pattern has digits there
			rubric = append(rubric, quiz.Criterion{Text: m[1], Points: n})
		} else if text != "" {
			rubric = append(rubric, quiz.Criterion{Text: text})
		}
	}
	return rubric
}

func writeRubric(rubric []quiz.Criterion) string {
	var lines []string
	for _, c := range rubric {
		text := oneLine(c.Text)
		if c.Points > 0 {
			text += fmt.Sprintf(" (%d)", c.Points)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}
