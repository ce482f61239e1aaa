package academy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// Things that are assigned in the tests, as forms name them.
const (
	walkModule = "module:seven-steps/vehicle-walkaround"
	walkQuiz   = "quiz:vehicle-walkaround"
	callScene  = "scenario:rp01-appointment-exhaust"
	levelOne   = "certification:l1-trainee-advisor"
)

// order is an order under a key of its own, due on a day.
func order(due calendar.Day, items []string, to ...people.Actor) Order {
	o := Order{Key: store.NewID(), Items: items, Due: due}
	for _, who := range to {
		o.People = append(o.People, who.ID)
	}
	return o
}

// give carries out an order that must succeed.
func (c *campus) give(who people.Actor, o Order) Assigned {
	c.t.Helper()
	done, err := c.Assign(context.Background(), who, o)
	if err != nil {
		c.t.Fatal(err)
	}
	return done
}

// todo lists what a learner's page asks for, and how pressing it calls it.
func (c *campus) todo(who people.Actor) (list []Todo) {
	c.t.Helper()
	home, err := c.Home(context.Background(), who)
	if err != nil {
		c.t.Fatal(err)
	}
	return home.Todo
}

// wrong returns which input of the form an error is about, and its text's key.
func wrong(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return "no fault"
	}
	return f.Input + " " + f.Key
}

func TestAssignReachesTheLearner(t *testing.T) {
	c := openCampus(t)
	qin, li, wu := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor), c.add("吴小雨", people.Advisor)
	got := c.give(qin, order("2026-03-05", []string{walkQuiz, walkModule}, li, wu))
	module, _ := c.Library().itemByKey(walkModule)
	quiz, _ := c.Library().itemByKey(walkQuiz)
	want := Assigned{Items: []Item{module, quiz}, People: 2, Tasks: 4, Due: "2026-03-05"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for day, want := range map[int][2]int{0: {3, 0}, 3: {0, 0}, 4: {0, 1}} { // days later → days left, days late
		c.later(time.Duration(day) * 24 * time.Hour)
		for _, who := range []people.Actor{li, wu} {
			list := c.todo(who)
			if len(list) != 2 || list[0].By != "秦师傅" || list[0].Due != "2026-03-05" || [2]int{list[0].DaysLeft, list[0].LateDays} != want {
				t.Errorf("after %d days %s has %+v, want left and late %v", day, who.Name, list, want)
			}
		}
		c.later(-time.Duration(day) * 24 * time.Hour)
	}
	if list := c.todo(qin); len(list) != 0 {
		t.Errorf("the trainer has to do %+v", list)
	}
}

func TestAssignSkipsWhatIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		first, then calendar.Day
		held        bool
	}{
		"the same day":      {"2026-03-20", "2026-03-20", true},
		"earlier before":    {"2026-03-10", "2026-03-20", true},
		"later before":      {"2026-03-20", "2026-03-10", false},
		"no date before":    {"", "2026-03-20", false},
		"no date now":       {"2026-03-20", "", true},
		"no date both ways": {"", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			campus := openCampus(t)
			qin, li, wu := campus.add("秦师傅", people.Trainer), campus.add("李敏", people.Advisor), campus.add("吴小雨", people.Advisor)
			campus.give(qin, order(c.first, []string{walkQuiz}, li))
			got := campus.give(qin, order(c.then, []string{walkQuiz, callScene}, li, wu))
			want := Assigned{Items: got.Items, People: 2, Tasks: 4, Due: c.then}
			if c.held {
				want.Tasks, want.Held, want.HeldBy = 3, 1, []string{"李敏"}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if list := campus.todo(li); len(list) != 2 {
				t.Errorf("li sees %d tasks", len(list))
			}
		})
	}
}

func TestAssignedAgainAfterWithdrawal(t *testing.T) {
	c := openCampus(t)
	qin, li := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor)
	c.give(qin, order("", []string{walkQuiz}, li))
	if err := c.Withdraw(t.Context(), qin, li.ID, walkQuiz); err != nil {
		t.Fatal(err)
	}
	if got := c.give(qin, order("", []string{walkQuiz}, li)); got.Tasks != 1 || got.Held != 0 {
		t.Errorf("assigned again: %+v", got)
	}
}

