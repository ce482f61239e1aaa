package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
)

// soonDays is how far ahead a due day counts as soon.
const soonDays = 7

// Urgency narrows the progress list by how pressing people's tasks are.
type Urgency = store.Urgency

// The urgencies; none does not narrow.
const (
	Late = store.Late // something is past its due day
	Soon = store.Soon // something is due within a week
)

// ProgressQuery is what the progress list is asked for.
type ProgressQuery struct {
	Certification string // slug; "" is the first there is
	StoreID       string // for those who see every store
	Text          string
	Urgency       Urgency
	Page          int
}

// ProgressList is one page of people with what they were assigned and did.
type ProgressList struct {
	Page
	Day            calendar.Day
	Policy         *cert.Policy // whose standings the rows show
	Certifications []*cert.Policy
	Stores         []people.Store // to choose from; empty for those who see one store only
	Counts         store.ProgressCount
	Rows           []ProgressRow
}

// ProgressRow is one person of the progress list.
type ProgressRow struct {
	PersonID, StaffNo, Name, Store, Post string
	Open, Late, Done                     int // tasks; late ones are open
	LateDays                             int // of the task that is late the longest
	NextDue                              calendar.Day
	DaysLeft                             int       // until NextDue
	ActiveAt                             time.Time // last study, test or rehearsal; zero for never
	Standing                             cert.Standing
}

// Progress lists people with how far their tasks are, those who are late first.
// A trainer sees the own store.
func (a *Academy) Progress(ctx context.Context, who people.Actor, q ProgressQuery) (list ProgressList, err error) {
	if err := people.May(who, people.ViewProgress); err != nil {
		return list, err
	}
	everywhere := people.Reach(who, people.ViewProgress) == people.All
	if !everywhere {
		q.StoreID = who.StoreID
	}
	l := a.Library()
	list.Certifications = l.Certifications
	if list.Policy, err = a.policyOrFirst(q.Certification); err != nil {
		return list, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list.Day = a.dayOf(tx.Now)
		filter := store.ProgressFilter{
			Day: list.Day, SoonDay: list.Day.AddDays(soonDays), Things: keysOf(l.Assignable()),
			Certification: list.Policy.Slug, StoreID: q.StoreID, Text: q.Text, Urgency: q.Urgency,
			Limit: pageSize, Offset: (max(q.Page, 1) - 1) * pageSize,
		}
		if everywhere {
			if list.Stores, err = tx.Stores(); err != nil {
				return err
			}
		}
		if list.Counts, err = tx.CountProgress(filter); err != nil {
			return err
		}
		rows, err := tx.Progress(filter)
		list.Page = pageOf(q.Page, covered(list.Counts, q.Urgency))
		list.Rows = a.progressRows(rows, list.Policy, list.Day)
		return err
	})
	return list, err
}

// covered is how many people a list has under an urgency.
func covered(c store.ProgressCount, u Urgency) int {
	switch u {
	case Late:
		return c.Late
	case Soon:
		return c.Soon
	}
	return c.Everybody
}

func keysOf(items []Item) []string {
	keys := make([]string, len(items))
	for i, item := range items {
		keys[i] = item.Key()
	}
	return keys
}

func (a *Academy) progressRows(rows []store.ProgressRow, policy *cert.Policy, today calendar.Day) []ProgressRow {
	nothing := cert.Status(*policy, nil, today)
	list := make([]ProgressRow, len(rows))
	for i, r := range rows {
		list[i] = ProgressRow{
			PersonID: r.PersonID, StaffNo: r.StaffNo, Name: r.Name, Store: r.Store, Post: r.Post,
			Open: r.Open, Late: r.Late, Done: r.Done, NextDue: r.NextDue, Standing: r.Standing,
		}
		if !r.LateSince.IsZero() {
			list[i].LateDays = r.LateSince.DaysUntil(today)
		}
		if !r.NextDue.IsZero() {
			list[i].DaysLeft = today.DaysUntil(r.NextDue)
		}
		if !r.ActiveAt.IsZero() {
			list[i].ActiveAt = a.clock(r.ActiveAt)
		}
		if !r.Known {
			list[i].Standing = nothing
		}
	}
	return list
}

// PersonProgress is everything one person was assigned and did.
type PersonProgress struct {
	Person    people.Person
	Day       calendar.Day
	Pursuits  []Pursuit // certifications begun, assigned or held
	Tasks     []TaskProgress
	Quizzes   []QuizProgress     // those tried
	Scenarios []ScenarioProgress // those tried
	Observed  []Observed         // items seen at the bay
	Outlook   []Outlook          // of what was asked in quizzes and practice; none before the first answer
}

// TaskProgress is one task and how far it is.
type TaskProgress struct {
	Todo
	All      []assign.Assignment // everything assigned about it, oldest first
	Finished bool
	DoneOn   calendar.Day  // when it was finished first; none for a certification, whose Standing says more
	Read, Of int           // headings, for a module
	Best     int           // percent, for a quiz or a scenario that was tried
	Tries    int           // attempts or plays that ended
	Standing cert.Standing // for a certification
}

// Started reports whether anything was done for the task yet.
func (t TaskProgress) Started() bool {
	return t.Finished || t.Read > 0 || t.Tries > 0 || len(t.Standing.Met) > 0
}

// QuizProgress is how a person stands with one quiz that was tried.
type QuizProgress struct {
	Item
	Best   int // percent
	Passed bool
	Tries  int // attempts that ended
	Open   bool
	LastOn calendar.Day // none before the first end
	Rule   quiz.Retake
	Locked bool // the allowance is used up: a trainer may open one more attempt
}

