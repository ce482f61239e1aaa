package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// RecordLine is an ended attempt in its person's own record.
type RecordLine struct {
	ID, Quiz  string
	Number    int
	State     quiz.State
	EndedAt   time.Time
	Receipt   string
	Published time.Time // when the edition it was taken against came; zero when unknown
	Graded    bool      // there is a result
	Percent   int       // of the result that holds, 0 without one
	Passed    bool
	Revision  int // of that result; beyond 1 it was corrected
	First     int // percent of the first result
	FirstPass bool
	Sitting   string    // title of the exam it belongs to, "" outside of one
	Releases  time.Time // no result before; zero outside of an exam
	Void      bool      // the exam was cancelled: there is never a result
}

// Record lists a person's ended attempts, at one quiz or at all for "", the latest
// first, and how many there are.
func (tx *Tx) Record(personID, quizSlug string, limit, offset int) (list []RecordLine, total int, err error) {
	err = tx.row(`SELECT COUNT(*) FROM attempts
		WHERE person_id = $1 AND state <> 'in_progress' AND (CAST($2 AS TEXT) = '' OR quiz = $2)`, personID, quizSlug).Scan(&total)
	if err != nil {
		return nil, 0, err
	}
	list, err = collect(tx, func(row scanner) (l RecordLine, err error) {
		var ended, published, releases sql.NullInt64
		err = row.Scan(&l.ID, &l.Quiz, &l.Number, &l.State, &ended, &l.Receipt, &published, &l.Revision, &l.Percent, &l.Passed,
			&l.First, &l.FirstPass, &l.Sitting, &releases, &l.Void)
		l.EndedAt, l.Published, l.Releases = fromNullMS(ended), fromNullMS(published), fromNullMS(releases)
		l.Graded = l.Revision > 0
		return l, err
	}, `SELECT t.id, t.quiz, t.number, t.state, t.ended_at, t.receipt, e.published_at,
			COALESCE(r.revision, 0) AS revision, COALESCE(r.percent, 0) AS percent, COALESCE(r.passed, FALSE) AS passed,
			COALESCE(f.percent, 0) AS first_percent, COALESCE(f.passed, FALSE) AS first_passed,
			COALESCE(s.title, '') AS sitting, s.releases_at, s.cancelled_at IS NOT NULL AS void
		FROM attempts t LEFT JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		LEFT JOIN results f ON f.attempt_id = t.id AND f.revision = 1
		LEFT JOIN editions e ON e.kind = 'quiz' AND e.slug = t.quiz AND e.hash = t.edition
		LEFT JOIN examinees c ON c.attempt_id = t.id LEFT JOIN sittings s ON s.id = c.sitting_id
		WHERE t.person_id = $1 AND t.state <> 'in_progress' AND (CAST($2 AS TEXT) = '' OR t.quiz = $2)
		ORDER BY t.ended_at DESC, t.id DESC LIMIT $3 OFFSET $4`, personID, quizSlug, limit, offset)
	return list, total, err
}

// QuizzesTaken lists the quizzes that a person has ended an attempt at, by slug.
func (tx *Tx) QuizzesTaken(personID string) ([]string, error) {
	return collect(tx, scanID, `SELECT DISTINCT quiz FROM attempts WHERE person_id = $1 AND state <> 'in_progress' ORDER BY quiz`, personID)
}

// GradedPaper is an attempt with a result: what was asked, and what was graded
// against.
type GradedPaper struct {
	ID        string
	Number    int
	EndedAt   time.Time
	Edition   string // the result was graded against
	Corrected string // later edition whose keys were taken, "" when it is Edition's own
	Paper     quiz.Paper
}

// GradedPapers lists a person's papers at a quiz that have a result, the latest
// first, up to maxAttemptLines.
func (tx *Tx) GradedPapers(personID, quizSlug string) ([]GradedPaper, error) {
	return collect(tx, func(row scanner) (p GradedPaper, err error) {
		var ended int64
		var paper string
		if err := row.Scan(&p.ID, &p.Number, &ended, &p.Edition, &p.Corrected, &paper); err != nil {
			return p, err
		}
		p.EndedAt = fromMS(ended)
		if err := json.Unmarshal([]byte(paper), &p.Paper); err != nil {
			return p, fmt.Errorf("paper of attempt %s: %w", p.ID, err)
		}
		return p, nil
	}, `SELECT t.id, t.number, t.ended_at, r.edition, COALESCE(g.edition, '') AS corrected, t.paper
		FROM attempts t JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		LEFT JOIN regrades g ON g.id = r.regrade_id
		WHERE t.person_id = $1 AND t.quiz = $2 ORDER BY t.number DESC LIMIT $3`, personID, quizSlug, maxAttemptLines)
}

// GivenAnswer is an answer of one of a person's attempts.
type GivenAnswer struct {
	AttemptID string
	Slot      int
	Answer    sheet.Answer
}

// GivenAnswers lists everything a person answered at a quiz in attempts that have
// ended.
func (tx *Tx) GivenAnswers(personID, quizSlug string) ([]GivenAnswer, error) {
	return collect(tx, func(row scanner) (g GivenAnswer, err error) {
		var text string
		err = row.Scan(&g.AttemptID, &g.Slot, &text)
		g.Answer = fromChoice(text)
		return g, err
	}, `SELECT a.attempt_id, a.slot, a.choice FROM attempts t JOIN answers a ON a.attempt_id = t.id
		WHERE t.person_id = $1 AND t.quiz = $2 AND t.state <> 'in_progress'`, personID, quizSlug)
}

// GivenMark is a mark of one of a person's free texts.
type GivenMark struct {
	AttemptID string
	Slot      int
	quiz.Mark
}

// GivenMarks lists the marks of a person's answers to one free-text question, the
// earliest first: the last of a text holds.
func (tx *Tx) GivenMarks(personID, quizSlug, question string) ([]GivenMark, error) {
	return collect(tx, func(row scanner) (m GivenMark, err error) {
		var points string
		var at int64
		if err := row.Scan(&m.AttemptID, &m.Slot, &points, &m.Comment, &m.By, &at); err != nil {
			return m, err
		}
		m.At = fromMS(at)
		if err := json.Unmarshal([]byte(points), &m.Points); err != nil {
			return m, fmt.Errorf("points of a mark in attempt %s: %w", m.AttemptID, err)
		}
		return m, nil
	}, `SELECT m.attempt_id, m.slot, m.points, m.comment, m.marked_by, m.marked_at
		FROM attempts t JOIN free_texts f ON f.attempt_id = t.id AND f.question = $3
		JOIN marks m ON m.attempt_id = f.attempt_id AND m.slot = f.slot
		WHERE t.person_id = $1 AND t.quiz = $2 ORDER BY m.marked_at, m.id`, personID, quizSlug, question)
}
