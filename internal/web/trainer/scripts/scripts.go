// Package scripts has the pages of trainers who write role-plays: the list, the
// editor with its checks, map and tryout, publishing, importing and downloading.
package scripts

import (
	"net/http"
	"net/url"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// What is enough for the longest script with a path through it, and for the
// longest story that is imported.
const (
	scriptBody = academy.MaxScript + 64<<10
	importBody = academy.MaxImport + 64<<10
)

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	write := page.Needs(people.WriteScript)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/scripts", Rule: write, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/scripts/new", Rule: write, Handle: p.new},
		{Method: http.MethodPost, Path: "/trainer/scripts/new", Rule: write, Handle: p.begin},
		{Method: http.MethodGet, Path: "/trainer/scripts/import", Rule: write, Handle: p.askImport},
		{Method: http.MethodPost, Path: "/trainer/scripts/import", Rule: write, MaxBody: importBody, Handle: p.importStory},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug", Rule: write, Handle: p.edit},
		{Method: http.MethodPost, Path: "/trainer/scripts/:slug", Rule: write, MaxBody: scriptBody, Handle: p.save},
		{Method: http.MethodPost, Path: "/trainer/scripts/:slug/check", Rule: write, MaxBody: scriptBody, Handle: p.check},
		{Method: http.MethodPost, Path: "/trainer/scripts/:slug/try", Rule: write, MaxBody: scriptBody, Handle: p.try},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/publish", Rule: write, Handle: p.askPublish},
		{Method: http.MethodPost, Path: "/trainer/scripts/:slug/publish", Rule: write, Handle: p.publish},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/discard", Rule: write, Handle: p.askDiscard},
		{Method: http.MethodPost, Path: "/trainer/scripts/:slug/discard", Rule: write, Handle: p.discard},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/export.:form", Rule: write, Handle: p.export},
	}
}

// address is the editor of a scenario.
func address(slug string) string { return "/trainer/scripts/" + url.PathEscape(slug) }

func (p pages) list(r *page.Request) error {
	list, err := p.academy.Scripts(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("script.title"), ui.Trainer, listPage(list))
}

// newForm names a scenario, and what it begins as.
type newForm struct {
	Slug string `form:"slug" validate:"required,max=60" label:"draft.slug"`
	From string `form:"from" validate:"max=60" label:"script.from"`
}

func (p pages) new(r *page.Request) error {
	return p.showNew(r, http.StatusOK, newForm{From: r.Query("from")}, nil)
}

func (p pages) showNew(r *page.Request, status int, form newForm, fields ui.Fields) error {
	list, err := p.academy.Scripts(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("script.new"), ui.Trainer, newPage(list, form, fields))
}

func (p pages) begin(r *page.Request) error {
	form, err := page.Form[newForm](r)
	if err == nil {
		err = p.academy.NewScript(r.Context(), r.Who, form.Slug, form.From)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showNew(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(form.Slug), "script_begun")
}

// askDiscard asks once, and names the thing.
func (p pages) askDiscard(r *page.Request) error {
	s, err := p.academy.ScriptAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	if s.Draft == nil {
		return r.Redirect(address(s.Slug))
	}
	return r.Show(r.T("draft.discard_title"), ui.Trainer, discardPage(s))
}

type discardForm struct {
	Version int `form:"version" validate:"min=0"`
}

func (p pages) discard(r *page.Request) error {
	form, err := page.Form[discardForm](r)
	if err == nil {
		err = p.academy.DiscardDraft(r.Context(), r.Who, r.Param("slug"), form.Version)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/trainer/scripts", "script_discarded")
}
