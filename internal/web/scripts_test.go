package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"qibu/internal/academy"
)

// scriptAt is what the editor of a scenario has in its form.
func (w *town) scriptAt(t *testing.T, slug string) academy.Script {
	t.Helper()
	s, err := w.academy.ScriptAt(t.Context(), w.actor(t, w.trainer), slug, academy.FromDraft)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parts is a form as a browser sends a long one.
func parts(t *testing.T, form url.Values) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	m := multipart.NewWriter(&out)
	for name, values := range form {
		for _, value := range values {
			if err := m.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), m.FormDataContentType()
}

// postLong sends a form as the pages with long texts do.
func (w *town) postLong(t *testing.T, who *user, path string, form url.Values, header map[string]string) answer {
	t.Helper()
	body, contentType := parts(t, form)
	return w.send(t, who, http.MethodPost, path, body, with(header, "Content-Type", contentType))
}

// find lists the elements with a class.
func find(t *testing.T, body, class string) (list []*html.Node) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range elements(root) {
		if strings.Contains(" "+attr(n, "class")+" ", " "+class+" ") {
			list = append(list, n)
		}
	}
	return list
}

// typed is the text in the page's first text area.
func typed(t *testing.T, body string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range elements(root) {
		if n.Data == "textarea" {
			return text(n)
		}
	}
	return ""
}

const desk = "/trainer/scripts/" + draftScenario

// Without scripts every button sends the whole text: what was typed is there
// again, nothing is saved but by saving.
func TestWritingWithoutScripts(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	before := w.scriptAt(t, draftScenario)
	broken := strings.Replace(before.Source, "→ 满意", "→ 满一", 1)
	form := url.Values{"source": {broken}, "version": {"1"}}

	a := w.postLong(t, w.trainer, desk+"/check", form, nil)
	if found := find(t, a.body, "finding-error"); a.status != http.StatusOK || len(found) != 1 || !strings.Contains(text(found[0]), "是否指「满意」") {
		t.Errorf("check: status %d, %d errors", a.status, len(found))
	}
	if typed(t, a.body) != broken {
		t.Error("check: what was typed is gone")
	}
	a = w.postLong(t, w.trainer, desk+"/try", form, nil)
	if a.status != http.StatusUnprocessableEntity || typed(t, a.body) != broken || len(find(t, a.body, "field-error")) != 1 {
		t.Errorf("try what cannot be read: status %d", a.status)
	}
	form.Set("source", before.Source)
	form["path"] = []string{"看 检查单", "选 发现#2"}
	form.Set("move", "选 对单#1")
	a = w.postLong(t, w.trainer, desk+"/try", form, nil)
	if moves := find(t, a.body, "tried-way"); a.status != http.StatusOK || len(moves) != 4 || typed(t, a.body) != before.Source {
		t.Errorf("try: status %d, %d moves", a.status, len(moves))
	}
	form.Del("move")
	form.Set("back", "2")
	a = w.postLong(t, w.trainer, desk+"/try", form, nil)
	if lines := find(t, a.body, "tried-line"); len(lines) != 2 || !strings.Contains(text(lines[1]), "这道印子") {
		t.Errorf("two steps back there are %d lines", len(lines))
	}
	if after := w.scriptAt(t, draftScenario); after.Source != before.Source || after.Version != before.Version {
		t.Error("checking and trying saved something")
	}
	form = url.Values{"source": {broken}, "version": {"1"}}
	if a = w.postLong(t, w.trainer, desk, form, nil); a.status != http.StatusSeeOther || w.scriptAt(t, draftScenario).Source != broken {
		t.Errorf("save: status %d", a.status)
	}
}

