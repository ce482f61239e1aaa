// Package items has the pages that say how the questions of a bank fare: charts
// and figures, one question at a time, papers that look alike, and the panels of
// judges that recommend a pass mark.
package items

import (
	"net/http"
	"net/url"
	"slices"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	view, judge := page.Needs(people.ViewItems), page.Needs(people.WriteQuiz)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/items", Rule: view, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/items/:slug", Rule: view, Handle: p.bank},
		{Method: http.MethodGet, Path: "/trainer/items/:slug/questions/:question", Rule: view, Handle: p.question},
		{Method: http.MethodGet, Path: "/trainer/items/:slug/papers", Rule: view, Handle: p.papers},
		{Method: http.MethodGet, Path: "/trainer/items/:slug/panels", Rule: judge, Handle: p.panels},
		{Method: http.MethodPost, Path: "/trainer/items/:slug/panels", Rule: judge, Handle: p.openPanel},
		{Method: http.MethodGet, Path: "/trainer/items/panels/:id", Rule: judge, Handle: p.panel},
		{Method: http.MethodPost, Path: "/trainer/items/panels/:id", Rule: judge, Handle: p.judge},
		{Method: http.MethodPost, Path: "/trainer/items/panels/:id/round", Rule: judge, Handle: p.advance},
	}
}

// Address is where the questions of a bank are analysed.
func Address(slug string) string { return "/trainer/items/" + url.PathEscape(slug) }

func questionAddress(slug, question string) string {
	return Address(slug) + "/questions/" + url.PathEscape(question)
}

// mayJudge reports whether somebody may sit on a panel.
func mayJudge(who people.Actor) bool { return people.Reach(who, people.WriteQuiz) != people.None }

func (p pages) list(r *page.Request) error {
	banks, err := p.academy.ItemBanks(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("items.title"), ui.Trainer, listPage(banks))
}

func (p pages) bank(r *page.Request) error {
	bank, err := p.academy.ItemBank(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	b := board{BankFigures: bank, Lines: linesOf(bank), Sort: sortOf(r.Query("sort")), Panel: mayJudge(r.Who)}
	b.arrange()
	return r.Show(r.T("items.bank_title", "title", r.Title(bank.Title, bank.TitleEN)), ui.Trainer, bankPage(b))
}

func (p pages) question(r *page.Request) error {
	bank, err := p.academy.ItemBank(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	lines := linesOf(bank)
	i := slices.IndexFunc(lines, func(l line) bool { return l.Question == r.Param("question") })
	if i < 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	title := r.T("items.item_of", "title", r.Title(bank.Title, bank.TitleEN), "n", lines[i].Number)
	return r.Show(title, ui.Trainer, questionPage(bank, lines, i))
}

func (p pages) papers(r *page.Request) error {
	c, err := p.academy.Conspicuous(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.Show(r.T("items.papers_title", "title", r.Title(c.Bank.Title, c.Bank.TitleEN)), ui.Trainer, papersPage(c))
}
