package moodlexml

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// Write writes a Moodle XML file, and says what other programs will miss in it.
func Write(x quiz.Exchange) ([]byte, []quiz.Note) {
	w := writer{situations: map[string]quiz.Situation{}}
	for _, s := range x.Situations {
		w.situations[s.ID] = s
	}
	w.out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	if x.Title != "" {
		w.comment(moodle.Extra("title", x.Title))
	}
	for _, d := range x.Questions {
		w.question(d)
	}
	for _, s := range x.Situations {
		w.situation(s.ID)
	}
	w.out.WriteString("</quiz>\n")
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

// legal keeps what XML may hold.
func legal(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == '\uFFFE' || r == '\uFFFF' {
			return -1
		}
		return r
	}, s)
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (w *writer) comment(extra string) {
	fmt.Fprintf(&w.out, "<!-- %s %s -->\n", moodle.Mark, legal(extra))
}

// set writes an element that holds a value.
func (w *writer) set(name, value string) {
	fmt.Fprintf(&w.out, "<%s>%s</%s>\n", name, escape.Replace(legal(value)), name)
}

// words writes an element that holds plain text in a <text>.
func (w *writer) words(name, text string) {
	fmt.Fprintf(&w.out, "<%s><text>%s</text></%s>\n", name, escape.Replace(legal(text)), name)
}

// text writes an element that holds Markdown in a <text>.
func (w *writer) text(name, text string) {
	fmt.Fprintf(&w.out, "<%s format=\"markdown\"><text>%s</text></%s>\n", name, escape.Replace(legal(text)), name)
}

// open and end write a start and an end tag.
func (w *writer) open(tag string) { fmt.Fprintf(&w.out, "<%s>\n", tag) }
func (w *writer) end(name string) { w.open("/" + name) }

func (w *writer) situation(id string) {
	s, ok := w.situations[id]
	if !ok {
		return
	}
	delete(w.situations, id)
	w.open(`question type="description"`)
	w.comment("kind=case")
	w.words("name", s.ID)
	w.text("questiontext", s.Text)
	w.set("idnumber", s.ID)
	w.end("question")
}

// types are Moodle's for Qibu's kinds.
var types = map[string]string{
	sheet.Single: "multichoice", sheet.Multiple: "multichoice", sheet.TrueFalse: "truefalse", sheet.Match: "matching",
	sheet.Fill: "cloze", sheet.Numeric: "numerical", sheet.Order: "ordering", sheet.Hot: "ordering", sheet.Text: "essay",
}

func (w *writer) question(d quiz.Draft) {
	w.d = d
	w.situation(d.Case)
	if d.Category != w.category {
		w.category = d.Category
		w.open(`question type="category"`)
		w.words("category", moodle.Path(d.Category))
		w.end("question")
	}
	w.open(`question type="` + types[d.Kind] + `"`)
	w.extras()
	stem := d.Stem
	if d.Kind == sheet.Fill {
		stem = w.stem()
	}
	w.words("name", cmp.Or(d.Name, d.ID))
	w.text("questiontext", stem)
	w.text("generalfeedback", d.Explanation)
	w.set("defaultgrade", strconv.Itoa(d.Points))
	w.set("idnumber", d.ID)
	w.answers()
	if d.Topic != "" {
		w.open("tags")
		w.words("tag", d.Topic)
		w.end("tags")
	}
	w.end("question")
}

// extras writes what Moodle has no word for.
func (w *writer) extras() {
	without := []string{"accept", "model"}
	switch w.d.Kind {
	case sheet.Single, sheet.Multiple:
		without = append(without, "points", "fixed", "said-right", "said-partly", "said-wrong")
	case sheet.Match, sheet.Order, sheet.Hot:
		without = append(without, "points", "said-right", "said-partly", "said-wrong")
	case sheet.Numeric:
		without = append(without, "points", "said-wrong")
		if !slices.ContainsFunc(w.d.Units, func(u quiz.Unit) bool { _, exact := multiplier(u); return !exact }) {
			without = append(without, "unit")
		}
	case sheet.Fill:
		without = append(without, "points", "exact")
		w.comment(moodle.Extra("points", strconv.Itoa(w.d.Points)))
	default:
		without = append(without, "points")
	}
	if w.d.Kind == sheet.Hot {
		w.note("Moodle 没有图上点选题，写成排序题")
		w.comment(moodle.Extra("kind", sheet.Hot))
	}
	for _, e := range moodle.Extras(w.d, without...) {
		w.comment(e)
	}
	if unread := moodle.Unread(w.d, without...); unread != "" {
		w.note("别的系统读不到：%s；写在注释里，导回七步不会丢", unread)
	}
}

