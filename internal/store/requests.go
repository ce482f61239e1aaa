package store

import (
	"time"

	"qibu/internal/fault"
)

// Request is a bulk action of somebody on the staff as it was carried out, under
// the key its form came with. Digest tells what was asked for, Outcome what came of it.
type Request struct {
	Key, PersonID, Action string
	Digest, Outcome       string
	At                    time.Time
}

// AddRequest records a request carried out now. A key that was used meanwhile is
// fault.Conflict.
func (tx *Tx) AddRequest(r Request) error {
	// DO NOTHING, so that of two forms sent at once on PostgreSQL the later one is
	// run again and then sees the other's outcome.
	n, err := tx.exec(`INSERT INTO requests (key, person_id, action, digest, outcome, at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		r.Key, r.PersonID, r.Action, r.Digest, r.Outcome, ms(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

// Request returns what was carried out under a key; fault.NotFound when nothing was.
func (tx *Tx) Request(key string) (Request, error) {
	r := Request{Key: key}
	var at int64
	err := tx.row(`SELECT person_id, action, digest, outcome, at FROM requests WHERE key = $1`, key).
		Scan(&r.PersonID, &r.Action, &r.Digest, &r.Outcome, &at)
	r.At = fromMS(at)
	return r, err
}
