package script_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay/draft"
	"qibu/roleplay/script"
)

// Whatever can be read can be written down and is read as the same again.
func FuzzWrite(f *testing.F) {
	for _, pattern := range []string{"testdata/*.md", "../../content/scenarios/*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(src))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		s, _ := script.Parse("x.md", []byte(src))
		if s == nil {
			return
		}
		text := draft.Write(s.Scenario)
		again, problems := script.Parse("x.md", text)
		if again == nil {
			t.Fatalf("%v\n%s", problems, text)
		}
		if diff := cmp.Diff(s.Scenario, again.Scenario); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
	})
}
