package qti

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// gap is a blank in the stem of a fill question.
const gap = "{{}}"

// blanks reads text entries and lists to choose from that stand in a text.
func (it *item) blanks(asked []*node) string {
	d := &it.draft
	d.Kind = sheet.Fill
	for i, n := range asked {
		b, problem := it.blank(n, i)
		if problem != "" {
			return fmt.Sprintf("第 %d 个空%s", i+1, problem)
		}
		d.Blanks = append(d.Blanks, b)
	}
	return it.gaps(func(n *node) bool { return slices.Contains(asked, n) })
}

// gaps takes the stem with a gap in the place of each element that asks.
func (it *item) gaps(asks func(*node) bool) string {
	d := &it.draft
	d.Stem = it.stem(func(n *node) (string, bool) {
		if !asks(n) {
			return "", false
		}
		return gapMark, true
	})
	d.Stem = strings.ReplaceAll(d.Stem, gap, `{\{}}`)
	d.Stem = strings.ReplaceAll(d.Stem, gapMark, gap)
	if strings.Count(d.Stem, gap) != len(d.Blanks) {
		return "空的位置读不出来"
	}
	return ""
}

// loneGap is a gap in a paragraph of its own: a place to write, no part of the text.
var loneGap = regexp.MustCompile(`(?:^|\n+)` + gapMark + `(?:$|\n)`)

// gapMark stands for a gap while the text around it is turned into Markdown. It
// is for private use in Unicode.
const gapMark = "\ue000"

func (it *item) blank(n *node, i int) (b quiz.Blank, problem string) {
	id := n.attr["responseidentifier"]
	r := it.responses[id]
	words := func(key string) string { return key }
	if n.name == "inlinechoiceinteraction" {
		it.noteOnce("下拉选择改成了填空，其余的备选没有带过来")
		words = func(key string) string {
			for _, c := range n.all("inlinechoice") {
				if c.attr["identifier"] == key {
					return it.line(c.markup(it.aside))
				}
			}
			return ""
		}
	}
	accept := func(key string, share int) {
		if text := strings.Join(strings.Fields(words(key)), " "); text != "" {
			why := it.heard(whyID(i, len(b.Accept)))
			b.Accept = append(b.Accept, quiz.Accepted{Text: text, Percent: share, Why: why})
		}
	}
	if it.mapping(id) {
		for _, e := range r.mapped {
			accept(e.key, max(0, percent(e.value, r.best())))
		}
		exact := !slices.ContainsFunc(r.mapped, func(e mapEntry) bool { return !e.exact })
		it.draft.Exact = it.draft.Exact || exact
	} else {
		for _, key := range r.correct {
			accept(key, 100)
		}
	}
	if len(b.Accept) == 0 {
		return b, "没有答案"
	}
	return b, ""
}

func (it *item) noteOnce(text string) {
	if !slices.Contains(it.notes, text) {
		it.note("%s", text)
	}
}

// gapMatch reads words to drag into gaps as blanks to be filled with them.
func (it *item) gapMatch(n *node) string {
	d := &it.draft
	d.Kind = sheet.Fill
	it.note("拖进空里的词改成了填空，其余的备选没有带过来")
	texts := map[string]string{}
	for _, c := range n.all("gaptext") {
		texts[c.attr["identifier"]] = it.line(c.markup(it.aside))
	}
	pairs := splitPairs(it.responses[n.attr["responseidentifier"]].correct)
	for i, g := range n.all("gap") {
		at := slices.IndexFunc(pairs, func(p [2]string) bool { return p[1] == g.attr["identifier"] })
		if at < 0 || texts[pairs[at][0]] == "" {
			return fmt.Sprintf("第 %d 个空没有文字的答案", i+1)
		}
		d.Blanks = append(d.Blanks, quiz.Blank{Accept: []quiz.Accepted{{Text: texts[pairs[at][0]], Percent: 100}}})
	}
	if len(d.Blanks) == 0 {
		return "没有空"
	}
	drop := func(n *node) bool { return n.name == "gaptext" || n.name == "gapimg" }
	n.kids = slices.DeleteFunc(slices.Clone(n.kids), drop)
	return it.gaps(func(n *node) bool { return n.name == "gap" })
}

// numeric reads figures: from conditions that compare the response, from a
// mapping, or the correct response alone.
func (it *item) numeric(n *node) string {
	d, id := &it.draft, n.attr["responseidentifier"]
	d.Kind = sheet.Numeric
	d.Stem = it.stem(func(m *node) (string, bool) { return gapMark, m == n })
	d.Stem = strings.ReplaceAll(loneGap.ReplaceAllString(d.Stem, ""), gapMark, "（　）")
	r := it.responses[id]
	for _, branch := range it.root.find("responseprocessing").all("responseif", "responseelseif") {
		it.compared(branch, r)
	}
	if len(d.Values) == 0 && it.mapping(id) {
		for _, e := range r.mapped {
			it.value(e.key, "", percent(e.value, r.best()))
		}
	}
	if len(d.Values) == 0 && len(r.correct) > 0 {
		it.value(r.correct[0], "", 100)
		if it.root.find("responseprocessing").find("gte") != nil {
			it.note("允许的误差没有读出来，只认 %s", r.correct[0])
		}
	}
	if len(d.Values) == 0 {
		return "没有写对的数"
	}
	return ""
}

// compared reads a condition "response equals a figure" and what it sets.
func (it *item) compared(branch *node, r response) {
	equal := branch.find("equal")
	if equal == nil {
		return
	}
	figure := equal.find("basevalue").words()
	if equal.find("correct") != nil && len(r.correct) > 0 {
		figure = r.correct[0]
	}
	share := 100
	for _, set := range branch.all("setoutcomevalue") {
		v, ok := number(set.find("basevalue").words())
		switch {
		case !ok:
		case set.attr["identifier"] == percentOutcome:
			share = percent(v, big.NewRat(100, 1))
		case set.attr["identifier"] == "SCORE":
			share = percent(v, big.NewRat(int64(it.draft.Points), 1))
		}
	}
	tolerance, _, uneven := strings.Cut(strings.Join(strings.Fields(equal.attr["tolerance"]), " "), " ")
	if low, high, _ := strings.Cut(equal.attr["tolerance"], " "); uneven && low != strings.TrimSpace(high) {
		it.note("上下误差不一样，两边都按 %s", tolerance)
	}
	if equal.attr["tolerancemode"] == "relative" {
		tolerance = relative(figure, tolerance)
	}
	it.value(figure, tolerance, share)
}

// relative is a tolerance in percent of the figure.
func relative(figure, tolerance string) string {
	f, ok := number(figure)
	t, fine := number(tolerance)
	if !ok || !fine {
		return ""
	}
	t.Mul(t, f.Abs(f))
	return decimal(t.Quo(t, big.NewRat(100, 1)))
}

// decimal writes a number without needless digits.
func decimal(v *big.Rat) string {
	text := v.FloatString(9)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func (it *item) value(figure, tolerance string, share int) {
	if _, ok := number(figure); !ok {
		return
	}
	if t, ok := number(tolerance); !ok || t.Sign() <= 0 {
		tolerance = ""
	}
	d := &it.draft
	d.Values = append(d.Values, quiz.Value{
		Figure: figure, Tolerance: tolerance, Percent: max(0, share), Why: it.heard(whyID(0, len(d.Values))),
	})
}

// whyID is the identifier of what is said to an answer written into a blank.
func whyID(blank, answer int) string {
	return "WHY_" + strconv.Itoa(blank+1) + "_" + strconv.Itoa(answer+1)
}
