package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"qibu/roleplay"
)

// What a trainer says about a turn stands on the recording at once, and reaches
// whoever played it: in the list of rehearsals and on the debrief.
func TestACommentReachesTheLearner(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	recording := "/trainer/recordings/" + w.advisor.things["{debriefed}"]
	if body := w.get(t, w.advisor, "/rehearse").body; strings.Contains(body, "评语") {
		t.Fatal("there is a comment before anybody wrote one")
	}
	const said = "先认单据上的事实，再谈钱。"
	for range 2 { // pressed twice
		a := w.post(t, w.trainer, recording+"/comments", url.Values{"key": {"k"}, "step": {"1"}, "text": {said}})
		if a.status != http.StatusSeeOther || a.location() != recording+"?said=commented#turn-1" {
			t.Fatalf("%d %s", a.status, a.location())
		}
	}
	debrief := "/sessions/" + w.advisor.things["{debriefed}"] + "/debrief"
	for path, who := range map[string]*user{recording: w.trainer, debrief: w.advisor} {
		if n := strings.Count(w.get(t, who, path).body, said); n != 1 {
			t.Errorf("%s has the comment %d times", path, n)
		}
	}
	if body := w.get(t, w.advisor, "/rehearse").body; !strings.Contains(body, "1 条评语") || !strings.Contains(body, debrief) {
		t.Error("the learner is not told")
	}
	if body := w.get(t, w.mate, "/rehearse").body; strings.Contains(body, "评语") {
		t.Error("somebody else is told")
	}
}

// A comment that is too long is not lost: the page comes back with it and says why.
func TestACommentToCorrectComesBack(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	recording := "/trainer/recordings/" + w.mate.things["{played}"]
	long := strings.Repeat("慢", 501)
	a := w.post(t, w.trainer, recording+"/comments", url.Values{"key": {"k"}, "step": {"1"}, "text": {long}})
	if a.status != http.StatusUnprocessableEntity || strings.Count(a.body, long) != 1 || !strings.Contains(a.body, "最多 500 个字") || !strings.Contains(a.body, `value="k"`) {
		t.Errorf("status %d, %d characters", a.status, utf8.RuneCountInString(a.body))
	}
}

func TestARecordIsAFileThatReplays(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	id := w.mate.things["{played}"]
	a := w.get(t, w.trainer, "/trainer/recordings/"+id+"/record.json")
	var record roleplay.Record
	if err := json.Unmarshal([]byte(a.body), &record); err != nil {
		t.Fatal(err)
	}
	if err := record.Replay(); err != nil {
		t.Error(err)
	}
	if kind, name := a.header.Get("Content-Type"), a.header.Get("Content-Disposition"); kind != "application/json" || !strings.Contains(name, "attachment") || !strings.Contains(name, id) {
		t.Errorf("sent as %s, %s", kind, name)
	}
}

// The map's script is answered with the drawing alone, and sees its scenes where
// it put them.
func TestMapIsDrawnWhereScenesWerePut(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	address := "/trainer/scripts/" + doneScenario
	script := map[string]string{"Content-Type": "application/json", "Accept": "application/json"}
	if body := w.get(t, w.trainer, address+"/map").body; !strings.Contains(body, "data-unplaced") || !strings.Contains(body, `id="scene-0"`) {
		t.Error("before anything was placed the page has no map to lay out, or no text")
	}
	a := w.send(t, w.trainer, http.MethodPut, address+"/places", `{"places":{"迎接":{"x":1234,"y":-567}},"moved":true}`, script)
	if a.status != http.StatusOK {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a = w.send(t, w.admin, http.MethodGet, address+"/map", "", map[string]string{"X-Fragment": "map"})
	if strings.Contains(a.body, "<html") || !strings.HasPrefix(a.body, "<svg") || !strings.Contains(a.body, "translate(1234 -567)") || strings.Contains(a.body, "data-unplaced") {
		t.Errorf("the fragment begins %.80s", a.body)
	}
	if strings.Contains(a.body, "port-times") {
		t.Error("an admin sees how often ways were taken")
	}
	for body, want := range map[string]int{
		`{"moved":true}`: http.StatusUnprocessableEntity, `{"places":{"迎接":{"x":1e9,"y":0}}}`: http.StatusUnprocessableEntity,
		`{"places":{"迎接":"hier"}}`: http.StatusUnprocessableEntity, `nonsense`: http.StatusUnprocessableEntity,
	} {
		if a := w.send(t, w.trainer, http.MethodPut, address+"/places", body, script); a.status != want {
			t.Errorf("%s: %d", body, a.status)
		}
	}
}

// A list as long as it gets takes no more statements than a short one.
func TestRecordingsTakeFewStatements(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	for _, path := range []string{"/trainer/recordings", "/trainer/recordings?scenario=" + doneScenario + "&q=QB&page=2"} {
		w.speak(t, "zh") // what was remembered of logins no longer holds
		before := w.store.Statements()
		if a := w.get(t, w.trainer, path); a.status != http.StatusOK {
			t.Fatal(a.status)
		}
		if n := w.store.Statements() - before; n > 4 {
			t.Errorf("%s takes %d statements", path, n)
		}
	}
}
