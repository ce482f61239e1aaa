package moodle

import (
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Mark opens a comment that holds one extra.
const Mark = "qibu:"

// extra is something Moodle's formats have no word for. It travels in comments
// of the form "qibu: key=value", a value a comment, which Moodle passes over.
type extra struct {
	key  string
	name string // what it is called when Moodle does not know of it; none: nobody misses it there
	get  func(d *quiz.Draft) []string
	set  func(d *quiz.Draft, value string) bool
}

var extras = []extra{
	word("case", "", func(d *quiz.Draft) *string { return &d.Case }),
	number("difficulty", "", 1, 3, func(d *quiz.Draft) *int { return &d.Difficulty }),
	number("points", "分值", 1, 100, func(d *quiz.Draft) *int { return &d.Points }),
	flag("critical", "关键题", func(d *quiz.Draft) *bool { return &d.Critical }),
	flag("pilot", "试用题", func(d *quiz.Draft) *bool { return &d.Pilot }),
	flag("void", "作废", func(d *quiz.Draft) *bool { return &d.Void }),
	flag("fixed", "选项不打乱", func(d *quiz.Draft) *bool { return &d.Fixed }),
	flag("exact", "逐字比对", func(d *quiz.Draft) *bool { return &d.Exact }),
	flag("by-value", "按数值比对", func(d *quiz.Draft) *bool { return &d.ByValue }),
	number("most", "字数上限", 0, 100_000, func(d *quiz.Draft) *int { return &d.Most }),
	word("said-right", "答对时的话", func(d *quiz.Draft) *string { return &d.Said.Right }),
	word("said-partly", "部分答对时的话", func(d *quiz.Draft) *string { return &d.Said.Partly }),
	word("said-wrong", "答错时的话", func(d *quiz.Draft) *string { return &d.Said.Wrong }),
	word("model", "参考答案", func(d *quiz.Draft) *string { return &d.Model }),
	word("review", "", func(d *quiz.Draft) *string { return &d.Review }),
	{"source", "", func(d *quiz.Draft) []string { return d.Sources }, func(d *quiz.Draft, value string) bool {
		d.Sources = append(d.Sources, value)
		return true
	}},
	{"criterion", "评分标准", getCriteria, setCriterion},
	{"unit", "单位", getUnits, setUnit},
	{"accept", "空的答案", getAccepted, setAccepted},
	{"picture", "图", getPicture, setPicture},
	{"place", "图上的位置", getPlaces, setPlace},
	{"why", "各步的理由", getWhys, setWhy},
}

// Extras lists what only Qibu knows of d as "key=value", without the keys that
// the format has its own words for.
func Extras(d quiz.Draft, without ...string) (lines []string) {
	for _, e := range extras {
		if slices.Contains(without, e.key) {
			continue
		}
		for _, value := range e.get(&d) {
			lines = append(lines, Extra(e.key, value))
		}
	}
	return lines
}

// Unread names what of d Moodle passes over, "单位、评分标准", or nothing.
func Unread(d quiz.Draft, without ...string) string {
	var names []string
	for _, e := range extras {
		if e.name != "" && !slices.Contains(without, e.key) && len(e.get(&d)) > 0 {
			names = append(names, e.name)
		}
	}
	return strings.Join(names, "、")
}

// Extra writes one value so that it stays on its line and ends no comment.
func Extra(key, value string) string {
	value = strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(value)
	for strings.Contains(value, "--") { // of three in a row the middle one belongs to two pairs
		value = strings.ReplaceAll(value, "--", `-\-`)
	}
	return key + "=" + value
}

// Value is the key and value that Extra wrote.
func Value(line string) (key, value string) {
	key, value, _ = strings.Cut(strings.TrimSpace(line), "=")
	var b strings.Builder
	escaped := false
	for _, r := range value {
		switch {
		case !escaped && r == '\\':
			escaped = true
			continue
		case escaped && r == 'n':
			r = '\n'
		}
		escaped = false
		b.WriteRune(r)
	}
	return key, b.String()
}

// Apply tells d what Extras wrote, and reports whether it is something d can be told.
func Apply(d *quiz.Draft, line string) bool {
	key, value := Value(line)
	i := slices.IndexFunc(extras, func(e extra) bool { return e.key == key })
	return i >= 0 && extras[i].set(d, value)
}

func word(key, name string, field func(*quiz.Draft) *string) extra {
	get := func(d *quiz.Draft) []string {
		if *field(d) == "" {
			return nil
		}
		return []string{*field(d)}
	}
	set := func(d *quiz.Draft, value string) bool {
		*field(d) = value
		return true
	}
	return extra{key, name, get, set}
}

func flag(key, name string, field func(*quiz.Draft) *bool) extra {
	get := func(d *quiz.Draft) []string {
		if !*field(d) {
			return nil
		}
		return []string{"yes"}
	}
	set := func(d *quiz.Draft, value string) bool {
		*field(d) = value == "yes"
		return *field(d)
	}
	return extra{key, name, get, set}
}

func number(key, name string, usual, most int, field func(*quiz.Draft) *int) extra {
	get := func(d *quiz.Draft) []string {
		if *field(d) == usual || *field(d) == 0 {
			return nil
		}
		return []string{strconv.Itoa(*field(d))}
	}
	set := func(d *quiz.Draft, value string) bool {
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > most {
			return false
		}
		*field(d) = n
		return true
	}
	return extra{key, name, get, set}
}

// join and split hold several values in one; the last may hold anything.
func join(values ...string) string { return strings.Join(values, "|") }

func split(value string, n int) ([]string, bool) {
	parts := strings.SplitN(value, "|", n)
	return parts, len(parts) == n
}

func getCriteria(d *quiz.Draft) (values []string) {
	for _, c := range d.Rubric {
		values = append(values, join(strconv.Itoa(c.Points), c.Text))
	}
	return values
}

func setCriterion(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 2)
	n, err := strconv.Atoi(parts[0])
	if !ok || err != nil || n < 0 {
		return false
	}
	d.Rubric = append(d.Rubric, quiz.Criterion{Text: parts[1], Points: n})
	return true
}

