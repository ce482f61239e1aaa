package courses

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"qibu/internal/markdown"
)

// Index finds modules and paragraphs by words. It is built once per published
// content, never changes, and may be searched by many people at once.
//
// Chinese has no word breaks, so the index knows every pair of neighbouring
// characters, and Latin words and numbers whole. The rarest of a query's pairs
// gives the candidates; the text itself decides. Single characters are indexed
// for titles and headings alone: in body text they match nearly everything.
type Index struct {
	texts    []searchText
	postings map[string][]int32 // gram → texts it stands in, ascending
	units    []unit
}

// unit is what a hit points to: a module, or one section of it.
type unit struct {
	module  *Module
	heading markdown.Heading // zero: the module itself
	whole   int32            // the unit of the module itself, whose title counts for its sections
	body    string
}

// searchText is one text of a unit, folded for comparing.
type searchText struct {
	unit   int32
	weight int // of one term found in it
	folded string
}

// A term in a title counts more than any number of times in a heading, and that
// more than any number of times in the body.
const (
	titleWeight   = 1000
	headingWeight = 100
	bodyWeight    = 10
	maxTimes      = 9 // counted in one text

	maxQuery = 64 // characters of a query that are looked at
	maxTerms = 8
)

// Hit is one place found.
type Hit struct {
	Module  *Module
	Heading markdown.Heading // zero: the module itself
	Snippet string           // plain text around the words; escape it
	Score   int
}

// NewIndex indexes every module of the catalogue.
func NewIndex(c *Catalogue) *Index {
	x := &Index{postings: map[string][]int32{}}
	for _, course := range c.Courses {
		for _, m := range course.Modules {
			x.addModule(m)
		}
	}
	return x
}

func (x *Index) addModule(m *Module) {
	whole := int32(len(x.units))
	about := strings.Join(m.Objectives, "；")
	sections := m.Body.Sections
	if len(sections) > 0 && sections[0].Heading.ID == "" { // what stands before the first heading
		about += "\n" + sections[0].Text
		sections = sections[1:]
	}
	x.units = append(x.units, unit{module: m, whole: whole, body: norm.NFC.String(about)})
	x.addText(whole, titleWeight, m.Title+"\n"+m.TitleEN)
	x.addText(whole, bodyWeight, about)
	for _, s := range sections {
		u := int32(len(x.units))
		x.units = append(x.units, unit{module: m, heading: s.Heading, whole: whole, body: norm.NFC.String(s.Text)})
		x.addText(u, headingWeight, s.Heading.Text)
		x.addText(u, bodyWeight, s.Text)
	}
}

func (x *Index) addText(u int32, weight int, text string) {
	id := int32(len(x.texts))
	folded, _ := fold(text)
	x.texts = append(x.texts, searchText{unit: u, weight: weight, folded: folded})
	for g := range grams(folded, weight > bodyWeight) {
		if list := x.postings[g]; len(list) == 0 || list[len(list)-1] != id {
			x.postings[g] = append(list, id)
		}
	}
}

// Search returns the best places where every word of the query stands, at
// most limit. A word of several Chinese characters must stand as written. A
// section also counts words of its module's title, if one word is its own.
func (x *Index) Search(query string, limit int) []Hit {
	terms := termsOf(query)
	if len(terms) == 0 || limit <= 0 {
		return nil
	}
	found := make([]map[int32]int, len(terms))
	for i, term := range terms {
		found[i] = x.find(term)
	}
	var hits []int32
	scores := map[int32]int{}
	for u := range int32(len(x.units)) {
		if score := x.score(u, found); score > 0 {
			hits, scores[u] = append(hits, u), score
		}
	}
	slices.SortStableFunc(hits, func(a, b int32) int { return cmp.Compare(scores[b], scores[a]) })
	var best []Hit
	for _, u := range hits[:min(limit, len(hits))] {
		best = append(best, Hit{
			Module: x.units[u].module, Heading: x.units[u].heading,
			Snippet: snippet(x.units[u].body, terms), Score: scores[u],
		})
	}
	return best
}

