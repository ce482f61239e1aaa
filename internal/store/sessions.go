package store

import (
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"qibu/roleplay"
)

// Session is a rehearsal as recorded: what it is played on and, once it has
// ended, how it went. What was said is in its events.
type Session struct {
	ID, PersonID      string
	Scenario, Edition string
	Engine            int // the rules its log folds by
	Seed              [32]byte
	Exam              bool   // taken in earnest: it is evidence
	TimeFactor        int    // percent of the scenario's limits of time, fixed at the start
	ForkedFrom        string // the session whose beginning it shares, "" for none
	ForkStep          int    // how many events of it
	StartedAt         time.Time
	Outcome
	Intent     string    // what the learner means to say next time, "" when declined
	UnsealedAt time.Time // when that was said or declined
}

// Outcome is how a session ended. It is zero while the session is open.
type Outcome struct {
	EndedAt time.Time
	Ending  string // the ending's title; "" when practice was broken off for a fresh start
	Percent int    // the total
	Passed  bool   // by the scenario's own rule
	RedLine bool   // at least one was crossed
}

// Ended reports whether the session is over.
func (o Outcome) Ended() bool { return !o.EndedAt.IsZero() }

// Finished reports whether the story was played to one of its endings.
func (o Outcome) Finished() bool { return o.Ended() && o.Ending != "" }

const sessionColumns = `s.id, s.person_id, s.scenario, s.edition, s.engine, s.seed, s.exam, s.time_factor,
	COALESCE(s.forked_from, '') AS forked_from, s.fork_step, s.started_at, s.ended_at, s.ending, s.percent, s.passed, s.red_line,
	s.intent, s.unsealed_at`

// scanSession reads sessionColumns and what a query selects after them.
func scanSession(row scanner, more ...any) (Session, error) {
	var s Session
	var seed string
	var started int64
	var ended, unsealed sql.NullInt64
	err := row.Scan(append([]any{
		&s.ID, &s.PersonID, &s.Scenario, &s.Edition, &s.Engine, &seed, &s.Exam, &s.TimeFactor,
		&s.ForkedFrom, &s.ForkStep, &started, &ended, &s.Ending, &s.Percent, &s.Passed, &s.RedLine, &s.Intent, &unsealed,
	}, more...)...)
	if err != nil {
		return s, err
	}
	s.StartedAt, s.EndedAt, s.UnsealedAt = fromMS(started), fromNullMS(ended), fromNullMS(unsealed)
	s.Seed, err = fromSeed(seed)
	if err != nil {
		return s, fmt.Errorf("session %s: %w", s.ID, err)
	}
	return s, nil
}

// fromSeed reads a stored seed, 32 bytes in hexadecimal.
func fromSeed(text string) (seed [32]byte, err error) {
	b, err := hex.DecodeString(text)
	if err == nil && len(b) != len(seed) {
		err = fmt.Errorf("%d bytes", len(b))
	}
	if err != nil {
		return seed, fmt.Errorf("seed: %w", err)
	}
	copy(seed[:], b)
	return seed, nil
}

// AddSession records a new, open session. added is false when the person has an
// open one of the scenario in the same mode already.
func (tx *Tx) AddSession(s Session) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO sessions (id, person_id, scenario, edition, engine, seed, exam, time_factor, forked_from, fork_step,
			state, started_at, ended_at, ending, percent, passed, red_line, intent, unsealed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, NULL, '', 0, FALSE, FALSE, '', NULL) ON CONFLICT DO NOTHING`,
		s.ID, s.PersonID, s.Scenario, s.Edition, s.Engine, hex.EncodeToString(s.Seed[:]), s.Exam, s.TimeFactor,
		nullText(s.ForkedFrom), s.ForkStep, ms(s.StartedAt))
	return n == 1, err
}

// Session returns a person's session with its log from the beginning. Nobody
// else's is found.
func (tx *Tx) Session(id, personID string) (s Session, log []roleplay.Event, err error) {
	_, err = collect(tx, func(row scanner) (none struct{}, err error) {
		var step, at sql.NullInt64
		var kind, ref sql.NullString
		s, err = scanSession(row, &step, &kind, &ref, &at)
		if step.Valid {
			log = append(log, roleplay.Event{Step: int(step.Int64), Kind: kind.String, Ref: ref.String, At: at.Int64})
		}
		return none, err
	}, `SELECT `+sessionColumns+`, e.seq, e.kind, e.ref, e.at
		FROM sessions s LEFT JOIN session_events e ON e.session_id = s.id
		WHERE s.id = $1 AND s.person_id = $2 ORDER BY e.seq`, id, personID)
	if err == nil && s.ID == "" {
		err = errNotFound()
	}
	return s, log, err
}

// LatestSession returns the session of a scenario that a person began last in a
// mode: the open one if there is one.
func (tx *Tx) LatestSession(personID, scenario string, exam bool) (Session, error) {
	return scanSession(tx.row(`SELECT `+sessionColumns+` FROM sessions s
		WHERE s.person_id = $1 AND s.scenario = $2 AND s.exam = $3
		ORDER BY CASE s.state WHEN 'open' THEN 0 ELSE 1 END, s.started_at DESC, s.id DESC LIMIT 1`, personID, scenario, exam))
}

// Runs lists a person's sessions of a scenario that were played to an ending,
// the latest first and at most limit of them.
func (tx *Tx) Runs(personID, scenario string, limit int) ([]Session, error) {
	return collect(tx, func(row scanner) (Session, error) { return scanSession(row) }, `SELECT `+sessionColumns+` FROM sessions s
		WHERE s.person_id = $1 AND s.scenario = $2 AND s.state = 'ended' AND s.ending <> ''
		ORDER BY s.started_at DESC, s.id DESC LIMIT $3`, personID, scenario, limit)
}

// AppendEvent adds e to the log of an open session if the log holds exactly
// e.Step events; added tells. Of two that name the same step, one is added.
func (tx *Tx) AppendEvent(sessionID string, e roleplay.Event) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO session_events (session_id, seq, kind, ref, at)
		SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM sessions
		WHERE id = $1 AND state = 'open' AND ($2 = 0 OR EXISTS (SELECT 1 FROM session_events WHERE session_id = $1 AND seq = $2 - 1))
		ON CONFLICT DO NOTHING`, sessionID, e.Step, e.Kind, e.Ref, e.At)
	return n == 1, err
}

