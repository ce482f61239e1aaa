package academy

import (
	"sync"

	"qibu/internal/people"
	"qibu/internal/store"
)

// maxPresent bounds how many logins are kept in memory.
const maxPresent = 20_000

// presence remembers who is behind a login token, so that a page does not ask
// the database who is reading it. It only does so where this process is the only
// one that changes the database, and an entry holds only until anybody's data,
// roles or logins change: a login that was ended is never found again.
type presence struct {
	epoch func() (epoch int64, sole bool)

	mu      sync.RWMutex
	present map[string]present // by digest of the token
}

// present is a login and the person behind it, as they were at an epoch.
type present struct {
	epoch  int64
	login  store.Login
	person people.Person
}

func newPresence(epoch func() (int64, bool)) *presence {
	return &presence{epoch: epoch, present: map[string]present{}}
}

// find returns what is known of a login, asking look if nothing is.
func (p *presence) find(key string, look func() (store.Login, people.Person, error)) (store.Login, people.Person, error) {
	epoch, sole := p.epoch() // before looking: what changes meanwhile makes the entry old at once
	if !sole {
		return look()
	}
	p.mu.RLock()
	known, ok := p.present[key]
	p.mu.RUnlock()
	if ok && known.epoch == epoch {
		return known.login, known.person, nil
	}
	login, person, err := look()
	if err != nil {
		return login, person, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.present) >= maxPresent {
		clear(p.present)
	}
	p.present[key] = present{epoch: epoch, login: login, person: person}
	return login, person, nil
}

// forget drops one entry, after its login was used again.
func (p *presence) forget(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.present, key)
}
