package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// A person's record has the attempts that ended, each with the result that holds
// beside the first one, and nobody else's.
func TestRecord(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		at := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
		paper := quiz.Paper{Slots: []quiz.Slot{{Question: "covers"}}}
		end := func(person, slug string, number, percent int) string {
			a := quiz.Attempt{
				ID: store.NewID(), Person: person, Quiz: slug, Hash: "h1", Number: number, State: quiz.InProgress,
				StartedAt: at, Deadline: at.Add(time.Hour), Paper: paper,
			}
			r.write(func(tx *store.Tx) error { return tx.AddAttempt(a) })
			r.write(func(tx *store.Tx) error {
				_, err := tx.SaveAnswer(a.ID, person, 1, quiz.Saved{Answer: sheet.Answer{"tok"}, Seq: 1}, at)
				return err
			})
			a.State, a.EndedAt, a.Receipt = quiz.Submitted, at.Add(time.Duration(number)*time.Minute), "code"
			r.write(func(tx *store.Tx) error { return tx.EndAttempt(a) })
			if percent >= 0 {
				a.Result = &sheet.Result{Points: percent, Max: 100, Percent: percent, Passed: percent >= 70}
				r.write(func(tx *store.Tx) error { return tx.AddResult(a) })
			}
			return a.ID
		}
		first, waits, other := end(r.zhang, "covers", 1, 60), end(r.zhang, "covers", 2, -1), end(r.zhang, "words", 1, 80)
		end(r.chen, "covers", 1, 100)
		r.write(func(tx *store.Tx) error {
			_, err := tx.Exec(`INSERT INTO results (attempt_id, revision, edition, points, max_points, percent, passed, graded_at, scores)
				VALUES ($1, 2, 'h2', 90, 100, 90, TRUE, 0, '[]')`, first)
			return err
		})

		type line struct {
			ID             string
			Percent, First int
			Revision       int
			Passed, Before bool
		}
		read := func(slug string, limit, offset int) (lines []line, total int) {
			r.read(func(tx *store.Tx) error {
				list, n, err := tx.Record(r.zhang, slug, limit, offset)
				for _, l := range list {
					lines = append(lines, line{l.ID, l.Percent, l.First, l.Revision, l.Passed, l.FirstPass})
				}
				total = n
				return err
			})
			return lines, total
		}
		corrected, unmarked, words := line{first, 90, 60, 2, true, false}, line{waits, 0, 0, 0, false, false}, line{other, 80, 80, 1, true, true}
		all, total := read("", 10, 0)
		if total != 3 || len(all) != 3 || all[0] != unmarked {
			t.Errorf("record of %d: %+v", total, all)
		}
		if diff := cmp.Diff([]line{unmarked, corrected}, rows(read("covers", 10, 0))); diff != "" {
			t.Errorf("one quiz (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]line{words}, rows(read("words", 10, 0))); diff != "" {
			t.Errorf("another (-want +got):\n%s", diff)
		}
		if page, n := read("covers", 1, 1); n != 2 || len(page) != 1 || page[0] != corrected {
			t.Errorf("second page of one: %d, %+v", n, page)
		}
		r.read(func(tx *store.Tx) error {
			taken, err := tx.QuizzesTaken(r.zhang)
			if diff := cmp.Diff([]string{"covers", "words"}, taken); diff != "" {
				t.Errorf("quizzes (-want +got):\n%s", diff)
			}
			return err
		})
		r.read(func(tx *store.Tx) error { // what waits for its result is in neither the papers nor told apart by answers alone
			papers, err := tx.GradedPapers(r.zhang, "covers")
			if err != nil {
				return err
			}
			if len(papers) != 1 || papers[0].ID != first || papers[0].Edition != "h2" || papers[0].Paper.Slots[0].Question != "covers" {
				t.Errorf("graded papers: %+v", papers)
			}
			answers, err := tx.GivenAnswers(r.zhang, "covers")
			if len(answers) != 2 || answers[0].Slot != 1 || answers[0].Answer[0] != "tok" {
				t.Errorf("answers: %+v", answers)
			}
			return err
		})
	})
}

// rows drops the total.
func rows[T any](list []T, _ int) []T { return list }
