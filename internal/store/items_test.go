package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/store"
	"qibu/quiz"
)

// Of each quiz the latest first attempts are found, with what was scored; later
// tries of the same person and attempts under way are not.
func TestFirstResults(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		scored := func(personID, slug string, number int, later time.Duration) quiz.Attempt {
			a := r.begin(personID, slug, number)
			a.StartedAt = a.StartedAt.Add(later)
			a.Scores = []quiz.Score{{Question: "trunk", Points: 1, Max: 2, Chosen: []int{1}, Answered: true, Spent: time.Minute}}
			return r.end(a, 7)
		}
		early := scored(r.zhang, "walkaround", 1, 0)
		scored(r.zhang, "walkaround", 2, time.Hour)
		late := scored(r.chen, "walkaround", 1, 2*time.Hour)
		other := scored(r.zhang, "image", 1, 0)
		r.begin(r.chen, "image", 1) // under way
		want := func(a quiz.Attempt) store.FirstResult {
			return store.FirstResult{
				Quiz: a.Quiz, Attempt: a.ID, PersonID: a.Person, Edition: "e1", Percent: 70, EndedAt: a.EndedAt, Scores: a.Scores,
			}
		}
		for _, c := range []struct {
			quizzes []string
			limit   int
			want    []store.FirstResult
		}{
			{[]string{"walkaround", "image"}, 10, []store.FirstResult{want(other), want(late), want(early)}},
			{[]string{"walkaround", "image"}, 1, []store.FirstResult{want(other), want(late)}},
			{[]string{"nothing"}, 10, nil},
			{nil, 10, nil},
		} {
			r.read(func(tx *store.Tx) error {
				got, err := tx.FirstResults(c.quizzes, c.limit)
				if diff := cmp.Diff(c.want, got); diff != "" {
					r.Errorf("%v, %d (-want +got):\n%s", c.quizzes, c.limit, diff)
				}
				return err
			})
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.QuizTallies([]string{"walkaround", "image", "nothing"})
			if diff := cmp.Diff(map[string]int{"image": 1, "walkaround": 3}, got); diff != "" {
				r.Error(diff)
			}
			return err
		})
	})
}

func TestQuizEditions(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		for n := range 3 {
			e := store.Edition{Kind: "quiz", Slug: "walkaround", Hash: fmt.Sprint("e", n), Files: map[string]string{"w.md": fmt.Sprint(n)}, Origin: store.Shipped}
			if n == 2 {
				e.Kind = "course"
			}
			r.write(func(tx *store.Tx) error { return tx.Publish(e) })
		}
		r.read(func(tx *store.Tx) error {
			got, err := tx.QuizEditions([]string{"e0", "e2", "e9"})
			if len(got) != 1 || got[0].Hash != "e0" || got[0].Files["w.md"] != "0" {
				r.Errorf("%+v", got)
			}
			return err
		})
	})
}
