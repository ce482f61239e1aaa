package moodle

import (
	"html"
	"regexp"
	"strings"
	"unicode"

	"qibu/internal/markdown"
	"qibu/quiz/richtext"
)

// The formats a text may be in, by their names in GIFT.
const (
	Markdown = "markdown"
	HTML     = "html"
	Plain    = "plain"
	Auto     = "moodle" // HTML whose line ends count
)

// Text is a text as a file has it.
type Text struct {
	Format, Text string
}

// Block is t in Markdown, and what it lost on the way.
func (t Text) Block() (text string, lost []string) {
	if t.Format == Markdown {
		return strings.TrimSpace(t.Text), nil
	}
	if t.bare() {
		return strings.Join(strings.Fields(t.Text), " "), nil
	}
	return richtext.Markdown(t.html())
}

// Line is t in Markdown on one line, and what it lost on the way.
func (t Text) Line() (text string, lost []string) {
	if t.Format == Markdown || t.bare() {
		return strings.Join(strings.Fields(t.Text), " "), nil
	}
	return richtext.Line(t.html())
}

// bare reports whether t is the same in every format: one line of words, as most are.
func (t Text) bare() bool {
	return !strings.ContainsFunc(strings.TrimSpace(t.Text), func(r rune) bool {
		return r == '\n' || r == '\u00a0' || r < unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r)) && !strings.ContainsRune(",:;/?%", r)
	})
}

func (t Text) html() string {
	text := strings.TrimSpace(t.Text)
	switch t.Format {
	case Plain:
		text = html.EscapeString(text)
	case Auto:
	default:
		return text
	}
	return strings.ReplaceAll(text, "\n", "<br>")
}

var tag = regexp.MustCompile(`<[^>]*>`)

// Words are the words of one line of Markdown, for the places of Moodle's
// questions that know no formats.
func Words(line string) string {
	return html.UnescapeString(tag.ReplaceAllString(markdown.Inline(line), ""))
}

// Literal is what an accepted text accepts besides Moodle's wildcard: \* is an
// asterisk. wild reports whether it has a wildcard.
func Literal(text string) (literal string, wild bool) {
	rest := strings.ReplaceAll(text, `\*`, "")
	return strings.ReplaceAll(text, `\*`, "*"), strings.Contains(rest, "*")
}

// Pattern is an accepted text as Moodle accepts it, and nothing else.
func Pattern(text string) string { return strings.ReplaceAll(text, "*", `\*`) }

const brief = 40 // characters of a text quoted in a note

// Brief is how a text begins.
func Brief(text string) string {
	line, _, more := strings.Cut(text, "\n")
	if runes := []rune(line); len(runes) > brief {
		line, more = string(runes[:brief]), true
	}
	if more {
		line += "……"
	}
	return line
}
