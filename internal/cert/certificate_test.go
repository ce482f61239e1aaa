package cert_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
)

func drawNumber(t *rapid.T) string {
	return cert.NewNumber([5]byte(rapid.SliceOfN(rapid.Byte(), 5, 5).Draw(t, "random")))
}

func TestNumberShape(t *testing.T) {
	shape := regexp.MustCompile(`^QB-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]$`)
	seen := map[string][5]byte{}
	for i := range 40 { // every bit of the randomness reaches the number
		var random [5]byte
		random[i/8] = 1 << (i % 8)
		n := cert.NewNumber(random)
		if !shape.MatchString(n) {
			t.Errorf("%s does not look like a number", n)
		}
		if other, ok := seen[n]; ok {
			t.Errorf("%v and %v both give %s", other, random, n)
		}
		seen[n] = random
	}
}

func TestParseNumberAsTyped(t *testing.T) {
	n := cert.NewNumber([5]byte{0x12, 0xfe, 0x33, 0x01, 0x9c})
	bare := strings.ReplaceAll(n, "-", "")
	for _, typed := range []string{n, strings.ToLower(n), bare, bare[2:], " " + n[:7] + " — " + n[8:] + "\n", fullWidth(n), strings.ReplaceAll(n, "-", "－")} {
		if got, err := cert.ParseNumber(typed); err != nil || got != n {
			t.Errorf("%q: %q, %v; want %s", typed, got, err, n)
		}
	}
	for typed, key := range map[string]string{
		"":                                 "cert.number_length",
		bare + "2":                         "cert.number_length",
		"QB-7K4M-9XTR-22":                  "cert.number_length",
		strings.Replace(n, n[3:4], "0", 1): "cert.number_symbol",
		"QB-7K4M-9XTR-é":                   "cert.number_length",
	} {
		_, err := cert.ParseNumber(typed)
		var f *fault.Error
		if !errors.Is(err, fault.Invalid) || !errors.As(err, &f) || f.Key != key {
			t.Errorf("%q: %v, want %s", typed, err, key)
		}
	}
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune { return r - '!' + '！' }, s)
}

// The check symbol notices every single wrong symbol and every swap of two.
func TestNumberCheck(t *testing.T) {
	const symbols = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		n := []byte(strings.ReplaceAll(drawNumber(t), "-", ""))[2:]
		if _, err := cert.ParseNumber(string(n)); err != nil {
			t.Fatalf("%s: %v", n, err)
		}
		for i := range n {
			for _, s := range []byte(symbols) {
				wrong := append([]byte(nil), n...)
				wrong[i] = s
				if _, err := cert.ParseNumber(string(wrong)); s != n[i] && err == nil {
					t.Fatalf("%s passes for %s", wrong, n)
				}
			}
			for j := range i {
				swapped := append([]byte(nil), n...)
				swapped[i], swapped[j] = n[j], n[i]
				if _, err := cert.ParseNumber(string(swapped)); n[i] != n[j] && err == nil {
					t.Fatalf("%s passes for %s", swapped, n)
				}
			}
		}
	})
}

func TestVerify(t *testing.T) {
	c := cert.Certificate{ValidFrom: "2026-03-04", ValidUntil: "2028-03-03"}
	now := func(state cert.State, from, until calendar.Day) cert.Standing {
		return cert.Standing{State: state, ValidFrom: from, ValidUntil: until}
	}
	tests := []struct {
		name     string
		now      cert.Standing
		replaced bool
		today    calendar.Day
		want     cert.Verdict
	}{
		{"on its last day", now(cert.RenewalOpen, "2026-03-04", "2028-03-03"), false, "2028-03-03", cert.VerdictValid},
		{"the day after", now(cert.Grace, "2026-03-04", "2028-03-03"), false, "2028-03-04", cert.VerdictExpired},
		{"extended since", now(cert.RenewalOpen, "2026-03-04", "2028-05-31"), false, "2028-05-31", cert.VerdictValid},
		{"renewed", now(cert.Certified, "2028-02-01", "2030-03-03"), false, "2028-02-01", cert.VerdictSuperseded},
		{"renewed long ago", now(cert.Certified, "2028-02-01", "2030-03-03"), false, "2029-01-01", cert.VerdictSuperseded},
		{"issued again with the name corrected", now(cert.Certified, "2026-03-04", "2028-03-03"), true, "2026-05-01", cert.VerdictSuperseded},
		{"revoked", now(cert.Revoked, "2026-03-04", "2028-03-03"), false, "2026-05-01", cert.VerdictRevoked},
		{"suspended", now(cert.Suspended, "2026-03-04", "2028-03-03"), false, "2026-05-01", cert.VerdictSuspended},
		{"suspended and over", now(cert.Suspended, "2026-03-04", "2028-03-03"), false, "2028-05-01", cert.VerdictExpired},
		{"exempt later on", now(cert.Exempt, "2026-03-04", "2028-03-03"), false, "2026-05-01", cert.VerdictValid},
	}
	for _, tt := range tests {
		if got := c.Verify(tt.now, tt.replaced, tt.today); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}
