// Package desk is where role-plays and banks of questions are written, as far as
// that is alike: the text with its buttons and the findings beside it, saving when
// two write at once, publishing, and throwing a draft away.
package desk

import (
	"context"
	"net/http"
	"net/url"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// Desk is where texts of one kind are written. T is a text of that kind with all
// that is known of it.
type Desk[T any] struct {
	Kind

	// The use cases. They ask for the permission.
	At          func(ctx context.Context, who people.Actor, slug, from string) (T, error)
	Save        func(ctx context.Context, who people.Actor, slug, source string, version int) (saved int, err error)
	Discard     func(ctx context.Context, who people.Actor, slug string, version int) error
	Publication func(ctx context.Context, who people.Actor, slug string) (Publication, error)
	Publish     func(ctx context.Context, who people.Actor, slug string, version int, base string) (said string, err error)

	// The pages of this kind alone.
	Edit, Check, Try func(*page.Request) error
	Text             func(T) Text
	Show             func(r *page.Request, status int, of T, typed Text) error // the whole desk, with what was typed
}

// Kind is what texts of one kind are called and where they are.
type Kind struct {
	List    string // address of the list; every desk is below it
	Help    string // address of the page on how such a text is written
	MaxBody int    // bytes of the longest text with all that is sent along

	// Keys of the catalogue.
	Back       string // what leads to the list
	Grammar    string // what leads to Help
	Hint       string // one sentence below the text
	Publishing string // title of the page to publish on
}

// Address is the desk of one text.
func (k Kind) Address(slug string) string { return k.List + "/" + url.PathEscape(slug) }

// Text is a text under way.
type Text struct {
	Slug, Title string
	Source      string
	Version     int
	Draft       *academy.UnderWay
	Published   bool // there is an edition in force
	Fields      ui.Fields
}

// Routes are the addresses of a desk.
func (d Desk[T]) Routes(rule page.Rule) []page.Route {
	at := d.List + "/:slug"
	return []page.Route{
		{Method: http.MethodGet, Path: at, Rule: rule, Handle: d.Edit},
		{Method: http.MethodPost, Path: at, Rule: rule, MaxBody: d.MaxBody, Handle: d.save},
		{Method: http.MethodPost, Path: at + "/check", Rule: rule, MaxBody: d.MaxBody, Handle: d.Check},
		{Method: http.MethodPost, Path: at + "/try", Rule: rule, MaxBody: d.MaxBody, Handle: d.Try},
		{Method: http.MethodGet, Path: at + "/publish", Rule: rule, Handle: d.askPublish},
		{Method: http.MethodPost, Path: at + "/publish", Rule: rule, Handle: d.publish},
		{Method: http.MethodGet, Path: at + "/discard", Rule: rule, Handle: d.askDiscard},
		{Method: http.MethodPost, Path: at + "/discard", Rule: rule, Handle: d.discard},
	}
}

// How times are shown: editions of one day are told apart at the desk.
const (
	day    = "2006-01-02"
	Minute = "2006-01-02 15:04"
)

// By names who put an edition in force.
func By(ctx context.Context, name string) string {
	if name == "" {
		return ui.T(ctx, "draft.shipped")
	}
	return name
}
