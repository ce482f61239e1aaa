package scripts

import (
	"errors"
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/trainer/desk"
	"qibu/internal/web/ui"
)

// scriptForm is the editor as it is sent: always with the whole text, so that
// nothing but a save keeps anything.
type scriptForm struct {
	Source  string   `form:"source" trim:"no" label:"draft.source"`
	Version int      `form:"version" validate:"min=0"`
	Then    string   `form:"then" validate:"omitempty,oneof=publish"`
	Persona string   `form:"persona" validate:"max=60"`
	Path    []string `form:"path" validate:"max=500,dive,max=200"`
	Move    string   `form:"move" validate:"max=200"`       // goes on from the path
	Back    int      `form:"back" validate:"min=0,max=500"` // moves to take back
}

// workplace is everything the editor shows.
type workplace struct {
	academy.Script
	Fields ui.Fields
	Check  *academy.Check
	Tryout *academy.Tryout
	asset  func(name string) string // where a static file is found
}

func (d workplace) text() desk.Text { return textOf(d.Script, d.Fields) }

// textOf is a script as the desk takes it.
func textOf(s academy.Script, fields ui.Fields) desk.Text {
	return desk.Text{
		Address: address(s.Slug), Source: s.Source, Version: s.Version, Fields: fields,
		Help: "/help/scenario-grammar", HelpKey: "script.grammar", HintKey: "script.source_hint",
	}
}

func (p pages) edit(r *page.Request) error {
	s, err := p.academy.ScriptAt(r.Context(), r.Who, r.Param("slug"), r.Query("from"))
	if err != nil {
		return err
	}
	return showDesk(r, http.StatusOK, workplace{Script: s})
}

func showDesk(r *page.Request, status int, d workplace) error {
	d.asset = r.Site().Asset
	return r.ShowStatus(status, r.T("script.desk_title", "name", r.Title(d.Title, d.Slug)), ui.Trainer, deskPage(d))
}

// typed is the editor with what was typed into it instead of what is kept.
func (p pages) typed(r *page.Request, form scriptForm) (workplace, error) {
	s, err := p.academy.ScriptAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	s.Source, s.Version = form.Source, form.Version
	return workplace{Script: s}, err
}

func (p pages) save(r *page.Request) error {
	form, err := page.LongForm[scriptForm](r)
	if err == nil {
		_, err = p.academy.SaveDraft(r.Context(), r.Who, r.Param("slug"), form.Source, form.Version)
	}
	if errors.Is(err, academy.ErrDraftMoved) {
		return p.showConflict(r, form)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if form.Then == "publish" {
		return r.Redirect(address(r.Param("slug")) + "/publish")
	}
	return r.RedirectSaying(address(r.Param("slug")), "script_saved")
}

// refuse shows the editor again with what is wrong with the form.
func (p pages) refuse(r *page.Request, form scriptForm, fields ui.Fields) error {
	d, err := p.typed(r, form)
	if err != nil {
		return err
	}
	d.Fields = fields
	return showDesk(r, http.StatusUnprocessableEntity, d)
}

// showConflict shows both texts to whoever was going to save over somebody else's.
func (p pages) showConflict(r *page.Request, form scriptForm) error {
	theirs, err := p.academy.ScriptAt(r.Context(), r.Who, r.Param("slug"), academy.FromDraft)
	if err != nil {
		return err
	}
	return r.ShowStatus(http.StatusConflict, r.T("draft.conflict_title"), ui.Trainer, desk.Clash(textOf(theirs, nil), theirs.Draft, form.Source, "/trainer/scripts", "script.back"))
}

// scripted reports whether the page's script asks for a piece of the page.
func scripted(r *page.Request) bool { return r.Header("X-Fragment") != "" }

func (p pages) check(r *page.Request) error {
	form, err := page.LongForm[scriptForm](r)
	var check academy.Check
	if err == nil {
		check, err = p.academy.CheckScript(r.Context(), r.Who, r.Param("slug"), form.Source)
	}
	if fields, ok := r.FieldErrors(err); ok && !scripted(r) {
		return p.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if scripted(r) {
		return r.Fragment(checked(check, r.Header("X-Fragment") == "map", r.Site().Asset))
	}
	d, err := p.typed(r, form)
	if err != nil {
		return err
	}
	d.Check = &check
	return showDesk(r, http.StatusOK, d)
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
	if fields, ok := r.FieldErrors(err); ok && !scripted(r) {
		return p.refuse(r, form, fields)
	}
	if err != nil {
		return err
	}
	if scripted(r) {
		return r.Fragment(tried(r.Param("slug"), tryout))
	}
	d, err := p.typed(r, form)
	if err != nil {
		return err
	}
	d.Tryout = &tryout
	return showDesk(r, http.StatusOK, d)
}
