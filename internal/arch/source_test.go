// Package arch keeps the shape of the house: its tests read the source and say
// which rule a file breaks, and why the rule is there. It has no code of its own.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// file is one Go file of the module, parsed.
type file struct {
	path    string // from the module's root, "internal/web/server.go"
	pkg     string // the folder it lies in, "internal/web"
	test    bool
	tree    *ast.File
	fset    *token.FileSet
	imports []imported
}

type imported struct {
	path string
	line int
}

func (f file) line(n ast.Node) int { return f.fset.Position(n.Pos()).Line }

// parse reads one file. src is nil to read it from disk.
func parse(t *testing.T, root, name string, src any) file {
	t.Helper()
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, filepath.Join(root, name), src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	f := file{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), tree: tree, fset: fset}
	if strings.HasSuffix(f.pkg, "storetest") {
		f.test = true // helpers of tests, in a package of their own
	}
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		f.imports = append(f.imports, imported{path: p, line: f.line(spec)})
	}
	return f
}

// moduleRoot is the folder with go.mod.
func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// generated are folders that building, running and testing leave behind; git
// ignores them, and so do the rules.
var generated = map[string]bool{"bin": true, "data": true, "node_modules": true, "shots": true}

// foreign reports whether a folder is not of the house: something left behind, or
// what git, an editor or a cache of the machine keeps under a name with a dot.
func foreign(name string) bool {
	return generated[path.Base(name)] || (strings.HasPrefix(path.Base(name), ".") && !slices.Contains(rooms, name))
}

// walk calls visit with every file and folder of the module, by path from its root.
func walk(t *testing.T, root string, visit func(name string, dir bool)) {
	t.Helper()
	err := filepath.WalkDir(root, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, full)
		if err != nil || name == "." {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() && foreign(name) {
			return fs.SkipDir
		}
		visit(name, d.IsDir())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// goFiles parses every Go file of the module.
func goFiles(t *testing.T) []file {
	t.Helper()
	root := moduleRoot(t)
	var files []file
	walk(t, root, func(name string, dir bool) {
		if !dir && strings.HasSuffix(name, ".go") {
			files = append(files, parse(t, root, name, nil))
		}
	})
	if len(files) < 50 {
		t.Fatalf("found only %d Go files below %s", len(files), root)
	}
	return files
}

func TestForeignFolders(t *testing.T) {
	for name, want := range map[string]bool{
		".git": true, ".idea": true, "internal/.cache": true, "internal/e2e/node_modules": true,
		".ci": false, ".github": false, "internal/web": false,
	} {
		if foreign(name) != want {
			t.Errorf("%s: foreign %v, want %v", name, foreign(name), want)
		}
	}
}
