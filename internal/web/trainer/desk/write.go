package desk

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// Typed is the one form of a desk: always with the whole text, so that nothing but
// a save keeps anything.
type Typed struct {
	Source  string `form:"source" trim:"no" label:"draft.source"`
	Version int    `form:"version" validate:"min=0"`
	Then    string `form:"then" validate:"omitempty,oneof=publish"`
}

func (d Desk[T]) save(r *page.Request) error {
	form, err := page.LongForm[Typed](r)
	slug := r.Param("slug")
	if err == nil {
		_, err = d.Save(r.Context(), r.Who, slug, form.Source, form.Version)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return d.showClash(r, form.Source)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return d.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if form.Then == "publish" {
		return r.Redirect(d.Address(slug) + "/publish")
	}
	return r.RedirectSaying(d.Address(slug), "draft_saved")
}

// typed is the desk with what was typed at it instead of what is kept.
func (d Desk[T]) typed(r *page.Request, form Typed) (of T, typed Text, err error) {
	of, err = d.At(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	typed = d.Text(of)
	typed.Source, typed.Version = form.Source, form.Version
	return of, typed, err
}

// refuse shows the desk again with what is wrong with the form.
func (d Desk[T]) refuse(r *page.Request, form Typed, fields ui.Fields) error {
	of, typed, err := d.typed(r, form)
	if err != nil {
		return err
	}
	typed.Fields = fields
	return d.Show(r, http.StatusUnprocessableEntity, of, typed)
}

// showClash shows both texts to whoever was going to save over somebody else's.
func (d Desk[T]) showClash(r *page.Request, mine string) error {
	theirs, err := d.At(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	return r.ShowStatus(http.StatusConflict, r.T("draft.conflict_title"), ui.Trainer, clashPage(d.Kind, d.Text(theirs), mine))
}

// Answer shows what was found in a text or tried with it, unless err says that it
// could not be: to the page's script the piece of the page it asks for, to a
// browser without scripts the whole desk.
func (d Desk[T]) Answer(r *page.Request, form Typed, err error, piece templ.Component, whole func(of T, typed Text) error) error {
	scripted := r.Header("X-Fragment") != ""
	if fields, ok := r.FieldErrors(err); ok && !scripted {
		return d.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if scripted {
		return r.Fragment(piece)
	}
	of, typed, err := d.typed(r, form)
	if err != nil {
		return err
	}
	return whole(of, typed)
}
