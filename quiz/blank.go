package quiz

import (
	"strings"
	"unicode/utf8"

	"qibu/quiz/fill"
	"qibu/quiz/sheet"
)

// maxEntry is the most characters that may be written into one blank.
const maxEntry = 100

// legible reports a text that cannot be an answer: too long, or not text.
func legible(text string, most int) error {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return misfit("not a text")
	}
	if n := utf8.RuneCountInString(strings.ReplaceAll(text, "\r\n", "\n")); n > most {
		return misfit("%d characters, %d allowed", n, most)
	}
	return nil
}

// readBlanks reads one entry a blank.
func readBlanks(q *Question, _ Slot, a sheet.Answer) (given, error) {
	if len(a) != len(q.Blanks) {
		return given{}, misfit("%d entries for %d blanks", len(a), len(q.Blanks))
	}
	for _, text := range a {
		if err := legible(text, maxEntry); err != nil {
			return given{}, err
		}
	}
	return given{texts: a}, nil
}

// earnBlanks credits points × the mean of what the blanks are worth, rounded
// down: every blank has an equal share, as the gaps of Moodle's cloze question
// have unless its author weighs them, and of the texts that fit a blank the best
// counts.
func earnBlanks(q *Question, g given) int {
	sum := 0
	for i, text := range g.texts {
		sum += q.fitting(q.Blanks[i], text).Percent
	}
	return q.Points * sum / (100 * len(q.Blanks))
}

// fitting returns the best of the texts a blank accepts that text is equal to,
// none when it is equal to none.
func (q *Question) fitting(b Blank, text string) (best Accepted) {
	best.Percent = -1
	for _, a := range b.Accept {
		if a.Percent > best.Percent && q.same(a.Text, text) {
			best = a
		}
	}
	best.Percent = max(best.Percent, 0)
	return best
}

// same compares two texts as the question says: by the number they are, to the
// letter, or by what fill.Fold leaves of them.
func (q *Question) same(want, text string) bool {
	if q.ByValue {
		if w, ok := fill.Value(want); ok {
			v, ok := fill.Value(text)
			return ok && v.Cmp(w) == 0
		}
	}
	if w := fill.Fold(want); !q.Exact && w != "" {
		return fill.Fold(text) == w
	}
	return fill.Tidy(text) == fill.Tidy(want)
}

// reviewBlanks lists what was written into each blank.
func reviewBlanks(q *Question, _ Slot, g given, r *sheet.Reviewed) {
	for i, b := range q.Blanks {
		var e sheet.ReviewedEntry
		if !g.empty() {
			fit := q.fitting(b, g.texts[i])
			e = sheet.ReviewedEntry{Given: g.texts[i], Right: fit.Percent == 100, Why: fit.Why}
		}
		for _, a := range b.Accept {
			if a.Percent == 100 {
				e.Accept = append(e.Accept, a.Text)
			}
		}
		r.Entries = append(r.Entries, e)
	}
}
