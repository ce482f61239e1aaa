package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// bay is a database with two stores, to put people, observations and
// certificates into.
type bay struct {
	*testing.T
	*store.Store
	south, north people.Store
}

func onBays(t *testing.T, test func(b bay)) {
	t.Helper()
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			b := bay{
				T: t, Store: open(t),
				south: people.Store{ID: store.NewID(), Name: "城南店"}, north: people.Store{ID: store.NewID(), Name: "城北店"},
			}
			b.write(func(tx *store.Tx) error { return errors.Join(tx.AddStore(b.south), tx.AddStore(b.north)) })
			test(b)
		})
	}
}

func (b bay) write(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.Write(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
}

func (b bay) read(fn func(*store.Tx) error) {
	b.Helper()
	if err := b.Read(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
}

// add makes a person; change, if given, is made to her first.
func (b bay) add(where people.Store, staffNo, name string, change func(*people.Person)) string {
	b.Helper()
	p := people.Person{
		ID: store.NewID(), Account: people.NormalizeLogin(staffNo), StaffNo: staffNo, Name: name, StoreID: where.ID, Post: "服务顾问",
		Language: "zh", TimeFactor: 100, Roles: []people.Role{people.Advisor},
	}
	if change != nil {
		change(&p)
	}
	b.write(func(tx *store.Tx) error {
		if err := tx.AddPerson(p, ""); err != nil || !p.Left() {
			return err
		}
		return tx.SavePerson(p) // people do not arrive as leavers
	})
	return p.ID
}

// stand puts a person into one state of a certification for all days there are.
func (b bay) stand(personID, certification string, s cert.State) {
	b.Helper()
	b.write(func(tx *store.Tx) error {
		return tx.SetStandings(personID, certification, []calendar.Day{"2026-01-01"}, []cert.Standing{{State: s, Until: calendar.Forever}})
	})
}

func at(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }

func TestObservations(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		zhou := b.add(b.south, "103", "周敏", nil)
		sight := func(id, person, item string, result store.ObservationResult, hour int) store.Observation {
			return store.Observation{
				ID: id, PersonID: person, ObserverID: zhou, Observer: "周敏", Item: item, Result: result, Note: "备注 " + id, ObservedAt: at(hour),
			}
		}
		first := sight("a", lin, "O1", store.ObservationPass, 9)
		second := sight("b", lin, "O1", store.ObservationNotYet, 11)
		between := sight("c", lin, "O1", store.ObservationPass, 10)
		same := sight("d", lin, "O5", store.ObservationNotYet, 9)
		sameToo := sight("e", lin, "O5", store.ObservationPass, 9) // in the same millisecond: the later id counts
		other := sight("f", he, "O1", store.ObservationPass, 12)
		for _, o := range []store.Observation{first, second, between, sameToo, same, other} {
			b.write(func(tx *store.Tx) error {
				added, err := tx.AddObservation(o)
				if !added {
					b.Errorf("%s was not added", o.ID)
				}
				return err
			})
		}
		b.write(func(tx *store.Tx) error {
			changed := first
			changed.Result, changed.Note = store.ObservationNotYet, "改过"
			if added, err := tx.AddObservation(changed); added || err != nil {
				b.Errorf("the same id again: added %v, %v", added, err)
			}
			return nil
		})
		b.read(func(tx *store.Tx) error {
			kept, err := tx.Observation("a")
			if err != nil {
				return err
			}
			if diff := cmp.Diff(first, kept); diff != "" {
				b.Errorf("stored (-want +got):\n%s", diff)
			}
			if _, err := tx.Observation("z"); !errors.Is(err, fault.NotFound) {
				b.Errorf("no such observation: %v", err)
			}
			latest, err := tx.LatestObservations(lin)
			if diff := cmp.Diff(map[string]store.Observation{"O1": second, "O5": sameToo}, latest); diff != "" {
				b.Errorf("latest (-want +got):\n%s", diff)
			}
			return err
		})
	})
}

func TestCandidatesIn(t *testing.T) {
	onBays(t, func(b bay) {
		he := b.add(b.south, "102", "何宁", nil)
		lin := b.add(b.south, "101", "林晓", nil)
		learning := b.add(b.south, "103", "周敏", func(p *people.Person) { p.Roles = []people.Role{people.Trainer} })
		b.add(b.south, "104", "吴静", func(p *people.Person) { p.Roles = []people.Role{people.HR} })
		gone := b.add(b.south, "105", "赵离", func(p *people.Person) { p.LeftAt = at(8) })
		north := b.add(b.north, "201", "孙悦", nil)
		for _, id := range []string{lin, learning, gone, north} {
			b.stand(id, "l1", cert.AwaitingPractical)
		}
		b.stand(lin, "l2", cert.InProgress)
		b.write(func(tx *store.Tx) error {
			return tx.SetStandings(he, "l1", []calendar.Day{"2026-01-01", "2026-03-02", "2026-03-03"}, []cert.Standing{
				{State: cert.InProgress, Until: "2026-03-01"}, {State: cert.AwaitingPractical, Until: "2026-03-02"}, {State: cert.Overdue, Until: calendar.Forever},
			})
		})
		b.read(func(tx *store.Tx) error {
			list, err := tx.CandidatesIn(b.south.ID, "2026-03-02")
			var got []string
			for _, c := range list {
				line := c.StaffNo + " " + c.Name + " " + c.Post
				for _, slug := range []string{"l1", "l2"} {
					if s, ok := c.Standings[slug]; ok {
						line += " " + slug + " " + string(s.State)
					}
				}
				got = append(got, line)
			}
			want := []string{
				"101 林晓 服务顾问 l1 awaiting_practical l2 in_progress",
				"102 何宁 服务顾问 l1 awaiting_practical",
				"103 周敏 服务顾问 l1 awaiting_practical", // a trainer who learns, too
			}
			if diff := cmp.Diff(want, got); diff != "" {
				b.Errorf("candidates (-want +got):\n%s", diff)
			}
			if before, _ := tx.CandidatesIn(b.south.ID, "2025-12-31"); slices.ContainsFunc(before, func(c store.Candidate) bool { return len(c.Standings) > 0 }) {
				b.Error("standings before they began")
			}
			return err
		})
	})
}
