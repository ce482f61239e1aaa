package draft

import (
	"slices"

	"qibu/roleplay"
)

// Always and Never are conditions that are settled before anybody plays. None
// of them is left in a finished draft.
var (
	Always = roleplay.Condition{Op: "and"}
	Never  = roleplay.Condition{Op: "or"}
)

// All holds when every one of the conditions does.
func All(of ...roleplay.Condition) roleplay.Condition { return chain("and", Always, Never, of) }

// Any holds when one of the conditions does.
func Any(of ...roleplay.Condition) roleplay.Condition { return chain("or", Never, Always, of) }

func chain(op string, nothing, everything roleplay.Condition, of []roleplay.Condition) roleplay.Condition {
	var parts []roleplay.Condition
	for _, c := range of {
		switch {
		case is(c, everything):
			return everything
		case !is(c, nothing):
			parts = append(parts, c)
		}
	}
	switch len(parts) {
	case 0:
		return nothing
	case 1:
		return parts[0]
	}
	return roleplay.Condition{Op: op, Of: parts}
}

var opposite = map[string]string{">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}

// Not holds when c does not.
func Not(c roleplay.Condition) roleplay.Condition {
	switch {
	case is(c, Always):
		return Never
	case is(c, Never):
		return Always
	case c.Op == "not":
		return c.Of[0]
	case opposite[c.Op] != "":
		c.Op = opposite[c.Op]
		return c
	}
	return roleplay.Condition{Op: "not", Of: []roleplay.Condition{c}}
}

// Holds reports whether c is known to hold.
func Holds(c roleplay.Condition) bool { return is(c, Always) }

// When is c as a guard: nil when it always holds.
func When(c roleplay.Condition) *roleplay.Condition {
	if is(c, Always) {
		return nil
	}
	return &c
}

func is(c, constant roleplay.Condition) bool { return c.Op == constant.Op && len(c.Of) == 0 }

func never(c *roleplay.Condition) bool { return c != nil && is(settled(*c), Never) }

func settle(c *roleplay.Condition) *roleplay.Condition {
	if c == nil {
		return nil
	}
	return When(settled(*c))
}

// settled is c without parts that always or never hold.
func settled(c roleplay.Condition) roleplay.Condition {
	if c.Of == nil {
		return c
	}
	parts := slices.Clone(c.Of)
	for i := range parts {
		parts[i] = settled(parts[i])
	}
	switch c.Op {
	case "and":
		return All(parts...)
	case "or":
		return Any(parts...)
	}
	if is(parts[0], Always) || is(parts[0], Never) {
		return Not(parts[0])
	}
	c.Of = parts
	return c
}

// asks reports whether c depends on the meter.
func asks(c *roleplay.Condition, meter int) bool {
	if c == nil {
		return false
	}
	return opposite[c.Op] != "" && c.Index == meter ||
		slices.ContainsFunc(c.Of, func(x roleplay.Condition) bool { return asks(&x, meter) })
}
