package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// examRoom is a database with two people who take quizzes.
type examRoom struct {
	*testing.T
	*store.Store
	zhang, chen string // the people's ids
}

func inExamRooms(t *testing.T, test func(r examRoom)) {
	t.Helper()
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			r := examRoom{T: t, Store: open(t), zhang: store.NewID(), chen: store.NewID()}
			r.write(func(tx *store.Tx) error {
				home := people.Store{ID: store.NewID(), Name: "城南店"}
				if err := tx.AddStore(home); err != nil {
					return err
				}
				for _, id := range []string{r.zhang, r.chen} {
					if err := tx.AddPerson(people.Person{
						ID: id, Account: id, StaffNo: "QB" + id, Name: "张新", StoreID: home.ID, Language: "zh", TimeFactor: 100,
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

func (r examRoom) write(fn func(*store.Tx) error) {
	r.Helper()
	if err := r.Write(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

func (r examRoom) read(fn func(*store.Tx) error) {
	r.Helper()
	if err := r.Read(context.Background(), fn); err != nil {
		r.Fatal(err)
	}
}

// opening is when the attempts of these tests begin.
var opening = time.Date(2026, 3, 2, 1, 0, 0, 7e6, time.UTC)

func sitting(personID, slug string, number int) quiz.Attempt {
	return quiz.Attempt{
		ID: store.NewID(), Person: personID, Quiz: slug, Hash: "e1", Number: number, State: quiz.InProgress,
		StartedAt: opening, Deadline: opening.Add(15 * time.Minute),
		Paper: quiz.Paper{Slots: []quiz.Slot{
			{Question: "covers-when", Options: []int{2, 0, 1}, Tokens: []string{"wfLoX7Pd82h1y70F", "a-_", "b"}},
			{Question: "trunk", Options: []int{1, 0}, Tokens: []string{"c", "d"}},
		}},
	}
}

func (r examRoom) begin(personID, slug string, number int) quiz.Attempt {
	r.Helper()
	a := sitting(personID, slug, number)
	r.write(func(tx *store.Tx) error { return tx.AddAttempt(a) })
	return a
}

// end closes an attempt with so many points of ten.
func (r examRoom) end(a quiz.Attempt, points int) quiz.Attempt {
	r.Helper()
	a.State, a.EndedAt, a.Receipt = quiz.Submitted, a.StartedAt.Add(time.Duration(a.Number)*time.Hour), "receipt"
	a.Result = &sheet.Result{Points: points, Max: 10, Percent: points * 10, Passed: points >= 8}
	r.write(func(tx *store.Tx) error { return tx.EndAttempt(a) })
	return a
}

func TestAttemptComesBack(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.begin(r.zhang, "walkaround", 1)
		look := func(want quiz.Attempt) {
			r.Helper()
			r.read(func(tx *store.Tx) error {
				got, err := tx.Attempt(a.ID, r.zhang)
				if err != nil {
					return err
				}
				got.Paper, err = tx.Paper(a.ID)
				want.Result = nil // kept in a table of its own
				if diff := cmp.Diff(store.Attempt{Attempt: want, Barred: want.State == quiz.InProgress}, got); diff != "" {
					r.Errorf("(-want +got):\n%s", diff)
				}
				return err
			})
		}
		look(a)
		look(r.end(a, 9))
		for _, other := range [][2]string{{a.ID, r.chen}, {store.NewID(), r.zhang}, {"", ""}} {
			r.read(func(tx *store.Tx) error {
				if _, err := tx.Attempt(other[0], other[1]); !errors.Is(err, fault.NotFound) {
					r.Errorf("attempt %q of %q: %v", other[0], other[1], err)
				}
				return nil
			})
		}
	})
}

// However many windows start a quiz at once, one attempt is open, and everybody gets that one.
func TestOneOpenAttempt(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		ids := make([]string, 24)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				err := r.Write(context.Background(), func(tx *store.Tx) error {
					list, err := tx.AttemptsAt(r.zhang, "walkaround")
					if err != nil {
						return err
					}
					if len(list) > 0 {
						ids[i] = list[0].ID
						return nil
					}
					a := sitting(r.zhang, "walkaround", 1)
					ids[i] = a.ID
					return tx.AddAttempt(a)
				})
				if err != nil {
					r.Error(err)
				}
			})
		}
		wg.Wait()
		if slices.Sort(ids); ids[0] == "" || ids[0] != ids[len(ids)-1] {
			r.Errorf("attempts %v", slices.Compact(ids))
		}
		err := r.Write(context.Background(), func(tx *store.Tx) error { return tx.AddAttempt(sitting(r.zhang, "walkaround", 2)) })
		if !errors.Is(err, fault.Conflict) {
			r.Errorf("a second open attempt: %v, want Conflict", err)
		}
		r.begin(r.zhang, "phone", 1)
		r.begin(r.chen, "walkaround", 1)
	})
}

func TestSaveAnswer(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a, ended := r.begin(r.zhang, "walkaround", 1), r.end(r.begin(r.zhang, "phone", 1), 5)
		inTime, late := a.Deadline, a.Deadline.Add(time.Millisecond)
		for _, c := range []struct {
			name, attempt, person string
			seq                   int64
			openSince             time.Time
			answer                string
			saved                 bool
			seqAfter              int64
			after                 string
		}{
			{"first", a.ID, r.zhang, 3, inTime, "b", true, 3, "b"},
			{"same number", a.ID, r.zhang, 3, inTime, "a-_", false, 3, "b"},
			{"older number", a.ID, r.zhang, 2, inTime, "a-_", false, 3, "b"},
			{"newer number", a.ID, r.zhang, 4, inTime, "a-_", true, 4, "a-_"},
			{"somebody else", a.ID, r.chen, 5, inTime, "b", false, 4, "a-_"},
			{"after the deadline", a.ID, r.zhang, 5, late, "b", false, 4, "a-_"},
			{"taken back", a.ID, r.zhang, 6, inTime, "", true, 6, ""},
			{"ended", ended.ID, r.zhang, 1, inTime, "b", false, 0, ""},
			{"no such attempt", store.NewID(), r.zhang, 1, inTime, "b", false, 0, ""},
		} {
			answer := sheet.Answer{}
			if c.answer != "" {
				answer = sheet.Answer{c.answer}
			}
			r.write(func(tx *store.Tx) error {
				saved, err := tx.SaveAnswer(c.attempt, c.person, 1, quiz.Saved{Answer: answer, Seq: c.seq}, c.openSince)
				if saved != c.saved {
					r.Errorf("%s: saved %v", c.name, saved)
				}
				return err
			})
			r.read(func(tx *store.Tx) error {
				answers, err := tx.Answers(c.attempt)
				if got := answers[1]; got.Seq != c.seqAfter || len(got.Answer) > 0 != (c.after != "") || (c.after != "" && got.Answer[0] != c.after) {
					r.Errorf("%s: stored %+v, want %q with number %d", c.name, got, c.after, c.seqAfter)
				}
				return err
			})
		}
	})
}

