package markdown

import (
	"github.com/yuin/goldmark/ast"
)

// figure is an image that is a paragraph of its own: a drawing of ours, put
// into the page as SVG so that it follows the page's colours.
type figure struct {
	ast.BaseBlock
	paragraph    *ast.Paragraph // whose place it takes
	svg, caption string
}

var kindFigure = ast.NewNodeKind("Figure")

func (*figure) Kind() ast.NodeKind           { return kindFigure }
func (n *figure) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// figure reads "![what it shows](img/name.svg "caption")". When the drawing
// cannot be shown the paragraph stays, and the image becomes its alternative text.
func (s *survey) figure(p *ast.Paragraph, image *ast.Image) {
	path, alt := string(image.Destination), plain(image, s.src)
	s.doc.Images = append(s.doc.Images, path)
	if alt == "" {
		s.problem(image.Pos(), "图 %s 没有替代文字：![图上说了什么](%s)", path, path)
	}
	if s.opts.Image == nil {
		s.problem(image.Pos(), "这里不能放图")
		return
	}
	text, ok := s.opts.Image(path)
	if !ok {
		s.problem(image.Pos(), "找不到图 %s", path)
		return
	}
	svg, err := inlineSVG(text, alt)
	if err != nil {
		s.problem(image.Pos(), "图 %s：%v", path, err)
		return
	}
	s.figures = append(s.figures, &figure{paragraph: p, svg: svg, caption: unescape(image.Title)})
}
