package store

import (
	"fmt"
	"strings"
	"time"
)

// Draft is what trainers are writing on one piece of content. Source is empty when
// nothing is under way: then the text in force is all there is.
type Draft struct {
	Kind, Slug, Title, Source string
	Version                   int    // counts every change; 0 while there never was a draft
	ByID, By                  string // id and name of who saved it last
	SavedAt                   time.Time
}

// Open reports whether something is under way.
func (d Draft) Open() bool { return d.Source != "" }

func scanDraft(row scanner) (Draft, error) {
	var d Draft
	var at int64
	err := row.Scan(&d.Kind, &d.Slug, &d.Title, &d.Source, &d.Version, &d.ByID, &d.By, &at)
	d.SavedAt = fromMS(at)
	return d, err
}

// Draft returns the draft of a piece, one that is not open when there never was any.
func (tx *Tx) Draft(kind, slug string) (Draft, error) {
	d, err := scanDraft(tx.row(`SELECT d.kind, d.slug, d.title, d.source, d.version, d.saved_by, p.name AS saved_name, d.saved_at
		FROM drafts d JOIN persons p ON p.id = d.saved_by WHERE d.kind = $1 AND d.slug = $2`, kind, slug))
	if isNotFound(err) {
		return Draft{Kind: kind, Slug: slug}, nil
	}
	return d, err
}

// OpenDrafts lists the drafts of a kind under way, without their text.
func (tx *Tx) OpenDrafts(kind string) ([]Draft, error) {
	return collect(tx, scanDraft, `SELECT d.kind, d.slug, d.title, '…' AS source, d.version, d.saved_by, p.name AS saved_name, d.saved_at
		FROM drafts d JOIN persons p ON p.id = d.saved_by WHERE d.kind = $1 AND d.source <> '' ORDER BY d.slug LIMIT 1000`, kind)
}

// SaveDraft puts d in place of version d.Version, as its next. saved is false,
// and nothing changes, when the draft has another version by now.
func (tx *Tx) SaveDraft(d Draft) (saved bool, err error) {
	n, err := tx.exec(`INSERT INTO drafts (kind, slug, title, source, version, saved_by, saved_at)
		VALUES ($1, $2, $3, $4, CAST($5 AS BIGINT) + 1, $6, $7)
		ON CONFLICT (kind, slug) DO UPDATE SET title = excluded.title, source = excluded.source, version = excluded.version,
			saved_by = excluded.saved_by, saved_at = excluded.saved_at
		WHERE drafts.version = $5`, d.Kind, d.Slug, d.Title, d.Source, d.Version, d.ByID, ms(tx.Now))
	return n == 1, err
}

// CompiledEditions returns, of the editions given, those that were recorded with
// the very same files and a compiled form, the oldest first.
func (tx *Tx) CompiledEditions(of []Edition) ([]Edition, error) {
	var marks []string
	var args []any
	for _, e := range of {
		args = append(args, e.stored())
		marks = append(marks, fmt.Sprint("$", len(args)))
	}
	if len(args) == 0 {
		return nil, nil
	}
	return collect(tx, func(row scanner) (Edition, error) { return scanEdition(row) }, `SELECT `+editionColumns+` FROM editions e
		WHERE e.kind IN ('quiz', 'scenario') AND e.compiled IS NOT NULL AND e.files IN (`+strings.Join(marks, ", ")+`)
		ORDER BY e.published_at`, args...)
}

// CurrentWritten lists which edition of every piece that trainers can write is in
// force, and where it comes from, without texts.
func (tx *Tx) CurrentWritten() ([]Edition, error) {
	return collect(tx, func(row scanner) (e Edition, err error) {
		err = row.Scan(&e.Kind, &e.Slug, &e.Hash, &e.Origin)
		return e, err
	}, `SELECT c.kind, c.slug, c.hash, e.origin FROM current_editions c
		JOIN editions e ON e.kind = c.kind AND e.slug = c.slug AND e.hash = c.hash
		WHERE c.kind IN ('quiz', 'scenario') ORDER BY c.kind, c.slug`)
}

// InForce is an edition of a quiz or a scenario with since when it is the one in
// force, by whom, and how many are in the middle of it.
type InForce struct {
	Edition
	Since   time.Time
	By      string // name of who put it in force, "" when it came with the program
	Running int    // attempts or sessions under way on this edition
	Older   int    // attempts or sessions under way on earlier ones
}

const inForce = `c.since, COALESCE(p.name, '') AS put_name,
		CASE c.kind
			WHEN 'quiz' THEN (SELECT COUNT(*) FROM attempts t WHERE t.quiz = c.slug AND t.state = 'in_progress' AND t.edition = c.hash)
			ELSE (SELECT COUNT(*) FROM sessions s WHERE s.scenario = c.slug AND s.state = 'open' AND s.edition = c.hash) END AS running,
		CASE c.kind
			WHEN 'quiz' THEN (SELECT COUNT(*) FROM attempts t WHERE t.quiz = c.slug AND t.state = 'in_progress' AND t.edition <> c.hash)
			ELSE (SELECT COUNT(*) FROM sessions s WHERE s.scenario = c.slug AND s.state = 'open' AND s.edition <> c.hash) END AS older
	FROM current_editions c
	JOIN editions e ON e.kind = c.kind AND e.slug = c.slug AND e.hash = c.hash
	LEFT JOIN persons p ON p.id = c.put_by
	WHERE c.kind IN ('quiz', 'scenario')`

func scanInForce(row scanner) (s InForce, err error) {
	var since int64
	s.Edition, err = scanEdition(row, &since, &s.By, &s.Running, &s.Older)
	s.Since = fromMS(since)
	return s, err
}

// InForce returns the edition of a quiz or a scenario that is in force;
// fault.NotFound when nothing is published under slug.
func (tx *Tx) InForce(kind, slug string) (InForce, error) {
	return scanInForce(tx.row(`SELECT `+editionColumns+`, `+inForce+` AND c.kind = $1 AND c.slug = $2`, kind, slug))
}

// TrainersEditions returns the quizzes and scenarios in force that trainers have
// published.
func (tx *Tx) TrainersEditions() ([]InForce, error) {
	return collect(tx, scanInForce, `SELECT `+editionColumns+`, `+inForce+` AND e.origin = 'trainer' ORDER BY c.kind, c.slug LIMIT 1000`)
}

// AllInForce lists what is in force of a kind, by slug, without texts and compiled
// forms.
func (tx *Tx) AllInForce(kind string) ([]InForce, error) {
	return collect(tx, scanInForce, `SELECT e.kind, e.slug, e.hash, '{}' AS files, '' AS compiled,
		COALESCE(e.proof, '') AS proof, e.origin, COALESCE(e.published_by, '') AS published_by, e.published_at, `+inForce+`
		AND c.kind = $1 ORDER BY c.slug LIMIT 1000`, kind)
}
