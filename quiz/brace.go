package quiz

import "regexp"

// gap is a blank in the stem of a fill question.
const gap = "{{}}"

// hasBlank reports whether there is a blank in a line.
func hasBlank(line string) bool {
	_, _, _, ok := cutBlank(line)
	return ok
}

// cutBlank finds the first blank, {{…}} on one line; of two openings the inner one
// counts. A backslash takes the meaning from the character behind it.
func cutBlank(text string) (before, inside, after string, ok bool) {
	open := -1
	for i := 0; i+1 < len(text); i++ {
		switch two := text[i : i+2]; {
		case text[i] == '\\':
			i++
		case text[i] == '\n':
			open = -1
		case two == "{{":
			open = i
		case two == "}}" && open >= 0:
			return text[:open], text[open+2 : i], text[i+2:], true
		}
	}
	return text, "", "", false
}

// splitBars splits at every bar without a backslash in front.
func splitBars(text string) []string {
	var list []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '|':
			list = append(list, text[start:i])
			start = i + 1
		}
	}
	return append(list, text[start:])
}

var escaped = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])")

// literal takes away the backslashes in front of punctuation.
func literal(text string) string { return escaped.ReplaceAllString(text, "$1") }
