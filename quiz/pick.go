package quiz

import (
	"cmp"
	"crypto/sha256"
	"slices"
)

// block is what is drawn together: one question, or all questions of a case, as
// indices into Bank.Questions.
type block []int

// blocks lists what can be drawn, in bank order. A case is on trial as a whole or
// not at all.
func (b *Bank) blocks() (scored, pilot []block) {
	var all []block
	cases := map[int]int{} // index in all
	for i := range b.Questions {
		q := &b.Questions[i]
		if q.Void {
			continue
		}
		if n, ok := cases[q.Case]; ok && q.Case > 0 {
			all[n] = append(all[n], i)
			continue
		}
		cases[q.Case] = len(all)
		all = append(all, block{i})
	}
	for _, x := range all {
		if b.Questions[x[0]].Pilot {
			pilot = append(pilot, x)
		} else {
			scored = append(scored, x)
		}
	}
	return scored, pilot
}

// Length is the number of questions in every paper.
func (b *Bank) Length() int { return b.scored() + b.pilots() }

// scored is the number of scored questions in every paper.
func (b *Bank) scored() int {
	if len(b.Blueprint) > 0 {
		return b.Size
	}
	return b.Size - b.pilots()
}

// pilots is the number of pilot questions in every paper: as many as there are and
// as go into a fifth of it, cases kept whole.
func (b *Bank) pilots() int {
	most := b.Size / 5
	if len(b.Blueprint) > 0 {
		most = b.Size / 4 // a fifth of them and the scored ones together
	}
	_, pilot := b.blocks()
	most = min(most, len(slices.Concat(pilot...)))
	fits := make([]bool, most+1) // which numbers some blocks add up to
	fits[0] = true
	for _, x := range pilot {
		for n := most; n >= len(x); n-- {
			fits[n] = fits[n] || fits[n-len(x)]
		}
	}
	for !fits[most] {
		most--
	}
	return most
}

// pick chooses the blocks of a paper.
func (b *Bank) pick(s *stream, seen []string) []block {
	used := map[string]int{}
	for _, id := range seen {
		used[id] = 1
	}
	if b.Forms == 0 {
		return b.choose(s, used)
	}
	forms := b.forms()
	fresh := slices.DeleteFunc(slices.Clone(forms), func(form []block) bool {
		return !slices.ContainsFunc(form, func(x block) bool { return b.uses(x, used) == 0 })
	})
	if len(fresh) > 0 {
		forms = fresh
	}
	return forms[s.below(len(forms))]
}

// forms makes the fixed papers, each of what those before it used least. They
// depend on nothing but the bank.
func (b *Bank) forms() [][]block {
	s := newStream(sha256.Sum256([]byte("qibu quiz forms 1|" + b.Slug)))
	used := map[string]int{}
	list := make([][]block, b.Forms)
	for i := range list {
		list[i] = b.choose(s, used)
		for _, n := range slices.Concat(list[i]...) {
			used[b.Questions[n].ID]++
		}
	}
	return list
}

// uses returns how often the most used question of x was used.
func (b *Bank) uses(x block, used map[string]int) int {
	most := 0
	for _, i := range x {
		most = max(most, used[b.Questions[i].ID])
	}
	return most
}

// choose chooses the blocks of one paper, what was used least first.
func (b *Bank) choose(s *stream, used map[string]int) []block {
	scored, pilot := b.blocks()
	trial := b.frame(pilot, Cell{Count: b.pilots()})
	b.draw(s, trial, pilot, used)
	paper := b.paper(scored)
	free := paper.critical()
	if len(b.Blueprint) > 0 {
		b.draw(s, paper, free, used)
	} else {
		b.spread(s, paper, free, used)
	}
	return append(paper.drawn, trial.drawn...)
}

// paper is the frame of the scored questions.
func (b *Bank) paper(scored []block) *frame {
	if len(b.Blueprint) > 0 {
		return b.frame(scored, b.Blueprint...)
	}
	return b.frame(scored, Cell{Count: b.scored()})
}

// drawable reports whether Draw can fill a paper: there is room for everything
// critical and enough for everything else.
func (b *Bank) drawable() bool {
	scored, _ := b.blocks()
	f := b.paper(scored)
	free := f.critical()
	return len(f.drawn)+len(free) == len(scored) && f.completes()
}

// draw fills f by lot.
func (b *Bank) draw(s *stream, f *frame, list []block, used map[string]int) {
	b.lot(s, list, used)
	for _, x := range list {
		if f.full() {
			return
		}
		f.take(x)
	}
}

// lot brings the list into random order, what was used least first.
func (b *Bank) lot(s *stream, list []block, used map[string]int) {
	shuffle(s, list)
	slices.SortStableFunc(list, func(x, y block) int { return b.uses(x, used) - b.uses(y, used) })
}

