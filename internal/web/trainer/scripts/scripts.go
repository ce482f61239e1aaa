// Package scripts has the pages of trainers who write role-plays: the list, the
// editor with its checks, map and tryout, publishing, importing and downloading.
package scripts

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// importBody is enough for the longest story that is imported.
const importBody = academy.MaxImport + 64<<10

// kind is what scripts are called and where they are.
var kind = desk.Kind{
	List: "/trainer/scripts", Help: "/help/scenario-grammar",
	MaxBody: academy.MaxScript + 64<<10, // and a path through it
	Back:    "script.back", Grammar: "script.grammar", Hint: "script.source_hint", Publishing: "script.publish_title",
}

// address is the desk of a scenario.
func address(slug string) string { return kind.Address(slug) }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	write := page.Needs(people.WriteScript)
	return append([]page.Route{
		{Method: http.MethodGet, Path: "/trainer/scripts", Rule: write, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/scripts/new", Rule: write, Handle: p.new},
		{Method: http.MethodPost, Path: "/trainer/scripts/new", Rule: write, Handle: p.begin},
		{Method: http.MethodGet, Path: "/trainer/scripts/import", Rule: write, Handle: p.askImport},
		{Method: http.MethodPost, Path: "/trainer/scripts/import", Rule: write, MaxBody: importBody, Handle: p.importStory},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/export.:form", Rule: write, Handle: p.export},
	}, p.desk().Routes(write)...)
}

// desk is where scripts are written.
func (p pages) desk() desk.Desk[academy.Script] {
	return desk.Desk[academy.Script]{
		Kind: kind,
		At:   p.academy.ScriptAt, Save: p.academy.SaveDraft, Discard: p.academy.DiscardDraft,
		Publication: p.publication, Publish: p.publish,
		Edit: p.edit, Check: p.check, Try: p.try,
		Text: textOf,
		Show: func(r *page.Request, status int, s academy.Script, typed desk.Text) error {
			return showDesk(r, status, workplace{Script: s, typed: typed})
		},
	}
}

// textOf is a script as the desk takes it.
func textOf(s academy.Script) desk.Text {
	return desk.Text{Slug: s.Slug, Title: s.Title, Source: s.Source, Version: s.Version, Draft: s.Draft, Published: s.InForce != nil}
}

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
