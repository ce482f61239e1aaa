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

func (p *parser) split(text []string) []line {
	lines := make([]line, len(text))
	for i, s := range text {
		lines[i] = p.scan(i+1, s)
	}
	return lines
}

// scan reads one line. `->` becomes one rune, as if → had been typed. What
// cannot be seen and would only keep names from matching is left out:
// characters for printing, as the zero-width space, without a word; a control
// character is a problem.
func (p *parser) scan(number int, s string) line {
	runes := make([]rune, 0, 2*utf8.RuneCountInString(s))
	l := line{number: number, text: runes[: 0 : cap(runes)/2], folded: runes[cap(runes)/2 : cap(runes)/2]}
	unseen := rune(-1)
	for _, r := range s {
		f, n := fold(r), len(l.folded)
		switch {
		case f == '>' && n > 0 && l.folded[n-1] == '-':
			l.text[n-1], l.folded[n-1] = '→', '→'
			continue
		case r >= '一' && r <= '龥': // most of what is written, so it is asked first
		case unicode.IsControl(r) && f != ' ':
			unseen = r
			continue
		case unicode.Is(unicode.Cf, r) && r != joiner:
			continue
		}
		l.text, l.folded = append(l.text, r), append(l.folded, f)
	}
	if unseen >= 0 {
		p.fail(number, "有看不见的控制字符%U，请删掉", unseen)
	}
	indented := len(l.folded) > 0 && l.folded[0] == ' '
	l = l.from(0)
	l.indented = indented && !l.empty()
	return l
}

// joiner holds the parts of an emoji together.
const joiner = '\u200d'

// fold makes full-width punctuation, digits and letters equal to ASCII. It
// replaces rune by rune, so an index into the folded runes is an index into
// the original ones and spoken text keeps the punctuation its author typed.
func fold(r rune) rune {
	switch {
	case r >= '一' && r <= '龥':
		return r
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '【':
		return '['
	case r == '】':
		return ']'
	case r == '、':
		return ','
	case r == '−' || r == '–' || r == '—':
		return '-'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
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

// after takes `词：` off the start of a line.
func (l line) after(word string) (rest line, ok bool) {
	before, rest := l.at(":")
	if rest.empty() || before.key() != word {
		return l, false
	}
	return rest.from(1), true
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
