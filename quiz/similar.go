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
	holders := map[int][]int{} // of a shingle among a text's rarest
	met := make([]int, len(texts))
	var twins []Twin
	for b, set := range sets {
		prefix := len(set) - (len(set)*percent+99)/100 + 1
		for _, s := range set[:min(prefix, len(set))] {
			for _, a := range holders[s] {
				if met[a] != b { // b is never 0 here: the first text meets nobody
					met[a] = b
					twins = append(twins, twin(sets, a, b, percent)...)
				}
			}
			holders[s] = append(holders[s], b)
		}
	}
	slices.SortFunc(twins, func(s, t Twin) int { return cmp.Or(s.B-t.B, s.A-t.A) })
	return twins
}

// twin is a and b, if they are alike enough.
func twin(sets [][]int, a, b, percent int) []Twin {
	if p := shared(sets[a], sets[b]); p >= percent {
		return []Twin{{a, b, p}}
	}
	return nil
}

// byRarity is the shingles of every text by their rank: those that few texts have
// come first.
func byRarity(texts []string) [][]int {
	sets, count := make([][]string, len(texts)), map[string]int{}
	for i, text := range texts {
		sets[i] = shingles(text)
		for _, s := range sets[i] {
			count[s]++
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(s, t string) int {
		return cmp.Or(cmp.Compare(count[s], count[t]), cmp.Compare(s, t))
	})
	for rank, s := range all {
		count[s] = rank
	}
	ranks := make([][]int, len(texts))
	for i, set := range sets {
		for _, s := range set {
			ranks[i] = append(ranks[i], count[s])
		}
		slices.Sort(ranks[i])
	}
	return ranks
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

// shared is the percentage of the members of either set that both have. The sets
// are sorted.
func shared(a, b []int) int {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			both++
			i++
			j++
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
