package main

import (
	"context"
	"math"
	"slices"
	"time"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
)

// clock tells the time the demonstration's past is played at.
type clock struct {
	midnight time.Time // this morning's, in the organisation's zone
	at       time.Time
}

func newClock(zone *time.Location) *clock {
	now := time.Now().In(zone)
	return &clock{midnight: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)}
}

func (c *clock) now() time.Time { return c.at }

// goTo moves to an hour of the day so many days ago.
func (c *clock) goTo(daysAgo, hour int) {
	c.at = c.midnight.AddDate(0, 0, -daysAgo).Add(time.Duration(hour) * time.Hour)
}

// pass lets time pass.
func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

// longAgo is how many days before today the story begins.
const longAgo = 480

// actor is who does something in the story.
type actor = people.Actor

// history plays the past of the demonstration through the same use cases that
// pages call, so that what it leaves behind is what real work leaves behind.
// After the first error nothing more happens.
type history struct {
	ctx     context.Context
	academy *academy.Academy
	store   *store.Store
	library *academy.Library
	clock   *clock
	people  map[string]actor // by staff number
	err     error
}

func (h *history) do(step func() error) {
	if h.err == nil {
		h.err = step()
	}
}

// play tells the story.
func (h *history) play() {
	h.hire()
	h.hold(ouyang, qin, 430)
	h.hold(gu, yan, 375)
	h.hold(maimaiti, yan, 320)
	h.hold(du, yan, 200)
	h.hold(chen, qin, 120)
	h.renews(maimaiti)
	h.revoked(du)
	h.awaits(wu, luo, 12)
	h.awaits(heXiaoman, qin, 4)
	h.struggles(jiang)
	h.begins(bai)
	h.learns(zhang)
	h.internship("vehicle-walkaround", 150)
	h.panel("vehicle-walkaround", 20, qin, yan)
	h.practises(zhang, 7, 6, 5, 3, 2, 1)
	h.exam(qin, "预约，季度考试", "step-1-appointment", 13, []part{ouyang, chen, heXiaoman, jiang},
		map[string]int{chen.staffNo: 1, heXiaoman.staffNo: 2, jiang.staffNo: 6})
	h.exam(qin, "环车检查，季度考试", "vehicle-walkaround", -2, []part{zhang, chen, heXiaoman, jiang}, nil)
	h.meet("rp01-appointment-exhaust", 31, jiang)
	h.meet("rp07-waiting-extra-item", 25, ouyang, chen, heXiaoman, jiang, gu, maimaiti, wu)
	h.meet("rp11-complaint-cold-attitude", 18, chen, ouyang, jiang, heXiaoman, gu, feng)
}

// meet has people meet the same customer one after another, each in his manner:
// once for practice and then in earnest.
func (h *history) meet(slug string, daysAgo int, who ...part) {
	for i, p := range who {
		h.clock.goTo(daysAgo-i, 18)
		h.rehearse(p, slug, false, worstFirst(i), 100)
		h.rehearse(p, slug, true, p.learning, 100)
	}
}

