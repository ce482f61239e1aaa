package academy

import (
	"context"

	"qibu/internal/people"
	"qibu/internal/store"
)

// PracticeHome is where practice begins: what waits today, what can be practised
// freely, and how much of it would be known.
type PracticeHome struct {
	Due     int // questions
	Set     int // the set to begin or to go on with
	Of      int // questions in it, those answered included; 0 when there is nothing to ask
	Done    int // of them
	InDays  int // until the next question is due, when none is now; 0 for never
	Habit   Habit
	Banks   []PracticeBank
	Outlook []Outlook
}

// PracticeBank is a bank that can be practised freely.
type PracticeBank struct {
	Slug, Title, TitleEN  string
	Questions, Asked, Due int
	Barred                bool // the person is being tested on it
}

// Practice says what a person can practise today.
func (a *Academy) Practice(ctx context.Context, who people.Actor) (h PracticeHome, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return h, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, err := a.pool(tx, l, who.ID)
		if err != nil {
			return err
		}
		list := a.queue(p, who.ID)
		done := p.done()
		h = PracticeHome{Due: countDue(list), Set: setOf(done + 1), Banks: p.list(), Outlook: p.outlook()}
		h.Done = done - (h.Set-1)*dailySet
		if len(list) > 0 {
			h.Of = min(dailySet, h.Done+len(list))
		}
		if h.Due == 0 {
			h.InDays = p.inDays()
		}
		h.Habit = p.habit()
		return nil
	})
	return h, err
}

func (p pool) list() (list []PracticeBank) {
	for _, b := range p.banks {
		one := PracticeBank{Slug: b.Slug, Title: b.Title, TitleEN: b.TitleEN, Barred: p.barred[b.Slug]}
		for _, q := range b.Questions {
			if !q.Practised() {
				continue
			}
			one.Questions++
			if c := p.cards[b.Slug][q.ID]; c.Known() {
				one.Asked++
				if !c.Due.After(p.today) {
					one.Due++
				}
			}
		}
		list = append(list, one)
	}
	return list
}

// inDays is until the next card is due; 0 when there is none.
func (p pool) inDays() (days int) {
	for _, b := range p.banks {
		for _, q := range b.Questions {
			c := p.cards[b.Slug][q.ID]
			if n := p.today.DaysUntil(c.Due); q.Practised() && c.Known() && n > 0 && (days == 0 || n < days) {
				days = n
			}
		}
	}
	return days
}

// Habit is how regularly somebody practises.
type Habit struct {
	Row  int // days on end up to today, or up to yesterday while today is still open
	Week int // days of the last seven
}

// habitDays is how far a row of days is followed back.
const habitDays = 60

func (p pool) habit() (h Habit) {
	next := p.today
	for i, d := range p.days {
		if d.Day.After(p.today.AddDays(-7)) {
			h.Week++
		}
		if i == 0 && d.Day == p.today.AddDays(-1) {
			next = d.Day
		}
		if d.Day == next {
			h.Row++
			next = d.Day.AddDays(-1)
		}
	}
	return h
}
