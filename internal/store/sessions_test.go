package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/roleplay"
)

// rehearsals is a database with two people, and sessions to put into it.
type rehearsals struct {
	*testing.T
	*store.Store
	lin, zhou string // the people's ids
}

func onRehearsals(t *testing.T, test func(r rehearsals)) {
	t.Helper()
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			r := rehearsals{T: t, Store: open(t), lin: store.NewID(), zhou: store.NewID()}
			r.write(func(tx *store.Tx) error {
				home := people.Store{ID: store.NewID(), Name: "城南店"}
				if err := tx.AddStore(home); err != nil {
					return err
				}
				for _, id := range []string{r.lin, r.zhou} {
					if err := tx.AddPerson(people.Person{
						ID: id, Account: id, StaffNo: "QB" + id, Name: "林晓", StoreID: home.ID, Language: "zh", TimeFactor: 100,
					}, ""); err != nil {
						return err
					}
				}
				return nil
			})
			test(r)
		})
	}
}

func (r rehearsals) write(fn func(*store.Tx) error) {
	r.Helper()
	if err := r.Write(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

func (r rehearsals) read(fn func(*store.Tx) error) {
	r.Helper()
	if err := r.Read(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

// begin opens a session n hours after a fixed moment.
func (r rehearsals) begin(personID, scenario string, n int) store.Session {
	r.Helper()
	s := store.Session{
		ID: store.NewID(), PersonID: personID, Scenario: scenario, Edition: "e1", Engine: 1, Seed: [32]byte{1, 31: 255},
		StartedAt: time.Date(2026, 3, 2, 9+n, 0, 0, 0, time.UTC),
	}
	r.write(func(tx *store.Tx) error {
		added, err := tx.AddSession(s)
		if err == nil && !added {
			err = errors.New("not added")
		}
		return err
	})
	return s
}

func (r rehearsals) end(s store.Session, percent int, passed, redLine bool) store.Session {
	r.Helper()
	s.Outcome = store.Outcome{
		EndedAt: s.StartedAt.Add(time.Hour / 2), Ending: "如约", Percent: percent, Passed: passed, RedLine: redLine,
	}
	r.write(func(tx *store.Tx) error {
		ended, err := tx.EndSession(s.ID, s.Outcome)
		if err == nil && !ended {
			err = errors.New("not ended")
		}
		return err
	})
	return s
}

func TestSessionComesBackAsStored(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		ended := r.end(r.begin(r.lin, "rp01", 0), 86, true, false)
		r.read(func(tx *store.Tx) error {
			got, err := tx.Session(ended.ID, r.lin)
			if diff := cmp.Diff(ended, got); diff != "" {
				r.Errorf("ended session (-want +got):\n%s", diff)
			}
			return err
		})
		open := r.begin(r.lin, "rp01", 1)
		r.read(func(tx *store.Tx) error {
			got, err := tx.Session(open.ID, r.lin)
			if diff := cmp.Diff(open, got); diff != "" || got.Ended() {
				r.Errorf("open session (-want +got):\n%s", diff)
			}
			if _, err := tx.Session(open.ID, r.zhou); !errors.Is(err, fault.NotFound) {
				r.Errorf("somebody else's session: %v, want NotFound", err)
			}
			return err
		})
	})
}

func TestOneOpenSession(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		first := r.begin(r.lin, "rp01", 0)
		second := first
		second.ID = store.NewID()
		try := func() (added bool) {
			r.write(func(tx *store.Tx) (err error) {
				added, err = tx.AddSession(second)
				return err
			})
			return added
		}
		if try() {
			r.Error("a second session opened beside the first")
		}
		r.begin(r.zhou, "rp01", 0)
		r.begin(r.lin, "rp03", 0)
		r.end(first, 40, false, false)
		if !try() {
			r.Error("after the end no new session can be opened")
		}
	})
}

func TestSessionsAt(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		oldest := r.end(r.begin(r.lin, "rp01", 0), 40, false, true)
		middle := r.end(r.begin(r.lin, "rp01", 1), 86, true, false)
		open := r.begin(r.lin, "rp01", 0) // the clock went back
		r.begin(r.lin, "rp03", 5)
		r.begin(r.zhou, "rp01", 5)
		for limit, want := range map[int][]store.Session{1: {open}, 10: {open, middle, oldest}} {
			r.read(func(tx *store.Tx) error {
				got, err := tx.SessionsAt(r.lin, "rp01", limit)
				if diff := cmp.Diff(want, got); diff != "" {
					r.Errorf("%d sessions (-want +got):\n%s", limit, diff)
				}
				return err
			})
		}
	})
}

