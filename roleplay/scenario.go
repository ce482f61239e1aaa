// Package roleplay rehearses a conversation with a scripted customer. A
// Scenario is compiled from a 剧本 (package script) and immutable; a Session is
// a fold over its event log. Data in, values out, integers only: the same
// scenario, seed and log give the same state, view and debrief for ever.
package roleplay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strconv"
)

// EngineVersion names the rules a scenario was compiled for. It changes when
// the same log could fold to another state.
const EngineVersion = 1

// The sizes a scenario may have, so that a position fits a small comparable value.
const (
	MaxScenes     = 128
	MaxDocuments  = 64
	MaxOptions    = 512 // silences count as options
	MaxMeters     = 8
	MaxDimensions = 8
	MaxPersonas   = 8
	MaxTopics     = 64 // of one hub
	MaxCalls      = 4  // how deep a called scene may call another
)

// Return is the scene an option or a jump of a called scene leads to when it
// leads back to whoever called.
const Return = -1

// Scenario is a compiled 剧本. References are indexes into its slices; the
// first scene is the start and the first of the cast is the customer.
type Scenario struct {
	Engine     int         `json:"engine"`
	Slug       string      `json:"slug"`
	Title      string      `json:"title"`
	TitleEN    string      `json:"title_en,omitempty"`
	Situation  string      `json:"situation"`
	Note       string      `json:"note,omitempty"`     // what of it is not from the sources
	Practice   bool        `json:"practice,omitempty"` // only ever practised: never evidence
	Cast       []Character `json:"cast"`
	Personas   []Persona   `json:"personas,omitempty"` // one is how the customer is; of several the seed draws one
	Meters     []Meter     `json:"meters"`
	Mood       int         `json:"mood"` // the meter that shows on the customer's face
	Dimensions []Dimension `json:"dimensions"`
	Pass       []Rule      `json:"pass"`
	Scenes     []Scene     `json:"scenes"`
	Documents  []Document  `json:"documents,omitempty"`
}

// Character is somebody of the cast. Label is the name used in the script.
type Character struct {
	Label   string `json:"label"`
	Name    string `json:"name"`
	Persona string `json:"persona,omitempty"`
}

// Persona is a customer's temperament: how it shifts the start of every meter
// and how strongly every meter then rises and falls, in percent of what is
// written. All three slices are as long as the scenario's Meters.
type Persona struct {
	Name  string `json:"name"`
	Shift []int  `json:"shift"`
	Rise  []int  `json:"rise"`
	Fall  []int  `json:"fall"`
}

// Meter steers the story and never scores. Values run 0–100 in steps of 5.
type Meter struct {
	Name  string `json:"name"`
	Start int    `json:"start"`
}

// Dimension is a competence scored here. Min and Max are the least and the
// most any complete route can earn, frozen by Freeze.
type Dimension struct {
	Key    string `json:"key"` // D1 … D8, or the name of a competence of one's own
	Name   string `json:"name"`
	Weight int    `json:"weight"`
	Min    int    `json:"min"`
	Max    int    `json:"max"`
}

// Rule is one clause of the pass rule; Kind is one of stage's rule kinds.
type Rule struct {
	Kind  string `json:"kind"`
	Index int    `json:"index,omitempty"` // dimension or meter
	Mark  int    `json:"mark,omitempty"`
}

// Scene is what happens at one place of the story: talk, then one decision, or
// a jump when nothing can be said, or an ending. A scene with topics is a hub:
// its options lead back to it until every topic that must be raised has been,
// and then its jumps lead on.
type Scene struct {
	Name    string   `json:"name"`
	Ending  string   `json:"ending,omitempty"`  // title of the ending
	Effects []Effect `json:"effects,omitempty"` // of coming here
	Beats   []Beat   `json:"beats,omitempty"`
	Topics  []Topic  `json:"topics,omitempty"`
	Options []Option `json:"options,omitempty"`
	Silence *Silence `json:"silence,omitempty"` // a limit of time on the decision
	Jumps   []Jump   `json:"jumps,omitempty"`   // the first that holds, when no option is available
}

// Topic is something to talk about in a hub, in any order. It is settled when
// one of its options has been chosen.
type Topic struct {
	Name string `json:"name"`
	Must bool   `json:"must,omitempty"`
}

