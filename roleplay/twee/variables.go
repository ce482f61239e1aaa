package twee

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// change is what a link or a passage does to a variable, or, when push is not
// empty, the passage that is to be returned to.
type change struct {
	line  int
	name  string
	set   bool // to n; otherwise by n
	n     int
	truth bool
	push  string
	in    *passage // where it happens, unless a link does it
	deep  bool     // within a fork
	link  *link
	left  *passage // whose every link does the same
}

// variable is a number or a truth of the story. A truth that only ever becomes
// true is a flag: it has happened. Others become meters, each of whose units is
// scale steps of the meter's.
type variable struct {
	name    string
	meant   string // by its author, where he says so
	line    int
	start   int
	truth   bool
	odd     bool // something else is done with it
	changes []*change
	flag    bool
	meter   int
	scale   int // 0: it could not become a meter
}

type variables struct {
	byName map[string]*variable
	order  []*variable
}

func (v *variables) named(name string, line int) *variable {
	x := v.byName[name]
	if x == nil {
		x = &variable{name: name, line: line}
		v.byName[name] = x
		v.order = append(v.order, x)
	}
	return x
}

const identifier = `[$_][\p{L}_][\p{L}\p{N}_]*`

var (
	assigned = regexp.MustCompile(`^(?:set\s+)?(` + identifier + `)\s*(to\s|=|\+=|-=)\s*(.*)$`)
	putInto  = regexp.MustCompile(`^(.+?)\s+into\s+(` + identifier + `)$`)
	stepped  = regexp.MustCompile(`^(` + identifier + `)\s*(\+\+|--)$`)
	pushed   = regexp.MustCompile(`^` + identifier + `\.push\(\s*"([^"]*)"\s*\)$`)
	emptied  = regexp.MustCompile(`^` + identifier + `\s*(?:to|=)\s*\[\s*\]$`)
	ownSum   = regexp.MustCompile(`^(it|` + identifier + `)\s*([-+])\s*(\d+)$`)
	clamped  = regexp.MustCompile(`^Math\.clamp\((.*),\s*0\s*,\s*100\s*\)$`)
)

// changes reads what is set, one after the other.
func (r *reader) changes(src string) []*change {
	var all []*change
	for _, s := range statements(src) {
		if m := pushed.FindStringSubmatch(s); m != nil {
			all = append(all, &change{line: r.line, push: m[1]})
			continue
		}
		if s == reading || emptied.MatchString(s) {
			continue
		}
		c, ok := readChange(s)
		if c.name == "" {
			r.story.Note(r.line, s, "这条语句没有搬。")
			continue
		}
		x := r.variables.named(c.name, r.line)
		if !ok {
			r.story.Note(r.line, s, "这行运算没有搬：仪表只能加、减或设成一个数。")
			x.odd = true
			continue
		}
		c.line = r.line
		x.changes = append(x.changes, &c)
		all = append(all, &c)
	}
	return all
}

// statements splits at the commas and semicolons outside brackets and quotes.
func statements(src string) []string {
	var all []string
	depth, quote, begin := 0, byte(0), 0
	part := func(end int) {
		if s := strings.TrimSpace(src[begin:end]); s != "" {
			all = append(all, s)
		}
		begin = end + 1
	}
	for i := range len(src) {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			depth++
		case c == ')' || c == ']' || c == '}':
			depth--
		case (c == ',' || c == ';') && depth <= 0:
			part(i)
		}
	}
	part(max(begin, len(src)))
	return all
}

// readChange reads one statement. Not ok means that no meter can do it.
func readChange(s string) (c change, ok bool) {
	if m := stepped.FindStringSubmatch(s); m != nil {
		return change{name: m[1], n: map[string]int{"++": 1, "--": -1}[m[2]]}, true
	}
	value, sign := "", "="
	if m := assigned.FindStringSubmatch(s); m != nil {
		c.name, sign, value = m[1], strings.TrimSpace(m[2]), m[3]
	} else if m := putInto.FindStringSubmatch(s); m != nil {
		c.name, value = m[2], m[1]
	} else {
		return c, false
	}
	if m := clamped.FindStringSubmatch(value); m != nil {
		value = strings.TrimSpace(m[1])
	}
	c.set = sign == "=" || sign == "to"
	if m := ownSum.FindStringSubmatch(value); m != nil && c.set && (m[1] == "it" || m[1] == c.name) {
		c.set, sign, value = false, m[2]+"=", m[3]
	}
	switch value {
	case "true", "false":
		c.truth = true
		c.n = map[string]int{"true": 1}[value]
		return c, c.set
	}
	n, err := strconv.Atoi(value)
	if c.n = n; sign == "-=" {
		c.n = -n
	}
	return c, err == nil
}

// begin takes what is set before anything else for the variables' starts.
func (v *variables) begin(nodes []*node) {
	for _, n := range nodes {
		for _, c := range n.changes {
			if x := v.byName[c.name]; x != nil && c.set {
				x.start, x.truth = c.n, c.truth
				x.changes = slices.DeleteFunc(x.changes, func(y *change) bool { return y == c })
			}
		}
	}
}

// settle finds out what becomes of the variables.
func (v *variables) settle(story *draft.Story) {
	for _, x := range v.order {
		if x.flag = x.isFlag(); x.flag {
			continue
		}
		ok := x.measure()
		if ok {
			wanted := x.meant
			if wanted == "" {
				wanted = strings.TrimLeft(x.name, "$_")
			}
			x.meter, ok = story.Meter(wanted, x.start*x.scale)
		}
		switch {
		case !ok:
			x.scale = 0
			story.Note(x.line, x.name, "这个变量没有变成仪表：仪表最多 %d 个，只有 0–100、每步 5；和它有关的运算和条件也没有搬。", roleplay.MaxMeters)
		case x.meant == "":
			story.Note(x.line, x.name, "变量变成了仪表，原来的 1 记 %d，到 0 和 100 为止。", x.scale)
		}
	}
}

// isFlag reports whether the variable only tells that something has happened:
// an option has been chosen, or a passage told.
func (x *variable) isFlag() bool {
	return x.start == 0 && !x.odd && len(x.changes) > 0 && !slices.ContainsFunc(x.changes, func(c *change) bool {
		return !c.comes() || c.left == nil && (c.link == nil && c.deep || c.link != nil && c.link.id < 0 && len(c.link.within) > 0)
	})
}

// comes reports whether the variable becomes true.
func (c *change) comes() bool { return c.set && c.truth && c.n == 1 }

// measure finds the scale at which the variable fits a meter.
func (x *variable) measure() bool {
	fits := func(most, step int) bool {
		return !x.odd && x.start >= 0 && x.start <= most && x.start%step == 0 && !slices.ContainsFunc(x.changes, func(c *change) bool {
			return c.n > most || c.n < -most || c.n < 0 && c.set || c.n%step != 0
		})
	}
	truth := x.truth
	for _, c := range x.changes {
		truth = truth || c.truth
	}
	switch {
	case truth && fits(1, 1):
		x.scale = 100
	case fits(100, 5):
		x.scale = 1
	case fits(20, 1):
		x.scale = 5
	}
	return x.scale > 0
}
