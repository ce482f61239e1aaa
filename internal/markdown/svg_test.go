package markdown

import (
	"strings"
	"testing"
)

func TestCheckSVG(t *testing.T) {
	if err := CheckSVG(drawing); err != nil {
		t.Fatalf("a good drawing: %v", err)
	}
	if err := CheckSVG("<?xml version=\"1.0\"?>\n<!-- 说明 -->\n" + drawing + "\n"); err != nil {
		t.Fatalf("a good drawing with prolog: %v", err)
	}
	// Each case puts one bad thing into the good drawing.
	tests := []struct{ name, old, new, want string }{
		{"script", "<path", "<script>alert(1)</script><path", "<script>"},
		{"style element", "<path", "<style>*{}</style><path", "<style>"},
		{"foreign object", "<path", "<foreignObject/><path", "<foreignObject>"},
		{"use", "<path", `<use href="#a"/><path`, "<use>"},
		{"image", "<path", `<image href="https://evil.example/x.png"/><path`, "<image>"},
		{"link", "<path", `<a href="javascript:alert(1)"/><path`, "<a>"},
		{"animation", "<path", `<animate attributeName="x"/><path`, "<animate>"},
		{"nested svg", "<path", `<svg/><path`, "<svg>"},
		{"other namespace", "<path", `<path xmlns="http://www.w3.org/1999/xhtml"/><path`, "<path>"},
		{"event handler", "<path", `<path onclick="alert(1)"`, "onclick"},
		{"event handler on the root", "<svg", `<svg onload="alert(1)"`, "onload"},
		{"style attribute", "<path", `<path style="fill:red"`, "style"},
		{"id", "<path", `<path id="a"`, "id"},
		{"namespaced attribute", "<svg", `<svg xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#a"`, "href"},
		{"attribute of another namespace", "<path", `<path xmlns:x="urn:x" x:class="a"`, "class"},
		{"reference in an attribute", "<path", `<path transform="url(https://evil.example)"`, "transform"},
		{"hard-coded colour", "<path", `<path fill="#ff0000"`, "fill"},
		{"paint server", "<path", `<path stroke="url(#a)"`, "stroke"},
		{"no role", ` role="img"`, "", "role"},
		{"other role", `role="img"`, `role="button"`, "role"},
		{"no viewBox", ` viewBox="0 0 4 4"`, "", "viewBox"},
		{"no title", "<title>车</title>", "", "<title>"},
		{"title in a group only", "<title>车</title>", "<g><title>车</title></g>", "<title>"},
		{"doctype with entities", "<svg", `<!DOCTYPE svg [<!ENTITY a "b">]><svg`, "<!…>"},
		{"undefined entity", "车", "&a;", "XML"},
		{"not closed", "</svg>", "", "XML"},
		{"not SVG", drawing, "<html/>", "<html>"},
		{"empty", drawing, "", "<title>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bad := strings.Replace(drawing, tt.old, tt.new, 1)
			if err := CheckSVG(bad); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("CheckSVG(%s) = %v, want an error about %s", bad, err, tt.want)
			}
		})
	}
}

// An HTML parser ends comments and CDATA elsewhere than an XML parser does.
func TestSVGParserDifferences(t *testing.T) {
	for _, inner := range []string{
		`<!--><script>alert(1)</script>-->`,
		`<![CDATA[<script>alert(1)</script>]]>`,
		`<desc><![CDATA[</desc><script>alert(1)</script>]]></desc>`,
		`<text>&lt;script&gt;alert(1)&lt;/script&gt;</text>`,
		`<?x ><script>alert(1)</script>?>`,
		`<path class="&quot;&gt;&lt;script&gt;"/>`,
	} {
		svg := strings.Replace(drawing, "<path", inner+"<path", 1)
		doc, _ := Render([]byte("![车](a.svg)"), Options{Image: func(string) (string, bool) { return svg, true }})
		assertSafe(t, doc.HTML)
	}
}
