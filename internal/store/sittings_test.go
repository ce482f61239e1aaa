package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/quiz"
)

// sitting is an exam of two hours which opened an hour ago, for 张 and 陈.
func (r examRoom) sitting() store.Sitting {
	r.Helper()
	var s store.Sitting
	r.write(func(tx *store.Tx) error {
		s = store.Sitting{
			ID: store.NewID(), Title: "三月考试", Quiz: "walkaround", Edition: "e1", Opens: tx.Now.Add(-time.Hour), Closes: tx.Now.Add(time.Hour),
			Releases: tx.Now.Add(time.Hour), Minutes: 15, OneByOne: true, Honour: "独立作答", CreatedBy: r.zhang,
		}
		if err := tx.AddSitting(s); err != nil {
			return err
		}
		return tx.SetExaminees(s.ID, []string{r.zhang, r.chen})
	})
	return s
}

func TestSittingComesBack(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		want := r.sitting()
		r.read(func(tx *store.Tx) error {
			got, err := tx.Sitting(want.ID)
			if diff := cmp.Diff(want, got); diff != "" {
				r.Errorf("(-want +got):\n%s", diff)
			}
			list, total, listErr := tx.Sittings("", 10, 0)
			if total != 1 || list[0].Examinees != 2 || list[0].ID != want.ID {
				r.Errorf("list of %d: %+v", total, list)
			}
			if _, total, _ := tx.Sittings("no store", 10, 0); total != 0 {
				r.Error("another store's list has it")
			}
			return errors.Join(err, listErr)
		})
		want.Title, want.Releases = "四月考试", want.Releases.Add(time.Hour)
		r.write(func(tx *store.Tx) error { return tx.SaveSitting(want) })
		r.write(func(tx *store.Tx) error { return tx.SetReleased(want.ID) })
		r.read(func(tx *store.Tx) error {
			if got, _ := tx.Sitting(want.ID); got.Title != "四月考试" || !got.Releases.Equal(want.Releases) {
				r.Errorf("saved %+v", got)
			}
			return nil
		})
		if err := r.Store.Write(r.Context(), func(tx *store.Tx) error { return tx.SaveSitting(want) }); !errors.Is(err, fault.Conflict) {
			r.Errorf("changed after the release: %v", err)
		}
	})
}

// Cancelling stops whoever is at it, once; afterwards the attempts count for nothing.
func TestCancelSitting(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		s := r.sitting()
		open, done := r.begin(r.zhang, "walkaround", 1), r.begin(r.chen, "walkaround", 1)
		r.write(func(tx *store.Tx) error {
			return errors.Join(tx.BeginSitting(s.ID, r.zhang, open.ID), tx.BeginSitting(s.ID, r.chen, done.ID))
		})
		done.State, done.EndedAt = quiz.Submitted, done.StartedAt.Add(time.Minute)
		r.write(func(tx *store.Tx) error { return tx.EndAttempt(done) })
		r.write(func(tx *store.Tx) error {
			return tx.AddFreeTexts([]store.FreeText{{AttemptID: done.ID, Slot: 1, Question: "q"}})
		})
		var at time.Time
		r.write(func(tx *store.Tx) error {
			at = tx.Now
			return tx.CancelSitting(s.ID, r.chen, "停电")
		})
		for what, change := range map[string]func(*store.Tx) error{
			"cancelled again": func(tx *store.Tx) error { return tx.CancelSitting(s.ID, r.zhang, "又一次") },
			"changed":         func(tx *store.Tx) error { return tx.SaveSitting(s) },
		} {
			if err := r.Store.Write(r.Context(), change); !errors.Is(err, fault.Conflict) {
				r.Errorf("%s: %v", what, err)
			}
		}
		r.write(func(tx *store.Tx) error {
			saved, err := tx.SaveAnswer(open.ID, r.zhang, 1, quiz.Saved{Answer: []string{"a"}, Seq: 1}, opening)
			if saved {
				r.Error("an answer was saved afterwards")
			}
			return err
		})
		r.read(func(tx *store.Tx) error {
			got, err := tx.Sitting(s.ID)
			if want := (store.Cancellation{At: at, By: "张新", Reason: "停电"}); got.Cancelled != want || !got.CalledOff() {
				r.Errorf("%+v, want %+v", got.Cancelled, want)
			}
			stopped, openErr := tx.Attempt(open.ID, r.zhang)
			if stopped.State != quiz.Expired || !stopped.Void || !stopped.EndedAt.Equal(open.Deadline) || stopped.Receipt != "" {
				r.Errorf("who was at it: %s, void %t, ended %v", stopped.State, stopped.Void, stopped.EndedAt)
			}
			kept, doneErr := tx.Attempt(done.ID, r.chen)
			if kept.State != quiz.Submitted || !kept.Void || !kept.EndedAt.Equal(done.EndedAt) {
				r.Errorf("who was through: %s, void %t, ended %v", kept.State, kept.Void, kept.EndedAt)
			}
			return errors.Join(err, openErr, doneErr)
		})
		r.read(func(tx *store.Tx) error {
			lines, err := tx.AttemptsAt(r.zhang, "walkaround")
			if len(lines) != 1 || !lines[0].Void {
				r.Errorf("attempts %+v", lines)
			}
			record, _, recordErr := tx.Record(r.zhang, "", 10, 0)
			if len(record) != 1 || !record[0].Void {
				r.Errorf("record %+v", record)
			}
			retakes, retakesErr := tx.RetakesOf(r.zhang)
			if len(retakes["walkaround"].Ended) != 0 {
				r.Errorf("used up %+v", retakes)
			}
			barred, barredErr := tx.BarredQuizzes(r.chen)
			if len(barred) != 0 {
				r.Errorf("barred from %v", barred)
			}
			p, personErr := tx.Person(r.zhang)
			_, texts, textsErr := tx.FreeTexts(p.StoreID, r.zhang, 10, 0)
			if texts != 0 {
				r.Errorf("%d texts are to be marked", texts)
			}
			return errors.Join(err, recordErr, retakesErr, barredErr, personErr, textsErr)
		})
		after := s
		after.ID, after.Title = store.NewID(), "另一场"
		r.write(func(tx *store.Tx) error { return tx.AddSitting(after) })
		third := r.begin(r.zhang, "walkaround", 2)
		r.write(func(tx *store.Tx) error {
			if err := tx.SetExaminees(after.ID, []string{r.zhang}); err != nil {
				return err
			}
			return tx.BeginSitting(after.ID, r.zhang, third.ID)
		})
		r.end(third, 9)
		if err := r.Store.Write(r.Context(), func(tx *store.Tx) error { return tx.CancelSitting(after.ID, r.chen, "太晚了") }); !errors.Is(err, fault.Conflict) {
			r.Errorf("cancelled with a result: %v", err)
		}
	})
}

