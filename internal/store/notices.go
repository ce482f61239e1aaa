package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Notice is something a person is told once: a sentence of a kind, filled with
// Detail, about the thing with id Ref.
type Notice struct {
	Kind, Ref string
	Detail    map[string]string
	At        time.Time
}

// AddNotice tells people something now.
func (tx *Tx) AddNotice(n Notice, personIDs ...string) error {
	detail, err := json.Marshal(n.Detail)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	for some := range slices.Chunk(personIDs, rowsAtOnce) {
		var rows []string
		args := []any{n.Kind, n.Ref, string(detail), ms(tx.Now)}
		for _, id := range some {
			rows = append(rows, "("+numbered(len(args)+1, 2)+", $1, $2, $3, CAST($4 AS BIGINT), NULL)")
			args = append(args, NewID(), id)
		}
		if _, err := tx.exec(`INSERT INTO notices (id, person_id, kind, ref, detail, at, seen_at) VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return err
		}
	}
	return nil
}

// maxNotices bounds what is told at once; the rest follows when these are seen.
const maxNotices = 20

// Notices lists what a person has been told and not yet seen, the oldest first.
func (tx *Tx) Notices(personID string) ([]Notice, error) {
	return collect(tx, func(row scanner) (n Notice, err error) {
		var detail string
		var at int64
		if err := row.Scan(&n.Kind, &n.Ref, &detail, &at); err != nil {
			return n, err
		}
		n.At = fromMS(at)
		if err := json.Unmarshal([]byte(detail), &n.Detail); err != nil {
			return n, fmt.Errorf("notice: %w", err)
		}
		return n, nil
	}, `SELECT kind, ref, detail, at FROM notices WHERE person_id = $1 AND seen_at IS NULL ORDER BY at, id LIMIT $2`, personID, maxNotices)
}

// SeeNotices notes that a person has seen what was told up to a time.
func (tx *Tx) SeeNotices(personID string, until time.Time) error {
	_, err := tx.exec(`UPDATE notices SET seen_at = $1 WHERE person_id = $2 AND seen_at IS NULL AND at <= $3`, ms(tx.Now), personID, ms(until))
	return err
}
