package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What nobody writes into a question, but would keep the converter busy for
// minutes: it goes through the lines of everything nested once a level, through
// the rest of a text once a bracket, and makes all cells of a table equally wide.
const (
	mostNested   = 8
	mostBrackets = 500
	mostCells    = 2000
	mostPadding  = 1 << 20 // of a table as wide as the longest text
)

// weight is how much work a text makes.
type weight struct {
	nested, brackets, rows, columns, longest int
}

// excessive reports whether the text below n is more than a question may be made of.
func excessive(n *html.Node) bool {
	var w weight
	w.add(n, 0)
	return w.nested > mostNested || w.brackets > mostBrackets || w.rows*w.columns > mostCells || w.rows*w.longest > mostPadding
}

func (w *weight) add(n *html.Node, nested int) {
	switch n.DataAtom {
	case atom.Blockquote, atom.Ul, atom.Ol, atom.Table:
		nested++
	case atom.Tr:
		w.rows++
		w.columns = max(w.columns, cells(n))
	}
	if n.Type == html.TextNode {
		w.brackets += strings.Count(n.Data, "[")
		w.longest = max(w.longest, len(n.Data))
	}
	w.nested = max(w.nested, nested)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.add(c, nested)
	}
}

// cells counts the cells of a row. One that spans others weighs too much.
func cells(row *html.Node) (n int) {
	for c := row.FirstChild; c != nil; c = c.NextSibling {
		n++
		for _, a := range c.Attr {
			if (a.Key == "colspan" || a.Key == "rowspan") && len(a.Val) > 1 {
				n += mostCells
			}
		}
	}
	return n
}
