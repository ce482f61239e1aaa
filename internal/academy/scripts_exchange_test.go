package academy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/roleplay"
	"qibu/roleplay/explore"
)

const (
	doorTwee = ":: StoryTitle\n门口的王先生\n\n:: Start\n王先生站在门口。\n[[您好->问候]]\n[[您找谁？->冷淡]]\n<script>x</script>\n\n:: 问候\n他点了点头。\n\n:: 冷淡\n他转身走了。\n"
	doorInk  = "# title: 门口的李女士\n-> door\n=== door\n李女士站在门口。\n* [您好] -> greeting\n* [您找谁？] -> END\n=== greeting\n她点了点头。\n-> END\n"
)

// A story is taken over as a draft that can be checked and gone on with; what was
// left out stands at its top, where learners never look.
func TestImport(t *testing.T) {
	w := openAuthors(t)
	for slug, c := range map[string]struct{ file, story, title string }{
		"twee-file": {"故事.twee", doorTwee, "门口的王先生"},
		"ink-file":  {"story.INK", doorInk, "门口的李女士"},
		"twee-text": {"", doorTwee, "门口的王先生"},
		"ink-text":  {"story.txt", doorInk, "门口的李女士"},
	} {
		if err := w.ImportScript(t.Context(), w.zhou, slug, c.file, []byte(c.story)); err != nil {
			t.Errorf("%s: %v", slug, err)
			continue
		}
		s := w.at(slug)
		if s.Title != c.title || s.InForce != nil || !strings.Contains(s.Source, "站在门口") || !strings.Contains(s.Source, "\n---\n# 导入时没有照搬的") {
			t.Errorf("%s: %q\n%s", slug, s.Title, s.Source)
		}
		got, err := w.CheckScript(t.Context(), w.zhou, slug, s.Source)
		if err != nil || got.Map == nil || len(got.Map.Scenes) < 3 {
			t.Errorf("%s cannot be read: %v, %+v", slug, err, got.Findings)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	w := openAuthors(t)
	w.begin(carWash, "")
	for name, c := range map[string]struct {
		slug, file string
		story      string
		input      string
	}{
		"nothing":        {"x1", "", " \n", "text"},
		"no story in it": {"x2", "a.twee", "只有一行字", "text"},
		"too large":      {"x3", "a.ink", strings.Repeat("长", MaxImport), "text"},
		"a taken slug":   {carWash, "a.twee", doorTwee, "slug"},
		"no slug":        {"门口", "a.twee", doorTwee, "slug"},
	} {
		err := w.ImportScript(t.Context(), w.zhou, c.slug, c.file, []byte(c.story))
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Input != c.input {
			t.Errorf("%s: %v, want Invalid about %s", name, err, c.input)
		}
	}
	if w.at(carWash).Source != scriptTemplate {
		t.Error("an import wrote over a draft")
	}
	if err := w.ImportScript(t.Context(), w.lin, "x4", "a.twee", []byte(doorTwee)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by an advisor: %v", err)
	}
}

func TestExport(t *testing.T) {
	w := openAuthors(t)
	get := func(slug, form string) ScriptFile {
		t.Helper()
		f, err := w.ExportScript(t.Context(), w.zhou, slug, form)
		if err != nil {
			t.Fatalf("%s: %v", form, err)
		}
		return f
	}
	e := w.edition(mrsLi)
	w.save(mrsLi, strings.ReplaceAll(e.Text(), "第一声。第二声。", "草稿里的铃声。"))
	if f := get(mrsLi, FormSource); string(f.Body) != e.Text() || f.Name != mrsLi+".md" {
		t.Errorf("source %s, %d bytes", f.Name, len(f.Body))
	}
	if f := get(mrsLi, FormCompiled); f.Name != mrsLi+".json" {
		t.Errorf("compiled %s", f.Name)
	} else if _, err := roleplay.Load(f.Body, e.Hash); err != nil {
		t.Error(err)
	}
	var proof explore.Proof
	if f := get(mrsLi, FormProof); json.Unmarshal(f.Body, &proof) != nil || proof.Hash != e.Hash || f.Name != mrsLi+".proof.json" {
		t.Errorf("proof %s of %s", f.Name, proof.Hash)
	}
	if f := get(mrsLi, FormTwee); !bytes.HasPrefix(f.Body, []byte(":: ")) || !bytes.Contains(f.Body, []byte("第一声。第二声。")) {
		t.Errorf("twee %s, %.80s", f.Name, f.Body)
	}

	w.begin(carWash, "")
	if f := get(carWash, FormSource); string(f.Body) != scriptTemplate {
		t.Error("a draft has another text")
	}
	if f := get(carWash, FormTwee); !bytes.Contains(f.Body, []byte("门上多了一道划痕")) {
		t.Errorf("twee of a draft %.80s", f.Body)
	}
	for _, form := range []string{FormCompiled, FormProof, "exe", ""} {
		if _, err := w.ExportScript(t.Context(), w.zhou, carWash, form); !errors.Is(err, fault.NotFound) {
			t.Errorf("%q of a draft: %v, want NotFound", form, err)
		}
	}
	w.save(carWash, "## 半句")
	if _, err := w.ExportScript(t.Context(), w.zhou, carWash, FormTwee); !errors.Is(err, fault.Invalid) {
		t.Errorf("twee of what cannot be read: %v", err)
	}
	if _, err := w.ExportScript(t.Context(), w.add("吴静", people.HR), mrsLi, FormSource); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by HR: %v", err)
	}
}
