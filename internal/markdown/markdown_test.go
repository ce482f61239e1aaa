package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
)

const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4" role="img"><title>车</title><path d="M0 0L4 4" class="ink-stroke"/></svg>`

// author is how course modules are rendered.
var author = Options{
	File:       "m.md",
	RequireIDs: true,
	Image:      func(path string) (string, bool) { return drawing, path == "img/car.svg" },
	Fact:       func(id string) bool { return id == "S4-035" || id == "S4-036" },
}

func lines(s ...string) string { return strings.Join(s, "\n") + "\n" }

func messages(ps fault.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.String())
	}
	return out
}

func TestRender(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"line break inside Chinese is no space", lines("先看车，", "再问人。"), lines("<p>先看车，再问人。</p>")},
		{"line break inside English is one", lines("walk", "around"), lines("<p>walk", "around</p>")},
		{"dashes under a paragraph are a rule, not a heading", lines("一段话", "---"), lines("<p>一段话</p>", "<hr>")},
		{"indented text is no code", lines("", "    缩进的一段"), lines("<p>缩进的一段</p>")},
		{"heading with id", lines("## 车还没停稳 {#first-look}"), lines(`<h2 id="first-look" data-heading="">车还没停稳</h2>`)},
		{"deeper heading with id", lines("## 甲 {#a}", "### 乙 {#b}"), lines(`<h2 id="a" data-heading="">甲</h2>`, `<h3 id="b">乙</h3>`)},
		{"heading closed with hashes", lines("## 甲 {#a} ##"), lines(`<h2 id="a" data-heading="">甲</h2>`)},
		{"emphasis in a heading", lines("## 先**看：**再问 {#a}"), lines(`<h2 id="a" data-heading="">先<strong>看：</strong>再问</h2>`)},
		{"source mark", lines("铺三件套[S4-035]。"),
			lines(`<p>铺三件套<a class="src" href="/sources/S4-035" data-source="S4-035" aria-label="出处 S4-035">S4-035</a>。</p>`)},
		{"source mark in code is code", lines("`[S4-035]`"), lines("<p><code>[S4-035]</code></p>")},
		{"link on the site", lines("[复习](/courses/a/b#c)"), lines(`<p><a href="/courses/a/b#c">复习</a></p>`)},
		{"link on the page", lines("[上面](#c)"), lines(`<p><a href="#c">上面</a></p>`)},
		{"link outside", lines("[外面](https://example.com/?a=1&b=2)"),
			lines(`<p><a href="https://example.com/?a=1&amp;b=2" rel="noopener">外面</a></p>`)},
		{"figure", lines(`![一辆车](img/car.svg)`),
			lines(`<figure class="figure"><svg viewBox="0 0 4 4" role="img" aria-label="一辆车"><title>车</title><path d="M0 0L4 4" class="ink-stroke"></path></svg></figure>`)},
		{"figure with caption", lines(`![一"辆"车](img/car.svg "图 1 <车>")`),
			lines(`<figure class="figure"><svg viewBox="0 0 4 4" role="img" aria-label="一&#34;辆&#34;车"><title>车</title><path d="M0 0L4 4" class="ink-stroke"></path></svg><figcaption>图 1 &lt;车&gt;</figcaption></figure>`)},
		{"table", lines("| 项目 | 分 |", "|---|--:|", "| 甲 | 1 |"), lines(
			`<div class="table-scroll" tabindex="0" role="region" aria-label="表格：项目、分">`,
			"<table>", "<thead>", "<tr>", "<th>项目</th>", `<th align="right">分</th>`, "</tr>", "</thead>",
			"<tbody>", "<tr>", "<td>甲</td>", `<td align="right">1</td>`, "</tr>", "</tbody>", "</table></div>")},
		{"tasks", lines("- [ ] 铺套", "- [x] 看表"), lines("<ul>",
			`<li><span class="box" aria-hidden="true">☐</span> 铺套</li>`,
			`<li><span class="box" aria-hidden="true">☑</span> 看表</li>`, "</ul>")},
		{"quotation", lines("> 修一辆，交一个朋友。"), lines("<blockquote>", "<p>修一辆，交一个朋友。</p>", "</blockquote>")},
		{"callout", lines("> [!PITFALL]", "> 把服务当修车。"), lines(
			`<aside class="callout pitfall" role="note" aria-label="误区">`,
			`<p class="callout-title"><b>误区</b></p>`, "<p>把服务当修车。</p>", "</aside>")},
		{"callout with title and no body", lines("> [!SUPPLEMENT] 源材料没有**细目**，以下为补充"), lines(
			`<aside class="callout supplement" role="note" aria-label="补充 源材料没有细目，以下为补充">`,
			`<p class="callout-title"><b>补充</b> 源材料没有<strong>细目</strong>，以下为补充</p>`, "</aside>")},
		{"callout ends at the blank line", lines("> [!TRY]", "> 想。", "", "后面。"), lines(
			`<aside class="callout try" role="note" aria-label="想一想">`,
			`<p class="callout-title"><b>想一想</b></p>`, "<p>想。</p>", "</aside>", "<p>后面。</p>")},
		{"dialogue", lines("> [!DIALOGUE] 做得好", "> 顾问：王先生，**您好：**我先看车[S4-035]。  ", "> 客户: 好。", "> 快一点。", ">", "> （他看表。）", "> 车间主管：来了。"), lines(
			`<aside class="callout dialogue" role="note" aria-label="对话 做得好">`,
			`<p class="callout-title"><b>对话</b> 做得好</p>`,
			`<p class="say advisor"><b>顾问</b>王先生，<strong>您好：</strong>我先看车<a class="src" href="/sources/S4-035" data-source="S4-035" aria-label="出处 S4-035">S4-035</a>。</p>`,
			`<p class="say customer"><b>客户</b>好。快一点。</p>`,
			`<p>（他看表。）</p>`,
			`<p class="say other"><b>车间主管</b>来了。</p>`, "</aside>")},
		{"a speaker outside a dialogue is text", lines("> [!TRY]", "> 顾问：您好"), lines(
			`<aside class="callout try" role="note" aria-label="想一想">`,
			`<p class="callout-title"><b>想一想</b></p>`, "<p>顾问：您好</p>", "</aside>")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, ps := Render([]byte(tt.in), author)
			if len(ps) > 0 {
				t.Errorf("problems: %v", ps)
			}
			if diff := cmp.Diff(tt.want, doc.HTML); diff != "" {
				t.Errorf("HTML (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDocument(t *testing.T) {
	o := author
	o.FirstLine = 9
	doc, ps := Render([]byte(lines(
		"开场白[S4-036]。", // 9
		"",
		"## 第一眼`NPS` {#first}", // 11
		"看车[S4-035]和人[S4-036]。",
		"walk",
		"around",
		"",
		"### 小标题", // 16
		"> [!TRY] 试试",
		"> 你先看哪里？",
		"",
		"## 第二眼 {#second}", // 20
		"| 甲 | 乙 |",
		"|---|---|",
		"| 一 | 二 |",
		"",
		"![一辆车](img/car.svg)",
		"",
		"```",
		"不算字数",
		"```",
	)), o)
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	first := Heading{ID: "first", Text: "第一眼NPS", Level: 2, Line: 11}
	second := Heading{ID: "second", Text: "第二眼", Level: 2, Line: 20}
	doc.HTML = ""
	want := Document{
		Headings: []Heading{first, {Text: "小标题", Level: 3, Line: 16}, second},
		Sections: []Section{
			{Text: "开场白。"},
			{Heading: first, Text: "看车和人。walk around\n小标题\n试试\n你先看哪里？"},
			{Heading: second, Text: "甲\n乙\n一\n二"},
		},
		Sources:  []string{"S4-036", "S4-035"},
		Images:   []string{"img/car.svg"},
		Callouts: []string{"TRY"},
		Tables:   1,
		Runes:    3 + 3 + 4 + 3 + 2 + 5 + 3 + 4,
	}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

func TestProblems(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"bold left literal, once a line", lines("好", "", "**坏 **了"), []string{"m.md:3: 加粗没有生效，页面上会看到 **：检查两个 ** 是否成对、里侧有没有空格"}},
		{"bold left literal in a list and in a table", lines("- 甲", "- **坏", "", "| 甲 |", "|---|", "| **坏 |"), []string{
			"m.md:2: 加粗没有生效，页面上会看到 **：检查两个 ** 是否成对、里侧有没有空格",
			"m.md:6: 加粗没有生效，页面上会看到 **：检查两个 ** 是否成对、里侧有没有空格"}},
		{"code and escapes may show asterisks", lines("`**` 和 \\*\\*", "", "```", "**x", "```"), nil},
		{"HTML", lines("好", "<b>粗</b>"), []string{"m.md:2: 正文里不能写 HTML 标签，页面上会原样显示"}},
		{"less than is no tag", lines("3 < 5，a<b"), nil},
		{"unknown fact", lines("甲[S4-035]", "乙[S9-999]"), []string{"m.md:2: 出处 S9-999 不在事实清单里"}},
		{"misspelt source marks", lines("甲[S4-35]", "", "乙[S4-035、S4-036]", "", "丙【S4-035】"), []string{
			"m.md:1: 出处写法不对，要写成 [S4-035]，几条就写几个",
			"m.md:3: 出处写法不对，要写成 [S4-035]，几条就写几个",
			"m.md:5: 出处写法不对，要写成 [S4-035]，几条就写几个"}},
		{"source mark in a link", lines("[看[S4-035]](/a)"), []string{"m.md:1: 出处 S4-035 不能写在链接文字里"}},
		{"links", lines("[甲](http://a.com)", "", "[乙](mailto:a@b.c)"), []string{
			`m.md:1: 链接 "http://a.com" 不能用：只能链到站内地址或 https:// 开头的网址`,
			`m.md:3: 链接 "mailto:a@b.c" 不能用：只能链到站内地址或 https:// 开头的网址`}},
		{"heading without id", lines("## 车还没停稳"), []string{"m.md:1: 二级标题“车还没停稳”缺少 {#id}，测验要靠它把学员带回这一段"}},
		{"heading id in Chinese", lines("## 车 {#车}"), []string{"m.md:1: 标题末尾的标记写错了：只能写 {#id}，id 用小写英文字母开头，后面是字母、数字或 -"}},
		{"heading with more than an id", lines("## 车 {#car .big onclick=x}"), []string{"m.md:1: 标题末尾的标记写错了：只能写 {#id}，id 用小写英文字母开头，后面是字母、数字或 -"}},
		{"heading id twice", lines("## 甲 {#a}", "## 乙 {#a}"), []string{`m.md:2: 标题 id "a" 用了两次`}},
		{"empty heading", lines("## {#a}"), []string{"m.md:1: 标题是空的"}},
		{"page title in the text", lines("# 题目"), []string{"m.md:1: 正文的标题从 ## 开始，# 留给页面标题"}},
		{"level skipped", lines("## 甲 {#a}", "#### 乙"), []string{"m.md:2: 标题“乙”跳了级：上一个是 2 级，这里最多 3 级"}},
		{"unknown callout", lines("", "> [!NOTE] 看"), []string{"m.md:2: 没有 [!NOTE] 这种提示框，只有 CHECKLIST DIALOGUE PITFALL SOURCE SUPPLEMENT TRY"}},
		{"image missing", lines("![车](img/none.svg)"), []string{"m.md:1: 找不到图 img/none.svg"}},
		{"image without text", lines("![](img/car.svg)"), []string{"m.md:1: 图 img/car.svg 没有替代文字：![图上说了什么](img/car.svg)"}},
		{"image inside a sentence", lines("看", "![车](img/car.svg) 这里"), []string{"m.md:2: 图片要单独成段，前后各空一行"}},
		{"not UTF-8", "\xd6\xd0\xce\xc4", []string{"m.md:1: 文件不是 UTF-8 编码"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, ps := Render([]byte(tt.in), author)
			if diff := cmp.Diff(tt.want, messages(ps)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblemLinesCountFromFirstLine(t *testing.T) {
	o := author
	o.FirstLine = 20
	_, ps := Render([]byte(lines("甲", "", "> [!TRY]", "> 乙[S9-999]")), o)
	if diff := cmp.Diff([]string{"m.md:23: 出处 S9-999 不在事实清单里"}, messages(ps)); diff != "" {
		t.Error(diff)
	}
}

func TestImagesNeedPermission(t *testing.T) {
	doc, ps := Render([]byte("![一辆车](img/car.svg)"), Options{File: "q.md"})
	if diff := cmp.Diff([]string{"q.md:1: 这里不能放图"}, messages(ps)); diff != "" {
		t.Error(diff)
	}
	if want := "<p>一辆车</p>\n"; doc.HTML != want {
		t.Errorf("HTML = %q, want the alternative text %q", doc.HTML, want)
	}
}

func TestInline(t *testing.T) {
	tests := []struct{ in, want string }{
		{"  当着客户的面铺  三件套[S4-035] ", "当着客户的面铺 三件套"},
		{"1. 铺套", "1. 铺套"},
		{"# 标题", "# 标题"},
		{"> [!TRY] x", "&gt; [!TRY] x"},
		{"a\n\nb", "a b"},
		{"用`NPS`算", "用<code>NPS</code>算"},
		{"[看](/a)", `<a href="/a">看</a>`},
		{"![车](x.svg)", "车"},
		{"<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Inline(tt.in); got != tt.want {
			t.Errorf("Inline(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
