package quiz

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"qibu/quiz/sheet"
)

// Write writes questions in the format that Parse describes. Reading what was
// written gives the same header and exchange back, but for what the format has
// no place for: notes, line numbers, blank space around texts, line breaks in
// what is one line long, and the questions of a case stand together.
func Write(h Header, x Exchange) []byte {
	w := &writer{}
	w.header(h)
	cases := map[string]Situation{}
	for _, c := range x.Situations {
		cases[c.ID] = c
	}
	for i, d := range x.Questions {
		c, known := cases[d.Case]
		switch {
		case d.Case == "" || !known:
			w.question("##", d)
		case !slices.ContainsFunc(x.Questions[:i], func(o Draft) bool { return o.Case == d.Case }):
			w.situation(c, x.Questions[i:])
		}
	}
	for _, c := range x.Situations {
		if !slices.ContainsFunc(x.Questions, func(d Draft) bool { return d.Case == c.ID }) {
			w.situation(c, nil)
		}
	}
	return append(bytes.TrimRight(w.Bytes(), "\n"), '\n')
}

type writer struct{ bytes.Buffer }

func (w *writer) linef(format string, args ...any) {
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

// apart sees to an empty line before what comes next.
func (w *writer) apart() {
	if !bytes.HasSuffix(w.Bytes(), []byte("\n\n")) {
		w.WriteByte('\n')
	}
}

func (w *writer) header(h Header) {
	h.Title, h.TitleEN, h.Module = oneLine(h.Title), oneLine(h.TitleEN), oneLine(h.Module)
	w.linef("---")
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(h); err != nil {
		panic(err) // a struct of texts and numbers always encodes
	}
	w.linef("---")
}

// situation writes a case with those of the questions that belong to it.
func (w *writer) situation(c Situation, questions []Draft) {
	w.heading("##", c.Text, []string{"#" + c.ID, "type=" + caseKind}, headingLike.MatchString)
	for _, d := range questions {
		if d.Case == c.ID {
			w.question("###", d)
		}
	}
}

// heading writes the first line of a text as a heading and the rest below it.
func (w *writer) heading(level, text string, attributes []string, special func(string) bool) {
	first, rest, more := strings.Cut(tidy(text), "\n")
	w.apart()
	w.linef("%s %s {%s}", level, first, strings.Join(attributes, " "))
	if more {
		w.text("", rest, special)
		w.apart()
	}
}

// text writes the lines of a text behind a label.
func (w *writer) text(label, text string, special func(string) bool) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 || label == "" {
			line = escape(line, special)
		}
		w.linef("%s%s", label, line)
		label = ""
	}
}

func (w *writer) question(level string, d Draft) {
	f, stem := formOf(d.Kind), tidy(d.Stem)
	if d.Kind == sheet.Fill {
		stem = filled(stem, d.Blanks)
	}
	w.heading(level, stem, d.attributes(), f.inStem)
	w.answers(d)
	w.labelled("单位", unitList(d.Units))
	if len(d.Rubric) > 0 {
		w.linef("评分：")
	}
	for _, c := range d.Rubric {
		w.linef("- %s (%d)", oneLine(c.Text), c.Points)
	}
	w.block("参考", d.Model, f)
	w.block("解析", d.Explanation, f)
	w.labelled("答对", d.Said.Right)
	w.labelled("部分对", d.Said.Partly)
	w.labelled("答错", d.Said.Wrong)
	w.labelled("名称", d.Name)
	w.labelled("分类", d.Category)
	w.basis(d)
}

// attributes are the words in the braces, as few as say it all.
func (d Draft) attributes() []string {
	var list []string
	add := func(written bool, word string) {
		if written {
			list = append(list, word)
		}
	}
	add(d.ID != "", "#"+d.ID)
	add(!d.kindShows(), "type="+d.Kind)
	add(d.Topic != "", "topic="+d.Topic)
	add(d.Difficulty > 1, "difficulty="+strconv.Itoa(d.Difficulty))
	add(d.Points > 0 && d.Points != usualPoints(d), "points="+strconv.Itoa(d.Points))
	add(d.Critical, "critical")
	add(d.Pilot, "pilot")
	add(d.Void, "void")
	add(d.Fixed, "fixed")
	add(d.Exact, "exact")
	add(d.ByValue, "by-value")
	add(d.Most > 0, "words="+strconv.Itoa(d.Most))
	return list
}

// kindShows reports whether a reader knows the kind without being told.
func (d Draft) kindShows() bool {
	switch d.Kind {
	case sheet.Fill:
		heading, _, _ := strings.Cut(tidy(d.Stem), "\n")
		return hasBlank(heading)
	case sheet.Single, sheet.Multiple, sheet.TrueFalse:
		return !hasBlank(d.Stem) && d.Kind == choiceKind(d.Options, d.credited())
	}
	return false
}

// credited reports whether options earn or cost a percentage of the points.
func (d Draft) credited() bool {
	return slices.ContainsFunc(d.Options, func(o Option) bool { return o.Credit != 0 })
}

func (w *writer) answers(d Draft) {
	switch d.Kind {
	case sheet.Order:
		for i, o := range d.Options {
			w.linef("%d. %s", i+1, oneLine(o.Text))
			w.why(o.Why)
		}
	case sheet.Match:
		w.pairs(d.Pairs)
	case sheet.Fill:
		w.listed(d.Blanks)
	case sheet.Numeric:
		w.values(d.Values)
	case sheet.Hot:
		w.places(d)
	default:
		w.options(d)
	}
}

