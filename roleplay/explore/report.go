package explore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

// Level says what a finding means for publishing.
type Level string

// The levels. With an Error a scenario is not published.
const (
	Error Level = "error"
	Warn  Level = "warn"
	Info  Level = "info"
)

// Finding is something a trainer should know or mend, in his language. Rule is
// the number of the analysis, 1–20; Line counts from 1 and is 0 when the whole
// file is meant.
type Finding struct {
	Rule    int    `json:"rule"`
	Level   Level  `json:"level"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// Bounds are the least and the most points that any complete route earns.
type Bounds struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Bot is how somebody fares who chooses by the look of the options alone. Of
// several temperaments of the customer the one is told that suits it best. The
// one who chooses at random plays often: Passes of Plays.
type Bot struct {
	Passed bool   `json:"passed"`
	Total  int    `json:"total"`
	Ending string `json:"ending,omitempty"` // empty when it came to none
	Plays  int    `json:"plays,omitempty"`
	Passes int    `json:"passes,omitempty"`
}

// Tests is what the 试演 of a scenario come to. Options counts what is chosen
// in one of them, silences too, Of everything that can be.
type Tests struct {
	Passed  int `json:"passed"`
	Total   int `json:"total"`
	Options int `json:"options"`
	Of      int `json:"of"`
}

// Proof is what was established of a scenario, to be kept with it: an attempt
// cites it. Where Proven is false the routes were too many; States counts the
// positions met before giving up, and Dimensions what plays have shown. Hash is
// empty when the scenario has an error. Routes is a decimal number of any size,
// counted as routes says, empty unless proven.
type Proof struct {
	Hash       string            `json:"hash"`
	Engine     int               `json:"engine"`
	Proven     bool              `json:"proven"`
	States     int               `json:"states"`
	Routes     string            `json:"routes"`
	Dimensions map[string]Bounds `json:"dimensions"` // by name
	Bots       map[string]Bot    `json:"bots"`
	Tests      Tests             `json:"tests"`
}

// Report is the outcome of compiling a 剧本. As JSON it is its proof and its
// findings; the same file gives the same bytes.
type Report struct {
	Proof
	Findings []Finding          `json:"findings"` // by line
	Scenario *roleplay.Scenario `json:"-"`        // frozen; nil when a finding is an error
	Script   *script.Script     `json:"-"`        // nil when the file could not be read
}

// Has reports whether a finding is of the level or graver.
func (r *Report) Has(level Level) bool {
	for _, f := range r.Findings {
		if f.Level == Error || f.Level == level || level == Info {
			return true
		}
	}
	return false
}

// JSON returns the report as `qibu scenario explore` prints it: in one line,
// with the > and < of a condition as they are written.
func (r *Report) JSON() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r); err != nil {
		panic(err) // plain structs of strings and integers always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (f Finding) String() string {
	var b strings.Builder
	if f.Line > 0 {
		fmt.Fprintf(&b, "%d: ", f.Line)
	}
	b.WriteString(levelNames[f.Level])
	b.WriteString(f.Message)
	return b.String()
}

var levelNames = map[Level]string{Warn: "提醒：", Info: "供参考："}
