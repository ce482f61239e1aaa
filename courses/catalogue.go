package courses

import (
	"cmp"
	"slices"
)

// Catalogue is all courses in the order learners see them. It does not change.
type Catalogue struct {
	Courses []*Course
	bySlug  map[string]*Course
}

// NewCatalogue puts courses in the order of the slugs. Courses the order does
// not name follow, by their own Order and slug.
func NewCatalogue(courses []*Course, order []string) *Catalogue {
	c := &Catalogue{Courses: slices.Clone(courses), bySlug: map[string]*Course{}}
	for _, course := range courses {
		c.bySlug[course.Slug] = course
	}
	place := func(course *Course) int {
		if i := slices.Index(order, course.Slug); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(c.Courses, func(a, b *Course) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Order, b.Order), cmp.Compare(a.Slug, b.Slug))
	})
	return c
}

// Course returns a course by slug.
func (c *Catalogue) Course(slug string) (*Course, bool) {
	course, ok := c.bySlug[slug]
	return course, ok
}

// Module returns a module by the slugs of its course and its own.
func (c *Catalogue) Module(course, slug string) (*Module, bool) {
	in, ok := c.bySlug[course]
	if !ok {
		return nil, false
	}
	i := slices.IndexFunc(in.Modules, func(m *Module) bool { return m.Slug == slug })
	if i < 0 {
		return nil, false
	}
	return in.Modules[i], true
}

// Neighbours returns the modules before and after m in its course, nil at the ends.
func (c *Catalogue) Neighbours(m *Module) (prev, next *Module) {
	course, ok := c.bySlug[m.Course]
	if !ok {
		return nil, nil
	}
	i := slices.IndexFunc(course.Modules, func(o *Module) bool { return o.Slug == m.Slug })
	if i > 0 {
		prev = course.Modules[i-1]
	}
	if i >= 0 && i+1 < len(course.Modules) {
		next = course.Modules[i+1]
	}
	return prev, next
}
