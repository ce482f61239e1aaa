package ink

import (
	"regexp"
	"strings"

	"qibu/roleplay/draft"
)

// top finds a sign outside braces, brackets of a call, strings and escapes, -1
// when there is none.
func top(s, sign string) int {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case depth == 0 && !quoted && strings.HasPrefix(s[i:], sign):
			return i
		case s[i] == '"' && depth > 0:
			quoted = !quoted
		case s[i] == '{':
			depth++
		case s[i] == '}':
			depth, quoted = max(0, depth-1), false
		}
	}
	return -1
}

// closing finds the brace that closes the one at open.
func closing(s string, open int) int {
	depth := 0
	for i := open; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

var target = regexp.MustCompile(`^([\p{L}\p{N}_.]+)\s*(\(.*\))?`)

// arrows takes the tag and the diverts off the end of a line.
func (r *reader) arrows(number int, s string) (rest string, arrows []arrow) {
	if i := top(s, "#"); i >= 0 {
		if tag := s[i:]; !titleTag.MatchString(tag) {
			r.story.Note(number, tag, "标签（#）没有搬：它是写给别的程序看的。")
		}
		s = s[:i]
	}
	begin := top(s, "->")
	if begin < 0 {
		return s, nil
	}
	rest, s = s[:begin], strings.TrimSpace(s[begin:])
	if s == "->->" {
		return rest, []arrow{{back: true}}
	}
	steps := strings.Split(strings.TrimPrefix(strings.TrimPrefix(s, "->"), "->"), "->") // ->-> to: not back, but there
	for i, step := range steps {
		m := target.FindStringSubmatch(strings.TrimSpace(step))
		if m == nil {
			continue
		}
		if m[2] != "" {
			r.story.Note(number, m[0], "带参数的跳转：参数没有搬，只保留了跳转。")
		}
		r.diverted[m[1][strings.LastIndex(m[1], ".")+1:]] = true
		arrows = append(arrows, arrow{to: m[1], call: i < len(steps)-1})
	}
	return rest, arrows
}

// parts reads the words of a line.
func (r *reader) parts(number int, s string) []part {
	var parts []part
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, part{text: plain.String()})
			plain.Reset()
		}
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i++; i < len(s) {
				plain.WriteByte(s[i])
			}
		case '{':
			end := closing(s, i)
			if end < 0 {
				r.story.Note(number, s[i:], "花括号没有合上，当作普通文字。")
				plain.WriteString(s[i+1:])
				i = len(s)
				continue
			}
			if err := r.story.Part(); err != nil && r.err == nil {
				r.err = err
			}
			flush()
			x := r.brace(number+strings.Count(s[:i], "\n"), s[i+1:end])
			x.end = number + strings.Count(s[:end], "\n")
			parts = append(parts, x)
			i = end
		default:
			plain.WriteByte(s[i])
		}
	}
	flush()
	return parts
}

var (
	annotated = regexp.MustCompile(`^(?:(?:stopping|cycle|shuffle|once)\s*)+:`)
	dashed    = regexp.MustCompile(`^-\s*`)
)

// brace reads what stands between braces.
func (r *reader) brace(number int, inner string) part {
	if r.depth++; r.depth > draft.MaxDepth {
		r.err = draft.ErrDeep
	}
	defer func() { r.depth-- }()
	if r.err != nil {
		return part{}
	}
	trimmed := strings.TrimSpace(inner)
	colon := top(inner, ":")
	switch {
	case trimmed == "":
		return part{}
	case strings.ContainsAny(trimmed[:1], "&!~$"):
		return r.sequence(number, inner, strings.TrimLeft(trimmed, "&!~$ "))
	case annotated.MatchString(trimmed):
		steps := r.split(number, inner[colon+1:])
		if len(steps) > 1 {
			return r.sequence(number, inner, steps[1].text())
		}
		return r.sequence(number, inner, "")
	case strings.HasPrefix(trimmed, "-") && !strings.HasPrefix(trimmed, "->"):
		return part{arms: r.arms(number, "", inner)}
	case colon >= 0 && strings.Contains(inner, "\n"):
		return part{arms: r.arms(number, strings.TrimSpace(inner[:colon]), inner[colon+1:])}
	case colon >= 0:
		return part{arms: r.inline(number, strings.TrimSpace(inner[:colon]), inner[colon+1:])}
	case top(inner, "|") >= 0:
		return r.sequence(number, inner, trimmed)
	}
	r.story.Note(number, "{"+inner+"}", "这里原来显示变量或函数的值，没有搬，写成了“……”。")
	return part{text: "……"}
}

