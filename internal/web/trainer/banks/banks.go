// Package banks has the pages of trainers who write questions: the list of banks,
// the desk with its checks and the learner's view, publishing, and taking in and
// giving out questions in other formats.
package banks

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// importBody is enough for the largest file that is taken in.
const importBody = academy.MaxBankImport + 64<<10

// kind is what banks are called and where they are.
var kind = desk.Kind{
	List: "/trainer/banks", Help: "/help/question-grammar",
	MaxBody: academy.MaxBank + 64<<10, // and an answer tried on it
	Back:    "bank.back", Grammar: "bank.grammar", Hint: "bank.source_hint", Publishing: "bank.publish_title",
}

// address is the desk of a bank.
func address(slug string) string { return kind.Address(slug) }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	write := page.Needs(people.WriteQuiz)
	return append([]page.Route{
		{Method: http.MethodGet, Path: "/trainer/banks", Rule: write, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/banks/new", Rule: write, Handle: p.new},
		{Method: http.MethodPost, Path: "/trainer/banks/new", Rule: write, Handle: p.begin},
		{Method: http.MethodGet, Path: "/trainer/banks/template.xlsx", Rule: write, Handle: p.template},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/import", Rule: write, Handle: p.askImport},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/import", Rule: write, MaxBody: importBody, Handle: p.takeIn},
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/export.:form", Rule: write, Handle: p.export},
	}, p.desk().Routes(write)...)
}

// desk is where banks are written.
func (p pages) desk() desk.Desk[academy.BankText] {
	return desk.Desk[academy.BankText]{
		Kind: kind,
		At:   p.academy.BankAt, Save: p.academy.SaveBank, Discard: p.academy.DiscardBank,
		Publication: p.publication, Publish: p.publish,
		Edit: p.edit, Check: p.check, Try: p.try,
		Text: textOf,
		Show: func(r *page.Request, status int, b academy.BankText, typed desk.Text) error {
			return showDesk(r, status, workplace{BankText: b, typed: typed})
		},
	}
}

// textOf is a bank as the desk takes it.
func textOf(b academy.BankText) desk.Text {
	return desk.Text{Slug: b.Slug, Title: b.Title, Source: b.Source, Version: b.Version, Draft: b.Draft, Published: b.InForce != nil}
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
