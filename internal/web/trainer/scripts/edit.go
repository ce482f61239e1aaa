package scripts

import (
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

// scriptForm is the editor as it is sent to be looked at or tried.
type scriptForm struct {
	desk.Typed
	Persona string   `form:"persona" validate:"max=60"`
	Path    []string `form:"path" validate:"max=500,dive,max=200"`
	Move    string   `form:"move" validate:"max=200"`       // goes on from the path
	Back    int      `form:"back" validate:"min=0,max=500"` // moves to take back
}

// workplace is everything the editor shows.
type workplace struct {
	academy.Script
	Check  *academy.Check
	Tryout *academy.Tryout
	typed  desk.Text                // the text as it was typed
	asset  func(name string) string // where a static file is found
}

func (p pages) edit(r *page.Request) error {
	s, err := p.academy.ScriptAt(r.Context(), r.Who, r.Param("slug"), r.Query("from"))
	if err != nil {
		return err
	}
	return showDesk(r, http.StatusOK, workplace{Script: s, typed: textOf(s)})
}

func showDesk(r *page.Request, status int, d workplace) error {
	d.asset = r.Site().Asset
	return r.ShowStatus(status, r.T("script.desk_title", "name", r.Title(d.Title, d.Slug)), ui.Trainer, deskPage(d))
}

func (p pages) check(r *page.Request) error {
	form, err := page.LongForm[scriptForm](r)
	var check academy.Check
	if err == nil {
		check, err = p.academy.CheckScript(r.Context(), r.Who, r.Param("slug"), form.Source)
	}
	found := checked(check, r.Header("X-Fragment") == "map", r.Site().Asset)
	return p.desk().Answer(r, form.Typed, err, found, func(s academy.Script, typed desk.Text) error {
		return showDesk(r, http.StatusOK, workplace{Script: s, typed: typed, Check: &check})
	})
}

// moves is the path after what was pressed.
func (f scriptForm) moves() []string {
	path := f.Path[:max(0, len(f.Path)-f.Back)]
	if f.Move != "" {
		path = append(path, f.Move)
	}
	return path
}

func (p pages) try(r *page.Request) error {
	form, err := page.LongForm[scriptForm](r)
	var tryout academy.Tryout
	if err == nil {
		tryout, err = p.academy.TryScript(r.Context(), r.Who, r.Param("slug"), form.Source, form.Persona, form.moves())
	}
	return p.desk().Answer(r, form.Typed, err, tried(r.Param("slug"), tryout), func(s academy.Script, typed desk.Text) error {
		return showDesk(r, http.StatusOK, workplace{Script: s, typed: typed, Tryout: &tryout})
	})
}
