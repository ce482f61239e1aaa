package ink

import (
	"regexp"
	"strings"

	"qibu/roleplay/draft"
)

type kind int

const (
	text kind = iota // a line of content
	choice
	gather
	logic
	offer // choices within a brace
)

// node is one thing of the flow. Choices and gathers are still in one row with
// what follows them; their levels tell what belongs to what.
type node struct {
	kind    kind
	line    int
	level   int     // of a choice or a gather
	label   string  // of a choice or a gather
	sticky  bool    // a choice that stays
	guards  []guard // all of them have to hold for a choice
	say     []part  // a line, or what a choice shows and says
	show    []part  // what a choice only shows: [ … ]
	tell    []part  // what a choice only says, after the brackets
	bracket bool    // a choice with brackets
	arrows  []arrow
	choices []*node // of an offer, with what follows them
	change  change
	scope   *scope
	scene   int // where a divert leads to; -1 until it is needed
	id      int // of the option
}

// part is text, or alternatives of which the first that holds is said.
type part struct {
	text string
	arms []arm
	end  int // line of its closing brace
}

// arm is an alternative: what of a brace is told when its guards hold.
type arm struct {
	guard guard
	last  bool // otherwise
	nodes []*node
}

type guard struct {
	line int
	text string
	not  bool
}

// arrow is a divert: to a target, to it and back, or back to whoever called.
type arrow struct {
	to   string
	call bool
	back bool
}

// reader turns lines into nodes and notes what a 剧本 has no words for.
type reader struct {
	story     *draft.Story
	scope     *scope
	variables *variables
	diverted  map[string]bool // last names of what diverts lead to
	depth     int
	err       error
}

var (
	bullets  = regexp.MustCompile(`^(?:[*+]\s*)+`)
	dashes   = regexp.MustCompile(`^(?:-\s*)+`)
	labelled = regexp.MustCompile(`^\(\s*([\p{L}\p{N}_]+)\s*\)\s*`)
	bare     = regexp.MustCompile(`^[*+][*+\s]*(?:\(\s*[\p{L}\p{N}_]+\s*\)\s*)?(?:\{[^{}:|]*\}\s*)*$`)
	marked   = regexp.MustCompile(`^(?:[*+~=#<-]|VAR\s|CONST\s|TODO:)`)
)

// block reads the flow of a knot, a stitch or an arm.
func (r *reader) block(lines []line) []*node {
	var nodes []*node
	for i, l := range lines {
		if i+1 < len(lines) && bare.MatchString(l.text) && !marked.MatchString(lines[i+1].text) {
			lines[i+1] = line{l.number, l.text + " " + lines[i+1].text} // its words are on the next line
			continue
		}
		if err := r.story.Part(); err != nil {
			r.err = err
		}
		if r.err != nil {
			return nil
		}
		nodes = r.line(nodes, l)
	}
	return nodes
}

func (r *reader) line(nodes []*node, l line) []*node {
	switch s := l.text; {
	case strings.HasPrefix(s, "TODO:"):
		return nodes
	case strings.HasPrefix(s, "~"):
		return r.logic(nodes, l)
	case strings.HasPrefix(s, "<-"):
		r.story.Note(l.number, s, "线程（<-）没有搬。请把它的选项写进这个场景。")
		return nodes
	case declaration.MatchString(s):
		return nodes // read before
	case s[0] == '*' || s[0] == '+':
		return append(nodes, r.choice(l))
	case s[0] == '-' && !strings.HasPrefix(s, "->"):
		return r.gather(nodes, l)
	default:
		return r.content(nodes, l)
	}
}

// marks counts the marks of a choice or a gather and cuts them and the label off.
func (r *reader) marks(s string, pattern *regexp.Regexp, signs string) (level int, label, rest string) {
	mark := pattern.FindString(s)
	if strings.HasPrefix(s[len(mark):], ">") && strings.HasSuffix(mark, "-") {
		mark = mark[:len(mark)-1] // the last dash begins an arrow
	}
	for _, c := range mark {
		if strings.ContainsRune(signs, c) {
			level++
		}
	}
	if level > draft.MaxDepth {
		r.err = draft.ErrDeep
	}
	rest = s[len(mark):]
	if m := labelled.FindStringSubmatch(rest); m != nil {
		label, rest = m[1], rest[len(m[0]):]
	}
	return level, label, rest
}

