// Package regrades has the pages of correcting keys: what grading again would
// change, proposing it, and a second person's decision.
package regrades

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
	write, approve := page.Needs(people.WriteQuiz), page.Needs(people.ApproveRegrade)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/banks/:slug/regrade", Rule: write, Handle: p.plan},
		{Method: http.MethodPost, Path: "/trainer/banks/:slug/regrade", Rule: write, Handle: p.propose},
		{Method: http.MethodGet, Path: "/trainer/regrades", Rule: approve, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/regrades/:id", Rule: approve, Handle: p.show},
		{Method: http.MethodPost, Path: "/trainer/regrades/:id", Rule: approve, Handle: p.decide},
	}
}

const listAddress = "/trainer/regrades"

func address(id string) string { return listAddress + "/" + id }

func planAddress(slug string) string { return "/trainer/banks/" + slug + "/regrade" }

// minute is how times are shown.
const minute = "2006-01-02 15:04"

func (p pages) list(r *page.Request) error {
	list, err := p.academy.Regrades(r.Context(), r.Who, r.PageNumber())
	if err != nil {
		return err
	}
	return r.Show(r.T("regrade.title"), ui.Trainer, listPage(list))
}

func (p pages) plan(r *page.Request) error { return p.showPlan(r, http.StatusOK, proposal{}, nil) }

func (p pages) showPlan(r *page.Request, status int, form proposal, fields ui.Fields) error {
	plan, err := p.academy.PlanRegrade(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("regrade.plan_title"), ui.Trainer, planPage(plan, form, fields))
}

// proposal is why results are to be graded again, by the keys the page was about.
type proposal struct {
	Edition string `form:"edition" validate:"max=64"`
	Reason  string `form:"reason" validate:"max=500" label:"regrade.reason"`
}

func (p pages) propose(r *page.Request) error {
	form, err := page.Form[proposal](r)
	var id string
	if err == nil {
		id, err = p.academy.ProposeRegrade(r.Context(), r.Who, r.Param("slug"), form.Edition, form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPlan(r, http.StatusUnprocessableEntity, form, fields)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return p.showPlan(r, http.StatusConflict, form, ui.Fields{"": r.T("regrade.moved")})
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(id), "regrade_proposed")
}

func (p pages) show(r *page.Request) error { return p.showCase(r, http.StatusOK, "", nil) }

func (p pages) showCase(r *page.Request, status int, word string, fields ui.Fields) error {
	c, err := p.academy.RegradeCase(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("regrade.case_title"), ui.Trainer, casePage(c, word, fields))
}

// decision is what a second person says to a proposal.
type decision struct {
	Do   string `form:"do" validate:"required,oneof=approve decline"`
	Word string `form:"word" validate:"max=500" label:"regrade.word"`
}

func (p pages) decide(r *page.Request) error {
	form, err := page.Form[decision](r)
	id, said := r.Param("id"), "regrade_declined"
	switch {
	case err != nil:
	case form.Do == "approve":
		said = "regrade_approved"
		err = p.academy.ApproveRegrade(r.Context(), r.Who, id, form.Word)
	default:
		err = p.academy.DeclineRegrade(r.Context(), r.Who, id, form.Word)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showCase(r, http.StatusUnprocessableEntity, form.Word, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(id), said)
}
