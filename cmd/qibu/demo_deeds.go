package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// What people do in the story of the demonstration.

// read has somebody read so many percent of a module's paragraphs.
func (h *history) read(p part, ref string, percent int) {
	h.do(func() error {
		course, slug, _ := strings.Cut(ref, "/")
		m, ok := h.library.Catalogue.Module(course, slug)
		if !ok {
			return fmt.Errorf("no module %s", ref)
		}
		var ids []string
		for _, heading := range m.Body.Headings {
			if heading.Level == 2 {
				ids = append(ids, heading.ID)
			}
		}
		_, err := h.academy.MarkRead(h.ctx, h.who(p), course, slug, ids[:len(ids)*percent/100])
		return err
	})
}

// take has somebody take a quiz and get so many questions wrong, none of them
// critical.
func (h *history) take(p part, slug string, wrong int) {
	h.do(func() error {
		id, err := h.academy.StartAttempt(h.ctx, h.who(p), slug)
		if err != nil {
			return fmt.Errorf("%s takes %s: %w", p.name, slug, err)
		}
		return h.complete(p, slug, id, wrong)
	})
}

// answers fills in a paper, the first so many uncritical questions wrong.
func answers(b *quiz.Bank, paper quiz.Paper, wrong int) []academy.Change {
	var changes []academy.Change
	for i, slot := range paper.Slots {
		q := b.Questions[slices.IndexFunc(b.Questions, func(q quiz.Question) bool { return q.ID == slot.Question })]
		answer := right(q, slot)
		if wrong > 0 && !q.Critical {
			answer = mistaken(q, slot, answer)
			wrong--
		}
		changes = append(changes, academy.Change{Slot: i + 1, Seq: 1, Answer: answer})
	}
	return changes
}

// merit is how good an option is: what the experts gave it, and whether it
// crosses a red line.
type merit struct {
	points  int
	redLine bool
}

func (m merit) betterThan(other merit) bool {
	if m.redLine != other.redLine {
		return other.redLine
	}
	return m.points > other.points
}

// manner is how somebody picks what to say: the rank, among what can be said, of
// the sentence for the turn. 0 is the best, and what is beyond the worst is the worst.
type manner func(turn int) int

// worstFirst says the worst so many times and the best from then on.
func worstFirst(times int) manner {
	return func(turn int) int {
		if turn < times {
			return math.MaxInt
		}
		return 0
	}
}

// learning mostly says the right thing. Where it goes wrong differs with the person.
func (p part) learning(turn int) int {
	slips := [...]int{0, 1, 0, 0, 2, 0, 1, 0, 3}
	return slips[(turn+int(p.staffNo[len(p.staffNo)-1]))%len(slips)]
}

// rehearse has somebody play a scenario in a manner, as an exam or for practice,
// and stop after so many percent of what there is to say and to read.
func (h *history) rehearse(p part, slug string, exam bool, says manner, percent int) {
	h.do(func() error {
		id, err := h.academy.StartSession(h.ctx, h.who(p), slug, exam, true)
		if err != nil {
			return err
		}
		scenario := h.library.Scenarios[slug]
		merits := meritsOf(scenario)
		st, err := h.academy.Session(h.ctx, h.who(p), id)
		turn := 0
		for range (len(scenario.Scenes) + len(scenario.Documents)) * percent / 100 {
			if err != nil {
				return err
			}
			if st.Ended {
				return h.intend(p, id)
			}
			h.clock.pass(thinks(p, st.Step))
			var opened bool
			if st, opened, err = h.open(p, st); err == nil && !opened {
				st, err = h.say(p, st, merits, says(turn))
				turn++
			}
		}
		if err == nil && percent == 100 && !st.Ended {
			return fmt.Errorf("%s does not come to an end with %s", p.name, slug)
		}
		return err
	})
}

