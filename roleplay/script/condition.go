package script

import (
	"strconv"
	"strings"

	"qibu/roleplay"
)

// condition reads `情绪>=40 且 (已看(工单) 或 非 去过(对账))`; 且 binds tighter than 或.
// nil means a problem was reported.
func (p *parser) condition(l line) *roleplay.Condition {
	r := &conditionReader{parser: p, line: l}
	c := r.either()
	r.space()
	if !r.failed && r.at < len(l.folded) {
		r.bad("「%s」之后看不懂", l.to(r.at))
	}
	if r.failed {
		return nil
	}
	return &c
}

// deepest is how far brackets and 非 may nest.
const deepest = 20

// conditionReader reads one condition from left to right and stops at its first problem.
type conditionReader struct {
	*parser
	line   line
	at     int
	depth  int
	failed bool
}

func (r *conditionReader) bad(format string, args ...any) roleplay.Condition {
	if !r.failed {
		r.fail(r.line.number, "条件「%s」："+format, append([]any{r.line}, args...)...)
	}
	r.failed = true
	return roleplay.Condition{}
}

func (r *conditionReader) either() roleplay.Condition { return r.chain('或', "or", r.both) }
func (r *conditionReader) both() roleplay.Condition   { return r.chain('且', "and", r.one) }

// chain reads one or more parts joined by the same word.
func (r *conditionReader) chain(word rune, op string, part func() roleplay.Condition) roleplay.Condition {
	first := part()
	if r.peek() != word {
		return first
	}
	c := roleplay.Condition{Op: op, Of: []roleplay.Condition{first}}
	for !r.failed && r.take(word) {
		c.Of = append(c.Of, part())
	}
	return c
}

func (r *conditionReader) one() roleplay.Condition {
	if r.depth++; r.depth > deepest {
		return r.bad("套得太深")
	}
	defer func() { r.depth-- }()
	switch {
	case r.take('非'):
		return roleplay.Condition{Op: "not", Of: []roleplay.Condition{r.one()}}
	case r.take('('):
		c := r.either()
		if !r.take(')') {
			return r.bad("括号没有合上")
		}
		return c
	}
	name := r.run(func(c rune) bool { return !strings.ContainsRune("()<>=!≥≤≠且或", c) })
	if r.peek() == '(' {
		return r.call(name)
	}
	return r.comparison(name)
}

// call reads 已看(资料), 去过(场景) or 选过(场景#n).
func (r *conditionReader) call(name line) roleplay.Condition {
	begin, depth := r.at+1, 0
	for ; r.at < len(r.line.folded); r.at++ {
		if r.line.folded[r.at] == '(' {
			depth++
		} else if r.line.folded[r.at] == ')' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if depth > 0 {
		return r.bad("括号没有合上")
	}
	argument := r.line.cut(begin, r.at)
	r.at++
	if condition, ok := r.happened(name, argument); ok {
		return condition
	}
	r.failed = true // what was wrong has been reported
	return roleplay.Condition{}
}

// happened is a condition on what has been done.
func (r *conditionReader) happened(name, argument line) (c roleplay.Condition, ok bool) {
	switch name.key() {
	case "已看":
		c.Op = "opened"
		c.Index, ok = r.documentNamed(argument)
	case "去过":
		c.Op = "left"
		c.Index, ok = r.sceneNamed(argument)
	case "选过":
		scene, n, found := r.optionNamed(argument)
		if ok = found; ok {
			c.Op, c.Index = "chosen", r.marks[scene].first+n
		}
	case "沉默过":
		scene, found := r.sceneNamed(argument)
		if ok = found && r.marks[scene].silence > 0; ok {
			c.Op, c.Index = "chosen", r.marks[scene].first+len(r.marks[scene].options)
		} else if found {
			r.bad("场景「%s」没有限时", argument)
		}
	default:
		r.bad("不认识「%s(…)」%s", name, suggest(name.key(), []string{"已看", "去过", "选过", "沉默过"}))
	}
	return c, ok
}

var comparisons = map[string]string{
	">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", ">": ">", "<": "<",
	"=": "==", "==": "==", "!=": "!=", "≠": "!=",
}

func (r *conditionReader) comparison(name line) roleplay.Condition {
	op := r.run(func(c rune) bool { return strings.ContainsRune("<>=!≥≤≠", c) })
	value := r.run(func(c rune) bool { return c == '-' || c >= '0' && c <= '9' })
	n, err := strconv.Atoi(value.key())
	meter := r.meter(name.key())
	switch {
	case meter < 0 && r.dimension(name.key()) >= 0:
		return r.bad("维度只计分，不能作条件；用仪表")
	case name.empty():
		return r.bad("少了一半，要写成「情绪>=40」这样")
	case meter < 0 && r.broken["仪表"]:
	case meter < 0:
		return r.bad("仪表「%s」没有声明%s", name, suggest(name.key(), r.meterNames()))
	case comparisons[op.key()] == "" || err != nil:
		return r.bad("要写成「%s>=40」", name)
	}
	return roleplay.Condition{Op: comparisons[op.key()], Index: meter, Value: n}
}

func (r *conditionReader) space() {
	for r.at < len(r.line.folded) && r.line.folded[r.at] == ' ' {
		r.at++
	}
}

func (r *conditionReader) peek() rune {
	r.space()
	if r.at == len(r.line.folded) {
		return 0
	}
	return r.line.folded[r.at]
}

func (r *conditionReader) take(c rune) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

// run takes the runes that belong, and the space around them away.
func (r *conditionReader) run(belongs func(rune) bool) line {
	r.space()
	begin := r.at
	for r.at < len(r.line.folded) && belongs(r.line.folded[r.at]) {
		r.at++
	}
	return r.line.cut(begin, r.at)
}
