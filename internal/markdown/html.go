package markdown

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// nodeRenderer writes our own nodes, and the stock ones we want otherwise.
type nodeRenderer struct {
	line bool // one line of text: no paragraph, no source marks
}

func (r nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindSource, r.source)
	reg.Register(kindCallout, r.callout)
	reg.Register(kindCalloutTitle, r.calloutTitle)
	reg.Register(kindSay, r.say)
	reg.Register(kindFigure, r.figure)
	reg.Register(ast.KindLink, r.link)
	reg.Register(ast.KindImage, r.image)
	reg.Register(extast.KindTable, r.table)
	reg.Register(extast.KindTaskCheckBox, r.checkBox)
	if r.line {
		reg.Register(ast.KindParagraph, nothing)
	}
}

func nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

// write joins HTML pieces; texts in them are already escaped.
func write(w util.BufWriter, pieces ...string) (ast.WalkStatus, error) {
	for _, p := range pieces {
		_, _ = w.WriteString(p) // the writer keeps its first error and Render returns it
	}
	return ast.WalkContinue, nil
}

func (r nodeRenderer) source(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering || r.line {
		return ast.WalkContinue, nil
	}
	id := node.(*source).id
	return write(w, `<a class="src" href="/sources/`, id, `" data-source="`, id, `" aria-label="出处 `, id, `">`, id, `</a>`)
}

func (r nodeRenderer) callout(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return write(w, "</aside>\n")
	}
	n := node.(*callout)
	label := strings.TrimSpace(n.name() + " " + plain(n.FirstChild(), src))
	return write(w, `<aside class="callout `, strings.ToLower(n.kind), `" role="note" aria-label="`,
		html.EscapeString(label), "\">\n")
}

func (r nodeRenderer) calloutTitle(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return write(w, "</p>\n")
	}
	gap := ""
	if node.HasChildren() {
		gap = " "
	}
	return write(w, `<p class="callout-title"><b>`, node.Parent().(*callout).name(), `</b>`, gap)
}

func (r nodeRenderer) say(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return write(w, "</p>\n")
	}
	n := node.(*say)
	return write(w, `<p class="say `, n.role(), `"><b>`, html.EscapeString(n.speaker), `</b>`)
}

func (r nodeRenderer) figure(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*figure)
	caption := ""
	if n.caption != "" {
		caption = `<figcaption>` + html.EscapeString(n.caption) + `</figcaption>`
	}
	return write(w, `<figure class="figure">`, n.svg, caption, "</figure>\n")
}

// link writes a link only when it leads somewhere allowed; otherwise its text.
func (r nodeRenderer) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	href, external, ok := target(node.(*ast.Link).Destination)
	switch {
	case !ok:
		return ast.WalkContinue, nil
	case !entering:
		return write(w, "</a>")
	case external:
		return write(w, `<a href="`, html.EscapeString(href), `" rel="noopener">`)
	}
	return write(w, `<a href="`, html.EscapeString(href), `">`)
}

// image writes the alternative text of an image that did not become a figure.
func (r nodeRenderer) image(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = write(w, html.EscapeString(plain(node, src))) // it has no error of its own
	}
	return ast.WalkSkipChildren, nil
}

// table lets a wide table scroll on a phone, by keyboard too.
func (r nodeRenderer) table(w util.BufWriter, src []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return write(w, "</table></div>\n")
	}
	var columns []string
	for cell := node.FirstChild().FirstChild(); cell != nil; cell = cell.NextSibling() {
		if name := plain(cell, src); name != "" {
			columns = append(columns, name)
		}
	}
	label := html.EscapeString("表格：" + strings.Join(columns, "、"))
	return write(w, `<div class="table-scroll" tabindex="0" role="region" aria-label="`, label, "\">\n<table>\n")
}

// checkBox draws a box to tick on paper; a form control would promise to remember.
func (r nodeRenderer) checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	box := "☐"
	if node.(*extast.TaskCheckBox).IsChecked {
		box = "☑"
	}
	return write(w, `<span class="box" aria-hidden="true">`, box, `</span> `)
}
