package twee

import (
	"slices"
	"strconv"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// tell tells every passage in a scene.
func (t *teller) tell() error {
	for _, p := range append(slices.Clone(t.order), t.papers...) {
		p.scene = t.story.Scene(p.name, p.line)
	}
	t.mark = t.unused()
	for _, p := range append(slices.Clone(t.order), t.papers...) {
		t.passage(p)
		if t.err != nil {
			return t.err
		}
		if t.story.Full() {
			break // Finish says how much too long it is
		}
	}
	return nil
}

// passage tells a passage and what it leads to.
func (t *teller) passage(p *passage) {
	t.at = p
	place := t.nodes(p.nodes, t.story.At(p.scene))
	if p.tagged(tagDocument) || !slices.ContainsFunc(p.links, func(l *link) bool { return !t.reads(l) }) {
		t.story.Ending(place.Scene(), t.endingOf(p))
		return
	}
	for _, l := range p.links {
		t.at = p
		switch {
		case t.err != nil || t.story.Full():
			return
		case t.reads(l):
			t.paper(l, place)
		case l.jumps:
			t.jump(l, place)
		default:
			t.option(l, place)
		}
	}
}

// endingOf is what an ending is called: by a heading in it, or as the passage.
func (t *teller) endingOf(p *passage) string {
	for _, n := range p.nodes {
		if n.heading && p.tagged(tagEnding) {
			return n.text
		}
	}
	return p.name
}

// nodes tells what is said and done, without the links.
func (t *teller) nodes(nodes []*node, place *draft.Place) *draft.Place {
	for _, n := range nodes {
		if t.err != nil || t.story.Full() {
			break
		}
		switch n.kind {
		case said:
			if !n.heading || !t.at.tagged(tagEnding) && !t.at.tagged(tagHub) {
				place.Say(n.line, draft.Line(n.text, draft.Always))
			}
		case changed:
			t.change(n.changes, place)
		case forked:
			place = t.fork(n, place)
		}
	}
	return place
}

// fork tells alternatives: as wordings of lines, or in scenes of their own when
// a variable is set in one.
func (t *teller) fork(n *node, place *draft.Place) *draft.Place {
	if !t.tells(n) {
		return place
	}
	if draft.Holds(t.holds(n.arms[0])) || t.fresh(n) {
		return t.nodes(n.arms[0].nodes, place)
	}
	if !t.acts(n) {
		t.wordings(n, place)
		return place
	}
	on := t.story.Scene(place.Name(), n.line)
	for _, a := range n.arms {
		s := t.story.Scene(place.Name(), a.line)
		place.GoWhen(a.line, t.holds(a), roleplay.Way{To: s})
		t.nodes(a.nodes, t.story.At(s)).Go(roleplay.Way{To: on})
		if draft.Holds(t.holds(a)) {
			break
		}
	}
	place.Go(roleplay.Way{To: on})
	return t.story.At(on)
}

// fresh reports whether n is what a hub says on arriving only. A 剧本 says it
// again, and so it is told without its condition.
func (t *teller) fresh(n *node) bool {
	if !t.at.tagged(tagHub) || t.acts(n) || len(n.arms) != 1 {
		return false
	}
	return n.arms[0].cond == fresh(t.at.once())
}

// once are the variables that the links of a passage set to true, in their order.
func (p *passage) once() []string {
	var names []string
	for _, l := range p.links {
		for _, c := range l.changes {
			if c.set && c.truth && l.id >= 0 {
				names = append(names, c.name)
			}
		}
	}
	return names
}

// wordings says of every line the alternative that holds.
func (t *teller) wordings(n *node, place *draft.Place) {
	var columns [][]roleplay.Line
	exclusive := len(n.arms) > 1
	simple := true
	for _, a := range n.arms {
		simple = simple && len(a.nodes) == 1 && a.nodes[0].kind == said
	}
	before := draft.Always
	for _, a := range n.arms {
		when := t.holds(a)
		if exclusive && !simple {
			when = draft.All(t.use(before), when)
			before = draft.All(before, draft.Not(t.holds(a)))
		}
		for k, l := range t.lines(a.nodes, when) {
			if k == len(columns) {
				columns = append(columns, nil)
			}
			columns[k] = append(columns[k], l)
		}
	}
	for _, c := range columns {
		if t.story.Full() {
			return
		}
		place.Say(n.line, c...)
	}
}

// lines are the lines of an alternative, each under its condition and those of
// the forks in it.
func (t *teller) lines(nodes []*node, when roleplay.Condition) []roleplay.Line {
	var lines []roleplay.Line
	for _, n := range nodes {
		switch n.kind {
		case said:
			lines = append(lines, draft.Line(n.text, t.use(when)))
		case forked:
			before := when
			for _, a := range n.arms {
				lines = append(lines, t.lines(a.nodes, draft.All(t.use(before), t.holds(a)))...)
				before = draft.All(before, draft.Not(t.holds(a)))
			}
		}
		if t.err != nil {
			break
		}
	}
	return lines
}

// acts reports whether a node moves a meter in any of its arms.
func (t *teller) acts(n *node) bool {
	if t.moves(n.changes) {
		return true
	}
	for _, a := range n.arms {
		if slices.ContainsFunc(a.nodes, t.acts) {
			return true
		}
	}
	return false
}

// tells reports whether a fork says or does anything but lead on.
func (t *teller) tells(n *node) bool {
	return slices.ContainsFunc(n.arms, func(a *arm) bool {
		return slices.ContainsFunc(a.nodes, func(m *node) bool { return m.kind == said || t.acts(m) || t.tells(m) })
	})
}

func (t *teller) moves(changes []*change) bool {
	return slices.ContainsFunc(changes, func(c *change) bool {
		x := t.variables.byName[c.name]
		return x != nil && x.scale > 0 && slices.Contains(x.changes, c)
	})
}

// change moves meters. Flags need nothing: what sets them is remembered.
func (t *teller) change(changes []*change, place *draft.Place) {
	for _, c := range changes {
		x := t.variables.byName[c.name]
		switch {
		case c.push != "":
			t.story.Note(c.line, c.push, "这条语句没有搬。")
		case !slices.Contains(x.changes, c) || x.scale == 0: // its start, a flag, or no meter
		case c.set:
			place.Set(c.line, x.meter, c.n*x.scale)
		default:
			place.Affect(c.line, x.meter, c.n*x.scale)
		}
	}
}

// path is the condition under which a link is shown, without what only keeps it
// from being taken twice, and whether there was that. Of jumps the first that
// holds is taken, and only when there is nothing to choose.
func (t *teller) path(l *link) (when roleplay.Condition, once bool) {
	var parts []roleplay.Condition
	within := l.within
	if l.rest {
		within = within[1:]
	}
	for _, b := range within {
		for _, a := range b.fork.arms[:b.arm] {
			if !l.jumps || !a.leaves() {
				parts = append(parts, draft.Not(t.holds(a)))
			}
		}
		parts = append(parts, t.holds(b.fork.arms[b.arm]))
	}
	if l.id < 0 {
		return draft.All(parts...), false
	}
	var single, kept []roleplay.Condition
	for _, c := range parts {
		if c.Op == "and" {
			single = append(single, c.Of...)
		} else {
			single = append(single, c)
		}
	}
	is := func(c roleplay.Condition) bool { return c.Op == "chosen" && c.Index == l.id }
	for _, c := range single {
		own := c.Op == "not" && is(c.Of[0])
		once = once || own || c.Op == "not" && slices.ContainsFunc(c.Of[0].Of, is)
		if !own {
			kept = append(kept, c)
		}
	}
	return draft.All(kept...), once
}

// option offers what a link says, and tells what follows.
func (t *teller) option(l *link, place *draft.Place) {
	if l.seconds > 0 {
		t.follow(l, place.Offer(l.line, roleplay.Option{ID: l.id, Text: t.mark + silent + strconv.Itoa(l.seconds)}))
		return
	}
	when, once := t.path(l)
	t.follow(l, place.Offer(l.line, roleplay.Option{ID: l.id, Text: l.text, When: draft.When(when), Repeat: l.in.round && !once}))
}

// follow tells what follows a choice.
func (t *teller) follow(l *link, after *draft.Place) {
	t.change(l.changes, after)
	reply := t.byName[l.target]
	if reply == nil || reply.from != l {
		after.Go(t.way(l))
		return
	}
	t.at = reply
	after = t.nodes(reply.nodes, after)
	t.change(reply.links[0].changes, after)
	after.Go(t.way(reply.links[0]))
}

// jump leads on without a choice.
func (t *teller) jump(l *link, place *draft.Place) {
	when, _ := t.path(l)
	way := t.way(l)
	if t.moves(l.changes) {
		s := t.story.Scene(place.Name(), l.line)
		between := t.story.At(s)
		t.change(l.changes, between)
		between.Go(way)
		way = roleplay.Way{To: s}
	}
	place.GoWhen(l.line, when, way)
}

// way is where a link leads.
func (t *teller) way(l *link) roleplay.Way {
	to := t.scene(l.target, l)
	if l.push == "" || to < 1 {
		return roleplay.Way{To: to}
	}
	return roleplay.Way{Call: to, To: t.scene(l.push, l)}
}

// scene is the scene of a passage. For one that is not there an ending stands.
func (t *teller) scene(name string, l *link) int {
	p := t.byName[name]
	switch {
	case p != nil && p.tagged(tagReturn):
		return roleplay.Return
	case p != nil && p.scene >= 0:
		return p.scene
	}
	if s, ok := t.broken[name]; ok {
		return s
	}
	t.story.Note(l.line, "[["+name+"]]", "链接的目标不存在：先放了一个结局占着位置，请补写。")
	s := t.story.Scene(name, l.line)
	t.story.At(s).Say(l.line, draft.Line("（原文没有这一段，请补写。）", draft.Always))
	t.story.Ending(s, name)
	t.broken[name] = s
	return s
}
