package academy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

const l1 = "l1-trainee-advisor"

// show records evidence as the use cases that gather it do.
func (c *campus) show(who people.Actor, e cert.Event) {
	c.t.Helper()
	c.write(func(tx *store.Tx) error {
		p, err := tx.Person(who.ID)
		if err != nil {
			return err
		}
		return c.record(tx, p, "", e)
	})
}

// pass is evidence of one requirement, of its own source each time.
func pass(q cert.Requirement, percent int) cert.Event {
	return evidence(q.Kind, q.Ref, cert.Passed, percent, store.NewID())
}

// meet shows all requirements of a list.
func (c *campus) meet(who people.Actor, list []cert.Requirement) {
	c.t.Helper()
	for _, q := range list {
		percent := 0
		if q.Mark > 0 {
			percent = q.Mark + 5
		}
		c.show(who, pass(q, percent))
	}
}

// until moves the clock to noon of a day.
func (c *campus) until(day calendar.Day) {
	c.t.Helper()
	c.later(day.Start(c.Zone()).Add(12 * time.Hour).Sub(c.at()))
}

// goal is where a person stands with L1.
func (c *campus) goal(who people.Actor) Goal {
	c.t.Helper()
	goals, err := c.Goals(context.Background(), who)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, g := range goals {
		if g.Policy.Slug == l1 {
			return g
		}
	}
	c.t.Fatal("no L1")
	return Goal{}
}

// certified is an advisor who has met everything on the campus's first day.
func (c *campus) certified(name string) (who people.Actor, number string) {
	c.t.Helper()
	who = c.add(name, people.Advisor)
	c.meet(who, c.policy().Initial)
	return who, c.goal(who).Certificates[0].Number
}

func (c *campus) policy() *cert.Policy {
	c.t.Helper()
	p, ok := c.Library().Certification(l1)
	if !ok {
		c.t.Fatal("no L1")
	}
	return p
}

// verdicts are a person's certificates, the latest first, each with its worth today.
func (g Goal) verdicts() (list []cert.Verdict) {
	for _, c := range g.Certificates {
		list = append(list, c.Verdict)
	}
	return list
}

