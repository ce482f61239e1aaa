package academy

import (
	"cmp"
	"slices"
	"strings"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/recall"
)

// pool is everything a person can be asked in practice.
type pool struct {
	today  calendar.Day
	banks  []*quiz.Bank // of modules assigned, read or answered before, in the order of the curriculum
	begun  map[string]bool
	barred map[string]bool
	cards  map[string]map[string]recall.Card // by quiz, by question
	days   []store.PracticeDay               // practised on, the latest first
}

// pool gathers it in two statements.
func (a *Academy) pool(tx *store.Tx, l *Library, personID string) (pool, error) {
	today := a.dayOf(tx.Now)
	ground, err := tx.PracticeGround(personID, today.AddDays(1-habitDays))
	if err != nil {
		return pool{}, err
	}
	cards, err := tx.PracticeCards(personID)
	p := l.pool(today, ground.Tasks, ground.Read, cards)
	p.barred, p.days = ground.Barred, ground.Days
	return p, err
}

// pool is what can be asked of a person by what was assigned, the modules read
// and the answers given.
func (l *Library) pool(today calendar.Day, tasks []assign.Task, read map[string]bool, cards []store.PracticeCard) pool {
	p := pool{today: today, begun: map[string]bool{}, cards: map[string]map[string]recall.Card{}}
	for _, c := range cards {
		if p.cards[c.Quiz] == nil {
			p.cards[c.Quiz] = map[string]recall.Card{}
		}
		p.cards[c.Quiz][c.Question], p.begun[c.Quiz] = c.Card, true
	}
	for module := range read {
		if slug, ok := l.QuizOf[module]; ok {
			p.begun[slug] = true
		}
	}
	p.banks = l.practiceBanks(p.begun, l.assignedQuizzes(tasks))
	return p
}

// readIn names the modules of which something was read.
func readIn(read map[string]map[string]bool) map[string]bool {
	modules := map[string]bool{}
	for module := range read {
		modules[module] = true
	}
	return modules
}

// done is how many of the day's questions were answered today.
func (p pool) done() int {
	if len(p.days) > 0 && p.days[0].Day == p.today {
		return p.days[0].Daily
	}
	return 0
}

// assignedQuizzes are the quizzes that tasks lead to, by themselves, by their
// module or by a certification.
func (l *Library) assignedQuizzes(tasks []assign.Task) map[string]bool {
	slugs := map[string]bool{}
	add := func(kind, ref string) {
		switch kind {
		case cert.Module:
			slugs[l.QuizOf[ref]] = true
		case cert.Quiz, cert.Practice:
			slugs[ref] = true
		}
	}
	for _, t := range tasks {
		add(t.Kind, t.Ref)
		if p, ok := l.Certification(t.Ref); ok && t.Kind == assign.Certification {
			for _, r := range slices.Concat(p.Initial, p.Renewal) {
				add(r.Kind, r.Ref)
			}
		}
	}
	return slugs
}

// practiceBanks are the banks named in either list that have something to
// practise, in the order of the curriculum.
func (l *Library) practiceBanks(begun, assigned map[string]bool) (banks []*quiz.Bank) {
	for _, m := range l.modules() {
		slug := l.QuizOf[m.Ref()]
		b, ok := l.Quizzes[slug]
		if ok && (begun[slug] || assigned[slug]) && slices.ContainsFunc(b.Questions, quiz.Question.Practised) {
			banks = append(banks, b)
		}
	}
	return banks
}

// need is how much practice a question needs; the least compares first.
type need struct {
	rank    int     // 0 due, 1 never asked, 2 neither
	begun   int     // 0 when its module is known to the person
	chance  float64 // to know it today
	reviews int
	lot     string
}

func needOf(c recall.Card, today calendar.Day) need {
	switch {
	case !c.Known():
		return need{rank: 1}
	case c.Due.After(today):
		return need{rank: 2, chance: c.Chance(today), reviews: c.Reviews}
	}
	return need{chance: c.Chance(today)}
}

func (n need) compare(m need) int {
	return cmp.Or(cmp.Compare(n.rank, m.rank), cmp.Compare(n.begun, m.begun), cmp.Compare(n.chance, m.chance),
		cmp.Compare(n.reviews, m.reviews), strings.Compare(n.lot, m.lot))
}

// waiting is a question that waits to be asked today.
type waiting struct {
	bank     *quiz.Bank
	question string
	need     need
}

// queue lists what is due today and then what was never asked, by lot, that of
// modules not begun last. Nothing of a quiz that is barred.
func (a *Academy) queue(p pool, personID string) (list []waiting) {
	for _, b := range p.banks {
		if p.barred[b.Slug] {
			continue
		}
		for _, q := range b.Questions {
			n := needOf(p.cards[b.Slug][q.ID], p.today)
			if !q.Practised() || n.rank > 1 {
				continue
			}
			if !p.begun[b.Slug] {
				n.begun = 1
			}
			n.lot = a.lot(personID, b.Slug, q.ID, string(p.today))
			list = append(list, waiting{b, q.ID, n})
		}
	}
	slices.SortFunc(list, func(x, y waiting) int { return x.need.compare(y.need) })
	return list
}

func countDue(list []waiting) (n int) {
	for _, w := range list {
		if w.need.rank == 0 {
			n++
		}
	}
	return n
}

// dueNow counts what waits to be repeated, for the first page.
func (l *Library) dueNow(tx *store.Tx, personID string, today calendar.Day) (n int, err error) {
	due, err := tx.DueQuestions(personID, today)
	for _, d := range due {
		if bank, ok := l.Quizzes[d.Quiz]; ok {
			if _, ok := bank.Practised(d.Question); ok {
				n++
			}
		}
	}
	return n, err
}
