package academy

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"qibu/internal/fault"
)

// Password hashing costs, from the OWASP password storage recommendations:
// 19 MiB, two passes, one lane.
var hashParams = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Password length in characters. Length is the only rule: composition rules
// make worse passwords.
const (
	minPassword = 8
	maxPassword = 128
)

// passwords hashes and compares, a few at a time: one hash takes 19 MiB and tens
// of milliseconds, so a whole class logging in at once waits in line instead of
// taking the machine down.
type passwords struct {
	slots *semaphore.Weighted
	decoy string // compared against when nobody has the login name
}

func newPasswords() *passwords {
	decoy, err := argon2id.CreateHash("nobody has this password", hashParams)
	if err != nil {
		panic(fmt.Errorf("hash the decoy password: %w", err)) // only without randomness
	}
	return &passwords{slots: semaphore.NewWeighted(int64(max(1, runtime.NumCPU()))), decoy: decoy}
}

func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return "", fault.Wrap(fault.Unavailable, "error.unavailable", err)
	}
	defer p.slots.Release(1)
	return argon2id.CreateHash(password, hashParams)
}

// match compares in the same time whether hash belongs to somebody or is empty.
func (p *passwords) match(ctx context.Context, password, hash string) (bool, error) {
	if err := p.slots.Acquire(ctx, 1); err != nil {
		return false, fault.Wrap(fault.Unavailable, "error.unavailable", err)
	}
	defer p.slots.Release(1)
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, p.decoy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

// checkPassword refuses what is too short, too long or one's own login name.
func checkPassword(password, account, staffNo string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return fault.Newf(fault.Invalid, "account.password_short", fault.Args{"min": minPassword})
	case n > maxPassword:
		return fault.Newf(fault.Invalid, "account.password_long", fault.Args{"max": maxPassword})
	case strings.EqualFold(password, account), strings.EqualFold(password, staffNo):
		return fault.New(fault.Invalid, "account.password_is_name")
	}
	return nil
}
