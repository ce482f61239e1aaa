package twee

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// paper offers a document where the first link to it stands. It is told like a
// scene behind an option, until finish makes a document of it: a Story knows none.
func (t *teller) paper(l *link, place *draft.Place) {
	p := t.byName[l.target]
	i := slices.Index(t.papers, p)
	if p.open {
		return
	}
	p.open = true
	place.Offer(l.line, roleplay.Option{ID: t.story.OptionID(), Text: t.mark + strconv.Itoa(i)}).Go(roleplay.Way{To: p.scene})
}

// silent marks the option that stands for silence, until finish makes it one.
const silent = "沉默"

// unused is a word that no link of the story says.
func (t *teller) unused() string {
	word := "资料"
	for _, p := range t.order {
		for _, l := range p.links {
			for strings.Contains(l.text, word) {
				word += "卷"
			}
		}
	}
	return word
}

// finish sets the story down, with its documents and the front matter that an
// export keeps for it.
func (t *teller) finish(file string) (draft.Draft, error) {
	d, err := t.story.Finish(file)
	if err != nil {
		return d, err
	}
	for _, change := range []func(*roleplay.Scenario) bool{t.shelve, t.recall, func(*roleplay.Scenario) bool { return false }} {
		s, problems := script.Parse(file, d.Source)
		if s == nil {
			return draft.Draft{}, fmt.Errorf("搬出来的剧本读不通：%w", problems.Err())
		}
		if change(s.Scenario) {
			d.Source = draft.Write(s.Scenario)
		}
	}
	return d, nil
}

// shelve makes documents and silences of what stands for them, and reports
// whether there was any.
func (t *teller) shelve(sc *roleplay.Scenario) bool {
	places := map[int]int{} // documents by the scenes that stand for them
	taken := map[string]bool{}
	found := false
	for i := range sc.Scenes {
		s := &sc.Scenes[i]
		s.Options = slices.DeleteFunc(s.Options, func(o roleplay.Option) bool {
			rest, ok := strings.CutPrefix(o.Text, t.mark)
			if !ok {
				return false
			}
			found = true
			seconds, silence := strings.CutPrefix(rest, silent)
			n, _ := strconv.Atoi(seconds) // was made of a number
			if silence {
				o.Text = ""
				s.Silence = &roleplay.Silence{Seconds: min(max(n, 5), 600), Option: o}
				return true
			}
			places[o.To] = len(sc.Documents)
			sc.Documents = append(sc.Documents, roleplay.Document{Name: t.papers[n].paperName(taken), Text: pageOf(sc.Scenes[o.To].Beats), Scene: i})
			return true
		})
	}
	renumber(sc, places)
	return found
}

var (
	notInNames = regexp.MustCompile(`[\[\]［］【】#＃→;；|｜]|[-－][>＞]`)
	brackets   = regexp.MustCompile(`[()（）]`)
)

const longestName = 32 // runes, so that a number fits behind

// paperName makes a name of a document that a 剧本 takes and that is not taken.
func (p *passage) paperName(taken map[string]bool) string {
	name := notInNames.ReplaceAllString(draft.Line(p.name, draft.Always).Text, " ")
	if n := len(brackets.FindAllString(name, 3)); n != 0 && n != 2 || n == 2 && strings.IndexAny(name, "(（") > strings.IndexAny(name, ")）") {
		name = brackets.ReplaceAllString(name, " ")
	}
	runes := []rune(strings.Join(strings.Fields(name), " "))
	name = string(runes[:min(len(runes), longestName)])
	if name == "" || len(runes) > longestName && brackets.MatchString(name) {
		name = "资料"
	}
	base := name
	for n := 2; taken[norm.NFKC.String(name)]; n++ {
		name = base + "·" + strconv.Itoa(n)
	}
	taken[norm.NFKC.String(name)] = true
	return name
}

// pageOf is what a document says.
func pageOf(beats []roleplay.Beat) string {
	var lines []string
	for _, b := range beats {
		lines = append(lines, display(b[0]))
	}
	if lines == nil {
		return "……"
	}
	return strings.Join(lines, "\n")
}

