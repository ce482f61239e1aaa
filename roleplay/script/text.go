package script

import (
	"strings"
	"unicode"
)

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

var arrows = strings.NewReplacer("->", "→", "－>", "→", "-＞", "→", "－＞", "→")

// line is one line of the file: its number, whether it is indented, and its
// text without surrounding space, as typed and folded.
type line struct {
	number       int
	indented     bool
	text, folded []rune
}

func split(src string) []line {
	src = strings.TrimPrefix(src, "\ufeff")
	var lines []line
	for i, s := range strings.Split(src, "\n") {
		body := strings.TrimSpace(arrows.Replace(s))
		lines = append(lines, line{
			number:   i + 1,
			indented: body != "" && strings.TrimLeftFunc(s, unicode.IsSpace) != s,
			text:     []rune(body),
			folded:   []rune(fold(body)),
		})
	}
	return lines
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

func (l line) empty() bool { return len(l.text) == 0 }

func (l line) starts(prefix string) bool { return strings.HasPrefix(string(l.folded), prefix) }

func (l line) String() string { return string(l.text) }

// key is the form in which names are compared.
func (l line) key() string { return string(l.folded) }

// list splits at any of the separators outside brackets; empty parts are dropped.
func (l line) list(separators string) []line {
	var parts []line
	depth, begin := 0, 0
	for i, r := range l.folded {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case depth == 0 && strings.ContainsRune(separators, r):
			parts = append(parts, l.cut(begin, i))
			begin = i + 1
		}
	}
	parts = append(parts, l.from(begin))
	kept := parts[:0]
	for _, p := range parts {
		if !p.empty() {
			kept = append(kept, p)
		}
	}
	return kept
}

// labelled splits 名（说明） into the name and what stands in the final brackets.
func (l line) labelled() (name, label line) {
	open := l.index("(")
	if open < 0 || l.folded[len(l.folded)-1] != ')' {
		return l, line{number: l.number}
	}
	return l.to(open), l.cut(open+1, len(l.text)-1)
}