// hire opens the stores and employs everybody.
func (h *history) hire() {
	h.do(func() error {
		return h.store.Write(h.ctx, func(tx *store.Tx) error {
			stores := map[string]string{}
			for _, name := range []string{south, river, district} {
				stores[name] = store.NewID()
				if err := tx.AddStore(people.Store{ID: stores[name], Name: name}); err != nil {
					return err
				}
			}
			for _, p := range everybody {
				if err := h.employ(tx, p, stores[p.store]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func (h *history) employ(tx *store.Tx, p part, storeID string) error {
	person := people.Person{
		ID: store.NewID(), Account: p.account, StaffNo: p.staffNo, Name: p.name, StoreID: storeID, Store: p.store,
		Post: p.post, Language: "zh", TimeFactor: 100, Roles: p.roles,
	}
	hash := passwordHash
	if p.account == "" {
		person.Account, hash = p.staffNo, ""
	}
	h.people[p.staffNo] = actor{
		ID: person.ID, Name: p.name, StaffNo: p.staffNo, StoreID: storeID, Store: p.store,
		Language: "zh", TimeFactor: 100, Roles: p.roles,
	}
	return tx.AddPerson(person, hash)
}

func (h *history) who(p part) actor { return h.people[p.staffNo] }

// certification is the one everybody in the story works for.
func (h *history) certification() *cert.Policy { return h.library.Certifications[0] }

// hold has somebody earn the certificate so many days ago.
func (h *history) hold(p, trainer part, daysAgo int) {
	h.theory(p, daysAgo+14)
	h.observe(trainer, p, daysAgo, "", h.practical()...)
}

// theory has somebody fulfil everything but the observations, in a fortnight.
func (h *history) theory(p part, from int) {
	for i, q := range h.certification().Initial {
		h.clock.goTo(from-i, 14)
		switch q.Kind {
		case cert.Module:
			h.read(p, q.Ref, 100)
		case cert.Quiz:
			h.take(p, q.Ref, i%2)
		case cert.Scenario:
			h.rehearse(p, q.Ref, false, p.learning, 100)
			h.rehearse(p, q.Ref, true, worstFirst(0), 100)
		}
	}
}

// practical are the observation items of the certificate.
func (h *history) practical() (items []string) {
	for _, q := range h.certification().Initial {
		if q.Kind == cert.Observation {
			items = append(items, q.Ref)
		}
	}
	return items
}

// renews has begun to renew, with one quiz of the shorter path.
func (h *history) renews(p part) {
	for _, q := range h.certification().Renewal {
		if q.Kind == cert.Quiz {
			h.clock.goTo(9, 10)
			h.take(p, q.Ref, 1)
			return
		}
	}
}

func (h *history) revoked(p part) {
	h.clock.goTo(15, 11)
	h.do(func() error {
		return h.academy.RevokeCertification(h.ctx, h.who(mei), h.who(p).ID, h.certification().Slug,
			"回访查实：三次接车没有做环车检查，确认单由他人补签。重新带教后再申请。")
	})
}

// awaits has everything but the last observations.
func (h *history) awaits(p, trainer part, daysAgo int) {
	h.theory(p, daysAgo+14)
	items := h.practical()
	h.observe(trainer, p, daysAgo-1, "", items[0])
	h.observe(trainer, p, daysAgo-2, "先坐进去才想起铺座椅套，客户看见了。先铺，再上车。", items[1])
}

// struggles failed one quiz as often as is allowed.
func (h *history) struggles(p part) {
	q := h.certification().Initial
	module, test := q[slices.IndexFunc(q, isKind(cert.Module))], q[slices.IndexFunc(q, isKind(cert.Quiz))]
	h.clock.goTo(10, 20)
	h.read(p, module.Ref, 100)
	for i := range h.library.Quizzes[test.Ref].Retake.Max {
		h.clock.goTo(8-2*i, 20)
		h.take(p, test.Ref, 5)
	}
}

func isKind(kind string) func(cert.Requirement) bool {
	return func(q cert.Requirement) bool { return q.Kind == kind }
}

// begins is in the middle of it, with a customer lost on the telephone.
func (h *history) begins(p part) {
	q := h.certification().Initial
	h.assign(luo, p, 20, 25, "certification:"+h.certification().Slug)
	h.clock.goTo(16, 12)
	h.read(p, q[0].Ref, 100)
	h.clock.goTo(15, 12)
	h.rehearse(p, q[slices.IndexFunc(q, isKind(cert.Scenario))].Ref, true, worstFirst(math.MaxInt), 100)
}

// learns is the advisor's own story: enough done to look back on, something
// overdue, something due soon, and a customer waiting in the middle of a talk.
func (h *history) learns(p part) {
	var modules, quizzes, scenarios []string
	for _, q := range h.certification().Initial {
		switch q.Kind {
		case cert.Module:
			modules = append(modules, q.Ref)
		case cert.Quiz:
			quizzes = append(quizzes, q.Ref)
		case cert.Scenario:
			scenarios = append(scenarios, q.Ref)
		}
	}
	h.assign(qin, p, 14, 26, "certification:"+h.certification().Slug)
	h.assign(qin, p, 10, -2, "module:"+modules[1])
	h.assign(qin, p, 6, 3, "quiz:"+quizzes[1], "scenario:"+scenarios[0])
	h.clock.goTo(9, 12)
	h.read(p, modules[0], 100)
	h.clock.goTo(8, 12)
	h.take(p, quizzes[0], 1)
	h.clock.goTo(5, 19)
	h.rehearse(p, scenarios[0], true, worstFirst(4), 100)
	h.clock.goTo(4, 9)
	h.remark(qin, p, scenarios[0], "这一句我也说过。下次先问她听到的是什么样的声音，再往下走；周四午休我陪你练一遍。")
	h.clock.goTo(3, 19)
	h.read(p, modules[1], 40)
	h.clock.goTo(1, 19)
	h.rehearse(p, scenarios[1], true, worstFirst(0), 30)
}
