package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"qibu/internal/fault"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// AddAttempt records a new attempt. When the person has an open one at the quiz
// already it is fault.Conflict. Of two starts at once on PostgreSQL the later
// one is run again, provided it has looked for an open attempt first.
func (tx *Tx) AddAttempt(a quiz.Attempt) error {
	paper, err := json.Marshal(a.Paper)
	if err != nil {
		return fmt.Errorf("paper: %w", err)
	}
	_, err = tx.exec(`INSERT INTO attempts (id, person_id, quiz, edition, number, state, paper, started_at, deadline, ended_at, receipt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, '')`,
		a.ID, a.Person, a.Quiz, a.Hash, a.Number, string(a.State), string(paper), ms(a.StartedAt), ms(a.Deadline))
	return err
}

// Attempt is an attempt without its paper, with the exam it belongs to.
type Attempt struct {
	quiz.Attempt
	SittingID, Sitting string // "" outside of an exam; Sitting is its title
	OneByOne           bool
	Releases           time.Time // the result is not known before; zero outside of an exam
	Void               bool      // the exam was cancelled: there is never a result
	Barred             bool      // the person is being tested on the quiz: its solutions are not to be seen now
}

// Attempt returns a person's attempt. Nobody else's is found.
func (tx *Tx) Attempt(id, personID string) (Attempt, error) {
	a := Attempt{Attempt: quiz.Attempt{ID: id, Person: personID}}
	var started, deadline int64
	var ended, releases sql.NullInt64
	err := tx.row(`SELECT t.quiz, t.edition, t.number, t.state, t.started_at, t.deadline, t.ended_at, t.receipt,
			COALESCE(s.id, '') AS sitting_id, COALESCE(s.title, '') AS sitting, COALESCE(s.one_by_one, FALSE) AS one_by_one, s.releases_at,
			s.cancelled_at IS NOT NULL AS void, t.quiz IN (`+barredNow+`) AS barred
		FROM attempts t LEFT JOIN examinees c ON c.attempt_id = t.id LEFT JOIN sittings s ON s.id = c.sitting_id
		WHERE t.person_id = $1 AND t.id = $3`, personID, ms(tx.Now), id).
		Scan(&a.Quiz, &a.Hash, &a.Number, &a.State, &started, &deadline, &ended, &a.Receipt,
			&a.SittingID, &a.Sitting, &a.OneByOne, &releases, &a.Void, &a.Barred)
	a.StartedAt, a.Deadline, a.EndedAt, a.Releases = fromMS(started), fromMS(deadline), fromNullMS(ended), fromNullMS(releases)
	return a, err
}

// Paper returns the paper of an attempt.
func (tx *Tx) Paper(attemptID string) (p quiz.Paper, err error) {
	var text string
	if err := tx.row(`SELECT paper FROM attempts WHERE id = $1`, attemptID).Scan(&text); err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return p, fmt.Errorf("paper of attempt %s: %w", attemptID, err)
	}
	return p, nil
}

// maxSeenPapers bounds the papers that SeenQuestions looks through.
const maxSeenPapers = 20

// SeenQuestions returns the questions of a person's latest papers at a quiz, once
// for every paper they were in.
func (tx *Tx) SeenQuestions(personID, quizSlug string) (seen []string, err error) {
	papers, err := collect(tx, func(row scanner) (p quiz.Paper, err error) {
		var text string
		if err := row.Scan(&text); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(text), &p)
	}, `SELECT paper FROM attempts WHERE person_id = $1 AND quiz = $2 ORDER BY number DESC LIMIT $3`, personID, quizSlug, maxSeenPapers)
	for _, p := range papers {
		for _, slot := range p.Slots {
			seen = append(seen, slot.Question)
		}
	}
	return seen, err
}

// AttemptLine is an attempt in a list: how it went, without its paper.
type AttemptLine struct {
	ID       string
	Number   int
	State    quiz.State
	Deadline time.Time
	EndedAt  time.Time // zero while in progress
	Graded   bool      // there is a result: nothing is to be marked or to be waited for any more
	Percent  int       // 0 without a result
	Passed   bool
	Sitting  string    // title of the exam it belongs to, "" outside of one
	Releases time.Time // no result before; zero outside of an exam
	Void     bool      // the exam was cancelled: it is no attempt used up
}

// maxAttemptLines bounds a list of attempts. It is far beyond what any retake
// rule allows within the days it looks back on.
const maxAttemptLines = 100

