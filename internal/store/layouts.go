package store

import "strings"

// Place is where a scene stands on the map of its scenario: the middle of its
// box, y downwards.
type Place struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Places returns where the scenes of a scenario stand, by name.
func (tx *Tx) Places(slug string) (map[string]Place, error) {
	type row struct {
		scene string
		Place
	}
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.scene, &one.X, &one.Y)
		return one, err
	}, `SELECT scene, x, y FROM scenario_layouts WHERE slug = $1`, slug)
	places := make(map[string]Place, len(list))
	for _, r := range list {
		places[r.scene] = r.Place
	}
	return places, err
}

// MoveScenes puts scenes of a scenario where they are from now on.
func (tx *Tx) MoveScenes(slug string, places map[string]Place) error {
	return tx.placeScenes(slug, places, `DO UPDATE SET x = excluded.x, y = excluded.y`)
}

// PlaceScenes puts scenes of a scenario that have no place yet; the others stay.
func (tx *Tx) PlaceScenes(slug string, places map[string]Place) error {
	return tx.placeScenes(slug, places, `DO NOTHING`)
}

func (tx *Tx) placeScenes(slug string, places map[string]Place, otherwise string) error {
	var rows []string
	args := []any{slug}
	for scene, p := range places {
		rows = append(rows, "($1, "+numbered(len(args)+1, 3)+")")
		args = append(args, scene, p.X, p.Y)
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.exec(`INSERT INTO scenario_layouts (slug, scene, x, y) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (slug, scene) `+otherwise, args...)
	return err
}
