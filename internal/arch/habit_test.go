package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// place is a call that belongs to few packages.
type place struct {
	call   string   // "time.Now"
	in     []string // the packages or files it belongs to
	reason string
}

var places = []place{
	{"time.Now", []string{"cmd", "internal/store/store.go"}, "there is one clock, and it is handed in; the store's is the default of its configuration"},
	{"time.Since", []string{"cmd"}, "it reads the machine's clock"},
	{"time.Until", []string{"cmd"}, "it reads the machine's clock"},
	{"context.Background", []string{"cmd", "internal/web/server.go", "internal/store/writer.go"}, "work ends with the request or the program; only where those begin or end is a context made"},
	{"context.TODO", nil, "whoever calls has a context"},
	{"http.ListenAndServe", nil, "internal/web listens"},
	{"os.Exit", []string{"cmd/qibu/main.go"}, "only main ends the program"},
	{"log.Fatal", nil, "only main ends the program"},
}

// threads are the packages that may start goroutines.
var threads = []string{"cmd", "internal/store", "internal/jobs", "internal/web/server.go"}

func TestHabits(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, finding := range checkHabits(f) {
			t.Error(finding)
		}
	}
}

// checkHabits says which calls of a file stand where they do not belong. Tests
// and generated pages may do as they need.
func checkHabits(f file) (findings []string) {
	if f.test || strings.HasSuffix(f.path, "_templ.go") {
		return nil
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if !anyWithin(f.path, threads) {
				findings = append(findings, fmt.Sprintf("%s:%d: starts a goroutine: nobody waits for it here", f.path, f.line(n)))
			}
		case *ast.SelectorExpr:
			if n.Sel.Name == "Library" && within(f.pkg, "internal/web") {
				findings = append(findings, fmt.Sprintf("%s:%d: Library: it has the keys of every quiz; ask a use case", f.path, f.line(n)))
			}
			x, ok := n.X.(*ast.Ident)
			if !ok {
				return true
			}
			for _, p := range places {
				if p.call == x.Name+"."+n.Sel.Name && !anyWithin(f.path, p.in) {
					findings = append(findings, fmt.Sprintf("%s:%d: %s: %s", f.path, f.line(n), p.call, p.reason))
				}
			}
		}
		return true
	})
	return findings
}

func TestHabitRulesBite(t *testing.T) {
	cases := []struct {
		file, body string
		broken     bool
	}{
		{"quiz/grade.go", "time.Now()", true},
		{"internal/academy/a.go", "time.Now()", true},
		{"internal/academy/a_test.go", "time.Now()", false},
		{"internal/store/tx.go", "_ = time.Now", true},
		{"internal/store/store.go", "_ = time.Now", false},
		{"cmd/qibu/serve.go", "time.Now()", false},
		{"internal/academy/a.go", "time.Since(x)", true},
		{"internal/jobs/jobs.go", "context.Background()", true},
		{"internal/web/server.go", "context.Background()", false},
		{"internal/web/session.go", "context.Background()", true},
		{"cmd/qibu/serve.go", "context.TODO()", true},
		{"internal/academy/a.go", "go f()", true},
		{"internal/web/hr/list.go", "go f()", true},
		{"internal/store/writer.go", "go f()", false},
		{"internal/web/learner/study/s.go", "p.academy.Library()", true},
		{"internal/academy/a.go", "a.Library()", false},
		{"internal/store/a.go", "os.Exit(1)", true},
		{"cmd/qibu/serve.go", "os.Exit(1)", true},
		{"cmd/qibu/main.go", "os.Exit(1)", false},
	}
	for _, c := range cases {
		f := parse(t, "", c.file, "package p\nfunc g() {\n"+c.body+"\n}\n")
		if got := len(checkHabits(f)) > 0; got != c.broken {
			t.Errorf("%s with %s: broken %v, want %v", c.file, c.body, got, c.broken)
		}
	}
}

// rooms are the folders at the top. A new one needs a place in the design first.
var rooms = []string{"cmd", "courses", "quiz", "roleplay", "content", "static", "internal", ".ci", ".github"}

// vague names say nothing about what is inside, and so everything ends up there.
var vague = []string{"util", "utils", "helper", "helpers", "common", "misc", "manager", "shared", "base", "lib"}

func TestNames(t *testing.T) {
	walk(t, moduleRoot(t), func(name string, dir bool) {
		if reason := badName(name, dir); reason != "" {
			t.Errorf("%s: %s", name, reason)
		}
	})
}

// badName returns what is wrong with the name of a file or folder, or "".
func badName(name string, dir bool) string {
	if dir && !strings.Contains(name, "/") && !slices.Contains(rooms, name) {
		return "a folder at the top that the design does not know"
	}
	if !dir && !strings.Contains(name, "/") && strings.HasSuffix(name, ".go") {
		return "Go code lives in a package with a name"
	}
	if within(name, "content") {
		return ""
	}
	stem, _, _ := strings.Cut(path.Base(name), ".")
	if slices.Contains(vague, strings.TrimSuffix(stem, "_test")) {
		return "the name says nothing about what is inside"
	}
	return ""
}

func TestNameRulesBite(t *testing.T) {
	cases := []struct {
		name   string
		dir    bool
		broken bool
	}{
		{"pkg", true, true},
		{"quiz", true, false},
		{"main.go", false, true},
		{"Makefile", false, false},
		{"internal/store/utils.go", false, true},
		{"internal/store/helpers_test.go", false, true},
		{"internal/common", true, true},
		{"static/js/common.js", false, true},
		{"internal/store/people.go", false, false},
		{"content/courses/common", true, false},
	}
	for _, c := range cases {
		if got := badName(c.name, c.dir) != ""; got != c.broken {
			t.Errorf("%s: broken %v, want %v", c.name, got, c.broken)
		}
	}
}
