package draft

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// oneLine puts a text on one line, with single spaces and without what cannot
// be seen.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != joiner:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))), " ")
}

const joiner = '\u200d' // holds the parts of an emoji together

// syntax are the signs a 剧本 keeps for itself, and what stands for them in
// speech that was written elsewhere.
var syntax = strings.NewReplacer(
	"【", "〔", "】", "〕", "[", "〔", "]", "〕", "［", "〔", "］", "〕",
	"→", "⇒", "->", "⇒", "－>", "⇒", "-＞", "⇒", "－＞", "⇒",
)

// speech makes a text fit to be said.
func speech(s string) string { return oneLine(syntax.Replace(oneLine(s))) }

const longestName = 32 // runes, so that a number fits behind

// name makes a name that a 剧本 takes out of any text: letters, digits and
// few signs. Nothing left of it gives "".
func name(s string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.Nd, unicode.M) || strings.ContainsRune("·-_'’《》“”「」！？。…&%+*@.!?", r) {
			return r
		}
		return ' '
	}, norm.NFKC.String(s))
	runes := []rune(oneLine(kept))
	return strings.TrimSpace(string(runes[:min(len(runes), longestName)]))
}

// word is a name that is not cut short or changed anywhere.
var word = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_]{0,31}$`)

// keywords cannot be names of scenes.
var keywords = []string{"返回", "调用", "试演"}

// unique makes a name that has not been taken: 开场, 开场·2, 开场·3.
func (s *Story) unique(wanted string) string {
	base := name(wanted)
	if base == "" {
		base = "场景"
	}
	for _, k := range keywords {
		if strings.HasPrefix(base, k) {
			base = "“" + base + "”"
		}
	}
	for {
		s.names[base]++
		n := s.names[base]
		if n == 1 {
			return base
		}
		if numbered := base + "·" + strconv.Itoa(n); s.names[numbered] == 0 {
			s.names[numbered]++
			return numbered
		}
	}
}

// utterance makes a text fit for an option.
func utterance(s string) string {
	s = speech(s)
	for _, mark := range []string{"（可重复）", "(可重复)"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, mark))
	}
	if s == "" {
		return "……"
	}
	return s
}
