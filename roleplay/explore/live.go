package explore

import (
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// memory is what a position still has to remember: everything that a condition,
// a choice or the pass rule ahead of it may look at. Forgetting the rest makes
// positions alike whose futures are alike, and changes nothing that is found.
//
// A called scene is looked at apart from its callers: what is read behind its
// return is added from the scenes the position is to return to.
type memory struct {
	sc      *roleplay.Scenario
	resting []words // by scene: read from its decision on, up to a return
	coming  []words // by scene: read from entering it on, up to a return
	moved   []uint8 // by scene: the meters something moves from its decision on
	masks   map[uint64]*words
	asked   roleplay.Options // some condition asks for
	topics  []alike
}

// alike is options of one topic of a hub of which only matters that one was
// chosen: they all count as the same one.
type alike struct {
	word     int // of words
	any, one uint64
}

func memoryOf(sc *roleplay.Scenario) *memory {
	n := len(sc.Scenes)
	m := &memory{sc: sc, resting: make([]words, n), coming: make([]words, n), moved: make([]uint8, n), masks: map[uint64]*words{}}
	again := comesBack(sc)
	for i := range sc.Scenes {
		m.own(i, again.Has(i))
	}
	for i := range sc.Scenes {
		m.topics = append(m.topics, m.alike(&sc.Scenes[i])...)
	}
	for changed := true; changed; {
		changed = false
		for i := range sc.Scenes {
			before := [2]words{m.resting[i], m.coming[i]}
			moved := m.moved[i]
			for _, w := range ways(&sc.Scenes[i], false) {
				m.follow(i, &m.resting[i], w)
			}
			for _, w := range ways(&sc.Scenes[i], true) {
				m.follow(i, &m.coming[i], w)
			}
			m.coming[i].add(&m.resting[i])
			changed = changed || before != [2]words{m.resting[i], m.coming[i]} || moved != m.moved[i]
		}
	}
	return m
}

// own notes what scene i reads itself. Only where the story can come back to it
// does it matter what has been chosen there.
func (m *memory) own(i int, again bool) {
	s := &m.sc.Scenes[i]
	rest, come := &m.resting[i], &m.coming[i]
	m.readLines(come, s.Beats)
	for _, j := range s.Jumps {
		m.read(come, j.When)
	}
	m.move(i, s.Effects)
	for k := range s.Options {
		o := &s.Options[k]
		m.read(rest, o.When)
		m.readLines(rest, o.Reply)
		m.move(i, o.Effects)
		if again && (!o.Repeat || len(s.Topics) > 0) {
			rest.chosen(o.ID)
		}
	}
	if s.Silence != nil {
		m.readLines(rest, s.Silence.Reply)
		m.move(i, s.Silence.Effects)
		if again {
			rest.chosen(s.Silence.ID)
		}
	}
	for _, r := range m.sc.Pass {
		if s.Ending != "" && r.Kind == stage.RuleMeter {
			rest.meter(r.Index)
		}
	}
}

// alike finds what is alike in a hub, word by word.
func (m *memory) alike(s *roleplay.Scene) (all []alike) {
	for topic := range len(s.Topics) {
		var any words
		for i := range s.Options {
			if o := &s.Options[i]; o.Topic == topic+1 && !m.asked.Has(o.ID) {
				any.chosen(o.ID)
			}
		}
		for word, bits := range any {
			if bits&(bits-1) != 0 {
				all = append(all, alike{word, bits, bits & -bits})
			}
		}
	}
	return all
}

// settle makes alike what is alike.
func (m *memory) settle(w *words) {
	for _, t := range m.topics {
		if w[t.word]&t.any != 0 {
			w[t.word] = w[t.word]&^t.any | t.one
		}
	}
}

func (m *memory) move(scene int, effects []roleplay.Effect) {
	for _, e := range effects {
		m.moved[scene] |= 1 << e.Meter
	}
}

func (m *memory) readLines(w *words, beats []roleplay.Beat) {
	for _, b := range beats {
		for _, l := range b {
			m.read(w, l.When)
		}
	}
}

func (m *memory) read(w *words, c *roleplay.Condition) {
	if c == nil {
		return
	}
	switch c.Op {
	case "and", "or", "not":
		for i := range c.Of {
			m.read(w, &c.Of[i])
		}
	case "opened":
		w.opened(c.Index)
		w.left(m.sc.Documents[c.Index].Scene) // decides whether it is within reach
	case "left":
		w.left(c.Index)
	case "chosen":
		w.chosen(c.Index)
		m.asked = m.asked.With(c.Index)
	default:
		w.meter(c.Index)
	}
}

// follow adds what is read along a way out of scene i.
func (m *memory) follow(i int, w *words, way roleplay.Way) {
	if way.Call != 0 {
		w.add(&m.coming[way.Call])
		m.moved[i] |= m.moved[way.Call]
	}
	if way.To != roleplay.Return {
		w.add(&m.coming[way.To])
		m.moved[i] |= m.moved[way.To]
	}
}

// mask is what a position at rest has to remember, by its scene and its calls.
func (m *memory) mask(w *words) *words {
	where := place(w)
	mask, ok := m.masks[where]
	if !ok {
		mask = m.newMask(w)
		m.masks[where] = mask
	}
	return mask
}

// place is where a position stands: its scene and its calls.
func place(w *words) uint64 { return w[0] &^ personaMask }

func (m *memory) newMask(w *words) *words {
	scene := int(w[0] & sceneMask)
	mask, moved := m.resting[scene], m.moved[scene]
	for calls := w[0] >> 16; calls != 0; calls >>= 8 {
		back := int(calls&0xff) - 1
		mask.add(&m.coming[back])
		moved |= m.moved[back]
	}
	mask[0] |= sceneMask | callsMask
	for i := range m.sc.Meters {
		if len(m.sc.Personas) > 1 && moved>>i&1 == 1 && mask[metersAt]>>(8*i)&1 == 1 {
			mask[0] |= personaMask
		}
	}
	return &mask
}

// universe is what any position has to remember.
func (m *memory) universe() words {
	var all words
	for i := range m.coming {
		all.add(&m.coming[i])
		for _, w := range append(ways(&m.sc.Scenes[i], true), ways(&m.sc.Scenes[i], false)...) {
			if w.Call != 0 && w.To != roleplay.Return {
				all[0] |= callsMask
			}
		}
	}
	all[0] |= sceneMask
	if len(m.sc.Personas) > 1 {
		all[0] |= personaMask
	}
	return all
}

// ways lead out of a scene: passing through it, or from its decision.
func ways(s *roleplay.Scene, passing bool) []roleplay.Way {
	var all []roleplay.Way
	if passing {
		for _, j := range s.Jumps {
			all = append(all, j.Way)
		}
		return all
	}
	for _, o := range s.Options {
		all = append(all, o.Way)
	}
	if s.Silence != nil {
		all = append(all, s.Silence.Way)
	}
	return all
}

// comesBack is the scenes a story can come to more than once. Where a called
// scene returns to is not told apart here: it may be anywhere something returns to.
func comesBack(sc *roleplay.Scenario) (again roleplay.Scenes) {
	next := make([]roleplay.Scenes, len(sc.Scenes))
	returns := make([]bool, len(sc.Scenes))
	var sites roleplay.Scenes
	for i := range sc.Scenes {
		for _, w := range append(ways(&sc.Scenes[i], true), ways(&sc.Scenes[i], false)...) {
			switch {
			case w.Call != 0:
				next[i] = next[i].With(w.Call)
				if w.To != roleplay.Return {
					sites = sites.With(w.To)
				}
			case w.To == roleplay.Return:
				returns[i] = true
			default:
				next[i] = next[i].With(w.To)
			}
		}
	}
	for i := range next {
		if returns[i] {
			next[i] = union(next[i], sites)
		}
	}
	for k := range next { // Warshall
		for i := range next {
			if next[i].Has(k) {
				next[i] = union(next[i], next[k])
			}
		}
	}
	for i := range next {
		if next[i].Has(i) {
			again = again.With(i)
		}
	}
	return again
}

func union(a, b roleplay.Scenes) roleplay.Scenes {
	for i := range a {
		a[i] |= b[i]
	}
	return a
}
