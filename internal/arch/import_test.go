package arch

import (
	"fmt"
	"strings"
	"testing"
)

const module = "qibu/"

// engines decide. They are pure: data and time in, values out.
var engines = []string{"courses", "quiz", "roleplay", "internal/people", "internal/cert", "internal/assign"}

// leaves may be used by everybody and know nobody.
var leaves = []string{"internal/fault", "internal/calendar", "internal/markdown"}

// layer says which packages of the house a package may import.
type layer struct {
	pkg    string // the package and everything below it
	may    []string
	reason string
}

// layers go from the most particular to the most general: the first that holds a
// package decides. A package may always import what lies below it.
var layers = append([]layer{
	{"cmd", []string{""}, ""},
	{"quiz/sheet", nil, "what a learner may see must not know the keys"},
	{"roleplay/stage", nil, "what a learner may see must not know the score"},
	{"internal/web", concat(engines, leaves, []string{"internal/academy", "internal/i18n", "static"}),
		"pages ask the academy; they never reach around it to the store"},
	{"internal/jobs", []string{"internal/academy", "internal/fault", "internal/mail"}, "a job calls one use case, as a page does"},
	{"internal/academy", concat(engines, leaves, []string{"internal/store"}), "use cases know engines and the store, not who shows them"},
	{"internal/store", concat(engines, leaves), "the store keeps values; it does not know what they are used for"},
	{"internal/i18n", []string{"internal/fault"}, "the catalogue is text"},
	{"internal/markdown", []string{"internal/fault"}, "a leaf"},
	{"internal/calendar", []string{"internal/fault"}, "a leaf"},
	{"internal/fault", nil, "a leaf"},
	{"internal/arch", nil, "it reads the source, it does not use it"},
	{"content", nil, "data"},
	{"static", nil, "data"},
}, engineLayers()...)

func engineLayers() []layer {
	var list []layer
	for _, e := range engines {
		list = append(list, layer{e, leaves, "engines are pure and stand alone: same input, same result, for ever"})
	}
	return list
}

// denial keeps a foreign package where it belongs.
type denial struct {
	what   []string // import paths, with everything below them
	except []string // the packages it belongs to
	only   []string // the rule is about these packages; empty means all
	tests  bool     // tests too
	reason string
}

var denials = []denial{
	{
		what: []string{"github.com/gofiber/fiber", "github.com/valyala/fasthttp", "github.com/a-h/templ"}, except: []string{"internal/web"}, tests: true,
		reason: "the web framework stays behind internal/web, so that nothing else has to change with it",
	},
	{
		what:   []string{"database/sql", "github.com/mattn/go-sqlite3", "github.com/jackc/pgx", "github.com/pressly/goose"},
		except: []string{"internal/store"}, tests: true,
		reason: "all SQL is in internal/store, where both engines are tested",
	},
	{
		what: []string{"qibu/quiz", "qibu/roleplay"}, only: []string{"internal/web"}, tests: false,
		reason: "these packages hold the keys; pages see quiz/sheet and roleplay/stage",
	},
	{
		what: []string{"os", "net", "log", "math/rand", "crypto/rand", "sync"}, only: engines, tests: false,
		reason: "engines have no world around them: no files, network, log, chance or threads",
	},
	{
		what: []string{"github.com", "golang.org", "go.yaml.in", "pgregory.net", "go.uber.org"}, only: concat(engines, leaves), tests: false,
		reason: "engines need the standard library and, where they read a format, its parser",
	},
	{
		what: []string{"github.com/stretchr", "github.com/golang/mock", "go.uber.org/mock"}, tests: true,
		reason: "tests use package testing, cmp and rapid, and the real store",
	},
}

// exempt are the imports a denial does not mean: package → import → why.
var exempt = map[string]map[string]string{
	"internal/web": {
		"qibu/quiz/sheet":     "what a learner may see of a quiz",
		"qibu/roleplay/stage": "what a learner may see of a role-play",
	},
	"internal/cert/pdf": {
		"github.com/signintech/gopdf": "writes PDF",
		"sync":                        "reads its font once",
	},
	"internal/cert/qr": {
		"github.com/boombuler/barcode": "makes QR codes",
	},
	"quiz/richtext": {
		"github.com/JohannesKaufmann/html-to-markdown": "writes HTML as Markdown",
	},
	"quiz/moodle/moodletest": {
		"pgregory.net/rapid": "draws questions for the tests of Moodle's formats",
	},
	"quiz/xlsx": {
		"github.com/xuri/excelize": "reads and writes workbooks",
	},
	"": {
		"go.yaml.in/yaml/v3":       "reads YAML",
		"github.com/yuin/goldmark": "reads Markdown",
		"golang.org/x/text":        "Unicode normalisation and widths",
		"golang.org/x/net/html":    "reads HTML and SVG",
	},
}

func TestImports(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, finding := range checkImports(f) {
			t.Error(finding)
		}
	}
}

