package store

import (
	"database/sql"

	"qibu/internal/assign"
)

// AddAssignment records that somebody was told to do something.
func (tx *Tx) AddAssignment(a assign.Assignment) error {
	_, err := tx.exec(`INSERT INTO assignments (id, person_id, kind, ref, due_day, source, assigned_by, assigned_at, withdrawn_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)`,
		a.ID, a.Person, a.Kind, a.Ref, string(a.Due), a.Source, a.ByID, ms(a.At))
	return err
}

// WithdrawAssignments takes back every standing assignment of a thing to a
// person, and returns how many there were.
func (tx *Tx) WithdrawAssignments(personID, kind, ref string) (int, error) {
	n, err := tx.exec(`UPDATE assignments SET withdrawn_at = $1
		WHERE person_id = $2 AND kind = $3 AND ref = $4 AND withdrawn_at IS NULL`, ms(tx.Now), personID, kind, ref)
	return int(n), err
}

const assignmentColumns = `a.id, a.person_id, a.kind, a.ref, a.due_day, a.source, a.assigned_by, b.name AS assigner,
	a.assigned_at, a.withdrawn_at`

func scanAssignment(row scanner) (assign.Assignment, error) {
	var a assign.Assignment
	var at int64
	var withdrawn sql.NullInt64
	err := row.Scan(&a.ID, &a.Person, &a.Kind, &a.Ref, &a.Due, &a.Source, &a.ByID, &a.By, &at, &withdrawn)
	a.At, a.Withdrawn = fromMS(at), fromNullMS(withdrawn)
	return a, err
}

// AssignmentsOf lists what a person was told to do and still stands, oldest first.
func (tx *Tx) AssignmentsOf(personID string) ([]assign.Assignment, error) {
	return collect(tx, scanAssignment, `SELECT `+assignmentColumns+`
		FROM assignments a JOIN persons b ON b.id = a.assigned_by
		WHERE a.person_id = $1 AND a.withdrawn_at IS NULL ORDER BY a.assigned_at, a.id LIMIT 1000`, personID)
}

// AssignmentsIn lists what the people of a store were told to do and still
// stands; "" is every store.
func (tx *Tx) AssignmentsIn(storeID string) ([]assign.Assignment, error) {
	return collect(tx, scanAssignment, `SELECT `+assignmentColumns+`
		FROM assignments a JOIN persons b ON b.id = a.assigned_by JOIN persons p ON p.id = a.person_id
		WHERE a.withdrawn_at IS NULL AND p.left_at IS NULL AND ($1 = '' OR p.store_id = $1)
		ORDER BY a.assigned_at, a.id LIMIT 50000`, storeID)
}
