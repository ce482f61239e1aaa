package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/internal/fault"
	"qibu/internal/store"
)

func (r examRoom) openPanel(slug string) store.AngoffPanel {
	r.Helper()
	p := store.AngoffPanel{ID: store.NewID(), Quiz: slug, Edition: "e1", OpenedByID: r.zhang, OpenedBy: "张新", Round: 1}
	r.write(func(tx *store.Tx) error { return tx.AddAngoffPanel(p) })
	return p
}

// ask runs a step of a panel and tells whether it was taken.
func (r examRoom) ask(step func(*store.Tx) (bool, error)) (taken bool) {
	r.Helper()
	r.write(func(tx *store.Tx) (err error) {
		taken, err = step(tx)
		return err
	})
	return taken
}

func TestPanelGoesThroughTwoRounds(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		p := r.openPanel("walkaround")
		err := r.Write(context.Background(), func(tx *store.Tx) error {
			return tx.AddAngoffPanel(store.AngoffPanel{ID: store.NewID(), Quiz: "walkaround", Edition: "e2", OpenedByID: r.chen})
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("a second open panel: %v", err)
		}
		advance := func(tx *store.Tx) (bool, error) { return tx.AdvanceAngoff(p.ID) }
		end := func(tx *store.Tx) (bool, error) { return tx.CloseAngoff(p.ID) }
		for i, step := range []struct {
			do   func(*store.Tx) (bool, error)
			want bool
		}{{end, false}, {advance, true}, {advance, false}, {end, true}, {end, false}, {advance, false}} {
			if got := r.ask(step.do); got != step.want {
				t.Errorf("step %d is taken: %v, want %v", i, got, step.want)
			}
		}
		again := r.openPanel("walkaround")
		r.openPanel("image")
		r.read(func(tx *store.Tx) error {
			got, err := tx.AngoffPanels("walkaround")
			if len(got) != 2 {
				t.Fatalf("%+v", got)
			}
			p.Round = 2
			times := cmpopts.IgnoreFields(store.AngoffPanel{}, "OpenedAt", "ClosedAt")
			if diff := cmp.Diff(p, got[1], times); diff != "" {
				t.Error(diff)
			}
			if got[1].ClosedAt.IsZero() || got[1].OpenedAt.IsZero() || !got[0].ClosedAt.IsZero() {
				t.Errorf("opened and closed: %+v", got)
			}
			if err != nil {
				return err
			}
			one, err := tx.AngoffPanel(again.ID)
			if diff := cmp.Diff(again, one, times); diff != "" {
				t.Error(diff)
			}
			if _, err := tx.AngoffPanel("none"); !errors.Is(err, fault.NotFound) {
				t.Errorf("no panel: %v", err)
			}
			return err
		})
	})
}

func TestJudgements(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		p := r.openPanel("walkaround")
		say := func(judge string, round int, percents map[string]int) error {
			return r.Write(context.Background(), func(tx *store.Tx) error { return tx.Judge(p.ID, judge, round, percents) })
		}
		for _, err := range []error{
			say(r.zhang, 1, map[string]int{"covers": 55, "trunk": 100}),
			say(r.zhang, 1, map[string]int{"covers": 60}),
			say(r.zhang, 2, map[string]int{"covers": 0}),
			say(r.zhang, 2, nil),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, percent := range []int{-5, 105, 57} {
			if err := say(r.zhang, 2, map[string]int{"covers": percent}); !errors.Is(err, fault.Conflict) {
				t.Errorf("%d percent: %v", percent, err)
			}
		}
		want := []store.Judgement{
			{r.zhang, "张新", 1, "covers", 60}, {r.zhang, "张新", 1, "trunk", 100}, {r.zhang, "张新", 2, "covers", 0},
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.Judgements(p.ID)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}
