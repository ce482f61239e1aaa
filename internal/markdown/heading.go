package markdown

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// headingID is the only attribute an author can write. Classes, styles and
// event handlers have no syntax, so they cannot get in.
var headingID = regexp.MustCompile(`(?:^|[ \t]+)\{#([a-z][a-z0-9-]*)\}$`)

// headingParser reads "## 标题 {#ascii-id}". The id is explicit because it is
// an address other content points to; it must survive a rewording of the title.
type headingParser struct{ parser.BlockParser }

func (p headingParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	node, state := p.BlockParser.Open(parent, reader, pc)
	if node == nil || node.Lines().Len() == 0 {
		return node, state
	}
	line := node.Lines().At(0)
	m := headingID.FindSubmatchIndex(line.Value(reader.Source()))
	if m == nil {
		return node, state
	}
	node.SetAttributeString("id", line.Value(reader.Source())[m[2]:m[3]])
	if node.(*ast.Heading).Level == 2 {
		node.SetAttributeString("data-heading", "") // how the reading progress script finds it
	}
	node.Lines().Set(0, line.WithStop(line.Start+m[0]))
	return node, state
}
