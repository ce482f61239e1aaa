// Package recordings has the pages on which a trainer looks at rehearsals that
// were played: the list, and one of them turn by turn, with room for comments.
package recordings

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
	coach := page.Needs(people.Coach)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/recordings", Rule: coach, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/recordings/:session", Rule: coach, Handle: p.show},
		{Method: http.MethodPost, Path: "/trainer/recordings/:session/comments", Rule: coach, Handle: p.comment},
		{Method: http.MethodGet, Path: "/trainer/recordings/:session/record.json", Rule: coach, Handle: p.record},
	}
}

func (p pages) list(r *page.Request) error {
	q := academy.RecordingQuery{Scenario: r.Query("scenario"), Text: r.Query("q"), Page: r.PageNumber()}
	list, err := p.academy.Recordings(r.Context(), r.Who, q)
	if err != nil {
		return err
	}
	return r.Show(r.T("recording.title"), ui.Trainer, listPage(q, list))
}

func (p pages) show(r *page.Request) error {
	return p.showRecording(r, http.StatusOK, commentForm{}, nil)
}

func (p pages) showRecording(r *page.Request, status int, form commentForm, fields ui.Fields) error {
	recording, err := p.academy.Recording(r.Context(), r.Who, r.Param("session"))
	if err != nil {
		return err
	}
	if form.Key != "" {
		recording.Key = form.Key
	}
	title := r.T("recording.of", "name", recording.Name, "title", r.Title(recording.Title, recording.TitleEN))
	return r.ShowStatus(status, title, ui.Trainer, recordingPage(recording, form, fields))
}

type commentForm struct {
	Key  string `form:"key" validate:"required,max=64"`
	Step int    `form:"step" validate:"min=1,max=10000"`
	Text string `form:"text"`
}

func (p pages) comment(r *page.Request) error {
	form, err := page.Form[commentForm](r)
	if err == nil {
		err = p.academy.CommentTurn(r.Context(), r.Who, r.Param("session"), form.Key, form.Step, form.Text)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showRecording(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.Redirect(address(r.Param("session")) + "?said=commented#" + turnAnchor(form.Step))
}

func (p pages) record(r *page.Request) error {
	file, err := p.academy.Record(r.Context(), r.Who, r.Param("session"))
	if err != nil {
		return err
	}
	return r.Send("application/json", "record-"+r.Param("session")+".json", file)
}

func address(session string) string { return "/trainer/recordings/" + url.PathEscape(session) }

// listAddress is where the list stands under a filter.
func listAddress(q academy.RecordingQuery) string {
	v := url.Values{}
	for name, value := range map[string]string{"scenario": q.Scenario, "q": q.Text} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.Page > 1 {
		v.Set("page", strconv.Itoa(q.Page))
	}
	if len(v) == 0 {
		return "/trainer/recordings"
	}
	return "/trainer/recordings?" + v.Encode()
}

// turned is the same filter on another page.
func turned(q academy.RecordingQuery, number int) academy.RecordingQuery {
	q.Page = number
	return q
}

// turnAnchor names the turn that ended with a step of the log.
func turnAnchor(step int) string { return "turn-" + strconv.Itoa(step) }
