// Package marking has the pages of whoever marks free texts: what waits, and one
// text with its rubric. Whose it is stays untold until it is marked.
package marking

import (
	"net/http"
	"strconv"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	mark := page.Needs(people.MarkAnswers)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/marking", Rule: mark, Handle: p.queue},
		{Method: http.MethodGet, Path: "/trainer/marking/:attempt/:slot", Rule: mark, Handle: p.text},
		{Method: http.MethodPost, Path: "/trainer/marking/:attempt/:slot", Rule: mark, Handle: p.mark},
	}
}

const queueAddress = "/trainer/marking"

func address(attemptID string, slot int) string {
	return queueAddress + "/" + attemptID + "/" + strconv.Itoa(slot)
}

func (p pages) queue(r *page.Request) error {
	q, err := p.academy.MarkingQueue(r.Context(), r.Who, r.PageNumber())
	if err != nil {
		return err
	}
	return r.Show(r.T("marking.title"), ui.Trainer, queuePage(q))
}

// markForm is what is made of a text. Next asks for the next one afterwards. Points
// are as they were typed: a field left empty gives none, which is not nought.
type markForm struct {
	Points  []string `form:"points" validate:"max=50" label:"marking.points"`
	Comment string   `form:"comment" validate:"max=4000" label:"marking.comment"`
	Next    string   `form:"next" validate:"max=1"`
}

func (p pages) text(r *page.Request) error {
	return p.showText(r, http.StatusOK, nil, nil)
}

func (p pages) showText(r *page.Request, status int, form *markForm, fields ui.Fields) error {
	slot, err := slotOf(r)
	if err != nil {
		return err
	}
	t, err := p.academy.FreeText(r.Context(), r.Who, r.Param("attempt"), slot)
	if err != nil {
		return err
	}
	if form == nil {
		form = &markForm{}
		if t.Mine != nil {
			form.Comment = t.Mine.Comment
			for _, n := range t.Mine.Points {
				form.Points = append(form.Points, strconv.Itoa(n))
			}
		}
	}
	return r.ShowStatus(status, r.T("marking.title"), ui.Trainer, textPage(t, *form, fields))
}

func slotOf(r *page.Request) (int, error) {
	slot, err := strconv.Atoi(r.Param("slot"))
	if err != nil {
		return 0, fault.New(fault.NotFound, "error.not_found")
	}
	return slot, nil
}

func (p pages) mark(r *page.Request) error {
	slot, err := slotOf(r)
	if err != nil {
		return err
	}
	form, err := page.Form[markForm](r)
	if err == nil {
		err = p.academy.MarkText(r.Context(), r.Who, r.Param("attempt"), slot, pointsOf(form.Points), form.Comment)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showText(r, http.StatusUnprocessableEntity, &form, fields)
	}
	if err != nil {
		return err
	}
	if form.Next != "" {
		attempt, slot, ok, err := p.academy.NextText(r.Context(), r.Who)
		if err != nil {
			return err
		}
		if ok {
			return r.RedirectSaying(address(attempt, slot), "text_marked")
		}
		return r.RedirectSaying(queueAddress, "texts_marked")
	}
	return r.RedirectSaying(address(r.Param("attempt"), slot), "text_marked")
}
