package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// onSchema runs a test on a database of each engine with the shipped schema.
func onSchema(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// staff makes a store with an advisor for each name; ids and staff numbers are the names.
func staff(t testing.TB, s *store.Store, storeName string, names ...string) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		if err := tx.AddStore(people.Store{ID: storeName, Name: storeName}); err != nil {
			return err
		}
		for _, name := range names {
			if err := tx.AddPerson(people.Person{
				ID: name, Account: "login-" + name, StaffNo: name, Name: "姓名 " + name, StoreID: storeName, Post: "服务顾问",
				Language: "zh", TimeFactor: 100, Roles: []people.Role{people.Advisor},
			}, "no password"); err != nil {
				return err
			}
		}
		return nil
	})
}

// told is an assignment of a thing to a person by ma, n minutes after midnight.
func told(n int, person, kind, ref string, due calendar.Day) assign.Assignment {
	return assign.Assignment{
		ID: fmt.Sprintf("a%04d", n), Person: person, Kind: kind, Ref: ref, Due: due, Source: assign.Manual,
		ByID: "ma", By: "姓名 ma", At: time.Date(2026, 3, 2, 0, n, 0, 0, time.UTC),
	}
}

func TestAssignmentsStand(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu")
		var list []assign.Assignment
		for n := range 230 { // more than one statement takes
			list = append(list, told(n, "li", assign.Module, fmt.Sprint("course/module-", n), ""))
		}
		list = append(list, told(231, "li", assign.Quiz, "walk", "2026-03-20"), told(232, "li", assign.Quiz, "walk", "2026-03-10"),
			told(233, "wu", assign.Quiz, "walk", "2026-03-20"))
		write(t, s, func(tx *store.Tx) error { return tx.AddAssignments(list) })
		write(t, s, func(tx *store.Tx) error { return tx.AddAssignments(nil) })
		write(t, s, func(tx *store.Tx) error {
			got, err := tx.AssignmentsOf("li")
			if diff := cmp.Diff(list[:232], got); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestWithdrawalKeepsTheRow(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu")
		write(t, s, func(tx *store.Tx) error {
			return tx.AddAssignments([]assign.Assignment{
				told(1, "li", assign.Quiz, "walk", "2026-03-20"), told(2, "li", assign.Quiz, "walk", ""),
				told(3, "li", assign.Scenario, "walk", ""), told(4, "wu", assign.Quiz, "walk", ""),
			})
		})
		withdraw := func() (n int) {
			t.Helper()
			write(t, s, func(tx *store.Tx) (err error) {
				n, err = tx.WithdrawAssignments("li", assign.Quiz, "walk")
				return err
			})
			return n
		}
		if first, again := withdraw(), withdraw(); first != 2 || again != 0 {
			t.Errorf("withdrew %d and then %d, want 2 and 0", first, again)
		}
		write(t, s, func(tx *store.Tx) error {
			var kept int
			if err := tx.Row(`SELECT COUNT(*) FROM assignments WHERE withdrawn_at = $1 OR withdrawn_at > 0`, 0).Scan(&kept); err != nil {
				return err
			}
			mine, err := tx.AssignmentsOf("li")
			hers, errHers := tx.AssignmentsOf("wu")
			if kept != 2 || len(mine) != 1 || mine[0].Kind != assign.Scenario || len(hers) != 1 {
				t.Errorf("%d withdrawn rows kept, li has %v, wu has %v", kept, mine, hers)
			}
			return errors.Join(err, errHers)
		})
	})
}

func TestHeldTasks(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li", "wu")
		write(t, s, func(tx *store.Tx) error {
			return tx.AddAssignments([]assign.Assignment{
				told(1, "li", assign.Quiz, "walk", "2026-03-20"), told(2, "li", assign.Quiz, "walk", "2026-03-10"), told(3, "li", assign.Quiz, "walk", ""),
				told(4, "li", assign.Module, "walk", ""), told(5, "li", assign.Scenario, "other", "2026-03-01"),
				told(6, "wu", assign.Quiz, "walk", ""), told(7, "ma", assign.Quiz, "walk", ""),
			})
		})
		write(t, s, func(tx *store.Tx) error {
			_, err := tx.WithdrawAssignments("wu", assign.Quiz, "walk")
			return err
		})
		held := func(persons, things []string) map[string]calendar.Day {
			t.Helper()
			got := map[string]calendar.Day{}
			write(t, s, func(tx *store.Tx) error {
				list, err := tx.HeldTasks(persons, things)
				for _, h := range list {
					got[h.PersonID+" "+h.Kind+" "+h.Ref] = h.Due
				}
				return err
			})
			return got
		}
		want := map[string]calendar.Day{"li quiz walk": "2026-03-10", "li module walk": ""}
		if diff := cmp.Diff(want, held([]string{"li", "wu"}, []string{"quiz:walk", "module:walk"})); diff != "" {
			t.Error(diff)
		}
		if got := held(nil, []string{"quiz:walk"}); len(got) > 0 {
			t.Errorf("nobody has to do %v", got)
		}
	})
}

func TestRequestIsCarriedOutOnce(t *testing.T) {
	onSchema(t, func(t *testing.T, s *store.Store) {
		staff(t, s, "城南店", "ma", "li")
		first := store.Request{Key: "k", PersonID: "ma", Action: "assign", Digest: "d", Outcome: "{}"}
		err := s.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Request("k")
			return err
		})
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("before: %v", err)
		}
		write(t, s, func(tx *store.Tx) error {
			first.At = tx.Now
			return tx.AddRequest(first)
		})
		err = s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.AddRequest(store.Request{Key: "k", PersonID: "li", Action: "assign", Digest: "e", Outcome: "[]"})
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("the same key again: %v", err)
		}
		write(t, s, func(tx *store.Tx) error {
			got, err := tx.Request("k")
			if diff := cmp.Diff(first, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}
