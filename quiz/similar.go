package quiz

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// twinShare is from how many percent on two questions count as the same one. In
// the banks that ship no two questions come to 20; a question with one clause
// reworded stays above 75.
const twinShare = 65

// Twin says how alike two texts are.
type Twin struct {
	A, B    int // indices into the texts, A < B
	Percent int // of their pairs of neighbouring characters that both have
}

// Similar finds the pairs of texts that are alike by at least percent, in order.
// Two texts are as alike as the sets of their neighbouring letters, digits and
// Chinese characters (2-shingles): those in both ÷ those in either, the Jaccard
// index. Punctuation, spaces, case and width do not count.
//
// The work is bounded by comparing only texts that can reach the share: of two
// sets alike by t, each has one of the other's among its rarest n − ⌈t·n⌉ + 1
// (prefix filtering; Chaudhuri et al., A Primitive Operator for Similarity Joins,
// 2006).
func Similar(texts []string, percent int) []Twin {
	sets := byRarity(texts)
	holders := map[string][]int{} // of a shingle among a text's rarest
	var twins []Twin
	for b, set := range sets {
		met := map[int]bool{}
		prefix := len(set) - (len(set)*percent+99)/100 + 1
		for _, s := range set[:min(prefix, len(set))] {
			for _, a := range holders[s] {
				met[a] = true
			}
			holders[s] = append(holders[s], b)
		}
		for _, a := range slices.Sorted(maps.Keys(met)) {
			if p := shared(sets[a], set); p >= percent {
				twins = append(twins, Twin{a, b, p})
			}
		}
	}
	return twins
}

// byRarity is the shingles of every text, those that few texts have first.
func byRarity(texts []string) [][]string {
	sets, count := make([][]string, len(texts)), map[string]int{}
	for i, text := range texts {
		sets[i] = shingles(text)
		for _, s := range sets[i] {
			count[s]++
		}
	}
	for _, set := range sets {
		slices.SortFunc(set, func(a, b string) int {
			return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(a, b))
		})
	}
	return sets
}

// shingles is the set of pairs of neighbouring characters of a text.
func shingles(text string) []string {
	letters := []rune(strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, width.Fold.String(text))))
	set := map[string]bool{}
	for i := range len(letters) - 1 {
		set[string(letters[i:i+2])] = true
	}
	return slices.Collect(maps.Keys(set))
}

// shared is the percentage of the members of either set that both have.
func shared(a, b []string) int {
	in := make(map[string]bool, len(a))
	for _, s := range a {
		in[s] = true
	}
	both := 0
	for _, s := range b {
		if in[s] {
			both++
		}
	}
	return both * 100 / max(1, len(a)+len(b)-both)
}

// Duplicates finds the questions that ask what another one asks already, in the
// same bank or in others, which are given by their titles.
func Duplicates(x Exchange, others map[string]Exchange) []Finding {
	texts, where := asked(x), slices.Repeat([]string{""}, len(x.Questions))
	drafts := slices.Clone(x.Questions)
	for _, title := range slices.Sorted(maps.Keys(others)) {
		o := others[title]
		texts = append(texts, asked(o)...)
		drafts = append(drafts, o.Questions...)
		where = append(where, slices.Repeat([]string{title}, len(o.Questions))...)
	}
	l := &linter{}
	for _, t := range Similar(texts, twinShare) {
		a, b := drafts[t.A], drafts[t.B]
		switch {
		case t.B < len(x.Questions):
			judge{l, b}.find(Doubted, "twin", b.Line, "和第 %d 行的题“%s”几乎一样（%d%%）", a.Line, clip(a.ID), t.Percent)
		case t.A < len(x.Questions):
			judge{l, a}.find(Doubted, "twin", a.Line, "和“%s”里的题“%s”几乎一样（%d%%）", where[t.B], clip(b.ID), t.Percent)
		}
	}
	return l.findings
}

// asked is what each question says: stem and answers.
func asked(x Exchange) []string {
	texts := make([]string, len(x.Questions))
	for i, d := range x.Questions {
		parts := []string{d.Stem}
		for _, o := range d.Options {
			parts = append(parts, o.Text)
		}
		for _, p := range d.Pairs {
			parts = append(parts, p.Left, p.Right)
		}
		texts[i] = strings.Join(parts, "\n")
	}
	return texts
}
