package banks

import (
	"errors"
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// publishForm names the draft and the edition that the page was about.
type publishForm struct {
	Version int    `form:"version" validate:"min=0"`
	Base    string `form:"base" validate:"max=64"`
}

func (p pages) askPublish(r *page.Request) error { return p.showPublish(r, http.StatusOK, nil) }

func (p pages) showPublish(r *page.Request, status int, fields ui.Fields) error {
	pub, err := p.academy.BankPublication(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("bank.publish_title"), ui.Trainer, publishPage(pub, fields))
}

func (p pages) publish(r *page.Request) error {
	form, err := page.Form[publishForm](r)
	var done academy.PublishedBank
	if err == nil {
		done, err = p.academy.PublishBank(r.Context(), r.Who, r.Param("slug"), form.Version, form.Base)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPublish(r, http.StatusUnprocessableEntity, fields)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return p.showPublish(r, http.StatusConflict, ui.Fields{"": r.T("draft.published_meanwhile")})
	}
	if err != nil {
		return err
	}
	said := "bank_published"
	switch {
	case !done.New:
		said = "bank_same"
	case done.Rekeyed > 0:
		said = "bank_rekeyed"
	}
	return r.RedirectSaying(address(r.Param("slug")), said)
}
