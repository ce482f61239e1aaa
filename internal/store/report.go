package store

import (
	"encoding/json"
	"fmt"
	"strings"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

// StatusFilter narrows the status list. Empty fields do not narrow.
type StatusFilter struct {
	Certification string // required: which certification is asked about
	Day           calendar.Day
	StoreID       string
	States        []cert.State
	Text          string // part of the name or staff number
	Limit, Offset int
}

// StatusRow is one person's status: who, where, and the standing on the day.
// Known is false for somebody who never had to do with the certification.
type StatusRow struct {
	PersonID, StaffNo, Name, StoreID, Store, Post string
	Known                                         bool
	Standing                                      cert.Standing
	Number                                        string // of the latest certificate, "" for none
}

// statusFrom lists the advisors still employed, each with the standing on the day.
const statusFrom = ` FROM persons p
	JOIN stores s ON s.id = p.store_id
	LEFT JOIN standings t ON t.person_id = p.id AND t.certification = $1 AND t.from_day <= $2 AND t.until_day >= $2
	WHERE p.left_at IS NULL
	  AND EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = 'advisor')
	  AND ($3 = '' OR p.store_id = $3)
	  AND ($4 = '' OR lower(p.name) LIKE $5 ESCAPE '\' OR lower(p.staff_no) LIKE $5 ESCAPE '\')`

// Statuses lists who stands where with one certification, by store and staff
// number, and how many there are in all.
func (tx *Tx) Statuses(f StatusFilter) ([]StatusRow, int, error) {
	const filtered = statusFrom + ` AND ($6 = '' OR $6 LIKE '%,' || COALESCE(t.state, 'not_started') || ',%')`
	args := []any{f.Certification, string(f.Day), f.StoreID, f.Text, like(f.Text), stateList(f.States)}
	var total int
	if err := tx.row(`SELECT COUNT(*)`+filtered, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err := collect(tx, scanStatus, `SELECT p.id, p.staff_no, p.name, p.store_id, s.name AS store, p.post,
			COALESCE(t.detail, '') AS detail,
			COALESCE((SELECT c.number FROM certificates c WHERE c.person_id = p.id AND c.certification = $1
				ORDER BY c.valid_from DESC LIMIT 1), '') AS number`+
		filtered+` ORDER BY s.name, p.staff_no LIMIT $7 OFFSET $8`, append(args, f.Limit, f.Offset)...)
	return list, total, err
}

// stateList joins states so that SQL can look for one among them: ",grace,expired,".
func stateList(states []cert.State) string {
	if len(states) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteByte(',')
	for _, s := range states {
		b.WriteString(string(s))
		b.WriteByte(',')
	}
	return b.String()
}

func scanStatus(row scanner) (StatusRow, error) {
	var r StatusRow
	var detail string
	err := row.Scan(&r.PersonID, &r.StaffNo, &r.Name, &r.StoreID, &r.Store, &r.Post, &detail, &r.Number)
	if err != nil || detail == "" {
		return r, err
	}
	r.Known = true
	if err := json.Unmarshal([]byte(detail), &r.Standing); err != nil {
		return r, fmt.Errorf("standing of %s: %w", r.PersonID, err)
	}
	return r, nil
}

// StateCount is how many people are in a state.
type StateCount struct {
	State cert.State
	N     int
}

// CountStates counts people by state on a day, within one store or "" for all.
func (tx *Tx) CountStates(certification string, day calendar.Day, storeID string) ([]StateCount, error) {
	return collect(tx, func(row scanner) (StateCount, error) {
		var c StateCount
		err := row.Scan(&c.State, &c.N)
		return c, err
	}, `SELECT COALESCE(t.state, 'not_started') AS state, COUNT(*) AS n`+statusFrom+` GROUP BY COALESCE(t.state, 'not_started')`,
		certification, string(day), storeID, "", "%")
}
