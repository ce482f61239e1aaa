package ink

import (
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// maxVariants is how many wordings one line may have.
const maxVariants = 8

// flow tells the story.
type flow struct {
	story     *draft.Story
	variables *variables
	diverted  map[string]bool
	noted     map[guard]bool
}

// scene is where a scope or a labelled node begins, opened when it is first needed.
func (f *flow) scene(n *node, name string) int {
	if n.scene < 0 {
		if n.label != "" {
			name = n.scope.title() + "·" + n.label
		}
		n.scene = f.story.Scene(name, n.line)
	}
	return n.scene
}

// tell tells nodes from a place on; what ends loose goes on after them. The
// first choice or gather says how deep they lie.
func (f *flow) tell(nodes []*node, p *draft.Place, after roleplay.Way) {
	base := depth(nodes)
	var waiting []*node // choices under a condition, offered with those to come
	for i := 0; i < len(nodes); i++ {
		switch n := nodes[i]; n.kind {
		case text:
			if waiting != nil && len(n.arrows) > 0 {
				f.stop(n, p)
				f.choices(waiting, depth(waiting), p, after)
				return
			}
			p = f.line(n, p)
		case offer:
			waiting = append(waiting, n.choices...)
		case logic:
			f.change(n, p)
		case gather:
			if n.label != "" {
				s := f.scene(n, p.Name())
				p.Go(roleplay.Way{To: s})
				p = f.story.At(s)
			}
		case choice:
			end := i + next(nodes[i:], gather, base)
			if p.Left() { // nothing leads here but a label further on
				i = end - 1
				continue
			}
			f.choices(waiting, depth(waiting), p, after)
			waiting = nil
			if end == len(nodes) {
				f.choices(nodes[i:], base, p, after)
				return
			}
			s := f.scene(nodes[end], p.Name())
			f.choices(nodes[i:end], base, p, roleplay.Way{To: s})
			p, i = f.story.At(s), end
		}
	}
	if waiting == nil {
		p.Go(after)
		return
	}
	if after != draft.Over {
		f.story.Note(waiting[0].line, "", "这些按条件出现的选项后面没有停下：先停在这里等选择，请检查。")
	}
	f.choices(waiting, depth(waiting), p, after)
}

// stop tells a line at which the story waits for a choice already offered.
func (f *flow) stop(n *node, p *draft.Place) {
	p.Say(n.line, f.lines(n, n.say, p)...)
	if n.arrows[0].to != "DONE" {
		f.story.Note(n.line, "-> "+n.arrows[0].to, "前面的选项还没有选就跳走了：跳转没有搬，停在这里等选择。")
	}
}

// depth is the level of the first choice or gather.
func depth(nodes []*node) int {
	for _, n := range nodes {
		if n.kind == choice || n.kind == gather {
			return n.level
		}
	}
	return 0
}

// next is the place of the next node of a kind that lies no deeper than base.
func next(nodes []*node, k kind, base int) int {
	for i := 1; i < len(nodes); i++ {
		if nodes[i].kind == k && nodes[i].level <= base {
			return i
		}
	}
	return len(nodes)
}

// choices offers choices, each with what follows it. Deeper ones that come
// first are offered together with the others.
func (f *flow) choices(nodes []*node, base int, p *draft.Place, after roleplay.Way) {
	if len(nodes) > 0 && nodes[0].level > base {
		n := next(nodes, choice, base)
		f.tell(nodes[:n], p, after)
		nodes = nodes[n:]
	}
	for len(nodes) > 0 {
		n := next(nodes, choice, base)
		f.choice(nodes[0], nodes[1:n], p, after)
		nodes = nodes[n:]
	}
}

func (f *flow) choice(n *node, body []*node, p *draft.Place, after roleplay.Way) {
	words := f.plain(n, n.say, p) + f.plain(n, n.show, p)
	q := p
	if strings.TrimSpace(words) == "" {
		q = f.fallback(n, p)
	} else {
		q = f.offer(n, words, p)
	}
	if n.bracket || f.divertable(n) {
		q.Say(n.line, f.lines(n, append(append([]part(nil), n.say...), n.tell...), q)...)
	}
	f.tell(body, f.follow(n, q), after)
}

// fallback is where the story goes when there is nothing left to choose.
func (f *flow) fallback(n *node, p *draft.Place) *draft.Place {
	if n.bracket {
		f.story.Note(n.line, "[]", "空白的选项改成了没有话可说时自动去的地方。")
	}
	s := f.scene(n, p.Name())
	p.GoWhen(n.line, f.all(n.guards, n.scope, p), roleplay.Way{To: s})
	return f.story.At(s)
}

// offer offers a choice. One that can be diverted to is told in a scene of its
// own, and whoever was led there has chosen it too.
func (f *flow) offer(n *node, words string, p *draft.Place) *draft.Place {
	when := f.all(n.guards, n.scope, p)
	if !f.divertable(n) {
		return p.Offer(n.line, roleplay.Option{ID: n.id, Text: words, When: draft.When(when), Repeat: n.sticky})
	}
	s := f.scene(n, p.Name())
	if !n.sticky {
		when = draft.All(when, draft.Not(f.been([]int{s}, p)))
	}
	p.Offer(n.line, roleplay.Option{ID: n.id, Text: words, When: draft.When(when), Repeat: n.sticky}).Go(roleplay.Way{To: s})
	return f.story.At(s)
}

func (f *flow) divertable(n *node) bool { return n.label != "" && f.diverted[n.label] }

// line tells a line of content. Alternatives that do more than say something
// part the story.
func (f *flow) line(n *node, p *draft.Place) *draft.Place {
	from := 0
	for i, x := range n.say {
		if spoken(x) {
			continue
		}
		p.Say(n.line, f.lines(n, n.say[from:i], p)...)
		p = f.part(n, x, p)
		from = i + 1
	}
	p.Say(n.line, f.lines(n, n.say[from:], p)...)
	return f.follow(n, p)
}

// spoken reports whether every alternative is at most one line without a divert.
func spoken(x part) bool {
	for _, a := range x.arms {
		if len(a.nodes) > 1 {
			return false
		}
		for _, n := range a.nodes {
			if n.kind != text || len(n.arrows) > 0 {
				return false
			}
			for _, y := range n.say {
				if !spoken(y) {
					return false
				}
			}
		}
	}
	return true
}

// part tells alternatives in scenes of their own and goes on after them.
func (f *flow) part(n *node, x part, p *draft.Place) *draft.Place {
	if p.Left() {
		return p
	}
	on := f.story.Scene(p.Name(), x.end)
	for _, a := range x.arms {
		line := a.guard.line
		if line == 0 {
			line = n.line
		}
		s := f.story.Scene(p.Name(), line)
		when := draft.Always
		if !a.last {
			when = f.holds(a.guard, n.scope, p)
		}
		p.GoWhen(n.line, when, roleplay.Way{To: s})
		f.tell(a.nodes, f.story.At(s), roleplay.Way{To: on})
	}
	p.Go(roleplay.Way{To: on})
	return f.story.At(on)
}

// follow goes where the diverts of a node lead.
func (f *flow) follow(n *node, p *draft.Place) *draft.Place {
	for _, a := range n.arrows {
		switch to, ok := f.target(n, a); {
		case a.back:
			p.Go(roleplay.Way{To: roleplay.Return})
		case !a.call:
			p.Go(to)
		case ok:
			p.Call(n.line, to.To)
		}
	}
	return p
}

// target is where a divert leads.
func (f *flow) target(n *node, a arrow) (w roleplay.Way, ok bool) {
	if a.back || a.to == "END" || a.to == "DONE" {
		return draft.Over, false
	}
	switch t, to := n.scope.lookUp(a.to); {
	case t != nil:
		return roleplay.Way{To: t.scene}, true
	case to != nil:
		return roleplay.Way{To: f.scene(to, "")}, true
	}
	f.story.Note(n.line, "-> "+a.to, "跳转的目标不存在，或者是变量：这里当作故事结束。")
	return draft.Over, false
}

// change moves a meter.
func (f *flow) change(n *node, p *draft.Place) {
	x := f.variables.byName[n.change.name]
	switch {
	case x.scale == 0:
	case n.change.set:
		p.Set(n.line, x.meter, n.change.n*x.scale)
	default:
		p.Affect(n.line, x.meter, n.change.n*x.scale)
	}
}

// variant is one wording of a line.
type variant struct {
	when roleplay.Condition
	text string
}

// lines are the wordings of a line, the first that holds to be said. One that
// says nothing keeps those after it from being said.
func (f *flow) lines(n *node, parts []part, p *draft.Place) []roleplay.Line {
	var lines []roleplay.Line
	spoken := draft.Always
	for _, v := range f.variants(n, parts, p) {
		if said := strings.ReplaceAll(v.text, glue, ""); strings.TrimSpace(said) != "" {
			lines = append(lines, draft.Line(said, draft.All(spoken, v.when)))
		} else {
			spoken = draft.All(spoken, draft.Not(v.when))
		}
	}
	return lines
}

// variants are the wordings of parts in a row; the first that holds counts, and
// the last always holds.
func (f *flow) variants(n *node, parts []part, p *draft.Place) []variant {
	all := []variant{{when: draft.Always}}
	for _, x := range parts {
		of := f.wordings(n, x, p)
		if len(all)*len(of) > maxVariants {
			f.story.Note(n.line, x.arms[0].guard.text, "这一行的说法太多，只留了这里的第一种。")
			of = of[:1]
		}
		var next []variant
		for _, v := range all {
			for _, w := range of {
				next = append(next, variant{draft.All(v.when, w.when), v.text + w.text})
			}
		}
		all = next
	}
	return all
}

// wordings are the alternatives of one part.
func (f *flow) wordings(n *node, x part, p *draft.Place) []variant {
	if x.arms == nil {
		return []variant{{draft.Always, x.text}}
	}
	var all []variant
	for _, a := range x.arms {
		when := draft.Always
		if !a.last {
			when = f.holds(a.guard, n.scope, p)
		}
		var say []part
		if len(a.nodes) > 0 {
			say = a.nodes[0].say
		}
		for _, v := range f.variants(n, say, p) {
			all = append(all, variant{draft.All(when, v.when), v.text})
		}
		if draft.Holds(when) {
			return all
		}
	}
	return append(all, variant{when: draft.Always})
}

// plain is the text of parts that can have but one wording: the first.
func (f *flow) plain(n *node, parts []part, p *draft.Place) string {
	all := f.variants(n, parts, p)
	if len(all) > 1 {
		f.story.Note(n.line, all[0].text, "选项的文字不能随情况变，只留了第一种。")
	}
	return strings.ReplaceAll(all[0].text, glue, "")
}

// all is the condition of a choice.
func (f *flow) all(guards []guard, s *scope, p *draft.Place) roleplay.Condition {
	var all []roleplay.Condition
	for _, g := range guards {
		all = append(all, f.holds(g, s, p))
	}
	return draft.All(all...)
}

// holds reads a condition. One that cannot be read is taken to hold.
func (f *flow) holds(g guard, s *scope, p *draft.Place) roleplay.Condition {
	not := g.not
	g.not = false
	grammar := draft.Grammar{
		Words: map[string]string{"and": "and", "or": "or", "not": "not"},
		Term:  func(name string, arguments []string) (draft.Term, bool) { return f.term(name, arguments, s, p) },
	}
	c, err := grammar.Condition(f.variables.replace(g.text))
	if err != nil {
		c = draft.Always
		if !f.noted[g] {
			f.noted[g] = true
			f.story.Note(g.line, "{"+g.text+"}", "这个条件搬不过来，当作总是成立。")
		}
	}
	if not {
		return draft.Not(c)
	}
	return c
}

// term is what a name stands for in a condition: a variable, or whether a part
// of the story has been told. Where we are has been, in ink.
func (f *flow) term(name string, arguments []string, s *scope, p *draft.Place) (draft.Term, bool) {
	if x := f.variables.byName[name]; x != nil {
		return draft.Term{Meter: x.meter, Scale: x.scale}, x.scale > 0
	}
	t, n := s.lookUp(name)
	var happened roleplay.Condition
	switch {
	case len(arguments) > 0 || t == nil && n == nil:
		return draft.Term{}, false
	case t != nil:
		happened = f.been(f.entries(t), p)
	case n.kind == gather:
		happened = f.been([]int{f.scene(n, "")}, p)
	case f.divertable(n):
		happened = draft.Any(roleplay.Condition{Op: "chosen", Index: n.id}, f.been([]int{f.scene(n, "")}, p))
	default:
		happened = roleplay.Condition{Op: "chosen", Index: n.id}
	}
	return draft.Term{Happened: &happened}, true
}

// been holds when one of the scenes has been told. The one we are in has, in ink.
func (f *flow) been(scenes []int, p *draft.Place) roleplay.Condition {
	var been []roleplay.Condition
	for _, s := range scenes {
		if s == p.Scene() {
			return draft.Always
		}
		been = append(been, roleplay.Condition{Op: "left", Index: s})
	}
	return draft.Any(been...)
}

// entries are the scenes through which a knot or a stitch is entered: whoever
// goes right to a part of it has been there too.
func (f *flow) entries(s *scope) []int {
	scenes := []int{s.scene}
	for _, n := range s.weave {
		if f.divertable(n) {
			scenes = append(scenes, f.scene(n, ""))
		}
	}
	for _, stitch := range s.order {
		if f.diverted[stitch.name] {
			scenes = append(scenes, f.entries(stitch)...)
		}
	}
	return scenes
}