func TestAssignToPastedNumbersAndTheWholeStore(t *testing.T) {
	c := openCampus(t)
	qin, li, wu := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor), c.add("吴小雨", people.Advisor)
	away := c.addTo(c.addStore("滨江店"), "陈立", people.Advisor)
	left := c.add("走了", people.Advisor)
	c.leave(left)

	o := order("", []string{walkQuiz})
	o.StaffNos = []string{strings.ToLower(li.StaffNo), li.StaffNo, away.StaffNo, "QB-无此人", left.StaffNo, wu.ID}
	_, err := c.Assign(t.Context(), qin, o)
	if wrong(err) != "staff_nos assign.staff_unknown" {
		t.Fatalf("unknown numbers: %v", err)
	}
	var f *fault.Error
	errors.As(err, &f)
	unknown := strings.Split(f.Args["list"].(string), "、")
	if slices.Sort(unknown); !slices.Equal(unknown, unique([]string{away.StaffNo, "QB-无此人", left.StaffNo, wu.ID})) {
		t.Errorf("named as unknown: %v", unknown) // an account is no staff number, and elsewhere is nowhere
	}
	if list := c.todo(li); len(list) != 0 {
		t.Errorf("something was assigned all the same: %+v", list)
	}

	o.StaffNos = []string{strings.ToLower(li.StaffNo), li.StaffNo}
	o.Whole, o.People = true, []string{qin.ID}
	if got := c.give(qin, o); got.People != 3 { // li once, wu with the store, the trainer herself by name
		t.Errorf("reached %d people", got.People)
	}
	if len(c.todo(away)) != 0 || len(c.todo(wu)) != 1 || len(c.todo(li)) != 1 {
		t.Error("the wrong people were reached")
	}
}

func TestAssignEverywhereForHR(t *testing.T) {
	c := openCampus(t)
	there := c.addStore("滨江店")
	hr, li, away := c.add("何人事", people.HR), c.add("李敏", people.Advisor), c.addTo(there, "陈立", people.Advisor)
	o := order("", []string{walkQuiz})
	o.Whole = true
	if _, err := c.Assign(t.Context(), hr, o); wrong(err) != "people assign.store_required" {
		t.Errorf("the whole of no store: %v", err)
	}
	o.StoreID = there.ID
	c.give(hr, o)
	if len(c.todo(li)) != 0 || len(c.todo(away)) != 1 {
		t.Error("the wrong store was reached")
	}
	mixed := order("", []string{callScene}, li)
	mixed.StaffNos = []string{away.StaffNo}
	if got := c.give(hr, mixed); got.People != 2 {
		t.Errorf("reached %d people in two stores", got.People)
	}
}

func TestAssignRefuses(t *testing.T) {
	c := openCampus(t)
	qin, li := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor)
	away := c.addTo(c.addStore("滨江店"), "陈立", people.Advisor)
	left := c.add("走了", people.Advisor)
	c.leave(left)
	many := make([]string, maxAddressed+1)
	for i := range many {
		many[i] = store.NewID()
	}
	for name, tt := range map[string]struct {
		who  people.Actor
		o    Order
		kind fault.Kind
		key  string
	}{
		"an advisor":         {li, order("", []string{walkQuiz}, li), fault.Forbidden, " error.forbidden"},
		"another store's":    {qin, order("", []string{walkQuiz}, li, away), fault.NotFound, " error.not_found"},
		"nobody there is":    {qin, Order{Items: []string{walkQuiz}, People: []string{"nobody"}}, fault.NotFound, " error.not_found"},
		"somebody who left":  {qin, order("", []string{walkQuiz}, left), fault.Invalid, "people assign.has_left"},
		"to nobody":          {qin, order("", []string{walkQuiz}), fault.Invalid, "people assign.people_required"},
		"nothing":            {qin, order("", nil, li), fault.Invalid, "items assign.items_required"},
		"what is not taught": {qin, order("", []string{walkQuiz, "quiz:gone"}, li), fault.Invalid, "items assign.item_gone"},
		"an observation":     {qin, order("", []string{"observation:O6"}, li), fault.Invalid, "items assign.item_gone"},
		"yesterday":          {qin, order("2026-03-01", []string{walkQuiz}, li), fault.Invalid, "due assign.due_past"},
		"too many numbers":   {qin, Order{Items: []string{walkQuiz}, StaffNos: many}, fault.Invalid, "staff_nos assign.people_many"},
		"too many items":     {qin, order("", slices.Repeat([]string{walkQuiz}, maxItems+1), li), fault.Invalid, "items assign.items_many"},
	} {
		tt.o.Key = store.NewID()
		_, err := c.Assign(t.Context(), tt.who, tt.o)
		if !errors.Is(err, tt.kind) || wrong(err) != tt.key {
			t.Errorf("%s: %v, want %s %q", name, err, tt.kind, tt.key)
		}
	}
	if list := c.todo(li); len(list) != 0 {
		t.Errorf("something was assigned all the same: %+v", list)
	}
	c.give(qin, order("2026-03-02", []string{walkQuiz}, li)) // today is in time
}

