package scripts

import (
	"net/http"

	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// importForm is a story from elsewhere, as a file or pasted.
type importForm struct {
	Slug string `form:"slug" validate:"required,max=60" label:"draft.slug"`
	Text string `form:"text" trim:"no"`
}

func (p pages) askImport(r *page.Request) error {
	if err := people.May(r.Who, people.WriteScript); err != nil {
		return err
	}
	return showImport(r, http.StatusOK, importForm{}, nil)
}

func showImport(r *page.Request, status int, form importForm, fields ui.Fields) error {
	return r.ShowStatus(status, r.T("script.import_title"), ui.Trainer, importPage(form, fields))
}

func (p pages) importStory(r *page.Request) error {
	form, err := page.LongForm[importForm](r)
	name, story := "", []byte(form.Text)
	if err == nil {
		var file []byte
		if name, file, err = r.Upload("file"); name != "" {
			story = file
		}
	}
	if err == nil {
		err = p.academy.ImportScript(r.Context(), r.Who, form.Slug, name, story)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return showImport(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(form.Slug), "script_imported")
}

func (p pages) export(r *page.Request) error {
	f, err := p.academy.ExportScript(r.Context(), r.Who, r.Param("slug"), r.Param("form"))
	if err != nil {
		return err
	}
	return r.Send(f.Type, f.Name, f.Body)
}
