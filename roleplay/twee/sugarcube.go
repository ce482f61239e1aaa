package twee

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	macroHead = regexp.MustCompile(`^(/?[A-Za-z][\w-]*|[=-])\s*`)
	quoted    = regexp.MustCompile(`"([^"]*)"|'([^']*)'`)
)

// What is open until it is closed.
const (
	anyIf   = "<<if>>"
	anyLink = "<<link>>"
)

// containers only shape what is in them.
var containers = map[string]bool{
	"nobr": true, "silently": true, "silent": true, "do": true, "done": true, "actions": true, "capture": true,
}

// macro reads <<…>>.
func (r *reader) macro(rest string) {
	inner, n := r.macroText(rest)
	if n == 0 {
		r.plain(2)
		return
	}
	inner = strings.TrimSpace(inner)
	head := macroHead.FindString(inner)
	name, args := strings.TrimSpace(head), inner[len(head):]
	switch name {
	case "if":
		r.fork(anyIf, &arm{cond: args})
	case "elseif", "else":
		r.otherwise(inner, args)
	case "set", "run":
		r.flush()
		r.change(args)
	case "link", "button", "click":
		r.openLink(name, args)
	case "timed":
		r.openTimed(inner, args)
	case "goto":
		r.goTo(args)
	case "script":
		if _, m := r.until(rest, "<<script", "<</script>>"); m > 0 {
			n = m
		}
		r.story.Note(r.line, "<<script>>", "程序没有搬。")
	case "=", "-", "print":
		r.story.Note(r.line, inner, "这里原来显示变量或函数的值，没有搬，写成了“……”。")
		r.raw("……")
	case "return", "back":
		if !r.at.tagged(tagDocument) {
			r.story.Note(r.line, "<<"+inner+">>", "“返回上一段”没有搬：请写明去哪里。")
		}
	default:
		r.closeMacro(name, inner)
	}
	r.skip(n)
}

// macroText is what stands between << and >>. A >> within quotes does not close.
func (r *reader) macroText(rest string) (inner string, n int) {
	inner, n = r.until(rest, "<<", ">>")
	for tries := 0; n > 0 && tries < 8 && strings.Count(inner, `"`)%2 == 1; tries++ {
		i := strings.Index(rest[n:], ">>")
		if i < 0 {
			break
		}
		inner, n = rest[2:n+i], n+i+2
	}
	return inner, n
}

// otherwise opens the next alternative of the fork that is open.
func (r *reader) otherwise(inner, args string) {
	top := len(r.stack) - 1
	if top < 0 || r.stack[top].closer != anyIf {
		r.story.Note(r.line, "<<"+inner+">>", "前面没有 <<if>>，没有用。")
		return
	}
	r.flush()
	args = strings.TrimPrefix(args, "if ")
	a := &arm{cond: args, last: args == ""}
	r.arm(r.stack[top].fork, a)
	r.into = &a.nodes
}

// closeMacro reads what ends something, and notes what a 剧本 has no words for.
func (r *reader) closeMacro(name, inner string) {
	closes := map[string]string{"/if": anyIf, "endif": anyIf, "/link": anyLink, "/button": anyLink, "/click": anyLink, "/timed": anyLink}[name]
	top := len(r.stack) - 1
	switch {
	case closes != "" && top >= 0 && r.stack[top].closer == closes:
		r.pop()
	case strings.HasPrefix(name, "/") || containers[name]:
	default:
		r.story.Note(r.line, "<<"+inner+">>", "这个宏没有搬。")
	}
}

// change has variables set where the passage has come to.
func (r *reader) change(src string) {
	changes := r.changes(src)
	if changes == nil {
		return
	}
	for _, c := range changes {
		c.in, c.deep = r.at, len(r.stack) > 0
	}
	r.add(&node{kind: changed, line: r.line, changes: changes})
}

// openLink reads <<link "text" "target">> or <<link [[text|target]]>>, whose
// body is what happens when it is taken.
func (r *reader) openLink(name, args string) {
	text, target := macroArguments(args)
	if text == "" {
		r.story.Note(r.line, name+" "+args, "这个链接没有写明文字，没有搬。")
		return
	}
	l := r.newLink(text, target)
	var body []*node
	r.push(frame{closer: anyLink, link: l}, &body)
}

// openTimed reads <<timed 20s>>, whose body is what happens then.
func (r *reader) openTimed(inner, args string) {
	n, err := strconv.Atoi(strings.TrimSuffix(args, "s"))
	if err != nil || n < 1 || n > 1<<10 {
		r.story.Note(r.line, "<<"+inner+">>", "时限要写成整数秒，没有搬。")
		return
	}
	l := r.newLink("", "")
	l.seconds = n
	var body []*node
	r.push(frame{closer: anyLink, link: l}, &body)
}

// linkBody ends a link that has a body: what it sets, and where it goes unless
// that was said before.
func (r *reader) linkBody(f frame) {
	l, body, links := f.link, *r.into, r.at.links[f.links:]
	r.into, r.at.links = f.outer, r.at.links[:f.links]
	for _, n := range body {
		if l.target == "" && n.kind == linked && n.link.jumps {
			l.target, l.push = n.link.target, n.link.push
			n.changes = n.link.changes
		}
	}
	switch {
	case l.target == "" && (l.seconds > 0 || r.harlowe):
		if l.seconds > 0 {
			r.story.Note(l.line, "<<timed>>", "过一会儿才出现的内容，当作马上出现。")
		} else {
			r.story.Note(l.line, l.text, "点了链接才出现的内容，当作一开始就有。")
		}
		*r.into = append(*r.into, body...)
		r.at.links = append(r.at.links, links...)
		return
	case l.target == "":
		r.story.Note(l.line, l.text, "这个链接不去别的段落，没有搬。")
		return
	}
	for _, n := range body {
		for _, c := range n.changes {
			l.take(c)
		}
		switch n.kind {
		case said:
			r.story.Note(n.line, n.text, "点了链接才出现的内容没有搬。")
		case forked:
			r.story.Note(n.line, anyIf, "点了链接才出现的内容没有搬。")
		}
	}
	r.place(l)
}

// macroArguments are the text and the target of a link or a jump.
func macroArguments(args string) (text, target string) {
	if strings.HasPrefix(args, "[[") {
		inner, _, _ := strings.Cut(args[2:], "]]")
		return linkEnds(inner)
	}
	var all []string
	for _, m := range quoted.FindAllStringSubmatch(args, 2) {
		all = append(all, m[1]+m[2])
	}
	switch len(all) {
	case 0:
		return "", ""
	case 1:
		return all[0], ""
	}
	return all[0], all[1]
}

// goTo reads a jump.
func (r *reader) goTo(args string) {
	text, target := macroArguments(args)
	if target == "" {
		target = text
	}
	if target == "" {
		r.story.Note(r.line, "goto "+args, "跳转的目标是算出来的，没有搬。")
		return
	}
	r.flush()
	l := r.newLink("", target)
	l.jumps = true
	for k := len(*r.into) - 1; k >= 0 && (*r.into)[k].kind == changed; k-- {
		for _, c := range (*r.into)[k].changes {
			l.take(c)
		}
		*r.into = (*r.into)[:k]
	}
	r.place(l)
}
