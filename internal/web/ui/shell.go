// Package ui has the pieces pages are made of: the shell around every page,
// form fields, chips, the seven-step ring, the pager.
package ui

import (
	"context"
	"strings"

	"qibu/internal/i18n"
	"qibu/internal/people"
)

// Audience is whom a page is for; it decides the navigation around it.
type Audience string

// The audiences.
const (
	Learner Audience = "learner"
	Trainer Audience = "trainer"
	HR      Audience = "hr"
	Admin   Audience = "admin"
	Visitor Audience = "visitor" // not logged in, or needs no navigation
)

// Shell is everything around a page's own content.
type Shell struct {
	Title    string
	Audience Audience
	Text     *i18n.Printer
	Who      people.Actor
	Path     string
	Asset    func(name string) string
	Said     string // a confirmation of what was just done
	Demo     bool
}

type textKey struct{}

// WithText gives components the language they speak.
func WithText(ctx context.Context, text *i18n.Printer) context.Context {
	return context.WithValue(ctx, textKey{}, text)
}

// T returns a catalogue text in the language of the page being rendered.
func T(ctx context.Context, key string, pairs ...any) string {
	return printer(ctx).T(key, pairs...)
}

// With is T with the placeholders' values as a map.
func With(ctx context.Context, key string, args map[string]any) string {
	return printer(ctx).With(key, args)
}

func printer(ctx context.Context) *i18n.Printer {
	if text, ok := ctx.Value(textKey{}).(*i18n.Printer); ok {
		return text
	}
	return i18n.For("zh")
}

// Lang is the language of the page being rendered.
func Lang(ctx context.Context) string { return printer(ctx).Lang() }

// Fields are messages by input name; "" holds what concerns the whole form.
type Fields map[string]string

// link is one entry of the navigation.
type link struct {
	Href, Icon, Key string
}

var learnerLinks = []link{
	{"/learn", "book", "nav.learn"},
	{"/rehearse", "talk", "nav.rehearse"},
	{"/certificates", "seal", "nav.certificates"},
	{"/me", "person", "nav.me"},
}

var staffLinks = map[people.Role][]link{
	people.Trainer: {
		{"/trainer", "board", "nav.trainer"},
		{"/trainer/assign", "assign", "nav.assign"},
		{"/trainer/observe", "eye", "nav.observe"},
		{"/trainer/scripts", "pages", "nav.scripts"},
		{"/trainer/banks", "list", "nav.banks"},
		{"/trainer/recordings", "replay", "nav.recordings"},
		{"/trainer/exams", "clock", "nav.exams"},
		{"/trainer/marking", "paper", "nav.marking"},
		{"/trainer/items", "chart", "nav.items"},
		{"/trainer/regrades", "check", "nav.regrades"},
	},
	people.HR: {
		{"/hr", "desk", "nav.hr"},
		{"/trainer", "board", "nav.trainer"},
		{"/trainer/assign", "assign", "nav.assign"},
		{"/trainer/exams", "clock", "nav.exams"},
		{"/trainer/items", "chart", "nav.items"},
		{"/trainer/regrades", "check", "nav.regrades"},
	},
	people.Admin: {
		{"/admin/people", "people", "nav.people"},
		{"/admin/stores", "store", "nav.stores"},
		{"/trainer/scripts", "pages", "nav.scripts"},
		{"/trainer/banks", "list", "nav.banks"},
		{"/trainer/regrades", "check", "nav.regrades"},
		{"/admin/audit", "list", "nav.audit"},
		{"/admin/content", "pages", "nav.content"},
	},
}

// group is a section of the rail.
type group struct {
	role  people.Role
	links []link
}

// staffGroups are the sections of the rail that a person's roles open. A page
// that two roles lead to is named once, under the first.
func (s Shell) staffGroups() []group {
	var groups []group
	named := map[string]bool{}
	for _, role := range []people.Role{people.Trainer, people.HR, people.Admin} {
		if !s.Who.Has(role) {
			continue
		}
		g := group{role: role}
		for _, l := range staffLinks[role] {
			if !named[l.Href] {
				named[l.Href] = true
				g.links = append(g.links, l)
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// navigation keeps the rail and the bar: they are the same for everybody with
// the same roles in the same place.
var navigation Kept

// place is everything the navigation depends on.
type place struct {
	lang, home, here         string
	trainer, hr, admin, demo bool
}

func (s Shell) place() place {
	return place{
		lang: s.Text.Lang(), home: Home(s.Who), here: s.here(), demo: s.Demo,
		trainer: s.Who.Has(people.Trainer), hr: s.Who.Has(people.HR), admin: s.Who.Has(people.Admin),
	}
}

// piece is the key of one piece of the navigation.
type piece struct {
	name string
	place
}

// Around is the key of a whole page: everything the shell depends on besides the
// title, and key for its content.
func (s Shell) Around(key any) any {
	type whole struct {
		place
		audience Audience
		said     string
		key      any
	}
	return whole{s.place(), s.Audience, s.Said, key}
}

// here is the link of the navigation that the address being shown belongs to:
// the longest one that leads to it or above it.
func (s Shell) here() string {
	path, longest := section(s.Path), ""
	try := func(links []link) {
		for _, l := range links {
			if len(l.Href) > len(longest) && under(path, l.Href) {
				longest = l.Href
			}
		}
	}
	try(learnerLinks)
	for _, links := range staffLinks {
		try(links)
	}
	return longest
}

// current reports whether the address being shown belongs to the link.
func (s Shell) current(l link) bool { return l.Href == s.here() }

// sections maps addresses that have no link of their own, by their first part,
// to the link they belong to.
var sections = map[string]string{
	"/courses": "/learn", "/quizzes": "/learn", "/exams": "/learn", "/attempts": "/learn", "/practice": "/learn", "/search": "/learn",
	"/sources": "/learn", "/sessions": "/rehearse", "/help": "/me", "/record": "/me",
}

func section(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if to, ok := sections["/"+first]; ok {
		return to
	}
	return path
}

// under reports whether path is href or lies below it.
func under(path, href string) bool {
	rest, ok := strings.CutPrefix(path, href)
	return ok && (rest == "" || rest[0] == '/')
}

// Home is where a person starts, by the roles held.
func Home(who people.Actor) string {
	switch {
	case who.ID == "":
		return "/login"
	case who.Has(people.Advisor):
		return "/learn"
	case who.Has(people.Trainer):
		return "/trainer"
	case who.Has(people.HR):
		return "/hr"
	case who.Has(people.Admin):
		return "/admin/people"
	}
	return "/learn"
}
