package twee

import (
	"html"
	"regexp"
	"strings"

	"qibu/roleplay/draft"
)

// maxArms is how many alternatives one condition may have.
const maxArms = 32

// reader reads the bodies of passages and notes what a 剧本 has no words for.
type reader struct {
	story     *draft.Story
	variables *variables
	harlowe   bool
	chapbook  bool
	err       error

	at     *passage
	body   string
	pos    int
	line   int            // at pos
	absent map[string]int // by sign: as far as this place of the body it is known not to come
	stack  []frame
	into   *[]*node

	text   strings.Builder // finished words of the line
	run    strings.Builder // words of the line as written
	begins bool            // the run begins the line
	titled bool            // the line is a heading
	linked bool            // there was a link in the line
	hooked int             // bytes of a hook's beginning, still to be skipped
}

// frame is something open: a fork, a link with a body, or a hook.
type frame struct {
	closer string
	line   int
	fork   *node
	link   *link
	links  int // of the passage when it was opened
	outer  *[]*node
}

func (r *reader) read(p *passage) {
	r.at, r.body, r.pos, r.line = p, strings.Join(p.body, "\n"), 0, p.line+1
	r.absent, r.stack, r.into = map[string]int{}, nil, &p.nodes
	r.begins, r.linked = true, false
	if r.chapbook {
		r.vars()
	}
	for r.pos < len(r.body) && r.err == nil {
		r.step()
	}
	r.flush()
	for len(r.stack) > 0 {
		if f := r.stack[len(r.stack)-1]; f.closer != anyHook {
			r.story.Note(f.line, f.closer, "没有合上，读到这一段的末尾为止。")
		}
		r.pop()
	}
}

// step reads one sign or whatever begins here.
func (r *reader) step() {
	rest := r.body[r.pos:]
	switch c := rest[0]; {
	case c == '\n':
		r.flush()
		r.begins, r.linked = true, false
		r.skip(1)
	case strings.HasPrefix(rest, nowiki) && !r.harlowe && !r.chapbook:
		r.literal(rest)
	case strings.HasPrefix(rest, "[["):
		r.bracketLink(rest)
	case c == '[' && strings.EqualFold(rest[:min(5, len(rest))], "[img["):
		r.image(rest)
	case strings.HasPrefix(rest, "<<") && !r.harlowe:
		r.macro(rest)
	case c == '/' || c == '<':
		r.comment(rest)
	case r.harlowe && (c == '(' || c == '[' || c == ']'):
		r.hooks(rest)
	case r.chapbook && c == '[' && r.begins && strings.TrimSpace(r.run.String()) == "":
		r.modifier(rest)
	case r.chapbook && c == '{':
		r.insert(rest)
	default:
		r.plain(1)
	}
}

// skip goes on behind n bytes.
func (r *reader) skip(n int) {
	r.line += strings.Count(r.body[r.pos:r.pos+n], "\n")
	r.pos += n
}

// plain takes n bytes as they are written.
func (r *reader) plain(n int) {
	r.run.WriteString(r.body[r.pos : r.pos+n])
	r.pos += n
}

// nowiki stands around text that SugarCube does not look into.
const nowiki = `"""`

func (r *reader) literal(rest string) {
	inner, n := r.inLine(rest, nowiki, nowiki)
	if n == 0 {
		r.plain(len(nowiki))
		return
	}
	r.raw(inner)
	r.skip(n)
}

// raw takes text that is not looked into.
func (r *reader) raw(s string) {
	if r.titled = r.begins && bangs.MatchString(r.run.String()); !r.titled {
		r.text.WriteString(r.words(r.run.String()))
	}
	r.text.WriteString(s)
	r.run.Reset()
	r.begins = false
}

// until finds what stands between two signs, n bytes with both; 0 when it is
// not closed.
func (r *reader) until(rest, open, closer string) (inner string, n int) {
	return r.before(rest, open, closer, len(rest))
}

