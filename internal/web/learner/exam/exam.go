// Package exam has the pages of taking a quiz: what it asks, answering it, and
// the result. Nothing here can import what knows the answers: the pages show
// sheets while an attempt is open and results after it.
package exam

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/web/learner/sitting"
	"qibu/internal/web/page"
	"qibu/internal/web/question"
	"qibu/internal/web/ui"
	"qibu/quiz/sheet"
)

type pages struct{ academy *academy.Academy }

// Routes are the addresses of this package.
func Routes(a *academy.Academy) []page.Route {
	p := pages{a}
	learn, own := page.Needs(people.Learn), page.NeedsOwn(people.Learn)
	return []page.Route{
		{Method: http.MethodGet, Path: "/quizzes/:slug", Rule: learn, Handle: p.quiz},
		{Method: http.MethodGet, Path: "/quizzes/img/:name", Rule: learn, Handle: p.picture},
		{Method: http.MethodPost, Path: "/quizzes/:slug/attempts", Rule: learn, Handle: p.start},
		{Method: http.MethodGet, Path: "/attempts/:id", Rule: own, Handle: p.attempt},
		{Method: http.MethodPost, Path: "/attempts/:id/answers", Rule: own, MaxBody: 1 << 20, Handle: p.saveAll},
		{Method: http.MethodPut, Path: "/attempts/:id/answers/:slot", Rule: own, MaxBody: 32 << 10, Handle: p.save},
		{Method: http.MethodPost, Path: "/attempts/:id/submit", Rule: own, Handle: p.submit},
		{Method: http.MethodGet, Path: "/attempts/:id/result", Rule: own, Handle: p.result},
	}
}

func quizURL(slug string) string  { return "/quizzes/" + slug }
func attemptURL(id string) string { return "/attempts/" + id }
func resultURL(id string) string  { return "/attempts/" + id + "/result" }

// questionURL leads to one question of an open attempt.
func questionURL(open academy.OpenAttempt, slot int) string {
	if open.OneByOne {
		return pageURL(open.ID, slot)
	}
	return fmt.Sprintf("%s#q%d", attemptURL(open.ID), slot)
}

// pageURL is the page of an attempt that shows question at, or the whole paper
// for 0.
func pageURL(id string, at int) string {
	if at == 0 {
		return attemptURL(id)
	}
	return fmt.Sprintf("%s?q=%d", attemptURL(id), at)
}

