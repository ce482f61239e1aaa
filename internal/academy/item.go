package academy

import (
	"qibu/internal/assign"
	"qibu/internal/cert"
)

// Item is something that can be assigned or required, as people see it.
type Item struct {
	Kind, Ref      string
	Title, TitleEN string
	Href           string // where to do it
}

// Item describes what kind and ref name; false when there is no such thing (any
// more), and then the ref stands for the title.
func (l *Library) Item(kind, ref string) (item Item, ok bool) {
	item = Item{Kind: kind, Ref: ref, Title: ref}
	switch kind {
	case assign.Module:
		item.Href = "/courses/" + ref
		if m, found := l.module(ref); found {
			item.Title, item.TitleEN, ok = m.Title, m.TitleEN, true
		}
	case assign.Quiz:
		item.Href = "/quizzes/" + ref
		if b, found := l.Quizzes[ref]; found {
			item.Title, item.TitleEN, ok = b.Title, b.TitleEN, true
		}
	case assign.Scenario:
		item.Href = "/rehearse/" + ref
		if s, found := l.Scenarios[ref]; found {
			item.Title, item.TitleEN, ok = s.Title, s.TitleEN, true
		}
	case assign.Certification:
		item.Href = "/certificates"
		if p, found := l.Certification(ref); found {
			item.Title, item.TitleEN, ok = p.Title, p.TitleEN, true
		}
	case cert.Practice:
		item.Href = "/practice/" + ref
		if b, found := l.Quizzes[ref]; found {
			item.Title, item.TitleEN, ok = b.Title, b.TitleEN, true
		}
	case cert.Observation:
		item.Href = "/certificates"
		if o, found := l.Observation(ref); found {
			item.Title, item.TitleEN, ok = o.ID+" "+o.Title, o.ID+" "+o.TitleEN, true
		}
	}
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