// ScenarioProgress is how a person stands with one scenario that was tried.
type ScenarioProgress struct {
	Item
	Best   int // percent
	Passed bool
	Plays  int
	Open   bool
}

// Observed is how one item of the practical checklist went when last seen.
type Observed struct {
	cert.ObservationItem
	Sight
}

// PersonProgress returns what one person was assigned and did.
func (a *Academy) PersonProgress(ctx context.Context, who people.Actor, personID string) (p PersonProgress, err error) {
	if err := people.May(who, people.ViewProgress); err != nil {
		return p, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p = PersonProgress{Day: a.dayOf(tx.Now)}
		if p.Person, err = personFor(tx, who, people.ViewProgress, personID); err != nil {
			return err
		}
		given, err := tx.AssignmentsOf(personID)
		if err != nil {
			return err
		}
		d, err := deedsOf(tx, personID, p.Day)
		if err != nil {
			return err
		}
		p.Pursuits = l.pursuits(d.standings)
		tasks := assign.Tasks(given)
		p.Tasks = l.taskProgress(tasks, d, p.Day)
		p.Quizzes, p.Scenarios = a.quizProgress(l, d, tx.Now), l.scenarioProgress(d)
		cards, err := tx.PracticeCards(personID)
		if len(cards) > 0 {
			p.Outlook = l.pool(p.Day, tasks, readIn(d.read), cards).outlook()
		}
		for _, item := range l.Observations {
			if o, ok := d.observed[item.ID]; ok {
				p.Observed = append(p.Observed, Observed{item, *a.sight(o)})
			}
		}
		return err
	})
	return p, err
}

// deeds is what a person did, as the store has it.
type deeds struct {
	ledger    []store.LedgerEntry
	standings map[string]cert.Standing
	read      map[string]map[string]bool
	quizzes   map[string]store.QuizStanding
	retakes   map[string]store.Retakes
	scenarios map[string]store.ScenarioStanding
	observed  map[string]store.Observation
}

func deedsOf(tx *store.Tx, personID string, day calendar.Day) (d deeds, err error) {
	if d.ledger, err = tx.Ledger(personID); err != nil {
		return d, err
	}
	if d.standings, err = tx.StandingsOn(personID, day); err != nil {
		return d, err
	}
	if d.read, err = tx.ReadingsOf(personID); err != nil {
		return d, err
	}
	if d.quizzes, err = tx.BestResults(personID); err != nil {
		return d, err
	}
	if d.retakes, err = tx.RetakesOf(personID); err != nil {
		return d, err
	}
	if d.scenarios, err = tx.BestSessions(personID); err != nil {
		return d, err
	}
	d.observed, err = tx.LatestObservations(personID)
	return d, err
}

// taskProgress says how far each task is, what is open first. It calls done what
// the person's own page calls done.
func (l *Library) taskProgress(tasks []assign.Task, d deeds, today calendar.Day) []TaskProgress {
	behind := map[string][]assign.Assignment{}
	for _, t := range tasks {
		behind[t.Kind+":"+t.Ref] = t.All
	}
	passed := passedIn(d.ledger)
	todo, done := l.todos(tasks, passed, d.ledger, today)
	var list []TaskProgress
	for i, one := range slices.Concat(todo, done) {
		t := TaskProgress{
			Todo: one, All: behind[one.Key()], Finished: i >= len(todo), DoneOn: passed[[2]string{one.Kind, one.Ref}],
		}
		l.fill(&t, d, today)
		list = append(list, t)
	}
	return list
}

func (l *Library) fill(t *TaskProgress, d deeds, today calendar.Day) {
	switch t.Kind {
	case assign.Module:
		m, _ := l.module(t.Ref)
		p := m.Progress(d.read[t.Ref])
		t.Read, t.Of = p.Read, p.Total
	case assign.Quiz:
		t.Best, t.Tries = d.quizzes[t.Ref].Percent, len(d.retakes[t.Ref].Ended)
	case assign.Scenario:
		t.Best, t.Tries = d.scenarios[t.Ref].Best, d.scenarios[t.Ref].Plays
	case assign.Certification:
		policy, _ := l.Certification(t.Ref)
		t.Standing = standing(policy, d.ledger, today)
	}
}

// quizProgress lists the quizzes tried, in the order of the curriculum.
func (a *Academy) quizProgress(l *Library, d deeds, now time.Time) []QuizProgress {
	var list []QuizProgress
	for _, m := range l.modules() {
		slug := l.QuizOf[m.Ref()]
		s, tried := d.quizzes[slug]
		if !tried {
			continue
		}
		item, _ := l.Item(assign.Quiz, slug)
		rule, retakes := l.Quizzes[slug].Retake, d.retakes[slug]
		q := QuizProgress{
			Item: item, Best: s.Percent, Passed: s.Passed, Tries: len(retakes.Ended), Open: s.Open != "", Rule: rule,
			Locked: rule.Next(retakes.Ended, retakes.Unlocked, now).NeedsUnlock,
		}
		if !s.LastEnded.IsZero() {
			q.LastOn = a.dayOf(s.LastEnded)
		}
		list = append(list, q)
	}
	return list
}

// scenarioProgress lists the scenarios taken in earnest: practice is the
// learner's own.
func (l *Library) scenarioProgress(d deeds) []ScenarioProgress {
	var list []ScenarioProgress
	for _, slug := range sortedKeys(d.scenarios) {
		s := d.scenarios[slug]
		if item, ok := l.Item(assign.Scenario, slug); ok && (s.Plays > 0 || s.Open != "") {
			list = append(list, ScenarioProgress{Item: item, Best: s.Best, Passed: s.Passed, Plays: s.Plays, Open: s.Open != ""})
		}
	}
	return list
}
