package quiz

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetakeNext(t *testing.T) {
	rule := Retake{WaitHours: 24, Max: 3, WithinDays: 30}
	h := func(hours ...int) []time.Time { // hours after nine
		var list []time.Time
		for _, n := range hours {
			list = append(list, nine.Add(time.Duration(n)*time.Hour))
		}
		return list
	}
	at := func(hours int) time.Time { return h(hours)[0] }
	const day = 24
	for _, tt := range []struct {
		name            string
		ended, unlocked []time.Time
		now             time.Time
		want            Permission
	}{
		{"never tried", nil, nil, nine, Permission{Allowed: true, Max: 3}},
		{"an hour early", h(0), nil, at(23), Permission{NotBefore: at(24), Used: 1, Max: 3}},
		{"a moment early", h(0), nil, at(24).Add(-1), Permission{NotBefore: at(24), Used: 1, Max: 3}},
		{"after the wait", h(0), nil, at(24), Permission{Allowed: true, Used: 1, Max: 3}},
		{"in any order", h(2*day, 0), nil, at(2*day + 1), Permission{NotBefore: at(3 * day), Used: 2, Max: 3}},
		{"third try", h(0, 2*day), nil, at(4 * day), Permission{Allowed: true, Used: 2, Max: 3}},
		{
			"three used", h(0, 2*day, 4*day), nil, at(6 * day),
			Permission{NotBefore: at(30 * day), NeedsUnlock: true, Used: 3, Max: 3},
		},
		{
			"a moment before the first leaves", h(0, 2*day, 4*day), nil, at(30 * day).Add(-1),
			Permission{NotBefore: at(30 * day), NeedsUnlock: true, Used: 3, Max: 3},
		},
		{"the first has left", h(0, 2*day, 4*day), nil, at(30 * day), Permission{Allowed: true, Used: 2, Max: 3}},
		{"unlocked", h(0, 2*day, 4*day), h(5 * day), at(6 * day), Permission{Allowed: true, Used: 3, Max: 3}},
		{
			"unlock does not shorten the wait", h(0, 2*day, 4*day), h(4*day + 1), at(4*day + 2),
			Permission{NotBefore: at(5 * day), Used: 3, Max: 3},
		},
		{
			"unlock older than the last attempt", h(0, 2*day, 4*day), h(3 * day), at(6 * day),
			Permission{NotBefore: at(30 * day), NeedsUnlock: true, Used: 3, Max: 3},
		},
		{
			"unlock at the very end of the last attempt", h(0, 2*day, 4*day), h(4 * day), at(6 * day),
			Permission{NotBefore: at(30 * day), NeedsUnlock: true, Used: 3, Max: 3},
		},
		{
			"unlock used", h(0, 2*day, 4*day, 6*day), h(5 * day), at(8 * day),
			Permission{NotBefore: at(32 * day), NeedsUnlock: true, Used: 4, Max: 3},
		},
		{"second unlock", h(0, 2*day, 4*day, 6*day), h(5*day, 7*day), at(8 * day), Permission{Allowed: true, Used: 4, Max: 3}},
		{
			"the wait outlasts the window", h(0, 1, 30*day-1), nil, at(30*day - 1),
			Permission{NotBefore: at(31*day - 1), NeedsUnlock: true, Used: 3, Max: 3},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, rule.Next(tt.ended, tt.unlocked, tt.now)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whoever only starts when allowed keeps the promise: the wait after every
// attempt, and no more than Max attempts in any WithinDays but for one more per
// unlock. NotBefore is exact: allowed then, not a moment sooner.
func TestRetakeKeepsItsPromise(t *testing.T) {
	refused, unlockedStarts := 0, 0
	for n := range uint64(5000) {
		r := rand.New(rand.NewPCG(n, 2))
		rule := Retake{WaitHours: r.IntN(48), Max: 1 + r.IntN(3), WithinDays: 1 + r.IntN(10)}
		wait, within := time.Duration(rule.WaitHours)*time.Hour, time.Duration(rule.WithinDays)*24*time.Hour
		var ended, unlocked []time.Time
		now := nine
		for range 40 {
			now = now.Add(time.Duration(r.IntN(30*60)) * time.Minute)
			if r.IntN(10) == 0 {
				unlocked = append(unlocked, now)
			}
			p := rule.Next(ended, unlocked, now)
			if !p.Allowed {
				refused++
				if !rule.Next(ended, unlocked, p.NotBefore).Allowed || rule.Next(ended, unlocked, p.NotBefore.Add(-1)).Allowed {
					t.Fatalf("sequence %d: NotBefore %v is not exact", n, p.NotBefore)
				}
				continue
			}
			if len(ended) > 0 && now.Sub(ended[len(ended)-1]) < wait {
				t.Fatalf("sequence %d: started %v after the last end", n, now.Sub(ended[len(ended)-1]))
			}
			recent := 0
			for _, e := range ended {
				if now.Sub(e) < within {
					recent++
				}
			}
			if recent >= rule.Max {
				unlockedStarts++
				if len(unlocked) == 0 || !unlocked[len(unlocked)-1].After(ended[len(ended)-1]) {
					t.Fatalf("sequence %d: %d attempts already and no fresh unlock", n, recent)
				}
			}
			now = now.Add(time.Duration(1+r.IntN(15)) * time.Minute)
			ended = append(ended, now)
		}
	}
	if refused < 1000 || unlockedStarts < 1000 {
		t.Errorf("%d refusals, %d unlocked starts: the test is too quiet", refused, unlockedStarts)
	}
}
