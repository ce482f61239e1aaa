package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"qibu/internal/fault"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// RegradeState is where a correction of results stands.
type RegradeState string

// The states. Only a proposed one is still open.
const (
	Proposed RegradeState = "proposed"
	Approved RegradeState = "approved"
	Declined RegradeState = "declined"
)

// Regrade is a proposal to grade earlier attempts at a quiz by the keys of a later
// edition.
type Regrade struct {
	ID, Quiz, Edition        string
	Reason                   string
	State                    RegradeState
	ProposedByID, ProposedBy string
	ProposedAt               time.Time
	DecidedBy                string // "" while it is open
	DecidedAt                time.Time
	Word                     string // of who decided
	Through                  GradedAt
}

// GradedAt is a place in the order in which results were recorded.
type GradedAt struct {
	At        time.Time
	AttemptID string
}

const regradeColumns = `g.id, g.quiz, g.edition, g.reason, g.state, g.proposed_by, p.name AS proposer, g.proposed_at,
	COALESCE(d.name, '') AS decider, g.decided_at, g.word, g.through_at, g.through_id
	FROM regrades g JOIN persons p ON p.id = g.proposed_by LEFT JOIN persons d ON d.id = g.decided_by`

func scanRegrade(row scanner) (g Regrade, err error) {
	var proposed, through int64
	var decided sql.NullInt64
	err = row.Scan(&g.ID, &g.Quiz, &g.Edition, &g.Reason, &g.State, &g.ProposedByID, &g.ProposedBy, &proposed,
		&g.DecidedBy, &decided, &g.Word, &through, &g.Through.AttemptID)
	g.ProposedAt, g.DecidedAt, g.Through.At = fromMS(proposed), fromNullMS(decided), fromMS(through)
	return g, err
}

// AddRegrade records a proposal made now. While another one for the quiz is open it
// is fault.Conflict.
func (tx *Tx) AddRegrade(g Regrade) error {
	_, err := tx.exec(`INSERT INTO regrades (id, quiz, edition, reason, state, proposed_by, proposed_at, word, through_at, through_id)
		VALUES ($1, $2, $3, $4, 'proposed', $5, $6, '', 0, '')`, g.ID, g.Quiz, g.Edition, g.Reason, g.ProposedByID, ms(tx.Now))
	return err
}

// Regrade returns a proposal; fault.NotFound when there is none.
func (tx *Tx) Regrade(id string) (Regrade, error) {
	return scanRegrade(tx.row(`SELECT `+regradeColumns+` WHERE g.id = $1`, id))
}

// OpenRegrade returns the id of the proposal for a quiz that is open, "" when there
// is none.
func (tx *Tx) OpenRegrade(quizSlug string) (id string, err error) {
	err = tx.row(`SELECT id FROM regrades WHERE quiz = $1 AND state = 'proposed'`, quizSlug).Scan(&id)
	if isNotFound(err) {
		return "", nil
	}
	return id, err
}

// Regrades lists proposals, the latest first, and how many there are.
func (tx *Tx) Regrades(limit, offset int) (list []Regrade, total int, err error) {
	if err := tx.row(`SELECT COUNT(*) FROM regrades`).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err = collect(tx, scanRegrade, `SELECT `+regradeColumns+` ORDER BY g.proposed_at DESC, g.id DESC LIMIT $1 OFFSET $2`, limit, offset)
	return list, total, err
}

// RegradesInForce returns for every quiz the approved correction that was proposed
// last, of two in the same millisecond the one with the later id.
func (tx *Tx) RegradesInForce() ([]Regrade, error) {
	return collect(tx, scanRegrade, `SELECT `+regradeColumns+` WHERE g.state = 'approved'
		AND NOT EXISTS (SELECT 1 FROM regrades x WHERE x.quiz = g.quiz AND x.state = 'approved'
			AND (x.proposed_at, x.id) > (g.proposed_at, g.id))
		ORDER BY g.quiz LIMIT 1000`)
}

