package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// begin opens an exam n hours after a fixed moment.
func (r rehearsals) begin(personID, scenario string, n int) store.Session {
	r.Helper()
	return r.add(sessionAt(personID, scenario, n, true))
}

// practise opens practice n hours after a fixed moment.
func (r rehearsals) practise(personID, scenario string, n int) store.Session {
	r.Helper()
	return r.add(sessionAt(personID, scenario, n, false))
}

func sessionAt(personID, scenario string, n int, exam bool) store.Session {
	return store.Session{
		ID: store.NewID(), PersonID: personID, Scenario: scenario, Edition: "e1", Engine: 1, Seed: [32]byte{1, 31: 255},
		Exam: exam, TimeFactor: 100, StartedAt: time.Date(2026, 3, 2, 9+n, 0, 0, 0, time.UTC),
	}
}

func (r rehearsals) add(s store.Session) store.Session {
	r.Helper()
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
	return r.close(s, store.Outcome{
		EndedAt: s.StartedAt.Add(time.Hour / 2), Ending: "如约", Percent: percent, Passed: passed, RedLine: redLine,
	})
}

func (r rehearsals) breakOff(s store.Session) {
	r.Helper()
	r.close(s, store.Outcome{EndedAt: s.StartedAt.Add(time.Minute)})
}

func (r rehearsals) close(s store.Session, o store.Outcome) store.Session {
	r.Helper()
	s.Outcome = o
	r.write(func(tx *store.Tx) error {
		ended, err := tx.EndSession(s.ID, s.Outcome)
		if err == nil && !ended {
			err = errors.New("not ended")
		}
		return err
	})
	return s
}

// session reads one of Lin's sessions.
func (r rehearsals) session(id string) (s store.Session) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		s, _, err = tx.Session(id, r.lin)
		return err
	})
	return s
}

func TestSessionComesBackAsStored(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		ended := r.end(r.begin(r.lin, "rp01", 0), 86, true, false)
		if diff := cmp.Diff(ended, r.session(ended.ID)); diff != "" {
			r.Errorf("ended session (-want +got):\n%s", diff)
		}
		open := r.begin(r.lin, "rp01", 1)
		got := r.session(open.ID)
		if diff := cmp.Diff(open, got); diff != "" || got.Ended() {
			r.Errorf("open session (-want +got):\n%s", diff)
		}
		fork := r.add(store.Session{
			ID: store.NewID(), PersonID: r.lin, Scenario: "rp01", Edition: "e1", Engine: 1, Seed: ended.Seed,
			TimeFactor: 150, ForkedFrom: ended.ID, ForkStep: 3, StartedAt: open.StartedAt,
		})
		if diff := cmp.Diff(fork, r.session(fork.ID)); diff != "" {
			r.Errorf("a fork (-want +got):\n%s", diff)
		}
		r.read(func(tx *store.Tx) error {
			for _, who := range [][2]string{{open.ID, r.zhou}, {"no-such-session", r.lin}} {
				if _, _, err := tx.Session(who[0], who[1]); !errors.Is(err, fault.NotFound) {
					r.Errorf("somebody else's session, or none: %v, want NotFound", err)
				}
			}
			return nil
		})
	})
}

func TestOneOpenSessionInEachMode(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		first := r.begin(r.lin, "rp01", 0)
		second := first
		second.ID = store.NewID()
		try := func(s store.Session) (added bool) {
			r.write(func(tx *store.Tx) (err error) {
				added, err = tx.AddSession(s)
				return err
			})
			return added
		}
		if try(second) {
			r.Error("a second session opened beside the first")
		}
		practice, again := first, first
		practice.ID, practice.Exam, again.ID, again.Exam = store.NewID(), false, store.NewID(), false
		if !try(practice) {
			r.Error("no practice can be opened beside an exam")
		}
		if try(again) {
			r.Error("a second practice opened beside the first")
		}
		r.begin(r.zhou, "rp01", 0)
		r.begin(r.lin, "rp03", 0)
		r.end(first, 40, false, false)
		if !try(second) {
			r.Error("after the end no new session can be opened")
		}
	})
}

