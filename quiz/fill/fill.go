// Package fill reads what a person wrote into a blank the way a fair examiner
// would: the form of the writing is not what is asked. Fold brings two spellings
// of the same words together, Value two spellings of the same number.
//
// It decides with tables and exact fractions only, so the same text reads the
// same for ever.
package fill

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns what of text counts when two texts are compared:
//
//   - full and half width are one, and so are the other forms that Unicode calls
//     compatible (NFKC): Ａ is A, ㈱ is (株), ① is 1;
//   - letters count without their case;
//   - traditional characters are read as simplified ones. Where one simplified
//     character stands for several traditional ones, they all become equal: 後
//     and 后, 裡 and 里, 乾 and 幹 and 干, 髮 and 發. A few that stay in simplified
//     writing in one meaning only are joined as well: 著 is read as 着, 瞭 as 了,
//     藉 as 借, 覆 as 复, 祇 and 衹 as 只, 妳 as 你. Nothing is shown folded, so
//     著名 becoming 着名 harms nobody;
//   - spaces, line breaks and invisible characters do not count;
//   - punctuation does not count, but for what makes a figure: %, ‰ and, just
//     before a digit, the point, the minus, the stroke and the colon, so that
//     0.38, -5, 1/24 and 8:30 stay what they are. A comma between digits goes:
//     1,000 is 1000.
//
// Fold of a folded text is that text.
func Fold(text string) string {
	text = norm.NFKC.String(strings.ToLower(norm.NFKC.String(text)))
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		if r = plain(r); counts(r, text[i:]) {
			b.WriteRune(r)
		}
	}
	return norm.NFKC.String(b.String())
}

// Tidy returns text for a comparison to the letter: only the width of its
// characters and the spaces around and between words do not count.
func Tidy(text string) string {
	return strings.Join(strings.Fields(norm.NFKC.String(text)), " ")
}

// counts reports whether r, with which rest begins, is part of what is compared.
func counts(r rune, rest string) bool {
	switch {
	case r == '%' || r == '‰':
		return true
	case strings.ContainsRune(".-/:", r):
		next, _ := utf8.DecodeRuneInString(rest[utf8.RuneLen(first(rest)):])
		return unicode.IsDigit(next)
	}
	return unicode.In(r, unicode.Letter, unicode.Number, unicode.Mark, unicode.Symbol)
}

func first(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

// plain returns the character that stands for r and its variants.
func plain(r rune) rune {
	switch {
	case r == '−' || unicode.Is(unicode.Pd, r):
		return '-'
	case r < utf8.RuneSelf:
		return r
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	return r
}

//go:embed simplified.txt
var table string

// joined are the pairs that the table leaves apart; see Fold.
const joined = "着著\n了瞭\n借藉\n复覆\n只祇衹\n你妳\n"

// simplified maps traditional characters to simplified ones.
var simplified = func() map[rune]rune {
	m := map[rune]rune{}
	for line := range strings.Lines(table + joined) {
		to := first(line)
		for _, from := range strings.TrimSpace(line)[utf8.RuneLen(to):] {
			m[from] = to
		}
	}
	return m
}()
