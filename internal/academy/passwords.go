package academy

import (
	"context"
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

// decoy is compared against when nobody has the login name, so that the answer
// takes as long as for somebody. It has the costs of hashParams, and nobody knows
// the random password it was made of.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$aqVt4XFIxuD3bXwvmoMsUQ$RtcsHXAbwFcmA1MXu5w4vZR08tKNUH4B9A7OsV6RDEo"

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
}

func newPasswords() *passwords {
	return &passwords{slots: semaphore.NewWeighted(int64(max(1, runtime.NumCPU())))}
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
		_, err := argon2id.ComparePasswordAndHash(password, decoy)
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
