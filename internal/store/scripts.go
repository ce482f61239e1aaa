package store

import (
	"fmt"
	"strings"
	"time"

	"qibu/roleplay"
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

// CompiledScenarios returns, of the scenarios among the editions given, those that
// were recorded with the very same text and a compiled form, the oldest first.
func (tx *Tx) CompiledScenarios(of []Edition) ([]Edition, error) {
	var marks []string
	var args []any
	for _, e := range of {
		if e.Kind == "scenario" {
			args = append(args, e.stored())
			marks = append(marks, fmt.Sprint("$", len(args)))
		}
	}
	if len(args) == 0 {
		return nil, nil
	}
	return collect(tx, func(row scanner) (Edition, error) { return scanEdition(row) }, `SELECT `+editionColumns+` FROM editions e
		WHERE e.kind = 'scenario' AND e.compiled IS NOT NULL AND e.files IN (`+strings.Join(marks, ", ")+`)
		ORDER BY e.published_at`, args...)
}

// CurrentScenarios lists which edition of every scenario is in force, and where it
// comes from, without their texts.
func (tx *Tx) CurrentScenarios() ([]Edition, error) {
	return collect(tx, func(row scanner) (Edition, error) {
		e := Edition{Kind: "scenario"}
		err := row.Scan(&e.Slug, &e.Hash, &e.Origin)
		return e, err
	}, `SELECT c.slug, c.hash, e.origin FROM current_editions c
		JOIN editions e ON e.kind = c.kind AND e.slug = c.slug AND e.hash = c.hash
		WHERE c.kind = 'scenario' ORDER BY c.slug`)
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

// PlayedSession is an ended session with its log.
type PlayedSession struct {
	Session
	Events []roleplay.Event
}

// ExamsPlayed returns the latest exams that were played to an ending on one
// edition of a scenario, at most limit of them, the latest first, each with its log.
func (tx *Tx) ExamsPlayed(scenario, edition string, limit int) (list []PlayedSession, err error) {
	_, err = collect(tx, func(row scanner) (none struct{}, err error) {
		var e roleplay.Event
		s, err := scanSession(row, &e.Step, &e.Kind, &e.Ref, &e.At)
		if last := len(list) - 1; last < 0 || list[last].ID != s.ID {
			list = append(list, PlayedSession{Session: s})
		}
		last := &list[len(list)-1]
		last.Events = append(last.Events, e)
		return none, err
	}, `SELECT `+sessionColumns+`, e.seq, e.kind, e.ref, e.at FROM (
			SELECT * FROM sessions WHERE scenario = $1 AND edition = $2 AND state = 'ended' AND ending <> '' AND exam
			ORDER BY ended_at DESC, id DESC LIMIT $3) s
		JOIN session_events e ON e.session_id = s.id
		ORDER BY s.ended_at DESC, s.id DESC, e.seq`, scenario, edition, limit)
	return list, err
}