// AttemptsAt lists a person's attempts at a quiz, the latest first.
func (tx *Tx) AttemptsAt(personID, quizSlug string) ([]AttemptLine, error) {
	return collect(tx, func(row scanner) (AttemptLine, error) {
		var l AttemptLine
		var deadline int64
		var ended, releases sql.NullInt64
		err := row.Scan(&l.ID, &l.Number, &l.State, &deadline, &ended, &l.Graded, &l.Percent, &l.Passed, &l.Sitting, &releases, &l.Void)
		l.Deadline, l.EndedAt, l.Releases = fromMS(deadline), fromNullMS(ended), fromNullMS(releases)
		return l, err
	}, `SELECT t.id, t.number, t.state, t.deadline, t.ended_at, r.attempt_id IS NOT NULL AS graded,
			COALESCE(r.percent, 0) AS percent, COALESCE(r.passed, FALSE) AS passed, COALESCE(s.title, '') AS sitting, s.releases_at,
			s.cancelled_at IS NOT NULL AS void
		FROM attempts t LEFT JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		LEFT JOIN examinees c ON c.attempt_id = t.id LEFT JOIN sittings s ON s.id = c.sitting_id
		WHERE t.person_id = $1 AND t.quiz = $2 ORDER BY t.number DESC LIMIT $3`, personID, quizSlug, maxAttemptLines)
}

// currentResult picks of an attempt's results the one that holds.
const currentResult = `r.revision = (SELECT MAX(x.revision) FROM results x WHERE x.attempt_id = r.attempt_id)`

// SaveAnswer stores an answer in the person's attempt if the attempt is still
// open, its deadline is not before openSince and the sequence number is newer
// than the stored one; saved tells. It is one statement, for it runs with every
// tap of every learner.
func (tx *Tx) SaveAnswer(attemptID, personID string, slot int, s quiz.Saved, openSince time.Time) (saved bool, err error) {
	n, err := tx.exec(`INSERT INTO answers (attempt_id, slot, seq, choice, saved_at)
		SELECT id, CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS BIGINT) FROM attempts
		WHERE id = $1 AND person_id = $2 AND state = 'in_progress' AND deadline >= $7
		ON CONFLICT (attempt_id, slot) DO UPDATE SET seq = excluded.seq, choice = excluded.choice, saved_at = excluded.saved_at
		WHERE excluded.seq > answers.seq`,
		attemptID, personID, slot, s.Seq, choice(s.Answer), ms(tx.Now), ms(openSince))
	return n == 1, err
}

// SaveAnswers is SaveAnswer for several slots at once, in one statement however
// many there are. It returns the slots that were stored.
func (tx *Tx) SaveAnswers(attemptID, personID string, answers map[int]quiz.Saved, openSince time.Time) (stored []int, err error) {
	args := []any{attemptID, personID, ms(openSince), ms(tx.Now)}
	var rows []string
	for _, slot := range slices.Sorted(maps.Keys(answers)) {
		n := len(args)
		rows = append(rows, fmt.Sprintf("(CAST($%d AS BIGINT), CAST($%d AS BIGINT), CAST($%d AS TEXT))", n+1, n+2, n+3))
		args = append(args, slot, answers[slot].Seq, choice(answers[slot].Answer))
	}
	return collect(tx, func(row scanner) (slot int, err error) {
		err = row.Scan(&slot)
		return slot, err
	}, `WITH given (slot, seq, choice) AS (VALUES `+strings.Join(rows, ", ")+`)
		INSERT INTO answers (attempt_id, slot, seq, choice, saved_at)
		SELECT t.id, g.slot, g.seq, g.choice, CAST($4 AS BIGINT) FROM attempts t CROSS JOIN given g
		WHERE t.id = $1 AND t.person_id = $2 AND t.state = 'in_progress' AND t.deadline >= $3
		ON CONFLICT (attempt_id, slot) DO UPDATE SET seq = excluded.seq, choice = excluded.choice, saved_at = excluded.saved_at
		WHERE excluded.seq > answers.seq
		RETURNING slot`, args...)
}