// DecideRegrade closes an open proposal. One that is closed already is
// fault.Conflict.
func (tx *Tx) DecideRegrade(id string, state RegradeState, by, word string) error {
	n, err := tx.exec(`UPDATE regrades SET state = $1, decided_by = $2, decided_at = $3, word = $4 WHERE id = $5 AND state = 'proposed'`,
		string(state), by, ms(tx.Now), word, id)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

// MoveRegrade notes how far results have been looked at. moved is false when
// somebody else has moved it from where g has it.
func (tx *Tx) MoveRegrade(g Regrade, to GradedAt) (moved bool, err error) {
	n, err := tx.exec(`UPDATE regrades SET through_at = $1, through_id = $2 WHERE id = $3 AND through_at = $4 AND through_id = $5`,
		ms(to.At), to.AttemptID, g.ID, ms(g.Through.At), g.Through.AttemptID)
	return n == 1, err
}

// Graded is an ended attempt with its paper, its answers and the result that
// holds.
type Graded struct {
	quiz.Attempt
	Recorded GradedAt // when its first result was recorded
	Revision int      // number of the result that holds
	Line     ResultLine
	StoreID  string // of whose attempt it is
	Name     string
	Saved    map[int]quiz.Saved
}

// GradedAfter returns up to limit attempts at a quiz that have a result, in the
// order in which their first results were recorded, from behind after on.
func (tx *Tx) GradedAfter(quizSlug string, after GradedAt, limit int) ([]Graded, error) {
	list, err := collect(tx, func(row scanner) (g Graded, err error) {
		g.Quiz, g.Saved = quizSlug, map[int]quiz.Saved{}
		var paper string
		var started, ended, recorded int64
		err = row.Scan(&g.ID, &g.Person, &g.Name, &g.StoreID, &g.Hash, &g.State, &paper, &started, &ended, &recorded,
			&g.Revision, &g.Line.Points, &g.Line.Max, &g.Line.Percent, &g.Line.Passed)
		if err != nil {
			return g, err
		}
		g.StartedAt, g.EndedAt, g.Recorded = fromMS(started), fromMS(ended), GradedAt{fromMS(recorded), g.ID}
		if err := json.Unmarshal([]byte(paper), &g.Paper); err != nil {
			return g, fmt.Errorf("paper of attempt %s: %w", g.ID, err)
		}
		return g, nil
	}, `SELECT t.id, t.person_id, p.name, p.store_id, t.edition, t.state, t.paper, t.started_at, t.ended_at, f.graded_at,
			r.revision, r.points, r.max_points, r.percent, r.passed
		FROM results f JOIN attempts t ON t.id = f.attempt_id JOIN persons p ON p.id = t.person_id
		JOIN results r ON r.attempt_id = t.id AND `+currentResult+`
		WHERE f.revision = 1 AND t.quiz = $1 AND (f.graded_at > $2 OR (f.graded_at = $2 AND f.attempt_id > $3))
		ORDER BY f.graded_at, f.attempt_id LIMIT $4`, quizSlug, ms(after.At), after.AttemptID, limit)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, tx.fillAnswers(list)
}

// fillAnswers reads the answers of all the attempts at once.
func (tx *Tx) fillAnswers(list []Graded) error {
	byID, ids := map[string]*Graded{}, make([]any, len(list))
	for i := range list {
		byID[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	_, err := collect(tx, func(row scanner) (none struct{}, err error) {
		var id, text string
		var slot int
		var s quiz.Saved
		var at int64
		err = row.Scan(&id, &slot, &s.Seq, &text, &at)
		if g := byID[id]; err == nil && g != nil {
			s.Answer, s.At = fromChoice(text), fromMS(at)
			g.Saved[slot] = s
		}
		return none, err
	}, `SELECT attempt_id, slot, seq, choice, saved_at FROM answers WHERE attempt_id IN (`+numbered(1, len(ids))+`)`, ids...)
	return err
}

// AddRevision records a corrected result beside the one that held.
func (tx *Tx) AddRevision(g Graded, r sheet.Result, scores []quiz.Score, regradeID string) error {
	text, err := json.Marshal(scores)
	if err != nil {
		return fmt.Errorf("scores: %w", err)
	}
	_, err = tx.exec(`INSERT INTO results (attempt_id, revision, edition, points, max_points, percent, passed, graded_at, scores, regrade_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		g.ID, g.Revision+1, g.Hash, r.Points, r.Max, r.Percent, r.Passed, ms(tx.Now), string(text), regradeID)
	return err
}
