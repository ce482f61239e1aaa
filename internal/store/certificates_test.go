package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/store"
)

func TestCertificates(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		issued := func(number, person string, from, until calendar.Day) store.Certificate {
			return store.Certificate{
				PersonID: person, Certification: "l1", PolicyVersion: "v1",
				Certificate: cert.Certificate{
					Number: number, Person: "林晓", StaffNo: "101", Title: "见习", TitleEN: "Trainee", Level: "L1", Issuer: "七步汽车",
					ValidFrom: from, ValidUntil: until, Issued: from, Evidence: []string{"读完《仪表》 · 2026-03-02", "实操：站姿"},
				},
			}
		}
		first := issued("QB-1", lin, "2026-03-02", "2027-03-01")
		again := issued("QB-2", lin, "2026-03-02", "2027-03-01") // the same period: one certificate is enough
		renewed := issued("QB-3", lin, "2027-02-01", "2028-03-01")
		other := issued("QB-4", he, "2026-03-02", "2027-03-01")
		for _, c := range []store.Certificate{first, again, renewed, other} {
			b.write(func(tx *store.Tx) error { return tx.AddCertificate(c) })
		}
		b.read(func(tx *store.Tx) error {
			list, err := tx.CertificatesOf(lin)
			if diff := cmp.Diff([]store.Certificate{renewed, first}, list); diff != "" {
				b.Errorf("the person's certificates (-want +got):\n%s", diff)
			}
			if _, err := tx.Certificate("QB-2"); !errors.Is(err, fault.NotFound) {
				b.Errorf("the second number of a period: %v, want not found", err)
			}
			found, findErr := tx.Certificate("QB-4")
			if diff := cmp.Diff(other, found); diff != "" {
				b.Errorf("by number (-want +got):\n%s", diff)
			}
			return errors.Join(err, findErr)
		})
	})
}

func TestStandings(t *testing.T) {
	onBays(t, func(b bay) {
		lin, he := b.add(b.south, "101", "林晓", nil), b.add(b.south, "102", "何宁", nil)
		certified := cert.Standing{
			State: cert.Certified, ValidFrom: "2026-03-02", ValidUntil: "2027-03-01", WindowOpens: "2026-12-31", Until: "2026-12-30",
			Met:    []cert.Evidence{{Requirement: cert.Requirement{Kind: cert.Observation, Ref: "O6"}, Event: cert.Event{At: at(9), Actor: "周敏"}}},
			Reason: cert.Reason{Code: "certified", Args: map[string]string{"day": "2026-03-02"}},
		}
		open := cert.Standing{State: cert.RenewalOpen, Until: calendar.Forever}
		b.stand(lin, "l1", cert.InProgress)
		b.stand(lin, "l2", cert.NotStarted)
		b.stand(he, "l1", cert.Expired)
		b.write(func(tx *store.Tx) error {
			return tx.SetStandings(lin, "l1", []calendar.Day{"2026-03-02", "2026-12-31"}, []cert.Standing{certified, open})
		})
		l2 := cert.Standing{State: cert.NotStarted, Until: calendar.Forever}
		for day, want := range map[calendar.Day]map[string]cert.Standing{
			"2025-12-31":     {},
			"2026-03-01":     {"l2": l2}, // what was known before is replaced
			"2026-03-02":     {"l1": certified, "l2": l2},
			"2026-12-30":     {"l1": certified, "l2": l2},
			"2026-12-31":     {"l1": open, "l2": l2},
			calendar.Forever: {"l1": open, "l2": l2},
		} {
			b.read(func(tx *store.Tx) error {
				got, err := tx.StandingsOn(lin, day)
				if diff := cmp.Diff(want, got); diff != "" {
					b.Errorf("on %s (-want +got):\n%s", day, diff)
				}
				return err
			})
		}
	})
}
