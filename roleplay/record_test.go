package roleplay_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

func record(t *testing.T) roleplay.Record {
	t.Helper()
	s := roleplay.Session{Scenario: garage(), Seed: seed, Exam: true, StartedAt: 7, Factor: 200}
	r, err := s.Record(log("open 维修记录", "choose 接车#1", "choose 问诊#1", "choose 问诊#3", "choose 约定#1"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever is changed in a record, the replay says what.
func TestReplayNoticesTampering(t *testing.T) {
	cases := []struct {
		name   string
		tamper func(*roleplay.Record)
		want   string
	}{
		{"nothing", func(*roleplay.Record) {}, ""},
		{"a hash", func(r *roleplay.Record) { r.Hash = "00" }, "scenario hashes to"},
		{"the scenario", func(r *roleplay.Record) { r.Scenario.Scenes[0].Options[0].Text = "嗯。" }, "scenario hashes to"},
		{"no scenario", func(r *roleplay.Record) { r.Scenario = nil }, "is missing"},
		{"another engine", func(r *roleplay.Record) { r.Engine = 2 }, "played by engine 2"},
		{"half a seed", func(r *roleplay.Record) { r.Seed = r.Seed[:32] }, "32 bytes"},
		{"no seed", func(r *roleplay.Record) { r.Seed = "seed" }, "32 bytes"},
		{"a seed", func(r *roleplay.Record) { r.Seed = strings.Repeat("00", 32) }, "persona is 急躁, recorded was 老成持重"},
		{"a choice out of step", func(r *roleplay.Record) { r.Events[1].Step = 2 }, "event 1: step 2, want 1"},
		{"a choice never offered", func(r *roleplay.Record) { r.Events[1].Ref = "约定#1" }, "event 1: option \"约定#1\""},
		{"a worse choice", func(r *roleplay.Record) { r.Events[2].Ref = "问诊#2" }, "the total is 83, recorded was 94"},
		{"a choice left out", func(r *roleplay.Record) { r.Events = r.Events[:4] }, "the scene is 约定, recorded was 送别"},
		{"an ending", func(r *roleplay.Record) { r.Outcome.Ending = "走了" }, "the ending"},
		{"a red line", func(r *roleplay.Record) { r.Outcome.RedLines = 1 }, "the number of red lines is 0, recorded was 1"},
		{"the verdict", func(r *roleplay.Record) { r.Outcome.Passed = false }, "the verdict is true"},
		{"a meter", func(r *roleplay.Record) { r.Outcome.Meters[0].Value++ }, "the meters stand at"},
		{"a point", func(r *roleplay.Record) { r.Outcome.Points[1].Points++ }, "the points are"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := record(t)
			c.tamper(&r)
			switch err := r.Replay(); {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// A record may come from anybody, with a scenario that hashes to what it says and
// that no script compiles to. It is refused, not played into the void.
func TestReplayRefusesAnUnsoundScenario(t *testing.T) {
	first := func(sc *roleplay.Scenario) *roleplay.Option { return &sc.Scenes[0].Options[0] }
	for name, spoil := range map[string]func(*roleplay.Scenario){
		"no scene":                   func(sc *roleplay.Scenario) { sc.Scenes = nil },
		"too many scenes":            func(sc *roleplay.Scenario) { sc.Scenes = make([]roleplay.Scene, roleplay.MaxScenes+1) },
		"too many meters":            func(sc *roleplay.Scenario) { sc.Meters = make([]roleplay.Meter, roleplay.MaxMeters+1) },
		"a persona without meters":   func(sc *roleplay.Scenario) { sc.Personas[0].Rise = nil },
		"an option somewhere":        func(sc *roleplay.Scenario) { first(sc).To = 200 },
		"an option nowhere":          func(sc *roleplay.Scenario) { first(sc).To = -2 },
		"a call":                     func(sc *roleplay.Scenario) { first(sc).Call = 200 },
		"an option's number":         func(sc *roleplay.Scenario) { first(sc).ID = 1 << 20 },
		"a topic":                    func(sc *roleplay.Scenario) { first(sc).Topic = -1 },
		"an effect":                  func(sc *roleplay.Scenario) { first(sc).Effects = []roleplay.Effect{{Meter: 9}} },
		"a score":                    func(sc *roleplay.Scenario) { first(sc).Scores = []roleplay.Score{{Dimension: 9}} },
		"a document's scene":         func(sc *roleplay.Scenario) { sc.Documents[0].Scene = 300 },
		"a rule":                     func(sc *roleplay.Scenario) { sc.Pass = []roleplay.Rule{{Kind: stage.RuleMeter, Index: 9}} },
		"a jump":                     func(sc *roleplay.Scenario) { sc.Scenes[0].Jumps = []roleplay.Jump{{Way: roleplay.Way{To: 200}}} },
		"a condition without a part": func(sc *roleplay.Scenario) { first(sc).When = &roleplay.Condition{Op: "not"} },
		"a condition deep down": func(sc *roleplay.Scenario) {
			first(sc).When = &roleplay.Condition{Op: "and", Of: []roleplay.Condition{{Op: "chosen", Index: -1}}}
		},
		"a line's condition": func(sc *roleplay.Scenario) {
			sc.Scenes[0].Beats = []roleplay.Beat{{{When: &roleplay.Condition{Op: ">", Index: 9}}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := record(t)
			spoil(r.Scenario)
			r.Hash = r.Scenario.Hash()
			if err := r.Replay(); err == nil || !strings.Contains(err.Error(), "the scenario ") {
				t.Errorf("got %v", err)
			}
		})
	}
}

// The canonical form survives being read, and so does its hash; anything else
// under that hash is refused.
func TestCanonicalForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawStory(t)
		data := sc.JSON()
		read, err := roleplay.Load(data, sc.Hash())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(data), string(read.JSON())); diff != "" || read.Hash() != sc.Hash() {
			t.Fatalf("hash %s, want %s: %s", read.Hash(), sc.Hash(), diff)
		}
	})
	sc := garage()
	if _, err := roleplay.Load(append(sc.JSON(), ' '), sc.Hash()); err == nil {
		t.Error("loaded other bytes than were hashed")
	}
	sc.Engine++
	if _, err := roleplay.Load(sc.JSON(), sc.Hash()); err == nil {
		t.Error("loaded a scenario of another engine")
	}
}

// A record that was indented on the way is the same record.
func TestRecordSurvivesIndenting(t *testing.T) {
	data, err := json.MarshalIndent(record(t), "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	var r roleplay.Record
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	if err := r.Replay(); err != nil {
		t.Error(err)
	}
}
