package script

import (
	"os"
	"path/filepath"
	"testing"

	"qibu/roleplay"
)

// TestContentScenarios holds the scenarios we ship to the same checks as
// everybody's, and to no warning. With -v it prints what each one spans.
func TestContentScenarios(t *testing.T) {
	files, err := filepath.Glob("../../content/scenarios/*.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("no content/scenarios yet")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sc, problems := Parse(file, src)
			if len(problems) > 0 {
				t.Error("\n" + problems.Error())
			}
			if sc == nil {
				return
			}
			survey, err := roleplay.Explore(sc, roleplay.MaxStates)
			if err != nil {
				t.Fatal(err)
			}
			longest, decisions := longestBest(sc)
			t.Logf("%d scenes, %d states, best=longest %d/%d", len(sc.Scenes), survey.States, longest, decisions)
			for i, d := range sc.Dimensions {
				t.Logf("%s %s: %d–%d", d.Key, d.Name, survey.Min[i], survey.Max[i])
			}
		})
	}
}
