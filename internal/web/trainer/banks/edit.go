package banks

import (
	"errors"
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/question"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

// bankForm is the desk as it is sent: always with the whole text, so that nothing
// but a save keeps anything.
type bankForm struct {
	Source  string        `form:"source" trim:"no" label:"draft.source"`
	Version int           `form:"version" validate:"min=0"`
	Then    string        `form:"then" validate:"omitempty,oneof=publish"`
	Shown   string        `form:"shown" validate:"max=100"` // id of the question to show
	Line    int           `form:"line" validate:"min=0"`    // or a line of it
	Answer  question.Form `form:"answer"`                   // what was tried on it
}

// workplace is everything the desk shows.
type workplace struct {
	academy.BankText
	Fields ui.Fields
	Check  *academy.BankCheck
	Tried  *question.Form // an answer that could not be read, to be shown again
	asset  func(name string) string
	items  bool // the one who writes may see how questions fare
}

func (p pages) edit(r *page.Request) error {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), r.Query("from"))
	if err != nil {
		return err
	}
	w := workplace{BankText: b}
	if check, err := p.academy.CheckBank(r.Context(), r.Who, b.Slug, b.Source, r.Query("question"), 0); err == nil {
		w.Check = &check
	}
	return showDesk(r, http.StatusOK, w)
}

func showDesk(r *page.Request, status int, w workplace) error {
	w.asset, w.items = r.Site().Asset, seesItems(r)
	return r.ShowStatus(status, r.T("bank.desk_title", "name", r.Title(w.Title, w.Slug)), ui.Trainer, deskPage(w))
}

func seesItems(r *page.Request) bool { return people.Reach(r.Who, people.ViewItems) > people.None }

// typed is the desk with what was typed into it instead of what is kept.
func (p pages) typed(r *page.Request, form bankForm) (workplace, error) {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	b.Source, b.Version = form.Source, form.Version
	return workplace{BankText: b}, err
}

func (p pages) save(r *page.Request) error {
	form, err := page.LongForm[bankForm](r)
	if err == nil {
		_, err = p.academy.SaveBank(r.Context(), r.Who, r.Param("slug"), form.Source, form.Version)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return p.showClash(r, form)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if form.Then == "publish" {
		return r.Redirect(address(r.Param("slug")) + "/publish")
	}
	return r.RedirectSaying(address(r.Param("slug")), "bank_saved")
}

// refuse shows the desk again with what is wrong with the form.
func (p pages) refuse(r *page.Request, form bankForm, fields ui.Fields) error {
	w, err := p.typed(r, form)
	if err != nil {
		return err
	}
	w.Fields = fields
	return showDesk(r, http.StatusUnprocessableEntity, w)
}

// showClash shows both texts to whoever was going to save over somebody else's.
func (p pages) showClash(r *page.Request, form bankForm) error {
	theirs, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	return r.ShowStatus(http.StatusConflict, r.T("draft.conflict_title"), ui.Trainer,
		desk.Clash(textOf(theirs, nil), theirs.Draft, form.Source, "/trainer/banks", "bank.back"))
}

// scripted reports whether the page's script asks for a piece of the page.
func scripted(r *page.Request) bool { return r.Header("X-Fragment") != "" }

func (p pages) check(r *page.Request) error {
	form, err := page.LongForm[bankForm](r)
	var check academy.BankCheck
	if err == nil {
		check, err = p.academy.CheckBank(r.Context(), r.Who, r.Param("slug"), form.Source, form.Shown, form.Line)
	}
	return p.showChecked(r, form, check, nil, err)
}

func (p pages) try(r *page.Request) error {
	form, err := page.LongForm[bankForm](r)
	if err != nil {
		return p.showChecked(r, form, academy.BankCheck{}, nil, err)
	}
	answer, ok := form.Answer.Answer()
	if !ok {
		check, err := p.academy.CheckBank(r.Context(), r.Who, r.Param("slug"), form.Source, form.Shown, 0)
		return p.showChecked(r, form, check, &form.Answer, err)
	}
	check, err := p.academy.TryQuestion(r.Context(), r.Who, r.Param("slug"), form.Source, form.Shown, answer)
	return p.showChecked(r, form, check, nil, err)
}

// showChecked shows what was found, as the whole desk or as its pieces.
func (p pages) showChecked(r *page.Request, form bankForm, check academy.BankCheck, misread *question.Form, err error) error {
	if fields, ok := r.FieldErrors(err); ok && !scripted(r) {
		return p.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if scripted(r) {
		return r.Fragment(pieces(r.Param("slug"), form.Source, check, misread))
	}
	w, err := p.typed(r, form)
	if err != nil {
		return err
	}
	w.Check, w.Tried = &check, misread
	return showDesk(r, http.StatusOK, w)
}
