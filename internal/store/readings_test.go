package store_test

import (
	"testing"

	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

func TestGlanceIsOneSelect(t *testing.T) {
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			err := s.Glance(t.Context(), func(tx *store.Tx) error {
				_, err := tx.ReadIn("nobody", "module")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			err = s.Glance(t.Context(), func(tx *store.Tx) error {
				if _, err := tx.ReadIn("nobody", "module"); err != nil {
					return err
				}
				_, err := tx.ReadIn("nobody", "module")
				return err
			})
			if err == nil {
				t.Error("a second statement was run")
			}
			err = s.Glance(t.Context(), func(tx *store.Tx) error { return tx.EndLogin("any") })
			if err == nil {
				t.Error("a change was run")
			}
		})
	}
}

// What is remembered about somebody holds exactly as long as the epoch.
func TestEpochsMoveWithWhatTheyStandFor(t *testing.T) {
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			write := func(fn func(*store.Tx) error) {
				t.Helper()
				if err := s.Write(t.Context(), fn); err != nil {
					t.Fatal(err)
				}
			}
			people, sole := s.PeopleEpoch()
			reading, _ := s.ReadingEpoch("p1")
			if want := s.Engine() == "sqlite"; sole != want {
				t.Errorf("sole %v, want %v", sole, want)
			}
			write(func(tx *store.Tx) error { return tx.SweepLogins() })
			after, _ := s.PeopleEpoch()
			if after == people {
				t.Error("a login was ended and the epoch of people stayed")
			}
			write(func(tx *store.Tx) error { _, err := tx.MarkRead("p1", "m", "e", nil); return err })
			if now, _ := s.ReadingEpoch("p1"); now == reading {
				t.Error("somebody read on and the epoch of the readings stayed")
			}
			if now, _ := s.PeopleEpoch(); now != after {
				t.Error("reading moved the epoch of people")
			}
		})
	}
}
