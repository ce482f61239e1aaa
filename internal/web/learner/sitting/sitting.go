// Package sitting has the page of an exam somebody is to sit: when, how, and the
// statement to accept before it begins.
package sitting

import (
	"errors"
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
	own := page.NeedsOwn(people.Learn)
	return []page.Route{
		{Method: http.MethodGet, Path: "/exams/:id", Rule: own, Handle: p.exam},
		{Method: http.MethodPost, Path: "/exams/:id/attempts", Rule: own, Handle: p.start},
	}
}

// Address is the page of an exam.
func Address(id string) string { return "/exams/" + id }

func (p pages) exam(r *page.Request) error { return p.show(r, http.StatusOK, nil) }

func (p pages) show(r *page.Request, status int, fields ui.Fields) error {
	e, err := p.academy.Exam(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, e.Title, ui.Learner, examPage(e, fields))
}

type startForm struct {
	Honour string `form:"honour" validate:"max=1"`
}

func (p pages) start(r *page.Request) error {
	form, err := page.Form[startForm](r)
	if err != nil {
		return err
	}
	id, err := p.academy.StartExam(r.Context(), r.Who, r.Param("id"), form.Honour != "")
	if fields, ok := r.FieldErrors(err); ok {
		return p.show(r, http.StatusUnprocessableEntity, fields)
	}
	if errors.Is(err, academy.ErrOutside) || errors.Is(err, academy.ErrExcused) || errors.Is(err, academy.ErrCancelled) {
		return r.Redirect(Address(r.Param("id")))
	}
	if err != nil {
		return err
	}
	return r.Redirect("/attempts/" + id)
}
