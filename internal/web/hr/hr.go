// Package hr has the pages that answer who may work, who expires, and why.
package hr

import (
	"net/http"
	"net/url"
	"strconv"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	view, revoke := page.Needs(people.ViewStatus), page.Needs(people.RevokeCertificate)
	return []page.Route{
		{Method: http.MethodGet, Path: "/hr", Rule: view, Handle: p.statuses},
		{Method: http.MethodGet, Path: "/hr/export.csv", Rule: page.Needs(people.ExportStatus), Handle: p.export},
		{Method: http.MethodGet, Path: "/hr/people/:id", Rule: view, Handle: p.person},
		{Method: http.MethodGet, Path: "/hr/people/:id/certifications/:slug/revoke", Rule: revoke, Handle: p.askRevoke},
		{Method: http.MethodPost, Path: "/hr/people/:id/certifications/:slug/revoke", Rule: revoke, Handle: p.revoke},
		{Method: http.MethodPost, Path: "/hr/people/:id/certifications/:slug/reinstate", Rule: revoke, Handle: p.reinstate},
	}
}

// query reads the filter from the address.
func query(r *page.Request) academy.StatusQuery {
	return academy.StatusQuery{
		Certification: r.Query("certification"), StoreID: r.Query("store"),
		State: r.Query("state"), Text: r.Query("q"), Page: r.PageNumber(),
	}
}

// address is where the list stands under a filter; path is the list or its export.
func address(path string, q academy.StatusQuery) string {
	v := url.Values{}
	for name, value := range map[string]string{
		"certification": q.Certification, "store": q.StoreID, "state": q.State, "q": q.Text,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (p pages) statuses(r *page.Request) error {
	q := query(r)
	list, err := p.academy.Statuses(r.Context(), r.Who, q)
	if err != nil {
		return err
	}
	mayExport := people.May(r.Who, people.ExportStatus) == nil
	return r.Show(r.T("hr.title"), ui.HR, statusPage(q, list, mayExport))
}

func (p pages) export(r *page.Request) error {
	list, err := p.academy.ExportStatuses(r.Context(), r.Who, query(r))
	if err != nil {
		return err
	}
	body, err := statusCSV(r.Text, list)
	if err != nil {
		return err
	}
	name := r.T("hr.export_name", "title", list.Policy.Title, "day", list.Day)
	return r.Send("text/csv; charset=utf-8", name+".csv", body)
}

func (p pages) person(r *page.Request) error {
	file, err := p.academy.PersonFile(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	mayRevoke := people.May(r.Who, people.RevokeCertificate) == nil
	return r.Show(file.Person.Name, ui.HR, personPage(file, mayRevoke))
}

type reasonForm struct {
	Reason string `form:"reason" validate:"required,max=500" label:"hr.reason"`
}

func (p pages) askRevoke(r *page.Request) error {
	return p.showRevoke(r, http.StatusOK, reasonForm{}, nil)
}

// showRevoke asks for the reason. The file alone may be seen by more people than
// may revoke, so it asks for the permission itself.
func (p pages) showRevoke(r *page.Request, status int, form reasonForm, fields ui.Fields) error {
	if err := people.May(r.Who, people.RevokeCertificate); err != nil {
		return err
	}
	file, err := p.academy.PersonFile(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	for _, g := range file.Goals {
		if g.Policy.Slug == r.Param("slug") {
			return r.ShowStatus(status, r.T("hr.revoke_title"), ui.HR, revokePage(file, g, form, fields))
		}
	}
	return errNoCertification
}

func (p pages) revoke(r *page.Request) error {
	form, err := page.Form[reasonForm](r)
	if err == nil {
		err = p.academy.RevokeCertification(r.Context(), r.Who, r.Param("id"), r.Param("slug"), form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showRevoke(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/hr/people/"+r.Param("id"), "revoked")
}

func (p pages) reinstate(r *page.Request) error {
	form, err := page.Form[reasonForm](r)
	if err == nil {
		err = p.academy.ReinstateCertification(r.Context(), r.Who, r.Param("id"), r.Param("slug"), form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showRevoke(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/hr/people/"+r.Param("id"), "reinstated")
}
