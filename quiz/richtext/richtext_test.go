package richtext

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestMarkdown(t *testing.T) {
	for _, c := range []struct {
		html, want string
		lossy      []string
	}{
		{"<p>先铺</p><p>后查</p>", "先铺\n\n后查", nil},
		{"<p><strong>注意：</strong>当着<em>客户</em>的面</p>", "**注意：**当着*客户*的面", nil},
		{"<ul><li>一<li>二</ul><ol><li>三<li>四</ol>", "- 一\n- 二\n\n1. 三\n2. 四", nil},
		{"<table><tr><th>a<th>b</tr><tr><td>1|2<td>3</table>", "| a    | b |\n|------|---|\n| 1\\|2 | 3 |", nil},
		{"<pre><code>x &lt; y\n z</code></pre>", "```\nx < y\n z\n```", nil},
		{"3~5 天，<del>六天</del>，~~七天~~", "3~5 天，~~六天~~，\\~~七天\\~~", nil},
		{"5&gt;3，a &lt; b", "5>3，a < b", nil},
		{"&gt; 不是引用", "&gt; 不是引用", nil},
		{"C&amp;A &amp;copy; a&nbsp;b", "C&A &amp;copy; a b", nil},
		{"1. 不是*列表*", "1\\. 不是\\*列表*", nil},
		{"课件这么说[S4-035]", "课件这么说[S4-035]", nil},
		{"<h2>题</h2>x", "**题**\n\nx", nil},
		{"H<sub>2</sub>O <u>一</u><u>二</u><img src='a.png' alt='车头'>", "H2O 一二（图：车头）", []string{"下标", "下划线", "图片“车头”"}},
		{"看<video src='x'></video>完<script>alert(1)</script>", "看完", []string{"视频", "脚本"}},
		{"", "", nil},
		{"<p>没有关上<b>的", "没有关上**的**", nil},
		{strings.Repeat("<div>", 1000) + "深", "深", []string{"嵌套过深的排版"}},
	} {
		got, lossy := Markdown(c.html)
		if got != c.want || !slices.Equal(lossy, c.lossy) {
			t.Errorf("%.80s\ngot  %q %q\nwant %q %q", c.html, got, lossy, c.want, c.lossy)
		}
	}
}

func TestLine(t *testing.T) {
	if got, _ := Line("<p>先铺</p>\n<p>后查</p>"); got != "先铺 后查" {
		t.Error(got)
	}
}

func TestXHTML(t *testing.T) {
	for _, c := range []struct{ markdown, want string }{
		{"**注意：**先铺[S4-035]", "<p><strong>注意：</strong>先铺[S4-035]</p>"},
		{"一  \n二", "<p>一<br/>\n二</p>"},
		{"> [!PITFALL] 别急\n> 等他说完", "<blockquote>\n<p><b>误区</b> 别急</p>\n<p>等他说完</p>\n</blockquote>"},
		{"[页](https://a.cn/?x=1&y=2) <b>不是标签</b>", `<p><a href="https://a.cn/?x=1&amp;y=2">页</a> &lt;b&gt;不是标签&lt;/b&gt;</p>`},
		{"| 甲 |\n|---|\n| 乙 |", "<table>\n<thead>\n<tr>\n<th>甲</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>乙</td>\n</tr>\n</tbody>\n</table>"},
		{"![车头](img/car.svg)", "<p>车头</p>"},
	} {
		if got := XHTML(c.markdown); got != c.want {
			t.Errorf("%q\ngot  %s\nwant %s", c.markdown, got, c.want)
		}
	}
	if got := Inline("1. **先**铺 & 后查"); got != "1. <strong>先</strong>铺 &amp; 后查" {
		t.Error(got)
	}
}

// Whatever comes in, both ways end, and what goes out is XML.
func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{
		"<p><strong>注意：</strong>当着<em>客户</em>的面</p>", "<ul><li>一<li>二<ol><li>三</ol></ul>", "a &lt; b &amp;lt; *x* [y](z) `c`",
		"<table><tr><td>1|2<td>3</table>", "<pre>x\n\ny</pre><blockquote>q<br>r</blockquote>", "<a href='javascript:x'>y</a><del>~</del>", "\a\uf002",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 1<<14 {
			return
		}
		text, _ := Markdown(source)
		for _, xhtml := range []string{XHTML(text), Inline(text)} {
			checkXML(t, xhtml)
		}
	})
}

func checkXML(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<div>" + text + "</div>"))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in %q", err, text)
		}
	}
}
