package quiz

import (
	"path"
	"strings"
)

// Preview reads a text that need not be fit for use, for its author to look at:
// the bank has whatever could be read. A question can be shown, and answered,
// where Parse finds no error in its own lines. Hints are what Parse is silent of:
// findings worth a second look.
func Preview(file string, src []byte) (b *Bank, x Exchange, hints []Finding) {
	head, x, _ := Read(file, src)
	b = newBank(head, x)
	b.Slug, b.File = strings.TrimSuffix(path.Base(file), ".md"), file
	_ = b.render(x) // what cannot be rendered, Parse tells
	for _, f := range Lint(head, x) {
		if f.Level == Advised {
			hints = append(hints, f)
		}
	}
	return b, x, hints
}
