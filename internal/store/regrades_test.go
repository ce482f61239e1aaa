package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// proposal is one to grade the walk-around quiz again, made by 张.
func (r examRoom) proposal(quizSlug string) store.Regrade {
	r.Helper()
	g := store.Regrade{ID: store.NewID(), Quiz: quizSlug, Edition: "e2", Reason: "第 3 题答案错了", ProposedByID: r.zhang}
	r.write(func(tx *store.Tx) error { return tx.AddRegrade(g) })
	return g
}

// open is the proposal for a quiz that waits to be decided.
func (r examRoom) open(quizSlug string) (id string) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		id, err = tx.OpenRegrade(quizSlug)
		return err
	})
	return id
}

func TestOpenRegrade(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		if id := r.open("walkaround"); id != "" {
			r.Errorf("before any proposal: %q", id)
		}
		first, other := r.proposal("walkaround"), r.proposal("listen")
		if r.open("walkaround") != first.ID || r.open("listen") != other.ID {
			r.Errorf("open are %q and %q, want %q and %q", r.open("walkaround"), r.open("listen"), first.ID, other.ID)
		}
		r.write(func(tx *store.Tx) error { return tx.DecideRegrade(first.ID, store.Declined, r.chen, "不用改") })
		if id := r.open("walkaround"); id != "" {
			r.Errorf("after it was declined: %q", id)
		}
		if second := r.proposal("walkaround"); r.open("walkaround") != second.ID {
			r.Error("a second proposal is not found")
		}
	})
}

func (r examRoom) regrade(id string) (g store.Regrade) {
	r.Helper()
	r.read(func(tx *store.Tx) (err error) {
		g, err = tx.Regrade(id)
		return err
	})
	return g
}

func TestRegradeIsDecidedOnceBySomebodyElse(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		g := r.proposal("walkaround")
		second := g
		second.ID = store.NewID()
		if err := r.Write(r.Context(), func(tx *store.Tx) error { return tx.AddRegrade(second) }); !errors.Is(err, fault.Conflict) {
			r.Errorf("a second open proposal: %v", err)
		}
		if err := r.Write(r.Context(), func(tx *store.Tx) error { return tx.DecideRegrade(g.ID, store.Approved, r.zhang, "") }); err == nil {
			r.Error("whoever proposed has approved")
		}
		r.write(func(tx *store.Tx) error { return tx.DecideRegrade(g.ID, store.Approved, r.chen, "同意") })
		if err := r.Write(r.Context(), func(tx *store.Tx) error { return tx.DecideRegrade(g.ID, store.Declined, r.chen, "") }); !errors.Is(err, fault.Conflict) {
			r.Errorf("decided twice: %v", err)
		}
		got := r.regrade(g.ID)
		if got.State != store.Approved || got.DecidedBy != "张新" || got.Word != "同意" || got.DecidedAt.IsZero() || got.Reason != g.Reason {
			r.Errorf("it came back as %+v", got)
		}
		later := g
		later.ID = store.NewID()
		r.write(func(tx *store.Tx) error {
			tx.Now = got.ProposedAt // in the same millisecond: the later id counts
			return tx.AddRegrade(later)
		})
		r.proposal("listen")
		r.read(func(tx *store.Tx) error {
			list, total, err := tx.Regrades(2, 0)
			if total != 3 || len(list) != 2 || list[0].Quiz != "listen" || list[1].ID != later.ID {
				r.Errorf("of %d: %+v", total, list)
			}
			inForce, forceErr := tx.RegradesInForce()
			if len(inForce) != 1 || inForce[0].ID != g.ID {
				r.Errorf("in force %+v", inForce)
			}
			return errors.Join(err, forceErr)
		})
		r.write(func(tx *store.Tx) error { return tx.DecideRegrade(later.ID, store.Approved, r.chen, "") })
		r.read(func(tx *store.Tx) error {
			inForce, err := tx.RegradesInForce()
			if len(inForce) != 1 || inForce[0].ID != later.ID {
				r.Errorf("in force %+v", inForce)
			}
			return err
		})
	})
}

// Attempts come in the order in which they were first graded, each once, with what
// is needed to grade them again; corrected ones with the result that holds.
func TestGradedAfter(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		var ids []string
		for n := 1; n <= 3; n++ {
			a := r.begin(r.chen, "walkaround", n)
			r.write(func(tx *store.Tx) error {
				_, err := tx.SaveAnswer(a.ID, r.chen, 2, quiz.Saved{Answer: sheet.Answer{"c"}, Seq: 1}, opening)
				return err
			})
			ids = append(ids, r.end(a, 5).ID)
			time.Sleep(2 * time.Millisecond)
		}
		r.begin(r.zhang, "walkaround", 1)
		r.end(r.begin(r.zhang, "listen", 1), 9)
		g := r.proposal("walkaround")
		var found []string
		for after := (store.GradedAt{}); ; {
			var batch []store.Graded
			r.read(func(tx *store.Tx) (err error) {
				batch, err = tx.GradedAfter("walkaround", after, 2)
				return err
			})
			if len(batch) == 0 {
				break
			}
			for _, one := range batch {
				found = append(found, one.ID)
				if one.Revision != 1 || one.Line.Points != 5 || len(one.Paper.Slots) != 2 || !slices.Equal(one.Saved[2].Answer, sheet.Answer{"c"}) || one.Person != r.chen {
					r.Errorf("%+v", one)
				}
			}
			after = batch[len(batch)-1].Recorded
		}
		if !slices.Equal(found, ids) {
			r.Errorf("found %v, want %v", found, ids)
		}
		r.write(func(tx *store.Tx) error {
			list, err := tx.GradedAfter("walkaround", store.GradedAt{}, 1)
			if err != nil {
				return err
			}
			return tx.AddRevision(list[0], sheet.Result{Points: 8, Max: 10, Percent: 80, Passed: true}, nil, g.ID)
		})
		r.read(func(tx *store.Tx) error {
			line, err := tx.ResultOf(ids[0])
			if line.Points != 8 || line.Edition != "e1" || line.Corrected != "e2" {
				r.Errorf("the result that holds: %+v", line)
			}
			list, listErr := tx.GradedAfter("walkaround", store.GradedAt{}, 9)
			if len(list) != 3 || list[0].Revision != 2 || list[0].Line.Points != 8 {
				r.Errorf("after the correction: %+v", list)
			}
			return errors.Join(err, listErr)
		})
	})
}