// find returns the units in which a term stands, and what that is worth.
func (x *Index) find(term string) map[int32]int {
	needles := slices.Collect(grams(term, false))
	if needles == nil {
		needles = []string{term} // a single Chinese character
	}
	candidates := x.postings[needles[0]]
	for _, g := range needles[1:] {
		if list := x.postings[g]; len(list) < len(candidates) {
			candidates = list
		}
	}
	units := map[int32]int{}
	for _, id := range candidates {
		t := &x.texts[id]
		if times := strings.Count(t.folded, term); times > 0 {
			units[t.unit] += t.weight * min(times, maxTimes)
		}
	}
	return units
}

// score adds up what the terms are worth in a unit; 0 when one is missing.
func (x *Index) score(u int32, found []map[int32]int) int {
	total := 0
	for _, units := range found {
		if units[u] == 0 && units[x.units[u].whole] < titleWeight {
			return 0
		}
		total += units[u]
	}
	return total
}

// termsOf splits a query at everything that is not a letter or a digit. Only
// the beginning of a long query counts, so that no query is expensive.
func termsOf(query string) []string {
	end, n := len(query), 0
	for i := range query {
		if n++; n > maxQuery {
			end = i
			break
		}
	}
	folded, _ := fold(query[:end])
	var terms []string
	for _, term := range strings.FieldsFunc(folded, func(r rune) bool { return !wordRune(r) }) {
		if len(terms) < maxTerms && !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
	}
	return terms
}

// fold makes texts comparable: full-width and half-width forms alike, capitals
// small. offsets has, for every byte of folded, where in the text its character
// starts; the text must be in NFC for that, and is if it came from an index.
func fold(text string) (folded string, offsets []int) {
	text = norm.NFC.String(text)
	b := make([]byte, 0, len(text))
	offsets = make([]int, 0, len(text))
	for at, r := range text {
		if norm.NFKC.PropertiesString(text[at:]).Decomposition() == nil { // nearly all are themselves
			b = utf8.AppendRune(b, unicode.ToLower(r))
		} else {
			for _, c := range norm.NFKC.String(string(r)) {
				b = utf8.AppendRune(b, unicode.ToLower(c))
			}
		}
		for len(offsets) < len(b) {
			offsets = append(offsets, at)
		}
	}
	return string(b), offsets
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func wordless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// grams yields what a folded text is indexed by: Latin words and numbers whole,
// pairs of neighbouring characters of scripts without word breaks and, with
// singles, those characters themselves.
func grams(folded string, singles bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		var before rune
		beforeAt, wordAt := 0, -1
		for at, r := range folded + " " { // the space ends the last word
			if isWord := wordRune(r) && !wordless(r); isWord && wordAt < 0 {
				wordAt = at
			} else if !isWord && wordAt >= 0 {
				if !yield(folded[wordAt:at]) {
					return
				}
				wordAt = -1
			}
			if wordless(r) {
				end := at + utf8.RuneLen(r)
				if wordless(before) && !yield(folded[beforeAt:end]) || singles && !yield(folded[at:end]) {
					return
				}
			}
			before, beforeAt = r, at
		}
	}
}

// A snippet shows what stands around the first word found.
const snippetBefore, snippetLength = 16, 64 // characters

func snippet(body string, terms []string) string {
	folded, offsets := fold(body)
	first := len(folded)
	for _, term := range terms {
		if i := strings.Index(folded, term); i >= 0 {
			first = min(first, i)
		}
	}
	start := 0
	if first < len(folded) {
		start = max(0, utf8.RuneCountInString(body[:offsets[first]])-snippetBefore)
	}
	runes := []rune(body)
	end := min(start+snippetLength, len(runes))
	text := strings.Join(strings.Fields(string(runes[start:end])), " ")
	if start > 0 {
		text = "…" + text
	}
	if end < len(runes) {
		text += "…"
	}
	return text
}
