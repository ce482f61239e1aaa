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
		{Method: http.MethodPost, Path: "/sessions/:id/retry", Rule: own, Handle: p.retry},
		{Method: http.MethodGet, Path: "/sessions/:id/debrief", Rule: own, Handle: p.debrief},
		{Method: http.MethodPost, Path: "/sessions/:id/intent", Rule: own, Handle: p.intend},
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
	Mode  string `form:"mode" validate:"required,oneof=practice exam"`
	Again string `form:"again" validate:"max=1"` // after an end: begin a new one
}

func (p pages) start(r *page.Request) error {
	form, err := page.Form[startForm](r)
	if err != nil {
		return err
	}
	id, err := p.academy.StartSession(r.Context(), r.Who, r.Param("slug"), form.Mode == "exam", form.Again != "")
	if errors.Is(err, academy.ErrPracticeOnly) {
		return r.Redirect("/rehearse/" + r.Param("slug") + "?said=practice_only")
	}
	if err != nil {
		return err
	}
	return r.Redirect(sessionURL(id))
}

// onStage is a rehearsal with the time its page is made at, from which a
// countdown in the browser starts. Of the lines, it shows those after step known.
func (p pages) onStage(st academy.Stage, known int) staging {
	return staging{Stage: st, Now: p.academy.Now(), known: known}
}

// nothingKnown asks for every line of a talk.
const nothingKnown = -1

func (p pages) session(r *page.Request) error {
	st, err := p.academy.Session(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	return r.Show(r.Title(st.Title, st.TitleEN), ui.Visitor, talkPage(p.onStage(st, nothingKnown), r.Site().Asset("talk.js")))
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
	return p.showTurn(r, st, form.Step, err)
}

func (p pages) openDocument(r *page.Request) error {
	form, err := page.Form[turnForm](r)
	if err != nil {
		return err
	}
	st, err := p.academy.OpenDocument(r.Context(), r.Who, r.Param("id"), form.Step, form.Token)
	return p.showTurn(r, st, form.Step, err)
}

// refusals are what does not fit where the talk is, what the page says then, and
// the status its script gets.
var refusals = []struct {
	err    error
	said   string
	status int
}{
	{academy.ErrMovedOn, "moved_on", http.StatusConflict},
	{academy.ErrTimeUp, "time_up", http.StatusConflict},
	{academy.ErrNoSuchChoice, "no_such_choice", http.StatusUnprocessableEntity},
}

// showTurn answers with the conversation as it now is: the page's script gets it
// at once, with the lines since the step it knows; a browser without scripts is
// sent to it. Whoever was refused is told why.
func (p pages) showTurn(r *page.Request, st academy.Stage, known int, err error) error {
	scripted := r.Header("X-Fragment") != ""
	for _, no := range refusals {
		switch {
		case !errors.Is(err, no.err):
		case scripted:
			return r.FragmentStatus(no.status, talk(p.onStage(st, nothingKnown), r.T("said."+no.said)))
		default:
			return r.Redirect("/sessions/" + st.ID + "?said=" + no.said + "#now")
		}
	}
	switch {
	case err != nil:
		return err
	case scripted:
		return r.Fragment(talk(p.onStage(st, known), ""))
	}
	return r.Redirect(sessionURL(st.ID))
}

type retryForm struct {
	Step int `form:"step" validate:"min=0,max=10000"` // events to keep
}

func (p pages) retry(r *page.Request) error {
	form, err := page.Form[retryForm](r)
	if err != nil {
		return err
	}
	id, err := p.academy.Retry(r.Context(), r.Who, r.Param("id"), form.Step)
	if errors.Is(err, academy.ErrNoUndo) {
		return r.Redirect("/sessions/" + r.Param("id") + "?said=no_undo#now")
	}
	if err != nil {
		return err
	}
	return r.Redirect(sessionURL(id))
}

func (p pages) debrief(r *page.Request) error {
	return p.showDebrief(r, http.StatusOK, intentForm{}, nil)
}

// showDebrief shows the debrief or, while it is sealed, how it ended and the
// question that opens it.
func (p pages) showDebrief(r *page.Request, status int, form intentForm, wrong ui.Fields) error {
	d, err := p.academy.Debrief(r.Context(), r.Who, r.Param("id"))
	switch {
	case errors.Is(err, academy.ErrNotEnded):
		return r.Redirect("/sessions/" + r.Param("id") + "?said=not_ended#now")
	case err != nil:
		return err
	case d.Sealed:
		return r.ShowStatus(status, r.Title(d.Title, d.TitleEN), ui.Learner, sealedPage(d, form.Intent, wrong))
	case wrong != nil: // it was answered meanwhile
		return r.Redirect(debriefURL(d.ID))
	}
	return r.Show(r.Title(d.Title, d.TitleEN), ui.Learner, debriefPage(d))
}

// intentForm is what the learner means to say next time. To say nothing takes a
// button of its own.
type intentForm struct {
	Do     string `form:"do" validate:"required,oneof=say decline"`
	Intent string `form:"intent" validate:"required_if=Do say" label:"rehearse.intent"`
}

func (p pages) intend(r *page.Request) error {
	form, err := page.Form[intentForm](r)
	if form.Do == "decline" {
		form.Intent = ""
	}
	if err == nil {
		err = p.academy.Intend(r.Context(), r.Who, r.Param("id"), form.Intent)
	}
	if wrong, ok := r.FieldErrors(err); ok {
		return p.showDebrief(r, http.StatusUnprocessableEntity, form, wrong)
	}
	if err != nil && !errors.Is(err, academy.ErrNotEnded) {
		return err
	}
	return r.Redirect(debriefURL(r.Param("id")))
}

func debriefURL(id string) string { return "/sessions/" + id + "/debrief" }

// sessionURL leads to the newest line of a session.
func sessionURL(id string) string { return "/sessions/" + id + "#now" }
