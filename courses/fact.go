package courses

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/markdown"
)

// Fact is one statement found in the training decks the curriculum is written
// from. Facts are claims of those decks, not research.
type Fact struct {
	ID     string // "S4-035"
	Source string // the deck's id, "S4"
	Deck   string // the deck's title
	What   string // what kind of deck it is
	Topic  string
	Text   string
	Kind   string // figure, rule, procedure, definition, list, framework, role or script
	Teach  string // core, useful or marginal
	Note   string // doubts: misprints, contradictions, gaps
}

const (
	factsFile = "sources/facts.tsv"
	decksFile = "sources/decks.yaml"
)

var (
	factHeader  = []string{"id", "source", "topic", "fact", "terms", "kind", "teachability", "note"}
	factID      = regexp.MustCompile(`^(S[0-9])-[0-9]{3}$`)
	factKinds   = []string{"figure", "rule", "procedure", "definition", "list", "framework", "role", "script"}
	teachGrades = []string{"core", "useful", "marginal"}
)

type deck struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	What  string `yaml:"what"`
}

// LoadFacts reads the fact inventory and the deck list from the content tree.
func LoadFacts(fsys fs.FS) (map[string]Fact, fault.Problems) {
	decks, ps := loadDecks(fsys)
	text, err := fs.ReadFile(fsys, factsFile)
	if err != nil {
		ps.Add(factsFile, 0, "读不出来：%v", err)
		return nil, ps
	}
	facts := map[string]Fact{}
	for i, row := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		cells := strings.Split(strings.TrimRight(row, "\r"), "\t")
		switch {
		case len(cells) != len(factHeader):
			ps.Add(factsFile, i+1, "要有 %d 列，用制表符隔开，这一行有 %d 列", len(factHeader), len(cells))
		case i == 0 && !slices.Equal(cells, factHeader):
			ps.Add(factsFile, 1, "表头要写 %s", strings.Join(factHeader, " "))
		case i > 0:
			f := factOf(cells, decks)
			if _, twice := facts[f.ID]; twice {
				ps.Add(factsFile, i+1, "编号 %s 用了两次", f.ID)
			}
			checkFact(f, i+1, &ps)
			facts[f.ID] = f
		}
	}
	return facts, ps
}

func loadDecks(fsys fs.FS) (map[string]deck, fault.Problems) {
	var ps fault.Problems
	text, err := fs.ReadFile(fsys, decksFile)
	if err != nil {
		ps.Add(decksFile, 0, "读不出来：%v", err)
		return nil, ps
	}
	var list []deck
	ps = markdown.YAML(decksFile, text, &list)
	decks := map[string]deck{}
	for _, d := range list {
		if d.Title == "" || d.What == "" {
			ps.Add(decksFile, lineOf(string(text), d.ID), "课件 %q 要有 title 和 what", d.ID)
		}
		decks[d.ID] = d
	}
	return decks, ps
}

// factOf reads a row. The terms column serves people who search the table.
func factOf(cells []string, decks map[string]deck) Fact {
	d := decks[cells[1]]
	return Fact{
		ID: cells[0], Source: cells[1], Deck: d.Title, What: d.What, Topic: cells[2],
		Text: cells[3], Kind: cells[5], Teach: cells[6], Note: cells[7],
	}
}

func checkFact(f Fact, line int, ps *fault.Problems) {
	m := factID.FindStringSubmatch(f.ID)
	switch {
	case m == nil:
		ps.Add(factsFile, line, "编号 %q 不对，要写成 S4-035", f.ID)
	case m[1] != f.Source:
		ps.Add(factsFile, line, "编号 %s 和课件 %q 对不上", f.ID, f.Source)
	case f.Deck == "":
		ps.Add(factsFile, line, "%s 里没有课件 %s", decksFile, f.Source)
	case f.Text == "":
		ps.Add(factsFile, line, "%s 没有内容", f.ID)
	case !slices.Contains(factKinds, f.Kind):
		ps.Add(factsFile, line, "%s 的类别 %q 不认识，只有 %s", f.ID, f.Kind, strings.Join(factKinds, " "))
	case !slices.Contains(teachGrades, f.Teach):
		ps.Add(factsFile, line, "%s 的可教程度 %q 不认识，只有 %s", f.ID, f.Teach, strings.Join(teachGrades, " "))
	}
}

// lineOf is the line of text on which part first stands, 1 when it does not.
func lineOf(text, part string) int {
	i := strings.Index(text, part)
	if i < 0 {
		return 1
	}
	return strings.Count(text[:i], "\n") + 1
}
