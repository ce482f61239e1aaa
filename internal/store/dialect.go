package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"qibu/internal/fault"
)

// dialect is what an engine's SQL and errors look like.
type dialect struct {
	name        string
	placeholder string // what an argument's number follows
	constraint  func(error) (Constraint, bool)
	away        func(error) bool // not now, but perhaps in a moment; nothing was lost

	mu      sync.RWMutex
	spelled map[string]spelling // by the query as written; guarded by mu
}

// spelling is a query as the engine wants it.
type spelling struct {
	text  string
	args  int  // how many it takes
	reads bool // it is a SELECT and changes nothing
	who   bool // it can change who somebody is, or end somebody's login
}

// whoever finds the statements after which what was known about a person, or
// about a login, may no longer hold. A new login changes nothing known.
var whoever = regexp.MustCompile(`(?i)^\s*(UPDATE\s+(persons|stores)\b|DELETE\s+FROM\s+(persons|logins|person_roles)\b|INSERT\s+INTO\s+person_roles\b)`)

var argument = regexp.MustCompile(`\$\d+`)

// spell returns the query in the engine's spelling. SQLite takes $2 for a
// name and binds names in order of appearance, silently wrong; ?2 is a number.
// No query has a dollar before a digit inside a literal.
func (d *dialect) spell(query string, args int) (spelling, error) {
	d.mu.RLock()
	s, ok := d.spelled[query]
	d.mu.RUnlock()
	if !ok {
		s = d.learn(query)
	}
	if s.args != args {
		return s, fmt.Errorf("query takes %d arguments, got %d", s.args, args)
	}
	return s, nil
}

// maxKnown bounds the memory for spellings. The program has a few hundred
// queries, but a list in one of them makes another of every length.
const maxKnown = 2000

func (d *dialect) learn(query string) spelling {
	s := spelling{
		text:  argument.ReplaceAllStringFunc(query, func(arg string) string { return d.placeholder + arg[1:] }),
		args:  arguments(query),
		reads: strings.HasPrefix(strings.ToUpper(strings.TrimSpace(query)), "SELECT"),
		who:   whoever.MatchString(query),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.spelled == nil || len(d.spelled) == maxKnown {
		d.spelled = map[string]spelling{}
	}
	d.spelled[query] = s
	return s
}

// arguments returns the highest argument number of a query.
func arguments(query string) int {
	highest := 0
	for _, arg := range argument.FindAllString(query, -1) {
		n, _ := strconv.Atoi(arg[1:])
		highest = max(highest, n)
	}
	return highest
}

// Constraint is the kind of rule of the schema that a change would break. It
// is an error, so errors.Is(err, store.ErrUnique) works.
type Constraint string

// The kinds. SQLite does not name the constraint, so only the kind is told.
const (
	ErrUnique     Constraint = "unique constraint"
	ErrForeignKey Constraint = "foreign key constraint"
	ErrCheck      Constraint = "check constraint"
)

// Error implements error.
func (c Constraint) Error() string { return string(c) }

// fault gives an error of the engine or of a closure its kind. A fault keeps
// the kind it has.
func (d *dialect) fault(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	if c, ok := d.constraint(err); ok {
		return fault.Wrap(fault.Conflict, "error.conflict", fmt.Errorf("%w: %w", c, err))
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || d.away(err) {
		return unavailable(err)
	}
	return fault.Wrap(fault.Internal, "error.internal", err)
}

func unavailable(cause error) error {
	return fault.Wrap(fault.Unavailable, "error.unavailable", cause)
}