// answers writes what differs from type to type.
func (w *writer) answers() {
	switch d := w.d; d.Kind {
	case sheet.Single, sheet.Multiple:
		w.set("single", strconv.FormatBool(d.Kind == sheet.Single))
		w.set("shuffleanswers", strconv.FormatBool(!d.Fixed))
		w.set("answernumbering", "abc")
		w.said()
		w.options()
	case sheet.TrueFalse:
		for i, text := range []string{"true", "false"} {
			fraction := "0"
			if d.Options[i].Right {
				fraction = "100"
			}
			w.answer(fraction, "moodle_auto_format", text, d.Options[i].Why)
		}
	case sheet.Match:
		w.said()
		w.pairs()
	case sheet.Numeric:
		w.values()
	case sheet.Order, sheet.Hot:
		w.set("layouttype", "VERTICAL")
		w.set("selecttype", "ALL")
		w.set("gradingtype", longestSubset)
		w.said()
		for i, o := range d.Options {
			w.open(fmt.Sprintf(`answer fraction="%d" format="markdown"`, i+1))
			w.set("text", o.Text)
			w.end("answer")
		}
	case sheet.Text:
		w.set("responseformat", "plain")
		w.text("graderinfo", d.Model)
	}
}

func (w *writer) said() {
	w.text("correctfeedback", w.d.Said.Right)
	w.text("partiallycorrectfeedback", w.d.Said.Partly)
	w.text("incorrectfeedback", w.d.Said.Wrong)
}

func (w *writer) answer(fraction, format, text, why string) {
	w.open(fmt.Sprintf(`answer fraction="%s" format="%s"`, fraction, format))
	w.set("text", text)
	w.text("feedback", why)
	w.end("answer")
}

func (w *writer) options() {
	grades, exact := moodle.Grades(w.d)
	if !exact {
		w.note("有的选项的得分比例 Moodle 没有这一档，写成了最接近的")
	}
	for i, o := range w.d.Options {
		w.answer(grades[i], "markdown", o.Text, o.Why)
	}
}

func (w *writer) pairs() {
	for _, p := range w.d.Pairs {
		words := moodle.Words(p.Right)
		if back, _ := (moodle.Text{Format: moodle.Plain, Text: words}).Line(); back != p.Right {
			w.note("“%s”的排版没有写进去", words)
		}
		w.open(`subquestion format="markdown"`)
		w.set("text", p.Left)
		w.words("answer", words)
		w.end("subquestion")
	}
}

func (w *writer) fraction(percent int) string {
	fraction, near := moodle.Fraction(percent, 100)
	if !near {
		w.note("Moodle 没有 %d%% 这一档，写成 %s%%", percent, fraction)
	}
	return fraction
}

func (w *writer) values() {
	for _, v := range w.d.Values {
		w.open(fmt.Sprintf(`answer fraction="%s" format="moodle_auto_format"`, w.fraction(v.Percent)))
		w.set("text", v.Figure)
		w.text("feedback", v.Why)
		w.set("tolerance", cmp.Or(v.Tolerance, "0"))
		w.end("answer")
	}
	if w.d.Said.Wrong != "" {
		w.answer("0", "moodle_auto_format", "*", w.d.Said.Wrong)
	}
	if len(w.d.Units) == 0 {
		return
	}
	w.open("units")
	for _, u := range w.d.Units {
		factor, _ := multiplier(u)
		w.open("unit")
		w.set("multiplier", factor)
		w.set("unit_name", u.Name)
		w.end("unit")
	}
	w.end("units")
	w.set("unitgradingtype", "1") // without its unit a figure is wrong
	w.set("unitpenalty", "1")
	w.set("showunits", "2")
	w.set("unitsleft", "0")
}

// multiplier is how many of u make one of the first unit, as a decimal.
func multiplier(u quiz.Unit) (decimal string, exact bool) {
	factor, ok := moodle.Inverse(u.Factor)
	if !ok {
		return "1", false
	}
	return moodle.Decimal(factor)
}
