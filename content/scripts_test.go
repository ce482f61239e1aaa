package content_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"qibu/content"
	"qibu/roleplay/explore"
)

// Every role-play that ships is proven, and nothing is left in it to mend.
func TestScenarios(t *testing.T) {
	files, err := fs.Glob(content.FS, "scenarios/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no role-plays ship", err)
	}
	for _, file := range files {
		t.Run(path.Base(file), func(t *testing.T) {
			r := compile(t, file, text(t, file))
			if r.Has(explore.Warn) || !r.Proven || r.Tests.Total < 5 {
				t.Fatalf("proven %t, %d transcripts\n%s", r.Proven, r.Tests.Total, list(r))
			}
			endings := 0
			for _, s := range r.Scenario.Scenes {
				if s.Ending != "" {
					endings++
				}
			}
			if endings < 3 {
				t.Errorf("%d endings", endings)
			}
		})
	}
}

// Every script of the tutorial does what the page says of it when a trainer
// pastes it into the editor.
func TestTutorial(t *testing.T) {
	var reports []*explore.Report
	for _, block := range scripts.FindAllStringSubmatch(text(t, "help/scenario-tutorial.md"), -1) {
		r := compile(t, "tutorial.md", block[1])
		if r.Has(explore.Error) {
			t.Errorf("script %d cannot be published:\n%s", len(reports)+1, list(r))
		}
		reports = append(reports, r)
	}
	if len(reports) != 3 {
		t.Fatalf("%d scripts, want 3", len(reports))
	}
	first, whole := reports[0], reports[2]
	if got := first.Dimensions["承诺管理"]; got != (explore.Bounds{Min: 0, Max: 3}) || first.Routes != "2" || !first.Has(explore.Warn) {
		t.Errorf("the first script: D6 %v, %s routes\n%s", got, first.Routes, list(first))
	}
	if whole.Has(explore.Warn) || !whole.Proven || len(whole.Findings) != 2 || whole.Findings[0].Rule != 8 || whole.Findings[1].Rule != 14 {
		t.Errorf("the whole script, proven %t:\n%s", whole.Proven, list(whole))
	}
}

var scripts = regexp.MustCompile("(?s)```剧本\n(.*?)```")

func text(t *testing.T, file string) string {
	t.Helper()
	src, err := fs.ReadFile(content.FS, file)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func compile(t *testing.T, file, src string) *explore.Report {
	t.Helper()
	facts := text(t, "sources/facts.tsv")
	return explore.Compile(file, []byte(src), explore.Facts(func(id string) bool {
		return strings.Contains(facts, "\n"+id+"\t")
	}))
}

func list(r *explore.Report) string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}
