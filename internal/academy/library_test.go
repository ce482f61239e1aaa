package academy

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"qibu/content"
)

// overlay is a directory of an operator's own content.
func overlay(files map[string]string) fs.FS {
	own := fstest.MapFS{}
	for name, text := range files {
		own[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return own
}

func original(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(content.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLibraryIsSound(t *testing.T) {
	l, ps := LoadLibrary(content.FS, nil)
	if l == nil || len(ps) > 0 {
		t.Fatalf("the shipped content has problems:\n%v", ps)
	}
	if l, ps = l.Prove(); l == nil || len(ps) > 0 {
		t.Fatalf("the shipped scenarios have problems:\n%v", ps)
	}
	c := l.Cover()
	if c.Modules != 4 || c.Questions < 4*12 || c.Scenarios != 4 || c.FactsUsed == 0 || c.Facts != 400 {
		t.Errorf("coverage %+v", c)
	}
}

// What lies on top replaces a whole piece, and only that piece gets a new version.
func TestOverlayReplacesAWholePiece(t *testing.T) {
	base, _ := LoadLibrary(content.FS, nil)
	const quiz = "quizzes/vehicle-walkaround.md"
	own, ps := LoadLibrary(content.FS, overlay(map[string]string{
		quiz: strings.Replace(original(t, quiz), "pass: 70", "pass: 90", 1),
	}))
	if own == nil {
		t.Fatal(ps)
	}
	if got := own.Quizzes["vehicle-walkaround"].Pass; got != 90 {
		t.Errorf("pass mark %d, want the operator's 90", got)
	}
	if base.Hash(quizKind, "vehicle-walkaround") == own.Hash(quizKind, "vehicle-walkaround") {
		t.Error("another text has the same version")
	}
	if base.Hash(quizKind, "listen-and-explain") != own.Hash(quizKind, "listen-and-explain") {
		t.Error("a piece that was not replaced has another version")
	}
}

func TestOverlayAddsACourse(t *testing.T) {
	own := map[string]string{"catalogue.yaml": strings.Replace(original(t, "catalogue.yaml"), "courses:\n", "courses:\n  - own\n", 1)}
	err := fs.WalkDir(content.FS, "courses/complaint-handling", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			own[strings.Replace(name, "complaint-handling", "own", 1)] = original(t, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	l, ps := LoadLibrary(content.FS, overlay(own))
	if l == nil {
		t.Fatal(ps)
	}
	if first := l.Catalogue.Courses[0].Slug; first != "own" {
		t.Errorf("the first course is %s", first)
	}
}

// Every mistake is told at once, with its place; nothing is loaded.
func TestBrokenContentIsToldInFull(t *testing.T) {
	l, ps := LoadLibrary(content.FS, overlay(map[string]string{
		"quizzes/vehicle-walkaround.md":         strings.Replace(original(t, "quizzes/vehicle-walkaround.md"), "module: seven-steps/", "module: no-steps/", 1),
		"scenarios/rp01-appointment-exhaust.md": strings.Replace(original(t, "scenarios/rp01-appointment-exhaust.md"), "→ 先生接话", "→ 先生接花", 1),
		"certifications/l1-trainee-advisor.yaml": strings.Replace(original(t, "certifications/l1-trainee-advisor.yaml"),
			"ref: rp03-wang-walkaround", "ref: rp99-nobody", 1),
	}))
	if l != nil {
		t.Error("a broken library was loaded")
	}
	all := ps.Error()
	for _, want := range []string{
		"quizzes/vehicle-walkaround.md: 模块「no-steps/", "scenarios/rp01-appointment-exhaust.md:", "先生接话", "rp99-nobody",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing is said of %q in\n%s", want, all)
		}
	}
}