func (w *writer) why(text string) {
	if text = oneLine(text); text != "" {
		w.linef("  > %s", text)
	}
}

func (w *writer) options(d Draft) {
	for _, o := range d.Options {
		mark := " "
		switch {
		case o.Credit != 0:
			mark = strconv.Itoa(o.Credit) + "%"
		case o.Right:
			mark = "x"
		}
		w.linef("- [%s] %s", mark, oneLine(o.Text))
		w.why(o.Why)
	}
}

func (w *writer) pairs(pairs []Pair) {
	if len(pairs) == 0 {
		return
	}
	w.linef("| 左边 | 右边 |\n|---|---|")
	bar := strings.NewReplacer("|", `\|`)
	for _, p := range pairs {
		w.linef("| %s | %s |", bar.Replace(oneLine(p.Left)), bar.Replace(oneLine(p.Right)))
	}
}

func (w *writer) values(values []Value) {
	for _, v := range values {
		text := v.Figure
		if v.Tolerance != "" {
			text += " ± " + v.Tolerance
		}
		w.linef("= %s%s", share(v.Percent), text)
		w.why(v.Why)
	}
}

// share is what an answer earns, where that is not everything.
func share(percent int) string {
	if percent == 100 {
		return ""
	}
	return fmt.Sprintf("[%d%%] ", percent)
}

func (w *writer) places(d Draft) {
	if p := d.Picture; p != nil {
		size := ""
		if p.Width > 0 || p.Height > 0 {
			size = fmt.Sprintf(" %d×%d", p.Width, p.Height)
		}
		w.linef("![%s](%s)%s", oneLine(p.Alt), p.Source, size)
	}
	for i, o := range d.Options {
		w.linef("%d. %s (%s, %s)", i+1, oneLine(o.Text), percentage(o.X), percentage(o.Y))
		w.why(o.Why)
	}
}

func percentage(thousandths int) string {
	if thousandths%10 == 0 {
		return fmt.Sprintf("%d%%", thousandths/10)
	}
	return fmt.Sprintf("%d.%d%%", thousandths/10, thousandths%10)
}

// inStem reports whether what a blank accepts is written in the stem; answers that
// have something said to them are listed below it.
func (b Blank) inStem() bool {
	return !slices.ContainsFunc(b.Accept, func(a Accepted) bool { return a.Why != "" })
}

// filled is the stem of a fill question with what its blanks accept.
func filled(stem string, blanks []Blank) string {
	var b strings.Builder
	for {
		before, inside, after, ok := cutBlank(stem)
		b.WriteString(before)
		switch {
		case !ok:
			return b.String()
		case inside != "": // braces that are no blank
			b.WriteString(`\{{` + inside + "}}")
		case len(blanks) > 0 && blanks[0].inStem():
			b.WriteString("{{" + acceptedText(blanks[0].Accept) + "}}")
			blanks = blanks[1:]
		default:
			b.WriteString(gap)
			blanks = blanks[min(1, len(blanks)):]
		}
		stem = after
	}
}

func acceptedText(list []Accepted) string {
	parts := make([]string, len(list))
	for i, a := range list {
		parts[i] = share(a.Percent) + guard(a.Text)
	}
	return strings.Join(parts, "|")
}

var guarded = strings.NewReplacer(`\`, `\\`, "|", `\|`, "}", `\}`, "{", `\{`, "｜", `\｜`, "｝", `\｝`, "｛", `\｛`)

// guard writes a text that literal gives back.
func guard(text string) string {
	text = guarded.Replace(oneLine(text))
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "［") {
		return `\` + text
	}
	return text
}

// listed writes the answers to the blanks that stand empty in the stem.
func (w *writer) listed(blanks []Blank) {
	for i, b := range blanks {
		if b.inStem() {
			continue
		}
		for _, a := range b.Accept {
			number := ""
			if len(blanks) > 1 {
				number = fmt.Sprintf("(%d)", i+1)
			}
			w.linef("%s= %s%s", number, share(a.Percent), guard(a.Text))
			w.why(a.Why)
		}
	}
}

func unitList(units []Unit) string {
	parts := make([]string, len(units))
	for i, u := range units {
		parts[i] = u.Name
		if i > 0 || u.Factor != "1" {
			parts[i] += "=" + u.Factor
		}
	}
	return strings.Join(parts, "、")
}

// labelled writes a line with a label, if there is anything to write.
func (w *writer) labelled(label, text string) {
	if text = oneLine(text); text != "" {
		w.linef("%s：%s", label, text)
	}
}

// block writes a text of several lines behind a label.
func (w *writer) block(label, text string, f form) {
	if text = tidy(text); text != "" {
		w.apart()
		w.text(label+"：", text, f.inText)
		w.apart()
	}
}

func (w *writer) basis(d Draft) {
	sources, where := strings.Join(d.Sources, "、"), ""
	if d.Review != "" {
		where = "复习：" + oneLine(d.Review)
	}
	w.apart()
	switch {
	case sources != "" && where != "":
		w.linef("依据：%s · %s", sources, where)
	case sources != "":
		w.linef("依据：%s", sources)
	case where != "":
		w.linef("%s", where)
	}
}

// oneLine is a text without line breaks and blank space around it.
func oneLine(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(text))
}

// tidy is a text without blank space at its ends and those of its lines.
func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
