package qti

import (
	"fmt"
	"html"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// readers read the interactions that a kind of ours is like. Text entries and
// lists to choose from are blanks and read together.
var readers = map[string]func(*item, *node) string{
	"choiceinteraction":       (*item).choice,
	"orderinteraction":        (*item).order,
	"matchinteraction":        (*item).match,
	"associateinteraction":    (*item).associate,
	"graphicorderinteraction": (*item).graphicOrder,
	"extendedtextinteraction": (*item).extendedText,
	"gapmatchinteraction":     (*item).gapMatch,
}

// asks reports whether an element is one that asks for an answer.
func (n *node) asks() bool { return strings.HasSuffix(n.name, "interaction") }

// settle reads stem, answers and feedback and returns why the item is no
// question of ours, or "".
func (it *item) settle() string {
	if it.body == nil {
		return "没有题目正文"
	}
	it.gather()
	var asked []*node
	it.body.walk(func(n *node) bool {
		if n.asks() {
			asked = append(asked, n)
		}
		return !n.asks()
	})
	if len(asked) == 0 {
		return "没有作答的地方"
	}
	if it.root.find("templateprocessing") != nil || it.root.attr["adaptive"] == "true" {
		it.note("题目里有随机变量或分步作答，只按初始的样子读")
	}
	if it.many(asked) {
		return fmt.Sprintf("选项、空或答案超过 %d 个", maxAnswers)
	}
	it.takePoints(asked[0].attr["responseidentifier"])
	problem := it.ask(asked)
	if problem == "" && it.draft.Stem == "" {
		return "没有题干"
	}
	it.hear()
	return problem
}

// many reports whether there is more to answer than people ask.
func (it *item) many(asked []*node) bool {
	n := len(asked)
	for _, a := range asked {
		n += len(a.all("simplechoice", "simpleassociablechoice", "inlinechoice", "hotspotchoice", "gap", "gaptext"))
	}
	for _, r := range it.responses {
		n = max(n, len(r.correct), len(r.mapped))
	}
	return n > maxAnswers
}

// walk visits the elements below n in order, and those below one for which down is true.
func (n *node) walk(down func(*node) bool) {
	for _, k := range n.kids {
		if k.name != "" && down(k) {
			k.walk(down)
		}
	}
}

func (it *item) ask(asked []*node) string {
	blanks := !slices.ContainsFunc(asked, func(n *node) bool {
		return n.name != "textentryinteraction" && n.name != "inlinechoiceinteraction"
	})
	one := asked[0]
	base := it.responses[one.attr["responseidentifier"]].base
	switch {
	case blanks && len(asked) == 1 && one.name == "textentryinteraction" && (base == "float" || base == "integer"):
		return it.numeric(one)
	case blanks:
		return it.blanks(asked)
	case len(asked) > 1:
		return fmt.Sprintf("一道题里有 %d 处不同的作答，这里一道题只有一处", len(asked))
	case readers[one.name] == nil:
		return "没有这种作答方式：" + one.name
	}
	it.draft.Stem = it.stem(nil)
	return readers[one.name](it, one)
}

// stem is the body without what is asked, of which only the prompt stays. What
// gap knows is replaced by what it says.
func (it *item) stem(gap func(*node) (string, bool)) string {
	replace := func(n *node) (string, bool) {
		if gap != nil {
			if text, ok := gap(n); ok {
				return text, true
			}
		}
		if !n.asks() || n.name == "gapmatchinteraction" {
			return it.aside(n)
		}
		if prompt := n.find("prompt").markup(it.aside); prompt != "" {
			return "<div>" + prompt + "</div>", true
		}
		return "", true
	}
	return it.text(it.body.markup(replace))
}

// choice reads single, multiple and true-false questions.
func (it *item) choice(n *node) string {
	d, id := &it.draft, n.attr["responseidentifier"]
	r, said := it.responses[id], it.draft.Fixed
	d.Kind = sheet.Multiple
	if r.cardinality == "single" {
		d.Kind = sheet.Single
	}
	d.Fixed = d.Fixed || n.attr["shuffle"] != "true"
	var keys []string
	for _, c := range n.all("simplechoice") {
		key := c.attr["identifier"]
		keys = append(keys, key)
		d.Options = append(d.Options, quiz.Option{Text: it.line(c.markup(it.aside)), Why: it.heard(key), Right: slices.Contains(r.correct, key)})
		if c.attr["fixed"] == "true" && !d.Fixed {
			d.Fixed = true
			it.note("有选项要留在原位，全部选项都按写的顺序")
		}
	}
	if len(d.Options) < 2 {
		return "选项不到两个"
	}
	if it.mapping(id) {
		it.credit(r, keys)
	} else if d.Kind == sheet.Multiple && len(r.correct) > 1 && it.root.find("responseprocessing") != nil {
		it.note("原来要全部选对才得分，这里选对一部分也得一部分分")
	}
	if !slices.ContainsFunc(d.Options, func(o quiz.Option) bool { return o.Right }) {
		return "没有写哪个选项是对的"
	}
	it.trueFalse(said)
	return ""
}

// credit reads what each option is mapped to. Where that is what our rules give
// anyway, the options are only right or wrong.
func (it *item) credit(r response, keys []string) {
	d := &it.draft
	var values []*big.Rat
	for _, key := range keys {
		values = append(values, r.worth(key))
	}
	most := r.best()
	right := func(v *big.Rat) bool {
		return v.Cmp(most) == 0 || d.Kind == sheet.Multiple && v.Sign() > 0
	}
	for i, v := range values {
		d.Options[i].Right = right(v)
	}
	if (d.Kind == sheet.Single || r.upper == nil || r.upper.Cmp(r.sum()) == 0) && plainCredit(d.Kind, values, right) {
		return
	}
	for i, v := range values {
		d.Options[i].Credit = percent(v, most)
	}
	if d.Kind == sheet.Multiple && r.upper == nil {
		spread(d.Options)
	}
}

// plainCredit reports whether credits are those of options without: all or
// nothing of a single choice, a wrong pick cancelling a right one of several.
func plainCredit(kind string, values []*big.Rat, right func(*big.Rat) bool) bool {
	var one *big.Rat
	for _, v := range values {
		if right(v) {
			one = v
		}
	}
	return !slices.ContainsFunc(values, func(v *big.Rat) bool {
		switch {
		case one == nil:
			return true
		case right(v):
			return v.Cmp(one) != 0
		case kind == sheet.Multiple:
			return new(big.Rat).Add(v, one).Sign() != 0
		}
		return v.Sign() != 0
	})
}

// spread makes the percents of the right options sum to 100, which rounding may
// have broken: three thirds are 34, 33 and 33.
func spread(options []quiz.Option) {
	missing := 100
	for _, o := range options {
		missing -= max(0, o.Credit)
	}
	for i := range options {
		if o := &options[i]; o.Credit > 0 && missing != 0 && missing > -len(options) && missing < len(options) {
			step := missing / max(1, max(missing, -missing))
			o.Credit += step
			missing -= step
		}
	}
}

// trueFalse makes a true-false question of one with the two options of such. Their
// order is always the same, whether or not it is said to be fixed.
func (it *item) trueFalse(fixed bool) {
	d := &it.draft
	if d.Kind != sheet.Single || len(d.Options) != 2 || slices.ContainsFunc(d.Options, func(o quiz.Option) bool { return o.Credit != 0 }) {
		return
	}
	truth := map[string]string{"对": "对", "正确": "对", "是": "对", "true": "对", "错": "错", "错误": "错", "否": "错", "false": "错"}
	first, second := truth[strings.ToLower(d.Options[0].Text)], truth[strings.ToLower(d.Options[1].Text)]
	if first == "" || second == "" || first == second {
		return
	}
	d.Kind, d.Fixed = sheet.TrueFalse, fixed
	d.Options[0].Text, d.Options[1].Text = first, second
	if first == "错" {
		slices.Reverse(d.Options)
	}
}

// order reads steps, whose right order is the correct response.
func (it *item) order(n *node) string {
	it.draft.Kind = sheet.Order
	options := map[string]quiz.Option{}
	for _, c := range n.all("simplechoice") {
		options[c.attr["identifier"]] = quiz.Option{Text: it.line(c.markup(it.aside)), Why: it.heard(c.attr["identifier"])}
	}
	return it.arrange(n, options)
}

// arrange puts options into the right order.
func (it *item) arrange(n *node, options map[string]quiz.Option) string {
	r := it.responses[n.attr["responseidentifier"]]
	for _, key := range r.correct {
		o, ok := options[key]
		if !ok {
			return fmt.Sprintf("正确顺序里的“%s”不在选项里", key)
		}
		delete(options, key)
		it.draft.Options = append(it.draft.Options, o)
	}
	switch {
	case len(it.draft.Options) < 2:
		return "没有写正确的顺序"
	case len(options) > 0:
		it.note("有 %d 个选项不在正确顺序里，没有带过来", len(options))
	}
	return ""
}

// match reads two sets: the left one are rows, each with one of the right.
func (it *item) match(n *node) string {
	sets := n.all("simplematchset")
	if len(sets) != 2 {
		return "配对题要有左右两组"
	}
	r := it.responses[n.attr["responseidentifier"]]
	left, right := sets[0].all("simpleassociablechoice"), sets[1].all("simpleassociablechoice")
	pairs := splitPairs(r.correct)
	if many(pairs) {
		for i, p := range pairs {
			pairs[i] = [2]string{p[1], p[0]}
		}
		if left, right = right, left; many(pairs) {
			return "一个左边要配几个右边，这里只能配一个"
		}
		it.note("左右两边换了过来")
	}
	switch {
	case !it.mapping(n.attr["responseidentifier"]):
		it.note("原来要全部配对才得分，这里配对几个得几个的分")
	case r.uneven():
		it.note("原来各对的分值不一样，这里每一对同样多，配错不扣分")
	}
	return it.pair(left, right, pairs)
}

// splitPairs reads "A B" values.
func splitPairs(values []string) (pairs [][2]string) {
	for _, v := range values {
		if f := strings.Fields(v); len(f) == 2 {
			pairs = append(pairs, [2]string{f[0], f[1]})
		}
	}
	return pairs
}

// many reports whether a left side has several right ones.
func many(pairs [][2]string) bool {
	seen := map[string]bool{}
	for _, p := range pairs {
		if seen[p[0]] {
			return true
		}
		seen[p[0]] = true
	}
	return false
}

func (it *item) pair(left, right []*node, pairs [][2]string) string {
	d := &it.draft
	d.Kind = sheet.Match
	texts, used := map[string]string{}, map[string]bool{}
	for _, c := range slices.Concat(left, right) {
		texts[c.attr["identifier"]] = it.line(c.markup(it.aside))
	}
	for _, c := range left {
		id := c.attr["identifier"]
		at := slices.IndexFunc(pairs, func(p [2]string) bool { return p[0] == id })
		if at < 0 || texts[pairs[at][1]] == "" {
			it.note("“%s”没有和它相配的，没有带过来", texts[id])
			continue
		}
		used[pairs[at][1]] = true
		d.Pairs = append(d.Pairs, quiz.Pair{Left: texts[id], Right: texts[pairs[at][1]]})
	}
	if len(d.Pairs) < 2 {
		return "配得上的不到两对"
	}
	for _, c := range right {
		if id := c.attr["identifier"]; !used[id] {
			d.Pairs = append(d.Pairs, quiz.Pair{Right: texts[id]})
		}
	}
	return ""
}

// associate reads one set whose members are paired; the first of each pair
// becomes the left side.
func (it *item) associate(n *node) string {
	pairs := splitPairs(it.responses[n.attr["responseidentifier"]].correct)
	if many(pairs) {
		return "一个选项要配几个，这里只能配一个"
	}
	it.note("两两相配改成了左边配右边")
	var left, right []*node
	for _, c := range n.all("simpleassociablechoice") {
		if slices.ContainsFunc(pairs, func(p [2]string) bool { return p[0] == c.attr["identifier"] }) {
			left = append(left, c)
		} else {
			right = append(right, c)
		}
	}
	return it.pair(left, right, pairs)
}

// graphicOrder reads the places of a picture that are tapped in order.
func (it *item) graphicOrder(n *node) string {
	d := &it.draft
	d.Kind = sheet.Hot
	var picture *node
	if list := n.all("object", "img"); len(list) > 0 {
		picture = list[0]
	}
	if picture == nil {
		return "没有图片"
	}
	width, _ := strconv.Atoi(picture.attr["width"]) // 0 where there is none
	height, _ := strconv.Atoi(picture.attr["height"])
	if width <= 0 || height <= 0 || width > 20000 || height > 20000 {
		return "图片没有写宽和高，算不出位置"
	}
	source := picture.attr["data"] + picture.attr["src"]
	alt := picture.attr["alt"]
	if alt == "" {
		alt = picture.words()
	}
	d.Picture = &sheet.Picture{Source: source, Alt: alt, Width: width, Height: height}
	options := map[string]quiz.Option{}
	for _, c := range n.all("hotspotchoice") {
		x, y, ok := middle(c.attr["shape"], c.attr["coords"])
		if !ok {
			return fmt.Sprintf("看不出“%s”在图上的位置", c.attr["identifier"])
		}
		id := c.attr["identifier"]
		text := c.attr["hotspotlabel"]
		if text == "" {
			text = id
		}
		options[id] = quiz.Option{Text: text, Why: it.heard(id), X: thousandths(x, width), Y: thousandths(y, height)}
	}
	it.note("图片“%s”没有带过来，要另外放到题库的图片里", source)
	return it.arrange(n, options)
}

// middle is the middle of a shape, in pixels.
func middle(shape, coords string) (x, y float64, ok bool) {
	var at []float64
	for _, f := range strings.FieldsFunc(coords, func(r rune) bool { return r == ',' || r == ' ' }) {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || v < 0 || v > 20000 {
			return 0, 0, false
		}
		at = append(at, v)
	}
	switch {
	case shape == "circle" && len(at) == 3, shape == "ellipse" && len(at) == 4:
		return at[0], at[1], true
	case shape == "rect" && len(at) == 4:
		return (at[0] + at[2]) / 2, (at[1] + at[3]) / 2, true
	case shape == "poly" && len(at) >= 6 && len(at)%2 == 0:
		for i := 0; i < len(at); i += 2 {
			x += at[i]
			y += at[i+1]
		}
		return x / float64(len(at)/2), y / float64(len(at)/2), true
	}
	return 0, 0, false
}

func thousandths(at float64, whole int) int {
	return max(0, min(1000, int(at*1000/float64(whole)+0.5)))
}

// extendedText reads free texts; the rubric is what is said to scorers.
func (it *item) extendedText(n *node) string {
	d := &it.draft
	d.Kind = sheet.Text
	if most, err := strconv.Atoi(n.attr["expectedlength"]); err == nil && most > 0 && most <= 20000 {
		d.Most = most
	}
	for _, block := range it.root.all("rubricblock") {
		switch view := block.attr["view"]; {
		case strings.Contains(view, "scorer"):
			it.rubric(block)
		case strings.Contains(view, "tutor"), strings.Contains(view, "author"):
			d.Model = strings.TrimSpace(d.Model + "\n\n" + it.text(block.markup(nil)))
		}
	}
	if correct := it.responses[n.attr["responseidentifier"]].correct; d.Model == "" && len(correct) > 0 {
		d.Model = it.text(html.EscapeString(correct[0]))
	}
	return ""
}

// rubric reads the criteria: items of a list, or else paragraphs, with their
// points in brackets at the end.
func (it *item) rubric(block *node) {
	parts := block.all("li")
	if len(parts) == 0 {
		parts = block.all("p")
	}
	if len(parts) == 0 {
		parts = []*node{block}
	}
	for _, p := range parts {
		text, points := cutPoints(it.line(p.markup(nil)))
		if text != "" {
			it.draft.Rubric = append(it.draft.Rubric, quiz.Criterion{Text: text, Points: points})
		}
	}
}

// cutPoints reads "先道歉，再解释 (2)".
func cutPoints(text string) (string, int) {
	open := strings.LastIndexAny(text, "(（")
	if open < 0 {
		return text, 0
	}
	inside := strings.TrimRight(strings.TrimLeft(text[open:], "(（"), "分)） ")
	points, err := strconv.Atoi(inside)
	if err != nil || points < 0 || points > 100 {
		return text, 0
	}
	return strings.TrimSpace(text[:open]), points
}