func TestLatestSession(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		latest := func(exam bool) (s store.Session, err error) {
			r.read(func(tx *store.Tx) error {
				s, err = tx.LatestSession(r.lin, "rp01", exam)
				return nil
			})
			return s, err
		}
		r.end(r.begin(r.lin, "rp01", 0), 40, false, true)
		middle := r.end(r.begin(r.lin, "rp01", 1), 86, true, false)
		if got, err := latest(true); err != nil || got.ID != middle.ID {
			r.Errorf("latest ended %s, %v, want %s", got.ID, err, middle.ID)
		}
		open := r.begin(r.lin, "rp01", 0) // the clock went back
		r.begin(r.lin, "rp03", 5)
		r.begin(r.zhou, "rp01", 5)
		if got, err := latest(true); err != nil || got.ID != open.ID {
			r.Errorf("latest %s, %v, want the open one %s", got.ID, err, open.ID)
		}
		if _, err := latest(false); !errors.Is(err, fault.NotFound) {
			r.Errorf("practice never begun: %v, want NotFound", err)
		}
	})
}

func TestRuns(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		oldest := r.end(r.begin(r.lin, "rp01", 0), 40, false, true)
		practice := r.end(r.practise(r.lin, "rp01", 1), 100, true, false)
		latest := r.end(r.begin(r.lin, "rp01", 2), 86, true, false)
		r.breakOff(r.practise(r.lin, "rp01", 3))
		r.begin(r.lin, "rp01", 4)
		r.end(r.begin(r.lin, "rp03", 5), 60, true, false)
		r.end(r.begin(r.zhou, "rp01", 5), 60, true, false)
		for limit, want := range map[int][]store.Session{1: {latest}, 10: {latest, practice, oldest}} {
			r.read(func(tx *store.Tx) error {
				got, err := tx.Runs(r.lin, "rp01", limit)
				if diff := cmp.Diff(want, got); diff != "" {
					r.Errorf("%d runs (-want +got):\n%s", limit, diff)
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
			_, got, err := tx.Session(s.ID, r.lin)
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
		if diff := cmp.Diff(s, r.session(s.ID)); diff != "" {
			r.Errorf("the first end was changed:\n%s", diff)
		}
	})
}

func TestIntentIsSaidOnce(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		set := func(id, personID, intent string) (set bool) {
			r.write(func(tx *store.Tx) (err error) {
				set, err = tx.SetIntent(id, personID, intent)
				return err
			})
			return set
		}
		open := r.begin(r.lin, "rp01", 0)
		if set(open.ID, r.lin, "先问声音") {
			r.Error("an intent was kept before the end")
		}
		ended, declined := r.end(open, 40, false, false), r.end(r.begin(r.lin, "rp03", 0), 40, false, false)
		if set(ended.ID, r.zhou, "先问声音") {
			r.Error("somebody else spoke for Lin")
		}
		if !set(ended.ID, r.lin, "先问声音") || !set(declined.ID, r.lin, "") {
			r.Error("an intent was not kept after the end")
		}
		if set(ended.ID, r.lin, "另一句") || set(declined.ID, r.lin, "另一句") {
			r.Error("an intent was changed")
		}
		for id, want := range map[string]string{ended.ID: "先问声音", declined.ID: ""} {
			if got := r.session(id); got.Intent != want || got.UnsealedAt.IsZero() {
				r.Errorf("intent %q at %v, want %q at some time", got.Intent, got.UnsealedAt, want)
			}
		}
	})
}

