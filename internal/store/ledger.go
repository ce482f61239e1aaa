package store

import (
	"encoding/json"
	"fmt"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

// AppendLedger records an event of a person's ledger. certification is "" for
// evidence, which counts wherever it is required. added is false when the same
// source was recorded before: a replay changes nothing.
func (tx *Tx) AppendLedger(personID, certification string, e cert.Event) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO ledger (id, person_id, certification, kind, day, at, requirement, ref, outcome,
			percent, red_line, until_day, reason, actor_id, actor_name, source_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (person_id, certification, kind, source_id) WHERE source_id <> '' DO NOTHING`,
		NewID(), personID, certification, string(e.Kind), string(e.Day), ms(e.At), e.Requirement, e.Ref, string(e.Outcome),
		e.Percent, e.RedLine, string(e.Until), e.Reason, e.ActorID, e.Actor, e.SourceID)
	return n == 1, err
}

// LedgerEntry is an event with the certification it was recorded for, "" for evidence.
type LedgerEntry struct {
	Certification string
	cert.Event
}

const ledgerColumns = `certification, kind, day, at, requirement, ref, outcome, percent, red_line, until_day, reason,
	actor_id, actor_name, source_id`

func scanLedger(row scanner) (LedgerEntry, error) {
	var l LedgerEntry
	var at int64
	err := row.Scan(&l.Certification, &l.Kind, &l.Day, &at, &l.Requirement, &l.Ref, &l.Outcome, &l.Percent,
		&l.RedLine, &l.Until, &l.Reason, &l.ActorID, &l.Actor, &l.SourceID)
	l.At = fromMS(at)
	return l, err
}

// Ledger returns all of a person's events, oldest first.
func (tx *Tx) Ledger(personID string) ([]LedgerEntry, error) {
	return collect(tx, scanLedger, `SELECT `+ledgerColumns+` FROM ledger WHERE person_id = $1 ORDER BY at, id`, personID)
}

// LedgersOf returns the ledgers of some people by person, each oldest first.
func (tx *Tx) LedgersOf(personIDs []string) (map[string][]LedgerEntry, error) {
	type row struct {
		personID string
		LedgerEntry
	}
	in, args := inList(nil, personIDs)
	list, err := collect(tx, func(r scanner) (one row, err error) {
		one.LedgerEntry, err = scanLedger(scanFunc(func(dest ...any) error {
			return r.Scan(append(dest, &one.personID)...)
		}))
		return one, err
	}, `SELECT `+ledgerColumns+`, person_id FROM ledger WHERE person_id IN `+in+` ORDER BY at, id`, args...)
	ledgers := make(map[string][]LedgerEntry, len(personIDs))
	for _, one := range list {
		ledgers[one.personID] = append(ledgers[one.personID], one.LedgerEntry)
	}
	return ledgers, err
}

// EventsFor picks the events that concern one certification: its own and all evidence.
func EventsFor(ledger []LedgerEntry, certification string) []cert.Event {
	var events []cert.Event
	for _, l := range ledger {
		if l.Certification == certification || l.Certification == "" {
			events = append(events, l.Event)
		}
	}
	return events
}

// SetStandings replaces what is known about a person's certification from the
// first span's day on. spans follow each other without a gap; days holds the
// first day of each span.
func (tx *Tx) SetStandings(personID, certification string, days []calendar.Day, spans []cert.Standing) error {
	if _, err := tx.exec(`DELETE FROM standings WHERE person_id = $1 AND certification = $2`, personID, certification); err != nil {
		return err
	}
	for i, s := range spans {
		detail, err := json.Marshal(s)
		if err != nil {
			return fmt.Errorf("standing: %w", err)
		}
		if _, err := tx.exec(`INSERT INTO standings (person_id, certification, from_day, until_day, state, valid_until, due_day, detail)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			personID, certification, string(days[i]), string(s.Until), string(s.State), string(s.ValidUntil), string(s.Due), string(detail)); err != nil {
			return err
		}
	}
	return nil
}

// PeopleWithLedger lists who has any ledger entry, for rebuilding standings
// after a policy changed.
func (tx *Tx) PeopleWithLedger() ([]string, error) {
	return collect(tx, func(row scanner) (string, error) {
		var id string
		err := row.Scan(&id)
		return id, err
	}, `SELECT DISTINCT person_id FROM ledger ORDER BY person_id`)
}
