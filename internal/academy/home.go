package academy

import (
	"context"
	"slices"
	"time"

	"qibu/courses"
	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
)

// Home is what a learner sees first: how far along the seven steps, the one
// thing to do now, and what else was assigned.
type Home struct {
	Greeting string // morning, afternoon or evening
	Ring     [7]int // percent of each step that is proven
	Next     *Step
	Exams    []Exam // to be sat, until their results are known; the next first
	Due      int    // questions to be repeated in practice
	Notices  []Notice
	Todo     []Todo
	Done     []Todo
}

// Step is the one thing to do now.
type Step struct {
	Item
	Minutes int
	Started bool
	Where   string // the heading to read next, in a module begun
	Left    int    // how many headings are left
}

// Todo is a task with how urgent it is.
type Todo struct {
	Item
	Due      calendar.Day
	DaysLeft int // until the due day, when there is one and it has not passed
	LateDays int
	By       string
}

// Home puts the learner's first page together.
func (a *Academy) Home(ctx context.Context, who people.Actor) (home Home, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return home, err
	}
	l, today := a.Library(), a.Today()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		given, err := tx.AssignmentsOf(who.ID)
		if err != nil {
			return err
		}
		ledger, err := tx.Ledger(who.ID)
		if err != nil {
			return err
		}
		read, err := tx.ReadingsOf(who.ID)
		if err != nil {
			return err
		}
		passed := passedIn(ledger)
		home = Home{Greeting: greeting(a.clock(a.now())), Ring: l.ring(passed)}
		home.Todo, home.Done = l.todos(assign.Tasks(given), passed, ledger, today)
		home.Next = l.nextStep(home.Todo, passed, read)
		exams, err := tx.Summonses(who.ID, "", tx.Now.Add(-cancelledIsNews))
		if err != nil {
			return err
		}
		home.Exams = a.ahead(who, exams, tx.Now)
		if regradedIn(ledger) || cancelledIn(exams) {
			if home.Notices, err = a.notices(tx, who.ID); err != nil {
				return err
			}
		}
		home.Due, err = l.dueNow(tx, who.ID, today)
		return err
	})
	return home, err
}

// greeting names the part of the day.
func greeting(now time.Time) string {
	switch hour := now.Hour(); {
	case hour < 11:
		return "morning"
	case hour < 18:
		return "afternoon"
	}
	return "evening"
}

// passes has of everything that was passed the first day, by kind and ref.
type passes map[[2]string]calendar.Day

func (p passes) has(kind, ref string) bool { return !p[[2]string{kind, ref}].IsZero() }

// regradedIn reports whether a result was ever corrected: then a person may have
// been told of one.
func regradedIn(ledger []store.LedgerEntry) bool {
	return slices.ContainsFunc(ledger, func(e store.LedgerEntry) bool { return e.Kind == cert.EventRegraded })
}

// cancelledIsNews is how long after its results would have been known the home page
// still tells of an exam that was cancelled.
const cancelledIsNews = 30 * 24 * time.Hour

// cancelledIn reports whether an exam was cancelled: then a person may have been
// told of one.
func cancelledIn(exams []store.Summons) bool {
	return slices.ContainsFunc(exams, func(m store.Summons) bool { return m.CalledOff() })
}

// passedIn returns what the ledger proves.
func passedIn(ledger []store.LedgerEntry) passes {
	p := passes{}
	for _, e := range cert.Corrected(store.EventsFor(ledger, "")) {
		if e.Kind != cert.EventEvidence || e.Outcome != cert.Passed && e.Outcome != cert.External {
			continue
		}
		thing := [2]string{e.Requirement, e.Ref}
		if before, again := p[thing]; !again || e.Day.Before(before) {
			p[thing] = e.Day
		}
	}
	return p
}

// ring fills each of the seven steps by evidence: of the modules that belong to
// it and their quizzes, how many are proven.
func (l *Library) ring(passed passes) (percent [7]int) {
	var have, all [7]int
	count := func(step int, kind, ref string) {
		all[step]++
		if passed.has(kind, ref) {
			have[step]++
		}
	}
	for _, m := range l.modules() {
		step := slices.Index(courses.Steps, m.Step)
		if step < 0 {
			continue
		}
		count(step, cert.Module, m.Ref())
		if slug, ok := l.QuizOf[m.Ref()]; ok {
			count(step, cert.Quiz, slug)
		}
	}
	for i := range percent {
		if all[i] > 0 {
			percent[i] = have[i] * 100 / all[i]
		}
	}
	return percent
}

// todos splits tasks into what is still to be done and what is done.
func (l *Library) todos(tasks []assign.Task, passed passes, ledger []store.LedgerEntry, today calendar.Day) (todo, done []Todo) {
	for _, t := range tasks {
		item, ok := l.Item(t.Kind, t.Ref)
		if !ok {
			continue // withdrawn from the curriculum: nobody can do it any more
		}
		one := Todo{Item: item, Due: t.Due, LateDays: t.LateBy(today), By: t.By}
		if !t.Due.IsZero() {
			one.DaysLeft = max(0, today.DaysUntil(t.Due))
		}
		if l.taskDone(t, passed, ledger, today) {
			done = append(done, one)
		} else {
			todo = append(todo, one)
		}
	}
	return todo, done
}

// taskDone reports whether a task is fulfilled: passed once, or certified now.
func (l *Library) taskDone(t assign.Task, passed passes, ledger []store.LedgerEntry, today calendar.Day) bool {
	if t.Kind != assign.Certification {
		return passed.has(t.Kind, t.Ref)
	}
	policy, ok := l.Certification(t.Ref)
	return ok && standing(policy, ledger, today).Compliant()
}

// rehearseMinutes is about how long a rehearsal takes; it has no time limit.
const rehearseMinutes = 10

// nextStep proposes the most urgent task that can be done right now, else the
// first module of the curriculum that is not read yet.
func (l *Library) nextStep(todo []Todo, passed passes, read map[string]map[string]bool) *Step {
	for _, t := range todo {
		switch t.Kind {
		case assign.Module:
			m, _ := l.module(t.Ref)
			return lessonStep(t.Item, m, read[t.Ref])
		case assign.Quiz:
			return &Step{Item: t.Item, Minutes: l.Quizzes[t.Ref].Minutes}
		case assign.Scenario:
			return &Step{Item: t.Item, Minutes: rehearseMinutes}
		}
	}
	for _, m := range l.modules() {
		if item, _ := l.Item(assign.Module, m.Ref()); !passed.has(cert.Module, m.Ref()) {
			return lessonStep(item, m, read[m.Ref()])
		}
	}
	return nil
}

// lessonStep proposes a module where it was left: the minutes are those of what
// is left of it.
func lessonStep(item Item, m *courses.Module, read map[string]bool) *Step {
	p := m.Progress(read)
	s := &Step{Item: item, Minutes: m.Minutes, Started: p.Read > 0, Left: p.Total - p.Read}
	if s.Started && p.Next != "" {
		s.Minutes = max(1, m.Minutes*s.Left/p.Total)
		s.Href += "#" + p.Next
		for _, h := range m.Body.Headings {
			if h.ID == p.Next {
				s.Where = h.Text
			}
		}
	}
	return s
}
