package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"qibu/internal/fault"
)

// dialect is what an engine's SQL and errors look like.
type dialect struct {
	name        string
	placeholder string // what argument 1 is called, less the number
	constraint  func(error) (Constraint, bool)
	away        func(error) bool // not now, but perhaps in a moment; nothing was lost
	spelled     sync.Map         // query as written → spelling
}

// spelling is a query as the engine wants it.
type spelling struct {
	text string
	args int
}

var argument = regexp.MustCompile(`\$(\d+)`)

// spell returns the query in the engine's spelling. SQLite takes $2 for a
// name and binds names in order of appearance, silently wrong; ?2 is a number.
// A query is written without a dollar before a digit inside its literals.
func (d *dialect) spell(query string, args int) (string, error) {
	cached, ok := d.spelled.Load(query)
	if !ok {
		cached = spelling{argument.ReplaceAllString(query, d.placeholder+"$1"), arguments(query)}
		d.spelled.Store(query, cached)
	}
	s := cached.(spelling)
	if s.args != args {
		return "", fmt.Errorf("query takes %d arguments, got %d", s.args, args)
	}
	return s.text, nil
}

// arguments returns the highest argument number of a query.
func arguments(query string) int {
	highest := 0
	for _, m := range argument.FindAllStringSubmatch(query, -1) {
		n, _ := strconv.Atoi(m[1])
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
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
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
