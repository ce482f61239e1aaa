package store

import (
	"time"
)

// Draft is what trainers are writing on one scenario. Source is empty when
// nothing is under way: then the text in force is all there is.
type Draft struct {
	Slug, Title, Source string
	Version             int    // counts every change; 0 while there never was a draft
	ByID, By            string // id and name of who saved it last
	SavedAt             time.Time
}

// Open reports whether something is under way.
func (d Draft) Open() bool { return d.Source != "" }

const draftColumns = `d.slug, d.title, d.source, d.version, d.saved_by, p.name AS saved_name, d.saved_at`

func scanDraft(row scanner) (Draft, error) {
	var d Draft
	var at int64
	err := row.Scan(&d.Slug, &d.Title, &d.Source, &d.Version, &d.ByID, &d.By, &at)
	d.SavedAt = fromMS(at)
	return d, err
}

// Draft returns the draft of a scenario, its zero value when there never was one.
func (tx *Tx) Draft(slug string) (Draft, error) {
	d, err := scanDraft(tx.row(`SELECT `+draftColumns+` FROM scenario_drafts d JOIN persons p ON p.id = d.saved_by WHERE d.slug = $1`, slug))
	if isNotFound(err) {
		return Draft{Slug: slug}, nil
	}
	return d, err
}

// OpenDrafts lists the drafts under way, without their text.
func (tx *Tx) OpenDrafts() ([]Draft, error) {
	return collect(tx, scanDraft, `SELECT d.slug, d.title, '…' AS source, d.version, d.saved_by, p.name AS saved_name, d.saved_at
		FROM scenario_drafts d JOIN persons p ON p.id = d.saved_by WHERE d.source <> '' ORDER BY d.slug LIMIT 1000`)
}

// SaveDraft puts d in place of version d.Version, as its next. saved is false,
// and nothing changes, when the draft has another version by now.
func (tx *Tx) SaveDraft(d Draft) (saved bool, err error) {
	n, err := tx.exec(`INSERT INTO scenario_drafts (slug, title, source, version, saved_by, saved_at)
		VALUES ($1, $2, $3, CAST($4 AS BIGINT) + 1, $5, $6)
		ON CONFLICT (slug) DO UPDATE SET title = excluded.title, source = excluded.source, version = excluded.version,
			saved_by = excluded.saved_by, saved_at = excluded.saved_at
		WHERE scenario_drafts.version = $4`, d.Slug, d.Title, d.Source, d.Version, d.ByID, ms(tx.Now))
	return n == 1, err
}

// ScenarioInForce is one scenario in the list of those in force.
type ScenarioInForce struct {
	Slug, Hash string
	Origin     Origin
	Since      time.Time
	By         string // name of who put it in force, "" when it came with the program
	Proof      string // as JSON, "" when there is none
}

// ScenariosInForce lists the scenarios in force by slug.
func (tx *Tx) ScenariosInForce() ([]ScenarioInForce, error) {
	return collect(tx, func(row scanner) (ScenarioInForce, error) {
		var s ScenarioInForce
		var since int64
		err := row.Scan(&s.Slug, &s.Hash, &s.Origin, &since, &s.By, &s.Proof)
		s.Since = fromMS(since)
		return s, err
	}, `SELECT c.slug, c.hash, e.origin, c.since, COALESCE(p.name, '') AS put_name, COALESCE(e.proof, '') AS proof
		FROM current_editions c
		JOIN editions e ON e.kind = c.kind AND e.slug = c.slug AND e.hash = c.hash
		LEFT JOIN persons p ON p.id = c.put_by
		WHERE c.kind = 'scenario' ORDER BY c.slug LIMIT 1000`)
}

// OpenSessions counts the sessions under way of every scenario, by the edition
// they are played on.
func (tx *Tx) OpenSessions() (map[string]map[string]int, error) {
	type row struct {
		scenario, edition string
		n                 int
	}
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.scenario, &one.edition, &one.n)
		return one, err
	}, `SELECT scenario, edition, COUNT(*) AS n FROM sessions WHERE state = 'open' GROUP BY scenario, edition`)
	counts := map[string]map[string]int{}
	for _, r := range list {
		if counts[r.scenario] == nil {
			counts[r.scenario] = map[string]int{}
		}
		counts[r.scenario][r.edition] = r.n
	}
	return counts, err
}
