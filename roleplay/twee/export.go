package twee

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/stage"
)

// The story format that an export is written for.
const (
	format        = "SugarCube"
	formatVersion = "2.36.1"
)

// Statements and conditions of an export that its import knows by heart. A
// document is a passage one comes back from, and coming back is no arriving.
const (
	reading  = "$read to turns()"
	arriving = "$read isnot turns() - 1"
	onward   = "继续"
)

// Export writes sc as a Twee 3 story for SugarCube: a passage for every scene,
// every reply and every document. Meters, options that can be chosen once and
// visits are variables. What Twine does not know, as scores, is told in the
// first passage. The same scenario gives the same bytes.
func Export(sc *roleplay.Scenario) []byte {
	e := &exporter{sc: sc, round: rounds(sc), asked: map[int]bool{}, taken: map[string]bool{}}
	for _, reserved := range append(apart, titlePassage, dataPassage, initPassage) {
		e.taken[reserved] = true
	}
	for i := range sc.Scenes {
		e.names = append(e.names, e.unique(sc.Scenes[i].Name))
	}
	for _, d := range sc.Documents {
		e.papers = append(e.papers, e.unique(d.Name))
	}
	e.ask()
	e.head()
	for i := range sc.Scenes {
		e.scene(i)
	}
	for i := range sc.Documents {
		e.document(i)
	}
	return e.Bytes()
}

type exporter struct {
	bytes.Buffer
	sc       *roleplay.Scenario
	names    []string     // of the passages of scenes
	papers   []string     // of those of documents
	back     string       // of the passage that leads back from a call, "" without calls
	round    []bool       // the scene can be come back to
	asked    map[int]bool // options
	left     []bool       // a scene asks of itself whether it has been left
	taken    map[string]bool
	passages int
}

func (e *exporter) put(f string, args ...any) { fmt.Fprintf(e, f+"\n", args...) }

