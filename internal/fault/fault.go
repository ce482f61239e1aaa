// Package fault describes what went wrong in terms the product can act on:
// a kind that decides how the outside is answered, a catalogue key with text
// that is safe to show, and the cause for the log.
package fault

import (
	"errors"
	"fmt"
)

// Kind classifies a failure by what the person in front of the screen can do
// about it. A Kind is itself an error, so errors.Is(err, fault.NotFound) works.
type Kind string

// The kinds. Anything that is not an *Error is Internal.
const (
	Internal        Kind = "internal"        // our mistake; the log has the cause
	Invalid         Kind = "invalid"         // the input has to change
	Unauthenticated Kind = "unauthenticated" // log in first
	Forbidden       Kind = "forbidden"       // this person may not do this
	NotFound        Kind = "not_found"       // no such thing, or none of this person's business
	Conflict        Kind = "conflict"        // the state moved on; look again
	TooMany         Kind = "too_many"        // wait, then try again
	TooLarge        Kind = "too_large"       // send less
	Unavailable     Kind = "unavailable"     // not now; nothing was lost
)

// Error implements error, so that a Kind can be the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Args fills the placeholders of a catalogue text.
type Args map[string]any

// Error is a failure with a kind, a text that is safe to show and a cause that is not.
type Error struct {
	Kind   Kind
	Key    string  // catalogue key of the text shown to the person
	Args   Args    // values for the text's placeholders
	Input  string  // for Invalid: the one input the text is about, if it is about one
	Fields []Field // for Invalid: which inputs, and why, when there may be several
	Cause  error   // for the log only
}

// Field says what is wrong with one input of a form.
type Field struct {
	Name    string // the form field's name
	Message string // ready to show, already in the person's language
}

// New makes an error whose text is found in the catalogue under key.
func New(kind Kind, key string) *Error { return &Error{Kind: kind, Key: key} }

// Newf is New with values for the text's placeholders.
func Newf(kind Kind, key string, args Args) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap is New with the cause kept for the log.
func Wrap(kind Kind, key string, cause error) *Error {
	return &Error{Kind: kind, Key: key, Cause: cause}
}

// Error describes the failure for the log, cause included. Never show it to a person.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Key, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Key)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is this error's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.Kind
}

// KindOf returns the kind of err: Internal for anything that is not a fault.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	var k Kind
	if errors.As(err, &k) {
		return k
	}
	return Internal
}
