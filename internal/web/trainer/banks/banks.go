// Package banks has the pages of trainers who write questions: the list of banks,
// the desk with its checks and the learner's view, publishing, and taking in and
// giving out questions in other formats.
package banks

import (
	"net/http"
	"net/url"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// What is enough for the longest bank with an answer tried on it, and for the
// largest file that is taken in.
const (
	bankBody   = academy.MaxBank + 64<<10
	importBody = academy.MaxBankImport + 64<<10
)

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	write := page.Needs(people.WriteQuiz)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/banks", Rule: write, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/banks/new", Rule: write, Handle: p.new},
		{Method: http.MethodPost, Path: "/trainer/banks/new", Rule: write, Handle: p.begin},
		{Method: http.MethodGet, Path: "/trainer/banks/template.xlsx", Rule: write, Handle: p.template},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug", Rule: write, Handle: p.edit},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug", Rule: write, MaxBody: bankBody, Handle: p.save},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/check", Rule: write, MaxBody: bankBody, Handle: p.check},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/try", Rule: write, MaxBody: bankBody, Handle: p.try},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/publish", Rule: write, Handle: p.askPublish},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/publish", Rule: write, Handle: p.publish},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/discard", Rule: write, Handle: p.askDiscard},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/discard", Rule: write, Handle: p.discard},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/import", Rule: write, Handle: p.askImport},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/import", Rule: write, MaxBody: importBody, Handle: p.takeIn},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/export.:form", Rule: write, Handle: p.export},
	}
}

// address is the desk of a bank.
func address(slug string) string { return "/trainer/banks/" + url.PathEscape(slug) }

// textOf is a bank as the desk takes it.
func textOf(b academy.BankText, fields ui.Fields) desk.Text {
	return desk.Text{
		Address: address(b.Slug), Source: b.Source, Version: b.Version, Fields: fields,
		Help: "/help/question-grammar", HelpKey: "bank.grammar", HintKey: "bank.source_hint",
	}
}

func (p pages) list(r *page.Request) error {
	list, err := p.academy.Banks(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("bank.title"), ui.Trainer, listPage(list, seesItems(r)))
}

// newForm names a bank, and what it begins as.
type newForm struct {
	Slug   string `form:"slug" validate:"required,max=60" label:"draft.slug"`
	Module string `form:"module" validate:"max=200" label:"bank.module"`
	From   string `form:"from" validate:"max=60" label:"bank.from"`
}

func (p pages) new(r *page.Request) error {
	return p.showNew(r, http.StatusOK, newForm{From: r.Query("from")}, nil)
}

func (p pages) showNew(r *page.Request, status int, form newForm, fields ui.Fields) error {
	list, err := p.academy.Banks(r.Context(), r.Who)
	if err != nil {
		return err
	}
	modules, err := p.academy.BankModules(r.Who)
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("bank.new"), ui.Trainer, newPage(list, modules, form, fields))
}

func (p pages) begin(r *page.Request) error {
	form, err := page.Form[newForm](r)
	if err == nil {
		err = p.academy.NewBank(r.Context(), r.Who, form.Slug, form.Module, form.From)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showNew(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(form.Slug), "bank_begun")
}

// askDiscard asks once, and names the thing.
func (p pages) askDiscard(r *page.Request) error {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	if b.Draft == nil {
		return r.Redirect(address(b.Slug))
	}
	return r.Show(r.T("draft.discard_title"), ui.Trainer, discardPage(b))
}

type discardForm struct {
	Version int `form:"version" validate:"min=0"`
}

func (p pages) discard(r *page.Request) error {
	form, err := page.Form[discardForm](r)
	if err == nil {
		err = p.academy.DiscardBank(r.Context(), r.Who, r.Param("slug"), form.Version)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/trainer/banks", "bank_discarded")
}
