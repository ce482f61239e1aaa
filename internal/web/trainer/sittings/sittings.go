// Package sittings has the pages of whoever runs exams: who sits which paper and
// when, who is at it, and how it went once results are known.
package sittings

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

type pages struct{ academy *academy.Academy }

// planBody is enough for the longest plan: a thousand people, ticked and pasted.
const planBody = 256 << 10

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	run := page.Needs(people.RunExam)
	return []page.Route{
		{Method: http.MethodGet, Path: "/trainer/exams", Rule: run, Handle: p.list},
		{Method: http.MethodGet, Path: "/trainer/exams/new", Rule: run, Handle: p.newPlan},
		{Method: http.MethodPost, Path: "/trainer/exams", Rule: run, MaxBody: planBody, Handle: p.set},
		{Method: http.MethodGet, Path: "/trainer/exams/:id", Rule: run, Handle: p.board},
		{Method: http.MethodGet, Path: "/trainer/exams/:id/edit", Rule: run, Handle: p.editPlan},
		{Method: http.MethodPost, Path: "/trainer/exams/:id", Rule: run, MaxBody: planBody, Handle: p.set},
		{Method: http.MethodPost, Path: "/trainer/exams/:id/extend", Rule: run, Handle: p.extend},
		{Method: http.MethodPost, Path: "/trainer/exams/:id/edition", Rule: run, Handle: p.move},
		{Method: http.MethodGet, Path: "/trainer/exams/:id/cancel", Rule: run, Handle: p.askCancel},
		{Method: http.MethodPost, Path: "/trainer/exams/:id/cancel", Rule: run, Handle: p.cancel},
		{Method: http.MethodGet, Path: "/trainer/exams/:id/people/:person", Rule: run, Handle: p.examinee},
		{Method: http.MethodPost, Path: "/trainer/exams/:id/people/:person", Rule: run, Handle: p.arrange},
		{Method: http.MethodGet, Path: "/trainer/exams/:id/export.csv", Rule: run, Handle: p.export},
	}
}

const listAddress = "/trainer/exams"

func address(id string) string { return listAddress + "/" + id }

func examineeAddress(id, personID string) string { return address(id) + "/people/" + personID }

func (p pages) list(r *page.Request) error {
	list, err := p.academy.Sittings(r.Context(), r.Who, r.PageNumber())
	if err != nil {
		return err
	}
	return r.Show(r.T("sitting.title"), ui.Trainer, listPage(list))
}

// clockFormat is how a browser writes the time of a datetime-local input.
const clockFormat = "2006-01-02T15:04"

// planForm is an exam as the browser sends it.
type planForm struct {
	Title    string   `form:"title" validate:"max=200" label:"sitting.name"`
	Quiz     string   `form:"quiz" validate:"max=200" label:"kind.quiz"`
	Opens    string   `form:"opens" validate:"omitempty,datetime=2006-01-02T15:04" label:"sitting.opens"`
	Closes   string   `form:"closes" validate:"omitempty,datetime=2006-01-02T15:04" label:"sitting.closes"`
	Minutes  int      `form:"minutes" validate:"min=0,max=10000" label:"sitting.minutes"`
	OneByOne string   `form:"one_by_one" validate:"max=1"`
	Counts   string   `form:"absence_counts" validate:"max=1"`
	Honour   string   `form:"honour" validate:"max=4000" label:"sitting.honour"`
	People   []string `form:"people" validate:"max=1000,dive,max=60" label:"sitting.people"`
	StaffNos string   `form:"staff_nos" validate:"max=40000" label:"sitting.staff_nos"`
	Text     string   `form:"q" validate:"max=60" label:"admin.find"`
	Find     string   `form:"find" validate:"max=1"` // the button that only looks for people
}

func (f planForm) plan(id string, zone *time.Location) academy.SittingPlan {
	return academy.SittingPlan{
		ID: id, Title: f.Title, Quiz: f.Quiz, Opens: clock(f.Opens, zone), Closes: clock(f.Closes, zone), Minutes: f.Minutes,
		OneByOne: f.OneByOne != "", AbsenceCounts: f.Counts != "", Honour: f.Honour, People: f.People, StaffNos: lines(f.StaffNos),
	}
}

