package markdown

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// calloutNames are the kinds of callout and what a reader sees them called.
var calloutNames = map[string]string{
	"DIALOGUE":   "对话",
	"PITFALL":    "误区",
	"TRY":        "想一想",
	"SUPPLEMENT": "补充",
	"SOURCE":     "数字的出处",
	"CHECKLIST":  "清单",
}

var calloutMark = regexp.MustCompile(`^\[!([A-Za-z]+)\][ \t]*`)

// callout is a block quote that starts with [!KIND]. Its first child is its title.
type callout struct {
	ast.BaseBlock
	kind string // as written, letters only; a kind we do not know is a problem
}

// name is what a reader sees the callout called.
func (n *callout) name() string {
	if name, ok := calloutNames[n.kind]; ok {
		return name
	}
	return n.kind
}

var kindCallout = ast.NewNodeKind("Callout")

func (*callout) Kind() ast.NodeKind           { return kindCallout }
func (n *callout) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// calloutTitle is what stands behind [!KIND] on its line, often nothing.
type calloutTitle struct{ ast.BaseBlock }

var kindCalloutTitle = ast.NewNodeKind("CalloutTitle")

func (*calloutTitle) Kind() ast.NodeKind           { return kindCalloutTitle }
func (n *calloutTitle) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// calloutParser is the block quote parser that also knows callouts.
type calloutParser struct{ parser.BlockParser }

func (p calloutParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	quote, state := p.BlockParser.Open(parent, reader, pc)
	if quote == nil {
		return nil, state
	}
	line, segment := reader.PeekLine()
	m := calloutMark.FindSubmatch(line)
	if m == nil {
		return quote, state
	}
	title := &calloutTitle{}
	title.SetPos(segment.Start)
	rest := segment.WithStart(segment.Start + len(m[0]))
	if rest = rest.TrimRightSpace(reader.Source()); !rest.IsEmpty() {
		title.Lines().Append(rest)
	}
	node := &callout{kind: string(m[1])}
	node.AppendChild(node, title)
	reader.AdvanceToEOL()
	return node, state
}

// speakerMark is who says a line of dialogue: 顾问：, 客户王先生：, 车间主管:
var speakerMark = regexp.MustCompile(`^([\p{Han}A-Za-z]{1,8})[ \t]*(?:：|:)[ \t]*`)

// say is one line of a dialogue.
type say struct {
	ast.BaseBlock
	speaker string
}

var kindSay = ast.NewNodeKind("Say")

func (*say) Kind() ast.NodeKind           { return kindSay }
func (n *say) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// role is the class of a speaker: the two sides of the desk are told apart.
func (n *say) role() string {
	switch {
	case strings.HasSuffix(n.speaker, "顾问"):
		return "advisor"
	case strings.HasPrefix(n.speaker, "客户"):
		return "customer"
	}
	return "other"
}

// dialogueTransformer splits a paragraph of a DIALOGUE callout into the lines
// people say. A line without a speaker goes on with what was said before it.
type dialogueTransformer struct{}

func (dialogueTransformer) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	parent, ok := node.Parent().(*callout)
	if !ok || parent.kind != "DIALOGUE" {
		return
	}
	var said ast.Node
	for _, line := range node.Lines().Sliced(0, node.Lines().Len()) {
		line = line.TrimLeftSpace(reader.Source())
		m := speakerMark.FindSubmatch(line.Value(reader.Source()))
		if m != nil {
			line = line.WithStart(line.Start + len(m[0]))
		}
		if m != nil || said == nil {
			trimEnd(said, reader.Source())
			said = newSaid(m)
			parent.InsertBefore(parent, node, said)
		}
		said.Lines().Append(line)
	}
	trimEnd(said, reader.Source())
	parent.RemoveChild(parent, node)
}

// newSaid starts a line of dialogue, or a paragraph when nobody speaks.
func newSaid(speaker [][]byte) ast.Node {
	if speaker == nil {
		return ast.NewParagraph()
	}
	return &say{speaker: string(speaker[1])}
}

// trimEnd drops the line end of a block's last line, as the paragraph parser does.
func trimEnd(block ast.Node, src []byte) {
	if block == nil {
		return
	}
	last := block.Lines().Len() - 1
	line := block.Lines().At(last)
	block.Lines().Set(last, line.TrimRightSpace(src))
}