func (p pages) quiz(r *page.Request) error {
	q, err := p.academy.QuizPage(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	title := r.T("quiz.title", "title", r.Title(q.Title, q.TitleEN))
	return r.Show(title, ui.Learner, quizPage(title, q))
}

// picture sends what a hot question is asked on.
func (p pages) picture(r *page.Request) error {
	svg, err := p.academy.Picture(r.Context(), r.Who, r.Param("name"))
	if err != nil {
		return err
	}
	return r.Send("image/svg+xml", "", svg)
}

func (p pages) start(r *page.Request) error {
	slug := r.Param("slug")
	id, err := p.academy.StartAttempt(r.Context(), r.Who, slug)
	if errors.Is(err, academy.ErrNotYet) {
		return r.Redirect(quizURL(slug))
	}
	if err != nil {
		return err
	}
	return r.Redirect(attemptURL(id))
}

func (p pages) attempt(r *page.Request) error {
	at, _ := strconv.Atoi(r.Query("q")) // anything else is the first
	return p.showAttempt(r, http.StatusOK, at, nil)
}

// showAttempt shows the open attempt, at question at where one is asked at a time,
// with the questions that could not be read as they were filled in.
func (p pages) showAttempt(r *page.Request, status, at int, misread map[int]*question.Form) error {
	id := r.Param("id")
	open, err := p.academy.Attempt(r.Context(), r.Who, id)
	if errors.Is(err, academy.ErrAttemptEnded) {
		return r.Redirect(resultURL(id))
	}
	if err != nil {
		return err
	}
	title := r.Title(open.Sheet.Title, open.TitleEN)
	return r.ShowStatus(status, r.T("quiz.attempt_title", "title", title), ui.Learner,
		attemptPage(title, newTaking(open, at, misread), r.Site().Asset))
}

// answerBody is one answer as the script sends it.
type answerBody struct {
	Seq    int64    `json:"seq" validate:"required,min=1"`
	Answer []string `json:"answer" validate:"required,max=100,dive,max=8000"`
}

// savedBody tells the script what became of it.
type savedBody struct {
	Status string   `json:"status"` // accept, stale or late
	Seq    int64    `json:"seq"`    // of the stored answer
	Answer []string `json:"answer"`
	At     string   `json:"at"`  // when that was saved, "14:03:22"
	Now    int64    `json:"now"` // the server's clock, unix milliseconds
}

func (p pages) save(r *page.Request) error {
	slot, err := strconv.Atoi(r.Param("slot"))
	if err != nil {
		return fault.Wrap(fault.NotFound, "error.not_found", err)
	}
	body, err := page.JSONBody[answerBody](r)
	if err != nil {
		return err
	}
	saved, err := p.academy.SaveAnswer(r.Context(), r.Who, r.Param("id"),
		academy.Change{Slot: slot, Seq: body.Seq, Answer: body.Answer})
	if err != nil {
		return err
	}
	return r.JSON(http.StatusOK, savedBody{
		Status: string(saved.Decision), Seq: saved.Seq, Answer: append([]string{}, saved.Answer...),
		At: saved.At.Format(time.TimeOnly), Now: saved.Now.UnixMilli(),
	})
}

// saveAll takes the whole paper as a form: how a browser without scripts answers.
func (p pages) saveAll(r *page.Request) error {
	form, err := page.Form[paperForm](r)
	if err != nil {
		return err
	}
	id := r.Param("id")
	changes, misread := form.changes()
	saved, err := p.academy.SaveAnswers(r.Context(), r.Who, id, changes)
	if err != nil {
		return err
	}
	came := outcome(changes, saved)
	switch {
	case came == late:
		return r.Redirect(resultURL(id))
	case len(misread) > 0:
		return p.showAttempt(r, http.StatusUnprocessableEntity, form.At, misread)
	case form.Do == "submit":
		return p.confirm(r, id)
	case came == newer:
		return r.RedirectSaying(pageURL(id, form.At), "answers_newer")
	case form.Go > 0:
		return r.Redirect(pageURL(id, form.Go))
	}
	return r.RedirectSaying(pageURL(id, form.At), "answers_saved")
}

// confirm hands in a complete paper and asks once about an incomplete one.
func (p pages) confirm(r *page.Request, id string) error {
	open, err := p.academy.Attempt(r.Context(), r.Who, id)
	if errors.Is(err, academy.ErrAttemptEnded) {
		return r.Redirect(resultURL(id))
	}
	if err != nil {
		return err
	}
	missing := unanswered(open.Sheet)
	if len(missing) == 0 {
		return p.submit(r)
	}
	return r.Show(r.T("quiz.unanswered_title"), ui.Learner, confirmPage(open, missing))
}

func (p pages) submit(r *page.Request) error {
	id := r.Param("id")
	if _, err := p.academy.Submit(r.Context(), r.Who, id); err != nil {
		return err
	}
	return r.Redirect(resultURL(id))
}

func (p pages) result(r *page.Request) error {
	id := r.Param("id")
	result, err := p.academy.Result(r.Context(), r.Who, id)
	var later *academy.ErrNotReleased
	var void *academy.ErrVoid
	switch {
	case errors.As(err, &void):
		return r.Redirect(sitting.Address(void.SittingID))
	case errors.Is(err, academy.ErrAttemptOpen):
		return r.Redirect(attemptURL(id))
	case errors.As(err, &later):
		title := r.Title(later.Title, later.TitleEN)
		return r.Show(r.T("quiz.result_title", "title", title), ui.Learner, laterPage(title, later))
	case err != nil:
		return err
	}
	title := r.Title(result.Title, result.TitleEN)
	return r.Show(r.T("quiz.result_title", "title", title), ui.Learner, resultPage(title, result))
}

// unanswered lists the slots without an answer.
func unanswered(s sheet.Sheet) []int {
	var slots []int
	for _, item := range s.Items {
		if len(item.Answer) == 0 {
			slots = append(slots, item.Slot)
		}
	}
	return slots
}
