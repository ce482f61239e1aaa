package script

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// decode refuses what is not a text of bearable size, and breaks it into lines.
func (p *parser) decode(src []byte) (lines []string, ok bool) {
	if len(src) > MaxBytes {
		p.fail(0, "文件太大：剧本最多%dKB", MaxBytes>>10)
		return nil, false
	}
	lines = breakLines(src)
	for i, s := range lines {
		if !utf8.ValidString(s) {
			p.fail(i+1, "文件不是UTF-8编码，从这一行起读不出来：请另存为UTF-8")
			return nil, false
		}
	}
	return lines, true
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// breakLines accepts the line ends of every system and a byte order mark.
func breakLines(src []byte) []string {
	return strings.Split(lineEnds.Replace(strings.TrimPrefix(string(src), "\ufeff")), "\n")
}

// line is one line of the file or a part of it: its number, whether the line is
// indented, and its text without surrounding space, as typed and folded.
type line struct {
	number       int
	indented     bool
	text, folded []rune
}

var arrows = strings.NewReplacer("->", "→", "－>", "→", "-＞", "→", "－＞", "→")

func (p *parser) split(text []string) []line {
	lines := make([]line, len(text))
	for i, s := range text {
		s = strings.Map(p.visible(i+1), s)
		body := strings.TrimSpace(arrows.Replace(s))
		lines[i] = line{
			number:   i + 1,
			indented: body != "" && strings.TrimLeftFunc(s, unicode.IsSpace) != s,
			text:     []rune(body),
			folded:   []rune(fold(body)),
		}
	}
	return lines
}

// visible drops what cannot be seen and would only keep names from matching.
// Characters for printing, as the zero-width space, go without a word; control
// characters are a problem, one a line.
func (p *parser) visible(number int) func(rune) rune {
	reported := false
	return func(r rune) rune {
		switch {
		case r < unicode.MaxASCII && r >= ' ' || unicode.IsSpace(r):
			return r
		case unicode.IsControl(r):
			if !reported {
				p.fail(number, "有看不见的控制字符%U，请删掉", r)
			}
			reported = true
			return -1
		case unicode.Is(unicode.Cf, r) && r != joiner:
			return -1
		}
		return r
	}
}

// joiner holds the parts of an emoji together.
const joiner = '\u200d'

// fold makes full-width punctuation, digits and letters equal to ASCII. It
// replaces rune by rune, so an index into the folded runes is an index into
// the original ones and spoken text keeps the punctuation its author typed.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '【':
			return '['
		case r == '】':
			return ']'
		case r == '、':
			return ','
		case r == '−' || r == '–' || r == '—':
			return '-'
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
}

// from cuts off the first n runes and the space around what is left.
func (l line) from(n int) line { return l.cut(n, len(l.text)) }

// to keeps the first n runes.
func (l line) to(n int) line { return l.cut(0, n) }

func (l line) cut(a, b int) line {
	for a < b && l.folded[a] == ' ' {
		a++
	}
	for b > a && l.folded[b-1] == ' ' {
		b--
	}
	l.text, l.folded = l.text[a:b], l.folded[a:b]
	return l
}

// index finds the first of the runes in chars, -1 if there is none.
func (l line) index(chars string) int {
	for i, r := range l.folded {
		if strings.ContainsRune(chars, r) {
			return i
		}
	}
	return -1
}

// at splits before the first of the runes in chars; without one rest is empty.
func (l line) at(chars string) (before, rest line) {
	i := l.index(chars)
	if i < 0 {
		i = len(l.text)
	}
	return l.to(i), l.from(i)
}

func (l line) empty() bool { return len(l.text) == 0 }

func (l line) starts(prefix string) bool {
	i := 0
	for _, r := range prefix {
		if i == len(l.folded) || l.folded[i] != r {
			return false
		}
		i++
	}
	return true
}

func (l line) String() string { return string(l.text) }

// key is the form in which names are compared.
func (l line) key() string { return string(l.folded) }

// list splits at any of the separators outside brackets; empty parts are dropped.
func (l line) list(separators string) []line {
	var parts []line
	depth, begin := 0, 0
	part := func(end int) {
		if x := l.cut(begin, end); !x.empty() {
			parts = append(parts, x)
		}
		begin = end + 1
	}
	for i, r := range l.folded {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(0, depth-1)
		case depth == 0 && strings.ContainsRune(separators, r):
			part(i)
		}
	}
	part(len(l.text))
	return parts
}

// labelled splits 名（说明） into the name and what stands in the final brackets.
func (l line) labelled() (name, label line) {
	open := l.index("(")
	if open < 0 || l.folded[len(l.folded)-1] != ')' {
		return l, line{number: l.number}
	}
	return l.to(open), l.cut(open+1, len(l.text)-1)
}

// bracketed takes the brackets a line begins with off it, and what is in them.
func (l line) bracketed() (inside, rest line, ok bool) {
	open, end := l.folded[0], ')'
	if open == '[' {
		end = ']'
	}
	depth := 0
	for i, r := range l.folded {
		switch r {
		case open:
			depth++
		case end:
			if depth--; depth == 0 {
				return l.cut(1, i), l.from(i + 1), true
			}
		}
	}
	return l.from(1), l.from(len(l.text)), false
}

// assignment splits 名=值.
func (l line) assignment() (name, value line, ok bool) {
	i := l.index("=")
	if i < 0 {
		return l, line{number: l.number}, false
	}
	return l.to(i), l.from(i + 1), true
}
