package twee

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// teller tells the passages as a 剧本.
type teller struct {
	story      *draft.Story
	variables  *variables
	byName     map[string]*passage
	order      []*passage // of the story, the first where it begins
	papers     []*passage
	pushed     []string       // names of passages that calls come back to
	broken     map[string]int // scenes for targets that are not there
	at         *passage
	mark       string // what the options say that stand for documents
	front      string // matter of the 剧本, as kept by an export
	conditions int
	err        error
}

// prepare reads the passages and finds out what becomes of each.
func (t *teller) prepare(all []*passage) error {
	t.variables = &variables{byName: map[string]*variable{}}
	r := &reader{story: t.story, variables: t.variables}
	story, first := t.sort(all, r)
	for _, p := range story {
		if r.read(p); r.err != nil {
			return r.err
		}
	}
	if len(t.order) == 0 {
		return errNoScene
	}
	t.start(first)
	t.replies()
	if err := t.choices(); err != nil {
		return err
	}
	t.leavings()
	t.pushed = t.pushes()
	t.rounds()
	if p := t.order[0]; !p.round {
		t.variables.begin(leading(p))
	}
	t.variables.settle(t.story)
	return nil
}

// sort tells the story's passages from those about it, and returns those to
// read and where the story says that it begins.
func (t *teller) sort(all []*passage, r *reader) (read []*passage, first string) {
	d := data{start: startPassage}
	for _, p := range all {
		if p.name == dataPassage {
			d.read(t.story, p)
		}
	}
	r.harlowe = d.format == "Harlowe" || d.format == "" && harlowish(all)
	r.chapbook = d.format == "Chapbook"
	var tags []string
	tagged := 0 // the line of the first
	for _, p := range all {
		switch {
		case p.name == "":
			t.story.Note(p.line, "::", "这个段落没有名字，没有搬。")
		case p.name == titlePassage || p.name == dataPassage:
		case p.tagged(tagNotes):
			_, kept, _ := strings.Cut(strings.Join(p.body, "\n"), nowiki+"\n")
			t.front, _, _ = strings.Cut(kept, "\n"+nowiki)
		case p.name == initPassage || p.tagged("startup"):
			t.initial(p, r)
		case slices.Contains(apart, p.name) || slices.ContainsFunc(p.tags, func(tag string) bool { return slices.Contains(apart, tag) }):
			t.story.Note(p.line, p.name, "程序、样式和界面用的段落没有搬。")
		case t.byName[p.name] != nil:
			t.story.Note(p.line, p.name, "段落重名，第 %d 行已经有了：这一个没有搬。", t.byName[p.name].line)
		default:
			t.byName[p.name] = p
			if own := p.ownTags(); len(own) > 0 {
				tags, tagged = append(tags, own...), cmp.Or(tagged, p.line)
			}
			if p.tagged(tagReturn) {
				continue
			}
			read = append(read, p)
			if p.tagged(tagDocument) {
				t.papers = append(t.papers, p)
			} else {
				t.order = append(t.order, p)
			}
		}
	}
	if len(tags) > 0 {
		slices.Sort(tags)
		t.story.Note(tagged, strings.Join(slices.Compact(tags), " "), "段落的标签没有搬：它们只在原来的故事里有用。")
	}
	return read, d.start
}

var (
	harloweSign   = regexp.MustCompile(`\((?:set|put|if|unless|link-goto|go-to|goto|print):`)
	sugarCubeSign = regexp.MustCompile(`<<(?:set|if|link|goto|print|=)\b`)
)

// harlowish guesses the format of a story that does not tell it.
func harlowish(all []*passage) bool {
	harlowe := false
	for _, p := range all {
		for _, l := range p.body {
			if sugarCubeSign.MatchString(l) {
				return false
			}
			harlowe = harlowe || harloweSign.MatchString(l)
		}
	}
	return harlowe
}

// meaning is how this package's own export names a meter behind its start.
var meaning = regexp.MustCompile(`^<<set (` + identifier + `) to \d+>> /\* (.+) \*/$`)

// initial reads what is set before the story begins.
func (t *teller) initial(p *passage, r *reader) {
	r.read(p)
	t.variables.begin(p.nodes)
	for _, l := range p.body {
		if m := meaning.FindStringSubmatch(l); m != nil {
			t.variables.named(m[1], p.line).meant = m[2]
		}
	}
	p.links = nil
}

// start puts the passage first that the story begins with.
func (t *teller) start(name string) {
	i := slices.Index(t.order, t.byName[name])
	if i < 0 {
		i = max(0, slices.Index(t.order, t.byName[startPassage]))
		t.story.Note(0, name, "开头的段落不存在，就从“%s”开始。", t.order[i].name)
	}
	first := t.order[i]
	t.order = append([]*passage{first}, slices.Delete(t.order, i, i+1)...)
}

// replies finds the passages that one link alone leads to and that only lead
// on: they are told as what follows the option.
func (t *teller) replies() {
	to := map[*passage][]*link{}
	for _, p := range t.byName {
		for _, l := range p.links {
			if q := t.byName[l.target]; q != nil {
				to[q] = append(to[q], l)
			}
		}
	}
	for _, p := range t.order[1:] {
		if from := to[p]; p.tagged(tagReply) && len(from) == 1 && !from[0].in.tagged(tagReply) && from[0].push == "" && len(p.links) == 1 && continues(p.links[0]) {
			p.from = from[0]
			p.links[0].jumps = true
		}
	}
	t.order = slices.DeleteFunc(t.order, func(p *passage) bool { return p.from != nil })
}

