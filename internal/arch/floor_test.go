package arch

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors are the oldest versions without a known hole that could reach us. They
// are checked where the build takes its versions from, so that a downgrade by
// another module's wish is seen.
var floors = map[string]struct{ version, reason string }{
	"github.com/gofiber/fiber/v2":   {"v2.52.15", "header spoofing behind proxies, parser panics and a memory leak, all fixed by then"},
	"github.com/valyala/fasthttp":   {"v1.73.0", "request smuggling and header injection; Fiber alone selects 1.51.0, which has GO-2026-4950"},
	"github.com/yuin/goldmark":      {"v1.7.17", "cross-site scripting in the HTML renderer, CVE-2026-5160"},
	"golang.org/x/net":              {"v0.55.0", "HTML parser holes, GO-2026-5025 to 5030"},
	"golang.org/x/text":             {"v0.39.0", "an endless loop"},
	"golang.org/x/crypto":           {"v0.52.0", "several fixes"},
	"github.com/jackc/pgx/v5":       {"v5.9.2", "SQL injection and memory safety, CVE-2024-27304, CVE-2026-41889"},
	"github.com/mattn/go-sqlite3":   {"v1.14.53", "the SQLite it carries"},
	"github.com/xuri/excelize/v2":   {"v2.11.0", "a workbook of one far row takes all memory, CVE-2026-54063"},
	"github.com/klauspost/compress": {"v1.18.7", "a read out of bounds, GO-2026-5841"},
}

func TestDependencyFloors(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(moduleRoot(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "replace ") {
		t.Error("go.mod replaces a module: its version no longer says what is built")
	}
	have := requirements(string(text))
	for path, floor := range floors {
		version, ok := have[path]
		if !ok {
			t.Errorf("go.mod does not name %s; drop its floor or name it again", path)
		} else if older(version, floor.version) {
			t.Errorf("%s %s is older than %s: %s", path, version, floor.version, floor.reason)
		}
	}
}

// requirements reads path → version from the text of a go.mod.
func requirements(text string) map[string]string {
	have := map[string]string{}
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) >= 2 && strings.HasPrefix(fields[1], "v") {
			have[fields[0]] = fields[1]
		}
	}
	return have
}

// older compares two versions number by number; what follows a hyphen does not count.
func older(version, floor string) bool {
	a, b := numbers(version), numbers(floor)
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func numbers(version string) (n [3]int) {
	release, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), "-")
	for i, part := range strings.SplitN(release, ".", 3) {
		n[i], _ = strconv.Atoi(part) // a go.mod that go accepts has numbers here
	}
	return n
}

func TestFloorsBite(t *testing.T) {
	have := requirements("module m\n\nrequire (\n\tgithub.com/valyala/fasthttp v1.51.0 // indirect\n)\n")
	if v := have["github.com/valyala/fasthttp"]; !older(v, floors["github.com/valyala/fasthttp"].version) {
		t.Errorf("%s passes", v)
	}
	for _, c := range []struct {
		version, floor string
		older          bool
	}{
		{"v1.73.0", "v1.73.0", false},
		{"v1.100.0", "v1.73.0", false},
		{"v1.9.9", "v1.73.0", true},
		{"v2.0.0", "v1.73.0", false},
		{"v0.0.0-20240606120523-5a60cdf6a761", "v0.1.0", true},
	} {
		if got := older(c.version, c.floor); got != c.older {
			t.Errorf("older(%s, %s) = %v", c.version, c.floor, got)
		}
	}
}
