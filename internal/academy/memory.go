package academy

import "sync"

// maxRemembered bounds how many entries one memory holds; then it starts afresh.
const maxRemembered = 20_000

// epochs tells the current epoch of a key, and whether this process is the only
// one that changes the database: else nothing may be remembered.
type epochs func(key string) (epoch int64, sole bool)

// memory remembers what the database said, so that a page need not ask again. An
// entry holds only as long as its epoch: the store moves it on before a change is
// acknowledged, so nobody is ever shown what was known to have changed. What it
// holds is shared and must not be changed.
type memory[V any] struct {
	epochs epochs

	mu    sync.RWMutex
	known map[string]remembered[V]
}

type remembered[V any] struct {
	epoch int64
	value V
}

func newMemory[V any](of epochs) *memory[V] {
	return &memory[V]{epochs: of, known: map[string]remembered[V]{}}
}

// recall returns what is remembered under key, asking look if nothing is. owner
// is the key whose epoch counts.
func (m *memory[V]) recall(owner, key string, look func() (V, error)) (V, error) {
	epoch, sole := m.epochs(owner) // before looking: what changes meanwhile makes the entry old at once
	if !sole {
		return look()
	}
	m.mu.RLock()
	known, ok := m.known[key]
	m.mu.RUnlock()
	if ok && known.epoch == epoch {
		return known.value, nil
	}
	value, err := look()
	if err != nil {
		return value, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) >= maxRemembered {
		clear(m.known)
	}
	m.known[key] = remembered[V]{epoch: epoch, value: value}
	return value, nil
}

// forget drops one entry.
func (m *memory[V]) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
}

// ownKey names something of a person's own, so that nobody finds another's.
type ownKey struct{ personID, id string }

// recent remembers what is being worked on in two generations: when the young
// one is full it becomes the old one, and what nobody asked for meanwhile is
// forgotten. What it holds is shared and must not be changed.
type recent[V any] struct {
	generation int // how many entries one holds

	mu         sync.Mutex
	young, old map[ownKey]V
}

func newRecent[V any](generation int) *recent[V] { return &recent[V]{generation: generation} }

func (r *recent[V]) get(key ownKey) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if v, ok := r.young[key]; ok {
		return v, true
	}
	v, ok := r.old[key]
	if ok {
		r.add(key, v)
	}
	return v, ok
}

func (r *recent[V]) put(key ownKey, value V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(key, value)
}

func (r *recent[V]) add(key ownKey, value V) {
	if r.young == nil || len(r.young) >= r.generation {
		r.young, r.old = make(map[ownKey]V), r.young
	}
	r.young[key] = value
}