// EndSession closes an open session. ended is false when it was closed before.
func (tx *Tx) EndSession(id string, o Outcome) (ended bool, err error) {
	n, err := tx.exec(`UPDATE sessions SET state = 'ended', ended_at = $1, ending = $2, percent = $3, passed = $4, red_line = $5
		WHERE id = $6 AND state = 'open'`, ms(o.EndedAt), o.Ending, o.Percent, o.Passed, o.RedLine, id)
	return n == 1, err
}

// SetIntent keeps what a person means to say next time, "" for nothing, and
// with it opens the debrief of the person's session. set is false when it was
// open before: what was said first stays.
func (tx *Tx) SetIntent(id, personID, intent string) (set bool, err error) {
	n, err := tx.exec(`UPDATE sessions SET intent = $1, unsealed_at = $2
		WHERE id = $3 AND person_id = $4 AND state = 'ended' AND ending <> '' AND unsealed_at IS NULL`, intent, ms(tx.Now), id, personID)
	return n == 1, err
}

// Score is what a session earned in one competence.
type Score struct {
	Dimension       string // its key
	Earned, Percent int
}

// AddScores records what an ended session earned.
func (tx *Tx) AddScores(sessionID string, scores []Score) error {
	args := []any{sessionID}
	rows := make([]string, len(scores))
	for i, s := range scores {
		n := len(args)
		rows[i] = fmt.Sprintf("($1, $%d, $%d, $%d)", n+1, n+2, n+3)
		args = append(args, s.Dimension, s.Earned, s.Percent)
	}
	_, err := tx.exec(`INSERT INTO session_scores (session_id, dimension, earned, percent) VALUES `+strings.Join(rows, ", "), args...)
	return err
}

// Cohort returns the mean percent per competence of the people of a store in
// exams of one edition of a scenario: everybody counts once, with the latest.
// A mean of fewer than fewest people is left out, for it would tell on them.
func (tx *Tx) Cohort(storeID, scenario, edition string, fewest int) (means map[string]int, err error) {
	type mean struct {
		dimension string
		percent   int
	}
	list, err := collect(tx, func(row scanner) (m mean, err error) {
		var sum, people int
		err = row.Scan(&m.dimension, &sum, &people)
		m.percent = (2*sum + people) / max(2*people, 1)
		return m, err
	}, `SELECT x.dimension, CAST(SUM(x.percent) AS BIGINT) AS total, COUNT(*) AS people FROM sessions s
			JOIN persons p ON p.id = s.person_id JOIN session_scores x ON x.session_id = s.id
		WHERE s.scenario = $1 AND s.edition = $2 AND s.exam AND p.store_id = $3 AND NOT EXISTS (
			SELECT 1 FROM sessions later JOIN session_scores y ON y.session_id = later.id
			WHERE later.person_id = s.person_id AND later.scenario = s.scenario AND later.edition = s.edition AND later.exam
				AND (later.ended_at > s.ended_at OR (later.ended_at = s.ended_at AND later.id > s.id)))
		GROUP BY x.dimension HAVING COUNT(*) >= $4`, scenario, edition, storeID, fewest)
	means = make(map[string]int, len(list))
	for _, m := range list {
		means[m.dimension] = m.percent
	}
	return means, err
}

// ScenarioStanding is how far a person has come with one scenario.
type ScenarioStanding struct {
	Best      int    // the highest total of an exam, in percent
	Passed    bool   // an exam, at least once, by the scenario's own rule and without a red line
	Plays     int    // ended exams
	Practised int    // practice played to an ending
	Open      string // id of the open exam, "" when there is none
	Practice  string // id of the open practice
}

// BestSessions returns how far a person has come with every scenario tried, by slug.
func (tx *Tx) BestSessions(personID string) (map[string]ScenarioStanding, error) {
	type row struct {
		slug string
		ScenarioStanding
	}
	list, err := collect(tx, func(r scanner) (row, error) {
		var one row
		err := r.Scan(&one.slug, &one.Best, &one.Passed, &one.Plays, &one.Practised, &one.Open, &one.Practice)
		return one, err
	}, `SELECT scenario,
			COALESCE(MAX(CASE WHEN exam AND state = 'ended' THEN percent END), 0) AS best,
			COUNT(CASE WHEN exam AND passed AND NOT red_line THEN 1 END) > 0 AS has_passed,
			COUNT(CASE WHEN exam AND state = 'ended' THEN 1 END) AS plays,
			COUNT(CASE WHEN NOT exam AND state = 'ended' AND ending <> '' THEN 1 END) AS practised,
			COALESCE(MAX(CASE WHEN exam AND state = 'open' THEN id END), '') AS open_id,
			COALESCE(MAX(CASE WHEN NOT exam AND state = 'open' THEN id END), '') AS practice_id
		FROM sessions WHERE person_id = $1 GROUP BY scenario`, personID)
	standings := make(map[string]ScenarioStanding, len(list))
	for _, r := range list {
		standings[r.slug] = r.ScenarioStanding
	}
	return standings, err
}
