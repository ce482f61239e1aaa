package markdown

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark/util"
)

// target resolves a link destination the way a browser will read it and
// decides whether it may be followed: a place on this site, or https.
// Anything a browser would silently repair is refused.
func target(destination []byte) (href string, external, ok bool) {
	raw := util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(destination)))
	s := string(raw)
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return "", false, false
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", false, false
	}
	switch {
	case u.Scheme == "https" && u.Host != "" && u.User == nil:
		external = true
	case u.Scheme != "" || u.Host != "" || strings.HasPrefix(s, "//"):
		return "", false, false
	}
	return string(util.URLEscape(raw, false)), external, true
}
