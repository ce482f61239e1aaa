// Package explore proves things about a scenario. It walks every position a
// learner can bring about, computes what every route can earn, and finds what a
// trainer should mend before anybody is judged by the scenario.
package explore

import (
	"slices"
	"sort"

	"qibu/roleplay"
)

// Limit is how many positions are walked before a scenario counts as too large
// for a proof. It also counts as too large with more than so many steps for each
// of them, so that a hostile one does not take the memory, or so many looks, so
// that it does not take the time: a step looks at every option of its scene.
const (
	Limit     = 2_000_000
	stepsEach = 8
	looksEach = 64
)

// graph is every position of a scenario and every step between them. Positions
// are numbered breadth first, so what is found first is found on a shortest
// route. A position that has forgotten what no longer matters stands for all
// that differ in nothing else.
type graph struct {
	sc      *roleplay.Scenario
	walked  *roleplay.Scenario // sc as annotate copied it
	options []*roleplay.Option // of sc, by ID
	sceneOf []int              // by option ID
	starts  []int32            // by persona; at least one; none where the story goes round before it begins
	proven  bool               // every position was reached; else the walk stopped at its limit
	edges   []edge
	first   []int32 // of a position's edges; one more than there are positions
	via     []int32 // the edge that first led to a position; none at a start
	circles []circle
	looks   int
	met     met

	memory  *memory
	packing packing
	keys    []uint64
	slots   []uint64 // open addressing: hash of the key, position + 1; 0 free

	open      []int // of the position being left
	choosable []*roleplay.Option
}

// none stands where there is no position or edge.
const none = -1

// edge is a step: an option or silence by its ID, or the opening of document
// ^by when by is negative.
type edge struct{ to, by int32 }

// circle is a step after which the story goes round without a decision, or
// returns to nobody: it leads nowhere. At the start, from and by are none.
type circle struct{ from, by, scene int32 }

// newGraph walks sc from the start of every persona, up to limit positions. With
// lines it also keeps apart what only decides which lines are said.
func newGraph(sc *roleplay.Scenario, limit int, lines bool) *graph {
	copied, told := annotate(sc, lines)
	g := &graph{sc: sc, walked: copied, memory: memoryOf(copied), met: newMet(sc, told), slots: make([]uint64, 1<<10)}
	universe := g.memory.universe()
	g.packing = packingOf(&universe)
	for o, scene := range sc.All() {
		g.options, g.sceneOf = append(g.options, o), append(g.sceneOf, scene)
	}
	for persona := range max(1, len(sc.Personas)) {
		p, err := copied.Start(persona, g.met.hear)
		g.starts = append(g.starts, g.arrive(&p, err, none, none))
	}
	for i := 0; i < g.size() && g.within(limit); i++ {
		g.first = append(g.first, int32(len(g.edges)))
		g.leave(int32(i))
	}
	g.proven = len(g.first) == g.size()
	g.first = append(g.first, int32(len(g.edges)))
	return g
}

// within reports whether the walk is still worth going on with.
func (g *graph) within(limit int) bool {
	return g.size() <= limit && len(g.edges) <= stepsEach*limit && g.looks <= looksEach*limit
}

// leave walks every step out of position i.
func (g *graph) leave(i int32) {
	p := g.at(i)
	g.met.visit(&p)
	if g.ended(i) {
		return
	}
	openable := g.openable(&p)
	for d := range g.walked.Documents {
		if openable.Has(d) {
			q := p
			q.Opened = q.Opened.With(d)
			g.step(&q, nil, i, int32(^d))
		}
	}
	for _, o := range g.choices(&p) {
		q, err := g.walked.Choose(p, o, g.met.hear)
		g.step(&q, err, i, int32(o.ID))
	}
}

// choices are what can be said at p, and the silence, noted as offered.
func (g *graph) choices(p *roleplay.Position) []*roleplay.Option {
	g.open, g.choosable = g.walked.Offer(p, g.open[:0]), g.choosable[:0]
	g.met.offer(g.walked, p, g.open)
	for _, n := range g.open {
		g.choosable = append(g.choosable, &g.walked.Scenes[p.Scene].Options[n])
	}
	if s := g.walked.Limit(p); s != nil {
		g.met.offered = g.met.offered.With(s.ID)
		g.choosable = append(g.choosable, &s.Option)
	}
	return g.choosable
}

