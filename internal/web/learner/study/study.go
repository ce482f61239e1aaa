// Package study has the pages of reading: the learner's home, courses, modules,
// search, sources and the help.
package study

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	learn := page.Needs(people.Learn)
	return []page.Route{
		{Method: http.MethodGet, Path: "/learn", Rule: learn, Handle: p.home},
		{Method: http.MethodGet, Path: "/courses", Rule: learn, Handle: p.courses},
		{Method: http.MethodGet, Path: "/courses/:course", Rule: learn, Handle: p.course},
		{Method: http.MethodGet, Path: "/courses/:course/:module", Rule: learn, Handle: p.module},
		{Method: http.MethodPost, Path: "/courses/:course/:module/read", Rule: learn, Handle: p.markRead},
		{Method: http.MethodGet, Path: "/search", Rule: learn, Handle: p.search},
		{Method: http.MethodGet, Path: "/sources/:id", Rule: learn, Handle: p.source},
		{Method: http.MethodGet, Path: "/help", Rule: page.SignedIn, Handle: p.helpIndex},
		{Method: http.MethodGet, Path: "/help/:slug", Rule: page.SignedIn, Handle: p.help},
	}
}

func (p pages) home(r *page.Request) error {
	home, err := p.academy.Home(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("nav.learn"), ui.Learner, homePage(r.Who, home))
}

func (p pages) courses(r *page.Request) error {
	list, err := p.academy.Courses(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("study.courses"), ui.Learner, coursesPage(list))
}

func (p pages) course(r *page.Request) error {
	course, err := p.academy.Course(r.Context(), r.Who, r.Param("course"))
	if err != nil {
		return err
	}
	return r.Show(r.Title(course.Title, course.TitleEN), ui.Learner, coursePage(course))
}

func (p pages) module(r *page.Request) error {
	lesson, err := p.academy.Lesson(r.Context(), r.Who, r.Param("course"), r.Param("module"))
	if err != nil {
		return err
	}
	body := modulePage(lesson, r.Site().Asset("reading.js"))
	return r.ShowKept(&lessons, lessonKey(lesson), r.Title(lesson.Title, lesson.TitleEN), ui.Learner, body)
}

type readForm struct {
	Headings []string `form:"heading" validate:"max=60,dive,max=100"`
}

// markRead takes headings from the reading script, or all of them from the form
// at the end of the module.
func (p pages) markRead(r *page.Request) error {
	form, err := page.Form[readForm](r)
	if err != nil {
		return err
	}
	course, module := r.Param("course"), r.Param("module")
	progress, err := p.academy.MarkRead(r.Context(), r.Who, course, module, form.Headings)
	if err != nil {
		return err
	}
	if r.WantsJSON() {
		return r.JSON(http.StatusOK, map[string]any{"read": progress.Read, "total": progress.Total, "done": progress.Done()})
	}
	return r.RedirectSaying("/courses/"+course+"/"+module, "module_read")
}

func (p pages) search(r *page.Request) error {
	query := r.Query("q")
	hits, err := p.academy.Search(r.Who, query)
	if err != nil {
		return err
	}
	return r.Show(r.T("study.search"), ui.Learner, searchPage(query, hits))
}

func (p pages) source(r *page.Request) error {
	fact, err := p.academy.Source(r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	if r.Query("card") != "" {
		return r.Fragment(sourceCard(fact))
	}
	return r.Show(fact.ID, ui.Learner, sourcePage(fact))
}

func (p pages) helpIndex(r *page.Request) error {
	return r.Show(r.T("me.help"), ui.Learner, helpIndexPage(p.academy.HelpPages(r.Who)))
}

func (p pages) help(r *page.Request) error {
	h, err := p.academy.HelpPage(r.Param("slug"))
	if err != nil {
		return err
	}
	return r.Show(r.Title(h.Title, h.TitleEN), ui.Learner, helpPage(h))
}
