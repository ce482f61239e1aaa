package store

import (
	"database/sql"
	"strings"
	"time"
)

// AngoffPanel is a panel of judges at work on a quiz, or done with it.
type AngoffPanel struct {
	ID, Quiz, Edition    string
	OpenedByID, OpenedBy string
	OpenedAt, ClosedAt   time.Time // ClosedAt is zero while judges are at work
	Round                int       // 1 or 2
}

// AddAngoffPanel records a panel opened now, in its first round. While another is
// open on the quiz it is fault.Conflict.
func (tx *Tx) AddAngoffPanel(p AngoffPanel) error {
	_, err := tx.exec(`INSERT INTO angoff_panels (id, quiz, edition, opened_by, opened_at, round, closed_at)
		VALUES ($1, $2, $3, $4, $5, 1, NULL)`, p.ID, p.Quiz, p.Edition, p.OpenedByID, ms(tx.Now))
	return err
}

const panelColumns = `a.id, a.quiz, a.edition, a.opened_by, p.name, a.opened_at, a.closed_at, a.round
	FROM angoff_panels a JOIN persons p ON p.id = a.opened_by`

func scanPanel(row scanner) (p AngoffPanel, err error) {
	var opened int64
	var closed sql.NullInt64
	err = row.Scan(&p.ID, &p.Quiz, &p.Edition, &p.OpenedByID, &p.OpenedBy, &opened, &closed, &p.Round)
	p.OpenedAt, p.ClosedAt = fromMS(opened), fromNullMS(closed)
	return p, err
}

// AngoffPanel returns a panel.
func (tx *Tx) AngoffPanel(id string) (AngoffPanel, error) {
	return scanPanel(tx.row(`SELECT `+panelColumns+` WHERE a.id = $1`, id))
}

// maxPanels bounds the list of a quiz's panels.
const maxPanels = 50

// AngoffPanels lists the panels of a quiz, the latest first.
func (tx *Tx) AngoffPanels(quizSlug string) ([]AngoffPanel, error) {
	return collect(tx, scanPanel, `SELECT `+panelColumns+` WHERE a.quiz = $1
		ORDER BY a.opened_at DESC, a.id DESC LIMIT $2`, quizSlug, maxPanels)
}

// AdvanceAngoff has a panel that is open in its first round begin the second.
// moved is false when it is not there any more.
func (tx *Tx) AdvanceAngoff(id string) (moved bool, err error) {
	n, err := tx.exec(`UPDATE angoff_panels SET round = 2 WHERE id = $1 AND round = 1 AND closed_at IS NULL`, id)
	return n == 1, err
}

// CloseAngoff ends a panel in its second round. closed is false when it is over
// or has not come that far.
func (tx *Tx) CloseAngoff(id string) (closed bool, err error) {
	n, err := tx.exec(`UPDATE angoff_panels SET closed_at = $2 WHERE id = $1 AND round = 2 AND closed_at IS NULL`, id, ms(tx.Now))
	return n == 1, err
}

// Judgement is what a judge said of a question in a round.
type Judgement struct {
	JudgeID, Judge string
	Round          int
	Question       string
	Percent        int
}

// Judge keeps what a judge says of questions in a round, by question. What was
// said before in the same round is replaced.
func (tx *Tx) Judge(panelID, judgeID string, round int, percents map[string]int) error {
	var rows []string
	args := []any{panelID, judgeID, round, ms(tx.Now)}
	for question, percent := range percents {
		rows = append(rows, "($1, $2, $3, "+numbered(len(args)+1, 2)+", $4)")
		args = append(args, question, percent)
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.exec(`INSERT INTO angoff_judgements (panel_id, judge_id, round, question, percent, judged_at)
		VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (panel_id, judge_id, round, question) DO UPDATE SET percent = excluded.percent, judged_at = excluded.judged_at`, args...)
	return err
}

// maxJudgements bounds what is read of one panel: a large bank, many judges.
const maxJudgements = 20_000

// Judgements lists everything said in a panel, judge by judge in the order of
// their staff numbers.
func (tx *Tx) Judgements(panelID string) ([]Judgement, error) {
	return collect(tx, func(row scanner) (j Judgement, err error) {
		err = row.Scan(&j.JudgeID, &j.Judge, &j.Round, &j.Question, &j.Percent)
		return j, err
	}, `SELECT j.judge_id, p.name, j.round, j.question, j.percent
		FROM angoff_judgements j JOIN persons p ON p.id = j.judge_id
		WHERE j.panel_id = $1 ORDER BY p.staff_no, j.round, j.question LIMIT $2`, panelID, maxJudgements)
}
