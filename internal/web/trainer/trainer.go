// Package trainer has the pages of whoever trains people: who is how far, what
// to assign to whom, and one more attempt for who needs it.
package trainer

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

// assignBody is enough for the longest order: some hundred people and items.
const assignBody = 128 << 10

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	view, assign := page.Needs(people.ViewProgress), page.Needs(people.Assign)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer", Rule: view, Handle: p.progress},
		{Method: http.MethodGet, Path: "/trainer/people/:id", Rule: view, Handle: p.person},
		{Method: http.MethodGet, Path: "/trainer/people/:id/withdraw", Rule: assign, Handle: p.askWithdraw},
		{Method: http.MethodPost, Path: "/trainer/people/:id/withdraw", Rule: assign, Handle: p.withdraw},
		{Method: http.MethodPost, Path: "/trainer/people/:id/unlock", Rule: page.Needs(people.UnlockRetake), Handle: p.unlock},
		{Method: http.MethodGet, Path: "/trainer/assign", Rule: assign, Handle: p.newOrder},
		{Method: http.MethodPost, Path: "/trainer/assign", Rule: assign, MaxBody: assignBody, Handle: p.assign},
	}
}

// address is where the list stands under a filter.
func address(q academy.ProgressQuery) string {
	v := url.Values{}
	for name, value := range map[string]string{
		"certification": q.Certification, "store": q.StoreID, "urgency": string(q.Urgency), "q": q.Text,
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if len(v) == 0 {
		return "/trainer"
	}
	return "/trainer?" + v.Encode()
}

func (p pages) progress(r *page.Request) error {
	q := academy.ProgressQuery{
		Certification: r.Query("certification"), StoreID: r.Query("store"),
		Urgency: academy.Urgency(r.Query("urgency")), Text: r.Query("q"), Page: r.PageNumber(),
	}
	list, err := p.academy.Progress(r.Context(), r.Who, q)
	if err != nil {
		return err
	}
	return r.Show(r.T("progress.title"), ui.Trainer, progressPage(q, list))
}