// Two who apply the same correction do not both move it on.
func TestMoveRegrade(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		g := r.regrade(r.proposal("walkaround").ID)
		to := store.GradedAt{At: opening, AttemptID: "a"}
		for _, want := range []bool{true, false} {
			r.write(func(tx *store.Tx) error {
				moved, err := tx.MoveRegrade(g, to)
				if moved != want {
					r.Errorf("moved: %v, want %v", moved, want)
				}
				return err
			})
		}
		if got := r.regrade(g.ID).Through; got != to && !got.At.Equal(to.At) {
			r.Errorf("it is at %+v", got)
		}
	})
}

func TestNotices(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		tell := func(ref string) {
			r.write(func(tx *store.Tx) error {
				return tx.AddNotice(store.Notice{Kind: "regraded", Ref: ref, Detail: map[string]string{"now": "70"}}, r.zhang)
			})
			time.Sleep(2 * time.Millisecond)
		}
		told := func(personID string) (refs []string, last time.Time) {
			r.read(func(tx *store.Tx) error {
				list, err := tx.Notices(personID)
				for _, n := range list {
					refs, last = append(refs, n.Ref), n.At
					if n.Kind != "regraded" || n.Detail["now"] != "70" {
						r.Errorf("%+v", n)
					}
				}
				return err
			})
			return refs, last
		}
		tell("first")
		_, seen := told(r.zhang)
		tell("second")
		if refs, _ := told(r.zhang); !slices.Equal(refs, []string{"first", "second"}) {
			r.Errorf("told %v", refs)
		}
		r.write(func(tx *store.Tx) error { return tx.SeeNotices(r.zhang, seen) })
		if refs, _ := told(r.zhang); !slices.Equal(refs, []string{"second"}) {
			r.Errorf("what came after the page was seen: %v", refs)
		}
		if refs, _ := told(r.chen); refs != nil {
			r.Errorf("somebody else is told %v", refs)
		}
		var all []string
		for range 120 {
			all = append(all, r.chen)
		}
		r.write(func(tx *store.Tx) error {
			return tx.AddNotice(store.Notice{Kind: "regraded", Ref: "many", Detail: map[string]string{"now": "70"}}, append(all, r.zhang)...)
		})
		if refs, _ := told(r.zhang); !slices.Equal(refs, []string{"second", "many"}) {
			r.Errorf("the last of many is told %v", refs)
		}
	})
}

// A whole paper is stored in one statement: what is newer, in the person's own open
// attempt, and nothing else.
func TestSaveAnswers(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.begin(r.zhang, "walkaround", 1)
		save := func(personID string, openSince time.Time, answers map[int]quiz.Saved) (stored []int) {
			r.write(func(tx *store.Tx) (err error) {
				stored, err = tx.SaveAnswers(a.ID, personID, answers, openSince)
				slices.Sort(stored)
				return err
			})
			return stored
		}
		first := map[int]quiz.Saved{1: {Answer: sheet.Answer{"b"}, Seq: 2}, 2: {Answer: sheet.Answer{"写的 字"}, Seq: 1}}
		if got := save(r.chen, opening, first); got != nil {
			r.Errorf("somebody else stored %v", got)
		}
		if got := save(r.zhang, a.Deadline.Add(time.Second), first); got != nil {
			r.Errorf("stored after the end: %v", got)
		}
		if got := save(r.zhang, opening, first); !slices.Equal(got, []int{1, 2}) {
			r.Errorf("stored %v", got)
		}
		newer := map[int]quiz.Saved{1: {Answer: sheet.Answer{"a-_"}, Seq: 2}, 2: {Answer: sheet.Answer{"d"}, Seq: 5}}
		if got := save(r.zhang, opening, newer); !slices.Equal(got, []int{2}) {
			r.Errorf("over older ones stored %v", got)
		}
		r.read(func(tx *store.Tx) error {
			saved, err := tx.Answers(a.ID)
			if !slices.Equal(saved[1].Answer, sheet.Answer{"b"}) || !slices.Equal(saved[2].Answer, sheet.Answer{"d"}) || saved[2].Seq != 5 {
				r.Errorf("stored is %+v", saved)
			}
			return err
		})
	})
}
