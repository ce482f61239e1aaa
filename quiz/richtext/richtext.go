// Package richtext carries formatted text between the Markdown that banks are
// written in and the HTML that other systems keep their questions in.
//
// Emphasis, links, code, lists, quotations and tables go both ways. What
// Markdown has no word for keeps its text and is named, so that an import can
// say what it left behind.
package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads HTML as a browser would within a page.
func parse(source string) ([]*html.Node, error) {
	clean := strings.NewReader(strings.Map(printable, source))
	return html.ParseFragment(clean, &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
}

// value is an attribute of an element, or empty.
func value(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// printable drops what XML cannot hold; the converter uses such characters for itself.
func printable(r rune) rune {
	switch {
	case r < ' ' && r != '\n' && r != '\t', r == '\uf002', r >= 0xfffd && r <= 0xffff:
		return -1
	}
	return r
}