// The page's script gets the piece it asks for, and errors in words.
func TestWritingByScript(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	source := w.scriptAt(t, draftScenario).Source
	asked := map[string]string{"X-Fragment": "check", "Accept": "application/json"}
	a := w.postLong(t, w.trainer, desk+"/check", url.Values{"source": {source}}, asked)
	if a.status != http.StatusOK || strings.Contains(a.body, "<html") || !strings.Contains(a.body, `id="checked"`) || strings.Contains(a.body, "<story-map") {
		t.Errorf("check: status %d, %.200s", a.status, a.body)
	}
	if b := w.postLong(t, w.trainer, desk+"/check", url.Values{"source": {source}}, with(asked, "X-Fragment", "map")); !strings.HasPrefix(b.body, a.body) || !strings.Contains(b.body, "<story-map") {
		t.Errorf("with the map: status %d", b.status)
	}
	if cells := find(t, a.body, "number"); len(cells) < 8 || text(cells[3]) != "6" {
		t.Errorf("no bounds in %d cells", len(cells))
	}
	a = w.postLong(t, w.trainer, desk+"/check", url.Values{"source": {"## 一句\n- 没完"}}, with(asked, "X-Fragment", "map"))
	if a.status != http.StatusOK || !strings.Contains(a.body, `data-level="error"`) || strings.Contains(a.body, "<story-map") {
		t.Errorf("unreadable: status %d, %.200s", a.status, a.body)
	}
	a = w.postLong(t, w.trainer, desk+"/try", url.Values{"source": {source}}, with(asked, "X-Fragment", "try"))
	if a.status != http.StatusOK || strings.Contains(a.body, "<html") || len(find(t, a.body, "tried-way")) != 3 {
		t.Errorf("try: status %d, %.200s", a.status, a.body)
	}
	a = w.postLong(t, w.trainer, desk+"/check", url.Values{"source": {""}}, asked)
	if a.status != http.StatusUnprocessableEntity || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") || !strings.Contains(a.body, "正文是空的") {
		t.Errorf("nothing: status %d %s", a.status, a.body)
	}
	if a = w.postLong(t, w.trainer, "/trainer/scripts/rp99-nobody/check", url.Values{"source": {source}}, asked); a.status != http.StatusNotFound {
		t.Errorf("of no scenario: status %d", a.status)
	}
}

// Whoever saves over somebody else's text is shown both, and saves mine over it
// only knowing.
func TestTwoTexts(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	source := w.scriptAt(t, draftScenario).Source
	theirs, mine := source+"\n# 郑凯加的一行\n", source+"\n# 周敏加的一行\n"
	if a := w.postLong(t, w.admin, desk, url.Values{"source": {theirs}, "version": {"1"}}, nil); a.status != http.StatusSeeOther {
		t.Fatalf("the first save: status %d", a.status)
	}
	a := w.postLong(t, w.trainer, desk, url.Values{"source": {mine}, "version": {"1"}}, nil)
	if a.status != http.StatusConflict || !strings.Contains(a.body, "郑凯加的一行") || typed(t, a.body) != mine || !strings.Contains(a.body, w.admin.Name) {
		t.Errorf("the second save: status %d", a.status)
	}
	if got := w.scriptAt(t, draftScenario); got.Source != theirs {
		t.Error("it was written over all the same")
	}
	if a := w.postLong(t, w.trainer, desk, url.Values{"source": {mine}, "version": {"2"}}, nil); a.status != http.StatusSeeOther || w.scriptAt(t, draftScenario).Source != mine {
		t.Errorf("knowing of it: status %d", a.status)
	}
	a = w.post(t, w.trainer, desk+"/publish", url.Values{"version": {"2"}, "base": {""}})
	if a.status != http.StatusConflict || len(find(t, a.body, "form-error")) != 1 {
		t.Errorf("publishing what is not there any more: status %d", a.status)
	}
	a = w.post(t, w.trainer, desk+"/publish", url.Values{"version": {"3"}, "base": {""}})
	if a.status != http.StatusSeeOther || w.academy.Library().Scenarios[draftScenario] == nil {
		t.Errorf("publishing: status %d", a.status)
	}
}

func TestWhatHasAnErrorIsNotPublished(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	source := strings.Replace(w.scriptAt(t, draftScenario).Source, "应判 及格", "应判 不及格", 1)
	w.postLong(t, w.trainer, desk, url.Values{"source": {source}, "version": {"1"}}, nil)
	a := w.get(t, w.trainer, desk+"/publish")
	if strings.Contains(a.body, `value="`+w.scriptAt(t, draftScenario).Slug) || strings.Contains(a.body, ">发布</button>") || len(find(t, a.body, "finding-error")) != 1 {
		t.Error("the page offers to publish it")
	}
	a = w.post(t, w.trainer, desk+"/publish", url.Values{"version": {"2"}, "base": {""}})
	if a.status != http.StatusUnprocessableEntity || len(find(t, a.body, "form-error")) != 1 || w.academy.Library().Scenarios[draftScenario] != nil {
		t.Errorf("published all the same: status %d", a.status)
	}
}

