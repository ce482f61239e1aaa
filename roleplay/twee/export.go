package twee

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qibu/roleplay"
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

func (e *exporter) document(i int) {
	e.header(e.papers[i], tagDocument)
	e.put("<<set %s>>", reading)
	for _, l := range strings.Split(e.sc.Documents[i].Text, "\n") {
		e.put("%s", quote(strings.TrimSpace(l)))
	}
	e.put(`<<return "合上">>`)
}
