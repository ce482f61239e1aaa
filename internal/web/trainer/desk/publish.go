package desk

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// Publication is a draft looked at as publishing would.
type Publication struct {
	Text
	Base         string // hash of the edition it would take the place of, "" for none
	Publishable  bool
	Checked      templ.Component // what was found in it
	Consequences templ.Component // what publishing does to learners
}

// publishForm names the draft and the edition that the page was about.
type publishForm struct {
	Version int    `form:"version" validate:"min=0"`
	Base    string `form:"base" validate:"max=64"`
}

func (d Desk[T]) askPublish(r *page.Request) error { return d.showPublish(r, http.StatusOK, nil) }

func (d Desk[T]) showPublish(r *page.Request, status int, fields ui.Fields) error {
	p, err := d.Publication(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T(d.Publishing), ui.Trainer, publishPage(d.Kind, p, fields))
}

func (d Desk[T]) publish(r *page.Request) error {
	form, err := page.Form[publishForm](r)
	said := ""
	if err == nil {
		said, err = d.Publish(r.Context(), r.Who, r.Param("slug"), form.Version, form.Base)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return d.showPublish(r, http.StatusUnprocessableEntity, fields)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return d.showPublish(r, http.StatusConflict, ui.Fields{"": r.T("draft.published_meanwhile")})
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(d.Address(r.Param("slug")), said)
}
