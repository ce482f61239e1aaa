package academy

import (
	"context"
	"fmt"
	"sync"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/roleplay"
)

// publish records every edition of the library that is not in force yet, and
// puts the library in force. Standings follow changed certifications.
func (a *Academy) publish(ctx context.Context, l *Library) error {
	var changed []store.Edition
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		current, err := tx.CurrentEditions()
		if err != nil {
			return err
		}
		changed = changed[:0]
		for _, e := range l.editions {
			if current[e.Kind+"/"+e.Slug] != e.Hash {
				changed = append(changed, e)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var policies []*cert.Policy
	if len(changed) > 0 {
		err = a.store.Write(ctx, func(tx *store.Tx) error {
			for _, e := range changed {
				if err := tx.Publish(e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range changed {
			if p, ok := l.Certification(e.Slug); ok && e.Kind == certificationKind {
				policies = append(policies, p)
			}
		}
	}
	a.library.Store(l)
	return a.rebuildStandings(ctx, policies)
}

// editionCache keeps parsed editions that are no longer in force but that open
// attempts and sessions still cite.
type editionCache struct {
	quizzes   sync.Map // slug@hash → *quiz.Bank
	scenarios sync.Map // slug@hash → *roleplay.Scenario
}

// bank returns the edition of a quiz that an attempt was taken against.
func (a *Academy) bank(tx *store.Tx, slug, hash string) (*quiz.Bank, error) {
	l := a.Library()
	if b, ok := l.Quizzes[slug]; ok && l.Hash(quizKind, slug) == hash {
		return b, nil
	}
	return pinned(&a.editions.quizzes, tx, quizKind, slug, hash, parseQuiz)
}

// scenario returns the edition of a scenario that a session was played against.
func (a *Academy) scenario(tx *store.Tx, slug, hash string) (*roleplay.Scenario, error) {
	l := a.Library()
	if s, ok := l.Scenarios[slug]; ok && l.Hash(scenarioKind, slug) == hash {
		return s, nil
	}
	return pinned(&a.editions.scenarios, tx, scenarioKind, slug, hash, parseScenario)
}

func pinned[T any](cache *sync.Map, tx *store.Tx, kind, slug, hash string,
	parse func(store.Edition) (*T, fault.Problems),
) (*T, error) {
	key := slug + "@" + hash
	if hit, ok := cache.Load(key); ok {
		return hit.(*T), nil //nolint:forcetypeassert // only this function fills the cache
	}
	e, err := tx.Edition(kind, slug, hash)
	if err != nil {
		return nil, fmt.Errorf("edition %s %s: %w", kind, key, err)
	}
	parsed, ps := parse(e)
	if parsed == nil {
		return nil, fmt.Errorf("edition %s %s no longer parses: %w", kind, key, ps.Err())
	}
	cache.Store(key, parsed)
	return parsed, nil
}