// sequence keeps the first of alternatives that come one after the other.
func (r *reader) sequence(number int, inner, steps string) part {
	first := steps
	if i := top(steps, "|"); i >= 0 {
		first = steps[:i]
	}
	r.story.Note(number, "{"+inner+"}", "轮换的文字没有搬，只留了第一种。")
	return part{arms: []arm{{last: true, nodes: r.nested(number, first)}}}
}

// inline reads `条件: 甲|乙` after its colon.
func (r *reader) inline(number int, condition, rest string) []arm {
	yes, no := rest, ""
	bar := top(rest, "|")
	if bar >= 0 {
		yes, no = rest[:bar], rest[bar+1:]
	}
	arms := []arm{{guard: guard{line: number, text: condition}, nodes: r.nested(number, yes)}}
	if bar >= 0 {
		arms = append(arms, arm{last: true, nodes: r.nested(number, no)})
	}
	return arms
}

// nested reads an alternative that stands within its line.
func (r *reader) nested(number int, s string) []*node {
	rest, arrows := r.arrows(number, s)
	say := r.parts(number, rest)
	if len(say)+len(arrows) == 0 {
		return nil
	}
	return []*node{{kind: text, line: number, say: say, arrows: arrows, scope: r.scope}}
}

// lines reads an alternative that has lines of its own.
func (r *reader) lines(number int, lines []string) []*node {
	folded, err := fold(lines, number)
	if err != nil {
		r.err = err
		return nil
	}
	return r.block(folded)
}

// step is what follows one dash of a brace over several lines. The first is
// what stands before any dash.
type step struct {
	number int
	lines  []string
}

func (s step) text() string { return strings.TrimSpace(strings.Join(s.lines, "\n")) }

func (r *reader) split(number int, inner string) []step {
	steps := []step{{number: number}}
	depth := 0
	for i, l := range strings.Split(inner, "\n") {
		l = strings.TrimSpace(l)
		if depth == 0 && strings.HasPrefix(l, "-") && !strings.HasPrefix(l, "->") {
			steps = append(steps, step{number: number + i})
			l = dashed.ReplaceAllString(l, "")
		}
		depth = max(0, depth+strings.Count(l, "{")-strings.Count(l, "}"))
		s := &steps[len(steps)-1]
		s.lines = append(s.lines, l)
	}
	return steps
}

// arms reads the alternatives of a brace over several lines: each after a dash
// with a condition of its own, or a value of subject, or the one before any
// dash, told when subject holds.
func (r *reader) arms(number int, subject, inner string) []arm {
	var arms []arm
	for i, s := range r.split(number, inner) {
		if s.text() == "" && i == 0 {
			continue
		}
		head, rest := "", s.lines[0]
		if k := top(s.lines[0], ":"); i > 0 && k >= 0 {
			head, rest = strings.TrimSpace(s.lines[0][:k]), s.lines[0][k+1:]
		}
		a := arm{guard: guard{line: s.number, text: head}, last: head == "else" || i > 0 && head == ""}
		switch {
		case i == 0 || head == "" && len(arms) == 0 && subject != "":
			a.guard.text, a.last = subject, false
		case subject != "" && len(arms) > 0 && arms[0].guard.text == subject:
		case subject != "" && !a.last:
			a.guard.text = subject + " == " + head
		}
		a.nodes = r.lines(s.number, append([]string{strings.TrimSpace(rest)}, s.lines[1:]...))
		arms = append(arms, a)
	}
	return arms
}
