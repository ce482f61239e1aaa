package trainer

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"qibu/internal/academy"
	"qibu/internal/calendar"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type assignForm struct {
	Key      string   `form:"key" validate:"required,max=60"`
	Items    []string `form:"items" validate:"max=500,dive,max=200" label:"assign.items"`
	People   []string `form:"people" validate:"max=1000,dive,max=60" label:"assign.people"`
	StaffNos string   `form:"staff_nos" validate:"max=20000" label:"assign.staff_nos"`
	Whole    string   `form:"whole" validate:"max=1"`
	Store    string   `form:"store" validate:"max=60" label:"people.store"`
	Due      string   `form:"due" validate:"omitempty,datetime=2006-01-02" label:"assign.due"`
	Text     string   `form:"q" validate:"max=60" label:"admin.find"`
	Find     string   `form:"find" validate:"max=1"` // the button that only looks for people
}

func (f assignForm) order() academy.Order {
	return academy.Order{
		Key: f.Key, Items: f.Items, People: f.People, StaffNos: staffNos(f.StaffNos),
		Whole: f.Whole != "", StoreID: f.Store, Due: calendar.Day(f.Due),
	}
}

// staffNos reads a pasted list: one a line, or with spaces or commas between.
func staffNos(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r)
	})
}

func (p pages) newOrder(r *page.Request) error {
	form := assignForm{Store: r.Query("store"), Text: r.Query("q")}
	if id := r.Query("person"); id != "" {
		form.People = []string{id}
	}
	return p.showOrder(r, http.StatusOK, form, nil)
}

func (p pages) assign(r *page.Request) error {
	form, err := page.Form[assignForm](r)
	if err == nil && form.Find != "" {
		return p.showOrder(r, http.StatusOK, form, nil)
	}
	if err == nil {
		_, err = p.academy.Assign(r.Context(), r.Who, form.order())
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showOrder(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.Redirect("/trainer/assign?done=" + url.QueryEscape(form.Key))
}

func (p pages) showOrder(r *page.Request, status int, form assignForm, fields ui.Fields) error {
	roster, err := p.academy.Roster(r.Context(), r.Who, academy.RosterQuery{
		StoreID: form.Store, Text: form.Text, Chosen: form.People, Done: r.Query("done"),
	})
	if err != nil {
		return err
	}
	if form.Key == "" {
		form.Key = roster.Key
	}
	return r.ShowStatus(status, r.T("assign.title"), ui.Trainer, assignPage(roster, form, fields))
}

// kindGroup is the assignable items of one kind.
type kindGroup struct {
	Kind   string
	Items  []academy.Item
	Chosen int
}

// grouped puts items kind by kind, with how many of each a form has chosen.
func grouped(items []academy.Item, chosen []string) []kindGroup {
	var groups []kindGroup
	for _, item := range items {
		if len(groups) == 0 || groups[len(groups)-1].Kind != item.Kind {
			groups = append(groups, kindGroup{Kind: item.Kind})
		}
		g := &groups[len(groups)-1]
		g.Items = append(g.Items, item)
		if slices.Contains(chosen, item.Key()) {
			g.Chosen++
		}
	}
	return groups
}

// fewItems is how many items of a kind are shown without being asked for.
const fewItems = 12