func TestAssignTwiceCountsOnce(t *testing.T) {
	c := openCampus(t)
	qin, ma, li := c.add("秦师傅", people.Trainer), c.add("马师傅", people.Trainer), c.add("李敏", people.Advisor)
	o := order("2026-03-20", []string{walkQuiz, levelOne}, li)
	first := c.give(qin, o)
	c.later(time.Minute)
	if again := c.give(qin, o); !cmp.Equal(first, again) {
		t.Errorf("the replay has another outcome: %s", cmp.Diff(first, again))
	}
	var sameTime sync.WaitGroup
	for range 8 {
		sameTime.Go(func() { c.give(qin, o) })
	}
	sameTime.Wait()
	c.read(func(tx *store.Tx) error {
		given, err := tx.AssignmentsOf(li.ID)
		if err != nil {
			return err
		}
		ledger, err := tx.Ledger(li.ID)
		if err != nil {
			return err
		}
		entries, _, err := tx.AuditPage(50, 0)
		if len(given) != 2 || len(ledger) != 1 || len(entries) != 1 {
			t.Errorf("%d assignments, %d ledger entries, %d audit entries", len(given), len(ledger), len(entries))
		}
		return err
	})

	roster, err := c.Roster(t.Context(), qin, RosterQuery{Done: o.Key})
	if err != nil || !cmp.Equal(roster.Done, &first) {
		t.Errorf("the page shows %+v, %v", roster.Done, err)
	}
	if _, err := c.Roster(t.Context(), ma, RosterQuery{Done: o.Key}); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody else's outcome: %v", err)
	}
	if _, err := c.Assign(t.Context(), ma, o); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody else's key: %v", err)
	}
	o.Due = "2026-03-21"
	if _, err := c.Assign(t.Context(), qin, o); wrong(err) != " assign.key_used" {
		t.Errorf("another order under the key: %v", err)
	}
}

func TestAssignIsAudited(t *testing.T) {
	c := openCampus(t)
	qin, li, wu := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor), c.add("吴小雨", people.Advisor)
	c.give(qin, order("", []string{walkQuiz}, li))
	c.give(qin, order("2026-03-20", []string{walkQuiz, callScene}, li, wu))
	c.later(time.Minute)
	if err := c.Withdraw(t.Context(), qin, wu.ID, callScene); err != nil {
		t.Fatal(err)
	}
	c.read(func(tx *store.Tx) error {
		list, _, err := tx.AuditPage(2, 0)
		var got []string
		for _, e := range list {
			got = append(got, strings.Join([]string{e.Actor, e.Action, e.Subject}, " "))
		}
		if diff := cmp.Diff([]string{"秦师傅 withdraw_assignment 吴小雨", "秦师傅 assign 李敏、吴小雨"}, got); diff != "" {
			t.Error(diff)
		}
		if detail := list[1].Detail; !strings.HasSuffix(detail, "people: 2; new: 4; held: 0; due: 2026-03-20") {
			t.Errorf("detail %q", detail)
		}
		return err
	})
}

// However many people an order reaches, it reads as often.
func TestAssignReadsTheSameNumberOfTimes(t *testing.T) {
	c := openCampus(t)
	qin := c.add("秦师傅", people.Trainer)
	statements := func(to ...people.Actor) int64 {
		before := c.store.Statements()
		c.give(qin, order("2026-03-20", []string{walkQuiz, walkModule, callScene, levelOne}, to...))
		return c.store.Statements() - before
	}
	var few, many []people.Actor
	for range 2 {
		few = append(few, c.add("李敏", people.Advisor))
	}
	for range 22 {
		many = append(many, c.add("吴小雨", people.Advisor))
	}
	c.later(time.Minute)
	// A ledger entry and three rows of standings for each of twenty more: writes.
	first, then := statements(few...), statements(many...)
	if perPerson := (then - first) / 20; then-first != 20*4 {
		t.Errorf("%d statements for 2 people, %d for 22: %d for each more, want 4", first, then, perPerson)
	}
}

func TestCertificationIsOverdueAfterItsDay(t *testing.T) {
	c := openCampus(t)
	qin, li := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor)
	c.give(qin, order("2026-03-05", []string{levelOne}, li))
	state := func() cert.State {
		t.Helper()
		list, err := c.Progress(t.Context(), qin, ProgressQuery{Text: li.StaffNo})
		if err != nil || len(list.Rows) != 1 {
			t.Fatalf("%d rows, %v", len(list.Rows), err)
		}
		return list.Rows[0].Standing.State
	}
	if got := state(); got != cert.NotStarted {
		t.Errorf("on the day it was assigned: %s", got)
	}
	c.later(3 * 24 * time.Hour)
	if got := state(); got != cert.NotStarted {
		t.Errorf("on the due day: %s", got)
	}
	c.later(24 * time.Hour)
	if got := state(); got != cert.Overdue {
		t.Errorf("the day after: %s", got)
	}
	if list := c.todo(li); len(list) != 1 || list[0].Kind != "certification" || list[0].LateDays != 1 {
		t.Errorf("the learner sees %+v", list)
	}
	if err := c.Withdraw(t.Context(), qin, li.ID, levelOne); err != nil {
		t.Fatal(err)
	}
	if got := state(); got != cert.NotStarted {
		t.Errorf("after it was withdrawn: %s", got)
	}
}