// display is a line as it was written in its passage.
func display(l roleplay.Line) string {
	who := l.Who
	switch l.Kind {
	case stage.KindStage:
		return l.Text
	case stage.KindMe:
		who = "我"
	}
	if l.Expression != "" {
		who += "（" + l.Expression + "）"
	}
	return who + "：" + l.Text
}

// renumber takes the scenes that stand for documents out, and the options that
// led to them.
func renumber(sc *roleplay.Scenario, papers map[int]int) {
	scenes, ids := make([]int, len(sc.Scenes)), map[int]int{}
	var kept []roleplay.Scene
	for i, s := range sc.Scenes {
		scenes[i] = len(kept)
		if _, paper := papers[i]; !paper {
			kept = append(kept, s)
		}
	}
	sc.Scenes = kept
	for o := range sc.All() {
		ids[o.ID] = len(ids)
		o.ID = ids[o.ID]
	}
	for i := range sc.Documents {
		sc.Documents[i].Scene = scenes[sc.Documents[i].Scene]
	}
	way := func(w *roleplay.Way) {
		if w.Call != 0 {
			w.Call = scenes[w.Call]
		}
		if w.To >= 0 {
			w.To = scenes[w.To]
		}
	}
	var condition func(c *roleplay.Condition)
	condition = func(c *roleplay.Condition) {
		if c == nil {
			return
		}
		switch d, paper := papers[c.Index]; {
		case c.Op == "left" && paper:
			c.Op, c.Index = "opened", d
		case c.Op == "left":
			c.Index = scenes[c.Index]
		case c.Op == "chosen":
			c.Index = ids[c.Index]
		}
		for k := range c.Of {
			condition(&c.Of[k])
		}
	}
	for o := range sc.All() {
		way(&o.Way)
		condition(o.When)
		eachLine(o.Reply, func(l *roleplay.Line) { condition(l.When) })
	}
	for i := range sc.Scenes {
		eachLine(sc.Scenes[i].Beats, func(l *roleplay.Line) { condition(l.When) })
		for k := range sc.Scenes[i].Jumps {
			way(&sc.Scenes[i].Jumps[k].Way)
			condition(sc.Scenes[i].Jumps[k].When)
		}
	}
}

func eachLine(beats []roleplay.Beat, do func(*roleplay.Line)) {
	for _, b := range beats {
		for k := range b {
			do(&b[k])
		}
	}
}

// recall takes over the front matter that an export has kept in its notes, and
// reports whether there was any that fits the story.
func (t *teller) recall(sc *roleplay.Scenario) bool {
	if t.front == "" {
		return false
	}
	s, _ := script.Parse("", []byte("---\n"+t.front+"\n---\n## 一【结局：一】\n"))
	if s == nil {
		return false
	}
	front := s.Scenario
	sc.Title, sc.TitleEN, sc.Situation, sc.Note, sc.Cast = front.Title, front.TitleEN, front.Situation, front.Note, front.Cast
	if slices.EqualFunc(sc.Meters, front.Meters, func(a, b roleplay.Meter) bool { return a.Name == b.Name }) {
		sc.Meters, sc.Personas, sc.Dimensions, sc.Pass = front.Meters, front.Personas, front.Dimensions, front.Pass
	}
	revoice := func(l *roleplay.Line) { voice(l, display(*l), sc.Cast) }
	for o := range sc.All() {
		eachLine(o.Reply, revoice)
	}
	for i := range sc.Scenes {
		eachLine(sc.Scenes[i].Beats, revoice)
	}
	return true
}

// voice gives a line to whoever of the cast says it.
func voice(l *roleplay.Line, text string, cast []roleplay.Character) {
	if l.Kind == stage.KindMe {
		return
	}
	l.Kind, l.Who, l.Expression, l.Text = stage.KindStage, "", "", text
	for i, c := range cast {
		rest, ok := strings.CutPrefix(text, c.Name)
		if !ok {
			continue
		}
		head, words, ok := strings.Cut(rest, "：")
		if ok && (head == "" || strings.HasPrefix(head, "（") && strings.HasSuffix(head, "）")) {
			l.Kind, l.Who, l.Text = stage.KindOther, c.Name, words
			l.Expression = strings.TrimSuffix(strings.TrimPrefix(head, "（"), "）")
			if i == 0 {
				l.Kind = stage.KindCustomer
			}
			return
		}
	}
}
