package desk

import (
	"context"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// askDiscard asks once, and names the thing.
func (d Desk[T]) askDiscard(r *page.Request) error {
	of, err := d.At(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	t := d.Text(of)
	if t.Draft == nil {
		return r.Redirect(d.Address(t.Slug))
	}
	return r.Show(r.T("draft.discard_title"), ui.Trainer, discardPage(d.Kind, t))
}

type discardForm struct {
	Version int `form:"version" validate:"min=0"`
}

func (d Desk[T]) discard(r *page.Request) error {
	form, err := page.Form[discardForm](r)
	if err == nil {
		err = d.Discard(r.Context(), r.Who, r.Param("slug"), form.Version)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(d.List, "draft_discarded")
}

// loss says what is gone without the draft.
func loss(ctx context.Context, t Text) string {
	key := "draft.discard_text"
	if !t.Published {
		key = "draft.discard_whole"
	}
	return ui.T(ctx, key, "title", ui.Quote(ctx, t.Title), "name", t.Draft.By, "at", t.Draft.At.Format(Minute))
}
