// Package account has the pages about oneself: logging in and out, the first
// setup, one's own data, password, devices and language.
package account

import (
	"errors"
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	return []page.Route{
		{Method: http.MethodGet, Path: "/", Rule: page.SignedIn, Handle: p.home},
		{Method: http.MethodGet, Path: "/login", Rule: page.Public, Handle: p.login},
		{Method: http.MethodPost, Path: "/login", Rule: page.Public, Handle: p.signIn},
		{Method: http.MethodPost, Path: "/logout", Rule: page.SignedIn, Handle: p.signOut},
		{Method: http.MethodGet, Path: "/setup/:token", Rule: page.Public, Handle: p.setup},
		{Method: http.MethodPost, Path: "/setup/:token", Rule: page.Public, Handle: p.setUp},
		{Method: http.MethodPost, Path: "/language", Rule: page.Public, Handle: p.chooseLanguage},
		{Method: http.MethodGet, Path: "/me", Rule: page.SignedIn, Handle: p.me},
		{Method: http.MethodGet, Path: "/me/password", Rule: page.SignedIn, Handle: p.password},
		{Method: http.MethodPost, Path: "/me/password", Rule: page.SignedIn, Handle: p.changePassword},
		{Method: http.MethodPost, Path: "/me/logout-everywhere", Rule: page.SignedIn, Handle: p.signOutEverywhere},
	}
}

func (p pages) home(r *page.Request) error { return r.Redirect(ui.Home(r.Who)) }

type loginForm struct {
	Account  string `form:"account" validate:"required,max=100" label:"login.account"`
	Password string `form:"password" validate:"required,max=200" label:"login.password"`
	Next     string `form:"next" validate:"max=1000"`
}

func (p pages) login(r *page.Request) error {
	if r.Who.ID != "" {
		return r.Redirect(ui.Home(r.Who))
	}
	return r.Show(r.T("login.title"), ui.Visitor, loginPage(loginForm{Next: r.Query("next")}, nil, r.Site().Demo))
}

func (p pages) signIn(r *page.Request) error {
	form, err := page.Form[loginForm](r)
	if err == nil {
		var token string
		token, _, err = p.academy.SignIn(r.Context(), form.Account, form.Password, r.Device())
		if err == nil {
			r.SetLogin(token)
			return r.Redirect(landing(form.Next))
		}
	}
	fields, ok := r.FieldErrors(err)
	status := http.StatusUnprocessableEntity
	if wait := (*fault.Error)(nil); errors.As(err, &wait) && wait.Kind == fault.TooMany {
		fields, ok, status = ui.Fields{"": r.Text.With(wait.Key, wait.Args)}, true, http.StatusTooManyRequests
	}
	if !ok {
		return err
	}
	form.Password = ""
	return r.ShowStatus(status, r.T("login.title"), ui.Visitor, loginPage(form, fields, r.Site().Demo))
}

// landing is where a login leads: back to where it was asked for, if that is here.
func landing(next string) string {
	if next != "" && page.Local(next) {
		return next
	}
	return "/"
}

func (p pages) signOut(r *page.Request) error {
	if err := p.academy.SignOut(r.Context(), r.Who); err != nil {
		return err
	}
	r.ClearLogin()
	return r.Redirect("/login")
}

type setupForm struct {
	Store    string `form:"store" validate:"required,max=60" label:"people.store"`
	Name     string `form:"name" validate:"required,max=60" label:"people.name"`
	StaffNo  string `form:"staff_no" validate:"required,max=40" label:"people.staff_no"`
	Account  string `form:"account" validate:"required,max=60" label:"people.account"`
	Password string `form:"password" validate:"required,max=200" label:"login.password"`
}

func (p pages) setup(r *page.Request) error {
	if err := p.academy.SetupOpen(r.Context(), r.Param("token")); err != nil {
		return err
	}
	return r.Show(r.T("setup.title"), ui.Visitor, setupPage(setupForm{}, nil))
}

func (p pages) setUp(r *page.Request) error {
	form, err := page.Form[setupForm](r)
	if err == nil {
		err = p.academy.SetUp(r.Context(), r.Param("token"), academy.FirstAdmin{
			Store: form.Store, Name: form.Name, StaffNo: form.StaffNo, Account: form.Account, Password: form.Password,
		})
	}
	if fields, ok := r.FieldErrors(err); ok {
		form.Password = ""
		return r.ShowStatus(http.StatusUnprocessableEntity, r.T("setup.title"), ui.Visitor, setupPage(form, fields))
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying("/login", "set_up")
}

type languageForm struct {
	Language string `form:"language" validate:"required,oneof=zh en" label:"me.language"`
	Back     string `form:"back" validate:"max=1000"`
}

func (p pages) chooseLanguage(r *page.Request) error {
	form, err := page.Form[languageForm](r)
	if err != nil {
		return err
	}
	if r.Who.ID != "" {
		if err := p.academy.ChooseLanguage(r.Context(), r.Who, form.Language); err != nil {
			return err
		}
	}
	r.SetLanguage(form.Language)
	return r.Redirect(landing(form.Back))
}

func (p pages) me(r *page.Request) error {
	devices, err := p.academy.Devices(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("me.title"), ui.Learner, mePage(r.Me, devices))
}

type passwordForm struct {
	Old   string `form:"old" validate:"required,max=200" label:"me.password_old"`
	Fresh string `form:"new" validate:"required,max=200" label:"me.password_new"`
	Again string `form:"again" validate:"required,max=200" label:"me.password_again"`
}

func (p pages) password(r *page.Request) error {
	return r.Show(r.T("me.password_title"), ui.Learner, passwordPage(r.Me.MustRenewPW, nil))
}

func (p pages) changePassword(r *page.Request) error {
	form, err := page.Form[passwordForm](r)
	if err == nil && form.Fresh != form.Again {
		f := fault.New(fault.Invalid, "error.invalid")
		f.Fields = []fault.Field{{Name: "again", Message: r.T("me.password_differs")}}
		err = f
	}
	if err == nil {
		var token string
		token, err = p.academy.ChangePassword(r.Context(), r.Who, form.Old, form.Fresh, r.Device())
		if err == nil {
			r.SetLogin(token)
			return r.RedirectSaying("/me", "password_changed")
		}
	}
	if fields, ok := r.FieldErrors(err); ok {
		return r.ShowStatus(http.StatusUnprocessableEntity, r.T("me.password_title"), ui.Learner, passwordPage(r.Me.MustRenewPW, fields))
	}
	return err
}

func (p pages) signOutEverywhere(r *page.Request) error {
	if err := p.academy.SignOutEverywhere(r.Context(), r.Who); err != nil {
		return err
	}
	r.ClearLogin()
	return r.RedirectSaying("/login", "signed_out_everywhere")
}