// openable are the documents that can be opened at p and of which something
// ahead asks whether they were.
func (g *graph) openable(p *roleplay.Position) (documents roleplay.Documents) {
	w := wordsOf(p)
	asked := roleplay.Documents(g.memory.mask(&w)[openedAt]) &^ p.Opened
	for d := range g.walked.Documents {
		if asked.Has(d) && g.walked.Within(p, d) {
			documents = documents.With(d)
		}
	}
	return documents
}

func (g *graph) step(q *roleplay.Position, err error, from, by int32) {
	g.looks += len(g.walked.Scenes[g.scene(from)].Options)
	if to := g.arrive(q, err, from, by); to != none {
		g.edges = append(g.edges, edge{to, by})
	}
}

// arrive numbers a position unless it was met before.
func (g *graph) arrive(p *roleplay.Position, err error, from, by int32) int32 {
	g.met.arrive(p)
	if err != nil {
		g.circles = append(g.circles, circle{from, by, int32(p.Scene)})
		return none
	}
	via := int32(none)
	if from != none {
		via = int32(len(g.edges)) // the one about to be added
	}
	return g.number(p, via)
}

// number finds a position or gives it the next number.
func (g *graph) number(p *roleplay.Position, via int32) int32 {
	w := wordsOf(p)
	g.memory.settle(&w)
	n := len(g.keys)
	g.keys = g.packing.pack(g.keys, &w, g.memory.mask(&w))
	h, slot := g.slot(g.keys[n:])
	if i := int32(g.slots[slot]) - 1; i >= 0 {
		g.keys = g.keys[:n]
		return i
	}
	g.via = append(g.via, via)
	g.slots[slot] = uint64(h)<<32 | uint64(g.size())
	if 2*g.size() > len(g.slots) {
		g.grow()
	}
	return int32(g.size() - 1)
}

// slot is the hash of a key, and where the key is or belongs.
func (g *graph) slot(key []uint64) (hash uint32, slot uint64) {
	var h uint64
	for _, w := range key {
		h = (h ^ w) * 0x9E3779B97F4A7C15
		h ^= h >> 32
	}
	hash, last := uint32(h), uint64(len(g.slots)-1)
	for slot = h & last; ; slot = (slot + 1) & last {
		x := g.slots[slot]
		if x == 0 || uint32(x>>32) == hash && slices.Equal(g.key(int32(x)-1), key) {
			return hash, slot
		}
	}
}

// grow doubles the slots. The hash that lies in each says where it goes.
func (g *graph) grow() {
	old := g.slots
	g.slots = make([]uint64, 2*len(old))
	last := uint64(len(g.slots) - 1)
	for _, x := range old {
		slot := x >> 32 & last
		for g.slots[slot] != 0 && x != 0 {
			slot = (slot + 1) & last
		}
		if x != 0 {
			g.slots[slot] = x
		}
	}
}

func (g *graph) key(i int32) []uint64 {
	size := g.packing.size
	return g.keys[int(i)*size : int(i+1)*size]
}

// size is how many positions there are.
func (g *graph) size() int { return len(g.via) }

// at is position i, without what it has forgotten.
func (g *graph) at(i int32) roleplay.Position {
	w := g.packing.unpack(g.key(i))
	return w.position()
}

// scene is where position i stands: the first bits of its key.
func (g *graph) scene(i int32) int { return int(g.keys[int(i)*g.packing.size] & sceneMask) }

func (g *graph) ended(i int32) bool { return g.sc.Scenes[g.scene(i)].Ending != "" }

// out are the steps from position i.
func (g *graph) out(i int32) []edge { return g.edges[g.first[i]:g.first[i+1]] }

// find is the number of a position of the scenario, none when no route leads to
// it. It changes nothing, so that goroutines may look together.
func (g *graph) find(p roleplay.Position) int32 {
	w := wordsOf(&p)
	g.memory.settle(&w)
	mask, met := g.memory.masks[place(&w)]
	if !met {
		return none
	}
	_, slot := g.slot(g.packing.pack(nil, &w, mask))
	return int32(g.slots[slot]) - 1
}

// option is what is said along e, nil when a document is opened.
func (g *graph) option(e edge) *roleplay.Option {
	if e.by < 0 {
		return nil
	}
	return g.options[e.by]
}

// origin is the position an edge leads from.
func (g *graph) origin(edge int32) int32 {
	return int32(sort.Search(len(g.first), func(i int) bool { return g.first[i] > edge })) - 1
}

// route is a shortest way from a start to position i.
func (g *graph) route(i int32) (steps []edge) {
	for g.via[i] != none {
		e := g.via[i]
		steps = append(steps, g.edges[e])
		i = g.origin(e)
	}
	slices.Reverse(steps)
	return steps
}
