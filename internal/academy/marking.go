package academy

import (
	"qibu/internal/store"
	"qibu/quiz"
)

// marks returns the mark that holds of each text of an attempt, by slot.
func (a *Academy) marks(tx *store.Tx, attemptID string) (map[int]quiz.Mark, error) {
	list, err := tx.Marks(attemptID)
	latest := make(map[int]quiz.Mark, len(list))
	for _, m := range list {
		latest[m.Slot] = m.Mark
	}
	return latest, err
}
