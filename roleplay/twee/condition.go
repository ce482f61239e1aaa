package twee

import (
	"regexp"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// maxConditions is how many single conditions, counted wherever they stand, a
// story may have. A 剧本 of full size has no room for more.
const maxConditions = 1 << 14

// longestCondition is the most a condition may be written with.
const longestCondition = 1 << 10

var comparisons = map[string]string{
	"and": "and", "or": "or", "not": "not", "is": "==", "isnot": "!=", "eq": "==", "neq": "!=",
	"gte": ">=", "lte": "<=", "gt": ">", "lt": "<",
}

var (
	isNot   = regexp.MustCompile(`\bis\s+not\b`)
	contain = regexp.MustCompile(`\(history:\)\s*contains\s*("[^"]*"|'[^']*')`)
	harVis  = regexp.MustCompile(`\(visited:\s*("[^"]*"|'[^']*')\s*\)`)
	alike   = strings.NewReplacer("===", "==", "!==", "!=")
)

// holds is what the condition of an arm means where p is told. One that cannot
// be read is taken to hold.
func (t *teller) holds(a *arm) roleplay.Condition {
	if a.last || a.cond == arriving {
		return draft.Always
	}
	if a.when == nil {
		c := t.read(a)
		a.when = &c
	}
	return t.use(*a.when)
}

func (t *teller) read(a *arm) roleplay.Condition {
	text := alike.Replace(isNot.ReplaceAllString(a.cond, "isnot"))
	text = contain.ReplaceAllString(harVis.ReplaceAllString(text, "visited($1)"), "visited($1)")
	c, err := draft.Always, errManyConditions
	if len(text) <= longestCondition {
		c, err = draft.Grammar{Words: comparisons, Term: t.term}.Condition(text)
	}
	switch {
	case err != nil:
		t.story.Note(a.line, a.cond, "这个条件搬不过来，当作总是成立。")
		return draft.Always
	case a.not:
		return draft.Not(c)
	}
	return c
}

// use copies a condition, so that nothing is shared by two places of the story,
// and counts its parts.
func (t *teller) use(c roleplay.Condition) roleplay.Condition {
	if t.conditions++; t.conditions > maxConditions {
		t.err = errManyConditions
		return draft.Always
	}
	if c.Of != nil {
		of := make([]roleplay.Condition, len(c.Of))
		for i := range c.Of {
			of[i] = t.use(c.Of[i])
		}
		c.Of = of
	}
	return c
}

// term is what a name stands for in a condition.
func (t *teller) term(name string, arguments []string) (draft.Term, bool) {
	switch name {
	case "visited", "hasVisited":
		been := draft.Always
		for _, a := range arguments {
			p := t.byName[a]
			if p == nil {
				return draft.Term{}, false
			}
			been = draft.All(been, t.been(p))
		}
		return draft.Term{Happened: &been}, true
	}
	x := t.variables.byName[name]
	switch {
	case x == nil || len(arguments) > 0:
		return draft.Term{}, false
	case !x.flag:
		return draft.Term{Meter: x.meter, Scale: x.scale}, x.scale > 0
	}
	var ways []roleplay.Condition
	gone := map[*passage]bool{}
	for _, c := range x.changes {
		switch {
		case c.left != nil:
			if !gone[c.left] {
				gone[c.left] = true
				ways = append(ways, left(c.left))
			}
		case c.link == nil:
			ways = append(ways, t.been(c.in))
		case c.link.id >= 0:
			ways = append(ways, chosen(c.link))
		default:
			ways = append(ways, left(c.link.in))
		}
	}
	happened := draft.Any(ways...)
	return draft.Term{Happened: &happened}, true
}

// been holds when a passage has been told. In Twine the one being told has been,
// and so has the one whose reply is being told.
func (t *teller) been(p *passage) roleplay.Condition {
	if p == t.at || t.at.from != nil && t.at.from.in == p {
		return draft.Always
	}
	return left(p)
}

// left holds when the story has gone on from a passage.
func left(p *passage) roleplay.Condition {
	switch {
	case p.from != nil:
		return chosen(p.from)
	case p.scene < 0:
		return draft.Never
	}
	return roleplay.Condition{Op: "left", Index: p.scene}
}

func chosen(l *link) roleplay.Condition { return roleplay.Condition{Op: "chosen", Index: l.id} }
