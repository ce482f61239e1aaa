package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Edition is an immutable published version of one piece of content.
type Edition struct {
	Kind, Slug, Hash string
	Files            map[string]string // path inside the piece → text
	Compiled         string            // of a scenario: the canonical form that hashes to Hash; "" on old rows
	Proof            string            // of a scenario: what was proved of the compiled form, as JSON
	Origin           Origin
	PublishedBy      string    // id of the trainer, "" when it came with the program
	PublishedAt      time.Time // when it was first recorded, which is not always when it came in force
}

// Text is the text of a piece that is a single file.
func (e Edition) Text() string {
	for _, text := range e.Files {
		return text
	}
	return ""
}

// Origin is where an edition comes from.
type Origin string

// The origins.
const (
	Shipped   Origin = "shipped" // with the program, or from the operator's own content
	ByTrainer Origin = "trainer" // written and published in the product
)

// RecordEdition keeps an edition, once, without putting it in force. Its
// PublishedAt is now.
func (tx *Tx) RecordEdition(e Edition) error {
	_, err := tx.exec(`INSERT INTO editions (kind, slug, hash, files, compiled, proof, origin, published_by, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, slug, hash) DO NOTHING`,
		e.Kind, e.Slug, e.Hash, e.stored(), nullText(e.Compiled), nullText(e.Proof), string(e.Origin),
		nullText(e.PublishedBy), ms(tx.Now))
	return err
}

// stored is how the files of an edition are kept: the same files, the same text.
func (e Edition) stored() string {
	text, err := json.Marshal(e.Files)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

// Publish records an edition, once, and makes it the current one of its slug.
func (tx *Tx) Publish(e Edition) error {
	if err := tx.RecordEdition(e); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO current_editions (kind, slug, hash, since, put_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, slug) DO UPDATE SET hash = excluded.hash, since = excluded.since, put_by = excluded.put_by
		WHERE current_editions.hash <> excluded.hash`, e.Kind, e.Slug, e.Hash, ms(tx.Now), nullText(e.PublishedBy))
	return err
}

// CurrentEditions returns the hash in force of every piece of content, by "kind/slug".
func (tx *Tx) CurrentEditions() (map[string]string, error) {
	type row struct{ key, hash string }
	list, err := collect(tx, func(r scanner) (row, error) {
		var kind, slug, hash string
		err := r.Scan(&kind, &slug, &hash)
		return row{kind + "/" + slug, hash}, err
	}, `SELECT kind, slug, hash FROM current_editions`)
	current := make(map[string]string, len(list))
	for _, r := range list {
		current[r.key] = r.hash
	}
	return current, err
}

// Edition returns a published edition; fault.NotFound when there is none.
func (tx *Tx) Edition(kind, slug, hash string) (Edition, error) {
	return scanEdition(tx.row(`SELECT `+editionColumns+` FROM editions e
		WHERE e.kind = $1 AND e.slug = $2 AND e.hash = $3`, kind, slug, hash))
}

const editionColumns = `e.kind, e.slug, e.hash, e.files, COALESCE(e.compiled, '') AS compiled, COALESCE(e.proof, '') AS proof,
	e.origin, COALESCE(e.published_by, '') AS published_by, e.published_at`

// scanEdition reads editionColumns, and what follows them into more.
func scanEdition(row scanner, more ...any) (e Edition, err error) {
	var files string
	var published int64
	err = row.Scan(append([]any{
		&e.Kind, &e.Slug, &e.Hash, &files, &e.Compiled, &e.Proof, &e.Origin, &e.PublishedBy, &published,
	}, more...)...)
	if err != nil {
		return e, err
	}
	e.PublishedAt = fromMS(published)
	if err := json.Unmarshal([]byte(files), &e.Files); err != nil {
		return e, fmt.Errorf("edition %s/%s %s: %w", e.Kind, e.Slug, e.Hash, err)
	}
	return e, nil
}

// nullText is how a text that may be missing is stored: "" as NULL.
func nullText(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
