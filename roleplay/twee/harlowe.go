package twee

import (
	"cmp"
	"regexp"
	"strings"
)

// anyHook closes a hook of no meaning, onlyLink a condition on one link.
const (
	anyHook  = "]"
	onlyLink = "]]"
)

var harloweHead = regexp.MustCompile(`^\(([A-Za-z][A-Za-z-]*):\s*`)

// hooks reads Harlowe's (macro: …) and the [hooks] behind it.
func (r *reader) hooks(rest string) {
	switch rest[0] {
	case '[':
		r.push(frame{closer: anyHook}, r.into)
		r.skip(1)
		return
	case ']':
		if len(r.stack) > 0 {
			r.pop()
			r.skip(1)
			return
		}
		r.plain(1)
		return
	}
	m := harloweHead.FindStringSubmatch(rest[:min(len(rest), 64)])
	_, n := r.before(rest, "(", ")", min(len(rest), longestMacro))
	if n > 0 {
		n = bracketEnd(rest)
	}
	if m == nil || n == 0 {
		r.plain(1)
		return
	}
	args := strings.TrimSpace(rest[len(m[0]) : n-1])
	r.harloweMacro(strings.ToLower(strings.ReplaceAll(m[1], "-", "")), rest[:n], args, rest[n:])
	r.skip(n + r.hooked)
	r.hooked = 0
}

// longestMacro bounds the search for the end of a macro.
const longestMacro = 1 << 10

// bracketEnd is the length of (…) at the start of s, 0 when it is not closed.
func bracketEnd(s string) int {
	depth, quote := 0, byte(0)
	for i := 0; i < len(s) && i < longestMacro; i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

func (r *reader) harloweMacro(name, whole, args, rest string) {
	switch name {
	case "set", "put":
		r.flush()
		r.change(args)
	case "if", "unless":
		r.flush()
		n := &node{kind: forked, line: r.line}
		r.add(n)
		r.hook(n, &arm{cond: args, not: name == "unless"}, whole, rest)
	case "elseif", "else":
		r.flush()
		k := len(*r.into) - 1
		if k < 0 || (*r.into)[k].kind != forked {
			r.story.Note(r.line, whole, "前面没有 (if:)，没有用。")
			return
		}
		r.hook((*r.into)[k], &arm{cond: args, last: name == "else"}, whole, rest)
	case "linkgoto":
		if text, target := macroArguments(args); text != "" {
			r.place(r.newLink(text, cmp.Or(target, text)))
		}
	case "linkrevealgoto":
		text, target := macroArguments(args)
		r.hookedLink(text, cmp.Or(target, text), whole, rest)
	case "link", "linkreplace", "linkreveal", "linkrepeat":
		text, _ := macroArguments(args)
		r.hookedLink(text, "", whole, rest)
	case "goto":
		r.goTo(args)
	case "print":
		r.story.Note(r.line, whole, "这里原来显示变量或函数的值，没有搬，写成了“……”。")
		r.raw("……")
	default:
		r.story.Note(r.line, whole, "这个宏没有搬。")
	}
}

// hookedLink opens the hook behind a link: what happens when it is taken.
func (r *reader) hookedLink(text, target, whole, rest string) {
	after := strings.TrimLeft(rest, " \t\n")
	if text == "" || !strings.HasPrefix(after, "[") {
		r.story.Note(r.line, whole, "这个宏没有搬。")
		return
	}
	var body []*node
	r.push(frame{closer: anyHook, link: r.newLink(text, target)}, &body)
	r.hooked = len(rest) - len(after) + 1
}

// hook opens the hook or the link that an alternative stands before.
func (r *reader) hook(n *node, a *arm, whole, rest string) {
	after := strings.TrimLeft(rest, " \t\n")
	if !strings.HasPrefix(after, "[") {
		r.story.Note(r.line, whole, "条件后面没有方括号，没有用。")
		return
	}
	r.arm(n, a)
	f := frame{closer: anyHook, fork: n}
	if strings.HasPrefix(after, "[[") && !strings.HasPrefix(after, "[[[") {
		f.closer = onlyLink
	}
	r.push(f, &a.nodes)
	if f.closer == anyHook {
		r.hooked = len(rest) - len(after) + 1
	}
}