func TestCohort(t *testing.T) {
	onRehearsals(t, func(r rehearsals) {
		var south, north string
		r.write(func(tx *store.Tx) error {
			for _, id := range []*string{&south, &north} {
				*id = store.NewID()
				if err := tx.AddStore(people.Store{ID: *id, Name: *id}); err != nil {
					return err
				}
			}
			return nil
		})
		hire := func(home string) string {
			id := store.NewID()
			r.write(func(tx *store.Tx) error {
				return tx.AddPerson(people.Person{
					ID: id, Account: id, StaffNo: "QB" + id, Name: "何宁", StoreID: home, Language: "zh", TimeFactor: 100,
				}, "")
			})
			return id
		}
		score := func(s store.Session, d2, d5 int) {
			s = r.end(s, (d2+d5)/2, false, false)
			r.write(func(tx *store.Tx) error {
				return tx.AddScores(s.ID, []store.Score{{"D2", d2 / 10, d2}, {"D5", d5 / 10, d5}})
			})
		}
		means := func(fewest int) (m map[string]int) {
			r.read(func(tx *store.Tx) (err error) {
				m, err = tx.Cohort(south, "rp01", "e1", fewest)
				return err
			})
			return m
		}
		for i, percent := range []int{40, 50, 75} {
			who := hire(south)
			score(r.begin(who, "rp01", 0), 0, 0) // an earlier try does not count
			score(r.begin(who, "rp01", 1+i), percent, 100)
		}
		at := sessionAt(hire(south), "rp01", 1, true)
		at.Edition = "e2"
		score(r.add(at), 0, 0)
		score(r.practise(hire(south), "rp01", 1), 0, 0)
		score(r.begin(hire(south), "rp03", 1), 0, 0)
		score(r.begin(hire(north), "rp01", 1), 0, 0)
		r.begin(hire(south), "rp01", 1) // under way
		if diff := cmp.Diff(map[string]int{"D2": 55, "D5": 100}, means(3)); diff != "" {
			r.Errorf("means of three (-want +got):\n%s", diff)
		}
		if got := means(4); len(got) > 0 {
			r.Errorf("means of fewer than four: %v", got)
		}
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
		r.end(r.practise(r.lin, "rp01", 3), 100, true, false)
		r.breakOff(r.practise(r.lin, "rp01", 4))
		r.end(r.begin(r.lin, "rp03", 0), 90, true, true) // its own rule forgot the red line
		again := r.begin(r.lin, "rp03", 1)
		fresh := r.practise(r.lin, "rp11", 0)
		r.end(r.begin(r.zhou, "rp11", 0), 100, true, false)
		want := map[string]store.ScenarioStanding{
			"rp01": {Best: 86, Passed: true, Plays: 3, Practised: 1},
			"rp03": {Best: 90, Plays: 1, Open: again.ID},
			"rp11": {Practice: fresh.ID},
		}
		if diff := cmp.Diff(want, best(r.lin)); diff != "" {
			r.Errorf("standings (-want +got):\n%s", diff)
		}
	})
}

// Sessions from before there was practice count as exams whose debriefs lie open.
func TestSessionsOfTheFirstSchemaAreExams(t *testing.T) {
	const began, over = 1772442000000, 1772442600000
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			before, err := store.OpenWith(t.Context(), cfg, migrationsUpTo(t, "0002"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, before, func(tx *store.Tx) error {
				home := people.Store{ID: store.NewID(), Name: "城南店"}
				if err := tx.AddStore(home); err != nil {
					return err
				}
				lin := people.Person{ID: "lin", Account: "lin", StaffNo: "QB1", Name: "林晓", StoreID: home.ID, Language: "zh", TimeFactor: 150}
				if err := tx.AddPerson(lin, ""); err != nil {
					return err
				}
				const add = `INSERT INTO sessions (id, person_id, scenario, edition, engine, seed, state, started_at, ended_at, ending, percent, passed, red_line)
					VALUES ($1, 'lin', 'rp01', 'e1', 1, $2, $3, $4, $5, $6, $7, $8, FALSE)`
				seed := strings.Repeat("ab", 32)
				if _, err := tx.Exec(add, "over", seed, "ended", began, over, "如约", 86, true); err != nil {
					return err
				}
				if _, err := tx.Exec(add, "open", seed, "open", began, nil, "", 0, false); err != nil {
					return err
				}
				_, err := tx.AppendEvent("open", roleplay.Event{Kind: roleplay.Choose, Ref: "铃响#2", At: began})
				return err
			})
			if err := before.Close(); err != nil {
				t.Fatal(err)
			}
			s, err := store.Open(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			write(t, s, func(tx *store.Tx) error {
				ended, _, err := tx.Session("over", "lin")
				if err != nil {
					return err
				}
				if !ended.Exam || ended.TimeFactor != 100 || ended.UnsealedAt.UnixMilli() != over || ended.Percent != 86 {
					t.Errorf("the ended session became %+v", ended)
				}
				open, log, err := tx.Session("open", "lin")
				if err != nil {
					return err
				}
				if !open.Exam || open.Ended() || !open.UnsealedAt.IsZero() || len(log) != 1 {
					t.Errorf("the open session became %+v with %d events", open, len(log))
				}
				added, err := tx.AppendEvent("open", roleplay.Event{Step: 1, Kind: roleplay.Open, Ref: "客户档案", At: began})
				if !added {
					t.Error("the open session does not go on")
				}
				return err
			})
		})
	}
}