// plainName keeps the signs of links and strings out of the name of a passage.
var plainName = strings.NewReplacer(
	"[", "［", "]", "］", "|", "｜", "<", "＜", ">", "＞", `"`, "＂", `\`, "＼", "~", "～", "(", "（", ")", "）",
)

func (e *exporter) unique(wanted string) string {
	base := plainName.Replace(wanted)
	name := base
	for n := 2; e.taken[name]; n++ {
		name = base + "·" + strconv.Itoa(n)
	}
	e.taken[name] = true
	return name
}

// ask finds out what conditions want to know.
func (e *exporter) ask() {
	e.left = make([]bool, len(e.sc.Scenes))
	var each func(scene int, c *roleplay.Condition)
	each = func(scene int, c *roleplay.Condition) {
		if c == nil {
			return
		}
		e.asked[c.Index] = e.asked[c.Index] || c.Op == "chosen"
		e.left[scene] = e.left[scene] || c.Op == "left" && c.Index == scene
		for k := range c.Of {
			each(scene, &c.Of[k])
		}
	}
	beats := func(scene int, beats []roleplay.Beat) {
		for _, b := range beats {
			for k := range b {
				each(scene, b[k].When)
			}
		}
	}
	calls := false
	for i := range e.sc.Scenes {
		s := &e.sc.Scenes[i]
		beats(i, s.Beats)
		if s.Silence != nil {
			beats(i, s.Silence.Reply)
		}
		for k := range s.Options {
			each(i, s.Options[k].When)
			beats(i, s.Options[k].Reply)
		}
		for k := range s.Jumps {
			each(i, s.Jumps[k].When)
		}
		for _, w := range ways(s) {
			calls = calls || w.To == roleplay.Return
		}
	}
	if calls {
		e.back = e.unique("返回")
	}
}

// ways are the ways out of a scene.
func ways(s *roleplay.Scene) []roleplay.Way {
	var all []roleplay.Way
	if s.Silence != nil {
		all = append(all, s.Silence.Way)
	}
	for k := range s.Options {
		all = append(all, s.Options[k].Way)
	}
	for k := range s.Jumps {
		all = append(all, s.Jumps[k].Way)
	}
	return all
}

// rounds marks the scenes that can be come back to.
func rounds(sc *roleplay.Scenario) []bool {
	round := make([]bool, len(sc.Scenes))
	for i := range sc.Scenes {
		seen := make([]bool, len(sc.Scenes))
		open := []int{i}
		for len(open) > 0 {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			for _, w := range ways(&sc.Scenes[at]) {
				for _, to := range []int{w.To, w.Call} {
					if to < 0 || to == 0 && to == w.Call && w.To != 0 || seen[to] {
						continue
					}
					seen[to] = true
					open = append(open, to)
				}
			}
		}
		round[i] = seen[i]
	}
	return round
}

// header begins a passage. Twine's map gets them in rows.
func (e *exporter) header(name string, tags ...string) {
	const columns, step = 8, 150
	head := "\n:: " + escape(name)
	if len(tags) > 0 {
		head += " [" + strings.Join(tags, " ") + "]"
	}
	x, y := 100+e.passages%columns*step, 100+e.passages/columns*step
	e.put(`%s {"position":"%d,%d","size":"100,100"}`, head, x, y)
	e.passages++
}

// head writes the passages about the story.
func (e *exporter) head() {
	e.put(":: %s\n%s", titlePassage, strings.Join(strings.Fields(e.sc.Title), " "))
	e.put("\n:: %s", dataPassage)
	story := json.NewEncoder(e)
	story.SetEscapeHTML(false)
	story.SetIndent("", "\t")
	_ = story.Encode(struct { // strings always encode
		IFID    string `json:"ifid"`
		Format  string `json:"format"`
		Version string `json:"format-version"`
		Start   string `json:"start"`
	}{e.ifid(), format, formatVersion, e.names[0]})
	e.notes()
	e.put("\n:: %s", initPassage)
	for i, m := range e.sc.Meters {
		e.put("<<set %s to %d>> /* %s */", meter(i), m.Start, m.Name)
	}
	if e.back != "" {
		e.put("<<set $back to []>>")
		e.header(e.back, tagReturn)
		e.put("<<goto `$back.pop()`>>")
	}
	if len(e.papers) > 0 {
		e.put("\n:: StoryMenu\n<<if not tags().includes(%q)>>", tagDocument)
		for i, d := range e.sc.Documents {
			e.put("<<if visited(\"%s\")>>[[%s]]<</if>>", e.names[d.Scene], e.papers[i])
		}
		e.put("<</if>>")
	}
}

// ifid is a UUID made of the scenario's canonical form: of version 5, made of a
// name (RFC 9562), with the first half of its SHA-256 in place of a SHA-1. The
// compilers for Twine refuse the version that would be for that, 8.
func (e *exporter) ifid() string {
	sum := sha256.Sum256(e.sc.JSON())
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func meter(i int) string       { return "$m" + strconv.Itoa(i+1) }
func choice(id int) string     { return "$o" + strconv.Itoa(id+1) }
func leaving(i int) string     { return "$v" + strconv.Itoa(i+1) }
func either(v []string) string { return "(" + strings.Join(v, " or ") + ")" }

// fresh is the condition that none of a hub's options has been chosen.
func fresh(once []string) string { return "not " + either(once) }

func (e *exporter) scene(i int) {
	s := &e.sc.Scenes[i]
	var tags []string
	if s.Ending != "" {
		tags = append(tags, tagEnding)
	}
	if len(s.Topics) > 0 {
		tags = append(tags, tagHub)
	}
	if slices.ContainsFunc(e.sc.Scenes, func(t roleplay.Scene) bool {
		return slices.ContainsFunc(ways(&t), func(w roleplay.Way) bool { return w.Call == i && i > 0 })
	}) {
		tags = append(tags, tagCall)
	}
	e.header(e.names[i], tags...)
	if s.Ending != "" {
		e.put("!%s", quote(s.Ending))
	}
	e.arrive(i)
	for k, d := range e.sc.Documents {
		if d.Scene == i {
			e.put("[[资料：%s->%s]]", e.papers[k], e.papers[k])
		}
	}
	var replies bytes.Buffer
	available := e.options(i, &replies)
	e.silence(i, &replies)
	e.jumps(i, available)
	e.Write(replies.Bytes())
}

// arrive writes what happens on arriving: in a hub not again when it is come
// back to, and the effects not when a document was put away.
func (e *exporter) arrive(i int) {
	s := &e.sc.Scenes[i]
	begin, end := "", ""
	if len(s.Topics) > 0 {
		begin, end = "<<if "+fresh(chosenOf(s.Options))+">>", "<</if>>"
	}
	if set := e.effects(s.Effects); len(set) > 0 {
		set := begin + "<<set " + strings.Join(set, ", ") + ">>" + end
		if len(e.papers) > 0 {
			set = "<<if " + arriving + ">>" + set + "<</if>>"
		}
		e.put("%s", set)
	}
	if len(s.Beats) > 0 {
		if begin != "" {
			e.put("%s", begin)
		}
		e.beats(i, s.Beats)
		if end != "" {
			e.put("%s", end)
		}
	}
}

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

// options writes the options of a scene, and returns the conditions under which
// they can be chosen; nil when there always is something to choose.
func (e *exporter) options(i int, replies *bytes.Buffer) (available []string) {
	s := &e.sc.Scenes[i]
	always := false
	topic := 0
	for k := range s.Options {
		o := &s.Options[k]
		for topic < o.Topic {
			topic++
			e.put("!!%s", quote(s.Topics[topic-1].Name))
		}
		when := e.available(i, o)
		set := e.effects(o.Effects)
		if e.asked[o.ID] || len(s.Topics) > 0 || e.round[i] && !o.Repeat {
			set = append(set, choice(o.ID)+" to true")
		}
		to, last := e.follow(i, strconv.Itoa(k+1), o, replies)
		option := linkTo(label(o.Text), to, append(set, last...))
		if always = always || when == ""; when != "" {
			option = "<<if " + when + ">>" + option + "<</if>>"
			available = append(available, when)
		}
		e.put("%s", option)
	}
	if always {
		return nil
	}
	return available
}

func linkTo(text, target string, set []string) string {
	if len(set) == 0 {
		return "[[" + text + "->" + target + "]]"
	}
	return "[[" + text + "->" + target + "][" + strings.Join(set, ", ") + "]]"
}

// follow is the passage an option leads to, and what is to be remembered then:
// where it goes on, or what is replied to it, which is added to replies.
func (e *exporter) follow(scene int, mark string, o *roleplay.Option, replies *bytes.Buffer) (to string, set []string) {
	to, set = e.way(scene, o.Way)
	if len(o.Reply) == 0 {
		return to, set
	}
	name := e.unique(e.names[scene] + "·" + mark)
	e.Buffer, *replies = *replies, e.Buffer
	e.header(name, tagReply)
	e.beats(scene, o.Reply)
	e.put("%s", linkTo(onward, to, set))
	e.Buffer, *replies = *replies, e.Buffer
	return name, nil
}

// silence has the story go on by itself when nothing was chosen in time.
func (e *exporter) silence(i int, replies *bytes.Buffer) {
	o := e.sc.Scenes[i].Silence
	if o == nil {
		return
	}
	to, set := e.follow(i, "沉默", &o.Option, replies)
	set = append(append(e.effects(o.Effects), choice(o.ID)+" to true"), set...)
	e.put(`<<if not %s>><<timed %ds>><<set %s>><<goto "%s">><</timed>><</if>>`, choice(o.ID), o.Seconds, strings.Join(set, ", "), to)
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
		parts = append(parts, e.within(roleplay.Condition{Op: "and"}, *o.When, i))
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

// jumps writes where the story goes on when there is nothing to choose: by a
// link below what was said, else at once.
func (e *exporter) jumps(i int, available []string) {
	s := &e.sc.Scenes[i]
	if len(s.Jumps) == 0 || len(s.Options) > 0 && available == nil {
		return
	}
	silent := len(s.Beats) == 0 && !slices.ContainsFunc(e.sc.Documents, func(d roleplay.Document) bool { return d.Scene == i })
	var b strings.Builder
	for k, j := range s.Jumps {
		word := "elseif"
		if k == 0 {
			word = "if"
		}
		if j.When != nil {
			fmt.Fprintf(&b, "<<%s %s>>", word, e.condition(*j.When, i))
		} else if k > 0 {
			b.WriteString("<<else>>")
		}
		to, set := e.way(i, j.Way)
		if !silent {
			b.WriteString(linkTo(onward, to, set))
			continue
		}
		if len(set) > 0 {
			b.WriteString("<<set " + strings.Join(set, ", ") + ">>")
		}
		b.WriteString(`<<goto "` + to + `">>`)
	}
	if s.Jumps[0].When != nil {
		b.WriteString("<</if>>")
	}
	if len(available) > 0 {
		e.put("<<if %s>>%s<</if>>", none(available), b.String())
		return
	}
	e.put("%s", b.String())
}

// way is the passage a way leads to, and what is to be remembered on leaving.
func (e *exporter) way(scene int, w roleplay.Way) (to string, set []string) {
	if e.left[scene] {
		set = append(set, leaving(scene)+" to true")
	}
	to = e.back
	if w.To != roleplay.Return {
		to = e.names[w.To]
	}
	if w.Call != 0 {
		set = append(set, `$back.push("`+to+`")`)
		to = e.names[w.Call]
	}
	return to, set
}

var comparators = map[string]string{">=": "gte", "<=": "lte", ">": "gt", "<": "lt", "==": "is", "!=": "isnot"}

// condition writes c as it is asked in a scene.
func (e *exporter) condition(c roleplay.Condition, scene int) string {
	switch c.Op {
	case "and", "or":
		var parts []string
		for _, x := range c.Of {
			parts = append(parts, e.within(c, x, scene))
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

func (e *exporter) within(c, x roleplay.Condition, scene int) string {
	if x.Op == "and" || x.Op == "or" {
		return "(" + e.condition(x, scene) + ")"
	}
	return e.condition(x, scene)
}

func (e *exporter) document(i int) {
	e.header(e.papers[i], tagDocument)
	e.put("<<set %s>>", reading)
	for _, l := range strings.Split(e.sc.Documents[i].Text, "\n") {
		e.put("%s", quote(strings.TrimSpace(l)))
	}
	e.put(`<<return "合上">>`)
}

// notes tells what Twine does not know of, with the front matter of the 剧本 for
// whoever takes the story back.
func (e *exporter) notes() {
	e.header(e.unique("导出说明"), tagNotes)
	e.put("这一段不在故事里。Twine 里没有性格、得分和点评，记在这里；仪表照写的增减，不随性格。")
	front, _ := strings.CutPrefix(string(draft.Write(e.sc)), "---\n")
	front, _, _ = strings.Cut(front, "\n---\n")
	e.put("%s\n%s\n%s\n%s", nowiki, plainText(front), nowiki, nowiki)
	for i := range e.sc.Scenes {
		s := &e.sc.Scenes[i]
		for k := range s.Options {
			e.key(e.sc.Ref(i, k), &s.Options[k])
		}
		if s.Silence != nil {
			e.put("%s#沉默：限时%d秒", s.Name, s.Silence.Seconds)
			e.key(s.Name+"#沉默", &s.Silence.Option)
		}
	}
	e.put("%s", nowiki)
}

// key tells what an option is worth and why.
func (e *exporter) key(ref string, o *roleplay.Option) {
	var points []string
	for _, x := range o.Scores {
		points = append(points, fmt.Sprintf("%s %d", e.sc.Dimensions[x.Dimension].Key, x.Points))
	}
	if points != nil {
		e.put("%s：【%s】", ref, strings.Join(points, "，"))
	}
	basis := strings.TrimSuffix(strings.Join(append(slices.Clone(o.Sources), o.Basis), "；"), "；")
	for _, x := range [][2]string{{"点评", o.Coaching}, {"专家", o.Expert}, {"红线", o.RedLine}, {"依据", basis}} {
		if x[1] != "" {
			e.put("%s：%s：%s", ref, x[0], plainText(x[1]))
		}
	}
}

// plainText is a text as it can stand between the signs of nowiki.
func plainText(s string) string { return strings.ReplaceAll(s, nowiki, "＂＂＂") }
