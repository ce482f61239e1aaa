package academy

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// How long a login lasts. Learners study on their own phones between two
// customers; staff pages show other people's data, so their logins end sooner.
const (
	learnerIdle, learnerMax = 7 * 24 * time.Hour, 30 * 24 * time.Hour
	staffIdle, staffMax     = 2 * time.Hour, 12 * time.Hour

	touchEvery = 5 * time.Minute // how often use is noted, at most

	freeFailures = 3               // wrong passwords before a wait sets in
	maxWait      = 5 * time.Minute // the longest wait, so that nobody can be locked out for good

	setupLinkLife = 24 * time.Hour
)

// SignIn checks a login name and password and returns the token of a new login.
// The answer is the same, and takes as long, whether the name is unknown or the
// password wrong. Each further failure of a name doubles the wait before the next try.
func (a *Academy) SignIn(ctx context.Context, name, password, device string) (token string, who people.Person, err error) {
	name = people.NormalizeLogin(name)
	key := digest("login:" + name)
	var personID, hash string
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		failures, last, err := tx.LoginFailures(key)
		if err != nil {
			return err
		}
		if wait := last.Add(loginDelay(failures)).Sub(tx.Now); wait > 0 {
			return fault.Newf(fault.TooMany, "login.wait", fault.Args{"seconds": int(wait/time.Second) + 1})
		}
		personID, hash, err = tx.PasswordOf(name)
		if errors.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return "", who, err
	}
	ok, err := a.passwords.match(ctx, password, hash)
	if err != nil {
		return "", who, fmt.Errorf("compare password: %w", err)
	}
	if !ok {
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.AddLoginFailure(key) }); err != nil {
			return "", who, err
		}
		return "", who, fault.New(fault.Invalid, "login.wrong")
	}
	token = newToken()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ClearLoginFailures(key); err != nil {
			return err
		}
		who, err = tx.Person(personID)
		if err != nil {
			return err
		}
		return tx.AddLogin(newLogin(who, device, tx.Now), digest(token))
	})
	return token, who, err
}

// loginDelay is how long a name has to wait after its n-th failure in a row:
// nothing for the first three, then 1 s, 2 s, 4 s … up to five minutes.
func loginDelay(failures int) time.Duration {
	if failures <= freeFailures {
		return 0
	}
	return min(time.Second<<min(failures-freeFailures-1, 20), maxWait)
}

func newLogin(p people.Person, device string, now time.Time) store.Login {
	idle, _ := loginLife(p)
	return store.Login{
		ID: store.NewID(), PersonID: p.ID, Device: device,
		CreatedAt: now, SeenAt: now, ExpireAt: now.Add(idle),
	}
}

func loginLife(p people.Person) (idle, most time.Duration) {
	for _, role := range p.Roles {
		if role != people.Advisor {
			return staffIdle, staffMax
		}
	}
	return learnerIdle, learnerMax
}

// presence is a login and the person behind it.
type presence struct {
	login  store.Login
	person people.Person
}

// Resume returns the person behind a login token. An unknown, expired or ended
// login is fault.Unauthenticated.
func (a *Academy) Resume(ctx context.Context, token string) (people.Actor, people.Person, error) {
	key := digest(token)
	found, err := a.present.recall("", key, func() (found presence, err error) {
		err = a.store.Glance(ctx, func(tx *store.Tx) error {
			found.login, found.person, err = tx.LoginByToken(key)
			return err
		})
		return found, err
	})
	login, p := found.login, found.person
	now := a.now()
	if errors.Is(err, fault.NotFound) || (err == nil && !now.Before(login.ExpireAt)) {
		return people.Actor{}, p, fault.New(fault.Unauthenticated, "error.unauthenticated")
	}
	if err != nil {
		return people.Actor{}, p, err
	}
	if now.Sub(login.SeenAt) > touchEvery {
		idle, most := loginLife(p)
		expires := login.CreatedAt.Add(most)
		if next := now.Add(idle); next.Before(expires) {
			expires = next
		}
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return tx.TouchLogin(login.ID, expires) }); err != nil {
			return people.Actor{}, p, err
		}
		a.present.forget(key)
	}
	return actorOf(p, login.ID), p, nil
}

func actorOf(p people.Person, loginID string) people.Actor {
	return people.Actor{
		ID: p.ID, Name: p.Name, StaffNo: p.StaffNo, StoreID: p.StoreID, Store: p.Store,
		Language: p.Language, TimeFactor: p.TimeFactor, Roles: p.Roles, LoginID: loginID,
	}
}

// SignOut ends the login the actor came with.
func (a *Academy) SignOut(ctx context.Context, who people.Actor) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return tx.EndLogin(who.LoginID) })
}

// SignOutEverywhere ends every login of the actor, this one included.
func (a *Academy) SignOutEverywhere(ctx context.Context, who people.Actor) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndLogins(who.ID, ""); err != nil {
			return err
		}
		return audit(tx, who, "sign_out_everywhere", who.Name, who.ID, "")
	})
}

