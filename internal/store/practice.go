package store

import (
	"strings"
	"time"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/fault"
	"qibu/quiz/recall"
	"qibu/quiz/sheet"
)

// PracticeCard is what a person knows of one question of a quiz.
type PracticeCard struct {
	Quiz, Question string
	recall.Card
}

// PracticeReview is one answer a person gave to a question, in practice or in an
// attempt. Number counts a person's answers to the question from 1.
type PracticeReview struct {
	ID, Quiz, Question string
	Number             int
	AttemptID          string // "" in practice
	Daily              bool   // one of the day's questions
	Edition            string // of the quiz
	Answer             sheet.Answer
	recall.Review
}

const practiceCardColumns = `quiz, question, reviews, stability, difficulty, seen_day, due_day, timed, timed_ms`

func scanPracticeCard(row scanner) (c PracticeCard, err error) {
	var timed int64
	err = row.Scan(&c.Quiz, &c.Question, &c.Reviews, &c.Stability, &c.Difficulty, &c.Seen, &c.Due, &c.Pace.Answers, &timed)
	c.Pace.Total = time.Duration(timed) * time.Millisecond
	return c, err
}

// maxPracticeCards bounds the cards read of a person. It is far beyond what all
// banks together hold.
const maxPracticeCards = 10_000

// PracticeCards lists a person's cards, the longest due first.
func (tx *Tx) PracticeCards(personID string) ([]PracticeCard, error) {
	return collect(tx, scanPracticeCard, `SELECT `+practiceCardColumns+` FROM practice_cards
		WHERE person_id = $1 ORDER BY due_day, quiz, question LIMIT $2`, personID, maxPracticeCards)
}

// PracticeCardsAt returns a person's cards of one quiz by question.
func (tx *Tx) PracticeCardsAt(personID, quizSlug string) (map[string]recall.Card, error) {
	list, err := collect(tx, scanPracticeCard, `SELECT `+practiceCardColumns+` FROM practice_cards
		WHERE person_id = $1 AND quiz = $2`, personID, quizSlug)
	cards := make(map[string]recall.Card, len(list))
	for _, c := range list {
		cards[c.Question] = c.Card
	}
	return cards, err
}

// PracticeCard returns a person's card of one question; zero when there is none.
func (tx *Tx) PracticeCard(personID, quizSlug, question string) (recall.Card, error) {
	c, err := scanPracticeCard(tx.row(`SELECT `+practiceCardColumns+` FROM practice_cards
		WHERE person_id = $1 AND quiz = $2 AND question = $3`, personID, quizSlug, question))
	if isNotFound(err) {
		return recall.Card{}, nil
	}
	return c.Card, err
}

// DueQuestion names a question of a quiz.
type DueQuestion struct{ Quiz, Question string }

// barredNow are the quizzes that a person ($1) is being tested on now ($2), by an
// attempt under way or in an exam whose results are not made known yet.
const barredNow = `SELECT quiz FROM attempts WHERE person_id = $1 AND state = 'in_progress'
	UNION SELECT s.quiz FROM examinees x JOIN sittings s ON s.id = x.sitting_id
	WHERE x.person_id = $1 AND x.excused = '' AND s.cancelled_at IS NULL AND s.opens_at <= $2 AND s.releases_at > $2`

// BarredQuizzes returns the quizzes whose solutions a person may not see now, in
// practice or in earlier results, because they are being tested on them.
func (tx *Tx) BarredQuizzes(personID string) (map[string]bool, error) {
	list, err := collect(tx, func(row scanner) (slug string, err error) {
		err = row.Scan(&slug)
		return slug, err
	}, barredNow, personID, ms(tx.Now))
	slugs := make(map[string]bool, len(list))
	for _, slug := range list {
		slugs[slug] = true
	}
	return slugs, err
}

// DueQuestions lists what is due for a person by a day, without the quizzes that
// are barred.
func (tx *Tx) DueQuestions(personID string, by calendar.Day) ([]DueQuestion, error) {
	return collect(tx, func(row scanner) (d DueQuestion, err error) {
		err = row.Scan(&d.Quiz, &d.Question)
		return d, err
	}, `SELECT quiz, question FROM practice_cards WHERE person_id = $1 AND due_day <= $3
		AND quiz NOT IN (`+barredNow+`) ORDER BY quiz, question LIMIT $4`, personID, ms(tx.Now), string(by), maxPracticeCards)
}

