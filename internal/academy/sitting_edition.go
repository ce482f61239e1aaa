package academy

import (
	"cmp"
	"context"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
)

// examined returns the edition of its quiz that an exam asks, whoever begins when. Of
// an exam that was over before editions were kept it is the one in force.
func (a *Academy) examined(tx *store.Tx, s store.Sitting) (*quiz.Bank, error) {
	return a.bank(tx, s.Quiz, cmp.Or(s.Edition, a.Library().Hash(quizKind, s.Quiz)))
}

// outdated reports whether another edition of its quiz than the one an exam asks is
// in force by now.
func (a *Academy) outdated(s store.Sitting) bool {
	current := a.Library().Hash(quizKind, s.Quiz)
	return s.Edition != "" && current != "" && current != s.Edition
}

// MoveSitting moves an exam that has not opened to the edition of its quiz in force.
// One that asks it already stays as it is.
func (a *Academy) MoveSitting(ctx context.Context, who people.Actor, id string) error {
	if err := people.May(who, people.RunExam); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := sittingFor(tx, who, id)
		if err != nil {
			return err
		}
		if err := unopened(s, tx.Now); err != nil || !a.outdated(s) {
			return err
		}
		before := s.EditionAt
		s.Edition = a.Library().Hash(quizKind, s.Quiz)
		if err := tx.SaveSitting(s); err != nil {
			return err
		}
		if s, err = tx.Sitting(id); err != nil {
			return err
		}
		return audit(tx, who, "move_exam", s.Title, s.ID, a.windowText(before, s.EditionAt))
	})
}