// Device is a browser the actor is logged in on.
type Device struct {
	Agent  string // what the browser calls itself
	SeenAt time.Time
	This   bool // the one this request came from
}

// Devices lists where the actor is logged in, the latest used first.
func (a *Academy) Devices(ctx context.Context, who people.Actor) (list []Device, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		logins, err := tx.Logins(who.ID)
		list = make([]Device, len(logins))
		for i, l := range logins {
			list[i] = Device{Agent: l.Device, SeenAt: l.SeenAt.In(a.zone), This: l.ID == who.LoginID}
		}
		return err
	})
	return list, err
}

// ChangePassword replaces the actor's password after checking the old one. All
// logins end; the returned token is a new one for this device.
func (a *Academy) ChangePassword(ctx context.Context, who people.Actor, old, fresh, device string) (token string, err error) {
	var p people.Person
	var hash string
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if p, err = tx.Person(who.ID); err != nil {
			return err
		}
		hash, err = tx.PasswordHash(who.ID)
		return err
	})
	if err != nil {
		return "", err
	}
	ok, err := a.passwords.match(ctx, old, hash)
	if err != nil {
		return "", fmt.Errorf("compare password: %w", err)
	}
	if !ok {
		return "", fault.New(fault.Invalid, "account.password_old_wrong")
	}
	if err := checkPassword(fresh, p.Account, p.StaffNo); err != nil {
		return "", err
	}
	if fresh == old {
		return "", fault.New(fault.Invalid, "account.password_same")
	}
	next, err := a.passwords.hash(ctx, fresh)
	if err != nil {
		return "", err
	}
	token = newToken()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.SetPassword(who.ID, next, false); err != nil {
			return err
		}
		if err := tx.EndLogins(who.ID, ""); err != nil {
			return err
		}
		if err := tx.AddLogin(newLogin(p, device, tx.Now), digest(token)); err != nil {
			return err
		}
		return audit(tx, who, "change_password", who.Name, who.ID, "")
	})
	return token, err
}

// ChooseLanguage sets the language the actor reads Qibu in.
func (a *Academy) ChooseLanguage(ctx context.Context, who people.Actor, language string) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return tx.SetLanguage(who.ID, language) })
}

// OfferSetup returns the token of a one-time setup link when there are no
// people yet, and "" when there are.
func (a *Academy) OfferSetup(ctx context.Context) (token string, err error) {
	fresh := newToken()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		token = ""
		n, err := tx.CountPersons()
		if err != nil || n > 0 {
			return err
		}
		token = fresh
		return tx.AddSetupLink(digest(fresh), tx.Now.Add(setupLinkLife))
	})
	return token, err
}

// SetupOpen reports whether a setup link may still be used; fault.NotFound when not.
func (a *Academy) SetupOpen(ctx context.Context, token string) error {
	return a.store.Read(ctx, func(tx *store.Tx) error { return setupOpen(tx, token) })
}

func setupOpen(tx *store.Tx, token string) error {
	valid, err := tx.SetupLinkValid(digest(token))
	if err != nil {
		return err
	}
	n, err := tx.CountPersons()
	if err != nil {
		return err
	}
	if !valid || n > 0 {
		return fault.New(fault.NotFound, "setup.used")
	}
	return nil
}

// FirstAdmin is what the setup page asks for.
type FirstAdmin struct {
	Store, Name, StaffNo, Account, Password string
}

// SetUp creates the first store and the first admin, and uses the link up.
func (a *Academy) SetUp(ctx context.Context, token string, f FirstAdmin) error {
	if err := a.SetupOpen(ctx, token); err != nil {
		return err
	}
	p := people.Person{
		ID: store.NewID(), Account: people.NormalizeLogin(f.Account), StaffNo: f.StaffNo, Name: f.Name,
		StoreID: store.NewID(), Store: f.Store, Language: "zh", TimeFactor: 100,
		Roles: []people.Role{people.Admin},
	}
	if err := checkPassword(f.Password, p.Account, p.StaffNo); err != nil {
		return err
	}
	hash, err := a.passwords.hash(ctx, f.Password)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := setupOpen(tx, token); err != nil {
			return err
		}
		if err := tx.AddStore(people.Store{ID: p.StoreID, Name: p.Store}); err != nil {
			return err
		}
		if err := tx.AddPerson(p, hash); err != nil {
			return err
		}
		if err := tx.UseSetupLinks(); err != nil {
			return err
		}
		return audit(tx, actorOf(p, ""), "set_up", p.Name, p.ID, "")
	})
}

// SweepLogins forgets logins, setup links and failures that no longer matter.
func (a *Academy) SweepLogins(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error { return tx.SweepLogins() })
}

// newToken returns 256 random bits as text.
func newToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand stops the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// digest is the form in which secrets are stored and looked up.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