// spread fills f topic by topic.
func (b *Bank) spread(s *stream, f *frame, list []block, used map[string]int) {
	var topics []string // in bank order, then by lot
	left := map[string][]block{}
	for _, x := range list {
		t := b.Questions[x[0]].Topic
		if left[t] == nil {
			topics = append(topics, t)
		}
		left[t] = append(left[t], x)
	}
	shuffle(s, topics)
	for _, t := range topics {
		b.lot(s, left[t], used)
	}
	scored := map[string]int{}
	count := func(x block) {
		for _, i := range x {
			scored[b.Questions[i].Topic]++
		}
	}
	count(slices.Concat(f.drawn...))
	for len(topics) > 0 && !f.full() {
		t := slices.MinFunc(topics, func(t, u string) int {
			return cmp.Or(scored[t]-scored[u], b.uses(left[t][0], used)-b.uses(left[u][0], used))
		})
		if f.take(left[t][0]) {
			count(left[t][0])
		}
		if left[t] = left[t][1:]; len(left[t]) == 0 {
			topics = slices.DeleteFunc(topics, func(u string) bool { return u == t })
		}
	}
}

// frame is the places of a paper by cell, and what has been drawn for them.
type frame struct {
	bank  *Bank
	cells []Cell
	in    [][]int // questions by cell
	drawn []block
	rest  []block // what can still be drawn
}

func (b *Bank) frame(rest []block, cells ...Cell) *frame {
	return &frame{bank: b, cells: cells, in: make([][]int, len(cells)), rest: slices.Clone(rest)}
}

func (f *frame) full() bool {
	for i, c := range f.cells {
		if len(f.in[i]) < c.Count {
			return false
		}
	}
	return true
}

// critical draws every block with a critical question and returns the others.
func (f *frame) critical() (free []block) {
	for _, x := range slices.Clone(f.rest) {
		if slices.ContainsFunc(x, func(i int) bool { return f.bank.Questions[i].Critical }) {
			f.take(x)
		} else {
			free = append(free, x)
		}
	}
	return free
}

// take draws x if it has room and the paper can still be filled afterwards, and
// reports whether it did.
// Among questions that stand alone the second follows from the first: which of
// them have room together is a transversal matroid, where whatever has room can
// be completed, and where taking the best first is best (Edmonds 1971).
func (f *frame) take(x block) bool {
	f.rest = slices.DeleteFunc(f.rest, func(y block) bool { return y[0] == x[0] })
	with := f.with(x)
	if with == nil || (isCase(x) || slices.ContainsFunc(f.rest, isCase)) && !with.completes() {
		return false
	}
	with.drawn = slices.Concat(f.drawn, []block{x})
	*f = *with
	return true
}

func isCase(x block) bool { return len(x) > 1 }

// with returns f with x in it, nil if there is no room.
func (f *frame) with(x block) *frame {
	g := f.clone()
	for _, q := range x {
		if !g.place(q, make([]bool, len(g.cells))) {
			return nil
		}
	}
	return g
}

func (f *frame) clone() *frame {
	g := *f
	g.in = make([][]int, len(f.in))
	for i, in := range f.in {
		g.in[i] = slices.Clone(in)
	}
	return &g
}

// place puts question q into a cell, moving others to other cells of theirs where
// that makes room: an augmenting path. tried are the cells it need not look at.
func (f *frame) place(q int, tried []bool) bool {
	for i, c := range f.cells {
		if tried[i] || !c.takes(&f.bank.Questions[q]) {
			continue
		}
		tried[i] = true
		if len(f.in[i]) < c.Count {
			f.in[i] = append(f.in[i], q)
			return true
		}
		for k, other := range f.in[i] {
			if f.place(other, tried) {
				f.in[i][k] = q
				return true
			}
		}
	}
	return false
}

func (c Cell) takes(q *Question) bool {
	return (c.Topic == "" || c.Topic == q.Topic) && (c.Difficulty == 0 || c.Difficulty == q.Difficulty)
}

// patience is how many cases completes tries before it gives up.
const patience = 200

// completes reports whether the rest can fill every place. Cases go in whole or
// not at all, which makes it a search; a bank that needs more than patience of it
// counts as one that cannot.
func (f *frame) completes() bool {
	var single, cases []block
	for _, x := range f.rest {
		if isCase(x) {
			cases = append(cases, x)
		} else {
			single = append(single, x)
		}
	}
	steps := patience
	return f.completable(single, cases, &steps)
}

func (f *frame) completable(single, cases []block, steps *int) bool {
	if f.fills(single) {
		return true
	}
	if *steps--; *steps < 0 || !f.fills(append(slices.Clip(single), cases...)) {
		return false
	}
	for i, x := range cases {
		if g := f.with(x); g != nil && g.completable(single, cases[i+1:], steps) {
			return true
		}
	}
	return false
}

// fills reports whether the questions of the blocks, each on its own, can fill
// every place left.
func (f *frame) fills(blocks []block) bool {
	g := f.clone()
	for _, q := range slices.Concat(blocks...) {
		if g.full() {
			return true
		}
		g.place(q, make([]bool, len(g.cells)))
	}
	return g.full()
}
