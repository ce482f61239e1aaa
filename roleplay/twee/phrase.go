package twee

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// The variables of an export: meters, options that were chosen, scenes that were left.
func meter(i int) string   { return "$m" + strconv.Itoa(i+1) }
func choice(id int) string { return "$o" + strconv.Itoa(id+1) }
func leaving(i int) string { return "$v" + strconv.Itoa(i+1) }

func either(of []string) string { return "(" + strings.Join(of, " or ") + ")" }

// fresh is the condition that none of a hub's options has been chosen.
func fresh(once []string) string { return "not " + either(once) }

func chosenOf(options []roleplay.Option) []string {
	var all []string
	for k := range options {
		all = append(all, choice(options[k].ID))
	}
	return all
}

func (e *exporter) effects(effects []roleplay.Effect) []string {
	var set []string
	for _, f := range effects {
		sign := "+"
		if f.By < 0 {
			sign = "-"
		}
		m := meter(f.Meter)
		set = append(set, fmt.Sprintf("%s to Math.clamp(%s %s %d, 0, 100)", m, m, sign, max(f.By, -f.By)))
	}
	return set
}

// beats writes what is said.
func (e *exporter) beats(scene int, beats []roleplay.Beat) {
	for _, b := range beats {
		var line strings.Builder
		for k, l := range b {
			word := "elseif"
			if k == 0 {
				word = "if"
			}
			if l.When != nil {
				fmt.Fprintf(&line, "<<%s %s>>", word, e.condition(*l.When, scene))
			} else if k > 0 {
				line.WriteString("<<else>>")
			}
			line.WriteString(e.line(l))
		}
		if b[0].When != nil {
			line.WriteString("<</if>>")
		}
		e.put("%s", line.String())
	}
}

func (e *exporter) line(l roleplay.Line) string {
	who := l.Who
	switch {
	case l.Kind == stage.KindMe:
		who = "我"
	case l.Kind == stage.KindStage && strings.ContainsAny(l.Text, "：:"):
		who = "旁白"
	case l.Kind == stage.KindStage:
		return quote(l.Text)
	}
	if l.Expression != "" {
		who += "（" + l.Expression + "）"
	}
	return quote(who + "：" + l.Text)
}

// marked finds what SugarCube would take for markup.
var marked = regexp.MustCompile("[\\[<$&@\\\\{`]|_\\w|''|//|/%|/\\*|__|==|~~|\\^\\^|\"\"\"|--|^[!*#>:|-]")

// quote is a text as it is shown.
func quote(s string) string {
	if !marked.MatchString(s) {
		return s
	}
	return nowiki + plainText(s) + nowiki
}

// label is the text of a link.
func label(s string) string {
	s = strings.NewReplacer("|", "｜", "<-", "＜-").Replace(s)
	if strings.Count(s, `"`)%2 == 1 {
		s = strings.ReplaceAll(s, `"`, "＂")
	}
	return s
}

func linkTo(text, target string, set []string) string {
	if len(set) == 0 {
		return "[[" + text + "->" + target + "]]"
	}
	return "[[" + text + "->" + target + "][" + strings.Join(set, ", ") + "]]"
}

// available is the condition under which an option can be chosen, "" when it
// always can.
func (e *exporter) available(i int, o *roleplay.Option) string {
	s := &e.sc.Scenes[i]
	var parts []string
	if musts := settled(s); musts != "" {
		parts = append(parts, "not "+musts)
	}
	switch {
	case o.Topic > 0:
		parts = append(parts, fresh(chosenOf(topicOf(s, o.Topic))))
	case e.round[i] && !o.Repeat:
		parts = append(parts, "not "+choice(o.ID))
	}
	if o.When != nil {
		parts = append(parts, e.within(*o.When, i))
	}
	return strings.Join(parts, " and ")
}

// settled is the condition that every topic that must be raised has been.
func settled(s *roleplay.Scene) string {
	var musts []string
	for t, topic := range s.Topics {
		if topic.Must {
			musts = append(musts, either(chosenOf(topicOf(s, t+1))))
		}
	}
	if len(musts) < 2 {
		return strings.Join(musts, "")
	}
	return "(" + strings.Join(musts, " and ") + ")"
}

func topicOf(s *roleplay.Scene, topic int) []roleplay.Option {
	return slices.DeleteFunc(slices.Clone(s.Options), func(o roleplay.Option) bool { return o.Topic != topic })
}

var comparators = map[string]string{">=": "gte", "<=": "lte", ">": "gt", "<": "lt", "==": "is", "!=": "isnot"}

// condition writes c as it is asked in a scene.
func (e *exporter) condition(c roleplay.Condition, scene int) string {
	switch c.Op {
	case "and", "or":
		var parts []string
		for _, x := range c.Of {
			parts = append(parts, e.within(x, scene))
		}
		return strings.Join(parts, " "+c.Op+" ")
	case "not":
		return "not (" + e.condition(c.Of[0], scene) + ")"
	case "opened":
		return `visited("` + e.papers[c.Index] + `")`
	case "chosen":
		return choice(c.Index)
	case "left":
		switch {
		case c.Index == scene && e.sc.Scenes[scene].Ending != "":
			return "false"
		case c.Index == scene:
			return leaving(scene)
		}
		return `visited("` + e.names[c.Index] + `")`
	}
	return fmt.Sprintf("%s %s %d", meter(c.Index), comparators[c.Op], c.Value)
}

// within writes a part of a condition.
func (e *exporter) within(x roleplay.Condition, scene int) string {
	if x.Op == "and" || x.Op == "or" {
		return "(" + e.condition(x, scene) + ")"
	}
	return e.condition(x, scene)
}

// plainText is a text as it can stand between the signs of nowiki.
func plainText(s string) string { return strings.ReplaceAll(s, nowiki, "＂＂＂") }
