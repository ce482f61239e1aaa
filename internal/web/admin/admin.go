// Package admin has the administrator's pages: people and roles, stores, the
// audit list, the content in force.
package admin

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
	manage, content := page.Needs(people.ManagePeople), page.Needs(people.ManageContent)
	return []page.Route{
		{Method: http.MethodGet, Path: "/admin/people", Rule: manage, Handle: p.people},
		{Method: http.MethodGet, Path: "/admin/people/new", Rule: manage, Handle: p.newPerson},
		{Method: http.MethodPost, Path: "/admin/people", Rule: manage, Handle: p.addPerson},
		{Method: http.MethodGet, Path: "/admin/people/:id", Rule: manage, Handle: p.person},
		{Method: http.MethodPost, Path: "/admin/people/:id", Rule: manage, Handle: p.savePerson},
		{Method: http.MethodGet, Path: "/admin/stores", Rule: manage, Handle: p.stores},
		{Method: http.MethodPost, Path: "/admin/stores", Rule: manage, Handle: p.addStore},
		{Method: http.MethodGet, Path: "/admin/audit", Rule: page.Needs(people.ViewAudit), Handle: p.audit},
		{Method: http.MethodGet, Path: "/admin/content", Rule: content, Handle: p.content},
	}
}

func (p pages) people(r *page.Request) error {
	role, _ := people.ParseRole(r.Query("role"))
	q := academy.PeopleQuery{
		StoreID: r.Query("store"), Role: role, Text: r.Query("q"),
		Leavers: r.Query("leavers") != "", Page: r.PageNumber(),
	}
	list, err := p.academy.People(r.Context(), r.Who, q)
	if err != nil {
		return err
	}
	return r.Show(r.T("nav.people"), ui.Admin, peoplePage(q, list))
}

// address is where the list stands with the same filter on another page.
func address(q academy.PeopleQuery) func(int) string {
	return func(number int) string {
		v := url.Values{"page": {strconv.Itoa(number)}}
		for name, value := range map[string]string{"store": q.StoreID, "role": string(q.Role), "q": q.Text} {
			if value != "" {
				v.Set(name, value)
			}
		}
		if q.Leavers {
			v.Set("leavers", "1")
		}
		return "/admin/people?" + v.Encode()
	}
}

type personForm struct {
	Name       string   `form:"name" validate:"required,max=60" label:"people.name"`
	StaffNo    string   `form:"staff_no" validate:"required,max=40" label:"people.staff_no"`
	Account    string   `form:"account" validate:"required,max=60" label:"people.account"`
	StoreID    string   `form:"store" validate:"required,max=60" label:"people.store"`
	Post       string   `form:"post" validate:"max=60" label:"people.post"`
	TimeFactor int      `form:"time_factor" validate:"min=100,max=1000" label:"people.time_factor"`
	Roles      []string `form:"roles" validate:"max=4,dive,oneof=advisor trainer hr admin" label:"people.roles"`
	Left       string   `form:"left" validate:"max=1"`
	Password   string   `form:"password" validate:"max=200" label:"login.password"`
}

func (f personForm) values() academy.PersonForm {
	roles := make([]people.Role, len(f.Roles))
	for i, role := range f.Roles {
		roles[i] = people.Role(role)
	}
	return academy.PersonForm{
		Account: f.Account, StaffNo: f.StaffNo, Name: f.Name, StoreID: f.StoreID, Post: f.Post,
		TimeFactor: f.TimeFactor, Roles: roles, Left: f.Left != "", Password: f.Password,
	}
}

func formOf(p people.Person) personForm {
	f := personForm{
		Name: p.Name, StaffNo: p.StaffNo, Account: p.Account, StoreID: p.StoreID, Post: p.Post,
		TimeFactor: max(p.TimeFactor, 100),
	}
	for _, role := range p.Roles {
		f.Roles = append(f.Roles, string(role))
	}
	if p.Left() {
		f.Left = "1"
	}
	return f
}

func (p pages) newPerson(r *page.Request) error {
	return p.showPerson(r, http.StatusOK, "", personForm{TimeFactor: 100, Roles: []string{"advisor"}}, nil)
}

func (p pages) person(r *page.Request) error {
	who, _, err := p.academy.PersonToManage(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	return p.showPerson(r, http.StatusOK, who.ID, formOf(who), nil)
}

func (p pages) showPerson(r *page.Request, status int, id string, form personForm, fields ui.Fields) error {
	_, stores, err := p.academy.PersonToManage(r.Context(), r.Who, "")
	if err != nil {
		return err
	}
	form.Password = ""
	title := form.Name
	if id == "" {
		title = r.T("admin.new_person")
	}
	return r.ShowStatus(status, title, ui.Admin, personPage(id, title, form, stores, fields))
}

func (p pages) addPerson(r *page.Request) error {
	form, err := page.Form[personForm](r)
	if err == nil {
		_, err = p.academy.AddPerson(r.Context(), r.Who, form.values())
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPerson(r, http.StatusUnprocessableEntity, "", form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/admin/people", "person_added")
}

func (p pages) savePerson(r *page.Request) error {
	id := r.Param("id")
	form, err := page.Form[personForm](r)
	if err == nil {
		err = p.academy.SavePerson(r.Context(), r.Who, id, form.values())
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPerson(r, http.StatusUnprocessableEntity, id, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/admin/people/"+id, "person_saved")
}

type storeForm struct {
	Name string `form:"name" validate:"required,max=60" label:"people.store"`
}

func (p pages) stores(r *page.Request) error { return p.showStores(r, http.StatusOK, storeForm{}, nil) }

func (p pages) showStores(r *page.Request, status int, form storeForm, fields ui.Fields) error {
	stores, err := p.academy.Stores(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("nav.stores"), ui.Admin, storesPage(stores, form, fields))
}

func (p pages) addStore(r *page.Request) error {
	form, err := page.Form[storeForm](r)
	if err == nil {
		err = p.academy.AddStore(r.Context(), r.Who, form.Name)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showStores(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/admin/stores", "store_added")
}

func (p pages) audit(r *page.Request) error {
	list, err := p.academy.Audit(r.Context(), r.Who, r.PageNumber())
	if err != nil {
		return err
	}
	return r.Show(r.T("nav.audit"), ui.Admin, auditPage(list))
}

func (p pages) content(r *page.Request) error {
	list, err := p.academy.ContentInForce(r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("nav.content"), ui.Admin, contentPage(list))
}
