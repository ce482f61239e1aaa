package quiz

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// gap is a blank in the stem of a fill question.
const gap = "{{}}"

// hasBlank reports whether there is a blank in a line.
func hasBlank(line string) bool {
	_, _, _, ok := cutBlank(line)
	return ok
}

// cutBlank finds the first blank, {{…}} on one line in half or full width; of two
// openings the inner one counts. A backslash takes the meaning from the character
// behind it.
func cutBlank(text string) (before, inside, after string, ok bool) {
	open, start := -1, 0
	for i := 0; i < len(text); i++ {
		switch rest := text[i:]; {
		case text[i] == '\\':
			i++
		case text[i] == '\n':
			open = -1
		case pairLength(rest, "{{", "｛｛") > 0:
			open, start = i, i+pairLength(rest, "{{", "｛｛")
		case open >= 0 && pairLength(rest, "}}", "｝｝") > 0:
			return text[:open], text[start:i], rest[pairLength(rest, "}}", "｝｝"):], true
		}
	}
	return text, "", "", false
}

// pairLength is how long what text begins with is, if it is one of two spellings.
func pairLength(text, half, full string) int {
	switch {
	case strings.HasPrefix(text, half):
		return len(half)
	case strings.HasPrefix(text, full):
		return len(full)
	}
	return 0
}

// splitBars splits at every bar, in half or full width, without a backslash in
// front.
func splitBars(text string) []string {
	var list []string
	start, plain := 0, false
	for i, r := range text {
		switch {
		case plain:
			plain = false
		case r == '\\':
			plain = true
		case r == '|' || r == '｜':
			list = append(list, text[start:i])
			start = i + utf8.RuneLen(r)
		}
	}
	return append(list, text[start:])
}

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~｛｜｝［])")

// literal takes away the backslashes in front of punctuation.
func literal(text string) string { return escaped.ReplaceAllString(text, "$1") }