// checkImports says which imports of a file break a rule.
func checkImports(f file) (findings []string) {
	for _, i := range f.imports {
		if reason := forbidden(f, i.path); reason != "" {
			findings = append(findings, fmt.Sprintf("%s:%d: imports %s: %s", f.path, i.line, i.path, reason))
		}
	}
	return findings
}

// forbidden returns why a file may not import a path, or "".
func forbidden(f file, path string) string {
	if own, inHouse := strings.CutPrefix(path, module); inHouse && !f.test {
		l, ok := layerOf(f.pkg)
		if !ok {
			return "the package has no place in the house; give it one in layers"
		}
		if !within(own, l.pkg) && !anyWithin(own, l.may) {
			return l.reason
		}
	}
	for _, d := range denials {
		if (f.test && !d.tests) || anyWithin(f.pkg, d.except) || (len(d.only) > 0 && !anyWithin(f.pkg, d.only)) {
			continue
		}
		if anyWithin(path, d.what) && !exempted(f.pkg, path) {
			return d.reason
		}
	}
	return ""
}

func layerOf(pkg string) (layer, bool) {
	for _, l := range layers {
		if within(pkg, l.pkg) {
			return l, true
		}
	}
	return layer{}, false
}

func exempted(pkg, path string) bool {
	for where, paths := range exempt {
		if !within(pkg, where) {
			continue
		}
		for p := range paths {
			if within(path, p) {
				return true
			}
		}
	}
	return false
}

// within reports whether a path is parent or lies below it. Everything lies below "".
func within(path, parent string) bool {
	return parent == "" || path == parent || strings.HasPrefix(path, parent+"/")
}

func anyWithin(path string, parents []string) bool {
	for _, p := range parents {
		if within(path, p) {
			return true
		}
	}
	return false
}

func concat(lists ...[]string) (all []string) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// Every rule has to bite: each of these files breaks one, or stays within it.
func TestImportRulesBite(t *testing.T) {
	cases := []struct {
		file, imports string
		broken        bool
	}{
		{"internal/web/hr/list.go", "qibu/internal/academy", false},
		{"internal/web/hr/list.go", "qibu/internal/web/ui", false},
		{"internal/web/hr/list.go", "qibu/internal/store", true},
		{"internal/web/learner/quiz.go", "qibu/quiz/sheet", false},
		{"internal/web/learner/quiz.go", "qibu/quiz", true},
		{"internal/web/public/try.go", "qibu/roleplay", true},
		{"internal/web/account/me.go", "qibu/roleplay/script", true},
		{"internal/web/learner/play.go", "qibu/roleplay/stage", false},
		{"internal/jobs/jobs.go", "qibu/internal/academy", false},
		{"internal/jobs/jobs.go", "qibu/internal/store", true},
		{"internal/academy/a.go", "qibu/internal/store", false},
		{"internal/academy/a.go", "qibu/internal/web", true},
		{"internal/academy/a.go", "qibu/internal/i18n", true},
		{"internal/academy/a.go", "database/sql", true},
		{"internal/academy/a_test.go", "qibu/content", false},
		{"internal/academy/a_test.go", "github.com/stretchr/testify/require", true},
		{"internal/store/s.go", "qibu/internal/academy", true},
		{"internal/store/s.go", "github.com/jackc/pgx/v5", false},
		{"internal/store/s.go", "github.com/gofiber/fiber/v2", true},
		{"quiz/grade.go", "qibu/quiz/sheet", false},
		{"quiz/grade.go", "qibu/internal/fault", false},
		{"quiz/grade.go", "qibu/courses", true},
		{"quiz/grade.go", "database/sql", true},
		{"quiz/grade.go", "math/rand/v2", true},
		{"quiz/grade.go", "golang.org/x/text/unicode/norm", false},
		{"quiz/grade.go", "github.com/google/uuid", true},
		{"quiz/sheet/sheet.go", "qibu/quiz", true},
		{"roleplay/stage/view.go", "qibu/roleplay", true},
		{"internal/cert/pdf/pdf.go", "github.com/signintech/gopdf", false},
		{"internal/cert/status.go", "github.com/signintech/gopdf", true},
		{"internal/cert/status.go", "qibu/internal/store", true},
		{"internal/fault/fault.go", "qibu/internal/i18n", true},
		{"internal/calendar/day.go", "qibu/internal/academy", true},
		{"internal/novelty/n.go", "qibu/internal/fault", true},
		{"cmd/qibu/serve.go", "qibu/internal/web", false},
		{"cmd/qibu/serve.go", "github.com/gofiber/fiber/v2", true},
		{"cmd/qibu/demo.go", "database/sql", true},
	}
	for _, c := range cases {
		f := parse(t, "", c.file, fmt.Sprintf("package p\nimport _ %q\n", c.imports))
		if got := len(checkImports(f)) > 0; got != c.broken {
			t.Errorf("%s imports %s: broken %v, want %v", c.file, c.imports, got, c.broken)
		}
	}
}
