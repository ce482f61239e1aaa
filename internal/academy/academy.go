// Package academy has the use cases of Qibu: what an advisor, a trainer, HR and
// an admin can do. Each use case asks for permission once, at its top, and does
// its work in one transaction. Engines decide; the store remembers.
package academy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/people"
	"qibu/internal/store"
)

// Config is what an Academy needs from the outside.
type Config struct {
	Store   *store.Store
	Library *Library
	Now     func() time.Time // the one clock
	Zone    *time.Location   // in which days begin and end
	Issuer  string           // the organisation named on certificates
	Log     *slog.Logger
}

// Academy carries out use cases. It is safe for concurrent use.
type Academy struct {
	store     *store.Store
	library   atomic.Pointer[Library]
	now       func() time.Time
	zone      *time.Location
	issuer    string
	secret    []byte // keys the seeds of papers and role-play sessions
	passwords *passwords
	present   *memory[presence]        // who is behind a login, by digest of its token
	readings  *memory[map[string]bool] // which headings of a module a person has read
	editions  editionCache
	shelf     sync.Mutex     // one change of the library at a time
	seats     *seats         // at which scripts are looked through
	papers    *recent[drawn] // of attempts being answered
	plays     *recent[play]  // sessions under way
	lookback  lookback
	fares     fares // how questions have fared
	log       *slog.Logger
}

// Open publishes the library's editions and returns a ready Academy.
func Open(ctx context.Context, cfg Config) (*Academy, error) {
	a := &Academy{
		store: cfg.Store, now: cfg.Now, zone: cfg.Zone, issuer: cfg.Issuer,
		passwords: newPasswords(), seats: newSeats(), log: cfg.Log,
		present:  newMemory[presence](func(string) (int64, bool) { return cfg.Store.PeopleEpoch() }),
		readings: newMemory[map[string]bool](cfg.Store.ReadingEpoch),
		papers:   newRecent[drawn](paperGeneration),
		plays:    newRecent[play](playGeneration),
	}
	if err := a.loadSecret(ctx); err != nil {
		return nil, err
	}
	if err := a.publish(ctx, cfg.Library); err != nil {
		return nil, fmt.Errorf("publish content: %w", err)
	}
	return a, nil
}

// loadSecret reads the installation's secret, making it at the first start. All
// nodes on one database share it.
func (a *Academy) loadSecret(ctx context.Context) error {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return fmt.Errorf("make secret: %w", err)
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		text, err := tx.SetOnce("secret", hex.EncodeToString(fresh))
		if err != nil {
			return err
		}
		a.secret, err = hex.DecodeString(text)
		return err
	})
}

// Library returns the content in force.
func (a *Academy) Library() *Library { return a.library.Load() }

// Today is the current day in the organisation's zone.
func (a *Academy) Today() calendar.Day { return calendar.DayOf(a.now(), a.zone) }

// Zone is the organisation's zone.
func (a *Academy) Zone() *time.Location { return a.zone }

// Issuer is the organisation named on certificates.
func (a *Academy) Issuer() string { return a.issuer }

// Now is the current time by the academy's clock.
func (a *Academy) Now() time.Time { return a.now() }

// Ready reports whether the academy can serve: its database answers.
func (a *Academy) Ready(ctx context.Context) error { return a.store.Ping(ctx) }

// dayOf returns the organisation's day of a transaction's time.
func (a *Academy) dayOf(t time.Time) calendar.Day { return calendar.DayOf(t, a.zone) }

// personFor returns the person an action concerns, if the actor may do it to them.
func personFor(tx *store.Tx, who people.Actor, action people.Action, personID string) (people.Person, error) {
	p, err := tx.Person(personID)
	if err != nil {
		return people.Person{}, err
	}
	return p, people.Allow(who, action, p.Subject())
}

// audit notes in the same transaction who did what.
func audit(tx *store.Tx, who people.Actor, action, subject, subjectID, detail string) error {
	return tx.Audit(store.AuditEntry{
		ActorID: who.ID, Actor: who.Name, Action: action,
		Subject: subject, SubjectID: subjectID, Detail: detail,
	})
}
