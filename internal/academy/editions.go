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
	"qibu/roleplay/explore"
)

// publish records every edition of the library that is not in force yet, and
// puts the library in force. What trainers have published stays in force over
// what comes with the program. Standings follow changed certifications.
func (a *Academy) publish(ctx context.Context, l *Library) error {
	a.shelf.Lock()
	defer a.shelf.Unlock()
	stock, err := a.takeStock(ctx, l)
	if err != nil {
		return err
	}
	l, problems := l.compiled(stock.known)
	if l == nil {
		return problems.Err()
	}
	changed, err := a.recordEditions(ctx, l, &stock)
	if err != nil {
		return err
	}
	for key, own := range stock.own {
		shipped, newer := stock.newer[key]
		if l, err = l.with(own.Edition); err != nil {
			return err
		}
		if newer {
			l.newer[key] = shipped
		}
	}
	a.library.Store(l)
	var policies []*cert.Policy
	for _, e := range changed {
		if p, ok := l.Certification(e.Slug); ok && e.Kind == certificationKind {
			policies = append(policies, p)
		}
	}
	return a.rebuildStandings(ctx, policies)
}

// stock is what the database has of a library, by "kind/slug".
type stock struct {
	current map[string]string        // hash in force
	known   map[string]store.Edition // quizzes and scenarios published before with the very text
	own     map[string]store.InForce // what trainers have put in force
	newer   map[string]store.Edition // what has come with the program since
}

func (a *Academy) takeStock(ctx context.Context, l *Library) (s stock, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		s = stock{known: map[string]store.Edition{}, own: map[string]store.InForce{}}
		if s.current, err = tx.CurrentEditions(); err != nil {
			return err
		}
		known, err := tx.CompiledEditions(l.editions)
		if err != nil {
			return err
		}
		for _, e := range known {
			s.known[key(e.Kind, e.Slug)] = e
		}
		own, err := tx.TrainersEditions()
		for _, e := range own {
			s.own[key(e.Kind, e.Slug)] = e
		}
		return err
	})
	return s, err
}

// recordEditions writes down the editions of a library that are not in force yet and
// returns them. Where a trainer's is in force, the program's is recorded
// beside it; it is newer when it came after that.
func (a *Academy) recordEditions(ctx context.Context, l *Library, s *stock) (changed []store.Edition, err error) {
	var beside []store.Edition
	for _, e := range l.editions {
		_, own := s.own[key(e.Kind, e.Slug)]
		switch {
		case own:
			beside = append(beside, e)
		case s.current[key(e.Kind, e.Slug)] != e.Hash:
			changed = append(changed, e)
		}
	}
	if len(changed)+len(beside) == 0 {
		return nil, nil
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		s.newer = map[string]store.Edition{}
		for _, e := range changed {
			if err := tx.Publish(e); err != nil {
				return err
			}
		}
		for _, e := range beside {
			if err := tx.RecordEdition(e); err != nil {
				return err
			}
			recorded, err := tx.Edition(e.Kind, e.Slug, e.Hash)
			if err != nil {
				return err
			}
			if own := s.own[key(e.Kind, e.Slug)]; own.Hash != e.Hash && recorded.PublishedAt.After(own.Since) {
				s.newer[key(e.Kind, e.Slug)] = recorded
			}
		}
		return nil
	})
	return changed, err
}

// shelve puts an edition of a quiz or a scenario in force in this process. The
// caller holds the shelf.
func (a *Academy) shelve(e store.Edition) error {
	l, err := a.Library().with(e)
	if err == nil {
		a.library.Store(l)
	}
	return err
}

// RefreshEditions takes up what other processes on the same database have
// published.
func (a *Academy) RefreshEditions(ctx context.Context) error {
	if a.store.Sole() {
		return nil
	}
	a.shelf.Lock()
	defer a.shelf.Unlock()
	var current []store.Edition
	err := a.store.Glance(ctx, func(tx *store.Tx) (err error) {
		current, err = tx.CurrentWritten()
		return err
	})
	if err != nil {
		return err
	}
	l := a.Library()
	for _, e := range current {
		hash := l.Hash(e.Kind, e.Slug)
		if hash == e.Hash || hash == "" && e.Origin == store.Shipped {
			continue // known, or of another version of the program
		}
		err := a.store.Glance(ctx, func(tx *store.Tx) (err error) {
			e, err = tx.Edition(e.Kind, e.Slug, e.Hash)
			return err
		})
		if err == nil {
			err = a.shelve(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
	return pinned(&a.editions.quizzes, tx, quizKind, slug, hash, readBank)
}

// scenario returns the edition of a scenario that a session was played against.
func (a *Academy) scenario(tx *store.Tx, slug, hash string) (*roleplay.Scenario, error) {
	l := a.Library()
	if s, ok := l.Scenarios[slug]; ok && l.Hash(scenarioKind, slug) == hash {
		return s, nil
	}
	return pinned(&a.editions.scenarios, tx, scenarioKind, slug, hash, readScenario)
}

func pinned[T any](cache *sync.Map, tx *store.Tx, kind, slug, hash string,
	read func(store.Edition) (*T, fault.Problems),
) (*T, error) {
	key := slug + "@" + hash
	if hit, ok := cache.Load(key); ok {
		return hit.(*T), nil //nolint:forcetypeassert // only this function fills the cache
	}
	e, err := tx.Edition(kind, slug, hash)
	if err != nil {
		return nil, fmt.Errorf("edition %s %s: %w", kind, key, err)
	}
	parsed, ps := read(e)
	if parsed == nil {
		return nil, fmt.Errorf("edition %s %s can no longer be read: %w", kind, key, ps.Err())
	}
	cache.Store(key, parsed)
	return parsed, nil
}

// readBank reads the compiled form of an edition of a quiz. An edition from before
// there was one is read from its text.
func readBank(e store.Edition) (*quiz.Bank, fault.Problems) {
	if e.Compiled == "" {
		return parseQuiz(e)
	}
	b, err := quiz.Load([]byte(e.Compiled))
	var ps fault.Problems
	if err != nil {
		ps.Add(e.Slug, 0, "%v", err)
	}
	return b, ps
}

// readScenario reads the compiled form that the edition's hash stands for. An
// edition from before there was one is read from its text: what may be found
// fault with in it today does not matter to whoever is in the middle of it.
func readScenario(e store.Edition) (*roleplay.Scenario, fault.Problems) {
	var ps fault.Problems
	if e.Compiled == "" {
		name, src := onlyFile(e, "scenarios")
		report := explore.Compile(name, src)
		if report.Script == nil {
			return nil, problems(name, report)
		}
		return report.Script.Scenario, nil
	}
	sc, err := roleplay.Load([]byte(e.Compiled), e.Hash)
	if err != nil {
		ps.Add(e.Slug, 0, "%v", err)
	}
	return sc, ps
}