func TestAppendEvent(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		s := r.begin(r.lin, "rp01", 0)
		log := []roleplay.Event{
			{Step: 0, Kind: roleplay.Choose, Ref: "铃响#2", At: 1772442000123},
			{Step: 1, Kind: roleplay.Open, Ref: "客户档案", At: 1772442001456},
		}
		add := func(e roleplay.Event) (added bool) {
			r.write(func(tx *store.Tx) (err error) {
				added, err = tx.AppendEvent(s.ID, e)
				return err
			})
			return added
		}
		for _, c := range []struct {
			name string
			e    roleplay.Event
			want bool
		}{
			{"past the end", log[1], false},
			{"first", log[0], true},
			{"the same step again", log[0], false},
			{"next", log[1], true},
			{"leaving one out", roleplay.Event{Step: 3, Kind: roleplay.Choose, Ref: "噪音#2"}, false},
		} {
			if got := add(c.e); got != c.want {
				r.Errorf("%s: added %v, want %v", c.name, got, c.want)
			}
		}
		r.end(s, 50, false, false)
		if add(roleplay.Event{Step: 2, Kind: roleplay.Choose, Ref: "噪音#2"}) {
			r.Error("an event was added after the end")
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.SessionEvents(s.ID)
			if diff := cmp.Diff(log, got); diff != "" {
				r.Errorf("log (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

func TestManyEventsForOneStep(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		s := r.begin(r.lin, "rp01", 0)
		var added atomic.Int64
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				var ok bool
				err := r.Write(context.Background(), func(tx *store.Tx) (err error) {
					ok, err = tx.AppendEvent(s.ID, roleplay.Event{Kind: roleplay.Choose, Ref: fmt.Sprint("铃响#", i)})
					return err
				})
				if err != nil {
					r.Error(err)
				}
				if ok {
					added.Add(1)
				}
			})
		}
		wg.Wait()
		if added.Load() != 1 {
			r.Errorf("%d were told that theirs was added, want 1", added.Load())
		}
	})
}

func TestEndSessionOnce(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		s := r.end(r.begin(r.lin, "rp01", 0), 86, true, false)
		r.write(func(tx *store.Tx) error {
			ended, err := tx.EndSession(s.ID, store.Outcome{EndedAt: s.EndedAt.Add(time.Hour), Ending: "挂断", Percent: 3})
			if ended {
				r.Error("the session ended twice")
			}
			return err
		})
		r.read(func(tx *store.Tx) error {
			got, err := tx.Session(s.ID, r.lin)
			if diff := cmp.Diff(s, got); diff != "" {
				r.Errorf("the first end was changed:\n%s", diff)
			}
			return err
		})
	})
}

func TestBestSessions(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		best := func(personID string) (m map[string]store.ScenarioStanding) {
			r.Helper()
			r.read(func(tx *store.Tx) (err error) {
				m, err = tx.BestSessions(personID)
				return err
			})
			return m
		}
		if got := best(r.lin); len(got) != 0 {
			r.Errorf("before the first: %v", got)
		}
		r.end(r.begin(r.lin, "rp01", 0), 40, false, false)
		r.end(r.begin(r.lin, "rp01", 1), 86, true, false)
		r.end(r.begin(r.lin, "rp01", 2), 70, true, false)
		r.end(r.begin(r.lin, "rp03", 0), 90, true, true) // its own rule forgot the red line
		again := r.begin(r.lin, "rp03", 1)
		fresh := r.begin(r.lin, "rp11", 0)
		r.end(r.begin(r.zhou, "rp11", 0), 100, true, false)
		want := map[string]store.ScenarioStanding{
			"rp01": {Best: 86, Passed: true, Plays: 3},
			"rp03": {Best: 90, Plays: 1, Open: again.ID},
			"rp11": {Open: fresh.ID},
		}
		if diff := cmp.Diff(want, best(r.lin)); diff != "" {
			r.Errorf("standings (-want +got):\n%s", diff)
		}
	})
}
