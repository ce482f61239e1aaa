package xlsx

import "strings"

// risky are the characters that make a spreadsheet take a text for a formula.
const risky = "=+-@\t\r"

// guard writes a text so that no spreadsheet computes it: with an apostrophe
// before it, as one would type. A figure such as -2.5 needs none.
func guard(text string) string {
	if needsGuard(text) && !figureText.MatchString(text) {
		return "'" + text
	}
	return text
}

// unguard is what a guarded text was.
func unguard(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && needsGuard(rest) {
		return rest
	}
	return cell
}

// needsGuard also holds for a text that looks guarded already, so that unguard
// gives back what guard was given.
func needsGuard(text string) bool {
	rest := strings.TrimLeft(text, "'")
	return rest != "" && strings.ContainsRune(risky, rune(rest[0]))
}