// The whole way to L1: reading, quizzes, role-plays and the practical, with what
// does not count on the way. One certificate, on the day of the last signature in
// the organisation's zone, resting on exactly what was shown.
func TestFirstCertificate(t *testing.T) {
	c := openCampus(t)
	who, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	if g := c.goal(who); g.Assigned || g.Standing.State != cert.NotStarted || len(g.Wants) != 13 {
		t.Fatalf("before anything: assigned %v, %s, %d wanted", g.Assigned, g.Standing.State, len(g.Wants))
	}

	for _, q := range c.policy().Initial {
		switch q.Kind {
		case cert.Module:
			c.readAll(who, q.Ref)
		case cert.Quiz:
			c.show(who, pass(q, q.Mark-1))
			c.show(who, evidence(q.Kind, q.Ref, cert.Failed, q.Mark+20, store.NewID()))
		case cert.Scenario:
			crossed := pass(q, 95)
			crossed.RedLine = true
			c.show(who, crossed)
		}
	}
	g := c.goal(who)
	if g.Standing.State != cert.InProgress || len(g.Wants) != 9 {
		t.Fatalf("read all and passed nothing: %s, %d wanted, want 9", g.Standing.State, len(g.Wants))
	}
	if w := g.Wants[0]; w.Href != "/quizzes/professional-image" || w.Mark != 70 {
		t.Errorf("first wanted %+v", w)
	}
	if w := g.Wants[4]; w.Href != "/rehearse/rp01-appointment-exhaust" {
		t.Errorf("first role-play wanted %+v", w)
	}

	c.later(24 * time.Hour)
	for _, q := range c.policy().Initial {
		if q.Kind == cert.Quiz || q.Kind == cert.Scenario {
			c.show(who, pass(q, q.Mark))
		}
	}
	if g = c.goal(who); g.Standing.State != cert.AwaitingPractical {
		t.Fatalf("only the practical is missing: %s", g.Standing.State)
	}
	if w := g.Wants[0]; w.Href != "" || !strings.HasPrefix(w.Criterion, "全身笔直") || w.Last != nil {
		t.Errorf("first observation wanted %+v", w)
	}

	c.observe(trainer, who, Signature{Item: "O1", Outcome: cert.Passed}, Signature{Item: "O5", Outcome: cert.Passed},
		Signature{Item: "O6", Outcome: cert.NotYet, Note: "没有问用车情况"})
	g = c.goal(who)
	if len(g.Wants) != 1 || len(g.Certificates) != 0 {
		t.Fatalf("one item not yet: %d wanted, %d certificates", len(g.Wants), len(g.Certificates))
	}
	if diff := cmp.Diff(&Sight{Day: "2026-03-03", Note: "没有问用车情况", Observer: "周敏"}, g.Wants[0].Last); diff != "" {
		t.Errorf("how it went last (-want +got):\n%s", diff)
	}

	c.later(31*time.Hour + 30*time.Minute) // 16:30 UTC on the 4th: half past midnight on the 5th here
	c.observe(trainer, who, Signature{Item: "O6", Outcome: cert.Passed})
	g = c.goal(who)
	if g.Standing.State != cert.Certified || len(g.Wants) != 0 || len(g.Certificates) != 1 {
		t.Fatalf("all shown: %s, %d wanted, %d certificates", g.Standing.State, len(g.Wants), len(g.Certificates))
	}
	got := g.Certificates[0]
	if _, err := cert.ParseNumber(got.Number); err != nil {
		t.Errorf("number %q: %v", got.Number, err)
	}
	want := IssuedCertificate{
		PersonID: who.ID, Verdict: cert.VerdictValid, LastDay: "2027-03-04",
		Certificate: cert.Certificate{
			Number: got.Number, Person: "林晓", StaffNo: who.StaffNo, Title: "L1 见习服务顾问", TitleEN: "L1 Trainee service advisor",
			Level: "L1", Issuer: "七步汽车", ValidFrom: "2026-03-05", ValidUntil: "2027-03-04", Issued: "2026-03-05",
			VerifyURL: "/verify/" + got.Number,
			Evidence: []string{
				"读完《仪表、站姿与第一印象》 · 2026-03-02", "读完《第一步：预约》 · 2026-03-02",
				"读完《环车检查与三件套》 · 2026-03-02", "读完《倾听与解释》 · 2026-03-02",
				"测验：仪表、站姿与第一印象 · 2026-03-03 · 70%", "测验：第一步预约 · 2026-03-03 · 70%",
				"测验：环车检查与三件套 · 2026-03-03 · 70%", "测验：倾听与解释 · 2026-03-03 · 70%",
				"演练：李太太的预约电话 · 2026-03-03 · 60%", "演练：王先生接车与环车检查 · 2026-03-03 · 60%",
				"实操：站姿 · 2026-03-03 · 周敏", "实操：铺三件套 · 2026-03-03 · 周敏", "实操：环车检查 · 2026-03-05 · 周敏",
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("certificate (-want +got):\n%s", diff)
	}

	c.later(24 * time.Hour)
	c.meet(who, c.policy().Initial) // shown once more, before the window: nothing new
	if again := c.goal(who); len(again.Certificates) != 1 || again.Certificates[0].Number != got.Number {
		t.Errorf("%d certificates after showing all again", len(again.Certificates))
	}
}

// readAll reads a module to its end.
func (c *campus) readAll(who people.Actor, ref string) {
	c.t.Helper()
	m, ok := c.Library().module(ref)
	if !ok {
		c.t.Fatal("no module " + ref)
	}
	var headings []string
	for _, h := range m.Body.Headings {
		headings = append(headings, h.ID)
	}
	course, slug, _ := strings.Cut(ref, "/")
	if _, err := c.MarkRead(context.Background(), who, course, slug, headings); err != nil {
		c.t.Fatal(err)
	}
}

// Nothing happens but time: the states and the verdict follow the calendar.
func TestCertificateAges(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("林晓") // on 2026-03-02
	for _, want := range []struct {
		day     calendar.Day
		state   cert.State
		verdict cert.Verdict
	}{
		{"2026-12-30", cert.Certified, cert.VerdictValid},
		{"2026-12-31", cert.RenewalOpen, cert.VerdictValid}, // 60 days before the last
		{"2027-03-01", cert.RenewalOpen, cert.VerdictValid}, // the last day itself
		{"2027-03-02", cert.Grace, cert.VerdictExpired},
		{"2027-03-31", cert.Grace, cert.VerdictExpired},
		{"2027-04-01", cert.Expired, cert.VerdictExpired},
	} {
		c.until(want.day)
		g := c.goal(who)
		if g.Standing.State != want.state || g.Certificates[0].Verdict != want.verdict {
			t.Errorf("%s: %s and %s, want %s and %s", want.day, g.Standing.State, g.Certificates[0].Verdict, want.state, want.verdict)
		}
		if v := c.verified(number); v.Verdict != want.verdict {
			t.Errorf("%s: verified as %s, want %s", want.day, v.Verdict, want.verdict)
		}
	}
}

// A renewal inside the window counts from the old expiry, under a new number; what
// was shown before the window does not count for it.
func TestRenewal(t *testing.T) {
	c := openCampus(t)
	who, first := c.certified("林晓")
	c.until("2026-12-30")
	c.meet(who, c.policy().Renewal)
	c.until("2026-12-31")
	if g := c.goal(who); len(g.Wants) != len(c.policy().Renewal) || len(g.Certificates) != 1 {
		t.Fatalf("on the window's first day: %d wanted, %d certificates", len(g.Wants), len(g.Certificates))
	}
	c.until("2027-01-15")
	c.meet(who, c.policy().Renewal)
	g := c.goal(who)
	if diff := cmp.Diff([]cert.Verdict{cert.VerdictValid, cert.VerdictSuperseded}, g.verdicts()); diff != "" {
		t.Fatalf("verdicts (-want +got):\n%s", diff)
	}
	if renewed := g.Certificates[0]; renewed.Number == first || renewed.ValidFrom != "2027-01-15" || renewed.ValidUntil != "2028-03-01" {
		t.Errorf("renewed %s from %s to %s", renewed.Number, renewed.ValidFrom, renewed.ValidUntil)
	}
	if v := c.verified(first); v.Verdict != cert.VerdictSuperseded {
		t.Errorf("the first verifies as %s", v.Verdict)
	}
}

// An extension keeps the certificate valid, and the pages say until when.
func TestExtendedCertificate(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("林晓")
	c.write(func(tx *store.Tx) error {
		p, err := tx.Person(who.ID)
		if err != nil {
			return err
		}
		return c.record(tx, p, l1, cert.Event{Kind: cert.EventExtended, Until: "2027-06-30", Reason: "产假"})
	})
	c.until("2027-06-30")
	if v := c.verified(number); v.Verdict != cert.VerdictValid || v.LastDay != "2027-06-30" {
		t.Errorf("%s until %s", v.Verdict, v.LastDay)
	}
	if g := c.goal(who); len(g.Certificates) != 1 || g.Certificates[0].ValidUntil != "2027-03-01" || g.Certificates[0].LastDay != "2027-06-30" {
		t.Errorf("certificates %+v", g.Certificates)
	}
	c.until("2027-07-01")
	if v := c.verified(number); v.Verdict != cert.VerdictExpired {
		t.Errorf("after the extension: %s", v.Verdict)
	}
}

func TestRevoke(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("林晓")
	hr, trainer := c.add("吴静", people.HR), c.add("周敏", people.Trainer)
	revoke := func(actor people.Actor, reason string) error {
		return c.RevokeCertification(t.Context(), actor, who.ID, l1, reason)
	}
	for name, refused := range map[string]struct{ got, want error }{
		"a trainer":    {revoke(trainer, "抄袭"), fault.Forbidden},
		"the holder":   {revoke(who, "抄袭"), fault.Forbidden},
		"no reason":    {revoke(hr, " "), fault.Invalid},
		"not revoked":  {c.ReinstateCertification(t.Context(), hr, who.ID, l1, "误会"), fault.Conflict},
		"no such slug": {c.RevokeCertification(t.Context(), hr, who.ID, "l9", "抄袭"), fault.NotFound},
	} {
		if !errors.Is(refused.got, refused.want) {
			t.Errorf("%s: %v, want %v", name, refused.got, refused.want)
		}
	}
	if v := c.verified(number); v.Verdict != cert.VerdictValid {
		t.Fatalf("after refused revocations: %s", v.Verdict)
	}
	if err := revoke(hr, "替考，查实"); err != nil {
		t.Fatal(err)
	}
	g := c.goal(who)
	if g.Standing.State != cert.Revoked || g.Standing.Reason.Args["reason"] != "替考，查实" || g.Standing.Reason.Args["actor"] != "吴静" {
		t.Errorf("state %s because %v", g.Standing.State, g.Standing.Reason)
	}
	if v := c.verified(number); v.Verdict != cert.VerdictRevoked {
		t.Errorf("the moment after: %s", v.Verdict)
	}
	if err := revoke(hr, "再来一次"); !errors.Is(err, fault.Conflict) {
		t.Errorf("revoked twice: %v", err)
	}
	c.meet(who, c.policy().Initial) // learning goes on, the certificate does not come back by it
	if v := c.verified(number); v.Verdict != cert.VerdictRevoked {
		t.Errorf("after more evidence: %s", v.Verdict)
	}
	if err := c.ReinstateCertification(t.Context(), hr, who.ID, l1, "申诉成立"); err != nil {
		t.Fatal(err)
	}
	if g := c.goal(who); g.Standing.State != cert.Certified || len(g.Certificates) != 1 || g.Certificates[0].Verdict != cert.VerdictValid {
		t.Errorf("reinstated: %s, %v", g.Standing.State, g.verdicts())
	}
}

// verified is what anybody is told about a number.
func (c *campus) verified(number string) Verification {
	c.t.Helper()
	v, err := c.Verify(context.Background(), number)
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

func TestVerify(t *testing.T) {
	c := openCampus(t)
	_, number := c.certified("欧阳林晓")
	want := Verification{
		Number: number, Known: true, Day: "2026-03-02", Verdict: cert.VerdictValid, Title: "L1 见习服务顾问",
		TitleEN: "L1 Trainee service advisor", Level: "L1", Issuer: "七步汽车", Holder: "欧＊＊",
		ValidFrom: "2026-03-02", LastDay: "2027-03-01",
	}
	for _, typed := range []string{number, strings.ToLower(number), strings.ReplaceAll(number, "-", ""), strings.TrimPrefix(number, "QB-")} {
		if diff := cmp.Diff(want, c.verified(typed)); diff != "" {
			t.Errorf("typed %q (-want +got):\n%s", typed, diff)
		}
	}
	never := cert.NewNumber([5]byte{1, 2, 3, 4, 5})
	for _, typed := range []string{never, "QB-7K4M-9XTR-3", "hello", ""} {
		if diff := cmp.Diff(Verification{Number: typed, Day: "2026-03-02"}, c.verified(typed)); diff != "" {
			t.Errorf("typed %q (-want +got):\n%s", typed, diff)
		}
		if v, err := c.VerifyHolder(t.Context(), typed, "QB-1"); err != nil || v.Known || v.Holder != "" {
			t.Errorf("a code for %q: %+v, %v", typed, v, err)
		}
	}
}

func TestVerifyHolder(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("欧阳林晓")
	other, otherNumber := c.certified("何宁")
	try := func(number, code string) (Verification, error) { return c.VerifyHolder(t.Context(), number, code) }

	if v, err := try(number, " "+strings.ToUpper(who.StaffNo)); err != nil || v.Holder != "欧阳林晓" || !v.Unmasked {
		t.Fatalf("right code: %+v, %v", v, err)
	}
	for i := range freeFailures + 1 {
		v, err := try(number, other.StaffNo)
		if !errors.Is(err, fault.Invalid) || v.Holder != "欧＊＊" || v.Unmasked {
			t.Fatalf("wrong code %d: %+v, %v", i+1, v, err)
		}
	}
	if v, err := try(number, who.StaffNo); !errors.Is(err, fault.TooMany) || v.Unmasked || v.Holder != "欧＊＊" {
		t.Errorf("right code, too early: %+v, %v", v, err)
	}
	if v, err := try(otherNumber, other.StaffNo); err != nil || !v.Unmasked {
		t.Errorf("another certificate meanwhile: %v", err)
	}
	c.later(time.Second)
	if v, err := try(number, who.StaffNo); err != nil || !v.Unmasked {
		t.Errorf("after the wait: %v", err)
	}
	if _, err := try(number, "wrong"); !errors.Is(err, fault.Invalid) {
		t.Errorf("wrong once more: %v", err)
	}
	if _, err := try(number, who.StaffNo); err != nil {
		t.Errorf("a success did not clear the failures before it: %v", err)
	}
}

// Guesses sent all at once are counted one by one.
func TestGuessesAtOnce(t *testing.T) {
	c := openCampus(t)
	_, number := c.certified("林晓")
	var mu sync.Mutex
	kinds := map[fault.Kind]int{}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			_, err := c.VerifyHolder(context.Background(), number, fmt.Sprint("guess ", i))
			mu.Lock()
			defer mu.Unlock()
			kinds[fault.KindOf(err)]++
		})
	}
	wg.Wait()
	if want := freeFailures + 1; kinds[fault.Invalid] != want || kinds[fault.TooMany] != 40-want {
		t.Errorf("%v, want %d judged and the rest put off", kinds, want)
	}
}

