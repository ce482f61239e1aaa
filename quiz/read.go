package quiz

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"qibu/internal/fault"
	"qibu/internal/markdown"
)

// What a file of questions may be at most, and a section of it, so that reading and
// checking the largest takes a few seconds whatever is in it. Markdown nested a
// hundred thousand times would take hours.
const (
	MaxBytes     = 1 << 20
	MaxQuestions = 1000
	maxSection   = 16 << 10 // bytes, some 5,000 Chinese characters
	maxMarks     = 1000     // of what Markdown pairs, in a section
)

var (
	headingLine = regexp.MustCompile(`^(#{2,3})[ \t]+(.*?)[ \t]*(?:[{｛]([^{}｛｝]*)[}｝][ \t]*)?$`)
	gluedLine   = regexp.MustCompile(`^(#{2,3})([^#\s].*\{#.*)$`)
	nestedLine  = regexp.MustCompile(`^(?:\s*(?:>|[-*+]|\d+[.)])\s*){20}`)
	headingLike = regexp.MustCompile(`^#{2,3}[ \t]|` + gluedLine.String())
)

// Read reads a file of questions without judging them: whatever has a place in
// the format is in the exchange, however unfit to be asked. The problems are what
// could not be understood, in Chinese, by line. Parse describes the format.
func Read(file string, src []byte) (Header, Exchange, fault.Problems) {
	r := &reader{file: file}
	head := NewHeader("")
	if len(src) > MaxBytes {
		r.errorf(0, "文件太大：最多 %d KiB，现在有 %d KiB；分成几个题库", MaxBytes>>10, len(src)>>10)
		return head, Exchange{}, r.problems
	}
	if !utf8.Valid(src) {
		r.errorf(0, "文件不是 UTF-8 编码：另存为 UTF-8 再试")
		return head, Exchange{}, r.problems
	}
	body, first, ps := markdown.FrontMatter(file, src, &head)
	r.problems = ps
	list := r.sections(body, first)
	if len(list) > MaxQuestions {
		r.errorf(list[MaxQuestions].line, "题目太多：一个文件最多 %d 道，现在有 %d 道；分成几个题库", MaxQuestions, len(list))
		list = nil
	}
	for _, s := range list {
		if s.bytes > maxSection {
			r.errorf(s.line, "这道题太长：最多大约 %d 个字", maxSection/utf8.RuneLen('题'))
			s.heading, s.lines = "", nil
		}
		if s.marks > maxMarks {
			r.errorf(s.line, "这道题的 * _ ~ [ 太多：最多 %d 个", maxMarks)
			s.heading, s.lines = "", nil
		}
		r.section(s)
	}
	r.x.Title = head.Title
	return head, r.x, capped(file, r.problems)
}

type reader struct {
	file     string
	problems fault.Problems
	x        Exchange
}

func (r *reader) errorf(line int, format string, args ...any) {
	r.problems.Add(r.file, line, format, args...)
}

// section is a heading with the lines below it.
type section struct {
	line       int
	bytes      int
	marks      int
	within     bool // a case
	heading    string
	attributes []string
	lines      []string
}

// isCase reports whether the section is the situation of a case.
func (s section) isCase() bool { return !s.within && slices.Contains(s.attributes, "type="+caseKind) }

// sections splits the body, whose first line is line first of the file.
func (r *reader) sections(body []byte, first int) []section {
	var list []section
	within := false
	for i, raw := range bytes.Split(body, []byte("\n")) {
		line, text := first+i, strings.TrimRight(string(raw), " \t\r")
		if nestedLine.MatchString(text) {
			r.errorf(line, "引用或列表套得太深")
			text = ""
		}
		if g := gluedLine.FindStringSubmatch(text); g != nil && (g[1] == "##" || within) {
			r.errorf(line, "“%s”的 # 后面要空一格", clip(text))
			text = g[1] + " " + g[2]
		}
		m := headingLine.FindStringSubmatch(text)
		switch {
		case m != nil && (m[1] == "##" || within):
			s := section{line: line, bytes: len(text), marks: marks(text), within: m[1] == "###", heading: m[2], attributes: strings.Fields(width.Fold.String(m[3]))}
			within = s.within || s.isCase()
			list = append(list, s)
		case len(list) > 0:
			last := &list[len(list)-1]
			last.lines = append(last.lines, text)
			last.bytes += len(text) + 1
			last.marks += marks(text)
		case text != "":
			r.errorf(line, "第一道题之前只能是空行；题目以“## 题干 {#题号}”开头")
		}
	}
	return list
}

// marks counts the characters that Markdown looks for a partner of.
func marks(text string) (n int) {
	for _, mark := range []string{"*", "_", "~", "["} {
		n += strings.Count(text, mark)
	}
	return n
}

// section reads one section into the exchange.
func (r *reader) section(s section) {
	if s.isCase() {
		r.situation(s)
		return
	}
	q := &question{reader: r, draft: Draft{Line: s.line, Difficulty: 1}}
	if s.within {
		q.draft.Case = r.x.Situations[len(r.x.Situations)-1].ID
	}
	for _, a := range s.attributes {
		q.attribute(a)
	}
	q.read(s)
	r.x.Questions = append(r.x.Questions, q.draft)
}

func (r *reader) situation(s section) {
	c := Situation{Line: s.line}
	text := passage{first: s.line, lines: []string{s.heading}}
	for _, a := range s.attributes {
		if strings.HasPrefix(a, "#") {
			c.ID = a[1:]
		} else if a != "type="+caseKind {
			r.errorf(s.line, "情境只写题号和 type=case，“%s”写到它的每道题上", a)
		}
	}
	for _, line := range s.lines {
		text.lines = append(text.lines, unescape(line, headingLike.MatchString))
	}
	c.Text = tidy(text.String())
	r.x.Situations = append(r.x.Situations, c)
}

// passage is consecutive lines of the file.
type passage struct {
	first int
	lines []string
}

func (p *passage) String() string { return strings.Join(p.lines, "\n") }

func (p *passage) add(line int, text string) {
	if len(p.lines) == 0 {
		p.first = line
	}
	if text != "" || len(p.lines) > 0 {
		p.lines = append(p.lines, text)
	}
}

// A line of a text that would be read as something else has a backslash in front;
// where there were backslashes already, one more. So every text can be written,
// and reading takes away exactly what writing has put there.

// escape writes a line that special may take for something else.
func escape(line string, special func(string) bool) string {
	if special(strings.TrimLeft(line, `\`)) {
		return `\` + line
	}
	return line
}

// unescape undoes escape.
func unescape(line string, special func(string) bool) string {
	if strings.HasPrefix(line, `\`) && special(strings.TrimLeft(line, `\`)) {
		return line[1:]
	}
	return line
}
