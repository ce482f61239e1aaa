package markdown

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What rendered Markdown may consist of, as a browser's parser sees it.
var (
	safeElements = set(`p h1 h2 h3 h4 h5 h6 ul ol li a strong em del b code pre blockquote aside
		div span table thead tbody tr th td figure figcaption hr br
		svg g title desc path rect circle ellipse line polyline polygon text tspan`)
	safeAttributes = set(`href rel class id role align start tabindex aria-label aria-hidden data-source data-heading
		viewbox preserveaspectratio transform x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height
		fill stroke stroke-width font-size text-anchor`)
)

// assertSafe fails the test when a browser could be made to run, load or style
// anything by the HTML fragment.
func assertSafe(t *testing.T, fragment string) {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), body)
	if err != nil {
		t.Fatalf("parse %q: %v", fragment, err)
	}
	for _, top := range nodes {
		for n := range all(top) {
			if n.Type == html.TextNode {
				continue
			}
			if n.Type != html.ElementNode || !safeElements[n.Data] {
				t.Errorf("node %q in %q", n.Data, fragment)
			}
			for _, a := range n.Attr {
				if !safeAttributes[strings.ToLower(a.Key)] {
					t.Errorf("attribute %s=%q in %q", a.Key, a.Val, fragment)
				}
				if a.Key == "href" {
					assertSafeURL(t, a.Val)
				}
			}
		}
	}
}

func all(n *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		if !yield(n) {
			return
		}
		for d := range n.Descendants() {
			if !yield(d) {
				return
			}
		}
	}
}

func assertSafeURL(t *testing.T, href string) {
	t.Helper()
	u, err := url.Parse(href)
	if err != nil || strings.ContainsAny(href, "\\\t\r\n ") || strings.HasPrefix(href, "//") {
		t.Errorf("href %q: %v", href, err)
		return
	}
	if !(u.Scheme == "https" || u.Scheme == "" && u.Host == "") {
		t.Errorf("href %q leaves the site unsafely", href)
	}
}

// hostile is what people try. Every line must come out harmless.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<ScRiPt>alert(1)</sCrIpT>`,
	`<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<svg><script>alert(1)</script></svg>`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<a href="javascript:alert(1)">x</a>`,
	`<div style="background:url(javascript:alert(1))">`,
	`<style>@import 'x'</style>`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv="refresh" content="0;url=https://evil.example">`,
	`<form action="https://evil.example"><input name=p></form>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
	`<!-- --><script>alert(1)</script>`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<?php echo 1 ?>`,
	`[x](javascript:alert(1))`,
	`[x](JaVaScRiPt:alert(1))`,
	`[x](javascript&colon;alert(1))`,
	`[x](&#106;avascript:alert(1))`,
	`[x](&#x6A;avascript:alert(1))`,
	`[x](java&Tab;script:alert(1))`,
	`[x](java&#10;script:alert(1))`,
	"[x](<java\tscript:alert(1)>)",
	`[x](\javascript:alert(1))`,
	`[x]( javascript:alert(1))`,
	`[x](&#1;javascript:alert(1))`,
	`[x](vbscript:msgbox(1))`,
	`[x](data:text/html,<script>alert(1)</script>)`,
	`[x](data:text/html;base64,PHNjcmlwdD4=)`,
	`[x](file:///etc/passwd)`,
	`[x](blob:https://a/b)`,
	`[x](//evil.example)`,
	`[x](/\evil.example)`,
	`[x](\\evil.example)`,
	`[x](http://evil.example)`,
	`[x](https:evil.example)`,
	`[x](https://user@evil.example)`,
	`[x](/a" onmouseover="alert(1))`,
	`[x](/a "title\" onmouseover=\"alert(1)")`,
	`[x](/a 'title" onmouseover="alert(1)')`,
	`![x](javascript:alert(1))`,
	`![x" onerror="alert(1)](img/car.svg)`,
	`![<script>alert(1)</script>](img/car.svg "<script>alert(1)</script>")`,
	`![x](data:image/svg+xml;base64,PHN2Zz4=)`,
	`[x]: javascript:alert(1)`,
	"[x][y]\n\n[y]: javascript:alert(1)",
	`<javascript:alert(1)>`,
	`<https://a.example/"onclick=alert(1)>`,
	`## x {onclick=alert(1)}`,
	`## x {#a onclick=alert(1)}`,
	`## x {#a" onclick="alert(1)}`,
	`## x {style="background:red"}`,
	`## <script>alert(1)</script> {#a}`,
	"```\"><script>alert(1)</script>\nx\n```",
	"```js\" onclick=\"alert(1)\nx\n```",
	"`<script>alert(1)</script>`",
	`> [!TRY] <script>alert(1)</script>`,
	`> [!<script>] x`,
	`> [!TRY" onclick="alert(1)] x`,
	"> [!DIALOGUE]\n> <b onclick=x>：hi\n> 顾问：<script>alert(1)</script>",
	"| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
	"| x\" onclick=\"alert(1) |\n|---|\n| y |",
	`[S4-035" onclick="alert(1)]`,
	`[S4-035](javascript:alert(1))`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`,
	`&#60;script&#62;alert(1)&#60;/script&#62;`,
	"\x00<script>alert(1)</script>",
	"<scr\x00ipt>alert(1)</scr\x00ipt>",
	"\xff<script>alert(1)</script>",
	`**<script>**alert(1)**</script>**`,
	`- [ ] <script>alert(1)</script>`,
	`1. <script>alert(1)</script>`,
}

func TestHostileMarkdownIsHarmless(t *testing.T) {
	for _, in := range hostile {
		doc, _ := Render([]byte(in), author)
		assertSafe(t, doc.HTML)
		assertSafe(t, Inline(in))
	}
}

func FuzzRender(f *testing.F) {
	for _, in := range hostile {
		f.Add(in)
	}
	f.Add(lines("## 车 {#a}", "> [!DIALOGUE] 好", "> 顾问：您好[S4-035]", "", "| 甲 |", "|---|", "| **乙：**丙 |", "", "![车](img/car.svg)"))
	f.Fuzz(func(t *testing.T, in string) {
		doc, ps := Render([]byte(in), author)
		assertSafe(t, doc.HTML)
		assertSafe(t, Inline(in))
		for _, p := range ps {
			if p.Line < 1 || p.Line > strings.Count(in, "\n")+1 {
				t.Errorf("problem outside the file: %v", p)
			}
		}
	})
}