func TestCertificateIsForItsPeople(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("林晓")
	elsewhere := c.addStore("城北店")
	cases := []struct {
		name  string
		actor people.Actor
		want  error
	}{
		{"the holder", who, nil},
		{"the store's trainer", c.add("周敏", people.Trainer), nil},
		{"HR", c.addTo(elsewhere, "吴静", people.HR), nil},
		{"a colleague", c.add("何宁", people.Advisor), fault.NotFound},
		{"another store's trainer", c.addTo(elsewhere, "孙悦", people.Trainer), fault.NotFound},
		{"nobody", people.Actor{}, fault.NotFound},
	}
	for _, one := range cases {
		got, err := c.Certificate(t.Context(), one.actor, number)
		if !errors.Is(err, one.want) {
			t.Errorf("%s: %v, want %v", one.name, err, one.want)
		}
		if err == nil && got.Person != "林晓" {
			t.Errorf("%s sees %+v", one.name, got)
		}
		file, err := c.CertificatePDF(t.Context(), one.actor, number, "https://qibu.example.com")
		if !errors.Is(err, one.want) || bytes.HasPrefix(file, []byte("%PDF-")) != (one.want == nil) {
			t.Errorf("%s gets a PDF of %d bytes, %v", one.name, len(file), err)
		}
	}
	if _, err := c.Certificate(t.Context(), who, "QB-7K4M-9XTR-3"); !errors.Is(err, fault.NotFound) {
		t.Errorf("a mistyped number: %v", err)
	}
}

