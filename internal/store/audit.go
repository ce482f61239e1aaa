package store

import "time"

// AuditEntry says who did what to whom, and when.
type AuditEntry struct {
	ID                 string
	At                 time.Time
	ActorID, Actor     string
	Action             string // catalogue key suffix, "audit.<action>"
	Subject, SubjectID string // whom or what it concerned, as named at that time
	Detail             string
}

// Audit appends an entry in the transaction of the change it tells about.
func (tx *Tx) Audit(e AuditEntry) error {
	_, err := tx.exec(`INSERT INTO audit (id, at, actor_id, actor_name, action, subject, subject_id, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		NewID(), ms(tx.Now), e.ActorID, e.Actor, e.Action, e.Subject, e.SubjectID, e.Detail)
	return err
}

// AuditPage lists the latest entries, skipping offset of them, and how many there are.
func (tx *Tx) AuditPage(limit, offset int) ([]AuditEntry, int, error) {
	var total int
	if err := tx.row(`SELECT COUNT(*) FROM audit`).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err := collect(tx, func(row scanner) (AuditEntry, error) {
		var e AuditEntry
		var at int64
		err := row.Scan(&e.ID, &at, &e.ActorID, &e.Actor, &e.Action, &e.Subject, &e.SubjectID, &e.Detail)
		e.At = fromMS(at)
		return e, err
	}, `SELECT id, at, actor_id, actor_name, action, subject, subject_id, detail
		FROM audit ORDER BY at DESC, id DESC LIMIT $1 OFFSET $2`, limit, offset)
	return list, total, err
}
