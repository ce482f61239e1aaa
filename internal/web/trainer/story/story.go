// Package story has the map of a scenario: scenes as boxes, what can be said as
// lines between them, drawn on the server from where the scenes were put. It
// shows the key, so it is for those who write scenarios and coach.
package story

import (
	"net/http"
	"net/url"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// placesBody is enough for the largest scenario with long names.
const placesBody = 96 << 10

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	write := page.Needs(people.WriteScript)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/map", Rule: write, Handle: p.show},
		{Method: http.MethodPut, Path: "/trainer/scripts/:slug/places", Rule: write, MaxBody: placesBody, Handle: p.place},
		{Method: http.MethodGet, Path: "/trainer/scripts/:slug/choices", Rule: page.Needs(people.Coach), Handle: p.choices},
	}
}

// Sheet is what a map is shown on.
type Sheet struct {
	Map    academy.StoryMap
	Asset  func(name string) string // where a static file is found
	Redraw string                   // the address that answers X-Fragment with a Drawing after scenes were moved; "" when whoever shows the map sees to that
}

// show answers with the page, or with the drawing alone when its script asks.
func (p pages) show(r *page.Request) error {
	m, err := p.academy.StoryMap(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	if r.Header("X-Fragment") != "" {
		return r.Fragment(Drawing(m))
	}
	sheet := Sheet{Map: m, Asset: r.Site().Asset, Redraw: Address(m.Slug)}
	return r.Show(r.T("story.title", "title", r.Title(m.Title, m.TitleEN)), ui.Trainer, mapPage(sheet))
}

// placesForm is where scenes were put. Moved is set when somebody put them there.
type placesForm struct {
	Places map[string]academy.Place `json:"places" validate:"required"`
	Moved  bool                     `json:"moved"`
}

func (p pages) place(r *page.Request) error {
	form, err := page.JSONBody[placesForm](r)
	if err == nil {
		err = p.academy.PlaceScenes(r.Context(), r.Who, r.Param("slug"), form.Places, form.Moved)
	}
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, struct{}{})
}

func (p pages) choices(r *page.Request) error {
	m, err := p.academy.Choices(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.Show(r.T("story.choices_title", "title", r.Title(m.Title, m.TitleEN)), ui.Trainer, choicesPage(m))
}

// Address is where the map of a scenario is found.
func Address(slug string) string { return "/trainer/scripts/" + url.PathEscape(slug) + "/map" }

// ChoicesAddress is where it stands how often each option was chosen.
func ChoicesAddress(slug string) string {
	return "/trainer/scripts/" + url.PathEscape(slug) + "/choices"
}

func placesAddress(slug string) string {
	return "/trainer/scripts/" + url.PathEscape(slug) + "/places"
}
