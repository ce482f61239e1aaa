package storetest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"qibu/internal/store"
	"qibu/internal/store/storetest"
)

func TestEngines(t *testing.T) {
	for name, open := range storetest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			if s.Engine() != name {
				t.Errorf("opened %s", s.Engine())
			}
			if err := s.Ping(t.Context()); err != nil {
				t.Error(err)
			}
			for _, colour := range []string{"blue", "red"} { // each time another database
				if err := open(t).Write(t.Context(), func(tx *store.Tx) error {
					got, err := tx.SetOnce("colour", colour)
					if got != colour {
						t.Errorf("an empty database has the colour %s", got)
					}
					return err
				}); err != nil {
					t.Errorf("the shipped schema is not there: %v", err)
				}
			}
		})
	}
}

// TestWithoutServer runs the test above in processes of its own that have no
// PostgreSQL: skipped with the reason, or failed where it must not be missing.
func TestWithoutServer(t *testing.T) {
	for ci, want := range map[string]string{"": "--- SKIP: TestEngines/postgres", "true": "--- FAIL: TestEngines/postgres"} {
		cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^TestEngines$")
		cmd.Env = append(os.Environ(), storetest.Server+"=", "CI="+ci)
		out, err := cmd.CombinedOutput()
		if !strings.Contains(string(out), want) || !strings.Contains(string(out), storetest.Server+" is not set") {
			t.Errorf("CI=%q: want %q with the reason, got\n%s", ci, want, out)
		}
		if failed := err != nil; failed != (ci == "true") {
			t.Errorf("CI=%q: exit %v", ci, err)
		}
	}
}
