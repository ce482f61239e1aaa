package store

import (
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/assign"
	"qibu/internal/calendar"
)

// rowsAtOnce is how many assignments one statement adds.
const rowsAtOnce = 100

// AddAssignments records that people were told to do things.
func (tx *Tx) AddAssignments(list []assign.Assignment) error {
	for some := range slices.Chunk(list, rowsAtOnce) {
		var rows []string
		var args []any
		for _, a := range some {
			rows = append(rows, "("+numbered(len(args)+1, 8)+", NULL)")
			args = append(args, a.ID, a.Person, a.Kind, a.Ref, string(a.Due), a.Source, a.ByID, ms(a.At))
		}
		if _, err := tx.exec(`INSERT INTO assignments
			(id, person_id, kind, ref, due_day, source, assigned_by, assigned_at, withdrawn_at)
			VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return err
		}
	}
	return nil
}

// numbered spells n placeholders, the first of them number from: "$3, $4, $5".
func numbered(from, n int) string {
	text := make([]byte, 0, n*len("$100, "))
	for i := range n {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = strconv.AppendInt(append(text, '$'), int64(from+i), 10)
	}
	return string(text)
}

// inList spells the list of an IN and adds its values to the arguments. An empty
// list holds nothing.
func inList(args []any, values []string) (string, []any) {
	if len(values) == 0 {
		return "(NULL)", args
	}
	from := len(args) + 1
	for _, v := range values {
		args = append(args, v)
	}
	return "(" + numbered(from, len(values)) + ")", args
}

// WithdrawAssignments takes back every standing assignment of a thing to a
// person, and returns how many there were.
func (tx *Tx) WithdrawAssignments(personID, kind, ref string) (int, error) {
	n, err := tx.exec(`UPDATE assignments SET withdrawn_at = $1
		WHERE person_id = $2 AND kind = $3 AND ref = $4 AND withdrawn_at IS NULL`, ms(tx.Now), personID, kind, ref)
	return int(n), err
}

// AssignmentsOf lists what a person was told to do and still stands, oldest first.
func (tx *Tx) AssignmentsOf(personID string) ([]assign.Assignment, error) {
	return collect(tx, func(row scanner) (assign.Assignment, error) {
		a := assign.Assignment{Person: personID}
		var at int64
		var withdrawn sql.NullInt64
		err := row.Scan(&a.ID, &a.Kind, &a.Ref, &a.Due, &a.Source, &a.ByID, &a.By, &at, &withdrawn)
		a.At, a.Withdrawn = fromMS(at), fromNullMS(withdrawn)
		return a, err
	}, `SELECT a.id, a.kind, a.ref, a.due_day, a.source, a.assigned_by, b.name AS assigner, a.assigned_at, a.withdrawn_at
		FROM assignments a JOIN persons b ON b.id = a.assigned_by
		WHERE a.person_id = $1 AND a.withdrawn_at IS NULL ORDER BY a.assigned_at, a.id LIMIT 1000`, personID)
}

// HeldTask is something a person was told to do and when it is due: the earliest
// day of all, none when no date was set.
type HeldTask struct {
	PersonID, Kind, Ref string
	Due                 calendar.Day
}

// HeldTasks lists which of some things, named "kind:ref", some people have to do
// already.
func (tx *Tx) HeldTasks(personIDs, things []string) ([]HeldTask, error) {
	persons, args := inList(nil, personIDs)
	named, args := inList(args, things)
	return collect(tx, func(row scanner) (HeldTask, error) {
		var h HeldTask
		err := row.Scan(&h.PersonID, &h.Kind, &h.Ref, &h.Due)
		return h, err
	}, `SELECT person_id, kind, ref, COALESCE(MIN(NULLIF(due_day, '')), '') AS due FROM assignments
		WHERE withdrawn_at IS NULL AND person_id IN `+persons+` AND kind || ':' || ref IN `+named+`
		GROUP BY person_id, kind, ref`, args...)
}
