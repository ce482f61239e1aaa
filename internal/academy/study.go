package academy

import (
	"context"
	"slices"

	"qibu/courses"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/markdown"
	"qibu/internal/people"
	"qibu/internal/store"
)

// CourseProgress is a course with how far the actor has read.
type CourseProgress struct {
	*courses.Course
	Modules []ModuleProgress
}

// ModuleProgress is a module with how far the actor has read, and its quiz.
type ModuleProgress struct {
	*courses.Module
	Progress courses.Progress
	Quiz     string // slug, "" for none
}

// Courses lists every course with the actor's progress.
func (a *Academy) Courses(ctx context.Context, who people.Actor) (list []CourseProgress, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		read, err := tx.ReadingsOf(who.ID)
		list = make([]CourseProgress, len(l.Catalogue.Courses))
		for i, c := range l.Catalogue.Courses {
			list[i] = l.progress(c, read)
		}
		return err
	})
	return list, err
}

func (l *Library) progress(c *courses.Course, read map[string]map[string]bool) CourseProgress {
	p := CourseProgress{Course: c}
	for _, m := range c.Modules {
		p.Modules = append(p.Modules, ModuleProgress{Module: m, Progress: m.Progress(read[m.Ref()]), Quiz: l.QuizOf[m.Ref()]})
	}
	return p
}

// Course returns one course with the actor's progress.
func (a *Academy) Course(ctx context.Context, who people.Actor, slug string) (p CourseProgress, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return p, err
	}
	l := a.Library()
	c, ok := l.Catalogue.Course(slug)
	if !ok {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		read, err := tx.ReadingsOf(who.ID)
		p = l.progress(c, read)
		return err
	})
	return p, err
}

// Lesson is a module open for reading.
type Lesson struct {
	ModuleProgress
	Course     *courses.Course
	Read       map[string]bool // by heading id
	Prev, Next *courses.Module // nil at the ends of the course
}

// Lesson opens a module.
func (a *Academy) Lesson(ctx context.Context, who people.Actor, course, module string) (lesson Lesson, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return lesson, err
	}
	l := a.Library()
	m, ok := l.Catalogue.Module(course, module)
	if !ok {
		return lesson, fault.New(fault.NotFound, "error.not_found")
	}
	lesson.Course, _ = l.Catalogue.Course(course)
	lesson.Prev, lesson.Next = l.Catalogue.Neighbours(m)
	lesson.Read, err = a.readings.recall(who.ID, who.ID+"/"+m.Ref(), func() (read map[string]bool, err error) {
		err = a.store.Glance(ctx, func(tx *store.Tx) error {
			read, err = tx.ReadIn(who.ID, m.Ref())
			return err
		})
		return read, err
	})
	lesson.ModuleProgress = ModuleProgress{Module: m, Progress: m.Progress(lesson.Read), Quiz: l.QuizOf[m.Ref()]}
	return lesson, err
}

// MarkRead notes headings the actor has read. Reading the last one records the
// module as evidence, in the same transaction. Headings the module does not have
// are ignored: the text may have changed since the page was opened.
func (a *Academy) MarkRead(ctx context.Context, who people.Actor, course, module string, headings []string) (p courses.Progress, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return p, err
	}
	l := a.Library()
	m, ok := l.Catalogue.Module(course, module)
	if !ok {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	known := slices.DeleteFunc(slices.Clone(headings), func(id string) bool {
		return !slices.ContainsFunc(m.Body.Headings, func(h markdown.Heading) bool { return h.Level == 2 && h.ID == id })
	})
	edition := l.Hash(courseKind, course)
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		added, err := tx.MarkRead(who.ID, m.Ref(), edition, known)
		if err != nil {
			return err
		}
		read, err := tx.ReadIn(who.ID, m.Ref())
		if err != nil {
			return err
		}
		p = m.Progress(read)
		if added == 0 || !p.Done() {
			return nil
		}
		reader, err := tx.Person(who.ID)
		if err != nil {
			return err
		}
		return a.record(tx, reader, "", evidence(cert.Module, m.Ref(), cert.Passed, 0, m.Ref()+"@"+edition))
	})
	return p, err
}

// searchLimit is how many places one search shows.
const searchLimit = 40

// Search finds places in the courses. It needs a login and nothing from the store.
func (a *Academy) Search(who people.Actor, query string) ([]courses.Hit, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	return a.Library().Search.Search(query, searchLimit), nil
}

// Source returns the fact behind a source mark.
func (a *Academy) Source(who people.Actor, id string) (courses.Fact, error) {
	if err := people.May(who, people.Learn); err != nil {
		return courses.Fact{}, err
	}
	fact, ok := a.Library().Facts[id]
	if !ok {
		return fact, fault.New(fault.NotFound, "error.not_found")
	}
	return fact, nil
}

// HelpPages lists the help for the actor's roles, the learner's first.
func (a *Academy) HelpPages(who people.Actor) []HelpPage {
	var pages []HelpPage
	for _, role := range people.Roles {
		for _, h := range a.Library().Help {
			if h.Audience == string(role) && (role == people.Advisor || who.Has(role)) {
				pages = append(pages, h)
			}
		}
	}
	return pages
}

// HelpPage returns one page of the help.
func (a *Academy) HelpPage(slug string) (HelpPage, error) {
	i := slices.IndexFunc(a.Library().Help, func(h HelpPage) bool { return h.Slug == slug })
	if i < 0 {
		return HelpPage{}, fault.New(fault.NotFound, "error.not_found")
	}
	return a.Library().Help[i], nil
}
