package draft

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"qibu/roleplay"
)

// Term is what a name in a condition stands for: a meter, each of whose units
// is Scale steps of the meter's, or something that has happened.
type Term struct {
	Meter, Scale int
	Happened     *roleplay.Condition
}

// Grammar reads the conditions of a notation.
type Grammar struct {
	Words map[string]string // and or not and comparisons that are written as words
	// Term looks up a name with what stands in brackets right behind it.
	Term func(name string, arguments []string) (Term, bool)
}

var errCondition = errors.New("condition not understood")

// Condition reads a condition. An error means that a 剧本 cannot say it.
func (g Grammar) Condition(text string) (roleplay.Condition, error) {
	r := &expression{Grammar: g}
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		t := token.FindString(rest)
		if g.Words[strings.ToLower(t)] == "" && called.MatchString(rest) {
			t = called.FindString(rest)
		}
		if t == "" {
			return Never, errCondition
		}
		r.tokens = append(r.tokens, t)
		rest = rest[len(t):]
	}
	c := r.either()
	if r.failed || len(r.tokens) > 0 {
		return Never, errCondition
	}
	return c, nil
}

var (
	token    = regexp.MustCompile(`^(?:\d+(?:\.\d+)?|[$_\p{L}][$\p{L}\p{N}_.]*|&&|\|\||[<>=!]=|[<>=!()-])`)
	called   = regexp.MustCompile(`^([$_\p{L}][$\p{L}\p{N}_.]*)(?:\(((?:"[^"]*"|'[^']*'|[^()"'])*)\)|\[((?:"[^"]*"|'[^']*'|[^\[\]"'])*)\])`)
	argument = regexp.MustCompile(`"([^"]*)"|'([^']*)'|([^\s,"']+)`)
)

type expression struct {
	Grammar
	tokens []string
	depth  int
	failed bool
}

func (r *expression) bad() roleplay.Condition {
	r.failed = true
	return Never
}

// next is the sign or word to come, in one spelling.
func (r *expression) next() string {
	if len(r.tokens) == 0 || r.failed {
		return ""
	}
	t := r.tokens[0]
	if w := r.Words[strings.ToLower(t)]; w != "" {
		return w
	}
	if w := spelled[t]; w != "" {
		return w
	}
	return t
}

var spelled = map[string]string{"&&": "and", "||": "or", "!": "not", "=": "=="}

func (r *expression) take() { r.tokens = r.tokens[1:] }

func (r *expression) either() roleplay.Condition { return r.chain("or", Any, r.both) }
func (r *expression) both() roleplay.Condition   { return r.chain("and", All, r.one) }

func (r *expression) chain(word string, join func(...roleplay.Condition) roleplay.Condition, part func() roleplay.Condition) roleplay.Condition {
	parts := []roleplay.Condition{part()}
	for !r.failed && r.next() == word {
		r.take()
		parts = append(parts, part())
	}
	return join(parts...)
}

func (r *expression) one() roleplay.Condition {
	if r.depth++; r.depth > MaxDepth {
		return r.bad()
	}
	defer func() { r.depth-- }()
	switch r.next() {
	case "":
		return r.bad()
	case "not":
		r.take()
		return Not(r.one())
	case "(":
		r.take()
		c := r.either()
		if r.next() != ")" {
			return r.bad()
		}
		r.take()
		return c
	}
	return r.comparison()
}

// value is one side of a comparison: a number, a truth, or what a name stands for.
type value struct {
	number int
	truth  bool
	*Term
}

var truths = map[string]int{"true": 1, "false": 0}

func (r *expression) value() value {
	minus := 1
	if r.next() == "-" {
		r.take()
		minus = -1
	}
	word := r.next()
	if word == "" {
		r.failed = true
		return value{}
	}
	r.take()
	if n, err := strconv.Atoi(word); err == nil && n <= 1<<20 {
		return value{number: minus * n}
	}
	if n, ok := truths[word]; ok {
		return value{number: n, truth: true}
	}
	head, inner := word, ""
	if m := called.FindStringSubmatch(word); m != nil {
		head, inner = m[1], m[2]+m[3]
	}
	var arguments []string
	for _, a := range argument.FindAllStringSubmatch(inner, -1) {
		arguments = append(arguments, a[1]+a[2]+a[3])
	}
	t, ok := r.Term(head, arguments)
	r.failed = r.failed || !ok || minus < 0
	return value{Term: &t}
}

var mirrored = map[string]string{">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}

func (r *expression) comparison() roleplay.Condition {
	left := r.value()
	op := r.next()
	if mirrored[op] == "" {
		return r.compare(left, "!=", value{})
	}
	r.take()
	right := r.value()
	if left.Term == nil {
		left, right, op = right, left, mirrored[op]
	}
	return r.compare(left, op, right)
}

// compare makes a condition of a name compared to a number. What has happened
// counts as one at least, so only its sign can be asked for.
func (r *expression) compare(left value, op string, right value) roleplay.Condition {
	n := right.number
	switch {
	case r.failed || right.Term != nil:
		return r.bad()
	case left.Term == nil:
		return constant(left.number, op, n)
	case left.Happened == nil:
		return roleplay.Condition{Op: op, Index: left.Meter, Value: n * left.Scale}
	case op == ">" && n == 0, op == ">=" && n == 1, op == "!=" && n == 0, op == "==" && n == 1 && right.truth:
		return *left.Happened
	case op == "<=" && n == 0, op == "<" && n == 1, op == "==" && n == 0, op == "!=" && n == 1 && right.truth:
		return Not(*left.Happened)
	}
	return r.bad()
}

func constant(left int, op string, right int) roleplay.Condition {
	holds := map[string]bool{
		">=": left >= right, "<=": left <= right, ">": left > right, "<": left < right, "==": left == right, "!=": left != right,
	}
	if holds[op] {
		return Always
	}
	return Never
}
