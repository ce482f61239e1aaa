// Package i18n has every text the product says, in Chinese and in English.
//
// The catalogue is locales/<language>/<area>.yaml, one flat "key: text" a line,
// with {{.placeholders}}. A key missing in one language fails a test.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

//go:embed locales
var locales embed.FS

// Languages are the languages of the product, the default first.
var Languages = []string{"zh", "en"}

// Printer says catalogue texts in one language. It is safe for concurrent use.
type Printer struct {
	lang      string
	fixed     map[string]string // texts without placeholders, resolved once
	localizer *goi18n.Localizer
}

// For returns the printer of lang, "zh" or "en"; anything else gets Chinese.
func For(lang string) *Printer {
	all := printers()
	if p, ok := all[lang]; ok {
		return p
	}
	return all[Languages[0]]
}

var printers = sync.OnceValue(func() map[string]*Printer {
	texts, err := load()
	if err != nil {
		panic(err) // the catalogue is compiled in: a broken one is a broken build
	}
	bundle := goi18n.NewBundle(language.Chinese)
	all := make(map[string]*Printer, len(Languages))
	for _, lang := range Languages {
		p := &Printer{lang: lang, fixed: map[string]string{}}
		for key, text := range texts[lang] {
			if !strings.Contains(text, "{{") {
				p.fixed[key] = text
			}
			if err := bundle.AddMessages(language.Make(lang), &goi18n.Message{ID: key, Other: text}); err != nil {
				panic(fmt.Errorf("catalogue text %s %q: %w", lang, key, err))
			}
		}
		p.localizer = goi18n.NewLocalizer(bundle, lang)
		all[lang] = p
	}
	return all
})

// load reads the catalogue: language → key → text.
func load() (map[string]map[string]string, error) {
	texts := map[string]map[string]string{}
	for _, lang := range Languages {
		texts[lang] = map[string]string{}
		files, err := fs.Glob(locales, path.Join("locales", lang, "*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			src, err := locales.ReadFile(file)
			if err != nil {
				return nil, err
			}
			var area map[string]string
			if err := yaml.Unmarshal(src, &area); err != nil {
				return nil, fmt.Errorf("%s: %w", file, err)
			}
			for key, text := range area {
				if _, twice := texts[lang][key]; twice {
					return nil, fmt.Errorf("%s: key %q stands in another file too", file, key)
				}
				texts[lang][key] = text
			}
		}
	}
	return texts, nil
}

// Lang is the printer's language, "zh" or "en".
func (p *Printer) Lang() string { return p.lang }

// T returns the text under key. Pairs fill its placeholders: T("due", "day", d).
// A key that is not in the catalogue comes back in ⟦brackets⟧, so that it is seen.
func (p *Printer) T(key string, pairs ...any) string {
	if text, ok := p.fixed[key]; ok {
		return text
	}
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return p.With(key, args)
}

// With is T with the placeholders' values as a map.
func (p *Printer) With(key string, args map[string]any) string {
	text, err := p.localizer.Localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return text
}
