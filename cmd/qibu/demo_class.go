package main

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"qibu/internal/academy"
	"qibu/internal/store"
	"qibu/quiz"
)

// interns is how many people an internship brought: enough for the figures of a
// bank to mean something.
const interns = 60

// internship had a class of interns take one quiz and leave again. Some knew more
// than others, some questions are harder, one was a matter of luck, and the last
// of them tapped without reading.
func (h *history) internship(slug string, daysAgo int) {
	var class []part
	for i := range interns {
		class = append(class, part{"", fmt.Sprintf("00209%02d", i+1), fmt.Sprintf("实习生%02d", i+1), south, "实习生", advises})
	}
	h.clock.goTo(daysAgo+30, 9)
	h.do(func() error {
		return h.store.Write(h.ctx, func(tx *store.Tx) error {
			for _, p := range class {
				if err := h.employ(tx, p, h.who(qin).StoreID); err != nil {
					return err
				}
			}
			return nil
		})
	})
	for i, p := range class {
		h.clock.goTo(daysAgo, 9)
		h.clock.pass(time.Duration(i*5) * time.Minute)
		h.sit(p, slug, rand.New(rand.NewPCG(1, uint64(i))), i == interns-1) //nolint:gosec // a story, not a secret
	}
	h.clock.goTo(daysAgo-1, 18)
	h.leave(class)
}

// sit has an intern take a quiz question by question.
func (h *history) sit(p part, slug string, chance *rand.Rand, hurries bool) {
	h.do(func() error {
		id, err := h.academy.StartAttempt(h.ctx, h.who(p), slug)
		if err != nil {
			return fmt.Errorf("%s takes %s: %w", p.name, slug, err)
		}
		var paper quiz.Paper
		err = h.store.Read(h.ctx, func(tx *store.Tx) error {
			paper, err = tx.Paper(id)
			return err
		})
		if err != nil {
			return err
		}
		bank := h.library.Quizzes[slug]
		ability := chance.NormFloat64()
		for i, slot := range paper.Slots {
			q := bank.Questions[slices.IndexFunc(bank.Questions, func(q quiz.Question) bool { return q.ID == slot.Question })]
			answer := right(q, slot)
			if !hurries && chance.Float64() > knows(ability, q) {
				answer = mistaken(q, slot, answer)
			}
			thinks := time.Duration(12+chance.IntN(40)+8*q.Difficulty) * time.Second
			if hurries {
				thinks = 2 * time.Second
			}
			h.clock.pass(thinks)
			if _, err := h.academy.SaveAnswer(h.ctx, h.who(p), id, academy.Change{Slot: i + 1, Seq: 1, Answer: answer}); err != nil {
				return err
			}
		}
		_, err = h.academy.Submit(h.ctx, h.who(p), id)
		return err
	})
}

// knows is how likely somebody is to get a question right. How hard one is beside
// what its author says, and whether it is a matter of luck, follows from its id.
func knows(ability float64, q quiz.Question) float64 {
	digest := fnv.New32a()
	_, _ = digest.Write([]byte(q.ID)) // never fails
	quirk := digest.Sum32() % 16
	if quirk == 3 {
		return 0.4
	}
	difficulty := float64(q.Difficulty) - 3.6 + float64(quirk)/8
	return 1 / (1 + math.Exp(1.4*(difficulty-ability)))
}

// leave has people leave the company.
func (h *history) leave(class []part) {
	h.do(func() error {
		var ids []string
		for _, p := range class {
			ids = append(ids, h.who(p).ID)
		}
		return h.store.Write(h.ctx, func(tx *store.Tx) error {
			list, err := tx.PersonsByID(ids)
			if err != nil {
				return err
			}
			for _, p := range list {
				p.LeftAt = tx.Now
				if err := tx.SavePerson(p); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// panel has two trainers judge the questions of a quiz once, each in his manner,
// and begin the second round.
func (h *history) panel(slug string, daysAgo int, judges ...part) {
	h.clock.goTo(daysAgo, 16)
	h.do(func() error {
		id, err := h.academy.OpenPanel(h.ctx, h.who(judges[0]), slug)
		if err != nil {
			return err
		}
		for i, judge := range judges {
			h.clock.pass(time.Hour)
			p, err := h.academy.Panel(h.ctx, h.who(judge), id)
			if err != nil {
				return err
			}
			said := map[string]int{}
			for n, q := range p.Questions {
				said[q.ID] = 60 + 5*((n*5+i*3)%7)
			}
			if err := h.academy.Judge(h.ctx, h.who(judge), id, said); err != nil {
				return err
			}
		}
		return h.academy.AdvancePanel(h.ctx, h.who(judges[0]), id, 1)
	})
}