// intend has somebody say what to do next time, or decline to. The advisor has
// not looked at the debrief yet.
func (h *history) intend(p part, session string) error {
	if p.account == zhang.account {
		return nil
	}
	h.clock.pass(time.Minute)
	intents := [...]string{"先让他把话说完，再对着单子一项一项讲。", "", "没有把握的先不答应，请示完了给一句准话。", "先把他最着急的那件事问清楚。"}
	return h.academy.Intend(h.ctx, h.who(p), session, intents[int(p.staffNo[len(p.staffNo)-1])%len(intents)])
}

// thinks is how long somebody takes over a step: 8 to 37 seconds, no two alike in a row.
func thinks(p part, step int) time.Duration {
	return time.Duration(8+(step*13+int(p.staffNo[len(p.staffNo)-1]))%30) * time.Second
}

// open opens a document that lies on the table; ok is false when all are open.
func (h *history) open(p part, st academy.Stage) (next academy.Stage, ok bool, err error) {
	for _, d := range st.Documents {
		if !d.Opened {
			next, err = h.academy.OpenDocument(h.ctx, h.who(p), st.ID, st.Step, d.Token)
			return next, true, err
		}
	}
	return st, false, nil
}

// say says what has that rank among what can be said.
func (h *history) say(p part, st academy.Stage, merits map[string]merit, rank int) (academy.Stage, error) {
	ranked := slices.SortedFunc(slices.Values(st.Options), func(a, b stage.Option) int {
		if merits[a.Text].betterThan(merits[b.Text]) {
			return -1
		}
		if merits[b.Text].betterThan(merits[a.Text]) {
			return 1
		}
		return strings.Compare(a.Text, b.Text)
	})
	choice := ranked[min(rank, len(ranked)-1)]
	return h.academy.Choose(h.ctx, h.who(p), st.ID, st.Step, choice.Token)
}

// remark has a trainer comment on the first thing somebody said in the latest
// rehearsal that crossed a red line.
func (h *history) remark(trainer, p part, slug, text string) {
	h.do(func() error {
		list, err := h.academy.Recordings(h.ctx, h.who(trainer), academy.RecordingQuery{Scenario: slug, Text: p.staffNo})
		if err != nil {
			return err
		}
		r, err := h.academy.Recording(h.ctx, h.who(trainer), list.Rows[0].ID)
		if err != nil {
			return err
		}
		for _, turn := range r.Turns {
			if turn.RedLine != "" {
				return h.academy.CommentTurn(h.ctx, h.who(trainer), r.ID, r.Key, turn.Step, text)
			}
		}
		return fmt.Errorf("%s crossed no red line in %s", p.name, slug)
	})
}

func meritsOf(s *roleplay.Scenario) map[string]merit {
	merits := map[string]merit{}
	for _, scene := range s.Scenes {
		for _, o := range scene.Options {
			m := merit{redLine: o.RedLine != ""}
			for _, score := range o.Scores {
				m.points += score.Points
			}
			merits[o.Text] = m
		}
	}
	return merits
}

// observe has a trainer sign items as passed or, with a note of what was
// missing, as not yet.
func (h *history) observe(trainer, p part, daysAgo int, notYet string, items ...string) {
	h.clock.goTo(daysAgo, 15)
	h.do(func() error {
		list, err := h.academy.Checklist(h.ctx, h.who(trainer), h.who(p).ID)
		if err != nil {
			return err
		}
		var signed []academy.Signature
		for _, item := range items {
			s := academy.Signature{Item: item, Outcome: cert.Passed, Note: notYet}
			if notYet != "" {
				s.Outcome = cert.NotYet
			}
			signed = append(signed, s)
		}
		return h.academy.SignObservation(h.ctx, h.who(trainer), h.who(p).ID, list.Key, signed)
	})
}

// assign has a trainer assign items so many days ago, due so many days from today.
func (h *history) assign(trainer, p part, daysAgo, dueIn int, items ...string) {
	h.clock.goTo(daysAgo, 9)
	h.do(func() error {
		_, err := h.academy.Assign(h.ctx, h.who(trainer), academy.Order{
			Key: store.NewID(), Items: items, People: []string{h.who(p).ID}, Due: h.academy.Today().AddDays(daysAgo + dueIn),
		})
		return err
	})
}