func getUnits(d *quiz.Draft) (values []string) {
	for _, u := range d.Units {
		values = append(values, join(u.Factor, u.Name))
	}
	return values
}

func setUnit(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 2)
	if ok {
		d.Units = append(d.Units, quiz.Unit{Factor: parts[0], Name: parts[1]})
	}
	return ok
}

func getAccepted(d *quiz.Draft) (values []string) {
	for i, b := range d.Blanks {
		for _, a := range b.Accept {
			values = append(values, join(strconv.Itoa(i+1), strconv.Itoa(a.Percent), bar.Replace(a.Text), a.Why))
		}
	}
	return values
}

// bar keeps the bars of a text apart from those between texts.
var bar, unbar = strings.NewReplacer("%", "%25", "|", "%7C"), strings.NewReplacer("%7C", "|", "%25", "%")

func setAccepted(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 4)
	if !ok {
		return false
	}
	n, err := strconv.Atoi(parts[0])
	percent, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil || n < 1 || n > len(d.Blanks)+1 || percent < 0 || percent > 100 {
		return false
	}
	if n > len(d.Blanks) {
		d.Blanks = append(d.Blanks, quiz.Blank{})
	}
	b := &d.Blanks[n-1]
	b.Accept = append(b.Accept, quiz.Accepted{Text: unbar.Replace(parts[2]), Percent: percent, Why: parts[3]})
	return true
}

func getPicture(d *quiz.Draft) []string {
	if d.Picture == nil {
		return nil
	}
	p := d.Picture
	return []string{join(p.Source, strconv.Itoa(p.Width), strconv.Itoa(p.Height), p.Alt)}
}

// setPicture takes pictures beside the bank only: a file from elsewhere must not
// make learners' browsers fetch anything.
func setPicture(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 4)
	if !ok || strings.ContainsAny(parts[0], `:\`) || strings.HasPrefix(parts[0], "/") || strings.Contains(parts[0], "..") {
		return false
	}
	width, err := strconv.Atoi(parts[1])
	height, err2 := strconv.Atoi(parts[2])
	if err != nil || err2 != nil {
		return false
	}
	d.Picture = &sheet.Picture{Source: parts[0], Alt: parts[3], Width: width, Height: height}
	return true
}

func getPlaces(d *quiz.Draft) (values []string) {
	if d.Kind != sheet.Hot {
		return nil
	}
	for i, o := range d.Options {
		values = append(values, join(strconv.Itoa(i+1), strconv.Itoa(o.X), strconv.Itoa(o.Y)))
	}
	return values
}

func setPlace(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 3)
	if !ok {
		return false
	}
	o := option(d, parts[0])
	x, err := strconv.Atoi(parts[1])
	y, err2 := strconv.Atoi(parts[2])
	if o == nil || err != nil || err2 != nil {
		return false
	}
	o.X, o.Y = x, y
	return true
}

// getWhys lists the reasons of options that are to be put in order. Those of
// options to choose from have a place in every format.
func getWhys(d *quiz.Draft) (values []string) {
	if d.Kind != sheet.Order && d.Kind != sheet.Hot {
		return nil
	}
	for i, o := range d.Options {
		if o.Why != "" {
			values = append(values, join(strconv.Itoa(i+1), o.Why))
		}
	}
	return values
}

func setWhy(d *quiz.Draft, value string) bool {
	parts, ok := split(value, 2)
	o := option(d, parts[0])
	if !ok || o == nil {
		return false
	}
	o.Why = parts[1]
	return true
}

// option is the option of the number, or nil.
func option(d *quiz.Draft, number string) *quiz.Option {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(d.Options) {
		return nil
	}
	return &d.Options[n-1]
}
