package roleplay

import (
	"encoding/hex"
	"fmt"
	"slices"

	"qibu/roleplay/stage"
)

// Record is a session with all it takes to play it again on any machine, and
// what it came to. It holds the key and the seed: it is for an auditor.
type Record struct {
	Hash      string    `json:"hash"` // of the scenario
	Scenario  *Scenario `json:"scenario"`
	Engine    int       `json:"engine"`
	Seed      string    `json:"seed"` // in hexadecimal
	Exam      bool      `json:"exam"`
	StartedAt int64     `json:"started_at"` // unix ms
	Factor    int       `json:"factor"`     // percent of the normal time
	Events    []Event   `json:"events"`
	Outcome   Outcome   `json:"outcome"`
}

// Outcome is where a log leads. Until the ending there is no verdict: Ending is
// empty, Total 0 and Passed false.
type Outcome struct {
	Scene    string         `json:"scene"`
	Ending   string         `json:"ending,omitempty"`
	Persona  string         `json:"persona,omitempty"`
	Meters   []stage.Gauge  `json:"meters"`
	Points   []stage.Points `json:"points"`
	RedLines int            `json:"red_lines"`
	Total    int            `json:"total"` // percent
	Passed   bool           `json:"passed"`
}

// Record writes the session down with its log.
func (s Session) Record(events []Event) (Record, error) {
	outcome, err := s.outcome(events)
	return Record{
		Hash: s.Scenario.Hash(), Scenario: s.Scenario, Engine: EngineVersion, Seed: hex.EncodeToString(s.Seed[:]),
		Exam: s.Exam, StartedAt: s.StartedAt, Factor: s.Factor, Events: events, Outcome: outcome,
	}, err
}

func (s Session) outcome(events []Event) (Outcome, error) {
	st, err := s.Fold(events)
	if err != nil {
		return Outcome{}, err
	}
	sc := s.Scenario
	o := Outcome{
		Scene: st.Scene, Ending: sc.Scenes[st.at.Scene].Ending, Persona: s.persona(),
		Meters: sc.gauges(st.at.Meters), RedLines: st.RedLines,
	}
	for i, d := range sc.Dimensions {
		o.Points = append(o.Points, stage.Points{Key: d.Key, Points: st.Points[i]})
	}
	if st.Ended {
		o.Total, o.Passed = sc.Total(st.Points), sc.Passes(&st.at, st.Points, st.RedLines)
	}
	return o, nil
}

// Replay plays the log again and compares what it comes to with what was
// recorded. The error says the first thing that is not so.
func (r Record) Replay() error {
	s, err := r.session()
	if err != nil {
		return err
	}
	got, err := s.outcome(r.Events)
	if err != nil {
		return err
	}
	return got.differ(r.Outcome)
}

// session is the recorded session, if this engine can play it.
func (r Record) session() (Session, error) {
	switch {
	case r.Engine != EngineVersion:
		return Session{}, fmt.Errorf("the session was played by engine %d, this is engine %d", r.Engine, EngineVersion)
	case r.Scenario == nil:
		return Session{}, fmt.Errorf("the scenario %s is missing", r.Hash)
	case r.Scenario.Hash() != r.Hash:
		return Session{}, fmt.Errorf("scenario hashes to %s, want %s", r.Scenario.Hash(), r.Hash)
	}
	if err := r.Scenario.sound(); err != nil {
		return Session{}, err
	}
	s := Session{Scenario: r.Scenario, Exam: r.Exam, StartedAt: r.StartedAt, Factor: r.Factor}
	seed, err := hex.DecodeString(r.Seed)
	if err != nil || len(seed) != len(s.Seed) {
		return Session{}, fmt.Errorf("the seed %q is not %d bytes in hexadecimal", r.Seed, len(s.Seed))
	}
	copy(s.Seed[:], seed)
	return s, nil
}

// differ says the first thing in which a replay is not as recorded.
func (o Outcome) differ(recorded Outcome) error {
	for _, x := range []struct {
		what               string
		replayed, recorded any
	}{
		{"the persona", o.Persona, recorded.Persona},
		{"the scene", o.Scene, recorded.Scene},
		{"the ending", o.Ending, recorded.Ending},
		{"the number of red lines", o.RedLines, recorded.RedLines},
		{"the total", o.Total, recorded.Total},
		{"the verdict", o.Passed, recorded.Passed},
	} {
		if x.replayed != x.recorded {
			return fmt.Errorf("%s is %v, recorded was %v", x.what, x.replayed, x.recorded)
		}
	}
	if !slices.Equal(o.Meters, recorded.Meters) {
		return fmt.Errorf("the meters stand at %v, recorded was %v", o.Meters, recorded.Meters)
	}
	if !slices.Equal(o.Points, recorded.Points) {
		return fmt.Errorf("the points are %v, recorded was %v", o.Points, recorded.Points)
	}
	return nil
}
