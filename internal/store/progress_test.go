package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

const today calendar.Day = "2026-03-10"

// everything is a filter for the whole list of today.
func everything(change func(*store.ProgressFilter)) store.ProgressFilter {
	f := store.ProgressFilter{
		Day: today, SoonDay: today.AddDays(7), Certification: "l1", Limit: 50,
		Things: []string{"module:c/one", "module:c/two", "quiz:walk", "scenario:call", "certification:l1"},
	}
	if change != nil {
		change(&f)
	}
	return f
}

// progressOf reads the list and the counts of a filter.
func progressOf(t testing.TB, s *store.Store, f store.ProgressFilter) (rows []store.ProgressRow, counts store.ProgressCount) {
	t.Helper()
	err := s.Read(t.Context(), func(tx *store.Tx) (err error) {
		if counts, err = tx.CountProgress(f); err != nil {
			return err
		}
		rows, err = tx.Progress(f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows, counts
}

// pass records evidence for a person.
func pass(t testing.TB, s *store.Store, person, kind, ref string, outcome cert.Outcome) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		_, err := tx.AppendLedger(person, "", cert.Event{
			Kind: cert.EventEvidence, Day: today, At: tx.Now, Requirement: kind, Ref: ref, Outcome: outcome,
		})
		return err
	})
}

// stand records where a person stands with l1 from a day on.
func stand(t testing.TB, s *store.Store, person string, from calendar.Day, state cert.State) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		return tx.SetStandings(person, "l1", []calendar.Day{from}, []cert.Standing{{State: state, Until: calendar.Forever}})
	})
}

func TestProgressFigures(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu")
		staff(t, s, "滨江店", "an")
		write(t, s, func(tx *store.Tx) error {
			return tx.AddAssignments([]assign.Assignment{
				told(1, "li", assign.Module, "c/one", "2026-03-01"), told(2, "li", assign.Module, "c/one", "2026-03-20"), // late by the earlier
				told(3, "li", assign.Module, "c/two", "2026-03-05"),  // late, passed below
				told(4, "li", assign.Quiz, "walk", "2026-03-09"),     // late by a day, failed below
				told(5, "li", assign.Scenario, "call", "2026-03-10"), // today is on time
				told(6, "li", assign.Quiz, "gone", "2026-01-01"),     // not taught any more
				told(7, "wu", assign.Module, "c/one", "2026-03-17"),  // the last day that is soon
				told(8, "wu", assign.Module, "c/two", ""),
				told(9, "an", assign.Module, "c/one", "2026-03-18"), // not soon yet
				told(10, "an", assign.Quiz, "walk", "2026-03-18"),   // accepted from elsewhere below
				told(11, "an", assign.Scenario, "call", "2026-01-01"),
			})
		})
		pass(t, s, "li", cert.Module, "c/two", cert.Passed)
		pass(t, s, "li", cert.Quiz, "walk", cert.Failed)
		pass(t, s, "wu", cert.Quiz, "c/two", cert.Passed) // another kind of thing
		pass(t, s, "an", cert.Quiz, "walk", cert.External)
		stand(t, s, "wu", today, cert.InProgress)
		write(t, s, func(tx *store.Tx) error {
			_, err := tx.WithdrawAssignments("an", assign.Scenario, "call")
			return err
		})

		rows, counts := progressOf(t, s, everything(nil))
		want := []store.ProgressRow{
			{PersonID: "li", StaffNo: "li", Name: "姓名 li", Store: "城南店", Post: "服务顾问", Open: 3, Late: 2, Done: 1, LateSince: "2026-03-01", NextDue: "2026-03-10"},
			{
				PersonID: "wu", StaffNo: "wu", Name: "姓名 wu", Store: "城南店", Post: "服务顾问", Open: 2, NextDue: "2026-03-17",
				Known: true, Standing: cert.Standing{State: cert.InProgress, Until: calendar.Forever},
			},
			{PersonID: "an", StaffNo: "an", Name: "姓名 an", Store: "滨江店", Post: "服务顾问", Open: 1, Done: 1, NextDue: "2026-03-18"},
			{PersonID: "ma", StaffNo: "ma", Name: "姓名 ma", Store: "城南店", Post: "服务顾问"},
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Error(diff)
		}
		if want := (store.ProgressCount{Everybody: 4, Late: 1, Soon: 2}); counts != want {
			t.Errorf("counted %+v, want %+v", counts, want)
		}
	})
}

