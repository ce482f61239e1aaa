package ink

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay/draft"
)

// change is what a line of logic does to a variable.
type change struct {
	name string
	set  bool // to n; otherwise by n
	n    int
}

// variable is a number or a truth of the story; as a meter each of its units is
// scale steps of the meter's.
type variable struct {
	name    string
	line    int
	start   int
	truth   bool
	changes []change
	meter   int
	scale   int // 0: it could not become a meter
}

type variables struct {
	byName map[string]*variable
	order  []*variable
	consts map[string]string
}

const identifier = `[\p{L}_][\p{L}\p{N}_]*`

var (
	declaration = regexp.MustCompile(`^(VAR|CONST|LIST|EXTERNAL|INCLUDE)\s+(.*)$`)
	assignment  = regexp.MustCompile(`^(` + identifier + `)\s*(=|\+=|-=)\s*(-?\w+)$`)
	step1       = regexp.MustCompile(`^(` + identifier + `)\s*(\+\+|--)$`)
	ownSum      = regexp.MustCompile(`^(` + identifier + `)\s*=\s*(` + identifier + `)\s*([-+])\s*(\w+)$`)
	names       = regexp.MustCompile(identifier)
)

// declare reads a declaration.
func (v *variables) declare(story *draft.Story, number int, kind, rest string) {
	m := assignment.FindStringSubmatch(strings.TrimSpace(rest))
	switch {
	case kind == "VAR" && m != nil && m[2] == "=" && v.byName[m[1]] == nil:
		n, err := v.number(m[3])
		if err != nil {
			break
		}
		x := &variable{name: m[1], line: number, start: n, truth: m[3] == "true" || m[3] == "false"}
		v.byName[m[1]] = x
		v.order = append(v.order, x)
		return
	case kind == "CONST" && m != nil && m[2] == "=":
		v.consts[m[1]] = m[3]
		return
	}
	text := map[string]string{
		"VAR":      "这种变量没有搬：仪表只有 0–100 的整数。",
		"CONST":    "这种常量没有搬：只认整数和 true、false。",
		"LIST":     "列表（LIST）没有搬。",
		"EXTERNAL": "外部函数没有搬。",
		"INCLUDE":  "引用的文件没有搬：请把它的内容贴进来再导入。",
	}
	story.Note(number, kind+" "+rest, "%s", text[kind])
}

func (v *variables) number(s string) (int, error) {
	switch s = v.replace(s); s {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	return strconv.Atoi(s)
}

// replace puts the values of constants for their names.
func (v *variables) replace(s string) string {
	if len(v.consts) == 0 {
		return s
	}
	return names.ReplaceAllStringFunc(s, func(name string) string {
		if value, ok := v.consts[name]; ok {
			return value
		}
		return name
	})
}

// logic reads a line of logic.
func (r *reader) logic(nodes []*node, l line) []*node {
	c, ok := r.variables.change(strings.TrimSpace(l.text[1:]))
	if !ok {
		r.story.Note(l.number, l.text, "这行运算没有搬：仪表只能加、减或设成一个数。")
		return nodes
	}
	return append(nodes, &node{kind: logic, line: l.number, change: c, scope: r.scope})
}

func (v *variables) change(s string) (change, bool) {
	c, sign, amount := change{}, "", ""
	if m := step1.FindStringSubmatch(s); m != nil {
		c.name, sign, amount = m[1], m[2][:1], "1"
	} else if m := assignment.FindStringSubmatch(s); m != nil {
		c.name, sign, amount, c.set = m[1], m[2][:1], m[3], m[2] == "="
	} else if m := ownSum.FindStringSubmatch(s); m != nil && m[1] == m[2] {
		c.name, sign, amount = m[1], m[3], m[4]
	}
	x := v.byName[c.name]
	n, err := v.number(amount)
	if x == nil || err != nil {
		return c, false
	}
	if c.n = n; sign == "-" {
		c.n = -n
	}
	x.changes = append(x.changes, c)
	return c, true
}

// settle makes meters of the variables, each unit one step of the meter or,
// where they are counted in ones, five.
func (v *variables) settle(story *draft.Story) {
	for _, x := range v.order {
		fits := func(least, most, step int) bool {
			return x.start >= 0 && x.start <= most && x.start%step == 0 && !slices.ContainsFunc(x.changes, func(c change) bool {
				return c.n > most || c.n < least && !c.set || c.n < 0 && c.set || c.n%step != 0
			})
		}
		scale := 0
		switch {
		case x.truth && fits(0, 1, 1):
			scale = 100
		case fits(-100, 100, 5):
			scale = 1
		case fits(-20, 20, 1):
			scale = 5
		}
		ok := scale > 0
		if ok {
			x.meter, ok = story.Meter(x.name, x.start*scale)
		}
		if !ok {
			story.Note(x.line, "VAR "+x.name, "这个变量没有变成仪表：仪表最多 8 个，只有 0–100、每步 5；和它有关的运算和条件也没有搬。")
			continue
		}
		x.scale = scale
		story.Note(x.line, "VAR "+x.name, "变量变成了仪表「%s」，原来的 1 记 %d，到 0 和 100 为止。", x.name, scale)
	}
}