// clock reads a time of the form; the zero time for none.
func clock(text string, zone *time.Location) time.Time {
	at, err := time.ParseInLocation(clockFormat, text, zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// lines are the lines of a pasted list, each without the space around it.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		list = append(list, strings.TrimSpace(line))
	}
	return list
}

func (p pages) newPlan(r *page.Request) error {
	return p.showPlan(r, http.StatusOK, academy.DraftQuery{Again: r.Query("again")}, nil, nil)
}

func (p pages) editPlan(r *page.Request) error {
	return p.showPlan(r, http.StatusOK, academy.DraftQuery{ID: r.Param("id")}, nil, nil)
}

func (p pages) set(r *page.Request) error {
	form, err := page.Form[planForm](r)
	q := academy.DraftQuery{ID: r.Param("id"), Chosen: append([]string{}, form.People...), Text: form.Text}
	if err == nil && form.Find != "" {
		return p.showPlan(r, http.StatusOK, q, &form, nil)
	}
	id := ""
	if err == nil {
		id, err = p.academy.SetSitting(r.Context(), r.Who, form.plan(q.ID, p.academy.Zone()))
	}
	if _, ok := r.FieldErrors(err); ok {
		return p.showPlan(r, http.StatusUnprocessableEntity, q, &form, err)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(id), "exam_set")
}

// showPlan shows the form of an exam, filled in with what was just sent, if anything.
func (p pages) showPlan(r *page.Request, status int, q academy.DraftQuery, sent *planForm, cause error) error {
	d, err := p.academy.DraftSitting(r.Context(), r.Who, q)
	if err != nil {
		return err
	}
	v := planView{Draft: d, Form: formOf(d.Plan)}
	if d.After == academy.PhaseClosed {
		v.Form.Title = r.T("sitting.again_title", "title", d.Plan.Title)
	}
	if d.Plan.ID == "" && d.After == "" {
		v.Form.Honour = r.T("sitting.honour_usual")
	}
	if sent != nil {
		v.Form = *sent
	}
	v.Fields, _ = r.FieldErrors(cause)
	var rejected *academy.RejectedLines
	if errors.As(cause, &rejected) {
		v.Rejected = rejected.Lines
	}
	return r.ShowStatus(status, r.T(v.title()), ui.Trainer, planPage(v))
}

// planView is everything the form of an exam shows.
type planView struct {
	Draft    academy.SittingDraft
	Form     planForm
	Fields   ui.Fields
	Rejected []academy.RejectedLine
}

func (v planView) title() string {
	if v.Draft.Plan.ID != "" {
		return "sitting.edit"
	}
	return "sitting.new"
}

func (v planView) action() string {
	if v.Draft.Plan.ID != "" {
		return address(v.Draft.Plan.ID)
	}
	return listAddress
}

func formOf(p academy.SittingPlan) planForm {
	f := planForm{
		Title: p.Title, Quiz: p.Quiz, Opens: p.Opens.Format(clockFormat), Closes: p.Closes.Format(clockFormat),
		Minutes: p.Minutes, Honour: p.Honour, People: p.People,
	}
	if p.OneByOne {
		f.OneByOne = "1"
	}
	if p.AbsenceCounts {
		f.Counts = "1"
	}
	return f
}

func (p pages) board(r *page.Request) error {
	return p.showBoard(r, http.StatusOK, extendForm{}, nil)
}

