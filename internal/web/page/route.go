// Package page is what every page handler works with: the request with the
// person behind it, forms, and how a page, a redirect or an error is answered.
package page

import "qibu/internal/people"

// Rule says who may call a route. The use case asks for the permission; the rule
// tells the middleware whether to require a login, and the matrix test what to expect.
type Rule struct {
	Action people.Action // "" for Public and SignedIn
	Login  bool
	Owned  bool // the route names a thing that belongs to one person
}

// The rules without an action.
var (
	Public   = Rule{}            // anybody, logged in or not
	SignedIn = Rule{Login: true} // any person, about that person's own account
)

// Needs is the rule of a route whose use case asks for action.
func Needs(action people.Action) Rule { return Rule{Action: action, Login: true} }

// NeedsOwn is Needs for a route that names one thing of one person, such as an attempt.
func NeedsOwn(action people.Action) Rule { return Rule{Action: action, Login: true, Owned: true} }

// Route is one address of the product. Every address is in such a list, so that
// a test can walk them all.
type Route struct {
	Method  string
	Path    string
	Rule    Rule
	MaxBody int // bytes; 0 means DefaultMaxBody
	Handle  func(*Request) error
}

// DefaultMaxBody bounds a request body unless the route says otherwise.
const DefaultMaxBody = 64 << 10
