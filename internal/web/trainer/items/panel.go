package items

import (
	"net/http"
	"strconv"

	"qibu/internal/academy"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

func panelAddress(id string) string { return "/trainer/items/panels/" + id }

func (p pages) panels(r *page.Request) error {
	list, err := p.academy.Panels(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.Show(r.T("angoff.title", "title", r.Title(list.Title, list.TitleEN)), ui.Trainer, panelsPage(list))
}

func (p pages) openPanel(r *page.Request) error {
	id, err := p.academy.OpenPanel(r.Context(), r.Who, r.Param("slug"))
	if err != nil {
		return err
	}
	return r.RedirectSaying(panelAddress(id), "panel_opened")
}

func (p pages) panel(r *page.Request) error {
	return p.showPanel(r, http.StatusOK, nil, nil)
}

// showPanel shows a panel, filled in with what was just sent, if anything.
func (p pages) showPanel(r *page.Request, status int, sent map[string]string, fields ui.Fields) error {
	panel, err := p.academy.Panel(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	title := r.T("angoff.title", "title", r.Title(panel.Title, panel.TitleEN))
	return r.ShowStatus(status, title, ui.Trainer, panelPage(panel, sent, fields))
}

// panelForm is what a judge says, as the browser sends it.
type panelForm struct {
	Estimates []estimateForm `form:"e" validate:"max=1000,dive"`
}

type estimateForm struct {
	Question string `form:"question" validate:"max=200"`
	Percent  string `form:"percent" validate:"omitempty,number,max=3"` // "" is not yet
}

// percents are the questions something is said of. A question that the form has
// in no shape is left to the use case to refuse.
func (f panelForm) percents() map[string]int {
	percents := map[string]int{}
	for _, e := range f.Estimates {
		if percent, err := strconv.Atoi(e.Percent); err == nil {
			percents[e.Question] = percent
		}
	}
	return percents
}

func (f panelForm) sent() map[string]string {
	sent := make(map[string]string, len(f.Estimates))
	for _, e := range f.Estimates {
		sent[e.Question] = e.Percent
	}
	return sent
}

func (p pages) judge(r *page.Request) error {
	form, err := page.Form[panelForm](r)
	if err == nil {
		err = p.academy.Judge(r.Context(), r.Who, r.Param("id"), form.percents())
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPanel(r, http.StatusUnprocessableEntity, form.sent(), fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(panelAddress(r.Param("id")), "judged")
}

// roundForm says which round is over.
type roundForm struct {
	From int `form:"from" validate:"min=1,max=2"`
}

func (p pages) advance(r *page.Request) error {
	form, err := page.Form[roundForm](r)
	if err != nil {
		return err
	}
	if err := p.academy.AdvancePanel(r.Context(), r.Who, r.Param("id"), form.From); err != nil {
		return err
	}
	return r.RedirectSaying(panelAddress(r.Param("id")), "panel_moved")
}

// chosen reports whether an estimate is the one to show: what was just sent, else
// what was saved, else what the judge said in the round before.
func chosen(q academy.PanelQuestion, sent map[string]string, percent int) bool {
	if text, ok := sent[q.ID]; ok {
		return text == num(percent)
	}
	if q.Mine >= 0 {
		return q.Mine == percent
	}
	return q.Before == percent
}

// estimates are what a judge may say.
func estimates() (list []int) {
	for percent := 0; percent <= 100; percent += academy.JudgeStep {
		list = append(list, percent)
	}
	return list
}