func (p pages) showBoard(r *page.Request, status int, form extendForm, fields ui.Fields) error {
	b, err := p.academy.Board(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	only := sheet.Candidacy(r.Query("only"))
	if r.Header("X-Fragment") == "board" {
		return r.Fragment(boardLive(b, only))
	}
	script := ""
	if b.Phase == academy.PhaseOpen {
		script = r.Site().Asset("board.js")
	}
	if form.Closes == "" {
		form.Closes = b.Closes.Format(clockFormat)
	}
	return r.ShowStatus(status, b.Title, ui.Trainer, boardPage(b, only, form, fields, script))
}

// onlyAddress is the board with one outcome's people.
func onlyAddress(b academy.Board, o sheet.Candidacy) string {
	if o == "" {
		return address(b.ID)
	}
	return address(b.ID) + "?only=" + url.QueryEscape(string(o))
}

type extendForm struct {
	Closes string `form:"closes" validate:"required,datetime=2006-01-02T15:04" label:"sitting.closes"`
	Reason string `form:"reason" validate:"max=2000" label:"sitting.reason"`
}

func (p pages) extend(r *page.Request) error {
	form, err := page.Form[extendForm](r)
	if err == nil {
		err = p.academy.ExtendSitting(r.Context(), r.Who, r.Param("id"), clock(form.Closes, p.academy.Zone()), form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showBoard(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(r.Param("id")), "exam_extended")
}

func (p pages) move(r *page.Request) error {
	if err := p.academy.MoveSitting(r.Context(), r.Who, r.Param("id")); err != nil {
		return err
	}
	return r.RedirectSaying(address(r.Param("id")), "exam_moved")
}

type cancelForm struct {
	Reason string `form:"reason" validate:"max=2000" label:"sitting.reason"`
}

func (p pages) askCancel(r *page.Request) error {
	return p.showCancel(r, http.StatusOK, cancelForm{}, nil)
}

// showCancel asks once, and for the reason. Of an exam that cannot be cancelled any
// more it leads to the board, which says how it stands.
func (p pages) showCancel(r *page.Request, status int, form cancelForm, fields ui.Fields) error {
	b, err := p.academy.Board(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	if !cancellable(b) {
		return r.Redirect(address(b.ID))
	}
	return r.ShowStatus(status, r.T("sitting.cancel"), ui.Trainer, cancelPage(b, form, fields))
}

func (p pages) cancel(r *page.Request) error {
	form, err := page.Form[cancelForm](r)
	if err == nil {
		err = p.academy.CancelSitting(r.Context(), r.Who, r.Param("id"), form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showCancel(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(r.Param("id")), "exam_cancelled")
}

// arrangeForm is what is arranged with one examinee.
type arrangeForm struct {
	Extra   int    `form:"extra" validate:"min=0,max=10000" label:"sitting.extra"`
	Opens   string `form:"opens" validate:"omitempty,datetime=2006-01-02T15:04" label:"sitting.opens"`
	Closes  string `form:"closes" validate:"omitempty,datetime=2006-01-02T15:04" label:"sitting.closes"`
	Excused string `form:"excused" validate:"max=2000" label:"sitting.excuse"`
}

func (f arrangeForm) arrangement(zone *time.Location) academy.Arrangement {
	return academy.Arrangement{Extra: f.Extra, Opens: clock(f.Opens, zone), Closes: clock(f.Closes, zone), Excused: f.Excused}
}

func (p pages) examinee(r *page.Request) error {
	return p.showExaminee(r, http.StatusOK, nil, nil)
}

func (p pages) showExaminee(r *page.Request, status int, form *arrangeForm, fields ui.Fields) error {
	b, err := p.academy.Board(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	e, err := b.Examinee(r.Param("person"))
	if err != nil {
		return err
	}
	if form == nil {
		form = &arrangeForm{Extra: e.Extra, Opens: stamp(e.Opens), Closes: stamp(e.Closes), Excused: e.Excused}
	}
	return r.ShowStatus(status, e.Name, ui.Trainer, examineePage(b, e, *form, fields))
}

func stamp(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(clockFormat)
}

func (p pages) arrange(r *page.Request) error {
	form, err := page.Form[arrangeForm](r)
	if err == nil {
		err = p.academy.Arrange(r.Context(), r.Who, r.Param("id"), r.Param("person"), form.arrangement(p.academy.Zone()))
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showExaminee(r, http.StatusUnprocessableEntity, &form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(address(r.Param("id")), "exam_arranged")
}

func (p pages) export(r *page.Request) error {
	b, err := p.academy.ExportBoard(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	body, err := boardCSV(r.Text, b)
	if err != nil {
		return err
	}
	return r.Send("text/csv; charset=utf-8", b.Title+".csv", body)
}