func TestProgressFilter(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu", "left")
		staff(t, s, "滨江店", "an")
		write(t, s, func(tx *store.Tx) error {
			for _, p := range []people.Person{
				{ID: "boss", Account: "boss", StaffNo: "zz", Name: "店长", Roles: []people.Role{people.Trainer}}, // no advisor, nothing to do
				{ID: "busy", Account: "busy", StaffNo: "zy", Name: "师傅", Roles: []people.Role{people.Trainer}}, // no advisor, but assigned
			} {
				p.StoreID, p.Language, p.TimeFactor = "城南店", "zh", 100
				if err := tx.AddPerson(p, "no password"); err != nil {
					return err
				}
			}
			left, err := tx.Person("left")
			if err != nil {
				return err
			}
			left.LeftAt = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
			if err := tx.SavePerson(left); err != nil {
				return err
			}
			return tx.AddAssignments([]assign.Assignment{
				told(1, "li", assign.Module, "c/one", "2026-03-01"), told(2, "wu", assign.Module, "c/one", "2026-03-12"),
				told(3, "busy", assign.Module, "c/one", ""), told(4, "left", assign.Module, "c/one", "2026-03-01"),
			})
		})
		for name, c := range map[string]struct {
			filter func(*store.ProgressFilter)
			want   []string
		}{
			"everybody":      {nil, []string{"li", "wu", "an", "ma", "busy"}},
			"a store":        {func(f *store.ProgressFilter) { f.StoreID = "滨江店" }, []string{"an"}},
			"late":           {func(f *store.ProgressFilter) { f.Urgency = store.Late }, []string{"li"}},
			"soon":           {func(f *store.ProgressFilter) { f.Urgency = store.Soon }, []string{"wu"}},
			"by name":        {func(f *store.ProgressFilter) { f.Text = "姓名 W" }, []string{"wu"}},
			"by number":      {func(f *store.ProgressFilter) { f.Text = "ZY" }, []string{"busy"}},
			"nothing taught": {func(f *store.ProgressFilter) { f.Things, f.Urgency = nil, store.Late }, nil},
			"first page":     {func(f *store.ProgressFilter) { f.Limit = 2 }, []string{"li", "wu"}},
			"second page":    {func(f *store.ProgressFilter) { f.Limit, f.Offset = 2, 2 }, []string{"an", "ma"}},
		} {
			rows, _ := progressOf(t, s, everything(c.filter))
			var got []string
			for _, r := range rows {
				got = append(got, r.PersonID)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	})
}

// A certification is done exactly while its holder is compliant.
func TestProgressKnowsWhoIsCompliant(t *testing.T) {
	states := []cert.State{
		cert.Exempt, cert.NotStarted, cert.InProgress, cert.Overdue, cert.AwaitingPractical, cert.Certified,
		cert.RenewalOpen, cert.Grace, cert.Expired, cert.Suspended, cert.Revoked, cert.Temporary,
	}
	onSchema(t, func(t *testing.T, s *store.Store) {
		var ids []string
		for _, state := range states {
			ids = append(ids, string(state))
		}
		staff(t, s, "城南店", append(ids, "ma")...)
		for i, state := range states {
			write(t, s, func(tx *store.Tx) error {
				return tx.AddAssignments([]assign.Assignment{told(i, string(state), assign.Certification, "l1", "2026-03-01")})
			})
			stand(t, s, string(state), "2026-01-01", state)
		}
		rows, _ := progressOf(t, s, everything(nil))
		seen := 0
		for _, r := range rows {
			if r.PersonID == "ma" {
				continue
			}
			seen++
			if done := (cert.Standing{State: cert.State(r.PersonID)}).Compliant(); done != (r.Done == 1) || done == (r.Late == 1) {
				t.Errorf("%s: done %d, late %d", r.PersonID, r.Done, r.Late)
			}
		}
		if seen != len(states) {
			t.Errorf("saw %d of %d states", seen, len(states))
		}
	})
}

func TestProgressTakesTheSameNumberOfStatements(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		statements := func() int64 {
			before := s.Statements()
			progressOf(t, s, everything(nil))
			return s.Statements() - before
		}
		staff(t, s, "城南店", "ma")
		few := statements()
		var more []string
		for n := range 50 {
			more = append(more, fmt.Sprintf("p%02d", n))
		}
		staff(t, s, "滨江店", more...)
		if many := statements(); few != 2 || many != 2 {
			t.Errorf("%d statements for one person, %d for fifty", few, many)
		}
	})
}

