package academy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// observe opens the checklist and signs it.
func (c *campus) observe(observer, who people.Actor, list ...Signature) {
	c.t.Helper()
	sheet := c.checklist(observer, who)
	if err := c.SignObservation(context.Background(), observer, who.ID, sheet.Key, list); err != nil {
		c.t.Fatal(err)
	}
}

func (c *campus) checklist(observer, who people.Actor) Checklist {
	c.t.Helper()
	sheet, err := c.Checklist(context.Background(), observer, who.ID)
	if err != nil {
		c.t.Fatal(err)
	}
	return sheet
}

// practical is everything that signing may write about a person.
type practical struct {
	Latest map[string]store.Observation
	Events []store.LedgerEntry
	Audit  int
}

func (c *campus) practical(who people.Actor) (p practical) {
	c.t.Helper()
	c.read(func(tx *store.Tx) (err error) {
		if p.Latest, err = tx.LatestObservations(who.ID); err != nil {
			return err
		}
		if p.Events, err = tx.Ledger(who.ID); err != nil {
			return err
		}
		_, p.Audit, err = tx.AuditPage(1, 0)
		return err
	})
	return p
}

func TestSignObservation(t *testing.T) {
	c := openCampus(t)
	who, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	before := c.practical(who)
	c.observe(trainer, who,
		Signature{Item: "O1", Outcome: cert.Passed, Note: " 很稳 "},
		Signature{Item: "O5", Outcome: cert.NotYet, Note: "铺脚垫时客户不在场"},
		Signature{Item: "O6"}) // not seen: nothing is recorded
	after := c.practical(who)
	if len(after.Latest) != 2 || len(after.Events) != 2 || after.Audit != before.Audit+1 {
		t.Fatalf("%d observations, %d events, %d audit entries more", len(after.Latest), len(after.Events), after.Audit-before.Audit)
	}
	for i, want := range []store.Observation{
		{Item: "O1", Result: store.ObservationPass, Note: "很稳"}, {Item: "O5", Result: store.ObservationNotYet, Note: "铺脚垫时客户不在场"},
	} {
		got, e := after.Latest[want.Item], after.Events[i].Event
		want.ID, want.PersonID, want.ObserverID, want.Observer, want.ObservedAt = got.ID, who.ID, trainer.ID, "周敏", c.at()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("observation (-want +got):\n%s", diff)
		}
		outcome := cert.Passed
		if want.Result == store.ObservationNotYet {
			outcome = cert.NotYet
		}
		event := cert.Event{
			Kind: cert.EventEvidence, Day: "2026-03-02", At: c.at(), Requirement: cert.Observation, Ref: want.Item, Outcome: outcome,
			Reason: want.Note, ActorID: trainer.ID, Actor: "周敏", SourceID: got.ID,
		}
		if diff := cmp.Diff(event, e); diff != "" {
			t.Errorf("evidence (-want +got):\n%s", diff)
		}
	}
	sheet := c.checklist(trainer, who)
	var got []string
	for _, i := range sheet.Items {
		line := i.ID
		if i.Star {
			line += "★"
		}
		if i.Needed {
			line += " needed"
		}
		if i.Last != nil {
			line += " seen " + i.Last.Note
		}
		got = append(got, line)
	}
	if diff := cmp.Diff([]string{"O1★ seen 很稳", "O5★ needed seen 铺脚垫时客户不在场", "O6★ needed"}, got); diff != "" {
		t.Errorf("checklist (-want +got):\n%s", diff)
	}
}

func TestSignaturesSentAgain(t *testing.T) {
	c := openCampus(t)
	who, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	key := c.checklist(trainer, who).Key
	sign := func(list ...Signature) error { return c.SignObservation(t.Context(), trainer, who.ID, key, list) }
	stand, covers := Signature{Item: "O1", Outcome: cert.Passed, Note: "很稳"}, Signature{Item: "O5", Outcome: cert.NotYet}
	if err := sign(stand, covers); err != nil {
		t.Fatal(err)
	}
	before := c.practical(who)
	c.later(time.Minute)
	for name, replay := range map[string]struct {
		list []Signature
		want error
	}{
		"the same":           {[]Signature{stand, covers}, nil},
		"one of them":        {[]Signature{covers}, nil},
		"another result":     {[]Signature{stand, {Item: "O5", Outcome: cert.Passed}}, fault.Conflict},
		"another note":       {[]Signature{{Item: "O1", Outcome: cert.Passed, Note: "不稳"}}, fault.Conflict},
		"new beside changed": {[]Signature{{Item: "O6", Outcome: cert.Passed}, {Item: "O5", Outcome: cert.Passed}}, fault.Conflict},
	} {
		if err := sign(replay.list...); !errors.Is(err, replay.want) {
			t.Errorf("%s: %v, want %v", name, err, replay.want)
		}
		if diff := cmp.Diff(before, c.practical(who)); diff != "" {
			t.Errorf("%s changed something (-before +after):\n%s", name, diff)
		}
	}
	if err := sign(stand, covers, Signature{Item: "O6", Outcome: cert.Passed}); err != nil {
		t.Errorf("one item more on the same list: %v", err)
	}
	if after := c.practical(who); len(after.Latest) != 3 || len(after.Events) != 3 {
		t.Errorf("one item more: %d observations, %d events", len(after.Latest), len(after.Events))
	}
	c.observe(trainer, who, Signature{Item: "O5", Outcome: cert.Passed}) // on a fresh list he may be seen again
	if got := c.practical(who).Latest["O5"].Result; got != store.ObservationPass {
		t.Errorf("seen again: %s", got)
	}
}

