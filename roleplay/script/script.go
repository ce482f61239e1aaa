// Package script reads a 剧本, the line-based text format in which trainers
// write role-plays, and compiles it into a roleplay.Scenario. Every problem is
// reported with its line, in Chinese, proposing the nearest name where one is
// near. It says nothing of routes, scores and wording: package explore does.
package script

import (
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/roleplay"
)

// The sizes a 剧本 may have, beside those of a scenario. They bound the work on
// a hostile file; none is near what a trainer writes.
const (
	MaxBytes    = 256 << 10
	maxName     = 40 // runes of a name
	maxCast     = 16
	maxProblems = 50
)

// Script is a 剧本 that has been read: its scenario, whose dimensions carry no
// bounds yet, where everything stands in the file, and its 试演.
type Script struct {
	Scenario *roleplay.Scenario
	Lines    Lines
	Trials   []Trial
	Text     []string // the file, line by line
}

// Lines tells where in the file, counted from 1, a thing begins. What the file
// does not say but implies, as a jump to the next scene, begins where its scene does.
type Lines struct {
	Front     map[string]int // by key of the front matter: "维度"
	Scenes    []int
	Beats     [][][]int // of every scene, every line of every beat
	Topics    [][]int   // of every scene
	Jumps     [][]int   // of every scene
	Options   []int     // by Option.ID, silences too
	Replies   [][][]int // by Option.ID, every line of every beat
	Documents []int
}

// Parse compiles the 剧本 in src without walking through it. The script is nil
// when there is a problem; problems stand in the order of the file. The file's
// name without its extension becomes the scenario's slug.
func Parse(file string, src []byte) (*Script, fault.Problems) {
	p := newParser(file)
	if text, ok := p.decode(src); ok {
		p.read(p.split(text))
		if len(p.problems) == 0 {
			return &Script{Scenario: p.scenario, Lines: p.lines, Trials: p.trials, Text: text}, nil
		}
	}
	slices.SortStableFunc(p.problems, func(a, b fault.Problem) int { return a.Line - b.Line })
	return nil, p.problems
}

func newParser(file string) *parser {
	return &parser{
		file:      file,
		scenario:  &roleplay.Scenario{Engine: roleplay.EngineVersion, Slug: slug(file)},
		lines:     Lines{Front: map[string]int{}},
		scenes:    map[string]int{},
		documents: map[string]int{},
		speakers:  map[string]int{},
		broken:    map[string]bool{},
		misplaced: map[string]bool{},
	}
}

func slug(file string) string {
	name, _, _ := strings.Cut(path.Base(file), ".")
	return name
}

// Quote returns a line of the file the way it is shown below a problem: without
// its indentation and not too long. Outside the file it is empty.
func Quote(src []byte, number int) string {
	lines := breakLines(src)
	if number < 1 || number > len(lines) {
		return ""
	}
	return brief(strings.TrimSpace(lines[number-1]), 60)
}

// brief shortens s to n runes.
func brief(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// parser holds what is known while the file is read. Names are declared in a
// first pass over the scenes, so that the second can resolve every reference
// where it stands.
type parser struct {
	file     string
	problems fault.Problems
	scenario *roleplay.Scenario
	lines    Lines
	trials   []Trial

	scenes, documents, speakers map[string]int  // by key of the name
	broken                      map[string]bool // keys of the front matter with a problem: what they declare is not missed
	misplaced                   map[string]bool // keys of scenes headed as topics, and so not there
	marks                       []mark
	pages                       [][]string // of every document, its lines

	scene int        // being read
	below func(line) // takes the indented lines
}

// mark is what the first pass learns of a scene.
type mark struct {
	line                int
	side, callable, hub bool
	options             []int // lines
	silence             int   // line, 0 none
	first               int   // id of the first option
}

// fail reports a problem at a line, 0 for the whole file. Words of the author
// in it are shortened.
func (p *parser) fail(number int, format string, args ...any) {
	switch {
	case len(p.problems) > maxProblems:
		return
	case len(p.problems) == maxProblems:
		number, format, args = 0, "问题太多，先列出%d个", []any{maxProblems}
	}
	for i, a := range args {
		switch a := a.(type) {
		case line:
			args[i] = brief(a.String(), maxName)
		case string:
			args[i] = brief(a, 2*maxName)
		}
	}
	p.problems.Add(p.file, number, format, args...)
}
