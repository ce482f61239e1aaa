package store

import (
	"encoding/json"
	"fmt"
)

// Edition is an immutable published version of one piece of content.
type Edition struct {
	Kind, Slug, Hash string
	Files            map[string]string // path inside the piece → text
}

// Publish records an edition, once, and makes it the current one of its slug.
func (tx *Tx) Publish(e Edition) error {
	files, err := json.Marshal(e.Files)
	if err != nil {
		return fmt.Errorf("edition %s/%s: %w", e.Kind, e.Slug, err)
	}
	if _, err := tx.exec(`INSERT INTO editions (kind, slug, hash, files, published_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, slug, hash) DO NOTHING`, e.Kind, e.Slug, e.Hash, string(files), ms(tx.Now)); err != nil {
		return err
	}
	_, err = tx.exec(`INSERT INTO current_editions (kind, slug, hash, since) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, slug) DO UPDATE SET hash = excluded.hash, since = excluded.since
		WHERE current_editions.hash <> excluded.hash`, e.Kind, e.Slug, e.Hash, ms(tx.Now))
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
	e := Edition{Kind: kind, Slug: slug, Hash: hash}
	var files string
	err := tx.row(`SELECT files FROM editions WHERE kind = $1 AND slug = $2 AND hash = $3`, kind, slug, hash).Scan(&files)
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal([]byte(files), &e.Files); err != nil {
		return e, fmt.Errorf("edition %s/%s %s: %w", kind, slug, hash, err)
	}
	return e, nil
}
