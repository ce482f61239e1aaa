package draft

import (
	"fmt"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Write sets sc down as a 剧本. Reading the text gives sc again, apart from the
// bounds of its dimensions, which are found by walking through it.
func Write(sc *roleplay.Scenario) []byte {
	w := &writer{sc: sc, inCall: inCall(sc), refs: map[int]string{}}
	for i := range sc.Scenes {
		s := &sc.Scenes[i]
		for k := range s.Options {
			w.refs[s.Options[k].ID] = "选过(" + sc.Ref(i, k) + ")"
		}
		if s.Silence != nil {
			w.refs[s.Silence.ID] = "沉默过(" + s.Name + ")"
		}
	}
	w.front()
	for i := range sc.Scenes {
		w.scene(i)
	}
	return []byte(w.String())
}

type writer struct {
	strings.Builder
	sc     *roleplay.Scenario
	inCall []bool
	refs   map[int]string // by Option.ID: what says that it was chosen
}

func (w *writer) put(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) front() {
	sc := w.sc
	w.put("---")
	for _, e := range [][2]string{
		{"标题", sc.Title},
		{"英文标题", sc.TitleEN},
		{"用途", map[bool]string{true: "练习"}[sc.Practice]},
		{"角色", join(sc.Cast, "，", character)},
		{"性格", join(sc.Personas, "、", func(p roleplay.Persona) string { return p.Name })},
		{"处境", sc.Situation},
		{"说明", sc.Note},
		{"仪表", join(sc.Meters, "，", func(m roleplay.Meter) string { return fmt.Sprintf("%s=%d", m.Name, m.Start) })},
		{"维度", join(sc.Dimensions, "，", dimension)},
		{"权重", join(sc.Dimensions, "，", weight)},
		{"及格", join(sc.Pass, "，", w.rule)},
	} {
		if e[1] != "" {
			w.put("%s: %s", e[0], e[1])
		}
	}
	w.put("---")
}

// join writes a list; what is empty is left out.
func join[T any](list []T, separator string, text func(T) string) string {
	var words []string
	for _, x := range list {
		if s := text(x); s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, separator)
}

func character(c roleplay.Character) string {
	if c.Persona == "" {
		return c.Label + "=" + c.Name
	}
	return fmt.Sprintf("%s=%s（%s）", c.Label, c.Name, c.Persona)
}

func dimension(d roleplay.Dimension) string {
	if d.Key == d.Name {
		return d.Key
	}
	return d.Key + " " + d.Name
}

func weight(d roleplay.Dimension) string {
	if d.Weight == 1 {
		return ""
	}
	return fmt.Sprintf("%s=%d", d.Key, d.Weight)
}

func (w *writer) rule(r roleplay.Rule) string {
	switch r.Kind {
	case stage.RuleClean:
		return "无红线"
	case stage.RuleDimension:
		return fmt.Sprintf("%s>=%d", w.sc.Dimensions[r.Index].Key, r.Mark)
	case stage.RuleMeter:
		return fmt.Sprintf("%s>=%d", w.sc.Meters[r.Index].Name, r.Mark)
	}
	return fmt.Sprintf("总分>=%d", r.Mark)
}

func (w *writer) scene(i int) {
	s := &w.sc.Scenes[i]
	heading := "\n## " + s.Name
	if w.inCall[i] {
		heading += "（可调用）"
	}
	if len(s.Topics) > 0 {
		heading += "（话题组）"
	}
	if s.Ending != "" {
		heading += "【结局：" + s.Ending + "】"
	}
	w.put("%s", heading+w.credits(s.Effects, nil))
	w.beats("", s.Beats)
	for _, d := range w.sc.Documents {
		if d.Scene == i {
			w.put("资料：%s | %s", d.Name, strings.ReplaceAll(d.Text, "\n", "\n  "))
		}
	}
	w.options(i)
	for _, j := range s.Jumps {
		switch way := w.way(i, j.Way); {
		case j.When != nil:
			w.put("[%s] → %s", w.condition(*j.When), w.target(j.Way))
		case way != "" || len(s.Options) > 0 && len(s.Topics) == 0:
			w.put("→ %s", w.target(j.Way))
		}
	}
}

func (w *writer) options(i int) {
	s := &w.sc.Scenes[i]
	if s.Silence != nil {
		w.put("限时：%d秒%s", s.Silence.Seconds, w.tail(i, &s.Silence.Option))
		w.details(&s.Silence.Option)
	}
	topic := 0
	for k := range s.Options {
		o := &s.Options[k]
		for topic < o.Topic {
			topic++
			w.topic(s.Topics[topic-1])
		}
		text := o.Text
		if o.Repeat {
			text += "（可重复）"
		}
		w.put("- %s%s", text, w.tail(i, o))
		w.details(o)
	}
}

func (w *writer) topic(t roleplay.Topic) {
	w.put("### %s（%s）", t.Name, map[bool]string{true: "必谈", false: "可选"}[t.Must])
}

// tail is what stands behind the words of an option: effects, scores and way.
func (w *writer) tail(scene int, o *roleplay.Option) string {
	return w.credits(o.Effects, o.Scores) + w.way(scene, o.Way)
}

func (w *writer) details(o *roleplay.Option) {
	w.beats("  ", o.Reply)
	when := ""
	if o.When != nil {
		when = w.condition(*o.When)
	}
	for _, e := range [][2]string{
		{"条件", when}, {"点评", o.Coaching}, {"专家", o.Expert}, {"红线", o.RedLine}, {"依据", basis(o)},
	} {
		if e[1] != "" {
			w.put("  %s：%s", e[0], e[1])
		}
	}
}

func basis(o *roleplay.Option) string {
	ids := strings.Join(o.Sources, "、")
	if ids != "" && o.Basis != "" {
		return ids + "；" + o.Basis
	}
	return ids + o.Basis
}

func (w *writer) beats(indent string, beats []roleplay.Beat) {
	for _, b := range beats {
		for k, l := range b {
			guard := ""
			if l.When != nil {
				guard = "[" + w.condition(*l.When) + "] "
			} else if k > 0 {
				guard = "[否则] "
			}
			w.put("%s%s：%s%s", indent, w.speaker(l), guard, l.Text)
		}
	}
}

func (w *writer) speaker(l roleplay.Line) string {
	who := "旁白"
	switch l.Kind {
	case stage.KindMe:
		who = "我"
	case stage.KindCustomer, stage.KindOther:
		i := slices.IndexFunc(w.sc.Cast, func(c roleplay.Character) bool { return c.Name == l.Who })
		who = w.sc.Cast[i].Label
	}
	if l.Expression != "" {
		who += "（" + l.Expression + "）"
	}
	return who
}

var strides = map[int]string{5: "+", 10: "++", 20: "+++", -5: "-", -10: "--", -20: "---"}

func (w *writer) credits(effects []roleplay.Effect, scores []roleplay.Score) string {
	var words []string
	for _, e := range effects {
		by := strides[e.By]
		if by == "" {
			by = fmt.Sprintf("%+d", e.By)
		}
		words = append(words, w.sc.Meters[e.Meter].Name+" "+by)
	}
	for _, x := range scores {
		words = append(words, fmt.Sprintf("%s %d", w.sc.Dimensions[x.Dimension].Key, x.Points))
	}
	if words == nil {
		return ""
	}
	return "【" + strings.Join(words, "，") + "】"
}

// way is the arrow of an option or a jump of scene, nothing when it falls to
// where it leads.
func (w *writer) way(scene int, to roleplay.Way) string {
	if to.Call == 0 && to.To == w.falls(scene) {
		return ""
	}
	return " → " + w.target(to)
}

// falls is where the story goes from a scene without an arrow. No scene is
// written as 旁支, and so that is the next one, or back to a hub.
func (w *writer) falls(scene int) int {
	next := scene + 1
	switch {
	case len(w.sc.Scenes[scene].Topics) > 0:
		return scene
	case w.inCall[scene]:
		return roleplay.Return
	}
	for next < len(w.inCall) && w.inCall[next] {
		next++
	}
	return next
}

func (w *writer) target(to roleplay.Way) string {
	name := "返回"
	if to.To != roleplay.Return {
		name = w.sc.Scenes[to.To].Name
	}
	if to.Call != 0 {
		return "调用 " + w.sc.Scenes[to.Call].Name + " → " + name
	}
	return name
}

// inCall marks the scenes that are told within a call: those that are called or
// return, and those that lead on to one.
func inCall(sc *roleplay.Scenario) []bool {
	in := make([]bool, len(sc.Scenes))
	from := make([][]int, len(sc.Scenes))
	var enter func(i int)
	enter = func(i int) {
		if in[i] {
			return
		}
		in[i] = true
		for _, f := range from[i] {
			enter(f)
		}
	}
	for i := range sc.Scenes {
		for w := range ways(&sc.Scenes[i]) {
			if w.To >= 0 && w.Call == 0 {
				from[w.To] = append(from[w.To], i)
			}
		}
	}
	for i := range sc.Scenes {
		for w := range ways(&sc.Scenes[i]) {
			if w.Call != 0 {
				enter(w.Call)
			}
			if w.To == roleplay.Return {
				enter(i)
			}
		}
	}
	return in
}

// precedence tells where a condition needs brackets inside another.
var precedence = map[string]int{"or": 1, "and": 2, "not": 3}

func (w *writer) condition(c roleplay.Condition) string {
	switch c.Op {
	case "and", "or":
		var parts []string
		for _, x := range c.Of {
			parts = append(parts, w.within(c, x))
		}
		return strings.Join(parts, map[string]string{"and": " 且 ", "or": " 或 "}[c.Op])
	case "not":
		return "非 " + w.within(c, c.Of[0])
	case "opened":
		return "已看(" + w.sc.Documents[c.Index].Name + ")"
	case "left":
		return "去过(" + w.sc.Scenes[c.Index].Name + ")"
	case "chosen":
		return w.refs[c.Index]
	case "==":
		return fmt.Sprintf("%s=%d", w.sc.Meters[c.Index].Name, c.Value)
	}
	return fmt.Sprintf("%s%s%d", w.sc.Meters[c.Index].Name, c.Op, c.Value)
}

// within writes x as a part of c. A part of the same kind keeps its brackets,
// so that the tree is read as it was.
func (w *writer) within(c, x roleplay.Condition) string {
	text := w.condition(x)
	if p := precedence[x.Op]; p != 0 && p <= precedence[c.Op] {
		return "(" + text + ")"
	}
	return text
}
