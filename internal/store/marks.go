package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"qibu/quiz"
)

// FreeText names a free text of an ended attempt that people mark.
type FreeText struct {
	AttemptID string
	Slot      int
	Question  string // id in the bank
}

// AddFreeTexts records what of an attempt is to be marked.
func (tx *Tx) AddFreeTexts(list []FreeText) error {
	if len(list) == 0 {
		return nil
	}
	var rows []string
	var args []any
	for _, f := range list {
		rows = append(rows, "("+numbered(len(args)+1, 3)+")")
		args = append(args, f.AttemptID, f.Slot, f.Question)
	}
	_, err := tx.exec(`INSERT INTO free_texts (attempt_id, slot, question) VALUES `+strings.Join(rows, ", "), args...)
	return err
}

// allMarked holds for an attempt t every text of which has a mark.
const allMarked = `NOT EXISTS (SELECT 1 FROM free_texts f WHERE f.attempt_id = t.id
	AND NOT EXISTS (SELECT 1 FROM marks m WHERE m.attempt_id = f.attempt_id AND m.slot = f.slot))`

// AddMark keeps what was made of a free text now. Earlier marks of it stay.
func (tx *Tx) AddMark(attemptID string, slot int, m quiz.Mark) error {
	points, err := json.Marshal(m.Points)
	if err != nil {
		return fmt.Errorf("points: %w", err)
	}
	_, err = tx.exec(`INSERT INTO marks (id, attempt_id, slot, points, comment, marked_by, marked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, NewID(), attemptID, slot, string(points), m.Comment, m.By, ms(tx.Now))
	return err
}

// SlotMark is a mark with which text it is of and who gave it.
type SlotMark struct {
	Slot int
	Name string // of who marked
	quiz.Mark
}

// Marks returns every mark given to the texts of an attempt, the oldest first.
func (tx *Tx) Marks(attemptID string) ([]SlotMark, error) {
	return collect(tx, func(row scanner) (m SlotMark, err error) {
		var points string
		var at int64
		if err := row.Scan(&m.Slot, &points, &m.Comment, &m.By, &m.Name, &at); err != nil {
			return m, err
		}
		m.At = fromMS(at)
		if err := json.Unmarshal([]byte(points), &m.Points); err != nil {
			return m, fmt.Errorf("points of a mark in attempt %s: %w", attemptID, err)
		}
		return m, nil
	}, `SELECT m.slot, m.points, m.comment, m.marked_by, p.name, m.marked_at
		FROM marks m JOIN persons p ON p.id = m.marked_by
		WHERE m.attempt_id = $1 ORDER BY m.marked_at, m.id`, attemptID)
}

// FreeTextRow is a free text in the list of what is to be marked.
type FreeTextRow struct {
	FreeText
	Quiz, Edition  string
	PersonID, Name string
	Sitting        string // title of the exam, "" outside of one
	EndedAt        time.Time
	Times          int  // how often it was marked
	Mine           bool // the one who asks marked it
}

// texts are the free texts of a store's people which $2 may mark: of attempts
// without a result yet that are not void, and not her own.
const texts = ` FROM free_texts f JOIN attempts t ON t.id = f.attempt_id JOIN persons p ON p.id = t.person_id
	LEFT JOIN examinees c ON c.attempt_id = t.id LEFT JOIN sittings s ON s.id = c.sitting_id
	WHERE p.store_id = $1 AND p.id <> $2 AND s.cancelled_at IS NULL AND NOT EXISTS (SELECT 1 FROM results r WHERE r.attempt_id = t.id)`

// FreeTexts lists the free texts of a store's people that somebody may mark,
// question by question and within one in an order that tells nothing of whose
// they are, and how many there are.
func (tx *Tx) FreeTexts(storeID, marker string, limit, offset int) (list []FreeTextRow, total int, err error) {
	if err := tx.row(`SELECT COUNT(*)`+texts, storeID, marker).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err = collect(tx, func(row scanner) (f FreeTextRow, err error) {
		var ended int64
		err = row.Scan(&f.AttemptID, &f.Slot, &f.Question, &f.Quiz, &f.Edition, &f.PersonID, &f.Name, &f.Sitting, &ended, &f.Times, &f.Mine)
		f.EndedAt = fromMS(ended)
		return f, err
	}, `SELECT f.attempt_id, f.slot, f.question, t.quiz, t.edition, p.id, p.name, COALESCE(s.title, '') AS sitting, t.ended_at,
			(SELECT COUNT(*) FROM marks m WHERE m.attempt_id = f.attempt_id AND m.slot = f.slot) AS times,
			EXISTS (SELECT 1 FROM marks m WHERE m.attempt_id = f.attempt_id AND m.slot = f.slot AND m.marked_by = $2) AS mine`+texts+`
		ORDER BY t.quiz, f.question, f.attempt_id LIMIT $3 OFFSET $4`, storeID, marker, limit, offset)
	return list, total, err
}

// FreeText returns what of an attempt is to be marked at a slot; fault.NotFound when
// nothing is.
func (tx *Tx) FreeText(attemptID string, slot int) (FreeText, error) {
	f := FreeText{AttemptID: attemptID, Slot: slot}
	err := tx.row(`SELECT question FROM free_texts WHERE attempt_id = $1 AND slot = $2`, attemptID, slot).Scan(&f.Question)
	return f, err
}

// NextFreeText returns the first text of FreeTexts that nobody has marked;
// fault.NotFound when there is none.
func (tx *Tx) NextFreeText(storeID, marker string) (f FreeText, err error) {
	err = tx.row(`SELECT f.attempt_id, f.slot, f.question`+texts+`
		AND NOT EXISTS (SELECT 1 FROM marks m WHERE m.attempt_id = f.attempt_id AND m.slot = f.slot)
		ORDER BY t.quiz, f.question, f.attempt_id LIMIT 1`, storeID, marker).Scan(&f.AttemptID, &f.Slot, &f.Question)
	return f, err
}

// AttemptOwner returns whose attempt it is; fault.NotFound when there is none.
func (tx *Tx) AttemptOwner(id string) (personID string, err error) {
	err = tx.row(`SELECT person_id FROM attempts WHERE id = $1`, id).Scan(&personID)
	return personID, err
}