// Of saves that race the one with the highest number stands.
func TestSavesRace(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.begin(r.zhang, "walkaround", 1)
		var wg sync.WaitGroup
		for seq := int64(1); seq <= 64; seq++ {
			wg.Go(func() {
				err := r.Write(context.Background(), func(tx *store.Tx) error {
					_, err := tx.SaveAnswer(a.ID, r.zhang, 1, quiz.Saved{Answer: sheet.Answer{fmt.Sprint("t", seq)}, Seq: seq}, a.Deadline)
					return err
				})
				if err != nil {
					r.Error(err)
				}
			})
		}
		wg.Wait()
		r.read(func(tx *store.Tx) error {
			_, s, at, err := tx.SavedAnswer(a.ID, r.zhang, 1)
			if s.Seq != 64 || s.Answer[0] != "t64" || time.Since(at) > time.Hour {
				r.Errorf("stored %+v at %v", s, at)
			}
			return err
		})
	})
}

func TestSavedAnswer(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.begin(r.zhang, "walkaround", 1)
		r.read(func(tx *store.Tx) error {
			got, s, _, err := tx.SavedAnswer(a.ID, r.zhang, 2)
			if got.State != quiz.InProgress || !got.Deadline.Equal(a.Deadline) || s.Seq != 0 || len(s.Answer) != 0 {
				r.Errorf("%+v, %+v", got, s)
			}
			if _, _, _, err := tx.SavedAnswer(a.ID, r.chen, 2); !errors.Is(err, fault.NotFound) {
				r.Errorf("a stranger: %v", err)
			}
			return err
		})
	})
}

