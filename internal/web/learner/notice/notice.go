// Package notice tells people that a result of theirs was corrected, until they
// put it away.
package notice

import (
	"net/http"
	"strconv"
	"time"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	return []page.Route{{Method: http.MethodPost, Path: "/notices/seen", Rule: page.Needs(people.Learn), Handle: p.see}}
}

// seenForm says up to when what was told has been seen, in unix milliseconds: what
// comes later is still to be told.
type seenForm struct {
	Until string `form:"until" validate:"required,numeric,max=15"`
}

func (p pages) see(r *page.Request) error {
	form, err := page.Form[seenForm](r)
	if err != nil {
		return err
	}
	until, _ := strconv.ParseInt(form.Until, 10, 64) // validated above
	if err := p.academy.SeeNotices(r.Context(), r.Who, time.UnixMilli(until)); err != nil {
		return err
	}
	return r.Redirect("/learn")
}

// last is when the latest of them was told, as the form says it.
func last(list []academy.Notice) string {
	return strconv.FormatInt(list[len(list)-1].At.UnixMilli(), 10)
}
