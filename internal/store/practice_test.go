package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/quiz/recall"
	"qibu/quiz/sheet"
)

// practised is an answer of the grade g to a question with the card it leads to.
func practised(quizSlug, question string, before recall.Card, day calendar.Day, g recall.Grade) (store.PracticeReview, store.PracticeCard) {
	r := store.PracticeReview{
		ID: store.NewID(), Quiz: quizSlug, Question: question, Number: before.Reviews + 1, Daily: true, Edition: "e1",
		Answer: sheet.Answer{"38%", ""}, Review: recall.Review{Day: day, Grade: g, Spent: 1500 * time.Millisecond * 3},
	}
	return r, store.PracticeCard{Quiz: quizSlug, Question: question, Card: before.After(r.Review)}
}

func (r examRoom) practise(personID, quizSlug, question string, before recall.Card, day calendar.Day, g recall.Grade) (store.PracticeReview, recall.Card) {
	r.Helper()
	review, card := practised(quizSlug, question, before, day, g)
	r.write(func(tx *store.Tx) error {
		return tx.AddPracticeReviews(personID, []store.PracticeReview{review}, []store.PracticeCard{card})
	})
	return review, card.Card
}

func TestPracticeComesBack(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		first, one := r.practise(r.zhang, "walkaround", "covers", recall.Card{}, "2026-03-02", recall.Again)
		second, two := r.practise(r.zhang, "walkaround", "covers", one, "2026-03-03", recall.Good)
		_, trunk := r.practise(r.zhang, "walkaround", "trunk", recall.Card{}, "2026-03-02", recall.Easy)
		r.practise(r.chen, "walkaround", "covers", recall.Card{}, "2026-03-02", recall.Good)
		r.read(func(tx *store.Tx) error {
			got, err := tx.PracticeReview(second.ID, r.zhang)
			if diff := cmp.Diff(second, got); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			return nil
		})
		r.read(func(tx *store.Tx) error {
			if _, err := tx.PracticeReview(second.ID, r.chen); !errors.Is(err, fault.NotFound) {
				r.Errorf("somebody else's answer: %v", err)
			}
			return nil
		})
		r.read(func(tx *store.Tx) error {
			log, err := tx.PracticeLog(r.zhang, "walkaround", "covers")
			if diff := cmp.Diff([]store.PracticeReview{first, second}, log); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			var reviews []recall.Review
			for _, one := range log {
				reviews = append(reviews, one.Review)
			}
			card, err := tx.PracticeCard(r.zhang, "walkaround", "covers")
			if diff := cmp.Diff(recall.Replay(reviews), card); diff != "" || err != nil {
				r.Errorf("the log does not lead to the card: %v (-log +card):\n%s", err, diff)
			}
			cards, err := tx.PracticeCards(r.zhang)
			want := []store.PracticeCard{{"walkaround", "covers", two}, {"walkaround", "trunk", trunk}}
			if diff := cmp.Diff(want, cards); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			none, err := tx.PracticeCard(r.zhang, "walkaround", "never")
			if none.Known() || err != nil {
				r.Errorf("a question never asked: %+v, %v", none, err)
			}
			return nil
		})
	})
}

func TestPracticeGround(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		r.begin(r.zhang, "walkaround", 1)
		r.write(func(tx *store.Tx) error {
			if _, err := tx.MarkRead(r.zhang, "steps/walkaround", "e1", []string{"one", "two"}); err != nil {
				return err
			}
			var given []assign.Assignment
			for _, kind := range []string{assign.Quiz, assign.Certification} {
				given = append(given, assign.Assignment{ID: store.NewID(), Person: r.zhang, Kind: kind, Ref: "image", Source: assign.Manual, ByID: r.chen, At: tx.Now})
			}
			return tx.AddAssignments(given)
		})
		review, card := r.practise(r.zhang, "image", "tie", recall.Card{}, "2026-03-02", recall.Again)
		r.read(func(tx *store.Tx) error {
			got, err := tx.PracticeGround(r.zhang, "2026-03-01")
			want := store.PracticeGround{
				Tasks: []assign.Task{{Kind: assign.Certification, Ref: "image"}, {Kind: assign.Quiz, Ref: "image"}},
				Read:  map[string]bool{"steps/walkaround": true}, Barred: map[string]bool{"walkaround": true},
				Days: []store.PracticeDay{{"2026-03-02", 1}},
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			none, err := tx.PracticeGround(r.chen, "2026-03-01")
			if diff := cmp.Diff(store.PracticeGround{}, none, cmpopts.EquateEmpty()); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			return nil
		})
		explained := func(barred bool) {
			r.Helper()
			r.read(func(tx *store.Tx) error {
				got, err := tx.ExplainedReview(review.ID, r.zhang)
				want := store.ExplainedReview{PracticeReview: review, Barred: barred, Due: card.Due, OfDay: 1}
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					r.Errorf("%v (-want +got):\n%s", err, diff)
				}
				return nil
			})
		}
		explained(false)
		r.begin(r.zhang, "image", 1)
		explained(true)
		r.read(func(tx *store.Tx) error {
			if _, err := tx.ExplainedReview(review.ID, r.chen); !errors.Is(err, fault.NotFound) {
				r.Errorf("somebody else's answer: %v", err)
			}
			return nil
		})
	})
}

