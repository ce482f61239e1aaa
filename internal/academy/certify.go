package academy

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// issue records the certificate of the period that now began, once.
func (a *Academy) issue(tx *store.Tx, p people.Person, policy *cert.Policy, now cert.Standing, today calendar.Day) error {
	if now.State != cert.Certified && now.State != cert.RenewalOpen {
		return nil
	}
	var random [5]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand stops the program instead
	return tx.AddCertificate(store.Certificate{
		PersonID: p.ID, Certification: policy.Slug, PolicyVersion: policy.Version,
		Certificate: cert.Certificate{
			Number: cert.NewNumber(random), Person: p.Name, StaffNo: p.StaffNo,
			Title: policy.Title, TitleEN: policy.TitleEN, Level: policy.Level,
			ValidFrom: now.ValidFrom, ValidUntil: now.ValidUntil, Issued: today,
			Issuer: a.issuer, Evidence: evidenceLines(now.Met),
		},
	})
}

// evidenceLines says what a certificate rests on, one line each.
func evidenceLines(met []cert.Evidence) []string {
	lines := make([]string, len(met))
	for i, m := range met {
		lines[i] = m.Requirement.Title + " · " + string(m.Event.Day)
		if m.Event.Percent > 0 {
			lines[i] += fmt.Sprintf(" · %d%%", m.Event.Percent)
		}
		if m.Event.Actor != "" {
			lines[i] += " · " + m.Event.Actor
		}
	}
	return lines
}

// Goal is one certification as its holder or candidate sees it.
type Goal struct {
	Policy       *cert.Policy
	Standing     cert.Standing
	Assigned     bool   // somebody assigned it, or something was shown for it
	Wants        []Want // what is still missing, in the policy's order
	Certificates []IssuedCertificate
}

// Want is something still missing for a certification, and how to get it.
type Want struct {
	cert.Requirement
	Href      string // where to do it, "" for what is shown at the bay
	Criterion string // what the observer has to see, "" for everything else
	Last      *Sight // how it went when it was last observed, nil for never
}

// IssuedCertificate is a certificate with what it is worth today.
type IssuedCertificate struct {
	cert.Certificate
	PersonID string
	Verdict  cert.Verdict
	LastDay  calendar.Day // last valid day, later than the printed one when it was extended
}

// Goals lists every certification with the actor's standing and certificates.
func (a *Academy) Goals(ctx context.Context, who people.Actor) (goals []Goal, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	l, today := a.Library(), a.Today()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		standings, err := tx.StandingsOn(who.ID, today)
		if err != nil {
			return err
		}
		certificates, err := tx.CertificatesOf(who.ID)
		if err != nil {
			return err
		}
		seen, err := tx.LatestObservations(who.ID)
		goals = goals[:0]
		for _, policy := range l.Certifications {
			g := Goal{Policy: policy}
			if g.Standing, g.Assigned = standings[policy.Slug]; !g.Assigned {
				g.Standing = cert.Status(*policy, nil, today)
			}
			for _, q := range g.Standing.Missing {
				g.Wants = append(g.Wants, a.want(l, q, seen))
			}
			for _, c := range certificates {
				if c.Certification == policy.Slug {
					g.Certificates = append(g.Certificates, a.issued(c, g.Standing, today))
				}
			}
			goals = append(goals, g)
		}
		return err
	})
	return goals, err
}

// want says how to get what is missing.
func (a *Academy) want(l *Library, q cert.Requirement, seen map[string]store.Observation) Want {
	w := Want{Requirement: q}
	if q.Kind != cert.Observation {
		item, _ := l.Item(q.Kind, q.Ref)
		w.Href = item.Href
		return w
	}
	item, _ := l.Observation(q.Ref)
	w.Criterion = item.Criterion
	if o, ok := seen[q.Ref]; ok {
		w.Last = a.sight(o)
	}
	return w
}

// verifyPath is where anybody can check a certificate.
const verifyPath = "/verify/"

// issued adds to a certificate what it is worth on a day.
func (a *Academy) issued(c store.Certificate, now cert.Standing, today calendar.Day) IssuedCertificate {
	c.VerifyURL = verifyPath + c.Number
	return IssuedCertificate{
		Certificate: c.Certificate, PersonID: c.PersonID,
		Verdict: c.Verify(now, false, today), LastDay: c.LastDay(now),
	}
}

// Certificate returns a certificate to its holder, or to somebody who may see
// the holder's status.
func (a *Academy) Certificate(ctx context.Context, who people.Actor, number string) (found IssuedCertificate, err error) {
	number, err = readNumber(number)
	if err != nil {
		return found, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		c, err := tx.Certificate(number)
		if err != nil {
			return err
		}
		if err := a.maySee(tx, who, c.PersonID); err != nil {
			return err
		}
		found, err = a.judge(tx, c)
		return err
	})
	return found, err
}

// maySee permits one's own certificates, and those of people whose status the
// actor may see.
func (a *Academy) maySee(tx *store.Tx, who people.Actor, personID string) error {
	if personID == who.ID {
		return people.May(who, people.Learn)
	}
	holder, err := tx.Person(personID)
	if err != nil {
		return err
	}
	if err := people.Allow(who, people.ViewStatus, holder.Subject()); err != nil {
		return fault.Wrap(fault.NotFound, "error.not_found", err)
	}
	return nil
}

