package academy

import "qibu/internal/people"

// ContentPiece is one piece of content in force.
type ContentPiece struct {
	Kind, Title string
	Version     string // the first ten digits of its hash
}

// ContentList is all content in force and how far it goes.
type ContentList struct {
	Pieces   []ContentPiece
	Coverage Coverage
}

// ContentInForce lists what learners study now.
func (a *Academy) ContentInForce(who people.Actor) (list ContentList, err error) {
	if err := people.May(who, people.ManageContent); err != nil {
		return list, err
	}
	l := a.Library()
	list.Coverage = l.Cover()
	for _, e := range l.editions {
		list.Pieces = append(list.Pieces, ContentPiece{Kind: e.Kind, Title: l.title(e.Kind, e.Slug), Version: e.Hash[:10]})
	}
	return list, nil
}

// title is what people call a piece of content.
func (l *Library) title(kind, slug string) string {
	switch kind {
	case courseKind:
		if c, ok := l.Catalogue.Course(slug); ok {
			return c.Title
		}
	case quizKind:
		return l.Quizzes[slug].Title
	case scenarioKind:
		return l.Scenarios[slug].Title
	case certificationKind:
		if p, ok := l.Certification(slug); ok {
			return p.Title
		}
	}
	return slug
}