func TestPracticeAnswersCountOnce(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		before := recall.Card{}
		r.practise(r.zhang, "walkaround", "covers", before, "2026-03-02", recall.Good)
		review, card := practised("walkaround", "covers", before, "2026-03-02", recall.Again)
		err := r.Write(context.Background(), func(tx *store.Tx) error {
			return tx.AddPracticeReviews(r.zhang, []store.PracticeReview{review}, []store.PracticeCard{card})
		})
		if !errors.Is(err, fault.Conflict) {
			r.Errorf("a number was taken twice: %v", err)
		}
		for _, change := range []string{`UPDATE practice_reviews SET grade = 4`, `DELETE FROM practice_reviews`} {
			err := r.Write(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Exec(change)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				r.Errorf("%s: %v", change, err)
			}
		}
	})
}

func TestNothingIsPractisedWhileItIsTested(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		r.practise(r.zhang, "walkaround", "covers", recall.Card{}, "2026-03-02", recall.Again) // due the next day
		r.practise(r.zhang, "image", "tie", recall.Card{}, "2026-03-02", recall.Again)
		r.practise(r.zhang, "image", "later", recall.Card{}, "2026-03-02", recall.Easy)
		look := func(when string, barred map[string]bool, due ...store.DueQuestion) {
			r.Helper()
			r.read(func(tx *store.Tx) error {
				got, err := tx.DueQuestions(r.zhang, "2026-03-03")
				if diff := cmp.Diff(due, got); diff != "" || err != nil {
					r.Errorf("%s: %v (-want +got):\n%s", when, err, diff)
				}
				slugs, err := tx.BarredQuizzes(r.zhang)
				if diff := cmp.Diff(barred, slugs); diff != "" || err != nil {
					r.Errorf("%s: %v (-want +got):\n%s", when, err, diff)
				}
				return nil
			})
		}
		tie, covers := store.DueQuestion{Quiz: "image", Question: "tie"}, store.DueQuestion{Quiz: "walkaround", Question: "covers"}
		look("at first", map[string]bool{}, tie, covers)
		a := r.begin(r.zhang, "walkaround", 1)
		r.begin(r.chen, "image", 1)
		look("in an attempt", map[string]bool{"walkaround": true}, tie)
		r.end(a, 10)
		look("after it", map[string]bool{}, tie, covers)

		for _, exam := range []struct {
			name            string
			opens, releases time.Duration // from now
			who             string
			excused         string
			barred          bool
		}{
			{"not open yet", time.Hour, 2 * time.Hour, r.zhang, "", false},
			{"open", -time.Hour, time.Hour, r.zhang, "", true},
			{"made known", -2 * time.Hour, -time.Minute, r.zhang, "", false},
			{"excused", -time.Hour, time.Hour, r.zhang, "病假", false},
			{"somebody else's", -time.Hour, time.Hour, r.chen, "", false},
		} {
			id := store.NewID()
			r.write(func(tx *store.Tx) error {
				s := store.Sitting{
					ID: id, Title: "统考", Quiz: "image", Opens: tx.Now.Add(exam.opens), Closes: tx.Now.Add(exam.releases),
					Releases: tx.Now.Add(exam.releases), Minutes: 15, CreatedBy: r.chen,
				}
				if err := tx.AddSitting(s); err != nil {
					return err
				}
				if err := tx.SetExaminees(id, []string{exam.who}); err != nil {
					return err
				}
				return tx.Arrange(id, store.Examinee{PersonID: exam.who, Excused: exam.excused})
			})
			if exam.barred {
				look(exam.name, map[string]bool{"image": true}, covers)
			} else {
				look(exam.name, map[string]bool{}, tie, covers)
			}
			r.write(func(tx *store.Tx) error { return tx.SetExaminees(id, []string{r.chen}) })
		}
	})
}

func TestPracticeTallyCountsTheFirstAnswerOfADay(t *testing.T) {
	inExamRooms(t, func(r examRoom) {
		var covers, trunk recall.Card
		for _, answer := range []struct {
			card     *recall.Card
			question string
			day      calendar.Day
			grade    recall.Grade
		}{
			{&covers, "covers", "2026-02-01", recall.Good}, // before
			{&covers, "covers", "2026-03-02", recall.Again},
			{&covers, "covers", "2026-03-02", recall.Good}, // once more, the solution just read
			{&trunk, "trunk", "2026-03-02", recall.Easy},
			{&covers, "covers", "2026-03-05", recall.Good},
			{&trunk, "trunk", "2026-03-05", recall.Hard},
		} {
			_, *answer.card = r.practise(r.zhang, "walkaround", answer.question, *answer.card, answer.day, answer.grade)
		}
		exam, card := practised("walkaround", "mats", recall.Card{}, "2026-03-06", recall.Good)
		exam.AttemptID = store.NewID()
		r.write(func(tx *store.Tx) error {
			return tx.AddPracticeReviews(r.zhang, []store.PracticeReview{exam}, []store.PracticeCard{card})
		})
		r.read(func(tx *store.Tx) error {
			got, err := tx.PracticeTally(r.zhang, "walkaround", "2026-03-01")
			if want := (store.PracticeTally{Days: 2, Answers: 4, Right: 2}); got != want || err != nil {
				r.Errorf("%+v, %v", got, err)
			}
			none, err := tx.PracticeTally(r.chen, "walkaround", "2026-03-01")
			if none != (store.PracticeTally{}) || err != nil {
				r.Errorf("%+v, %v", none, err)
			}
			ground, err := tx.PracticeGround(r.zhang, "2026-03-01")
			if diff := cmp.Diff([]store.PracticeDay{{"2026-03-05", 2}, {"2026-03-02", 3}}, ground.Days); diff != "" || err != nil {
				r.Errorf("%v (-want +got):\n%s", err, diff)
			}
			daily, err := tx.DailyReviews(r.zhang, "2026-03-02")
			if len(daily) != 3 || daily[0].Grade != recall.Again || err != nil {
				r.Errorf("%d answers of the day, %v", len(daily), err)
			}
			return err
		})
	})
}
