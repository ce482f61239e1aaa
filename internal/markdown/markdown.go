// Package markdown turns the course language, Markdown with a few additions of
// our own, into safe HTML and tells the author what is wrong with it, by line.
//
// The language is small on purpose: one way to write a heading (##), no raw
// HTML, no attributes but a heading's id, no reference links. What the parser
// does not know it shows as text, so nothing an author writes can run.
package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"qibu/internal/fault"
)

// Document is rendered Markdown and what a reader's page, the search index
// and the content check need to know about it.
type Document struct {
	HTML     string    // safe HTML
	Headings []Heading // in order
	Sections []Section // the text under each heading that has an id, in order
	Sources  []string  // fact ids in order of first mention, e.g. "S4-035"
	Images   []string  // image paths as written
	Callouts []string  // kinds in order, e.g. "TRY"
	Tables   int
	Runes    int // Chinese characters of prose, headings included, figures and code not
}

// Heading is one heading of a document. ID is empty when the author gave none.
type Heading struct {
	ID, Text string
	Level    int
	Line     int // in the original file
}

// Section is the plain text from one heading with an id to the next. The
// text before the first such heading has the zero Heading.
type Section struct {
	Heading Heading
	Text    string
}

// Options says where a text came from and what it may refer to.
type Options struct {
	File       string
	FirstLine  int                                     // line number of the text's first line in File; 0 means 1
	RequireIDs bool                                    // headings start at level 2, skip none, and level 2 needs an {#ascii-id}
	Image      func(path string) (svg string, ok bool) // nil: no images here
	Fact       func(id string) bool                    // whether a fact id exists; nil accepts all
}

// Render renders src. The HTML is safe whatever the problems say.
func Render(src []byte, o Options) (Document, fault.Problems) {
	clean := bytes.ToValidUTF8(src, []byte("\uFFFD"))
	root := pageParser.Parse(text.NewReader(clean))
	s := survey{src: clean, opts: o}
	if !utf8.Valid(src) {
		s.problem(0, "文件不是 UTF-8 编码")
	}
	s.document(root)
	s.doc.HTML = render(pageRenderer, clean, root)
	return s.doc, s.problems
}

// Inline renders one line of text, such as an answer option, to safe HTML
// without a paragraph around it. Source marks are left out, and block syntax
// such as "1." or "#" is plain text.
func Inline(line string) string {
	src := []byte(strings.Join(strings.Fields(strings.ToValidUTF8(line, "\uFFFD")), " "))
	return render(lineRenderer, src, lineParser.Parse(text.NewReader(src)))
}

func render(r renderer.Renderer, src []byte, root ast.Node) string {
	var b bytes.Buffer
	_ = r.Render(&b, src, root) // a buffer takes every write
	return b.String()
}

// The parsers and renderers are shared: they hold no state between documents.
var (
	pageParser = parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(headingParser{parser.NewATXHeadingParser()}, 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(calloutParser{parser.NewBlockquoteParser()}, 800),
			util.Prioritized(paragraphParser{parser.NewParagraphParser()}, 1000),
		),
		parser.WithInlineParsers(append(inlineParsers,
			util.Prioritized(extension.NewTaskCheckBoxParser(), 0))...),
		parser.WithParagraphTransformers(
			util.Prioritized(dialogueTransformer{}, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	lineParser = parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(inlineParsers...),
	)

	inlineParsers = []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(sourceParser{}, 150),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(emphasisParser{}, 500),
	}

	pageRenderer = newRenderer(nodeRenderer{})
	lineRenderer = newRenderer(nodeRenderer{line: true})
)

// paragraphParser takes indented lines too. There is no indented code here, and
// a line no parser takes would end the document.
type paragraphParser struct{ parser.BlockParser }

func (paragraphParser) CanAcceptIndentedLine() bool { return true }

func newRenderer(own nodeRenderer) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(own, 100), // before the stock renderers, so ours win
		util.Prioritized(extension.NewTableHTMLRenderer(
			extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500), // no inline style: the CSP forbids it
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(html.NewRenderer(html.WithEastAsianLineBreaks(html.EastAsianLineBreaksCSS3Draft)), 1000),
	))
}
