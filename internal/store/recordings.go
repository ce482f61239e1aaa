package store

import (
	"time"

	"qibu/internal/people"
)

// RecordingFilter narrows the list of played sessions. Empty fields do not narrow.
type RecordingFilter struct {
	StoreID       string
	Scenario      string
	Text          string // part of the name or staff number
	Limit, Offset int
}

// RecordingRow is a session that was played to an ending, with whose it is.
type RecordingRow struct {
	Session
	StaffNo, Name string
	Comments      int
}

// recorded is what a filter covers.
const recorded = ` FROM sessions s JOIN persons p ON p.id = s.person_id
	WHERE s.state = 'ended' AND s.ending <> '' AND p.store_id = $1 AND ($2 = '' OR s.scenario = $2)
	  AND ($3 = '' OR lower(p.name) LIKE $4 ESCAPE '\' OR lower(p.staff_no) LIKE $4 ESCAPE '\')`

// Recordings returns one page of the sessions a filter covers, the latest first,
// and how many there are.
func (tx *Tx) Recordings(f RecordingFilter) (list []RecordingRow, total int, err error) {
	args := []any{f.StoreID, f.Scenario, f.Text, like(f.Text)}
	if err := tx.row(`SELECT COUNT(*)`+recorded, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err = collect(tx, func(row scanner) (r RecordingRow, err error) {
		r.Session, err = scanSession(row, &r.StaffNo, &r.Name, &r.Comments)
		return r, err
	}, `SELECT `+sessionColumns+`, p.staff_no, p.name,
			(SELECT COUNT(*) FROM turn_comments c WHERE c.session_id = s.id) AS comments`+recorded+`
		ORDER BY s.ended_at DESC, s.id DESC LIMIT $5 OFFSET $6`, append(args, f.Limit, f.Offset)...)
	return list, total, err
}

// SessionOwner returns whose session it is.
func (tx *Tx) SessionOwner(id string) (p people.Person, err error) {
	err = tx.row(`SELECT p.id, p.staff_no, p.name, p.store_id FROM sessions s JOIN persons p ON p.id = s.person_id
		WHERE s.id = $1`, id).Scan(&p.ID, &p.StaffNo, &p.Name, &p.StoreID)
	return p, err
}

// Comment is what somebody had to say about a turn of a session. It stays as it
// was said.
type Comment struct {
	ID, SessionID    string
	Step             int // events in the log after the turn
	AuthorID, Author string
	Text             string
	At               time.Time
}

// AddComment keeps a comment. added is false when it was kept before.
func (tx *Tx) AddComment(c Comment) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO turn_comments (id, session_id, step, author_id, text, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`, c.ID, c.SessionID, c.Step, c.AuthorID, c.Text, ms(tx.Now))
	return n == 1, err
}

// CommentsOn returns what was said about a session, turn by turn, the oldest first.
func (tx *Tx) CommentsOn(sessionID string) ([]Comment, error) {
	return collect(tx, func(row scanner) (c Comment, err error) {
		var at int64
		err = row.Scan(&c.ID, &c.SessionID, &c.Step, &c.AuthorID, &c.Author, &c.Text, &at)
		c.At = fromMS(at)
		return c, err
	}, `SELECT c.id, c.session_id, c.step, c.author_id, p.name, c.text, c.at
		FROM turn_comments c JOIN persons p ON p.id = c.author_id
		WHERE c.session_id = $1 ORDER BY c.step, c.at, c.id`, sessionID)
}

// Commented is a session about which somebody had something to say.
type Commented struct {
	SessionID string
	Times     int
}

// CommentedSince returns, for each scenario, the session of a person that was
// commented on last since a time.
func (tx *Tx) CommentedSince(personID string, since time.Time) (map[string]Commented, error) {
	type row struct {
		scenario string
		Commented
	}
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.scenario, &one.SessionID, &one.Times)
		return one, err
	}, `SELECT s.scenario, s.id, COUNT(*) FROM turn_comments c JOIN sessions s ON s.id = c.session_id
		WHERE s.person_id = $1 AND c.at >= $2 GROUP BY s.scenario, s.id ORDER BY MAX(c.at)`, personID, ms(since))
	latest := make(map[string]Commented, len(list))
	for _, r := range list {
		latest[r.scenario] = r.Commented
	}
	return latest, err
}

// Tally is how often something was said, or nothing was, in the sessions of one
// edition. What a session took over from another is counted there only.
type Tally struct {
	Kind, Ref        string // as in the log
	Exams, Practices int    // times
	Ended, Total     int    // exams played to an ending in which it was, and the sum of their totals in percent
}

// Tallies counts the decisions that people of a store made on an edition of a scenario.
func (tx *Tx) Tallies(storeID, scenario, edition string) ([]Tally, error) {
	return collect(tx, func(row scanner) (t Tally, err error) {
		err = row.Scan(&t.Kind, &t.Ref, &t.Exams, &t.Practices, &t.Ended, &t.Total)
		return t, err
	}, `SELECT kind, ref,
			CAST(SUM(CASE WHEN exam THEN times ELSE 0 END) AS BIGINT) AS exams,
			CAST(SUM(CASE WHEN exam THEN 0 ELSE times END) AS BIGINT) AS practices,
			COUNT(CASE WHEN exam AND state = 'ended' THEN 1 END) AS ended,
			CAST(SUM(CASE WHEN exam AND state = 'ended' THEN percent ELSE 0 END) AS BIGINT) AS total
		FROM (SELECT e.kind, e.ref, s.id, s.exam, s.state, s.percent, COUNT(*) AS times
			FROM sessions s JOIN persons p ON p.id = s.person_id JOIN session_events e ON e.session_id = s.id
			WHERE p.store_id = $1 AND s.scenario = $2 AND s.edition = $3 AND e.kind IN ('choose', 'silence') AND e.seq >= s.fork_step
			GROUP BY e.kind, e.ref, s.id, s.exam, s.state, s.percent) made
		GROUP BY kind, ref`, storeID, scenario, edition)
}

// Arrival is how many sessions of one edition there are, by how they ended.
type Arrival struct {
	Exam   bool
	Ending string // "" while it is open, or when it was broken off
	Times  int
}

// Arrivals counts the sessions that people of a store began on an edition of a scenario.
func (tx *Tx) Arrivals(storeID, scenario, edition string) ([]Arrival, error) {
	return collect(tx, func(row scanner) (a Arrival, err error) {
		err = row.Scan(&a.Exam, &a.Ending, &a.Times)
		return a, err
	}, `SELECT s.exam, s.ending, COUNT(*) FROM sessions s JOIN persons p ON p.id = s.person_id
		WHERE p.store_id = $1 AND s.scenario = $2 AND s.edition = $3 GROUP BY s.exam, s.ending`, storeID, scenario, edition)
}

// Passage is how often people came from one decision to the next, or to the end.
type Passage struct {
	Exam              bool
	Kind, Ref         string // of the decision, as in the log
	NextKind, NextRef string // of the next one; "" when there was none
	Ending            string // of the session; "" while it is open, or when it was broken off
	Times             int
}

// Passages counts what followed the decisions that Tallies counts.
func (tx *Tx) Passages(storeID, scenario, edition string) ([]Passage, error) {
	return collect(tx, func(row scanner) (p Passage, err error) {
		err = row.Scan(&p.Exam, &p.Kind, &p.Ref, &p.NextKind, &p.NextRef, &p.Ending, &p.Times)
		return p, err
	}, `SELECT exam, kind, ref, next_kind, next_ref, ending, COUNT(*)
		FROM (SELECT s.exam, e.kind, e.ref, s.ending,
				COALESCE(LEAD(e.kind) OVER (PARTITION BY s.id ORDER BY e.seq), '') AS next_kind,
				COALESCE(LEAD(e.ref) OVER (PARTITION BY s.id ORDER BY e.seq), '') AS next_ref
			FROM sessions s JOIN persons p ON p.id = s.person_id JOIN session_events e ON e.session_id = s.id
			WHERE p.store_id = $1 AND s.scenario = $2 AND s.edition = $3 AND e.kind IN ('choose', 'silence') AND e.seq >= s.fork_step) made
		GROUP BY exam, kind, ref, next_kind, next_ref, ending`, storeID, scenario, edition)
}
