package markdown

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var (
	sourceMark = regexp.MustCompile(`^\[(S[0-9]-[0-9]{3})\]`)
	// almostSource is what a slip of the pen looks like: [S1-8], [S1-008、S1-009], 【S1-008】.
	almostSource = regexp.MustCompile(`[\[［【]\s*[Ss][0-9]\s*[-－—][0-9]`)
)

// source is a mark such as [S4-035] that says which fact a statement rests on.
type source struct {
	ast.BaseInline
	id string
}

var kindSource = ast.NewNodeKind("Source")

func (*source) Kind() ast.NodeKind           { return kindSource }
func (n *source) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

type sourceParser struct{}

func (sourceParser) Trigger() []byte { return []byte{'['} }

func (sourceParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := sourceMark.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	return &source{id: string(m[1])}
}
