package ui

import (
	"strings"
	"testing"

	"qibu/internal/cert"
	"qibu/internal/i18n"
)

// A reason quotes titles, names and free text: they are escaped, and on an
// English page marked as Chinese; the sentence around them is not. Its days stay
// on one line.
func TestWhy(t *testing.T) {
	r := cert.Reason{Code: "revoked", Args: map[string]string{"day": "2026-03-02", "reason": "替考 <b>", "actor": "吴静"}}
	const day = `<span class="nowrap">2026-03-02</span>`
	for lang, want := range map[string]string{
		"zh": day + " 由吴静撤销，从当天起无效，原因：替考 &lt;b&gt;。",
		"en": i18n.For("en").T("why.revoked", "day", day,
			"reason", `<span lang="zh-CN">替考 &lt;b&gt;</span>`, "actor", `<span lang="zh-CN">吴静</span>`),
	} {
		var page strings.Builder
		if err := Why(r).Render(WithText(t.Context(), i18n.For(lang)), &page); err != nil {
			t.Fatal(err)
		}
		if page.String() != want {
			t.Errorf("%s: %s\nwant %s", lang, page.String(), want)
		}
	}
	if r.Args["actor"] != "吴静" {
		t.Error("showing a reason changed it")
	}
}