func TestLateAnswersAreKeptOnce(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.end(r.begin(r.zhang, "walkaround", 1), 3)
		late := func(slot int, seq int64) int {
			r.Helper()
			var line store.ResultLine
			r.write(func(tx *store.Tx) (err error) {
				if err := tx.AddLateAnswer(a.ID, slot, quiz.Saved{Answer: sheet.Answer{"b"}, Seq: seq}); err != nil {
					return err
				}
				line, err = tx.ResultOf(a.ID)
				return err
			})
			return line.Late
		}
		if n := late(1, 4); n != 1 {
			r.Errorf("%d kept", n)
		}
		if n := late(1, 4); n != 1 {
			r.Errorf("a replay makes it %d", n)
		}
		if n := late(1, 5); n != 2 {
			r.Errorf("another number makes it %d", n)
		}
		most := 0
		for seq := range int64(200) {
			most = late(2, seq+1)
		}
		if most > 40 {
			r.Errorf("%d late answers are kept: anybody can fill the disk", most)
		}
	})
}

// However many try to close an attempt, one does, and there is one result.
func TestAttemptEndsOnce(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.begin(r.zhang, "walkaround", 1)
		var ended, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range 32 {
			wg.Go(func() {
				end := a
				end.State, end.EndedAt, end.Receipt = quiz.Submitted, opening.Add(time.Duration(i)*time.Second), fmt.Sprint("receipt ", i)
				end.Result = &sheet.Result{Points: i, Max: 32, Percent: i * 3}
				switch err := r.Write(context.Background(), func(tx *store.Tx) error { return tx.EndAttempt(end) }); {
				case err == nil:
					ended.Add(1)
				case errors.Is(err, fault.Conflict):
					refused.Add(1)
				default:
					r.Error(err)
				}
			})
		}
		wg.Wait()
		if ended.Load() != 1 || refused.Load() != 31 {
			r.Errorf("%d ended it, %d were refused", ended.Load(), refused.Load())
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.Attempt(a.ID, r.zhang)
			if err != nil {
				return err
			}
			line, err := tx.ResultOf(a.ID)
			if want := fmt.Sprint("receipt ", line.Points); got.Receipt != want || got.State != quiz.Submitted {
				r.Errorf("receipt %q beside the result of %q", got.Receipt, want)
			}
			return err
		})
	})
}

