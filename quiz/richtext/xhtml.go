package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"qibu/internal/markdown"
)

// XHTML writes Markdown, as banks understand it, as well-formed markup: block
// level, without our own classes, so that any system can show it and any XML
// parser read it. Marks of facts stay as they are written, [S4-035].
func XHTML(source string) string {
	doc, _ := markdown.Render([]byte(source), markdown.Options{}) // its HTML is whole whatever the author is told
	return wellFormed(doc.HTML)
}

// Inline is XHTML for one line, such as an option: no paragraph around it.
func Inline(source string) string { return wellFormed(markdown.Inline(source)) }

func wellFormed(source string) string {
	roots, err := parse(source)
	if err != nil {
		return text.Replace(words(source))
	}
	var b strings.Builder
	for _, n := range roots {
		writeNode(&b, n)
	}
	return strings.TrimSpace(b.String())
}

// kept are the elements that are written as they are, with these attributes.
var kept = map[atom.Atom][]string{
	atom.P: nil, atom.Br: nil, atom.Hr: nil, atom.Strong: nil, atom.Em: nil, atom.Del: nil, atom.Code: nil, atom.Pre: nil,
	atom.Ul: nil, atom.Ol: {"start"}, atom.Li: nil, atom.Blockquote: nil, atom.B: nil,
	atom.H2: nil, atom.H3: nil, atom.H4: nil, atom.H5: nil, atom.H6: nil,
	atom.Table: nil, atom.Thead: nil, atom.Tbody: nil, atom.Tr: nil, atom.Th: nil, atom.Td: nil,
	atom.A: {"href"},
}

var text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

var attribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")

func writeNode(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(text.Replace(n.Data))
		return
	}
	tag := n.Data
	attributes, ok := kept[n.DataAtom]
	switch id := value(n, "data-source"); {
	case id != "":
		b.WriteString("[" + id + "]")
		return
	case n.DataAtom == atom.Aside: // a callout
		tag = "blockquote"
	case !ok:
		writeChildren(b, n)
		return
	}
	b.WriteString("<" + tag)
	for _, key := range attributes {
		if v := value(n, key); v != "" {
			b.WriteString(" " + key + `="` + attribute.Replace(v) + `"`)
		}
	}
	if n.DataAtom == atom.Br || n.DataAtom == atom.Hr {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	writeChildren(b, n)
	b.WriteString("</" + tag + ">")
}

func writeChildren(b *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeNode(b, c)
	}
}
