package i18n

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{\{\s*\.(\w+)`)

func TestEveryKeyInEveryLanguage(t *testing.T) {
	texts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	if len(texts["zh"]) == 0 {
		t.Fatal("the catalogue is empty")
	}
	for _, a := range Languages {
		for _, b := range Languages {
			for key, text := range texts[a] {
				other, ok := texts[b][key]
				if !ok {
					t.Errorf("%s has %q, %s has not", a, key, b)
					continue
				}
				if got, want := names(other), names(text); got != want {
					t.Errorf("%q: placeholders %s in %s, %s in %s", key, want, a, got, b)
				}
			}
		}
	}
}

func names(text string) string {
	seen := map[string]bool{}
	var all []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return strings.Join(all, ",")
}

// Every text must render: a mistyped template would show its source to a person.
func TestEveryTextRenders(t *testing.T) {
	texts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages {
		for key, text := range texts[lang] {
			args := map[string]any{}
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				args[m[1]] = 7
			}
			got := For(lang).With(key, args)
			if strings.ContainsAny(got, "⟦{}") || strings.Contains(got, "<no value>") {
				t.Errorf("%s %q renders as %q", lang, key, got)
			}
		}
	}
}

// No Chinese text may be left in the English catalogue.
func TestEnglishIsEnglish(t *testing.T) {
	texts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	han := regexp.MustCompile(`\p{Han}`)
	for key, text := range texts["en"] {
		if han.MatchString(text) && !strings.HasPrefix(key, "language.") && key != "brand.mark" {
			t.Errorf("%q is in Chinese: %s", key, text)
		}
	}
}

var used = regexp.MustCompile(`(?:\bT\(ctx, |\bT\(|fault\.(?:New|Newf|Wrap)\([\w.]+, )"([a-z0-9_.]+\.[a-z0-9_.]*)"`)

// Every key that the code names as a literal must be in the catalogue.
func TestEveryUsedKeyExists(t *testing.T) {
	texts, err := load()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, root := range []string{"..", "../../quiz", "../../roleplay", "../../courses"} {
		err = filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || !(strings.HasSuffix(file, ".go") || strings.HasSuffix(file, ".templ")) ||
				strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				return err
			}
			src, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, m := range used.FindAllStringSubmatch(string(src), -1) {
				found++
				if !known(texts["zh"], m[1]) {
					t.Errorf("%s uses %q, which is not in the catalogue", file, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found == 0 {
		t.Fatal("found no used key: the pattern is broken")
	}
}

// known reports whether a key is in the catalogue; a key that ends in "_" or "."
// is the beginning of keys that the code completes.
func known(texts map[string]string, key string) bool {
	if _, ok := texts[key]; ok {
		return true
	}
	if !strings.HasSuffix(key, "_") && !strings.HasSuffix(key, ".") {
		return false
	}
	for other := range texts {
		if strings.HasPrefix(other, key) {
			return true
		}
	}
	return false
}

func TestUnknownKeyIsVisible(t *testing.T) {
	if got := For("zh").T("no.such.key"); got != "⟦no.such.key⟧" {
		t.Errorf("got %q", got)
	}
}

func TestUnknownLanguageIsChinese(t *testing.T) {
	if got := For("fr").Lang(); got != "zh" {
		t.Errorf("got %q", got)
	}
}
