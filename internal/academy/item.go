package academy

import (
	"qibu/internal/assign"
	"qibu/internal/cert"
)

// Item is something that can be assigned or required, as people see it.
type Item struct {
	Kind, Ref string
	Title     string
	Href      string // where to do it
}

// Item describes what kind and ref name; false when there is no such thing (any more).
func (l *Library) Item(kind, ref string) (Item, bool) {
	item := Item{Kind: kind, Ref: ref}
	var ok bool
	switch kind {
	case assign.Module:
		item.Href = "/courses/" + ref
		_, ok = l.module(ref)
	case assign.Quiz:
		item.Href = "/quizzes/" + ref
		_, ok = l.Quizzes[ref]
	case assign.Scenario:
		item.Href = "/rehearse/" + ref
		_, ok = l.Scenarios[ref]
	case assign.Certification:
		item.Href = "/certificates"
		p, found := l.Certification(ref)
		if found {
			item.Title = p.Title
		}
		return item, found
	case cert.Observation:
		item.Href = "/certificates"
		_, ok = l.Observation(ref)
	}
	item.Title = l.requirementTitle(kind, ref)
	return item, ok
}

// Assignable lists everything that can be assigned, kind by kind, in the order
// of the curriculum.
func (l *Library) Assignable() []Item {
	var all []Item
	add := func(kind, ref string) {
		if item, ok := l.Item(kind, ref); ok {
			all = append(all, item)
		}
	}
	for _, p := range l.Certifications {
		add(assign.Certification, p.Slug)
	}
	for _, m := range l.modules() {
		add(assign.Module, m.Ref())
	}
	for _, m := range l.modules() {
		if slug, ok := l.QuizOf[m.Ref()]; ok {
			add(assign.Quiz, slug)
		}
	}
	for _, slug := range sortedKeys(l.Scenarios) {
		add(assign.Scenario, slug)
	}
	return all
}