// The newest revision of a result is the one that holds, everywhere; the first is told beside it.
func TestNewestResultHolds(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		a := r.end(r.begin(r.zhang, "walkaround", 1), 5)
		r.write(func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO results (attempt_id, revision, edition, points, max_points, percent, passed, graded_at)
				VALUES ($1, 2, 'e2', 9, 10, 90, TRUE, 0)`, a.ID)
			return err
		})
		r.read(func(tx *store.Tx) error {
			line, err := tx.ResultOf(a.ID)
			if want := (store.ResultLine{Edition: "e2", Points: 9, Max: 10, Percent: 90, Passed: true, First: 50}); line != want {
				r.Errorf("result %+v", line)
			}
			if err != nil {
				return err
			}
			list, err := tx.AttemptsAt(r.zhang, "walkaround")
			if len(list) != 1 || list[0].Percent != 90 || !list[0].Passed {
				r.Errorf("list %+v", list)
			}
			if err != nil {
				return err
			}
			best, err := tx.BestResults(r.zhang)
			if b := best["walkaround"]; b.Percent != 90 || !b.Passed {
				r.Errorf("best %+v", b)
			}
			return err
		})
	})
}

func TestOverdueAttempts(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		var want []string
		for i := range 7 {
			a := sitting(r.zhang, fmt.Sprint("quiz", i), 1)
			a.Deadline = opening.Add(time.Duration(6-i) / 2 * time.Minute) // pairs share one
			r.write(func(tx *store.Tx) error { return tx.AddAttempt(a) })
			if a.Deadline.Before(opening.Add(3 * time.Minute)) {
				want = append(want, a.Deadline.Format(time.RFC3339)+a.ID)
			}
		}
		slices.Sort(want)
		r.end(r.begin(r.chen, "walkaround", 1), 5)
		var got []string
		for last := (store.OverdueAttempt{}); ; {
			var batch []store.OverdueAttempt
			r.read(func(tx *store.Tx) (err error) {
				batch, err = tx.OverdueAttempts(opening.Add(3*time.Minute), last, 3)
				return err
			})
			if len(batch) == 0 {
				break
			}
			for _, o := range batch {
				got = append(got, o.Deadline.Format(time.RFC3339)+o.ID)
				if o.PersonID != r.zhang {
					r.Errorf("attempt of %s", o.PersonID)
				}
			}
			last = batch[len(batch)-1]
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != 6 {
			r.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestBestResults(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		r.end(r.begin(r.zhang, "walkaround", 1), 9)
		r.end(r.begin(r.zhang, "walkaround", 2), 4)
		open := r.begin(r.zhang, "walkaround", 3)
		r.end(r.begin(r.zhang, "phone", 1), 7)
		fresh := r.begin(r.zhang, "image", 1)
		r.end(r.begin(r.chen, "phone", 1), 10)
		want := map[string]store.QuizStanding{
			"walkaround": {Percent: 90, Passed: true, Attempts: 3, Open: open.ID, LastEnded: opening.Add(2 * time.Hour)},
			"phone":      {Percent: 70, Attempts: 1, LastEnded: opening.Add(time.Hour)},
			"image":      {Attempts: 1, Open: fresh.ID},
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.BestResults(r.zhang)
			if diff := cmp.Diff(want, got); diff != "" {
				r.Errorf("(-want +got):\n%s", diff)
			}
			return err
		})
		r.read(func(tx *store.Tx) error {
			list, err := tx.AttemptsAt(r.zhang, "walkaround")
			numbers := []int{}
			for _, l := range list {
				numbers = append(numbers, l.Number)
			}
			if !slices.Equal(numbers, []int{3, 2, 1}) || list[0].State != quiz.InProgress || !list[0].EndedAt.IsZero() ||
				list[2].Percent != 90 || !list[2].EndedAt.Equal(opening.Add(time.Hour)) || !list[2].Deadline.Equal(open.Deadline) {
				r.Errorf("attempts %+v", list)
			}
			return err
		})
	})
}

func TestUnlocks(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		for hour := range 2 {
			r.write(func(tx *store.Tx) error {
				tx.Now = at(hour)
				return tx.AddUnlock(store.Unlock{PersonID: r.zhang, Quiz: "walkaround", Reason: "一起复习过了", GrantedBy: r.chen})
			})
		}
		r.read(func(tx *store.Tx) error {
			list, err := tx.Unlocks(r.zhang, "walkaround")
			if !slices.Equal(list, []time.Time{at(1), at(0)}) {
				r.Errorf("unlocks %v", list)
			}
			for _, other := range [][2]string{{r.chen, "walkaround"}, {r.zhang, "phone"}} {
				if list, err := tx.Unlocks(other[0], other[1]); len(list) != 0 || err != nil {
					r.Errorf("unlocks of %v: %v, %v", other, list, err)
				}
			}
			return err
		})
	})
}
