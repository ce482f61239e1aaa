package academy

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"qibu/content"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

// campus is an academy on a real database with the shipped content, and a clock
// that a test moves.
type campus struct {
	*Academy
	t       testing.TB
	home    people.Store // the store people work in unless a test says otherwise
	mu      sync.Mutex
	instant time.Time
}

// shipped is the content library, read and proven once for all tests: it never changes.
var shipped = sync.OnceValues(func() (*Library, fault.Problems) {
	l, ps := LoadLibrary(content.FS, nil)
	if l == nil {
		return nil, ps
	}
	return l.Prove()
})

// openCampus opens an academy on a new database. It is a Monday morning.
func openCampus(t testing.TB) *campus {
	t.Helper()
	c := &campus{t: t, instant: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	s, err := store.Open(t.Context(), store.Config{Dir: storetest.Dir(t), Now: c.at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	c.moveIn(s)
	c.home = c.addStore("城南店")
	return c
}

// moveIn opens the academy on a database.
func (c *campus) moveIn(s *store.Store) {
	c.t.Helper()
	l, ps := shipped()
	if l == nil {
		c.t.Fatal(ps.Err())
	}
	var err error
	c.Academy, err = Open(c.t.Context(), Config{
		Store: s, Library: l, Now: c.at, Zone: time.FixedZone("CST", 8*3600), Issuer: "七步汽车",
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *campus) at() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.instant
}

// later moves the clock forward.
func (c *campus) later(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.instant = c.instant.Add(d)
}

func (c *campus) addStore(name string) people.Store {
	c.t.Helper()
	s := people.Store{ID: store.NewID(), Name: name}
	c.write(func(tx *store.Tx) error { return tx.AddStore(s) })
	return s
}

// add makes a person of the home store, with a staff number of her own, and
// returns her as she comes to a use case.
func (c *campus) add(name string, roles ...people.Role) people.Actor {
	c.t.Helper()
	return c.addTo(c.home, name, roles...)
}

func (c *campus) addTo(s people.Store, name string, roles ...people.Role) people.Actor {
	c.t.Helper()
	id := store.NewID()
	p := people.Person{
		ID: id, Account: id, StaffNo: "QB-" + id, Name: name, StoreID: s.ID, Store: s.Name, Post: "服务顾问",
		Language: "zh", TimeFactor: 100, Roles: roles, CreatedAt: c.at(),
	}
	c.write(func(tx *store.Tx) error { return tx.AddPerson(p, "no password") })
	return actorOf(p, "")
}

// read looks into the database.
func (c *campus) read(fn func(*store.Tx) error) {
	c.t.Helper()
	if err := c.store.Read(context.Background(), fn); err != nil {
		c.t.Fatal(err)
	}
}

// write changes the database behind the academy's back.
func (c *campus) write(fn func(*store.Tx) error) {
	c.t.Helper()
	if err := c.store.Write(context.Background(), fn); err != nil {
		c.t.Fatal(err)
	}
}
