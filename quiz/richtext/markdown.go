package richtext

import (
	"regexp"
	"slices"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/marker"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Markdown writes HTML as Markdown. lossy names each thing that was left behind,
// once: half a sentence in Chinese such as "图片“车头”". Anything may be given
// to it, a broken page or plain text; nothing in the answer can run.
func Markdown(source string) (text string, lossy []string) {
	roots, err := parse(source)
	if err != nil { // nested too deeply to be a text somebody wrote
		return words(source), []string{"嵌套过深的排版"}
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	for _, n := range roots {
		body.AppendChild(n)
	}
	if excessive(body) {
		return words(source), []string{"全部排版"}
	}
	s := simplifier{}
	s.simplify(body)
	out, err := toMarkdown().ConvertNode(body)
	if err != nil {
		return words(source), append(s.lossy, "全部排版")
	}
	return strings.TrimSpace(string(out)), s.lossy
}

// Line is Markdown for what has to fit on one line, such as an option.
func Line(source string) (text string, lossy []string) {
	text, lossy = Markdown(source)
	return strings.Join(strings.Fields(text), " "), lossy
}

func toMarkdown() *converter.Converter {
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(commonmark.WithListEndComment(false)),
		table.NewTablePlugin(),
	))
	c.Register.TextTransformer(keepAmpersand, converter.PriorityStandard-1)
	c.Register.TextTransformer(plainAngles, converter.PriorityStandard+1)
	for _, tag := range []string{"del", "s", "strike"} {
		c.Register.RendererFor(tag, converter.TagTypeInline, struck, converter.PriorityStandard)
	}
	c.Register.UnEscaper(doubleTilde, converter.PriorityStandard)
	c.Register.PostRenderer(keepSources, converter.PriorityLate)
	return c
}

// entity is an ampersand that Markdown would take for the start of a character's name.
var entity = regexp.MustCompile(`&(#[xX]?[0-9a-fA-F]+;|[a-zA-Z][a-zA-Z0-9]*;)`)

func keepAmpersand(_ converter.Context, text string) string {
	return strings.ReplaceAll(entity.ReplaceAllString(text, "&amp;$1"), "\u00a0", " ")
}

// plainAngles takes back the converter's care for < and >: HTML in our Markdown
// is text. Only a > that would begin a quotation stays as it is.
func plainAngles(_ converter.Context, text string) string {
	text = strings.ReplaceAll(text, "&lt;", "<")
	rest := strings.TrimPrefix(text, "&gt;")
	return text[:len(text)-len(rest)] + strings.ReplaceAll(rest, "&gt;", ">")
}

func struck(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	_, _ = w.WriteString("~~") // a buffer takes every write
	ctx.RenderChildNodes(ctx, w, n)
	_, _ = w.WriteString("~~")
	return converter.RenderSuccess
}

// doubleTilde keeps ~~ from striking out; a single ~ means from-to in Chinese.
func doubleTilde(text []byte, at int) int {
	if next := string(text[at+1 : min(len(text), at+3)]); text[at] == '~' && next == string(marker.MarkerEscaping)+"~" {
		return 1
	}
	return -1
}

// keepSources leaves the marks of facts, [S4-035], as banks write them.
func keepSources(_ converter.Context, text []byte) []byte {
	return escapedSource.ReplaceAll(text, []byte("$1"))
}

var escapedSource = regexp.MustCompile(`\\(\[S\d+-\d+\])`)

// simplifier turns what Markdown cannot say into what it can, and keeps a list.
type simplifier struct{ lossy []string }

// dropped are elements of which nothing can be kept, by what they are called.
var dropped = map[atom.Atom]string{
	atom.Video: "视频", atom.Audio: "音频", atom.Iframe: "嵌入的页面", atom.Object: "嵌入的对象", atom.Embed: "嵌入的对象",
	atom.Canvas: "画布", atom.Svg: "矢量图", atom.Script: "脚本", atom.Style: "样式表",
}

// plain are elements that keep their text only, by what is lost of them.
var plain = map[atom.Atom]string{
	atom.U: "下划线", atom.Sub: "下标", atom.Sup: "上标", atom.Math: "公式排版", atom.Mark: "底色", atom.Ruby: "注音",
	atom.Font: "字体", atom.Input: "输入框", atom.Select: "下拉框", atom.Textarea: "输入框", atom.Button: "按钮",
}

func (s *simplifier) simplify(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch name := dropped[c.DataAtom]; {
		case c.Type == html.TextNode:
		case c.Type != html.ElementNode:
			n.RemoveChild(c)
		case name != "":
			s.lose(name)
			n.RemoveChild(c)
		case c.DataAtom == atom.Img:
			s.picture(n, c)
		default:
			s.element(c)
		}
		c = next
	}
}

func (s *simplifier) element(n *html.Node) {
	if what := plain[n.DataAtom]; what != "" {
		s.lose(what)
		n.Data, n.DataAtom = "span", atom.Span
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6: // a heading would begin the next question
		strong := &html.Node{Type: html.ElementNode, Data: "strong", DataAtom: atom.Strong}
		for n.FirstChild != nil {
			c := n.FirstChild
			n.RemoveChild(c)
			strong.AppendChild(c)
		}
		n.AppendChild(strong)
		n.Data, n.DataAtom = "p", atom.P
	}
	s.simplify(n)
}

// picture leaves the words that stand for a picture in its place.
func (s *simplifier) picture(parent, img *html.Node) {
	alt := strings.TrimSpace(value(img, "alt"))
	s.lose("图片“" + alt + "”")
	if alt != "" {
		parent.InsertBefore(&html.Node{Type: html.TextNode, Data: "（图：" + alt + "）"}, img)
	}
	parent.RemoveChild(img)
}

func (s *simplifier) lose(what string) {
	if !slices.Contains(s.lossy, what) {
		s.lossy = append(s.lossy, what)
	}
}

// words is the text of HTML with its tags taken out.
func words(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}