// AddPracticeReviews records answers of a person and the cards they lead to, in
// two statements however many there are. An id or a number that is taken is
// fault.Conflict; on PostgreSQL, where it may have been taken a moment ago by
// somebody whose change cannot be seen yet, the transaction is run again first.
func (tx *Tx) AddPracticeReviews(personID string, reviews []PracticeReview, cards []PracticeCard) error {
	if len(reviews) == 0 {
		return nil
	}
	var rows tuples
	for _, r := range reviews {
		rows.add(r.ID, personID, r.Quiz, r.Question, r.Number, r.AttemptID, r.Daily, r.Edition, choice(r.Answer),
			int(r.Grade), r.Spent.Milliseconds(), string(r.Day), ms(tx.Now))
	}
	n, err := tx.exec(`INSERT INTO practice_reviews (id, person_id, quiz, question, number, attempt_id, daily, edition, choice,
		grade, spent_ms, day, at) VALUES `+rows.String()+` ON CONFLICT DO NOTHING`, rows.args...)
	if err == nil && int(n) < len(reviews) {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	if err != nil {
		return err
	}
	rows = tuples{}
	for _, c := range cards {
		rows.add(personID, c.Quiz, c.Question, c.Reviews, c.Stability, c.Difficulty, string(c.Seen), string(c.Due),
			c.Pace.Answers, c.Pace.Total.Milliseconds())
	}
	_, err = tx.exec(`INSERT INTO practice_cards (person_id, quiz, question, reviews, stability, difficulty, seen_day, due_day,
		timed, timed_ms) VALUES `+rows.String()+`
		ON CONFLICT (person_id, quiz, question) DO UPDATE SET reviews = excluded.reviews, stability = excluded.stability,
		difficulty = excluded.difficulty, seen_day = excluded.seen_day, due_day = excluded.due_day,
		timed = excluded.timed, timed_ms = excluded.timed_ms`, rows.args...)
	return err
}

// tuples spells the rows of one INSERT.
type tuples struct {
	rows []string
	args []any
}

func (t *tuples) add(values ...any) {
	t.rows = append(t.rows, "("+numbered(len(t.args)+1, len(values))+")")
	t.args = append(t.args, values...)
}

func (t *tuples) String() string { return strings.Join(t.rows, ", ") }

const practiceReviewColumns = `id, quiz, question, number, attempt_id, daily, edition, choice, grade, spent_ms, day`

func scanPracticeReview(row scanner) (r PracticeReview, err error) {
	var text string
	var spent int64
	err = row.Scan(&r.ID, &r.Quiz, &r.Question, &r.Number, &r.AttemptID, &r.Daily, &r.Edition, &text, &r.Grade, &spent, &r.Day)
	r.Answer, r.Spent = fromChoice(text), time.Duration(spent)*time.Millisecond
	return r, err
}

// PracticeReview returns an answer of a person. Nobody else's is found.
func (tx *Tx) PracticeReview(id, personID string) (PracticeReview, error) {
	return scanPracticeReview(tx.row(`SELECT `+practiceReviewColumns+` FROM practice_reviews
		WHERE id = $1 AND person_id = $2`, id, personID))
}

// ExplainedReview is an answer with what its explanation depends on.
type ExplainedReview struct {
	PracticeReview
	Barred bool         // the quiz is
	Due    calendar.Day // of the question now
	OfDay  int          // answers to the day's questions on that day
}

// ExplainedReview returns an answer of a person given in practice.
func (tx *Tx) ExplainedReview(id, personID string) (e ExplainedReview, err error) {
	e.PracticeReview, err = scanPracticeReview(scanFunc(func(dest ...any) error {
		return tx.row(`SELECT `+practiceReviewColumns+`, quiz IN (`+barredNow+`) AS barred,
				(SELECT c.due_day FROM practice_cards c WHERE c.person_id = r.person_id AND c.quiz = r.quiz AND c.question = r.question) AS due,
				(SELECT COUNT(*) FROM practice_reviews d WHERE d.person_id = r.person_id AND d.day = r.day AND d.daily) AS of_day
			FROM practice_reviews r WHERE id = $3 AND person_id = $1 AND attempt_id = ''`, personID, ms(tx.Now), id).
			Scan(append(dest, &e.Barred, &e.Due, &e.OfDay)...)
	}))
	return e, err
}

// PracticeLog lists a person's answers to a question, oldest first: what its
// card follows from.
func (tx *Tx) PracticeLog(personID, quizSlug, question string) ([]PracticeReview, error) {
	return collect(tx, scanPracticeReview, `SELECT `+practiceReviewColumns+` FROM practice_reviews
		WHERE person_id = $1 AND quiz = $2 AND question = $3 ORDER BY number`, personID, quizSlug, question)
}

// maxDaily bounds the day's questions that are looked back on.
const maxDaily = 500

// DailyReviews lists what a person answered of a day's questions, oldest first.
func (tx *Tx) DailyReviews(personID string, day calendar.Day) ([]PracticeReview, error) {
	return collect(tx, scanPracticeReview, `SELECT `+practiceReviewColumns+` FROM practice_reviews
		WHERE person_id = $1 AND day = $2 AND daily ORDER BY at, id LIMIT $3`, personID, string(day), maxDaily)
}

// PracticeGround is what practice of one person stands on, besides the cards.
type PracticeGround struct {
	Tasks  []assign.Task // of what was assigned, kind and ref only
	Read   map[string]bool
	Barred map[string]bool
	Days   []PracticeDay
}

// PracticeDay is a day on which somebody practised. What was answered in attempts
// is no practice.
type PracticeDay struct {
	Day   calendar.Day
	Daily int // answers to the day's questions
}

// PracticeGround gathers in one statement what a person was assigned, of which
// modules something was read, which quizzes are barred, and the days practised on
// from since on, the latest first.
func (tx *Tx) PracticeGround(personID string, since calendar.Day) (g PracticeGround, err error) {
	type row struct {
		why, ref string
		n        int
	}
	rows, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.why, &one.ref, &one.n)
		return one, err
	}, `SELECT kind AS why, ref, 0 AS n FROM assignments WHERE person_id = $1 AND withdrawn_at IS NULL
		UNION SELECT 'read', module, 0 FROM readings WHERE person_id = $1
		UNION SELECT 'barred', b.quiz, 0 FROM (`+barredNow+`) b
		UNION SELECT 'day', day, SUM(CASE WHEN daily THEN 1 ELSE 0 END) FROM practice_reviews
			WHERE person_id = $1 AND day >= $3 AND attempt_id = '' GROUP BY day
		ORDER BY why, ref DESC`, personID, ms(tx.Now), string(since))
	g = PracticeGround{Read: map[string]bool{}, Barred: map[string]bool{}}
	for _, r := range rows {
		switch r.why {
		case "read":
			g.Read[r.ref] = true
		case "barred":
			g.Barred[r.ref] = true
		case "day":
			g.Days = append(g.Days, PracticeDay{calendar.Day(r.ref), r.n})
		default:
			g.Tasks = append(g.Tasks, assign.Task{Kind: r.why, Ref: r.ref})
		}
	}
	return g, err
}

// PracticeTally is what practising one quiz came to.
type PracticeTally struct {
	Days, Answers, Right int
}

// PracticeTally counts a person's practice of a quiz from since on. Of a
// question only the first answer of a day counts, for the next ones were given
// with the solution just read.
func (tx *Tx) PracticeTally(personID, quizSlug string, since calendar.Day) (t PracticeTally, err error) {
	err = tx.row(`SELECT COUNT(DISTINCT r.day) AS days, COUNT(*) AS answers,
			COALESCE(SUM(CASE WHEN r.grade >= $4 THEN 1 ELSE 0 END), 0) AS right_ones
		FROM practice_reviews r WHERE r.person_id = $1 AND r.quiz = $2 AND r.day >= $3 AND r.attempt_id = ''
		AND NOT EXISTS (SELECT 1 FROM practice_reviews e WHERE e.person_id = r.person_id AND e.quiz = r.quiz
			AND e.question = r.question AND e.day = r.day AND e.number < r.number)`, personID, quizSlug, string(since), int(recall.Good)).
		Scan(&t.Days, &t.Answers, &t.Right)
	return t, err
}