// choice is how an answer is stored: tokens in order with a space between them,
// anything else as a JSON list, which no token begins like.
func choice(a sheet.Answer) string {
	if !slices.ContainsFunc(a, written) {
		return strings.Join(a, " ")
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

// written reports whether an entry of an answer cannot be taken for a token.
func written(entry string) bool {
	return entry == "" || strings.ContainsFunc(entry, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_'
	})
}

func fromChoice(s string) sheet.Answer {
	var a sheet.Answer
	if strings.HasPrefix(s, "[") && json.Unmarshal([]byte(s), &a) == nil {
		return a
	}
	return strings.Fields(s)
}

// SavedAnswer returns what decides on a save that SaveAnswer refused: the
// attempt, without its paper, the stored answer of the slot (zero when there is
// none) and when it was saved. Somebody else's attempt is not found.
func (tx *Tx) SavedAnswer(attemptID, personID string, slot int) (a quiz.Attempt, s quiz.Saved, at time.Time, err error) {
	a = quiz.Attempt{ID: attemptID, Person: personID}
	var deadline, savedAt int64
	var text string
	err = tx.row(`SELECT t.state, t.deadline, COALESCE(a.seq, 0) AS seq, COALESCE(a.choice, '') AS choice, COALESCE(a.saved_at, 0) AS saved_at
		FROM attempts t LEFT JOIN answers a ON a.attempt_id = t.id AND a.slot = $3
		WHERE t.id = $1 AND t.person_id = $2`, attemptID, personID, slot).
		Scan(&a.State, &deadline, &s.Seq, &text, &savedAt)
	a.Deadline, s.Answer = fromMS(deadline), fromChoice(text)
	return a, s, fromMS(savedAt), err
}

// maxLateAnswers bounds what is kept of one slot after the end.
const maxLateAnswers = 20

// AddLateAnswer keeps an answer that came after the end, as evidence. A repeated
// one is kept once.
func (tx *Tx) AddLateAnswer(attemptID string, slot int, s quiz.Saved) error {
	_, err := tx.exec(`INSERT INTO late_answers (attempt_id, slot, seq, choice, saved_at)
		SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT)
		WHERE (SELECT COUNT(*) FROM late_answers WHERE attempt_id = $1 AND slot = $2) < $6
		ON CONFLICT (attempt_id, slot, seq) DO NOTHING`,
		attemptID, slot, s.Seq, choice(s.Answer), ms(tx.Now), maxLateAnswers)
	return err
}

// Answers returns the saved answers of an attempt by slot.
func (tx *Tx) Answers(attemptID string) (map[int]quiz.Saved, error) {
	type row struct {
		slot int
		quiz.Saved
	}
	list, err := collect(tx, func(r scanner) (row, error) {
		var one row
		var text string
		var at int64
		err := r.Scan(&one.slot, &one.Seq, &text, &at)
		one.Answer, one.At = fromChoice(text), fromMS(at)
		return one, err
	}, `SELECT slot, seq, choice, saved_at FROM answers WHERE attempt_id = $1`, attemptID)
	answers := make(map[int]quiz.Saved, len(list))
	for _, r := range list {
		answers[r.slot] = r.Saved
	}
	return answers, err
}

// EndAttempt closes an open attempt as a.State, a.EndedAt and a.Receipt say, and
// records a.Result if there is one. Closing one that is not open any more is
// fault.Conflict.
func (tx *Tx) EndAttempt(a quiz.Attempt) error {
	n, err := tx.exec(`UPDATE attempts SET state = $1, ended_at = $2, receipt = $3 WHERE id = $4 AND state = 'in_progress'`,
		string(a.State), ms(a.EndedAt), a.Receipt, a.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "error.conflict")
	}
	if a.Result == nil {
		return nil
	}
	return tx.AddResult(a)
}

// AddResult records the result of a closed attempt, which has none yet: what
// a.Result and a.Scores say, graded against a.Hash. A second one is ErrUnique.
func (tx *Tx) AddResult(a quiz.Attempt) error {
	scores, err := json.Marshal(a.Scores)
	if err != nil {
		return fmt.Errorf("scores: %w", err)
	}
	_, err = tx.exec(`INSERT INTO results (attempt_id, revision, edition, points, max_points, percent, passed, graded_at, scores)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8)`,
		a.ID, a.Hash, a.Result.Points, a.Result.Max, a.Result.Percent, a.Result.Passed, ms(tx.Now), string(scores))
	return err
}

// ResultLine is a recorded result: what was graded and what came out.
type ResultLine struct {
	Edition     string // graded against
	Corrected   string // later edition whose keys were taken, "" when it is Edition's own
	Points, Max int
	Percent     int
	Passed      bool
	First       int  // percent of the first result; another than Percent's where the key was corrected
	FirstPass   bool // and what it said
	Late        int  // answers that came after the end and were not graded
}

// Agrees reports whether grading came to what is recorded.
func (l ResultLine) Agrees(r sheet.Result) bool {
	return r.Points == l.Points && r.Max == l.Max && r.Percent == l.Percent && r.Passed == l.Passed
}

