package ink

import "strings"

// scope is the story, a knot or a stitch: what can be named there.
type scope struct {
	name   string
	parent *scope
	inner  map[string]*scope // knots of the story, stitches of a knot
	order  []*scope          // the same, as written
	labels map[string]*node
	weave  []*node  // what has a label, as written
	source []string // its own lines
	first  int      // number of the first of them
	nodes  []*node
	scene  int
}

// newScope opens a scope whose lines begin at number. Of two with one name the
// first is meant by it.
func newScope(name string, number int, parent *scope) *scope {
	s := &scope{name: name, first: number, parent: parent, inner: map[string]*scope{}, labels: map[string]*node{}}
	if parent != nil {
		if parent.inner[name] == nil {
			parent.inner[name] = s
		}
		parent.order = append(parent.order, s)
	}
	return s
}

// title is what its scenes are called.
func (s *scope) title() string {
	if s.parent != nil && s.parent.parent != nil {
		return s.parent.name + "·" + s.name
	}
	return s.name
}

// label keeps a node that can be named.
func (s *scope) label(n *node) {
	if n.label != "" && s.labels[n.label] == nil {
		s.labels[n.label] = n
		s.weave = append(s.weave, n)
	}
}

// lookUp finds what a name means here: a label, a stitch or a knot, the nearest first.
func (s *scope) lookUp(name string) (*scope, *node) {
	for at := s; at != nil; at = at.parent {
		if t, n := at.find(strings.Split(name, ".")); t != nil || n != nil {
			return t, n
		}
	}
	return nil, nil
}

func (s *scope) find(path []string) (*scope, *node) {
	t, n := s.inner[path[0]], s.labels[path[0]]
	if len(path) > 1 {
		if t == nil {
			return nil, nil
		}
		return t.find(path[1:])
	}
	if n != nil {
		return nil, n
	}
	if t == nil && s.parent != nil { // a label of one of the knot's stitches
		for _, stitch := range s.order {
			if n := stitch.labels[path[0]]; n != nil {
				return nil, n
			}
		}
	}
	return t, nil
}
