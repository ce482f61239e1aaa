package twee

import "qibu/roleplay"

type kind int

const (
	said    kind = iota // a line of text
	linked              // a link, or a jump by itself
	changed             // variables are set
	forked              // alternatives under conditions
)

// node is one thing of a passage.
type node struct {
	kind    kind
	line    int
	text    string
	heading bool // the text is one
	link    *link
	changes []*change
	arms    []*arm
}

// arm is an alternative of a fork: told when its condition is the first that holds.
type arm struct {
	line  int
	cond  string
	not   bool // the condition must not hold
	last  bool // otherwise
	nodes []*node
	when  *roleplay.Condition // what cond means, once it has been read
}

// link leads to another passage.
type link struct {
	line         int
	text, target string
	changes      []*change
	within       []branch // the forks it stands in, the outermost first
	in           *passage
	id           int    // of the option it becomes; -1 for none
	jumps        bool   // it is no choice: the story goes on
	rest         bool   // its outermost fork only says that there is nothing to choose
	seconds      int    // after so many it is taken by itself; 0 for a click
	push         string // the passage to return to when the target has been told
}

// branch is one arm of a fork.
type branch struct {
	fork *node
	arm  int
}

// leaves reports whether the story goes on from the alternative by itself.
func (a *arm) leaves() bool {
	for _, n := range a.nodes {
		if n.kind == linked && n.link.jumps {
			return true
		}
	}
	return false
}

// take has the link do something when it is taken.
func (l *link) take(c *change) {
	if c.push != "" {
		l.push = c.push
		return
	}
	c.link = l
	l.changes = append(l.changes, c)
}
