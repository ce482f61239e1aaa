package markdown

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"qibu/internal/fault"
)

// survey walks a parsed document once: it collects what Document promises,
// prepares figures and reports problems.
type survey struct {
	src      []byte
	newlines []int // offsets of the line ends
	opts     Options
	doc      Document
	problems fault.Problems
	text     strings.Builder // of the section being read
	figures  []*figure
}

// line is the line of the original file on which a byte offset of src lies.
func (s *survey) line(offset int) int {
	return max(s.opts.FirstLine, 1) + sort.SearchInts(s.newlines, offset)
}

// problem reports a finding once a line: both ends of a broken ** are one slip.
func (s *survey) problem(offset int, format string, args ...any) {
	var ps fault.Problems
	ps.Add(s.opts.File, s.line(offset), format, args...)
	if n := len(s.problems); n == 0 || s.problems[n-1] != ps[0] {
		s.problems = append(s.problems, ps[0])
	}
}

func (s *survey) document(root ast.Node) {
	for i, c := range s.src {
		if c == '\n' {
			s.newlines = append(s.newlines, i)
		}
	}
	s.doc.Sections = []Section{{}}
	_ = ast.Walk(root, s.visit) // visit returns no error
	s.closeSection()
	if s.doc.Sections[0].Text == "" {
		s.doc.Sections = s.doc.Sections[1:]
	}
	for _, section := range s.doc.Sections {
		s.doc.Runes += countHan(section.Heading.Text) + countHan(section.Text)
	}
	for _, f := range s.figures { // not during the walk, which follows siblings
		f.paragraph.Parent().ReplaceChild(f.paragraph.Parent(), f.paragraph, f)
	}
}

func (s *survey) visit(node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		s.leave(node)
		return ast.WalkContinue, nil
	}
	switch n := node.(type) {
	case *ast.Heading:
		s.heading(n)
	case *ast.Paragraph:
		if image, ok := n.FirstChild().(*ast.Image); ok && image.NextSibling() == nil {
			s.figure(n, image)
			return ast.WalkSkipChildren, nil
		}
	case *ast.Image:
		s.problem(n.Pos(), "图片要单独成段，前后各空一行")
		return ast.WalkSkipChildren, nil
	case *ast.Link:
		if _, _, ok := target(n.Destination); !ok {
			s.problem(n.Pos(), "链接 %q 不能用：只能链到站内地址或 https:// 开头的网址", n.Destination)
		}
	case *source:
		s.source(n)
	case *callout:
		s.callout(n)
	case *say:
		s.text.WriteString(n.speaker + "：")
	case *extast.Table:
		s.doc.Tables++
	case *ast.CodeSpan:
		s.text.WriteString(plain(n, s.src))
		return ast.WalkSkipChildren, nil
	case *ast.Text:
		s.prose(n)
	}
	return ast.WalkContinue, nil
}

func (s *survey) leave(node ast.Node) {
	if h, ok := node.(*ast.Heading); ok && id(h) != "" {
		s.text.Reset() // the heading's text is kept apart from its section's
	} else if node.Type() == ast.TypeBlock {
		s.text.WriteByte('\n')
	}
}

func (s *survey) heading(n *ast.Heading) {
	h := Heading{ID: id(n), Text: plain(n, s.src), Level: n.Level, Line: s.line(n.Pos())}
	s.checkHeading(n, h)
	s.doc.Headings = append(s.doc.Headings, h)
	if h.ID != "" {
		s.closeSection()
		s.doc.Sections = append(s.doc.Sections, Section{Heading: h})
	}
}

