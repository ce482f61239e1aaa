package ink

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
)

// turn is what was said, without its spaces, what could then be chosen and what was.
type turn struct {
	Said    string   `json:"said"`
	Offered []string `json:"offered"`
	Chosen  int      `json:"chosen"`
}

// The stories in testdata were drawn at random from everything that is carried
// over, and played in ink's own engine (inkjs 2.4.0), which wrote down each
// turn. As 剧本 they play alike.
func TestRecordedPlays(t *testing.T) {
	files, err := filepath.Glob("testdata/recorded/*.ink")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			story, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sc, _ := imported(t, string(story))
			record, err := os.ReadFile(strings.TrimSuffix(file, "ink") + "json")
			if err != nil {
				t.Fatal(err)
			}
			var plays [][]turn
			if err := json.Unmarshal(record, &plays); err != nil {
				t.Fatal(err)
			}
			for _, want := range plays {
				if diff := cmp.Diff(want, replay(t, sc, want)); diff != "" {
					t.Errorf("(-ink +剧本):\n%s", diff)
				}
			}
		})
	}
}

// replay makes the choices of a play. ink repeats the words of a choice before
// what follows; the learner has just said them.
func replay(t *testing.T, sc *roleplay.Scenario, as []turn) (turns []turn) {
	t.Helper()
	var said strings.Builder
	say := func(l roleplay.Line) { said.WriteString(l.Text) }
	p, err := sc.Start(0, say)
	echo := ""
	for _, want := range as {
		if err != nil {
			t.Fatal(err)
		}
		scene := &sc.Scenes[p.Scene]
		now := turn{Said: squeeze(said.String()), Offered: []string{}, Chosen: want.Chosen}
		if want.Said == echo+now.Said {
			now.Said = want.Said
		}
		open := sc.Offer(&p, nil)
		for _, k := range open {
			now.Offered = append(now.Offered, squeeze(scene.Options[k].Text))
		}
		turns = append(turns, now)
		if want.Chosen >= len(open) {
			break
		}
		echo = now.Offered[want.Chosen]
		said.Reset()
		p, err = sc.Choose(p, &scene.Options[open[want.Chosen]], say)
	}
	return turns
}

func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
