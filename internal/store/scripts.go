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

// ScenarioInForce is an edition of a scenario with since when it is the one in
// force, by whom, and how many are in the middle of it.
type ScenarioInForce struct {
	Edition
	Since   time.Time
	By      string // name of who put it in force, "" when it came with the program
	Running int    // sessions under way on this edition
	Older   int    // sessions under way on earlier ones
}

const inForce = `c.since, COALESCE(p.name, '') AS put_name,
		(SELECT COUNT(*) FROM sessions s WHERE s.scenario = c.slug AND s.state = 'open' AND s.edition = c.hash) AS running,
		(SELECT COUNT(*) FROM sessions s WHERE s.scenario = c.slug AND s.state = 'open' AND s.edition <> c.hash) AS older
	FROM current_editions c
	JOIN editions e ON e.kind = c.kind AND e.slug = c.slug AND e.hash = c.hash
	LEFT JOIN persons p ON p.id = c.put_by
	WHERE c.kind = 'scenario'`

func scanInForce(row scanner) (s ScenarioInForce, err error) {
	var since int64
	s.Edition, err = scanEdition(row, &since, &s.By, &s.Running, &s.Older)
	s.Since = fromMS(since)
	return s, err
}

// ScenarioInForce returns the edition of a scenario that is in force;
// fault.NotFound when nothing is published under slug.
func (tx *Tx) ScenarioInForce(slug string) (ScenarioInForce, error) {
	return scanInForce(tx.row(`SELECT `+editionColumns+`, `+inForce+` AND c.slug = $1`, slug))
}

// TrainersScenarios returns the scenarios in force that trainers have published.
func (tx *Tx) TrainersScenarios() ([]ScenarioInForce, error) {
	return collect(tx, scanInForce, `SELECT `+editionColumns+`, `+inForce+` AND e.origin = 'trainer' ORDER BY c.slug LIMIT 1000`)
}

// ScenariosInForce lists the scenarios in force by slug, without their texts and
// compiled forms.
func (tx *Tx) ScenariosInForce() ([]ScenarioInForce, error) {
	return collect(tx, scanInForce, `SELECT e.kind, e.slug, e.hash, '{}' AS files, '' AS compiled,
		COALESCE(e.proof, '') AS proof, e.origin, COALESCE(e.published_by, '') AS published_by, e.published_at, `+inForce+`
		ORDER BY c.slug LIMIT 1000`)
}