// inLine is until within the line.
func (r *reader) inLine(rest, open, closer string) (inner string, n int) {
	if r.absent[closer] > r.pos {
		return "", 0
	}
	end := strings.IndexByte(rest, '\n')
	if end < 0 {
		end = len(rest)
	}
	return r.before(rest, open, closer, end)
}

// before remembers how far it looked in vain, so that nothing is looked for
// twice in the same words.
func (r *reader) before(rest, open, closer string, end int) (inner string, n int) {
	if r.absent[closer] > r.pos {
		return "", 0
	}
	i := strings.Index(rest[min(len(open), end):end], closer)
	if i < 0 {
		r.absent[closer] = r.pos + end
		return "", 0
	}
	return rest[len(open) : len(open)+i], len(open) + i + len(closer)
}

// add puts a node where the passage has come to.
func (r *reader) add(n *node) {
	if err := r.story.Part(); err != nil && r.err == nil {
		r.err = err
	}
	*r.into = append(*r.into, n)
}

// flush says the words read so far.
func (r *reader) flush() {
	begins := r.begins && r.text.Len() == 0
	n := &node{kind: said, line: r.line, text: strings.TrimSpace(r.text.String() + r.words(r.run.String())), heading: r.titled}
	r.titled = false
	r.text.Reset()
	r.run.Reset()
	r.begins = false
	if begins {
		if m := headed.FindStringSubmatch(n.text); m != nil {
			n.text, n.heading = m[1], true
		}
		n.text = listed.ReplaceAllString(n.text, "")
	}
	n.text = strings.TrimSpace(strings.TrimSuffix(n.text, `\`))
	if n.text == "" || r.linked && !worded.MatchString(n.text) {
		return
	}
	r.add(n)
}

var (
	headed    = regexp.MustCompile(`^(?:!{1,6}|#{1,6} )\s*(.+)$`)
	bangs     = regexp.MustCompile(`^!{1,6}$`)
	listed    = regexp.MustCompile(`^(?:[*>]+\s+|- |-$|[*>]+$)`)
	worded    = regexp.MustCompile(`[\p{L}\p{N}]`)
	formatted = regexp.MustCompile(`''([^'\n]+)''|(^|[^:/])//([^/\n]+)//`)
	shown     = regexp.MustCompile(`\$[A-Za-z_][A-Za-z0-9_.]*`)
)

// words is text without what only shapes it.
func (r *reader) words(s string) string {
	if strings.TrimSpace(s) == "" {
		return s
	}
	if !r.chapbook {
		s = formatted.ReplaceAllString(s, "$1$2$3")
		s = shown.ReplaceAllStringFunc(s, func(name string) string {
			r.story.Note(r.line, name, "这里原来显示变量的值，没有搬，写成了“……”。")
			return "……"
		})
	}
	return html.UnescapeString(s)
}

// comment leaves out what authors note for themselves, and tags of HTML.
func (r *reader) comment(rest string) {
	for _, c := range [][2]string{{"/*", "*/"}, {"/%", "%/"}, {"<!--", "-->"}} {
		if strings.HasPrefix(rest, c[0]) {
			if _, n := r.until(rest, c[0], c[1]); n > 0 {
				r.skip(n)
				return
			}
		}
	}
	tag := htmlTag.FindStringSubmatch(rest[:min(len(rest), 512)])
	switch {
	case tag == nil:
		r.plain(1)
		return
	case strings.EqualFold(tag[1], "br"):
		r.flush()
	case media.MatchString(tag[1]):
		r.story.Note(r.line, tag[0], "图片、声音和网页控件没有搬。")
	}
	r.skip(len(tag[0]))
}

var (
	htmlTag = regexp.MustCompile(`^</?([A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>`)
	media   = regexp.MustCompile(`(?i)^(?:img|audio|video|iframe|input|textarea|select|button|canvas|svg)$`)
)

func (r *reader) image(rest string) {
	_, n := r.inLine(rest, "[img[", "]]")
	if n == 0 {
		r.plain(1)
		return
	}
	r.story.Note(r.line, rest[:n], "图片没有搬。")
	r.skip(n)
}

// bracketLink reads [[…]] in any of its four forms, with what it sets.
func (r *reader) bracketLink(rest string) {
	upTo, n := r.inLine(rest, "[[", "]]")
	if n == 0 {
		r.story.Note(r.line, "[[", "链接没有合上，当作普通文字。")
		r.plain(2)
		return
	}
	inner, setter, m := linkParts(rest, upTo)
	text, target := linkEnds(inner)
	if r.harlowe || r.chapbook { // SugarCube shows the text as it is
		text = r.words(text)
	}
	l := r.newLink(text, target)
	for _, c := range r.changes(setter) {
		l.take(c)
	}
	r.place(l)
	r.skip(max(n, m))
	if top := len(r.stack) - 1; top >= 0 && r.stack[top].closer == onlyLink {
		r.pop()
	}
}

const longestSetter = 1 << 10

// linkParts splits [[inner][setter]]. Brackets within the setter are its own, so
// that it may be longer than up to the first ]].
func linkParts(rest, upTo string) (inner, setter string, n int) {
	inner, setter, found := strings.Cut(upTo, "][")
	if !found {
		return upTo, "", 0
	}
	begin := len("[[") + len(inner) + len("][")
	depth := 1
	for i := begin; i < min(len(rest), begin+longestSetter) && rest[i] != '\n'; i++ {
		switch rest[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 && strings.HasPrefix(rest[i:], "]]") {
				return inner, rest[begin:i], i + len("]]")
			}
		}
	}
	return inner, setter, 0
}

// linkEnds splits the inside of a link into its text and its target.
func linkEnds(s string) (text, target string) {
	if i := strings.LastIndex(s, "->"); i >= 0 {
		text, target = s[:i], s[i+2:]
	} else if i := strings.Index(s, "<-"); i >= 0 {
		text, target = s[i+2:], s[:i]
	} else if i := strings.LastIndex(s, "|"); i >= 0 {
		text, target = s[:i], s[i+1:]
	} else {
		text, target = s, s
	}
	return strings.TrimSpace(text), strings.TrimSpace(target)
}

func (r *reader) newLink(text, target string) *link {
	l := &link{line: r.line, text: text, target: target, in: r.at, id: -1}
	for _, f := range r.stack {
		if f.fork != nil {
			l.within = append(l.within, branch{f.fork, len(f.fork.arms) - 1})
		}
	}
	return l
}

// place puts a link where the passage has come to. Words around it are lines of
// their own.
func (r *reader) place(l *link) {
	r.linked = true
	r.flush()
	r.add(&node{kind: linked, line: l.line, link: l})
	r.at.links = append(r.at.links, l)
}

// push opens something; what follows goes into nodes.
func (r *reader) push(f frame, nodes *[]*node) {
	if len(r.stack) == draft.MaxDepth && r.err == nil {
		r.err = draft.ErrDeep
	}
	r.flush()
	f.line, f.outer, f.links = r.line, r.into, len(r.at.links)
	r.stack = append(r.stack, f)
	r.into = nodes
}

// pop closes what was opened last.
func (r *reader) pop() {
	r.flush()
	f := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if f.link != nil {
		r.linkBody(f)
	}
	r.into = f.outer
}

// fork opens a new fork with its first alternative.
func (r *reader) fork(closer string, first *arm) {
	r.flush()
	n := &node{kind: forked, line: r.line}
	r.add(n)
	r.arm(n, first)
	r.push(frame{closer: closer, fork: n}, &first.nodes)
}

// arm adds an alternative to a fork.
func (r *reader) arm(n *node, a *arm) {
	if len(n.arms) == maxArms && r.err == nil {
		r.err = errManyArms
	}
	a.line, a.cond = r.line, strings.TrimSpace(a.cond)
	n.arms = append(n.arms, a)
}
