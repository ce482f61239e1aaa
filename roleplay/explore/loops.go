package explore

// loops groups the positions that can be reached from one another: going round
// among them earns nothing (unless a trainer lets it, which is an error), so
// what lies ahead of one lies ahead of all. Most groups are a single position.
// Groups are numbered so that a step leads to a lower number or stays.
type loops struct {
	*graph
	of    []int32 // by position: its group
	order []int32 // positions by group
	count int
	work  int // how many sums may be compared

	// The steps that leave a group, in the order of the positions they leave;
	// their to is the group they lead to. lead is by place in that order.
	steps []edge
	lead  []int32
}

// newLoops is Tarjan's algorithm without recursion.
func newLoops(g *graph) *loops {
	n := g.size()
	l := &loops{graph: g, of: make([]int32, n), order: make([]int32, 0, n), work: frontLimit}
	t := &tarjan{loops: l, index: make([]int32, n), low: make([]int32, n), next: make([]int32, n)}
	for i := range int32(n) {
		if t.index[i] == 0 {
			t.from(i)
		}
	}
	l.lead, l.steps = make([]int32, 0, n+1), make([]edge, 0, len(g.edges))
	for _, i := range l.order {
		l.lead = append(l.lead, int32(len(l.steps)))
		for _, e := range l.out(i) {
			if to := l.of[e.to]; to != l.of[i] {
				l.steps = append(l.steps, edge{to, e.by})
			}
		}
	}
	l.lead = append(l.lead, int32(len(l.steps)))
	return l
}

type tarjan struct {
	*loops
	index, low, next []int32 // by position; next is the edge to look at
	visited          int32
	open, path       []int32
}

// from visits every position ahead of i that has not been visited.
func (t *tarjan) from(i int32) {
	t.enter(i)
	for len(t.path) > 0 {
		i := t.path[len(t.path)-1]
		if t.next[i] == t.first[i+1] {
			t.path = t.path[:len(t.path)-1]
			if t.low[i] == t.index[i] {
				t.close(i)
			}
			if len(t.path) > 0 {
				back := t.path[len(t.path)-1]
				t.low[back] = min(t.low[back], t.low[i])
			}
			continue
		}
		to := t.edges[t.next[i]].to
		t.next[i]++
		if t.index[to] == 0 {
			t.enter(to)
		} else if t.index[to] > 0 {
			t.low[i] = min(t.low[i], t.index[to])
		}
	}
}

func (t *tarjan) enter(i int32) {
	t.visited++
	t.index[i], t.low[i], t.next[i] = t.visited, t.visited, t.first[i]
	t.open, t.path = append(t.open, i), append(t.path, i)
}

// done is the index of a position whose group is complete: it holds nobody back.
const done = -1

// close makes a group of i and what has been opened since.
func (t *tarjan) close(i int32) {
	for {
		k := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.index[k], t.of[k] = done, int32(t.count)
		t.order = append(t.order, k)
		if k == i {
			break
		}
	}
	t.count++
}

// ahead computes a value for every group from the endings backwards: end gives
// that of an ending, step what a step adds to the value of where it leads, join
// picks or adds up. Where end or step says no, no value comes from there; a
// group without any value has known false. Steps inside a group add nothing.
// What step is given leads to a group, not to a position.
func ahead[T any](l *loops, end func(i int32) (T, bool), step func(from int32, e edge, v T) (T, bool), join func(a, b T) T) (values []T, known []bool) {
	values, known = make([]T, l.count), make([]bool, l.count)
	put := func(c int32, v T) {
		if known[c] {
			v = join(values[c], v)
		}
		values[c], known[c] = v, true
	}
	for k, i := range l.order {
		steps := l.steps[l.lead[k]:l.lead[k+1]]
		if len(steps) == 0 && l.ended(i) {
			if v, ok := end(i); ok {
				put(l.of[i], v)
			}
		}
		for _, e := range steps {
			if !known[e.to] {
				continue
			}
			if v, ok := step(i, e, values[e.to]); ok {
				put(l.of[i], v)
			}
		}
	}
	return values, known
}

// behind is ahead in the other direction: from the starts to every group.
func behind[T any](l *loops, start T, step func(from int32, e edge, v T) (T, bool), join func(a, b T) T) (values []T, known []bool) {
	values, known = make([]T, l.count), make([]bool, l.count)
	for _, i := range l.starts {
		if i != none {
			values[l.of[i]], known[l.of[i]] = start, true
		}
	}
	for k := len(l.order) - 1; k >= 0; k-- {
		i := l.order[k]
		c := l.of[i]
		if !known[c] {
			continue
		}
		for _, e := range l.steps[l.lead[k]:l.lead[k+1]] {
			v, ok := step(i, e, values[c])
			if !ok {
				continue
			}
			if known[e.to] {
				v = join(values[e.to], v)
			}
			values[e.to], known[e.to] = v, true
		}
	}
	return values, known
}