func (s *survey) checkHeading(n *ast.Heading, h Heading) {
	switch {
	case h.Text == "":
		s.problem(n.Pos(), "标题是空的")
	case h.ID == "" && strings.HasSuffix(h.Text, "}"):
		s.problem(n.Pos(), "标题末尾的标记写错了：只能写 {#id}，id 用小写英文字母开头，后面是字母、数字或 -")
	case h.ID == "" && h.Level == 2 && s.opts.RequireIDs:
		s.problem(n.Pos(), "二级标题“%s”缺少 {#id}，测验要靠它把学员带回这一段", h.Text)
	case h.ID != "" && slices.ContainsFunc(s.doc.Headings, func(o Heading) bool { return o.ID == h.ID }):
		s.problem(n.Pos(), "标题 id %q 用了两次", h.ID)
	}
	if !s.opts.RequireIDs {
		return
	}
	above := 1 // the page's own title
	if len(s.doc.Headings) > 0 {
		above = s.doc.Headings[len(s.doc.Headings)-1].Level
	}
	if h.Level == 1 {
		s.problem(n.Pos(), "正文的标题从 ## 开始，# 留给页面标题")
	} else if h.Level > above+1 {
		s.problem(n.Pos(), "标题“%s”跳了级：上一个是 %d 级，这里最多 %d 级", h.Text, above, above+1)
	}
}

func (s *survey) closeSection() {
	blocks := strings.FieldsFunc(s.text.String(), func(r rune) bool { return r == '\n' })
	s.doc.Sections[len(s.doc.Sections)-1].Text = strings.TrimSpace(strings.Join(blocks, "\n"))
	s.text.Reset()
}

func (s *survey) callout(n *callout) {
	s.doc.Callouts = append(s.doc.Callouts, n.kind)
	if _, known := calloutNames[n.kind]; !known {
		s.problem(n.FirstChild().Pos(), "没有 [!%s] 这种提示框，只有 %s", n.kind,
			strings.Join(slices.Sorted(maps.Keys(calloutNames)), " "))
	}
}

func (s *survey) source(n *source) {
	if s.opts.Fact != nil && !s.opts.Fact(n.id) {
		s.problem(n.Pos(), "出处 %s 不在事实清单里", n.id)
	}
	if _, ok := n.Parent().(*ast.Link); ok {
		s.problem(n.Pos(), "出处 %s 不能写在链接文字里", n.id)
	}
	if !slices.Contains(s.doc.Sources, n.id) {
		s.doc.Sources = append(s.doc.Sources, n.id)
	}
}

// htmlTag is what a tag looks like. Tags are shown as text, which no author wants.
var htmlTag = regexp.MustCompile(`<(?:/?[A-Za-z][A-Za-z0-9-]*[\s/>]|!--)`)

// prose keeps the words of a text and looks for Markdown that did not take.
func (s *survey) prose(n *ast.Text) {
	raw := n.Segment.Value(s.src)
	if bytes.Contains(raw, []byte("**")) {
		s.problem(n.Segment.Start, "加粗没有生效，页面上会看到 **：检查两个 ** 是否成对、里侧有没有空格")
	}
	if htmlTag.Match(raw) {
		s.problem(n.Segment.Start, "正文里不能写 HTML 标签，页面上会原样显示")
	}
	if almostSource.Match(s.src[max(n.Segment.Start-1, 0):n.Segment.Stop]) { // "[" ends the text before it
		s.problem(n.Segment.Start, "出处写法不对，要写成 [S4-035]，几条就写几个")
	}
	text := unescape(raw)
	s.text.WriteString(text)
	if last, _ := utf8.DecodeLastRuneInString(text); (n.SoftLineBreak() || n.HardLineBreak()) && !chinese(last) {
		s.text.WriteByte(' ')
	}
}

func id(h *ast.Heading) string {
	v, _ := h.AttributeString("id")
	b, _ := v.([]byte)
	return string(b)
}

// plain is the text of a node without its markup and source marks.
func plain(node ast.Node, src []byte) string {
	var b strings.Builder
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		switch {
		case !ok:
			b.WriteString(plain(c, src))
		case node.Kind() == ast.KindCodeSpan:
			b.Write(t.Segment.Value(src))
		default:
			b.WriteString(unescape(t.Segment.Value(src)))
		}
	}
	return strings.TrimSpace(b.String())
}

func unescape(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

func countHan(s string) (n int) {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			n++
		}
	}
	return n
}
