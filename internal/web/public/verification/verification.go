// Package verification has the pages for anybody who holds a certificate in the hand:
// is it one of ours, and what is it worth today. They need no login and tell no
// more than what is printed on it.
package verification

import (
	"errors"
	"net/http"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package. The holder's code is sent in a body,
// so that it stands in no address, history or log.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	return []page.Route{
		{Method: http.MethodGet, Path: "/verify", Rule: page.Public, Handle: p.ask},
		{Method: http.MethodGet, Path: "/verify/:number", Rule: page.Public, Handle: p.verify},
		{Method: http.MethodPost, Path: "/verify/:number", Rule: page.Public, MaxBody: 1 << 10, Handle: p.verifyHolder},
	}
}

// ask takes a number as typed. What is mistyped is said at once, with the reason.
func (p pages) ask(r *page.Request) error {
	typed := r.Query("number")
	if typed == "" {
		return r.Show(r.T("verify.title"), ui.Visitor, askPage("", nil))
	}
	number, err := cert.ParseNumber(typed)
	if err != nil {
		message, _ := r.FieldErrors(err)
		return r.ShowStatus(http.StatusUnprocessableEntity, r.T("verify.title"), ui.Visitor,
			askPage(typed, ui.Fields{"number": message[""]}))
	}
	return r.Redirect("/verify/" + number)
}

func (p pages) verify(r *page.Request) error {
	v, err := p.academy.Verify(r.Context(), r.Param("number"))
	if err != nil {
		return err
	}
	status := http.StatusOK
	if !v.Known {
		status = http.StatusNotFound
	}
	return r.ShowStatus(status, r.T("verify.title"), ui.Visitor, answerPage(v, nil))
}

type codeForm struct {
	Code string `form:"code" validate:"required,max=60" label:"verify.code"`
}

func (p pages) verifyHolder(r *page.Request) error {
	form, err := page.Form[codeForm](r)
	if fields, ok := r.FieldErrors(err); ok {
		return p.refuse(r, http.StatusUnprocessableEntity, fields)
	}
	if err != nil {
		return err
	}
	v, err := p.academy.VerifyHolder(r.Context(), r.Param("number"), form.Code)
	if fields, ok := r.FieldErrors(err); ok {
		return p.refuse(r, http.StatusUnprocessableEntity, fields)
	}
	if wait := (*fault.Error)(nil); errors.As(err, &wait) && wait.Kind == fault.TooMany {
		return p.refuse(r, http.StatusTooManyRequests, ui.Fields{"code": r.Text.With(wait.Key, wait.Args)})
	}
	if err != nil {
		return err
	}
	return r.Show(r.T("verify.title"), ui.Visitor, answerPage(v, nil))
}

// refuse shows the answer with the name still masked, and what is wrong with the code.
func (p pages) refuse(r *page.Request, status int, fields ui.Fields) error {
	v, err := p.academy.Verify(r.Context(), r.Param("number"))
	if err != nil {
		return err
	}
	return r.ShowStatus(status, r.T("verify.title"), ui.Visitor, answerPage(v, fields))
}