// HasResult reports whether an attempt has a result.
func (tx *Tx) HasResult(attemptID string) (bool, error) {
	var n int
	err := tx.row(`SELECT COUNT(*) FROM results WHERE attempt_id = $1`, attemptID).Scan(&n)
	return n > 0, err
}

// ResultOf returns the result that holds for a closed attempt.
func (tx *Tx) ResultOf(attemptID string) (ResultLine, error) {
	var l ResultLine
	err := tx.row(`SELECT r.edition, COALESCE(g.edition, '') AS corrected, r.points, r.max_points, r.percent, r.passed,
			f.percent AS first_percent, f.passed AS first_passed,
			(SELECT COUNT(*) FROM late_answers l WHERE l.attempt_id = r.attempt_id) AS late
		FROM results r JOIN results f ON f.attempt_id = r.attempt_id AND f.revision = 1
		LEFT JOIN regrades g ON g.id = r.regrade_id WHERE r.attempt_id = $1 AND `+currentResult, attemptID).
		Scan(&l.Edition, &l.Corrected, &l.Points, &l.Max, &l.Percent, &l.Passed, &l.First, &l.FirstPass, &l.Late)
	return l, err
}

// OverdueAttempt names an open attempt whose time is over.
type OverdueAttempt struct {
	ID, PersonID string
	Deadline     time.Time
}

// OverdueAttempts lists up to limit open attempts whose deadline lies before
// openSince, the longest overdue first, from the one behind after on.
func (tx *Tx) OverdueAttempts(openSince time.Time, after OverdueAttempt, limit int) ([]OverdueAttempt, error) {
	return collect(tx, func(row scanner) (OverdueAttempt, error) {
		var o OverdueAttempt
		var deadline int64
		err := row.Scan(&o.ID, &o.PersonID, &deadline)
		o.Deadline = fromMS(deadline)
		return o, err
	}, `SELECT id, person_id, deadline FROM attempts
		WHERE state = 'in_progress' AND deadline < $1 AND (deadline > $2 OR (deadline = $2 AND id > $3))
		ORDER BY deadline, id LIMIT $4`, ms(openSince), ms(after.Deadline), after.ID, limit)
}

// Unlock is a trainer's permission for one more attempt.
type Unlock struct {
	PersonID, Quiz, Reason, GrantedBy string
}

// AddUnlock records a permission given now.
func (tx *Tx) AddUnlock(u Unlock) error {
	_, err := tx.exec(`INSERT INTO quiz_unlocks (id, person_id, quiz, reason, granted_by, granted_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, NewID(), u.PersonID, u.Quiz, u.Reason, u.GrantedBy, ms(tx.Now))
	return err
}

// Unlocks returns when a person was permitted one more attempt at a quiz, the
// latest first.
func (tx *Tx) Unlocks(personID, quizSlug string) ([]time.Time, error) {
	return collect(tx, func(row scanner) (time.Time, error) {
		var at int64
		err := row.Scan(&at)
		return fromMS(at), err
	}, `SELECT granted_at FROM quiz_unlocks WHERE person_id = $1 AND quiz = $2
		ORDER BY granted_at DESC LIMIT $3`, personID, quizSlug, maxAttemptLines)
}

// QuizStanding is where a person stands with one quiz.
type QuizStanding struct {
	Percent   int       // best so far
	Passed    bool      // at least once
	Attempts  int       // the open one included
	Open      string    // id of the open attempt, "" when there is none
	LastEnded time.Time // zero before the first end
}

// BestResults returns where a person stands with every quiz attempted, by slug.
func (tx *Tx) BestResults(personID string) (map[string]QuizStanding, error) {
	type row struct {
		slug string
		QuizStanding
	}
	list, err := collect(tx, func(r scanner) (row, error) {
		var one row
		var ended sql.NullInt64
		err := r.Scan(&one.slug, &one.Attempts, &one.Percent, &one.Passed, &one.Open, &ended)
		one.LastEnded = fromNullMS(ended)
		return one, err
	}, `SELECT t.quiz, COUNT(*) AS attempts, COALESCE(MAX(r.percent), 0) AS percent,
			MAX(CASE WHEN r.passed THEN 1 ELSE 0 END) = 1 AS passed,
			COALESCE(MAX(CASE WHEN t.state = 'in_progress' THEN t.id END), '') AS open_id, MAX(t.ended_at) AS last_ended
		FROM attempts t LEFT JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		WHERE t.person_id = $1 GROUP BY t.quiz`, personID)
	standings := make(map[string]QuizStanding, len(list))
	for _, r := range list {
		standings[r.slug] = r.QuizStanding
	}
	return standings, err
}
