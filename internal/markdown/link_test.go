package markdown

import "testing"

func TestTarget(t *testing.T) {
	allowed := []struct {
		in, href string
		external bool
	}{
		{"/courses/a/b#c", "/courses/a/b#c", false},
		{"#c", "#c", false},
		{"b?x=1", "b?x=1", false},
		{"/搜索", "/%E6%90%9C%E7%B4%A2", false},
		{"https://example.com/", "https://example.com/", true},
		{"HTTPS://example.com/", "HTTPS://example.com/", true},
		{"https://example.com/?a=1&amp;b=%20", "https://example.com/?a=1&b=%20", true},
		{`/a\_b`, "/a_b", false},
	}
	for _, tt := range allowed {
		href, external, ok := target([]byte(tt.in))
		if !ok || href != tt.href || external != tt.external {
			t.Errorf("target(%q) = %q, %v, %v; want %q, %v", tt.in, href, external, ok, tt.href, tt.external)
		}
	}
	for _, in := range []string{
		"", "http://example.com", "ftp://example.com", "mailto:a@b.c", "tel:110",
		"javascript:alert(1)", "JAVASCRIPT:alert(1)", "javascript&colon;alert(1)", "&#106;avascript:alert(1)",
		"\x01javascript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java&#10;script:alert(1)",
		"/a b", "/a\x7f", "//example.com", "/&bsol;example.com", `\example`, "https:example.com", "https://",
		"https://user@example.com", "https://user:word@example.com", "%zz", ":", "data:text/html,x",
	} {
		if href, _, ok := target([]byte(in)); ok {
			t.Errorf("target(%q) = %q, want it refused", in, href)
		}
	}
}