func TestWithdraw(t *testing.T) {
	c := openCampus(t)
	qin, li, ma := c.add("秦师傅", people.Trainer), c.add("李敏", people.Advisor), c.addTo(c.addStore("滨江店"), "马师傅", people.Trainer)
	c.give(qin, order("2026-03-05", []string{walkModule, walkQuiz}, li))
	c.readAll(li, "seven-steps/vehicle-walkaround")
	before := c.evidenceOf(li)

	for name, tt := range map[string]struct {
		who  people.Actor
		item string
		kind fault.Kind
	}{
		"an advisor":              {li, walkQuiz, fault.Forbidden},
		"another store's trainer": {ma, walkQuiz, fault.NotFound},
		"what is not taught":      {qin, "quiz:gone", fault.NotFound},
		"what was not assigned":   {qin, callScene, fault.Conflict},
	} {
		if err := c.Withdraw(t.Context(), tt.who, li.ID, tt.item); !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, item := range []string{walkModule, walkQuiz} {
		if err := c.Withdraw(t.Context(), qin, li.ID, item); err != nil {
			t.Fatal(err)
		}
	}
	if list := c.todo(li); len(list) != 0 {
		t.Errorf("still asked for: %+v", list)
	}
	if diff := cmp.Diff(before, c.evidenceOf(li)); diff != "" || len(before) != 1 {
		t.Errorf("%d pieces of evidence before; %s", len(before), diff)
	}
	if err := c.Withdraw(t.Context(), qin, li.ID, walkQuiz); !errors.Is(err, fault.Conflict) {
		t.Errorf("a second time: %v", err)
	}
}

func TestRoster(t *testing.T) {
	c := openCampus(t)
	there := c.addStore("滨江店")
	qin, hr := c.add("秦师傅", people.Trainer), c.add("何人事", people.HR)
	li, wu := c.add("李敏", people.Advisor), c.add("吴小雨", people.Advisor)
	away, left := c.addTo(there, "陈立", people.Advisor), c.add("走了", people.Advisor)
	c.leave(left)
	names := func(list []people.Person) string {
		var all []string
		for _, p := range list {
			all = append(all, p.Name)
		}
		slices.Sort(all)
		return strings.Join(all, " ")
	}
	for name, tt := range map[string]struct {
		who            people.Actor
		q              RosterQuery
		chosen, others string
		stores         int
	}{
		"a trainer's own store":          {qin, RosterQuery{}, "", "吴小雨 李敏", 0},
		"no other store for a trainer":   {qin, RosterQuery{StoreID: there.ID}, "", "吴小雨 李敏", 0},
		"HR sees every store":            {hr, RosterQuery{}, "", "吴小雨 李敏 陈立", 2},
		"HR chooses a store":             {hr, RosterQuery{StoreID: there.ID}, "", "陈立", 2},
		"by name, the chosen stay":       {qin, RosterQuery{Text: "敏", Chosen: []string{wu.ID}}, "吴小雨", "李敏", 0},
		"the chosen are not twice there": {qin, RosterQuery{Chosen: []string{li.ID, li.ID, left.ID}}, "李敏", "吴小雨", 0},
	} {
		r, err := c.Roster(t.Context(), tt.who, tt.q)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if names(r.Chosen) != tt.chosen || names(r.Others) != tt.others || len(r.Stores) != tt.stores || r.Key == "" || len(r.Items) == 0 {
			t.Errorf("%s: chosen %q, others %q, %d stores", name, names(r.Chosen), names(r.Others), len(r.Stores))
		}
	}
	if _, err := c.Roster(t.Context(), qin, RosterQuery{Chosen: []string{away.ID}}); !errors.Is(err, fault.NotFound) {
		t.Errorf("somebody of another store: %v", err)
	}
	if _, err := c.Roster(t.Context(), li, RosterQuery{}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an advisor: %v", err)
	}
}

// leave lets a person go.
func (c *campus) leave(who people.Actor) {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		p, err := tx.Person(who.ID)
		if err != nil {
			return err
		}
		p.LeftAt = tx.Now
		return tx.SavePerson(p)
	})
}