// Behind a page there may be four statements, one of which finds the login.
func TestCertificateStatements(t *testing.T) {
	c := openCampus(t)
	who, number := c.certified("林晓")
	trainer := c.add("周敏", people.Trainer)
	for range 5 {
		c.certified("另一位")
	}
	for name, page := range map[string]func(context.Context) error{
		"goals":                 func(ctx context.Context) error { return second(c.Goals(ctx, who)) },
		"certificate":           func(ctx context.Context) error { return second(c.Certificate(ctx, who, number)) },
		"somebody's":            func(ctx context.Context) error { return second(c.Certificate(ctx, trainer, number)) },
		"verification":          func(ctx context.Context) error { return second(c.Verify(ctx, number)) },
		"candidates":            func(ctx context.Context) error { return second(c.Candidates(ctx, trainer)) },
		"checklist":             func(ctx context.Context) error { return second(c.Checklist(ctx, trainer, who.ID)) },
		"certificate on paper":  func(ctx context.Context) error { return second(c.CertificatePDF(ctx, who, number, "https://q")) },
		"verification, in vain": func(ctx context.Context) error { return second(c.Verify(ctx, "QB")) },
	} {
		ctx, n := store.CountStatements(t.Context())
		if err := page(ctx); err != nil {
			t.Fatal(err)
		}
		if *n > 3 {
			t.Errorf("%s takes %d statements, want 3 at most", name, *n)
		}
	}
}

func TestCertificatesLatestFirst(t *testing.T) {
	c := openCampus(t)
	who, _ := c.certified("林晓")
	for _, day := range []calendar.Day{"2027-02-01", "2028-02-01"} {
		c.until(day)
		c.meet(who, c.policy().Renewal)
	}
	var from []string
	for _, i := range c.goal(who).Certificates {
		from = append(from, string(i.ValidFrom))
	}
	if want := []string{"2028-02-01", "2027-02-01", "2026-03-02"}; !slices.Equal(from, want) {
		t.Errorf("valid from %v, want %v", from, want)
	}
}
