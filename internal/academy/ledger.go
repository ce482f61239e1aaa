package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/internal/store"
)

// record appends events to a person's ledger and brings the standings they can
// move up to date, all in the caller's transaction. Evidence is recorded for no
// certification in particular and counts wherever it is required. A replay of
// the same source changes nothing.
func (a *Academy) record(tx *store.Tx, p people.Person, certification string, events ...cert.Event) error {
	var added []cert.Event
	for _, e := range events {
		if e.Day == "" {
			e.Day = a.dayOf(tx.Now)
		}
		if e.At.IsZero() {
			e.At = tx.Now
		}
		if err := e.Check(); err != nil {
			return err
		}
		fresh, err := tx.AppendLedger(p.ID, certification, e)
		if err != nil {
			return err
		}
		if fresh {
			added = append(added, e)
		}
	}
	if len(added) == 0 {
		return nil
	}
	ledger, err := tx.Ledger(p.ID)
	if err != nil {
		return err
	}
	for _, policy := range a.Library().Certifications {
		moved := certification == policy.Slug
		if certification == "" {
			moved = slices.ContainsFunc(added, func(e cert.Event) bool { return concerns(policy, e) })
		}
		if moved {
			if err := a.restand(tx, p, policy, ledger); err != nil {
				return err
			}
		}
	}
	return nil
}

// evidence is an event that shows something, for record.
func evidence(kind, ref string, outcome cert.Outcome, percent int, source string) cert.Event {
	return cert.Event{
		Kind: cert.EventEvidence, Requirement: kind, Ref: ref,
		Outcome: outcome, Percent: percent, SourceID: source,
	}
}

// outcomeOf is how evidence counts that was passed or not.
func outcomeOf(passed bool) cert.Outcome {
	if passed {
		return cert.Passed
	}
	return cert.Failed
}

// concerns reports whether a policy asks for what the event is about.
func concerns(p *cert.Policy, e cert.Event) bool {
	for _, list := range [][]cert.Requirement{p.Initial, p.Renewal, p.Lapsed} {
		for _, r := range list {
			if r.Kind == e.Requirement && r.Ref == e.Ref {
				return true
			}
		}
	}
	return false
}

// restand derives the standings of one certification from the ledger, and issues
// the certificate when a new period of validity has begun.
func (a *Academy) restand(tx *store.Tx, p people.Person, policy *cert.Policy, ledger []store.LedgerEntry) error {
	today := a.dayOf(tx.Now)
	events := store.EventsFor(ledger, policy.Slug)
	spans := cert.Timeline(*policy, events, today)
	if err := tx.SetStandings(p.ID, policy.Slug, firstDays(today, spans), spans); err != nil {
		return err
	}
	return a.issue(tx, p, policy, spans[0], today)
}

// firstDays returns the first day of each span of a timeline that begins on from.
func firstDays(from calendar.Day, spans []cert.Standing) []calendar.Day {
	days := make([]calendar.Day, len(spans))
	for i := range spans {
		days[i] = from
		from = spans[i].Until.AddDays(1)
	}
	return days
}

// rebuildStandings derives the standings of everybody under the given policies
// again, for policies that have just changed. Dates move only where the rules
// did: the ledger stays as it is.
func (a *Academy) rebuildStandings(ctx context.Context, policies []*cert.Policy) error {
	if len(policies) == 0 {
		return nil
	}
	var ids []string
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.PeopleWithLedger()
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := a.store.Write(ctx, func(tx *store.Tx) error {
			p, err := tx.Person(id)
			if err != nil {
				return err
			}
			ledger, err := tx.Ledger(id)
			if err != nil {
				return err
			}
			for _, policy := range policies {
				if err := a.restand(tx, p, policy, ledger); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// standing says where a person stands with a certification on a day.
func standing(policy *cert.Policy, ledger []store.LedgerEntry, day calendar.Day) cert.Standing {
	return cert.Status(*policy, store.EventsFor(ledger, policy.Slug), day)
}

// clock shows a time in the organisation's zone.
func (a *Academy) clock(t time.Time) time.Time { return t.In(a.zone) }
