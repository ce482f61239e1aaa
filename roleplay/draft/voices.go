package draft

import (
	"regexp"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// voiced is a line as plays write it: 王先生（急）：……
var voiced = regexp.MustCompile(`^([\p{L}\p{N}·.' ]{1,16}?) ?(?:[（(][^（()）]{1,20}[）)])? ?[：:] ?\S`)

// kept are the words a 剧本 keeps for itself at the start of a line.
var kept = []string{"旁白", "我", "资料", "条件", "点评", "依据", "红线", "专家", "限时"}

const maxCast = 12

// voices finds out who there is. Whoever is heard twice is in the cast, the
// first of them the customer.
func (s *Story) voices() {
	heard, order := map[string]int{}, []string{}
	eachLine(&s.sc, func(l *roleplay.Line) {
		m := voiced.FindStringSubmatch(l.Text)
		if m == nil {
			return
		}
		who := name(m[1])
		if heard[who]++; heard[who] == 2 && !slices.Contains(kept, who) && len(order) < maxCast {
			order = append(order, who)
		}
	})
	if i := slices.Index(order, customer); i > 0 {
		order[0], order[i] = order[i], order[0]
	}
	for i, who := range order {
		if i == 0 {
			s.sc.Cast[0].Name = who
			continue
		}
		s.sc.Cast = append(s.sc.Cast, roleplay.Character{Label: who, Name: who})
	}
}

// voice gives a line to who says it; everything else is told.
func (s *Story) voice(l *roleplay.Line) {
	head, text, ok := cut(l.Text, "：:")
	who, expression, _ := cut(strings.TrimRight(head, "）) "), "（(")
	if !ok || text == "" || l.Kind != stage.KindStage {
		return
	}
	who = name(who)
	switch i := slices.IndexFunc(s.sc.Cast, func(c roleplay.Character) bool { return name(c.Name) == who || c.Label == who }); {
	case i == 0:
		l.Kind, l.Who = stage.KindCustomer, s.sc.Cast[0].Name
	case i > 0:
		l.Kind, l.Who = stage.KindOther, s.sc.Cast[i].Name
	case who == "我":
		l.Kind = stage.KindMe
	case who != "旁白":
		return
	}
	l.Expression, l.Text = expression, text
}

// cut splits s at the first of the signs.
func cut(s, signs string) (before, after string, found bool) {
	i := strings.IndexAny(s, signs)
	if i < 0 {
		return s, "", false
	}
	_, after, _ = strings.Cut(s[i:], string([]rune(s[i:])[:1]))
	return strings.TrimSpace(s[:i]), strings.TrimSpace(after), true
}
