package banks

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// importForm is questions from elsewhere, as a file or pasted.
type importForm struct {
	Format string `form:"format" validate:"max=20" label:"bank.format"`
	Text   string `form:"text" trim:"no"`
	Keep   string `form:"keep" trim:"no"` // what a dry run read, as it goes into the draft
	Do     string `form:"do" validate:"omitempty,oneof=look take"`
}

func (p pages) askImport(r *page.Request) error {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	return showImport(r, http.StatusOK, b, importForm{}, nil, nil)
}

func showImport(r *page.Request, status int, b academy.BankText, form importForm, run *academy.BankImport, fields ui.Fields) error {
	return r.ShowStatus(status, r.T("bank.import_title"), ui.Trainer, importPage(b, form, run, fields))
}

// takeIn looks through questions first, and takes them into the draft when asked
// a second time.
func (p pages) takeIn(r *page.Request) error {
	b, err := p.academy.BankAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	form, err := page.LongForm[importForm](r)
	if err == nil && form.Do == "take" {
		return p.take(r, b, form)
	}
	var run academy.BankImport
	if err == nil {
		name, file, failed := r.Upload("file")
		if err = failed; err == nil {
			if name == "" {
				file = []byte(form.Text)
			}
			run, err = p.academy.LookAtImport(r.Context(), r.Who, b.Slug, form.Format, name, file)
		}
	}
	if fields, ok := r.FieldErrors(err); ok {
		return showImport(r, http.StatusUnprocessableEntity, b, form, nil, fields)
	}
	if err != nil {
		return err
	}
	return showImport(r, http.StatusOK, b, form, &run, nil)
}

func (p pages) take(r *page.Request, b academy.BankText, form importForm) error {
	err := p.academy.ImportQuestions(r.Context(), r.Who, b.Slug, form.Keep)
	if fields, ok := r.FieldErrors(err); ok {
		return showImport(r, http.StatusUnprocessableEntity, b, form, nil, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(b.Slug), "bank_imported")
}

func (p pages) export(r *page.Request) error {
	f, err := p.academy.ExportBank(r.Context(), r.Who, r.Param("slug"), r.Param("form"))
	if err != nil {
		return err
	}
	return r.Send(f.Type, f.Name, f.Body)
}

func (p pages) template(r *page.Request) error {
	f, err := p.academy.BankTemplate(r.Who)
	if err != nil {
		return err
	}
	return r.Send(f.Type, f.Name, f.Body)
}
