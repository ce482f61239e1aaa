// Package record has a person's own record: everything handed in, how it went
// under the version of that day, and how one question was answered over time.
package record

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
	learn := page.Needs(people.Learn)
	return []page.Route{
		{Method: http.MethodGet, Path: "/record", Rule: learn, Handle: p.record},
		{Method: http.MethodGet, Path: "/record/questions/:quiz/:question", Rule: learn, Handle: p.question},
	}
}

func (p pages) record(r *page.Request) error {
	list, err := p.academy.OwnRecord(r.Context(), r.Who, r.Query("quiz"), r.PageNumber())
	if err != nil {
		return err
	}
	return r.Show(r.T("record.title"), ui.Learner, recordPage(list))
}

func (p pages) question(r *page.Request) error {
	h, err := p.academy.QuestionHistory(r.Context(), r.Who, r.Param("quiz"), r.Param("question"))
	if err != nil {
		return err
	}
	return r.Show(r.T("record.question_title"), ui.Learner, questionPage(h))
}

// listURL is a page of the record, of one quiz or of all for "".
func listURL(quiz string, page int) string {
	query := url.Values{}
	if quiz != "" {
		query.Set("quiz", quiz)
	}
	if page > 1 {
		query.Set("page", strconv.Itoa(page))
	}
	if len(query) == 0 {
		return "/record"
	}
	return "/record?" + query.Encode()
}
