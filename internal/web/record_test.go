package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A corrected result stands beside the one it corrects, wherever its person sees it.
func TestACorrectedResultStandsBesideTheOld(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	who := w.actor(t, w.advisor)
	percent := func() (attempt string, n int) {
		t.Helper()
		list, err := w.academy.OwnRecord(t.Context(), who, failedQuiz, 1)
		if err != nil || len(list.Rows) == 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		return list.Rows[0].ID, list.Rows[0].Percent
	}
	attempt, before := percent()
	pages := []string{"/record?quiz=" + failedQuiz, "/attempts/" + attempt + "/result"}
	was := fmt.Sprintf("原来是 %d%%，没通过", before)
	for _, path := range pages {
		if a := w.send(t, w.advisor, http.MethodGet, path, "", nil); a.status != 200 || strings.Contains(a.body, "更正") {
			t.Errorf("%s before anything is corrected: %d", path, a.status)
		}
	}
	made := w.send(t, w.trainer, http.MethodPost, "/trainer/banks/"+failedQuiz+"/regrade", w.trainer.fill("edition={corrected}&reason=标反了"), nil)
	proposal, _, _ := strings.Cut(made.location(), "?")
	if a := w.send(t, w.admin, http.MethodPost, proposal, "do=approve&word=", nil); a.status != http.StatusSeeOther {
		t.Fatalf("approve %s: %d\n%s", proposal, a.status, a.body)
	}
	_, now := percent()
	if now <= before {
		t.Fatalf("%d%% corrected to %d%%", before, now)
	}
	for _, path := range pages {
		a := w.send(t, w.advisor, http.MethodGet, path, "", nil)
		for _, text := range []string{fmt.Sprintf("%d%%", now), was} {
			if !strings.Contains(a.body, text) {
				t.Errorf("%s does not say %q", path, text)
			}
		}
	}
	if a := w.send(t, w.advisor, http.MethodGet, "/learn", "", nil); !strings.Contains(a.body, fmt.Sprintf("%d%% 更正为 %d%%", before, now)) {
		t.Error("nobody was told")
	}
}