func (r *reader) gather(nodes []*node, l line) []*node {
	level, label, rest := r.marks(l.text, dashes, "-")
	g := &node{kind: gather, line: l.number, level: level, label: label, scope: r.scope, scene: -1}
	r.scope.label(g)
	nodes = append(nodes, g)
	if rest = strings.TrimSpace(rest); rest == "" {
		return nodes
	}
	return r.line(nodes, line{l.number, rest})
}

func (r *reader) choice(l line) *node {
	c := &node{kind: choice, line: l.number, sticky: l.text[0] == '+', scope: r.scope, scene: -1, id: r.story.OptionID()}
	var rest string
	c.level, c.label, rest = r.marks(l.text, bullets, "*+")
	for {
		inner, after, ok := conditioned(rest)
		if !ok {
			break
		}
		c.guards = append(c.guards, guard{line: l.number, text: inner})
		rest = strings.TrimSpace(after)
	}
	if m := labelled.FindStringSubmatch(rest); m != nil && c.label == "" {
		c.label, rest = m[1], rest[len(m[0]):]
	}
	r.scope.label(c)
	rest, c.arrows = r.arrows(l.number, rest)
	before, inside, after, found := brackets(rest)
	c.bracket = found
	c.say, c.show, c.tell = r.parts(l.number, before), r.parts(l.number, inside), r.parts(l.number, after)
	return c
}

// conditioned takes a condition in braces off what a choice begins with.
func conditioned(s string) (inner, after string, ok bool) {
	if !strings.HasPrefix(s, "{") {
		return "", s, false
	}
	end := closing(s, 0)
	if end < 0 {
		return "", s, false
	}
	inner = strings.TrimSpace(s[1:end])
	if inner == "" || top(inner, ":") >= 0 || top(inner, "|") >= 0 && !strings.Contains(inner, "||") || strings.ContainsAny(inner[:1], "&!~$") && !negated.MatchString(inner) {
		return "", s, false
	}
	return inner, s[end+1:], true
}

var negated = regexp.MustCompile(`^!\s*[\p{L}_(]`)

// brackets splits the words of a choice at its first [ … ].
func brackets(s string) (before, inside, after string, found bool) {
	open := top(s, "[")
	if open < 0 {
		return s, "", "", false
	}
	n := top(s[open+1:], "]")
	if n < 0 {
		return s[:open], s[open+1:], "", true
	}
	return s[:open], s[open+1 : open+1+n], s[open+n+2:], true
}

// content reads a line that is said, joined to the one before where there is glue.
func (r *reader) content(nodes []*node, l line) []*node {
	rest, arrows := r.arrows(l.number, l.text)
	rest = strings.TrimSpace(rest)
	glued := strings.HasPrefix(rest, "<>")
	n := &node{kind: text, line: l.number, say: r.parts(l.number, rest), arrows: arrows, scope: r.scope}
	if n.choices = expand(n); n.choices != nil {
		n.kind = offer
		return append(nodes, n)
	}
	if k := len(nodes) - 1; k >= 0 && nodes[k].kind == text && len(nodes[k].arrows) == 0 && (glued || nodes[k].glue()) {
		n.say, n.line = append(nodes[k].say, n.say...), nodes[k].line
		nodes = nodes[:k]
	}
	return append(nodes, n)
}

// glue reports whether the line asks the next one to follow on it.
func (n *node) glue() bool {
	return len(n.say) > 0 && strings.HasSuffix(strings.TrimSpace(n.say[len(n.say)-1].text), glue)
}

const glue = "<>"

// expand takes the choices out of a brace that holds nothing else, under its
// conditions: they are offered with the choices around them.
func expand(n *node) []*node {
	if len(n.say) != 1 || len(n.arrows) > 0 {
		return nil
	}
	var found []*node
	var before []guard
	offers := false
	for _, a := range n.say[0].arms {
		guards := append([]guard(nil), before...)
		if !a.last {
			guards = append(guards, a.guard)
		}
		for _, m := range a.nodes {
			if m.kind == choice {
				m.guards = append(append([]guard(nil), guards...), m.guards...)
				offers = true
			}
			found = append(found, m)
		}
		opposite := a.guard
		opposite.not = true
		before = append(before, opposite)
	}
	if !offers || found[0].kind != choice {
		return nil
	}
	return found
}
