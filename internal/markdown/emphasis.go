package markdown

import (
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/width"
)

// emphasisParser reads *, _ and ~ by a rule that suits Chinese.
//
// CommonMark decides whether a run of asterisks opens or closes by the spaces
// and punctuation around it, and Chinese puts no spaces around its
// punctuation: **注意：**请勿 stays literal there. We follow the CJK-friendly
// amendment (commonmark-spec issue 650): Chinese punctuation counts as a
// letter, and a Chinese neighbour counts as a space would.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte{'*', '_', '~'} }

func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	n := 1
	for n < len(line) && line[n] == line[0] {
		n++
	}
	// A single ~ is how Chinese writes a range, 3~5 天, never a deletion.
	if line[0] == '~' && (n != 2 || before == '~') {
		return nil
	}
	after := ' '
	if n < len(line) {
		after = util.ToRune(line, n)
	}
	opens, closes := flanks(line[0], before, after)
	d := parser.NewDelimiter(opens, closes, n, line[0], delimiter(line[0]))
	d.Segment = segment.WithStop(segment.Start + n)
	block.Advance(n)
	pc.PushDelimiter(d)
	return d
}

// flanks reports whether a run of mark between two characters may open and
// may close emphasis.
func flanks(mark byte, before, after rune) (opens, closes bool) {
	left := !util.IsSpaceRune(after) && (!latinPunct(after) || breaks(before))
	right := !util.IsSpaceRune(before) && (!latinPunct(before) || breaks(after))
	if mark == '_' { // never inside a word: file_name_old
		return left && (!right || util.IsPunctRune(before)), right && (!left || util.IsPunctRune(after))
	}
	return left, right
}

// breaks reports whether r separates words: a space, punctuation or a Chinese character.
func breaks(r rune) bool { return util.IsSpaceRune(r) || util.IsPunctRune(r) || chinese(r) }

func latinPunct(r rune) bool { return util.IsPunctRune(r) && !chinese(r) }

// chinese reports whether r is a Chinese, Japanese or Korean character or
// punctuation mark. The quotation marks, the dash and the ellipsis are shared
// with Latin text in Unicode; in this product they are Chinese.
func chinese(r rune) bool {
	switch r {
	case '“', '”', '‘', '’', '—', '…', '·':
		return true
	}
	if r >= 0x1F000 && r < 0x20000 { // emoji are wide but not Chinese
		return false
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return true
	}
	return false
}

// delimiter pairs runs of its own character.
type delimiter byte

func (d delimiter) IsDelimiter(b byte) bool { return b == byte(d) }

func (d delimiter) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (d delimiter) OnMatch(consumes int) ast.Node {
	if d == '~' {
		return extast.NewStrikethrough()
	}
	return ast.NewEmphasis(consumes)
}
