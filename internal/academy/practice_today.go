package academy

import (
	"context"
	"strings"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/recall"
)

// dailySet is how many questions make a day's set: some five minutes. Whoever
// wants more begins another.
const dailySet = 10

// setOf is the set that the nth question of a day belongs to, from 1.
func setOf(n int) int { return max(1, (n+dailySet-1)/dailySet) }

// TodaysPractice is a set of the day's questions: the next one to ask, or when
// none is left how it went.
type TodaysPractice struct {
	Set    int
	At, Of int     // place of the question in the set
	Asking *Asking // nil when the set is done
	More   int     // when it is done: how many are due beyond it
	Summary
}

// Summary is how a set of questions went.
type Summary struct {
	Answered, Right int
	Shaky           []Shaky
	Habit           Habit
}

// Shaky is a question that was not, or not wholly, known.
type Shaky struct {
	Quiz, Review string // where its feedback is
	Stem         string // safe HTML, block level
	InDays       int    // until it comes back
}

// TodaysPractice asks the next question of a set of the day's questions. The set
// is resumed wherever it was left, for all that counts is what was answered.
func (a *Academy) TodaysPractice(ctx context.Context, who people.Actor, set int) (t TodaysPractice, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return t, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		p, err := a.pool(tx, l, who.ID)
		if err != nil {
			return err
		}
		list := a.queue(p, who.ID)
		done := p.done()
		set = max(1, min(set, done/dailySet+1))
		t = TodaysPractice{Set: set, At: done - (set-1)*dailySet + 1}
		t.Of = min(dailySet, t.At-1+len(list))
		if t.At <= t.Of && len(list) > 0 {
			w := list[0]
			asked := a.ask(who.ID, asking{w.bank, l.Hash(quizKind, w.bank.Slug), w.question, p.cards[w.bank.Slug][w.question].Reviews + 1})
			t.Asking = &asked
			return nil
		}
		t.More = countDue(list)
		answers, err := tx.DailyReviews(who.ID, p.today)
		if err != nil {
			return err
		}
		from := min(len(answers), (set-1)*dailySet)
		t.Summary = l.summary(p, answers[from:min(len(answers), set*dailySet)])
		t.Habit = p.habit()
		return nil
	})
	return t, err
}

// summary tells how answers went. What has been taken out of a bank since, or is
// barred, is counted and not shown.
func (l *Library) summary(p pool, answers []store.PracticeReview) (s Summary) {
	s.Answered = len(answers)
	for _, r := range answers {
		if r.Grade >= recall.Good {
			s.Right++
			continue
		}
		bank, ok := l.Quizzes[r.Quiz]
		if !ok || p.barred[r.Quiz] {
			continue
		}
		if q, ok := bank.Practised(r.Question); ok {
			card := p.cards[r.Quiz][r.Question]
			s.Shaky = append(s.Shaky, Shaky{Quiz: r.Quiz, Review: r.ID, Stem: stemOf(q), InDays: p.today.DaysUntil(card.Due)})
		}
	}
	return s
}

// stemOf is what a question asks, with gaps where it has blanks.
func stemOf(q quiz.Question) string {
	if q.Stem != "" {
		return q.Stem
	}
	return strings.Join(q.Pieces, "＿＿＿")
}
