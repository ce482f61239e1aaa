package qti

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"qibu/quiz"
)

// item is a question being read.
type item struct {
	root      *node
	body      *node
	draft     quiz.Draft
	responses map[string]response
	feedback  []feedback
	lossy     []string
	notes     []string
}

// response is what a response declaration says of the right answer.
type response struct {
	cardinality, base string
	correct           []string
	mapped            []mapEntry
	upper             *big.Rat // of the mapping, nil when there is none
}

type mapEntry struct {
	key   string
	value *big.Rat
	exact bool // letters are told apart, and it says so
}

// feedback is one thing said afterwards, by the identifier that calls it.
type feedback struct{ id, html string }

func newItem(root *node) *item {
	it := &item{root: root, body: root.find("itembody"), responses: map[string]response{}}
	it.draft = quiz.Draft{ID: root.attr["identifier"], Name: root.attr["title"], Category: root.attr["label"], Difficulty: 1, Points: 1}
	if rest, ok := strings.CutPrefix(it.draft.ID, idPrefix); ok {
		it.draft.ID = rest
	}
	for _, n := range root.all("responsedeclaration") {
		it.responses[n.attr["identifier"]] = declared(n)
	}
	return it
}

func declared(n *node) response {
	r := response{cardinality: n.attr["cardinality"], base: n.attr["basetype"]}
	for _, v := range n.find("correctresponse").all("value") {
		r.correct = append(r.correct, v.words())
	}
	m := n.find("mapping")
	for _, e := range m.all("mapentry") {
		if value, ok := number(e.attr["mappedvalue"]); ok {
			r.mapped = append(r.mapped, mapEntry{e.attr["mapkey"], value, e.attr["casesensitive"] == "true"})
		}
	}
	if m != nil {
		if upper, ok := number(m.attr["upperbound"]); ok && upper.Sign() > 0 {
			r.upper = upper
		}
	}
	return r
}

var numberText = regexp.MustCompile(`^[+-]?\d{1,15}(\.\d{1,15})?$`)