// Silence is what saying nothing for so long counts as: a choice like any
// other, made once at most. Its Text is empty.
type Silence struct {
	Seconds int `json:"seconds"`
	Option
}

// Beat is a line or a group of alternatives of which the first that holds is said.
type Beat []Line

// Line is something said; Kind is one of stage's line kinds.
type Line struct {
	Kind       string     `json:"kind"`
	Who        string     `json:"who,omitempty"`
	Expression string     `json:"expression,omitempty"`
	Text       string     `json:"text"`
	When       *Condition `json:"when,omitempty"`
}

// Way is where the story goes on: through the scene that is called, when there
// is one, and then to To, which may be Return. The first scene cannot be
// called, so zero is no call.
type Way struct {
	Call int `json:"call,omitempty"`
	To   int `json:"to"`
}

// Jump leads on from a scene without an available option.
type Jump struct {
	When *Condition `json:"when,omitempty"`
	Way
}

// Option is something the learner may say.
type Option struct {
	ID      int        `json:"id"` // counted through the whole scenario
	Text    string     `json:"text"`
	When    *Condition `json:"when,omitempty"`
	Topic   int        `json:"topic,omitempty"` // of the hub, counted from 1; 0 none
	Repeat  bool       `json:"repeat,omitempty"`
	Effects []Effect   `json:"effects,omitempty"`
	Scores  []Score    `json:"scores,omitempty"`
	Way
	Reply    []Beat   `json:"reply,omitempty"`
	Coaching string   `json:"coaching,omitempty"`
	Expert   string   `json:"expert,omitempty"`
	RedLine  string   `json:"red_line,omitempty"`
	Basis    string   `json:"basis,omitempty"`   // 依据 as written, without the fact ids
	Sources  []string `json:"sources,omitempty"` // fact ids of the 依据
}

// Effect moves a meter; the value is kept within 0–100.
type Effect struct {
	Meter int `json:"meter"`
	By    int `json:"by"`
}

// Score is the expert's credit for an option in one dimension, 0–3.
type Score struct {
	Dimension int `json:"dimension"`
	Points    int `json:"points"`
}

// Document can be opened from its scene on.
type Document struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Scene int    `json:"scene"`
}

// JSON returns the canonical form: the same scenario gives the same bytes.
func (sc *Scenario) JSON() []byte {
	data, err := json.Marshal(sc)
	if err != nil {
		panic(err) // plain structs of strings and integers always marshal
	}
	return data
}

// Hash returns the SHA-256 of the canonical form in hexadecimal.
func (sc *Scenario) Hash() string { return digest(sc.JSON()) }

// Load reads a canonical form that hashes to hash. Anything else is refused, so
// a session is never replayed against a scenario other than the one it was played on.
func Load(data []byte, hash string) (*Scenario, error) {
	if got := digest(data); got != hash {
		return nil, fmt.Errorf("scenario hashes to %s, want %s", got, hash)
	}
	var sc Scenario
	if err := json.Unmarshal(data, &sc); err != nil {
		return nil, fmt.Errorf("scenario %s: %w", hash, err)
	}
	if sc.Engine != EngineVersion {
		return nil, fmt.Errorf("scenario %s was compiled for engine %d, this is engine %d", sc.Slug, sc.Engine, EngineVersion)
	}
	return &sc, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Sources lists the fact ids the scenario cites, sorted, each once.
func (sc *Scenario) Sources() []string {
	var ids []string
	for o := range sc.All() {
		ids = append(ids, o.Sources...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// All yields every option and silence with the scene it stands in, by ID.
func (sc *Scenario) All() iter.Seq2[*Option, int] {
	return func(yield func(*Option, int) bool) {
		for i := range sc.Scenes {
			s := &sc.Scenes[i]
			for k := range s.Options {
				if !yield(&s.Options[k], i) {
					return
				}
			}
			if s.Silence != nil && !yield(&s.Silence.Option, i) {
				return
			}
		}
	}
}

// Ref names an option in the event log: "对账#1" is the first of its scene.
func (sc *Scenario) Ref(scene, n int) string {
	return sc.Scenes[scene].Name + "#" + strconv.Itoa(n+1)
}
