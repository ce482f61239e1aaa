// Package bay has the pages a trainer uses standing at the car: who needs a
// signature, and the checklist to sign item by item.
package bay

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	sign := page.Needs(people.SignObservation)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/observe", Rule: sign, Handle: p.candidates},
		{Method: http.MethodGet, Path: "/trainer/observe/:person", Rule: sign, Handle: p.checklist},
		{Method: http.MethodPost, Path: "/trainer/observe/:person", Rule: sign, Handle: p.sign},
	}
}

func (p pages) candidates(r *page.Request) error {
	list, err := p.academy.Candidates(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("nav.observe"), ui.Trainer, candidatesPage(list))
}

func (p pages) checklist(r *page.Request) error {
	return p.showChecklist(r, http.StatusOK, checklistForm{}, nil)
}

// showChecklist shows the checklist, filled in with what was just sent, if anything.
func (p pages) showChecklist(r *page.Request, status int, form checklistForm, fields ui.Fields) error {
	list, err := p.academy.Checklist(r.Context(), r.Who, r.Param("person"))
	if err != nil {
		return err
	}
	if form.Key != "" {
		list.Key = form.Key
	}
	return r.ShowStatus(status, r.T("observe.title", "name", list.Person.Name), ui.Trainer, checklistPage(list, form.sent(), fields))
}

func (p pages) sign(r *page.Request) error {
	form, err := page.Form[checklistForm](r)
	if err == nil {
		err = p.academy.SignObservation(r.Context(), r.Who, r.Param("person"), form.Key, form.signatures())
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showChecklist(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/trainer/observe/"+r.Param("person"), "observed")
}

// checklistForm is the checklist as the browser sends it.
type checklistForm struct {
	Key   string     `form:"key" validate:"max=64"`
	Items []itemForm `form:"i" validate:"max=100,dive"`
}

type itemForm struct {
	Item    string `form:"item" validate:"max=10"`
	Outcome string `form:"outcome" validate:"omitempty,oneof=passed not_yet"` // "" is not seen
	Note    string `form:"note"`
}

func (f checklistForm) signatures() []academy.Signature {
	list := make([]academy.Signature, len(f.Items))
	for n, i := range f.Items {
		list[n] = academy.Signature{Item: i.Item, Outcome: cert.Outcome(i.Outcome), Note: i.Note}
	}
	return list
}

// sent is the form by item.
func (f checklistForm) sent() map[string]itemForm {
	sent := make(map[string]itemForm, len(f.Items))
	for _, i := range f.Items {
		sent[i.Item] = i
	}
	return sent
}
