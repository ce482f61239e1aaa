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
func Similar(texts []string, percent int) (twins []Twin) {
	sets := make([][]string, len(texts))
	for i, text := range texts {
		sets[i] = shingles(text)
	}
	ranks, met := rank(sets), newIndex(percent)
	for _, set := range sets {
		ranked := ranks.of(set)
		twins = append(twins, met.alike(ranked)...)
		met.add(ranked)
	}
	return twins
}

// ranking numbers shingles: those that few texts have come first.
type ranking map[string]int

func rank(sets [][]string) ranking {
	count := ranking{}
	for _, set := range sets {
		for _, s := range set {
			count[s]++
		}
	}
	all := slices.SortedFunc(maps.Keys(count), func(s, t string) int {
		return cmp.Or(cmp.Compare(count[s], count[t]), cmp.Compare(s, t))
	})
	for n, s := range all {
		count[s] = n
	}
	return count
}

// of is a set by rank. What has none, no ranked text has: it is rarest of all.
func (r ranking) of(set []string) []int {
	ranks := make([]int, len(set))
	for i, s := range set {
		n, ok := r[s]
		if !ok {
			n = -1 - i
		}
		ranks[i] = n
	}
	slices.Sort(ranks)
	return ranks
}

// index finds texts by the rarest of their shingles, given by rank.
type index struct {
	percent int // that what is found has to share
	sets    [][]int
	holders map[int][]int // of a shingle among a text's rarest
}

func newIndex(percent int) *index { return &index{percent: percent, holders: map[int][]int{}} }

func (x *index) add(set []int) {
	for _, s := range x.rarest(set) {
		x.holders[s] = append(x.holders[s], len(x.sets))
	}
	x.sets = append(x.sets, set)
}

// rarest are the members of a set of which everything alike has one at least among
// its own rarest.
func (x *index) rarest(set []int) []int {
	n := len(set)
	return set[:min(n, n-(n*x.percent+99)/100+1)]
}

// alike finds the texts that are like one that would be added next, in order.
func (x *index) alike(set []int) (twins []Twin) {
	met := make([]bool, len(x.sets))
	for _, s := range x.rarest(set) {
		for _, a := range x.holders[s] {
			if !met[a] {
				met[a] = true
				twins = append(twins, x.twin(a, set)...)
			}
		}
	}
	slices.SortFunc(twins, func(s, t Twin) int { return s.A - t.A })
	return twins
}

// twin is text a and the set, if they are alike enough.
func (x *index) twin(a int, set []int) []Twin {
	if p := shared(x.sets[a], set); p >= x.percent {
		return []Twin{{a, len(x.sets), p}}
	}
	return nil
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

// checkTwins finds the questions of a bank that ask what an earlier one asks.
func (l *linter) checkTwins(x Exchange) {
	for _, t := range Similar(asked(x), twinShare) {
		a, b := x.Questions[t.A], x.Questions[t.B]
		judge{l, b}.find(Doubted, "twin", b.Line, "和第 %d 行的题“%s”几乎一样（%d%%）", a.Line, clip(a.ID), t.Percent)
	}
}

// Asked is what the questions of some banks ask, kept ready to be compared with.
// It never changes.
type Asked struct {
	ranks ranking
	index *index
	from  []askedIn // of each text of the index
}

// askedIn is where a question is asked.
type askedIn struct{ slug, title, id string }

// NewAsked gathers what banks ask, by their slugs.
func NewAsked(banks map[string]Exchange) *Asked {
	a := &Asked{index: newIndex(twinShare)}
	var sets [][]string
	for _, slug := range slices.Sorted(maps.Keys(banks)) {
		x := banks[slug]
		for i, text := range asked(x) {
			sets = append(sets, shingles(text))
			a.from = append(a.from, askedIn{slug, x.Title, x.Questions[i].ID})
		}
	}
	a.ranks = rank(sets)
	for _, set := range sets {
		a.index.add(a.ranks.of(set))
	}
	return a
}

// Duplicates finds the questions of a bank that ask what one of another bank asks
// already. What is kept under its own slug is an earlier edition of it.
func (a *Asked) Duplicates(slug string, x Exchange) []Finding {
	l := &linter{}
	for i, text := range asked(x) {
		for _, t := range a.index.alike(a.ranks.of(shingles(text))) {
			if from, d := a.from[t.A], x.Questions[i]; from.slug != slug {
				judge{l, d}.find(Doubted, "twin", d.Line, "和“%s”里的题“%s”几乎一样（%d%%）", from.title, clip(from.id), t.Percent)
			}
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
