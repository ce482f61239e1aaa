package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"sort"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// asset is one file a browser loads, ready to send.
type asset struct {
	contentType  string
	plain, gzip_ []byte
}

// assets are all files under /static/, each by exactly one name that carries its
// content hash. Serving from this map, never from a path, leaves nothing to traverse.
type assets struct {
	byURL map[string]asset  // "/static/app.1f2e3d4c.css"
	urls  map[string]string // "app.css" → its URL
}

// loadAssets reads the static tree: css/*.css become one app.css in name order,
// everything else keeps its own name. A licence lies beside what it is about and
// is not served.
func loadAssets(fsys fs.FS) (*assets, error) {
	a := &assets{byURL: map[string]asset{}, urls: map[string]string{}}
	sheets, err := fs.Glob(fsys, "css/*.css")
	if err != nil {
		return nil, err
	}
	sort.Strings(sheets)
	var css bytes.Buffer
	for _, name := range sheets {
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		css.Write(text)
	}
	if err := a.add("app.css", css.Bytes()); err != nil {
		return nil, err
	}
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "css/") || strings.HasSuffix(name, ".go") || path.Base(name) == "LICENSE" {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		return a.add(path.Base(name), text)
	})
	return a, err
}

func (a *assets) add(name string, text []byte) error {
	if _, twice := a.urls[name]; twice {
		return fmt.Errorf("two static files are called %s", name)
	}
	contentType := mime.TypeByExtension(path.Ext(name))
	if contentType == "" {
		return fmt.Errorf("static file %s has an unknown type", name)
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	ext := path.Ext(name)
	url := "/static/" + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext
	a.urls[name] = url
	a.byURL[url] = asset{contentType: contentType, plain: text, gzip_: zipped.Bytes()}
	return nil
}

// URL returns where a static file is found now.
func (a *assets) URL(name string) string {
	url, ok := a.urls[name]
	if !ok {
		panic("no static file " + name) // a misspelt name in a page: the first test that renders it fails
	}
	return url
}

func (a *assets) serve(c *fiber.Ctx) error {
	file, ok := a.byURL[c.Path()]
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, file.contentType)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if len(file.gzip_) < len(file.plain) && strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.gzip_)
	}
	return c.Send(file.plain)
}
