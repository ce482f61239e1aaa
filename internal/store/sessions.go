package store

import (
	"database/sql"
	"encoding/hex"
	"fmt"
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
	StartedAt         time.Time
	Outcome
}

// Outcome is how a session ended. It is zero while the session is open.
type Outcome struct {
	EndedAt time.Time
	Ending  string // the ending's title
	Percent int    // the total
	Passed  bool   // by the scenario's own rule
	RedLine bool   // at least one was crossed
}

// Ended reports whether the session is over.
func (o Outcome) Ended() bool { return !o.EndedAt.IsZero() }

const sessionColumns = `id, person_id, scenario, edition, engine, seed, started_at, ended_at, ending, percent, passed, red_line`

func scanSession(row scanner) (Session, error) {
	var s Session
	var seed string
	var started int64
	var ended sql.NullInt64
	err := row.Scan(&s.ID, &s.PersonID, &s.Scenario, &s.Edition, &s.Engine, &seed, &started, &ended,
		&s.Ending, &s.Percent, &s.Passed, &s.RedLine)
	if err != nil {
		return s, err
	}
	s.StartedAt, s.EndedAt = fromMS(started), fromNullMS(ended)
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

// AddSession records a new, open session. added is false when the person has
// an open one of the scenario already.
func (tx *Tx) AddSession(s Session) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO sessions (id, person_id, scenario, edition, engine, seed, state, started_at,
			ended_at, ending, percent, passed, red_line)
		VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, NULL, '', 0, FALSE, FALSE) ON CONFLICT DO NOTHING`,
		s.ID, s.PersonID, s.Scenario, s.Edition, s.Engine, hex.EncodeToString(s.Seed[:]), ms(s.StartedAt))
	return n == 1, err
}

// Session returns a person's session. Nobody else's is found.
func (tx *Tx) Session(id, personID string) (Session, error) {
	return scanSession(tx.row(`SELECT `+sessionColumns+` FROM sessions WHERE id = $1 AND person_id = $2`, id, personID))
}

// SessionsAt lists a person's sessions of a scenario, the latest first and at
// most limit of them. An open one comes first: only when there is none does the
// next one begin.
func (tx *Tx) SessionsAt(personID, scenario string, limit int) ([]Session, error) {
	return collect(tx, scanSession, `SELECT `+sessionColumns+` FROM sessions
		WHERE person_id = $1 AND scenario = $2
		ORDER BY CASE state WHEN 'open' THEN 0 ELSE 1 END, started_at DESC, id DESC LIMIT $3`, personID, scenario, limit)
}

// SessionEvents returns the log of a session from its beginning.
func (tx *Tx) SessionEvents(id string) ([]roleplay.Event, error) {
	return collect(tx, func(row scanner) (roleplay.Event, error) {
		var e roleplay.Event
		err := row.Scan(&e.Step, &e.Kind, &e.Ref, &e.At)
		return e, err
	}, `SELECT seq, kind, ref, at FROM session_events WHERE session_id = $1 ORDER BY seq`, id)
}

// AppendEvent adds e to the log of an open session if the log holds exactly
// e.Step events; added tells. Of two that name the same step, one is added.
func (tx *Tx) AppendEvent(sessionID string, e roleplay.Event) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO session_events (session_id, seq, kind, ref, at)
		SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM sessions
		WHERE id = $1 AND state = 'open' AND (SELECT COUNT(*) FROM session_events WHERE session_id = $1) = $2
		ON CONFLICT DO NOTHING`, sessionID, e.Step, e.Kind, e.Ref, e.At)
	return n == 1, err
}

// EndSession closes an open session. ended is false when it was closed before.
func (tx *Tx) EndSession(id string, o Outcome) (ended bool, err error) {
	n, err := tx.exec(`UPDATE sessions SET state = 'ended', ended_at = $1, ending = $2, percent = $3, passed = $4, red_line = $5
		WHERE id = $6 AND state = 'open'`, ms(o.EndedAt), o.Ending, o.Percent, o.Passed, o.RedLine, id)
	return n == 1, err
}

// ScenarioStanding is how far a person has come with one scenario.
type ScenarioStanding struct {
	Best   int    // the highest total of an ended session, in percent
	Passed bool   // at least once, by the scenario's own rule and without a red line
	Plays  int    // ended sessions
	Open   string // id of the open session, "" when there is none
}

// BestSessions returns how far a person has come with every scenario tried, by slug.
func (tx *Tx) BestSessions(personID string) (map[string]ScenarioStanding, error) {
	type row struct {
		slug string
		ScenarioStanding
	}
	list, err := collect(tx, func(r scanner) (row, error) {
		var one row
		err := r.Scan(&one.slug, &one.Best, &one.Passed, &one.Plays, &one.Open)
		return one, err
	}, `SELECT scenario,
			COALESCE(MAX(CASE WHEN state = 'ended' THEN percent END), 0) AS best,
			COUNT(CASE WHEN passed AND NOT red_line THEN 1 END) > 0 AS has_passed,
			COUNT(CASE WHEN state = 'ended' THEN 1 END) AS plays,
			COALESCE(MAX(CASE WHEN state = 'open' THEN id END), '') AS open_id
		FROM sessions WHERE person_id = $1 GROUP BY scenario`, personID)
	standings := make(map[string]ScenarioStanding, len(list))
	for _, r := range list {
		standings[r.slug] = r.ScenarioStanding
	}
	return standings, err
}