// judge says what a certificate is worth today.
func (a *Academy) judge(tx *store.Tx, c store.Certificate) (IssuedCertificate, error) {
	today := a.dayOf(tx.Now)
	standings, err := tx.StandingsOn(c.PersonID, today)
	return a.issued(c, standings[c.Certification], today), err
}

// Verification is what anybody learns about a certificate: what it is worth and
// whose it is, the name masked until the holder's code is given.
type Verification struct {
	Number         string // as printed, or as typed when it cannot be ours
	Known          bool   // such a certificate was issued
	Day            calendar.Day
	Verdict        cert.Verdict
	Title, TitleEN string
	Level, Issuer  string
	Holder         string // masked, or in full with the right code
	Unmasked       bool
	ValidFrom      calendar.Day
	LastDay        calendar.Day
}

// Verify answers anybody who has a number.
func (a *Academy) Verify(ctx context.Context, number string) (v Verification, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		v, _, err = a.verify(tx, number)
		return err
	})
	return v, err
}

// VerifyHolder is Verify with the holder's code, the staff number, which the
// holder may tell: with the right one the name is shown in full. A wrong one is
// fault.Invalid, and from the fourth on the next try has to wait, as at the login.
func (a *Academy) VerifyHolder(ctx context.Context, number, code string) (v Verification, err error) {
	var wrong error
	err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
		var c store.Certificate
		wrong = nil
		if v, c, err = a.verify(tx, number); err != nil || !v.Known {
			return err
		}
		if wrong, err = checkCode(tx, c, code); wrong == nil {
			v.Holder, v.Unmasked = c.Person, true
		}
		return err
	})
	if err == nil {
		err = wrong
	}
	return v, err
}

// checkCode compares a code with the holder's. wrong is for whoever typed it; it
// is no failure of the transaction, in which it has to be counted.
func checkCode(tx *store.Tx, c store.Certificate, code string) (wrong, err error) {
	key := digest("verify:" + c.Number)
	failures, last, err := tx.LoginFailures(key)
	if err != nil {
		return nil, err
	}
	if wait := last.Add(loginDelay(failures)).Sub(tx.Now); wait > 0 {
		return fault.Newf(fault.TooMany, "verify.wait", fault.Args{"seconds": int(wait/time.Second) + 1}), nil
	}
	if people.NormalizeLogin(code) != people.NormalizeLogin(c.StaffNo) {
		return inField("code", fault.New(fault.Invalid, "verify.wrong_code")), tx.AddLoginFailure(key)
	}
	return nil, tx.ClearLoginFailures(key)
}

// verify answers for a number with the name masked. A number that cannot be ours
// and one that was never issued are answers, not errors.
func (a *Academy) verify(tx *store.Tx, typed string) (v Verification, c store.Certificate, err error) {
	v.Number, v.Day = typed, a.dayOf(tx.Now)
	number, err := readNumber(typed)
	if err == nil {
		v.Number = number
		c, err = tx.Certificate(number)
	}
	if errors.Is(err, fault.NotFound) {
		return v, c, nil
	}
	if err != nil {
		return v, c, err
	}
	judged, err := a.judge(tx, c)
	v.Known, v.Verdict, v.LastDay = true, judged.Verdict, judged.LastDay
	v.Title, v.TitleEN, v.Level, v.Issuer = c.Title, c.TitleEN, c.Level, c.Issuer
	v.Holder, v.ValidFrom = mask(c.Person), c.ValidFrom
	return v, c, err
}

// readNumber reads a number as typed; one that cannot be ours is fault.NotFound.
func readNumber(typed string) (string, error) {
	number, err := cert.ParseNumber(typed)
	if err != nil {
		return "", fault.Wrap(fault.NotFound, "error.not_found", err)
	}
	return number, nil
}

// mask keeps the first character of a name.
func mask(name string) string {
	_, size := utf8.DecodeRuneInString(name)
	return name[:size] + "＊＊"
}

// RevokeCertification withdraws a person's certification, with a reason. What
// was learned stays on the ledger.
func (a *Academy) RevokeCertification(ctx context.Context, who people.Actor, personID, certification, reason string) error {
	return a.decree(ctx, who, personID, certification, cert.EventRevoked, "revoke", reason)
}

// ReinstateCertification takes a revocation back, with a reason.
func (a *Academy) ReinstateCertification(ctx context.Context, who people.Actor, personID, certification, reason string) error {
	return a.decree(ctx, who, personID, certification, cert.EventReinstated, "reinstate", reason)
}

func (a *Academy) decree(ctx context.Context, who people.Actor, personID, certification string,
	kind cert.EventKind, action, reason string,
) error {
	policy, ok := a.Library().Certification(certification)
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := personFor(tx, who, people.RevokeCertificate, personID)
		if err != nil {
			return err
		}
		standings, err := tx.StandingsOn(p.ID, a.dayOf(tx.Now))
		if err != nil {
			return err
		}
		if now := standings[certification].State; (kind == cert.EventRevoked) != holds(now) {
			return fault.New(fault.Conflict, "certificate.nothing_to_"+action)
		}
		err = a.record(tx, p, certification, cert.Event{Kind: kind, Reason: reason, ActorID: who.ID, Actor: who.Name})
		if err != nil {
			return err
		}
		return audit(tx, who, action+"_certificate", p.Name, p.ID, policy.Title+" · "+reason)
	})
}

// holds reports whether there is something to revoke.
func holds(s cert.State) bool {
	switch s {
	case cert.Certified, cert.RenewalOpen, cert.Grace, cert.Suspended, cert.Temporary:
		return true
	}
	return false
}
