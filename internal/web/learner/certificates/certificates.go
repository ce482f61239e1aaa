// Package certificates has the pages of what a learner works towards and holds:
// every certification as a goal, and each issued certificate, on screen and as PDF.
package certificates

import (
	"net/http"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package. A certificate is also shown to who
// may see the status of its holder. The PDF stands first: its suffix would fit
// the page's address too.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	return []page.Route{
		{Method: http.MethodGet, Path: "/certificates", Rule: page.Needs(people.Learn), Handle: p.goals},
		{Method: http.MethodGet, Path: "/certificates/:number.pdf", Rule: page.NeedsOwn(people.Learn), Handle: p.pdf},
		{Method: http.MethodGet, Path: "/certificates/:number", Rule: page.NeedsOwn(people.Learn), Handle: p.certificate},
	}
}

func (p pages) goals(r *page.Request) error {
	goals, err := p.academy.Goals(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("certificate.title"), ui.Learner, goalsPage(goals))
}

func (p pages) certificate(r *page.Request) error {
	c, err := p.academy.Certificate(r.Context(), r.Who, r.Param("number"))
	if err != nil {
		return err
	}
	audience, back := ui.Learner, "/certificates"
	if c.PersonID != r.Who.ID {
		audience, back = ui.HR, "/hr/people/"+c.PersonID
	}
	return r.Show(r.T("certificate.page_title", "number", c.Number), audience, certificatePage(c, back, r.Site().BaseURL))
}

func (p pages) pdf(r *page.Request) error {
	number := strings.ToUpper(r.Param("number"))
	body, err := p.academy.CertificatePDF(r.Context(), r.Who, number, r.Site().BaseURL)
	if err != nil {
		return err
	}
	return r.Send("application/pdf", number+".pdf", body)
}
