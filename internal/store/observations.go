package store

import (
	"encoding/json"
	"fmt"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/people"
)

// ObservationResult is what an observer signed about one item of the checklist.
// What was not seen is not recorded.
type ObservationResult string

// The results.
const (
	ObservationPass   ObservationResult = "pass"
	ObservationNotYet ObservationResult = "not_yet"
)

// Observation is one item of the practical checklist, seen at the bay and signed.
// It is never changed: who does better later is observed again.
type Observation struct {
	ID, PersonID         string
	ObserverID, Observer string // id and name of who saw it
	Item                 string // "O6"
	Result               ObservationResult
	Note                 string
	ObservedAt           time.Time
}

// AddObservation records what an observer saw. added is false when there is an
// observation with this id already: a replay changes nothing.
func (tx *Tx) AddObservation(o Observation) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO observations (id, person_id, observer_id, item, result, note, observed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		o.ID, o.PersonID, o.ObserverID, o.Item, string(o.Result), o.Note, ms(o.ObservedAt))
	return n == 1, err
}

const observationColumns = `o.id, o.person_id, o.observer_id, b.name AS observer, o.item, o.result, o.note, o.observed_at`

func scanObservation(row scanner) (Observation, error) {
	var o Observation
	var at int64
	err := row.Scan(&o.ID, &o.PersonID, &o.ObserverID, &o.Observer, &o.Item, &o.Result, &o.Note, &at)
	o.ObservedAt = fromMS(at)
	return o, err
}

// Observation returns one observation; fault.NotFound when there is none.
func (tx *Tx) Observation(id string) (Observation, error) {
	return scanObservation(tx.row(`SELECT `+observationColumns+`
		FROM observations o JOIN persons b ON b.id = o.observer_id WHERE o.id = $1`, id))
}

// LatestObservations returns the newest observation of each item a person was
// seen doing, by item.
func (tx *Tx) LatestObservations(personID string) (map[string]Observation, error) {
	list, err := collect(tx, scanObservation, `SELECT `+observationColumns+`
		FROM observations o JOIN persons b ON b.id = o.observer_id
		WHERE o.person_id = $1 AND NOT EXISTS (SELECT 1 FROM observations n
			WHERE n.person_id = o.person_id AND n.item = o.item
			  AND (n.observed_at > o.observed_at OR (n.observed_at = o.observed_at AND n.id > o.id)))`, personID)
	latest := make(map[string]Observation, len(list))
	for _, o := range list {
		latest[o.Item] = o
	}
	return latest, err
}

// Candidate is a person of a store with the standings there are on a day.
type Candidate struct {
	PersonID, StaffNo, Name, Post string
	Standings                     map[string]cert.Standing // by certification; empty when nothing was begun
}

// candidateLimit bounds how many rows one store's candidates take: people times
// certifications.
const candidateLimit = 2000

// CandidatesIn lists the people of a store who may want a signature, by staff
// number: advisors, and whoever else works towards a certificate.
func (tx *Tx) CandidatesIn(storeID string, day calendar.Day) ([]Candidate, error) {
	type row struct {
		Candidate
		slug, detail string
	}
	rows, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.PersonID, &one.StaffNo, &one.Name, &one.Post, &one.slug, &one.detail)
		return one, err
	}, `SELECT p.id, p.staff_no, p.name, p.post, COALESCE(t.certification, '') AS certification, COALESCE(t.detail, '') AS detail
		FROM persons p LEFT JOIN standings t ON t.person_id = p.id AND t.from_day <= $2 AND t.until_day >= $2
		WHERE p.store_id = $1 AND p.left_at IS NULL
		  AND (t.person_id IS NOT NULL OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = $3))
		ORDER BY p.staff_no, p.id, t.certification LIMIT $4`,
		storeID, string(day), string(people.Advisor), candidateLimit)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for _, r := range rows {
		if len(list) == 0 || list[len(list)-1].PersonID != r.PersonID {
			r.Standings = map[string]cert.Standing{}
			list = append(list, r.Candidate)
		}
		if r.slug == "" {
			continue
		}
		var s cert.Standing
		if err := json.Unmarshal([]byte(r.detail), &s); err != nil {
			return nil, fmt.Errorf("standing of %s: %w", r.PersonID, err)
		}
		list[len(list)-1].Standings[r.slug] = s
	}
	return list, nil
}
