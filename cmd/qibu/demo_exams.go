package main

import (
	"fmt"
	"slices"
	"time"

	"qibu/internal/academy"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// exam has a trainer set an exam, from nine to six of the day so many days ago, or
// ahead when it is negative. Those who come get so many questions wrong each; the
// others are absent.
func (h *history) exam(trainer part, title, slug string, daysAgo int, invited []part, wrong map[string]int) {
	h.clock.goTo(max(daysAgo+3, 1), 16)
	var id string
	h.do(func() (err error) {
		day := h.clock.midnight.AddDate(0, 0, -daysAgo)
		plan := academy.SittingPlan{
			Title: title, Quiz: slug, Opens: day.Add(9 * time.Hour), Closes: day.Add(18 * time.Hour),
			OneByOne: true, Honour: "我本人独立作答，不查资料，不问别人，也不把题目告诉别人。",
		}
		for _, p := range invited {
			plan.People = append(plan.People, h.who(p).ID)
		}
		id, err = h.academy.SetSitting(h.ctx, h.who(trainer), plan)
		return err
	})
	for i, p := range invited {
		if n, comes := wrong[p.staffNo]; comes {
			h.clock.goTo(daysAgo, 10+i)
			h.do(func() error {
				attempt, err := h.academy.StartExam(h.ctx, h.who(p), id, true)
				if err != nil {
					return fmt.Errorf("%s sits %s: %w", p.name, title, err)
				}
				return h.complete(p, slug, attempt, n)
			})
		}
	}
	if daysAgo > 0 {
		h.clock.goTo(daysAgo, 18)
		h.do(func() error {
			_, err := h.academy.ReleaseResults(h.ctx)
			return err
		})
	}
}

// complete has somebody answer an open paper, so many questions wrong, none of
// them critical, and hand it in.
func (h *history) complete(p part, slug, attempt string, wrong int) error {
	var paper quiz.Paper
	err := h.store.Read(h.ctx, func(tx *store.Tx) (err error) {
		paper, err = tx.Paper(attempt)
		return err
	})
	if err != nil {
		return err
	}
	h.clock.pass(7 * time.Minute)
	if _, err := h.academy.SaveAnswers(h.ctx, h.who(p), attempt, answers(h.library.Quizzes[slug], paper, wrong)); err != nil {
		return err
	}
	h.clock.pass(time.Minute)
	_, err = h.academy.Submit(h.ctx, h.who(p), attempt)
	return err
}

// practises has somebody do the day's questions on the days so many days ago, and
// not remember every fourth.
func (h *history) practises(p part, days ...int) {
	for _, daysAgo := range days {
		h.clock.goTo(daysAgo, 20)
		for n := 0; ; n++ {
			more := false
			h.do(func() (err error) {
				more, err = h.recalls(p, n%4 != daysAgo%4)
				return err
			})
			if !more {
				break
			}
		}
	}
}

// recalls has somebody answer the next of the day's questions, rightly or not at
// all. It reports false when there is none left.
func (h *history) recalls(p part, remembers bool) (more bool, err error) {
	t, err := h.academy.TodaysPractice(h.ctx, h.who(p), 1)
	if err != nil || t.Asking == nil {
		return false, err
	}
	a := academy.PracticeAnswer{Asking: t.Asking.ID, Daily: true, Spent: time.Duration(9+t.At) * time.Second}
	if remembers {
		a.Answer = right(asked(h.library.Quizzes[t.Asking.Quiz], t.Asking.Item))
	}
	h.clock.pass(a.Spent)
	return true, h.academy.AnswerPractice(h.ctx, h.who(p), t.Asking.Quiz, a)
}

// asked is the question of a bank that an item shows, and how it is arranged there.
func asked(b *quiz.Bank, item sheet.Item) (quiz.Question, quiz.Slot) {
	q := b.Questions[slices.IndexFunc(b.Questions, func(q quiz.Question) bool {
		return q.Stem == item.Stem && slices.Equal(q.Pieces, item.Pieces)
	})]
	slot := quiz.Slot{Question: q.ID}
	for _, o := range item.Options {
		slot.Tokens = append(slot.Tokens, o.Token)
		slot.Options = append(slot.Options, slices.IndexFunc(q.Options, func(of quiz.Option) bool { return of.Text == o.Text }))
	}
	for _, text := range item.Rows {
		slot.Rows = append(slot.Rows, slices.IndexFunc(q.Rows, func(r quiz.Row) bool { return r.Text == text }))
	}
	return q, slot
}