// Whatever is written into a script, it is shown as text on every page about it.
func TestScriptsAreShownAsText(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	sound := w.scriptAt(t, draftScenario).Source
	shown := map[string]int{}
	for _, payload := range payloads {
		if strings.Contains(payload, "\x00") {
			continue // that is no text
		}
		source := strings.NewReplacer(
			"新剧本：", payload, "你就说，赔不赔？", payload, "看单子", payload, "交车区", payload, "事后涂改", payload, "签过字", payload,
		).Replace(sound)
		s := w.scriptAt(t, draftScenario)
		form := url.Values{"source": {source}, "version": {"0"}, "path": {payload}, "persona": {payload}, "move": {"选 发现#1"}}
		for _, path := range []string{desk, desk + "/check", desk + "/try"} {
			w.harmlessAnswer(t, path, w.postLong(t, w.trainer, path, form, nil), payloads, shown)
		}
		form.Set("version", strconv.Itoa(s.Version))
		w.postLong(t, w.trainer, desk, form, nil)
		for _, path := range []string{"/trainer/scripts", desk, desk + "/publish", desk + "/discard", "/trainer/scripts/new?from=" + url.QueryEscape(payload)} {
			w.harmless(t, visit{w.trainer, path}, payloads, shown)
		}
	}
	for _, payload := range payloads {
		if n := shown[payload]; n < 3 && !strings.Contains(payload, "\x00") {
			t.Errorf("%q was seen on %d pages only: the test looks in the wrong places", payload, n)
		}
	}
}

// The pages about scripts ask the database no more often than a learner's.
func TestScriptPagesTakeFewStatements(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, path := range []string{
		"/trainer/scripts", "/trainer/scripts/new", desk, "/trainer/scripts/" + doneScenario, desk + "/publish", desk + "/discard",
	} {
		w.speak(t, "zh") // what was remembered of logins no longer holds
		before := w.store.Statements()
		w.get(t, w.trainer, path)
		if n := w.store.Statements() - before; n > 4 {
			t.Errorf("%s takes %d statements, at most 4 are allowed", path, n)
		}
	}
}

// A story comes as a file or pasted; a file too long is refused before it is read.
func TestImportingAStory(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	send := func(slug, filename, story string) answer {
		t.Helper()
		var out bytes.Buffer
		m := multipart.NewWriter(&out)
		file, err := m.CreateFormFile("file", filename)
		if err == nil {
			_, err = file.Write([]byte(story))
		}
		if err == nil {
			err = m.WriteField("slug", slug)
		}
		if err == nil {
			err = m.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return w.send(t, w.trainer, http.MethodPost, "/trainer/scripts/import", out.String(), map[string]string{"Content-Type": m.FormDataContentType()})
	}
	const story = "-> a\n=== a\n李女士来了。\n* [您好] -> END\n* [请坐] -> END\n"
	if a := send("lady", "lady.ink", story); a.status != http.StatusSeeOther || !strings.Contains(w.scriptAt(t, "lady").Source, "李女士来了") {
		t.Errorf("a file: status %d", a.status)
	}
	if a := send("lady", "lady.ink", story); a.status != http.StatusUnprocessableEntity || len(find(t, a.body, "field-error")) != 1 {
		t.Errorf("a taken name: status %d", a.status)
	}
	if a := send("empty", "empty.twee", ""); a.status != http.StatusUnprocessableEntity || len(find(t, a.body, "field-error")) != 1 {
		t.Errorf("an empty file: status %d", a.status)
	}
	if a := send("huge", "huge.ink", strings.Repeat("李女士来了。\n", 60_000)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge file: status %d", a.status)
	}
	form := url.Values{"slug": {"Lady"}, "text": {story}}
	if a := w.postLong(t, w.trainer, "/trainer/scripts/import", form, nil); a.status != http.StatusUnprocessableEntity || typed(t, a.body) != story {
		t.Errorf("pasted under a bad name: status %d, kept %q", a.status, typed(t, a.body))
	}
}

func TestTakingAScriptAway(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for form, want := range map[string]struct{ file, contentType, begins string }{
		"md":    {openScenario + ".md", "text/plain; charset=utf-8", "---\n"},
		"twee":  {openScenario + ".twee", "text/plain; charset=utf-8", ":: "},
		"json":  {openScenario + ".json", "application/json", `{"engine":1`},
		"proof": {openScenario + ".proof.json", "application/json", `{"hash":"`},
	} {
		a := w.get(t, w.trainer, "/trainer/scripts/"+openScenario+"/export."+form)
		if a.status != http.StatusOK || !strings.HasPrefix(a.body, want.begins) || a.header.Get("Content-Type") != want.contentType ||
			a.header.Get("Content-Disposition") != "attachment; filename*=UTF-8''"+want.file {
			t.Errorf("%s: status %d, %s, %s, %.40s", form, a.status, a.header.Get("Content-Type"), a.header.Get("Content-Disposition"), a.body)
		}
	}
	for _, path := range []string{openScenario + "/export.exe", draftScenario + "/export.json", "rp99-nobody/export.md"} {
		if a := w.get(t, w.trainer, "/trainer/scripts/"+path); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}
