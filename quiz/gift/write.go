package gift

import (
	"cmp"
	"fmt"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// Write writes a GIFT file, and says what other programs will miss in it.
func Write(x quiz.Exchange) ([]byte, []quiz.Note) {
	w := writer{situations: map[string]quiz.Situation{}}
	for _, s := range x.Situations {
		w.situations[s.ID] = s
	}
	if x.Title != "" {
		w.comment(moodle.Extra("title", x.Title))
		w.out.WriteByte('\n')
	}
	for _, d := range x.Questions {
		w.question(d)
	}
	for _, s := range x.Situations {
		w.situation(s.ID)
	}
	return []byte(w.out.String()), w.notes
}

type writer struct {
	out        strings.Builder
	notes      []quiz.Note
	situations map[string]quiz.Situation // not yet written
	category   string
	d          quiz.Draft
}

func (w *writer) note(format string, args ...any) {
	w.notes = append(w.notes, quiz.Note{Question: w.d.ID, Line: w.d.Line, Text: fmt.Sprintf(format, args...)})
}

func (w *writer) comment(extra string) { fmt.Fprintf(&w.out, "// %s %s\n", moodle.Mark, extra) }

func (w *writer) situation(id string) {
	s, ok := w.situations[id]
	if !ok {
		return
	}
	delete(w.situations, id)
	fmt.Fprintf(&w.out, "// [id:%s]\n", s.ID)
	w.comment("kind=case")
	fmt.Fprintf(&w.out, "::%s::[markdown]%s\n\n", escape.Replace(s.ID), escape.Replace(s.Text))
}

func (w *writer) question(d quiz.Draft) {
	w.d = d
	w.situation(d.Case)
	if d.Category != w.category {
		w.category = d.Category
		fmt.Fprintf(&w.out, "$CATEGORY: %s\n\n", moodle.Path(d.Category))
	}
	fmt.Fprintf(&w.out, "// [id:%s]", d.ID)
	if d.Topic != "" {
		fmt.Fprintf(&w.out, " [tag:%s]", d.Topic)
	}
	w.out.WriteByte('\n')
	without := []string{}
	if w.saysWrong() {
		without = append(without, "said-wrong")
	}
	if w.isShort() {
		without = append(without, "accept")
	}
	if kind := w.otherKind(); kind != "" {
		w.comment(moodle.Extra("kind", kind))
	}
	for _, e := range moodle.Extras(d, without...) {
		w.comment(e)
	}
	if unread := moodle.Unread(d, without...); unread != "" {
		w.note("别的系统读不到：%s；写在注释里，导回七步不会丢", unread)
	}
	before, after, cut := strings.Cut(d.Stem, "{{}}")
	if !cut || !w.isShort() {
		before, after = d.Stem, ""
	}
	fmt.Fprintf(&w.out, "::%s::[markdown]%s{%s}%s\n\n", escape.Replace(cmp.Or(d.Name, d.ID)), escape.Replace(before), w.answers(), escape.Replace(after))
}

// isShort reports whether the question can be asked as a short answer. GIFT has
// no way to write -> in one.
func (w *writer) isShort() bool {
	if w.d.Kind != sheet.Fill || len(w.d.Blanks) != 1 || len(w.d.Blanks[0].Accept) == 0 || strings.Contains(w.d.Said.Wrong, "->") {
		return false
	}
	for _, a := range w.d.Blanks[0].Accept {
		if strings.Contains(a.Text+a.Why, "->") {
			return false
		}
	}
	return true
}

// saysWrong reports whether what is said of a wrong answer has a place there.
func (w *writer) saysWrong() bool { return w.isShort() || w.d.Kind == sheet.Numeric }

// otherKind is the question's kind where GIFT has to ask otherwise.
func (w *writer) otherKind() string {
	switch d := w.d; {
	case d.Kind == sheet.Fill && !w.isShort():
		w.note("GIFT 里写成问答题，填空的答案在注释里")
	case d.Kind == sheet.Order:
		w.note("GIFT 没有排序题，写成序号与步骤的配对题")
	case d.Kind == sheet.Hot:
		w.note("GIFT 没有图上点选题，写成序号与位置的配对题")
	case d.Kind == sheet.Single && !w.hasFullCredit():
	default:
		return ""
	}
	return w.d.Kind
}

// hasFullCredit reports whether an option is marked with =, by which GIFT knows
// that one is to be chosen.
func (w *writer) hasFullCredit() bool {
	grades, _ := moodle.Grades(w.d)
	for _, g := range grades {
		if g == "100" {
			return true
		}
	}
	return false
}

// answers is what stands between the braces.
func (w *writer) answers() string {
	var lines []string
	switch w.d.Kind {
	case sheet.Single, sheet.Multiple:
		lines = w.options()
	case sheet.TrueFalse:
		lines = w.truth()
	case sheet.Fill:
		lines = w.accepted()
	case sheet.Numeric:
		lines = w.values()
	case sheet.Match:
		for _, p := range w.d.Pairs {
			lines = append(lines, w.pair(p.Left, p.Right))
		}
	case sheet.Order, sheet.Hot:
		for i, o := range w.d.Options {
			lines = append(lines, w.pair(fmt.Sprint(i+1), o.Text))
		}
	}
	if w.d.Explanation != "" {
		lines = append(lines, "####"+text(w.d.Explanation))
	}
	switch {
	case len(lines) == 0:
		return ""
	case w.d.Kind == sheet.Fill && w.isShort() && w.d.Explanation == "":
		return strings.Join(lines, " ")
	}
	return strings.Join(lines, "\n\t") + "\n"
}

// text writes a text inside the braces. One that begins like a weight or a
// format says its format, so that it is not taken for either.
func text(s string) string {
	if strings.HasPrefix(s, "%") || strings.HasPrefix(s, "[") {
		return "[markdown]" + escape.Replace(s)
	}
	return escape.Replace(s)
}

func why(s string) string {
	if s == "" {
		return ""
	}
	return "#" + text(s)
}

func (w *writer) options() []string {
	lines := []string{""}
	grades, exact := moodle.Grades(w.d)
	if !exact {
		w.note("有的选项的得分比例 Moodle 没有这一档，写成了最接近的")
	}
	for i, o := range w.d.Options {
		mark := "~%" + grades[i] + "%"
		switch {
		case grades[i] == "100" && w.d.Kind == sheet.Single:
			mark = "="
		case grades[i] == "0":
			mark = "~"
		}
		lines = append(lines, mark+text(o.Text)+why(o.Why))
	}
	return lines
}

func (w *writer) truth() []string {
	line, right, wrong := "F", "", ""
	for _, o := range w.d.Options {
		switch {
		case o.Right && o.Text == "对":
			line, right = "T", o.Why
		case o.Right:
			right = o.Why
		default:
			wrong = o.Why
		}
	}
	if wrong != "" || right != "" {
		line += "#" + text(wrong) + why(right)
	}
	return []string{line}
}

func (w *writer) accepted() (lines []string) {
	if !w.isShort() {
		return nil
	}
	for _, a := range w.d.Blanks[0].Accept {
		lines = append(lines, "="+w.weight(a.Percent)+text(moodle.Pattern(a.Text))+why(a.Why))
	}
	if w.d.Said.Wrong != "" {
		lines = append(lines, "=%0%*"+why(w.d.Said.Wrong))
	}
	return lines
}

func (w *writer) values() []string {
	lines := []string{"#"}
	for _, v := range w.d.Values {
		line := "=" + w.weight(v.Percent) + v.Figure
		if v.Tolerance != "" {
			line += ":" + v.Tolerance
		}
		lines = append(lines, line+why(v.Why))
	}
	if w.d.Said.Wrong != "" {
		lines = append(lines, "~"+why(w.d.Said.Wrong))
	}
	return lines
}

func (w *writer) weight(percent int) string {
	if percent == 100 {
		return ""
	}
	fraction, near := moodle.Fraction(percent, 100)
	if !near {
		w.note("Moodle 没有 %d%% 这一档，写成 %s%%", percent, fraction)
	}
	return "%" + fraction + "%"
}

func (w *writer) pair(left, right string) string {
	if strings.Contains(left, "->") {
		w.note("配对题左边的 -> 写成了 →")
		left = strings.ReplaceAll(left, "->", "→")
	}
	words := moodle.Words(right)
	if back, _ := (moodle.Text{Format: moodle.Plain, Text: words}).Line(); back != right {
		w.note("“%s”的排版没有写进去", words)
	}
	return "=" + text(left) + " -> " + escape.Replace(words)
}
