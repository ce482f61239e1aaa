package cert

import "qibu/internal/calendar"

// Certificate is one issued document. It is never edited: a correction or a
// renewal is a new certificate with a number of its own.
type Certificate struct {
	Number         string // as NewNumber makes it
	Person         string
	StaffNo        string
	Title, TitleEN string // the certification
	Level          string
	ValidFrom      calendar.Day
	ValidUntil     calendar.Day // last valid day when it was issued
	Issued         calendar.Day
	Issuer         string   // the organisation
	Evidence       []string // what it rests on, one line each
	VerifyURL      string   // page that answers for this number
}

// Verdict is what the verification page says about a certificate.
type Verdict string

// The verdicts. Suspension is shown as such: the certificate is neither
// withdrawn nor, today, good.
const (
	VerdictValid      Verdict = "valid"      // 有效
	VerdictExpired    Verdict = "expired"    // 已过期
	VerdictSuperseded Verdict = "superseded" // 已被新证取代
	VerdictRevoked    Verdict = "revoked"    // 已撤销
	VerdictSuspended  Verdict = "suspended"  // 已暂停
)

// LastDay is the last day of c's period as far as now knows: the printed one, or
// a later one when the period was extended since.
func (c Certificate) LastDay(now Standing) calendar.Day {
	if now.ValidFrom == c.ValidFrom {
		return calendar.Later(c.ValidUntil, now.ValidUntil)
	}
	return c.ValidUntil
}

// Verify says what c is worth on today. now is the holder's standing on that
// day; replaced tells that the same period was issued again under another number.
func (c Certificate) Verify(now Standing, replaced bool, today calendar.Day) Verdict {
	switch {
	case now.State == Revoked, now.ValidFrom.Before(c.ValidFrom): // or what it rested on was taken back
		return VerdictRevoked
	case replaced || now.ValidFrom.After(c.ValidFrom):
		return VerdictSuperseded
	case today.After(c.LastDay(now)):
		return VerdictExpired
	case now.State == Suspended:
		return VerdictSuspended
	default:
		return VerdictValid
	}
}