// goingOn are the words of a link that is no choice.
var goingOn = []string{"继续", "下一步", "continue", "next", "go on", "…", "……", "...", ">", "»", "→"}

func continues(l *link) bool {
	return l.jumps || len(l.within) == 0 && slices.Contains(goingOn, strings.ToLower(l.text))
}

// choices finds out which links are options, and which only lead on when there
// is nothing to choose.
func (t *teller) choices() error {
	options := 0
	for _, p := range t.order {
		ways := slices.DeleteFunc(slices.Clone(p.links), func(l *link) bool { return l.seconds > 0 || t.reads(l) })
		var said []string
		for _, l := range ways {
			if !l.going() {
				said = append(said, l.cond())
			}
		}
		rest := none(said)
		for _, l := range ways {
			switch {
			case l.jumps:
				l.rest = len(said) > 0 && l.cond() == rest
			case l.going() && (len(said) == 0 && (len(ways) == 1 || len(l.within) > 0) || len(said) > 0 && l.cond() == rest):
				l.jumps, l.rest = true, len(said) > 0
			default:
				if options++; options > roleplay.MaxOptions {
					return errManyOptions
				}
				l.id = t.story.OptionID()
			}
		}
		t.limit(p, len(said) > 0)
	}
	return nil
}

// limit keeps of the links that are taken by themselves the first, where there is
// something to choose.
func (t *teller) limit(p *passage, choice bool) {
	p.links = slices.DeleteFunc(p.links, func(l *link) bool {
		switch {
		case l.seconds == 0:
			return false
		case choice:
			choice = false
			l.id = t.story.OptionID()
			return false
		}
		t.story.Note(l.line, "<<timed>>", "没有选项的段落，或者已经有了限时：这个时限没有搬。")
		return true
	})
}

func (l *link) going() bool { return l.jumps || slices.Contains(goingOn, strings.ToLower(l.text)) }

// reads reports whether the link opens a document.
func (t *teller) reads(l *link) bool {
	p := t.byName[l.target]
	return p != nil && p.tagged(tagDocument)
}

// cond is the condition of the outermost fork a link stands in.
func (l *link) cond() string {
	if len(l.within) == 0 {
		return ""
	}
	return l.within[0].fork.arms[l.within[0].arm].cond
}

// none is the condition that none of the conditions holds.
func none(of []string) string { return "not (" + strings.Join(of, " or ") + ")" }

// rounds marks the passages that can come back to themselves: their strongly
// connected component has more than one passage, or a link to itself (Tarjan).
func (t *teller) rounds() {
	index, low := map[*passage]int{}, map[*passage]int{}
	var stack []*passage
	open := map[*passage]bool{}
	var visit func(p *passage)
	visit = func(p *passage) {
		index[p] = len(index) + 1
		low[p] = index[p]
		stack = append(stack, p)
		open[p] = true
		for _, q := range t.next(p) {
			if index[q] == 0 {
				visit(q)
				low[p] = min(low[p], low[q])
			} else if open[q] {
				low[p] = min(low[p], index[q])
			}
			p.round = p.round || q == p
		}
		if low[p] != index[p] {
			return
		}
		k := slices.Index(stack, p)
		for _, q := range stack[k:] {
			open[q] = false
			q.round = q.round || len(stack)-k > 1
		}
		stack = stack[:k]
	}
	for _, p := range t.order {
		if index[p] == 0 {
			visit(p)
		}
	}
}

// next are the passages a link of p may lead to, also after coming back from
// what it calls. What is called may come back to whatever was pushed.
func (t *teller) next(p *passage) []*passage {
	var to []*passage
	for _, l := range p.links {
		names := []string{l.target, l.push}
		if q := t.byName[l.target]; q != nil && q.tagged(tagReturn) {
			names = t.pushed
		}
		for _, name := range names {
			if q := t.byName[name]; q != nil && !q.tagged(tagDocument) && !q.tagged(tagReturn) {
				to = append(to, q)
			}
		}
	}
	return to
}

// leavings finds what every link of a passage says to be true: that it was left.
func (t *teller) leavings() {
	for _, p := range t.order {
		said := map[string][]*change{}
		links := 0
		for _, l := range p.links {
			if t.reads(l) {
				continue
			}
			links++
			if q := t.byName[l.target]; q != nil && q.from == l {
				l = q.links[0]
			}
			for _, c := range l.changes {
				if n := len(said[c.name]); c.comes() && (n == 0 || said[c.name][n-1].link != l) {
					said[c.name] = append(said[c.name], c)
				}
			}
		}
		for _, all := range said {
			if len(all) == links && (links > 1 || all[0].link.id < 0) {
				for _, c := range all {
					c.left = p
				}
			}
		}
	}
}

// pushes are the passages that are pushed anywhere, each once.
func (t *teller) pushes() []string {
	var all []string
	for _, p := range t.byName {
		for _, l := range p.links {
			if l.push != "" {
				all = append(all, l.push)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// leading are the nodes before the first that does more than set variables.
func leading(p *passage) []*node {
	for i, n := range p.nodes {
		if n.kind != changed {
			return p.nodes[:i]
		}
	}
	return p.nodes
}
