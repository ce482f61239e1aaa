// Package rehearsal has the pages of role-play: what can be rehearsed, the
// conversation itself, and the debrief after it.
package rehearsal

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
	learn, own := page.Needs(people.Learn), page.NeedsOwn(people.Learn)
	return []page.Route{
		{Method: http.MethodGet, Path: "/rehearse", Rule: learn, Handle: p.list},
		{Method: http.MethodGet, Path: "/rehearse/:slug", Rule: learn, Handle: p.brief},
		{Method: http.MethodPost, Path: "/rehearse/:slug/sessions", Rule: learn, Handle: p.start},
		{Method: http.MethodGet, Path: "/sessions/:id", Rule: own, Handle: p.session},
		{Method: http.MethodPost, Path: "/sessions/:id/choices", Rule: own, Handle: p.choose},
		{Method: http.MethodPost, Path: "/sessions/:id/documents", Rule: own, Handle: p.openDocument},
		{Method: http.MethodGet, Path: "/sessions/:id/debrief", Rule: own, Handle: p.debrief},
	}
}

func (p pages) list(r *page.Request) error {
	list, err := p.academy.Rehearsals(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("rehearse.title"), ui.Learner, listPage(list))
}

func (p pages) brief(r *page.Request) error {
	b, err := p.academy.Brief(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.Show(r.Title(b.Title, b.TitleEN), ui.Learner, briefPage(b))
}

type startForm struct {
	Again string `form:"again" validate:"max=1"` // after an end: begin a new one
}

func (p pages) start(r *page.Request) error {
	form, err := page.Form[startForm](r)
	if err != nil {
		return err
	}
	id, err := p.academy.StartSession(r.Context(), r.Who, r.Param("slug"), form.Again != "")
	if err != nil {
		return err
	}
	return r.Redirect(sessionURL(id))
}

func (p pages) session(r *page.Request) error {
	st, err := p.academy.Session(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	return r.Show(r.Title(st.Title, st.TitleEN), ui.Visitor, talkPage(st, r.Site().Asset("talk.js")))
}

// turnForm is a choice, or a document to open, as it was offered.
type turnForm struct {
	Step  int    `form:"step" validate:"min=0,max=10000"` // events in the log when it was offered
	Token string `form:"token" validate:"required,max=64"`
}

func (p pages) choose(r *page.Request) error {
	form, err := page.Form[turnForm](r)
	if err != nil {
		return err
	}
	st, err := p.academy.Choose(r.Context(), r.Who, r.Param("id"), form.Step, form.Token)
	return showTurn(r, st, err)
}

func (p pages) openDocument(r *page.Request) error {
	form, err := page.Form[turnForm](r)
	if err != nil {
		return err
	}
	st, err := p.academy.OpenDocument(r.Context(), r.Who, r.Param("id"), form.Step, form.Token)
	return showTurn(r, st, err)
}

// showTurn answers with the conversation as it now is: the page's script gets it
// at once, a browser without scripts is sent to it. Whoever was behind is told so.
func showTurn(r *page.Request, st academy.Stage, err error) error {
	behind := errors.Is(err, academy.ErrMovedOn)
	scripted := r.Header("X-Fragment") != ""
	switch {
	case err != nil && !behind:
		return err
	case scripted && behind:
		return r.FragmentStatus(http.StatusConflict, talk(st, r.T("said.moved_on")))
	case scripted:
		return r.Fragment(talk(st, ""))
	case behind:
		return r.Redirect("/sessions/" + st.ID + "?said=moved_on#now")
	}
	return r.Redirect(sessionURL(st.ID))
}

func (p pages) debrief(r *page.Request) error {
	d, err := p.academy.Debrief(r.Context(), r.Who, r.Param("id"))
	if errors.Is(err, academy.ErrNotEnded) {
		return r.Redirect("/sessions/" + r.Param("id") + "?said=not_ended#now")
	}
	if err != nil {
		return err
	}
	return r.Show(r.Title(d.Title, d.TitleEN), ui.Learner, debriefPage(d))
}

// sessionURL leads to the newest line of a session.
func sessionURL(id string) string { return "/sessions/" + id + "#now" }
