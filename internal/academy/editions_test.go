package academy

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"qibu/content"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/explore"
)

// mrsLiFile is the scenario most tests play.
const mrsLiFile = "scenarios/" + mrsLi + ".md"

// shippedWith is the shipped content with some words of Mrs Li's scenario changed.
func shippedWith(t *testing.T, old, changed string) *Library {
	t.Helper()
	text := original(t, mrsLiFile)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not say %q", mrsLiFile, old)
	}
	l, ps := LoadLibrary(content.FS, fstest.MapFS{mrsLiFile: {Data: []byte(strings.ReplaceAll(text, old, changed))}})
	if l == nil {
		t.Fatal(ps.Err())
	}
	return l
}

// restart stops the program and starts it again with a library, on the same database.
func (c *campus) restart(l *Library) {
	c.t.Helper()
	a, err := Open(c.t.Context(), Config{
		Store: c.store, Library: l, Now: c.at, Zone: c.zone, Issuer: c.issuer, Log: c.log,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.Academy = a
}

func (c *campus) edition(slug string) (e store.InForce) {
	c.t.Helper()
	c.read(func(tx *store.Tx) (err error) {
		e, err = tx.InForce(scenarioKind, slug)
		return err
	})
	return e
}

// An edition of a scenario is its compiled form under its own hash, with a proof
// that is about this very form.
func TestScenariosArePublishedWithTheirProof(t *testing.T) {
	c := openCampus(t)
	for slug, sc := range c.Library().Scenarios {
		e := c.edition(slug)
		if e.Hash != sc.Hash() || c.Library().Hash(scenarioKind, slug) != e.Hash {
			t.Errorf("%s is in force as %s, is published as %s and hashes to %s", slug, c.Library().Hash(scenarioKind, slug), e.Hash, sc.Hash())
		}
		if _, err := roleplay.Load([]byte(e.Compiled), e.Hash); err != nil {
			t.Error(err)
		}
		var proof explore.Proof
		if err := json.Unmarshal([]byte(e.Proof), &proof); err != nil || proof.Hash != e.Hash || !proof.Proven {
			t.Errorf("%s: proof %+v, %v", slug, proof, err)
		}
		if e.Text() != original(t, "scenarios/"+slug+".md") || e.Origin != store.Shipped {
			t.Errorf("%s: text of %d bytes, origin %s", slug, len(e.Text()), e.Origin)
		}
	}
}

// A text that was published before is taken up as it was compiled then: a start
// explores nothing a second time.
func TestAStartTakesUpWhatWasCompiled(t *testing.T) {
	c := openCampus(t)
	l, _ := LoadLibrary(content.FS, nil)
	before := c.edition(mrsLi)
	compiled, err := roleplay.Load([]byte(before.Compiled), before.Hash)
	if err != nil {
		t.Fatal(err)
	}
	compiled.Title = "从前编译的"
	other := before.Edition
	other.Hash, other.Compiled = compiled.Hash(), string(compiled.JSON())
	c.later(time.Millisecond)
	c.write(func(tx *store.Tx) error { return tx.RecordEdition(other) })
	c.restart(l)
	if sc := c.Library().Scenarios[mrsLi]; sc.Title != "从前编译的" || c.edition(mrsLi).Hash != other.Hash {
		t.Errorf("after the start %q is in force", sc.Title)
	}
	c.restart(shippedWith(t, "第一声。第二声。", "铃声大作。"))
	if sc := c.Library().Scenarios[mrsLi]; sc.Title == "从前编译的" || c.edition(mrsLi).Hash != sc.Hash() {
		t.Errorf("with another text %q is in force", sc.Title)
	}
}

func TestAScenarioWithAnErrorStopsTheStart(t *testing.T) {
	c := openCampus(t)
	before := c.Library()
	err := c.Reload(t.Context(), shippedWith(t, "应判 及格", "应判 不及格"))
	if err == nil || !strings.Contains(err.Error(), mrsLiFile+":") {
		t.Errorf("a 试演 that does not come out: %v", err)
	}
	if c.Library() != before {
		t.Error("the library with the error is in force")
	}
}

// A session from before editions carried their compiled form is played on, by
// the text.
func TestASessionOnAnOldEditionGoesOn(t *testing.T) {
	c := openCampus(t)
	who := c.add("林晓", people.Advisor)
	text := strings.ReplaceAll(original(t, mrsLiFile), "第一声。第二声。", "铃声大作。")
	files := map[string]string{mrsLi + ".md": text}
	id := store.NewID()
	c.write(func(tx *store.Tx) error {
		old := store.Edition{Kind: scenarioKind, Slug: mrsLi, Hash: hashOf(files), Files: files, Origin: store.Shipped}
		if err := tx.RecordEdition(old); err != nil {
			return err
		}
		_, err := tx.AddSession(store.Session{
			ID: id, PersonID: who.ID, Scenario: mrsLi, Edition: old.Hash, Engine: roleplay.EngineVersion,
			Seed: c.seed(id), Exam: true, TimeFactor: 100, StartedAt: tx.Now,
		})
		return err
	})
	if first := c.session(who, id).Lines[0].Text; first != "铃声大作。" {
		t.Errorf("the session begins with %q", first)
	}
	if end := c.walk(who, id, golden); !end.Ended {
		t.Error("the session cannot be played to its end")
	}
	c.read(func(tx *store.Tx) error {
		s, _, err := tx.Session(id, who.ID)
		if s.Percent != 100 || !s.Passed {
			t.Errorf("the golden route earns %d, passed %v", s.Percent, s.Passed)
		}
		return err
	})
}
