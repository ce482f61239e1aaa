package banks

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/question"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

// bankForm is the desk as it is sent to look at a question of it.
type bankForm struct {
	desk.Typed
	Shown  string        `form:"shown" validate:"max=100"` // id of the question to show
	Line   int           `form:"line" validate:"min=0"`    // or a line of it
	Answer question.Form `form:"answer"`                   // what was tried on it
}

// workplace is everything the desk shows.
type workplace struct {
	academy.BankText
	Check *academy.BankCheck
	Tried *question.Form // an answer that could not be read, to be shown again
	typed desk.Text      // the text as it was typed
	asset func(name string) string
	items bool // the one who writes may see how questions fare
}

func (p pages) edit(r *page.Request) error {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), r.Query("from"))
	if err != nil {
		return err
	}
	w := workplace{BankText: b, typed: textOf(b)}
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
	found := pieces(r.Param("slug"), form.Source, check, misread)
	return p.desk().Answer(r, form.Typed, err, found, func(b academy.BankText, typed desk.Text) error {
		return showDesk(r, http.StatusOK, workplace{BankText: b, typed: typed, Check: &check, Tried: misread})
	})
}
