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
	push         string // the passage to return to when the target has been told
}

// branch is one arm of a fork.
type branch struct {
	fork *node
	arm  int
}

// acts reports whether the node changes a variable in any of its arms.
func (n *node) acts() bool {
	if n.kind == changed {
		return true
	}
	for _, a := range n.arms {
		for _, m := range a.nodes {
			if m.acts() {
				return true
			}
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
