package store

import (
	"encoding/json"
	"fmt"
	"time"

	"qibu/quiz"
)

// QuizTallies returns how many results of each quiz there are, revisions
// included: the number rises with everything that changes how questions fare.
func (tx *Tx) QuizTallies(quizzes []string) (map[string]int, error) {
	type row struct {
		quiz    string
		results int
	}
	slugs, args := inList(nil, quizzes)
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.quiz, &one.results)
		return one, err
	}, `SELECT t.quiz, COUNT(*) AS results FROM attempts t JOIN results r ON r.attempt_id = t.id
		WHERE t.quiz IN `+slugs+` GROUP BY t.quiz`, args...)
	tallies := make(map[string]int, len(list))
	for _, r := range list {
		tallies[r.quiz] = r.results
	}
	return tallies, err
}

// FirstResult is the result that holds of somebody's first attempt at a quiz.
type FirstResult struct {
	Quiz, Attempt, PersonID string
	Edition                 string // graded against
	Percent                 int
	Passed                  bool
	EndedAt                 time.Time
	Scores                  []quiz.Score
}

// FirstResults lists, for each of the quizzes, the latest so many first attempts
// that have ended, the latest first.
func (tx *Tx) FirstResults(quizzes []string, limit int) ([]FirstResult, error) {
	slugs, args := inList([]any{limit}, quizzes)
	return collect(tx, func(row scanner) (FirstResult, error) {
		var r FirstResult
		var ended int64
		var scores string
		err := row.Scan(&r.Quiz, &r.Attempt, &r.PersonID, &r.Edition, &r.Percent, &r.Passed, &ended, &scores)
		if err != nil {
			return r, err
		}
		r.EndedAt = fromMS(ended)
		if err := json.Unmarshal([]byte(scores), &r.Scores); err != nil {
			return r, fmt.Errorf("scores of attempt %s: %w", r.Attempt, err)
		}
		return r, nil
	}, `SELECT t.quiz, t.id, t.person_id, r.edition, r.percent, r.passed, t.ended_at, r.scores
		FROM (SELECT id, quiz, person_id, ended_at, ROW_NUMBER() OVER (PARTITION BY quiz ORDER BY ended_at DESC, id DESC) AS place
			FROM attempts WHERE quiz IN `+slugs+` AND number = 1 AND ended_at IS NOT NULL) t
		JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		WHERE t.place <= $1 ORDER BY t.quiz, t.ended_at DESC, t.id DESC`, args...)
}

// maxEditions bounds how many editions of quizzes are read at once.
const maxEditions = 200

// QuizEditions returns published editions by their hashes, the latest first.
func (tx *Tx) QuizEditions(hashes []string) ([]Edition, error) {
	list, args := inList([]any{maxEditions}, hashes)
	return collect(tx, func(row scanner) (Edition, error) { return scanEdition(row) },
		`SELECT `+editionColumns+` FROM editions e WHERE e.kind = 'quiz' AND e.hash IN `+list+`
		ORDER BY e.published_at DESC, e.hash LIMIT $1`, args...)
}
