package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/store"
)

// The tests of scenarios have what drafts and editions promise of one piece. Here a
// quiz stands beside a scenario of the same name: neither touches the other.

// bankEdition is a version of a quiz that is called as the scenario of edition is.
func bankEdition(hash, by string) store.Edition {
	e := edition(hash, by)
	e.Kind, e.Proof = "quiz", ""
	return e
}

func (r examRoom) publish(editions ...store.Edition) {
	r.Helper()
	for _, e := range editions {
		r.write(func(tx *store.Tx) error { return tx.Publish(e) })
	}
}

func (r examRoom) inForce(kind string) (e store.InForce) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		e, err = tx.InForce(kind, "rp01")
		return err
	})
	return e
}

func TestBankInForce(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		shipped, own := bankEdition("e1", ""), bankEdition("e2", r.zhang)
		r.publish(edition("s1", r.chen))
		r.read(func(tx *store.Tx) error {
			if got, err := tx.InForce("quiz", "rp01"); !errors.Is(err, fault.NotFound) {
				r.Errorf("before any bank: %+v, %v", got, err)
			}
			return nil
		})
		r.publish(shipped)
		r.begin(r.zhang, "rp01", 1)
		r.end(r.begin(r.zhang, "listen", 1), 5)
		if got := r.inForce("quiz"); !same(got.Edition, shipped) || got.By != "" || got.Running != 1 || got.Older != 0 {
			r.Errorf("in force is %+v", got)
		}
		r.publish(own)
		r.begin(r.chen, "rp01", 1) // on e1 still: the page was open
		got := r.inForce("quiz")
		if !same(got.Edition, own) || got.By != "张新" || got.Running != 0 || got.Older != 2 || got.Since.IsZero() {
			r.Errorf("in force is %+v", got)
		}
		if s := r.inForce("scenario"); s.Hash != "s1" || s.Running+s.Older > 0 {
			r.Errorf("the scenario in force is %+v", s)
		}
		r.read(func(tx *store.Tx) error {
			list, err := tx.AllInForce("quiz")
			if len(list) != 1 || list[0].Hash != "e2" || list[0].Older != 2 || list[0].Compiled != "" || len(list[0].Files) > 0 {
				r.Errorf("list %+v", list)
			}
			return err
		})
		r.publish(shipped)
		if got := r.inForce("quiz"); !same(got.Edition, shipped) || got.By != "" || got.Running != 2 || got.Older != 0 {
			r.Errorf("taken up again: %+v", got)
		}
	})
}

// What trainers can write is found among everything published, with its kind.
func TestEditionsOfBothKinds(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		bank, scenario := bankEdition("e1", r.zhang), edition("s1", "")
		course := store.Edition{Kind: "course", Slug: "rp01", Hash: "c1", Files: map[string]string{"a.md": "一"}, Origin: store.Shipped}
		r.publish(bank, scenario, course)
		r.read(func(tx *store.Tx) error {
			current, err := tx.CurrentWritten()
			want := []store.Edition{
				{Kind: "quiz", Slug: "rp01", Hash: "e1", Origin: store.ByTrainer},
				{Kind: "scenario", Slug: "rp01", Hash: "s1", Origin: store.Shipped},
			}
			if diff := cmp.Diff(want, current); diff != "" {
				r.Errorf("in force (-want +got):\n%s", diff)
			}
			return err
		})
		r.read(func(tx *store.Tx) error {
			own, err := tx.TrainersEditions()
			if len(own) != 1 || !same(own[0].Edition, bank) {
				r.Errorf("by trainers: %+v", own)
			}
			return err
		})
		r.read(func(tx *store.Tx) error {
			known, err := tx.CompiledEditions([]store.Edition{bank, course})
			if !slices.ContainsFunc(known, func(e store.Edition) bool { return same(e, bank) }) || slices.ContainsFunc(known, func(e store.Edition) bool { return e.Kind == "course" }) {
				r.Errorf("with a compiled form: %+v", known)
			}
			return err
		})
	})
}

func TestDraftsOfBothKinds(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		save := func(kind, source string, version int) (saved bool) {
			r.Helper()
			r.write(func(tx *store.Tx) (err error) {
				saved, err = tx.SaveDraft(store.Draft{Kind: kind, Slug: "rp01", Title: "环车", Source: source, Version: version, ByID: r.chen})
				return err
			})
			return saved
		}
		save("scenario", "剧本", 0)
		r.read(func(tx *store.Tx) error {
			d, err := tx.Draft("quiz", "rp01")
			open, openErr := tx.OpenDrafts("quiz")
			if d.Open() || d.Version > 0 || len(open) > 0 {
				r.Errorf("the scenario's draft is the bank's: %+v, %+v", d, open)
			}
			return errors.Join(err, openErr)
		})
		for _, c := range []struct {
			kind, source string
			version      int
			saved        bool
		}{
			{"scenario", "剧本", 0, false},
			{"quiz", "一", 0, true},
			{"quiz", "二", 0, false}, // somebody saved in the meantime
			{"quiz", "二", 1, true},
			{"scenario", "", 1, true}, // published
			{"quiz", "三", 3, false},
		} {
			if saved := save(c.kind, c.source, c.version); saved != c.saved {
				r.Errorf("%s %q over version %d: saved %v", c.kind, c.source, c.version, saved)
			}
		}
		for kind, want := range map[string]store.Draft{
			"quiz":     {Kind: "quiz", Slug: "rp01", Title: "环车", Source: "二", Version: 2, ByID: r.chen, By: "张新"},
			"scenario": {Kind: "scenario", Slug: "rp01", Title: "环车", Version: 2, ByID: r.chen, By: "张新"},
		} {
			r.read(func(tx *store.Tx) error {
				got, err := tx.Draft(kind, "rp01")
				want.SavedAt = got.SavedAt
				if diff := cmp.Diff(want, got); diff != "" || got.SavedAt.IsZero() {
					r.Errorf("(-want +got):\n%s", diff)
				}
				open, listErr := tx.OpenDrafts(kind)
				if len(open) > 0 != want.Open() || listErr != nil {
					r.Errorf("open drafts of kind %s: %+v, %v", kind, open, listErr)
				}
				return err
			})
		}
	})
}
