package trainer

import (
	"net/http"
	"net/url"

	"qibu/internal/academy"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/web/page"
	"qibu/internal/web/ui"
)

// may says which ways lead on from a person's page.
type may struct{ assign, unlock, observe, status, coach bool }

func (p pages) person(r *page.Request) error {
	return p.showPerson(r, http.StatusOK, unlockForm{}, nil)
}

func (p pages) showPerson(r *page.Request, status int, form unlockForm, fields ui.Fields) error {
	file, err := p.academy.PersonProgress(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	other := file.Person.ID != r.Who.ID // nobody signs or unlocks for himself
	ways := may{
		assign:  people.May(r.Who, people.Assign) == nil,
		unlock:  people.May(r.Who, people.UnlockRetake) == nil && other,
		observe: people.May(r.Who, people.SignObservation) == nil && other,
		status:  people.May(r.Who, people.ViewStatus) == nil,
		coach:   people.May(r.Who, people.Coach) == nil,
	}
	return r.ShowStatus(status, file.Person.Name, ui.Trainer, personPage(file, ways, form, fields))
}

type unlockForm struct {
	Quiz   string `form:"quiz" validate:"required,max=200" label:"kind.quiz"`
	Reason string `form:"reason" validate:"required,max=500" label:"progress.unlock_reason"`
}

func (p pages) unlock(r *page.Request) error {
	form, err := page.Form[unlockForm](r)
	if err == nil {
		err = p.academy.UnlockRetake(r.Context(), r.Who, r.Param("id"), form.Quiz, form.Reason)
	}
	if fields, ok := r.FieldErrors(err); ok {
		return p.showPerson(r, http.StatusUnprocessableEntity, form, fields)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(personAddress(r.Param("id")), "unlocked")
}

// askWithdraw asks once, and names the thing.
func (p pages) askWithdraw(r *page.Request) error {
	file, err := p.academy.PersonProgress(r.Context(), r.Who, r.Param("id"))
	if err != nil {
		return err
	}
	for _, task := range file.Tasks {
		if task.Key() == r.Query("item") {
			return r.Show(r.T("progress.withdraw_title"), ui.Trainer, withdrawPage(file.Person, task))
		}
	}
	return fault.New(fault.NotFound, "error.not_found")
}

type withdrawForm struct {
	Item string `form:"item" validate:"required,max=200"`
}

func (p pages) withdraw(r *page.Request) error {
	form, err := page.Form[withdrawForm](r)
	if err == nil {
		err = p.academy.Withdraw(r.Context(), r.Who, r.Param("id"), form.Item)
	}
	if err != nil {
		return err
	}
	return r.RedirectSaying(personAddress(r.Param("id")), "withdrawn")
}

func personAddress(id string) string { return "/trainer/people/" + url.PathEscape(id) }

// recordingsAddress is where a person's rehearsals of a scenario are listed.
func recordingsAddress(p people.Person, scenario string) string {
	return "/trainer/recordings?" + url.Values{"q": {p.StaffNo}, "scenario": {scenario}}.Encode()
}

func withdrawAddress(id, key string) string {
	return personAddress(id) + "/withdraw?item=" + url.QueryEscape(key)
}

// tone is how a task that is not a certification looks: tone, icon and the
// catalogue key of its word.
func tone(t academy.TaskProgress) (tone, icon, key string) {
	switch {
	case t.Finished:
		return "ok", "check", "progress.done_on"
	case t.LateDays > 0:
		return "late", "late", "todo.late"
	case t.Started():
		return "none", "half", "progress.started"
	}
	return "off", "circle", "progress.not_started"
}
