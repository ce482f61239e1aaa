package roleplay

// Condition is a tree of comparisons over what has happened. Op is one of
//
//	and or not              over Of
//	>= <= > < == !=         meter Index against Value
//	opened left chosen      document, scene or option Index
type Condition struct {
	Op    string      `json:"op"`
	Of    []Condition `json:"of,omitempty"`
	Index int         `json:"index,omitempty"`
	Value int         `json:"value,omitempty"`
}

// holds reports whether c is true at p. No condition always holds.
func (c *Condition) holds(p *Position) bool {
	if c == nil {
		return true
	}
	switch c.Op {
	case "and", "or":
		decisive := c.Op == "or"
		for i := range c.Of {
			if c.Of[i].holds(p) == decisive {
				return decisive
			}
		}
		return !decisive
	case "not":
		return !c.Of[0].holds(p)
	case "opened":
		return p.Opened.Has(c.Index)
	case "left":
		return p.Left.Has(c.Index)
	case "chosen":
		return p.Chosen.Has(c.Index)
	}
	v := int(p.Meters[c.Index])
	switch c.Op {
	case ">=":
		return v >= c.Value
	case "<=":
		return v <= c.Value
	case ">":
		return v > c.Value
	case "<":
		return v < c.Value
	case "==":
		return v == c.Value
	}
	return v != c.Value
}