func TestWhoMaySign(t *testing.T) {
	c := openCampus(t)
	who, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer, people.Advisor)
	elsewhere := c.addStore("城北店")
	gone := c.add("赵离", people.Advisor)
	c.write(func(tx *store.Tx) error {
		p, err := tx.Person(gone.ID)
		if err != nil {
			return err
		}
		p.LeftAt = tx.Now
		return tx.SavePerson(p)
	})
	list := []Signature{{Item: "O1", Outcome: cert.Passed}}
	for _, one := range []struct {
		name    string
		actor   people.Actor
		subject string
		want    error
		text    string
	}{
		{"his trainer", trainer, who.ID, nil, ""},
		{"himself", trainer, trainer.ID, fault.Forbidden, "observe.not_yourself"},
		{"another store's trainer", c.addTo(elsewhere, "孙悦", people.Trainer), who.ID, fault.NotFound, "error.not_found"},
		{"a colleague", c.add("何宁", people.Advisor), who.ID, fault.Forbidden, "error.forbidden"},
		{"HR", c.add("吴静", people.HR), who.ID, fault.Forbidden, "error.forbidden"},
		{"somebody who left", trainer, gone.ID, fault.NotFound, "error.not_found"},
		{"nobody", trainer, "no such person", fault.NotFound, "error.not_found"},
	} {
		_, opened := c.Checklist(t.Context(), one.actor, one.subject)
		signed := c.SignObservation(t.Context(), one.actor, one.subject, "key", list)
		for what, err := range map[string]error{"opens": opened, "signs": signed} {
			var f *fault.Error
			if !errors.Is(err, one.want) || (errors.As(err, &f) && f.Key != one.text) {
				t.Errorf("%s %s: %v, want %v %s", one.name, what, err, one.want, one.text)
			}
		}
	}
	if n := len(c.practical(trainer).Events); n != 0 {
		t.Errorf("%d events about the trainer himself", n)
	}
}

func TestSignaturesThatMeanNothing(t *testing.T) {
	c := openCampus(t)
	who, trainer := c.add("林晓", people.Advisor), c.add("周敏", people.Trainer)
	good := Signature{Item: "O1", Outcome: cert.Passed}
	for _, one := range []struct {
		name, key string
		list      []Signature
		text      string
		input     string
	}{
		{"nothing", "k", nil, "observe.nothing_seen", ""},
		{"nothing seen", "k", []Signature{{Item: "O1"}, {Item: "O5"}}, "observe.nothing_seen", ""},
		{"a note alone", "k", []Signature{good, {Item: "O5", Note: "脚垫"}}, "observe.note_unsigned", "note-O5"},
		{"a long note", "k", []Signature{{Item: "O1", Outcome: cert.Passed, Note: strings.Repeat("稳", maxNote+1)}}, "observe.note_long", "note-O1"},
		{"an unknown item", "k", []Signature{{Item: "O99", Outcome: cert.Passed}}, "error.bad_request", ""},
		{"an item twice", "k", []Signature{good, good}, "error.bad_request", ""},
		{"evidence from elsewhere", "k", []Signature{{Item: "O1", Outcome: cert.External, Note: "别处做过"}}, "error.bad_request", ""},
		{"no key", "", []Signature{good}, "error.bad_request", ""},
	} {
		err := c.SignObservation(t.Context(), trainer, who.ID, one.key, one.list)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Key != one.text || f.Input != one.input {
			t.Errorf("%s: %v", one.name, err)
		}
	}
	if p := c.practical(who); len(p.Latest)+len(p.Events) != 0 {
		t.Errorf("recorded %v", p)
	}
	longest := Signature{Item: "O1", Outcome: cert.Passed, Note: strings.Repeat("稳", maxNote)}
	if err := c.SignObservation(t.Context(), trainer, who.ID, "k", []Signature{longest}); err != nil {
		t.Errorf("the longest note: %v", err)
	}
}

// Who only waits for a signature comes first, then who needs one later; nobody
// sees himself or another store.
func TestCandidates(t *testing.T) {
	c := openCampus(t)
	renews, _ := c.certified("续证只差签字")
	c.until("2027-01-10")
	c.meet(renews, c.policy().Renewal[:3]) // all but the practical
	trainer := c.add("周敏", people.Trainer, people.Advisor)
	fresh := c.add("新来的", people.Advisor)
	begun := c.add("读过一课", people.Advisor)
	c.meet(begun, c.policy().Initial[:1])
	c.certified("已认证")
	waits := c.add("只差签字", people.Advisor)
	c.meet(waits, c.policy().Initial[:11]) // all but O5 and O6
	c.meet(trainer, c.policy().Initial[:1])
	c.meet(c.addTo(c.addStore("城北店"), "别店的", people.Advisor), c.policy().Initial[:1])

	list, err := c.Candidates(t.Context(), trainer)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range list {
		line := one.Name
		for _, p := range one.Pursuits {
			line += " " + string(p.Standing.State)
		}
		for _, item := range one.Needs {
			line += " " + item.ID
		}
		got = append(got, line)
	}
	want := []string{"续证只差签字 renewal_open O1 O5 O6", "只差签字 awaiting_practical O5 O6", "读过一课 in_progress O1 O5 O6", "新来的", "已认证 certified"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("candidates (-want +got):\n%s", diff)
	}
	if _, err := c.Candidates(t.Context(), fresh); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an advisor's list: %v", err)
	}
}