// ended records an attempt that ended without a point.
func ended(t testing.TB, s *store.Store, person, slug string, number int, at time.Time) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		a := quiz.Attempt{
			ID: fmt.Sprint(person, slug, number), Person: person, Quiz: slug, Hash: "h", Number: number,
			State: quiz.InProgress, StartedAt: at.Add(-time.Hour), Deadline: at,
		}
		if err := tx.AddAttempt(a); err != nil {
			return err
		}
		a.State, a.EndedAt, a.Result = quiz.Submitted, at, &sheet.Result{}
		return tx.EndAttempt(a)
	})
}

func TestProgressKnowsTheLastActivity(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "li", "wu", "an", "zo")
		morning := time.Date(2020, 3, 9, 1, 0, 0, 0, time.UTC) // long before the reading below
		ended(t, s, "li", "walk", 1, morning)
		ended(t, s, "wu", "walk", 1, morning)
		var now time.Time
		write(t, s, func(tx *store.Tx) error {
			now = tx.Now
			_, err := tx.MarkRead("wu", "c/one", "e", []string{"a"})
			return err
		})
		write(t, s, func(tx *store.Tx) error {
			_, err := tx.AddSession(store.Session{ID: "s", PersonID: "an", Scenario: "call", TimeFactor: 100, StartedAt: morning.Add(time.Minute)})
			return err
		})
		rows, _ := progressOf(t, s, everything(nil))
		got := map[string]time.Time{}
		for _, r := range rows {
			got[r.PersonID] = r.ActiveAt
		}
		want := map[string]time.Time{"li": morning, "wu": now, "an": morning.Add(time.Minute), "zo": {}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRetakesOf(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li")
		first := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		ended(t, s, "li", "walk", 1, first)
		ended(t, s, "li", "walk", 2, first.Add(24*time.Hour))
		ended(t, s, "ma", "walk", 1, first)
		var unlocked time.Time
		write(t, s, func(tx *store.Tx) error {
			unlocked = tx.Now
			if err := tx.AddAttempt(quiz.Attempt{ID: "open", Person: "li", Quiz: "walk", Number: 3, State: quiz.InProgress}); err != nil {
				return err
			}
			return tx.AddUnlock(store.Unlock{PersonID: "li", Quiz: "phone", Reason: "再试一次", GrantedBy: "ma"})
		})
		write(t, s, func(tx *store.Tx) error {
			got, err := tx.RetakesOf("li")
			want := map[string]store.Retakes{
				"walk":  {Ended: []time.Time{first.Add(24 * time.Hour), first}},
				"phone": {Unlocked: []time.Time{unlocked}},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestPeopleInLists(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu")
		write(t, s, func(tx *store.Tx) error {
			wu, err := tx.Person("wu")
			if err != nil {
				return err
			}
			wu.LeftAt = tx.Now
			return tx.SavePerson(wu)
		})
		pass(t, s, "li", cert.Module, "c/one", cert.Passed)
		pass(t, s, "li", cert.Module, "c/two", cert.Passed)
		pass(t, s, "ma", cert.Module, "c/one", cert.Passed)
		write(t, s, func(tx *store.Tx) error {
			byID, err := tx.PersonsByID([]string{"wu", "li", "nobody"})
			if err != nil {
				return err
			}
			byLogin, err := tx.PersonsByLogin([]string{"wu", "login-li", "li", "ma", "nobody"})
			if err != nil {
				return err
			}
			if diff := cmp.Diff([][]string{{"li", "wu"}, {"li", "ma"}}, [][]string{idsOf(byID), idsOf(byLogin)}); diff != "" {
				t.Error(diff)
			}
			ledgers, err := tx.LedgersOf([]string{"li", "wu"})
			if err != nil {
				return err
			}
			li, err := tx.Ledger("li")
			if diff := cmp.Diff(map[string][]store.LedgerEntry{"li": li}, ledgers); diff != "" || len(li) != 2 {
				t.Errorf("%d entries; %s", len(li), diff)
			}
			return err
		})
	})
}

func idsOf(list []people.Person) (ids []string) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}