// number reads a decimal of a size that people write.
func number(s string) (*big.Rat, bool) {
	if !numberText.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

func (it *item) note(format string, args ...any) {
	it.notes = append(it.notes, fmt.Sprintf(format, args...))
}

func (it *item) lose(lossy []string) {
	for _, what := range lossy {
		if !slices.Contains(it.lossy, what) {
			it.lossy = append(it.lossy, what)
		}
	}
}

// text is Markdown of HTML, what is lost on the way remembered.
func (it *item) text(html string) string {
	text, lossy := legible(html)
	it.lose(lossy)
	return text
}

// line is text on one line.
func (it *item) line(html string) string {
	return strings.Join(strings.Fields(it.text(html)), " ")
}

// mapping reports whether the response's mapping decides the score.
func (it *item) mapping(id string) bool {
	processing := it.root.find("responseprocessing")
	if len(it.responses[id].mapped) == 0 || processing == nil || strings.Contains(processing.attr["template"], "match_correct") {
		return false
	}
	return strings.Contains(processing.attr["template"], "map_response") ||
		slices.ContainsFunc(processing.all("mapresponse"), func(n *node) bool { return n.attr["identifier"] == id })
}

// takePoints finds what the item is worth: MAXSCORE, the normal maximum of SCORE,
// or the most that the mapping of the response gives.
func (it *item) takePoints(id string) {
	most := new(big.Rat)
	for _, n := range it.root.all("outcomedeclaration") {
		switch n.attr["identifier"] {
		case "MAXSCORE":
			if v, ok := number(n.find("value").words()); ok {
				most = v
			}
		case "SCORE":
			if v, ok := number(n.attr["normalmaximum"]); ok && most.Sign() == 0 {
				most = v
			}
		}
	}
	if most.Sign() == 0 && it.mapping(id) {
		most = it.responses[id].best()
	}
	switch {
	case most.Sign() <= 0:
	case most.IsInt() && most.Cmp(big.NewRat(100, 1)) <= 0:
		it.draft.Points = int(most.Num().Int64())
	default:
		it.note("原来值 %s 分，这里只有 1 到 100 的整数，按 1 分", most.FloatString(2))
	}
}

// best is the most that a mapping gives.
func (r response) best() *big.Rat {
	if r.upper != nil {
		return r.upper
	}
	if r.cardinality != "single" {
		return r.sum()
	}
	most := new(big.Rat)
	for _, e := range r.mapped {
		if e.value.Cmp(most) > 0 {
			most = e.value
		}
	}
	return most
}

// sum is what a mapping gives for everything right.
func (r response) sum() *big.Rat {
	sum := new(big.Rat)
	for _, e := range r.mapped {
		if e.value.Sign() > 0 {
			sum.Add(sum, e.value)
		}
	}
	return sum
}

// uneven reports whether a mapping gives anything but nothing and one same value.
func (r response) uneven() bool {
	counts := slices.DeleteFunc(slices.Clone(r.mapped), func(e mapEntry) bool { return e.value.Sign() == 0 })
	return slices.ContainsFunc(counts, func(e mapEntry) bool { return e.value.Cmp(counts[0].value) != 0 })
}

// worth is what a key is mapped to.
func (r response) worth(key string) *big.Rat {
	for _, e := range r.mapped {
		if e.key == key {
			return e.value
		}
	}
	return new(big.Rat)
}

// percent is a share of the whole, rounded to whole percent.
func percent(part, whole *big.Rat) int {
	if whole.Sign() <= 0 {
		return 0
	}
	p := new(big.Rat).Quo(part, whole)
	p.Mul(p, big.NewRat(100, 1))
	half := big.NewRat(1, 2)
	if p.Sign() < 0 {
		half.Neg(half)
	}
	p.Add(p, half)
	n := new(big.Int).Quo(p.Num(), p.Denom())
	return int(max(-100, min(100, n.Int64())))
}

var (
	wrongID  = regexp.MustCompile(`(?i)incorrect|wrong|false|错`)
	partlyID = regexp.MustCompile(`(?i)part`)
	rightID  = regexp.MustCompile(`(?i)correct|right|true|对`)
)

// gather collects everything said afterwards; hear sorts out what is left of it
// when options and answers have taken theirs.
func (it *item) gather() {
	for _, n := range it.root.all("modalfeedback", "feedbackblock", "feedbackinline") {
		it.feedback = append(it.feedback, feedback{n.attr["identifier"], n.markup(it.aside)})
	}
}

// aside leaves out of a text what is read elsewhere.
func (it *item) aside(n *node) (string, bool) {
	switch n.name {
	case "feedbackblock", "feedbackinline", "modalfeedback", "stylesheet", "cataloginfo", "companionmaterialsinfo":
		return "", true
	case "rubricblock":
		return "", !strings.Contains(n.attr["view"], "candidate")
	case "printedvariable", "templateinline", "templateblock":
		it.lose([]string{"随变量变化的内容"})
		return "", true
	}
	return "", false
}

// heard takes the feedback with an identifier, which is then used up.
func (it *item) heard(id string) string {
	i := slices.IndexFunc(it.feedback, func(f feedback) bool { return f.id == id })
	if i < 0 {
		return ""
	}
	html := it.feedback[i].html
	it.feedback = slices.Delete(it.feedback, i, i+1)
	return it.line(html)
}

func (it *item) hear() {
	d := &it.draft
	var paragraphs []string
	for _, f := range it.feedback {
		switch {
		case wrongID.MatchString(f.id) && d.Said.Wrong == "":
			d.Said.Wrong = it.line(f.html)
		case partlyID.MatchString(f.id) && d.Said.Partly == "":
			d.Said.Partly = it.line(f.html)
		case rightID.MatchString(f.id) && d.Said.Right == "":
			d.Said.Right = it.line(f.html)
		default:
			if text := it.text(f.html); text != "" {
				paragraphs = append(paragraphs, text)
			}
		}
	}
	d.Explanation = strings.Join(paragraphs, "\n\n")
}