// Exams set before editions were kept ask the one in force; of those that are over
// nothing is claimed.
func TestExamsSurviveTheMigration(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			s, err := store.OpenWith(t.Context(), cfg, migrationsUpTo(t, "0011"))
			if err != nil {
				t.Fatal(err)
			}
			const set = `INSERT INTO sittings (id, title, quiz, opens_at, closes_at, releases_at, minutes, one_by_one, absence_counts,
				honour, created_by, created_at, released_at) VALUES `
			write(t, s, func(tx *store.Tx) error {
				for _, insert := range []string{
					`INSERT INTO stores (id, name, created_at) VALUES ('s', '城南店', 1)`,
					`INSERT INTO persons (id, account, staff_no, name, store_id, post, language, time_factor, password_hash, must_change_password, created_at)
						VALUES ('p', 'p', 'QB1', '张新', 's', '', 'zh', 100, '', FALSE, 1)`,
					`INSERT INTO editions (kind, slug, hash, files, published_at) VALUES ('quiz', 'q', 'e1', '{}', 5), ('quiz', 'q', 'e2', '{}', 7)`,
					`INSERT INTO current_editions (kind, slug, hash, since) VALUES ('quiz', 'q', 'e2', 8)`,
					set + `('ahead', '一', 'q', 1, 2, 3, 15, FALSE, FALSE, '', 'p', 1, NULL)`,
					set + `('over', '二', 'q', 1, 2, 3, 15, FALSE, FALSE, '', 'p', 1, 4)`,
					set + `('gone', '三', 'no longer taught', 1, 2, 3, 15, FALSE, FALSE, '', 'p', 1, NULL)`,
				} {
					if _, err := tx.Exec(insert); err != nil {
						return err
					}
				}
				return nil
			})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err = store.Open(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for id, want := range map[string]string{"ahead": "e2", "over": "", "gone": ""} {
				if err := s.Read(t.Context(), func(tx *store.Tx) error {
					got, err := tx.Sitting(id)
					if got.Edition != want || got.CalledOff() || (want != "") != (got.EditionAt.UnixMilli() == 7) {
						t.Errorf("%s asks %q of %v, want %q", id, got.Edition, got.EditionAt, want)
					}
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// An examinee begins once; what was arranged before stays when the list changes.
func TestExaminees(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		s := r.sitting()
		r.write(func(tx *store.Tx) error {
			return tx.Arrange(s.ID, store.Examinee{PersonID: r.chen, Extra: 50, Opens: s.Opens, Closes: s.Closes.Add(time.Hour), Excused: "产假"})
		})
		r.write(func(tx *store.Tx) error { return tx.SetExaminees(s.ID, []string{r.chen}) })
		r.read(func(tx *store.Tx) error {
			list, err := tx.Examinees(s.ID)
			if len(list) != 1 || list[0].Extra != 50 || list[0].Excused != "产假" || !list[0].Closes.Equal(s.Closes.Add(time.Hour)) {
				r.Errorf("%+v", list)
			}
			return err
		})
		r.write(func(tx *store.Tx) error { return tx.SetExaminees(s.ID, []string{r.chen, r.zhang}) })
		a := r.begin(r.zhang, "walkaround", 1)
		begin := func() error {
			return r.Store.Write(r.Context(), func(tx *store.Tx) error { return tx.BeginSitting(s.ID, r.zhang, a.ID) })
		}
		if err := begin(); err != nil {
			r.Fatal(err)
		}
		if err := begin(); !errors.Is(err, fault.Conflict) {
			r.Errorf("begun twice: %v", err)
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.Attempt(a.ID, r.zhang)
			if got.SittingID != s.ID || got.Sitting != s.Title || !got.OneByOne || !got.Releases.Equal(s.Releases) {
				r.Errorf("attempt of %q, released %v", got.Sitting, got.Releases)
			}
			mine, listErr := tx.Summonses(r.zhang, "walkaround", tx.Now)
			if len(mine) != 1 || mine[0].AttemptID != a.ID || mine[0].State != quiz.InProgress || mine[0].HonourAt.IsZero() {
				r.Errorf("summonses %+v", mine)
			}
			return errors.Join(err, listErr)
		})
	})
}

// An attempt can have a result when every text of it has a mark; marks stay.
func TestMarks(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		s := r.sitting()
		a := r.begin(r.zhang, "walkaround", 1)
		r.write(func(tx *store.Tx) error { return tx.BeginSitting(s.ID, r.zhang, a.ID) })
		a.State, a.EndedAt = quiz.Submitted, a.StartedAt
		r.write(func(tx *store.Tx) error { return tx.EndAttempt(a) })
		r.write(func(tx *store.Tx) error {
			return tx.AddFreeTexts([]store.FreeText{{AttemptID: a.ID, Slot: 1, Question: "q"}, {AttemptID: a.ID, Slot: 3, Question: "p"}})
		})
		unrecorded := func() (n int) {
			r.Helper()
			r.read(func(tx *store.Tx) error {
				list, err := tx.Unrecorded(s.ID, 10)
				n = len(list)
				return err
			})
			return n
		}
		mark := func(slot, points int) {
			r.Helper()
			r.write(func(tx *store.Tx) error {
				return tx.AddMark(a.ID, slot, quiz.Mark{Points: []int{points}, Comment: "好", By: r.chen})
			})
		}
		mark(1, 0)
		mark(1, 2)
		if n := unrecorded(); n != 0 {
			r.Errorf("%d attempts could have a result while a text waits", n)
		}
		r.read(func(tx *store.Tx) error {
			if _, err := tx.FreeText(a.ID, 2); !errors.Is(err, fault.NotFound) {
				r.Errorf("no text: %v", err)
			}
			marks, err := tx.Marks(a.ID)
			if len(marks) != 2 || marks[0].Points[0] != 0 || marks[1].Points[0] != 2 || marks[1].Comment != "好" {
				r.Errorf("%+v", marks)
			}
			return err
		})
		mark(3, 1)
		if n := unrecorded(); n != 1 {
			r.Errorf("%d attempts could have a result, want 1", n)
		}
		for _, change := range []string{`UPDATE marks SET points = '[9]'`, `DELETE FROM marks`} {
			err := r.Store.Write(r.Context(), func(tx *store.Tx) error { return second(tx.Exec(change)) })
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				r.Errorf("%s: %v", change, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

// Answers saved before there were exams are there afterwards.
func TestAnswersSurviveTheMigration(t *testing.T) {
	for engine, fresh := range storetest.Databases(t) {
		t.Run(engine, func(t *testing.T) {
			cfg := fresh(t)
			s, err := store.OpenWith(t.Context(), cfg, migrationsUpTo(t, "0008"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, s, func(tx *store.Tx) error {
				for _, insert := range []string{
					`INSERT INTO stores (id, name, created_at) VALUES ('s', '城南店', 1)`,
					`INSERT INTO persons (id, account, staff_no, name, store_id, post, language, time_factor, password_hash, must_change_password, created_at)
						VALUES ('p', 'p', 'QB1', '张新', 's', '', 'zh', 100, '', FALSE, 1)`,
					`INSERT INTO attempts (id, person_id, quiz, edition, number, state, started_at, deadline, receipt, paper)
						VALUES ('a', 'p', 'q', 'e', 1, 'in_progress', 1, 2, '', '{}')`,
					`INSERT INTO answers (attempt_id, slot, seq, choice, saved_at) VALUES ('a', 2, 7, 'token', 9)`,
				} {
					if _, err := tx.Exec(insert); err != nil {
						return err
					}
				}
				return nil
			})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if s, err = store.Open(t.Context(), cfg); err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if err := s.Read(t.Context(), func(tx *store.Tx) error {
				saved, err := tx.Answers("a")
				if len(saved) != 1 || saved[2].Seq != 7 || saved[2].Answer[0] != "token" {
					t.Errorf("%+v", saved)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}
