// Package practice has the pages of practising: the day's questions, one bank
// freely, and what is explained after each answer. A question is one screen; it
// is explained on a page of its own, once the answer is on disk.
package practice

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"qibu/internal/academy"
	"qibu/internal/people"
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
		{Method: http.MethodGet, Path: "/practice", Rule: learn, Handle: p.home},
		{Method: http.MethodGet, Path: "/practice/:quiz", Rule: learn, Handle: p.freely},
		{Method: http.MethodPost, Path: "/practice/:quiz/answers", Rule: learn, Handle: p.answer},
		{Method: http.MethodGet, Path: "/practice/:quiz/reviews/:id", Rule: own, Handle: p.feedback},
	}
}

// home is where practice begins, or with ?set= a set of the day's questions.
func (p pages) home(r *page.Request) error {
	if set, err := strconv.Atoi(r.Query("set")); err == nil {
		return p.today(r, set, http.StatusOK, unread{})
	}
	home, err := p.academy.Practice(r.Context(), r.Who)
	if err != nil {
		return err
	}
	return r.Show(r.T("practice.title"), ui.Learner, homePage(home))
}

// unread is an answer that could not be taken, to be shown as it was filled in.
type unread struct {
	asking string
	form   *question.Form // not to be read, such as an order with a place given twice
	blank  bool           // nothing was answered
}

// outdated reports whether it belongs to a question that is not asked any more.
func (u unread) outdated(a academy.Asking) bool { return u.asking != "" && u.asking != a.ID }

// today asks the next question of a set, or sums up the set when it is done.
func (p pages) today(r *page.Request, set, status int, u unread) error {
	today, err := p.academy.TodaysPractice(r.Context(), r.Who, set)
	if err != nil {
		return err
	}
	if today.Asking == nil {
		return r.Show(r.T("practice.today"), ui.Learner, summaryPage(today))
	}
	return p.ask(r, status, r.T("practice.today"), asked{Asking: *today.Asking, Set: today.Set, At: today.At, Of: today.Of, unread: u})
}

// freely asks a question of one bank.
func (p pages) freely(r *page.Request) error {
	return p.free(r, http.StatusOK, unread{})
}

func (p pages) free(r *page.Request, status int, u unread) error {
	a, err := p.academy.PractiseQuiz(r.Context(), r.Who, r.Param("quiz"))
	if err != nil {
		return err
	}
	return p.ask(r, status, r.T("practice.free", "title", r.Title(a.Title, a.TitleEN)), asked{Asking: a, unread: u})
}

func (p pages) ask(r *page.Request, status int, title string, q asked) error {
	if q.outdated(q.Asking) {
		return r.RedirectSaying(nextURL(q.Quiz, q.Set), "practice_moved_on")
	}
	return r.ShowStatus(status, title, ui.Learner, askPage(title, q, r.Site().Asset("question.js"), r.Site().Asset("practice.js")))
}

// answerForm is an answer as a browser without scripts sends it.
type answerForm struct {
	Asking    string          `form:"ask" validate:"required,max=64"`
	Set       int             `form:"set" validate:"min=0,max=1000"` // of the day's questions, 0 in free practice
	Do        string          `form:"do" validate:"max=10"`          // "forgot" when it is not remembered
	Questions []question.Form `form:"q" validate:"max=1,dive"`
}

// read is the answer the form spells, and what keeps it from being taken.
func (f answerForm) read() (sheet.Answer, unread) {
	if f.Do == "forgot" {
		return nil, unread{}
	}
	if len(f.Questions) == 0 {
		return nil, unread{asking: f.Asking, blank: true}
	}
	answer, ok := f.Questions[0].Answer()
	switch {
	case !ok:
		return nil, unread{asking: f.Asking, form: &f.Questions[0]}
	case len(answer) == 0:
		return nil, unread{asking: f.Asking, blank: true}
	}
	return answer, unread{}
}

// answerBody is an answer as the script sends it.
type answerBody struct {
	Asking string   `json:"ask" validate:"required,max=64"`
	Set    int      `json:"set" validate:"min=0,max=1000"`
	Spent  int64    `json:"spent" validate:"min=0,max=3600000"` // ms the question was looked at
	Answer []string `json:"answer" validate:"max=100,dive,max=8000"`
}

// answer stores an answer; the feedback has an address of its own. A script is
// told where it is.
func (p pages) answer(r *page.Request) error {
	if r.WantsJSON() {
		body, err := page.JSONBody[answerBody](r)
		if err != nil {
			return err
		}
		to, err := p.take(r, body.Set, academy.PracticeAnswer{
			Asking: body.Asking, Answer: body.Answer, Daily: body.Set > 0, Spent: time.Duration(body.Spent) * time.Millisecond,
		})
		if err != nil {
			return err
		}
		return r.JSON(http.StatusOK, map[string]string{"to": to})
	}
	form, err := page.Form[answerForm](r)
	if err != nil {
		return err
	}
	answer, u := form.read()
	switch {
	case u.asking != "" && form.Set > 0:
		return p.today(r, form.Set, http.StatusUnprocessableEntity, u)
	case u.asking != "":
		return p.free(r, http.StatusUnprocessableEntity, u)
	}
	to, err := p.take(r, form.Set, academy.PracticeAnswer{Asking: form.Asking, Answer: answer, Daily: form.Set > 0})
	if err != nil {
		return err
	}
	return r.Redirect(to)
}

// take has an answer recorded and returns where to go on: the feedback, or the
// next question when this one is not asked any more.
func (p pages) take(r *page.Request, set int, a academy.PracticeAnswer) (to string, err error) {
	slug := r.Param("quiz")
	err = p.academy.AnswerPractice(r.Context(), r.Who, slug, a)
	if errors.Is(err, academy.ErrAskedAnew) {
		return page.Saying(nextURL(slug, set), "practice_moved_on"), nil
	}
	return reviewURL(slug, a.Asking), err
}

func (p pages) feedback(r *page.Request) error {
	f, err := p.academy.PracticeFeedback(r.Context(), r.Who, r.Param("quiz"), r.Param("id"))
	if err != nil {
		return err
	}
	title := r.T("practice.feedback")
	return r.Show(title, ui.Learner, feedbackPage(title, f, r.Site().Asset("practice.js")))
}

func practiceURL(slug string) string { return "/practice/" + url.PathEscape(slug) }

func reviewURL(slug, id string) string { return practiceURL(slug) + "/reviews/" + url.PathEscape(id) }

func setURL(set int) string { return "/practice?set=" + strconv.Itoa(set) }

// nextURL leads to the next question: of the day's set, or of the bank.
func nextURL(slug string, set int) string {
	if set > 0 {
		return setURL(set)
	}
	return practiceURL(slug)
}
