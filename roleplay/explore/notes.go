package explore

import (
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// regulated are the dimensions in which a score must be able to say what it
// rests on: procedures, fees, risks, and whatever is called compliance.
var regulated = []string{"D5", "D7", "D8", "合规"}

// lintNotes is rule 16: what the debrief shows is there.
func (x *linter) lintNotes() {
	if x.sc.Situation == "" {
		x.add(16, Warn, 0, "没有「处境」：学员开口之前，不知道自己在哪儿、面前是谁")
	}
	for i := range x.sc.Scenes {
		if s := &x.sc.Scenes[i]; s.Ending != "" && !saysCustomer(s.Beats) {
			x.add(16, Warn, x.sceneLine(i), "结局「%s」里客户没有说话：结果要用他的话说出来", s.Name)
		}
	}
	for _, o := range x.options {
		x.lintNote(o)
	}
}

func saysCustomer(beats []roleplay.Beat) bool {
	for _, b := range beats {
		for _, l := range b {
			if l.Kind == stage.KindCustomer {
				return true
			}
		}
	}
	return false
}

func (x *linter) lintNote(o *roleplay.Option) {
	explained := o.Coaching != "" || o.Expert != ""
	based := o.Basis != "" || len(o.Sources) > 0
	switch {
	case o.RedLine != "" && o.Coaching == "":
		x.add(16, Warn, x.line(o), "红线要有点评，学员才知道错在哪儿：%s", x.quote(o))
	case len(o.Scores) > 0 && !explained:
		x.add(16, Warn, x.line(o), "计分的话术要有点评，复盘时才有话说：%s", x.quote(o))
	}
	if !based && o.RedLine != "" {
		x.add(16, Warn, x.line(o), "红线要有依据：%s", x.quote(o))
	} else if d, ok := x.regulated(o); !based && ok {
		x.add(16, Warn, x.line(o), "「%s」的得分要有依据：%s", x.dimension(d), x.quote(o))
	}
	for _, id := range o.Sources {
		if x.known != nil && !x.known(id) {
			x.add(16, Error, x.line(o), "依据 %s：没有编号为 %s 的事实", id, id)
		}
	}
}

// regulated finds a regulated dimension in which the option scores points.
func (x *linter) regulated(o *roleplay.Option) (int, bool) {
	for _, s := range o.Scores {
		for _, key := range regulated {
			if s.Points > 0 && x.sc.Dimensions[s.Dimension].Key == key {
				return s.Dimension, true
			}
		}
	}
	return 0, false
}

// readingSpeed is how many letters are read in a second by somebody who has to
// understand them.
const readingSpeed = 4

// lintReading is rule 17: a limit of time leaves time to read, the documents that
// decide there included: the clock does not stop for them.
func (x *linter) lintReading() {
	for i := range x.sc.Scenes {
		s := &x.sc.Scenes[i]
		if s.Silence == nil {
			continue
		}
		n, what := spoken(s.Beats), "台词和话术"
		if more := x.decisive(i); more > 0 {
			n, what = n+more, "台词、话术和要看的资料"
		}
		for k := range s.Options {
			n += len(letters(s.Options[k].Text))
		}
		if needed := (n + readingSpeed - 1) / readingSpeed; needed > s.Silence.Seconds {
			x.add(17, Warn, x.line(&s.Silence.Option), "「%s」读完%s大约要%d秒，限时只有%d秒：放宽限时，或者写短一点", s.Name, what, needed, s.Silence.Seconds)
		}
	}
}

// decisive counts the letters of the documents that first come within reach in a
// scene and that one of its options asks for. The others can wait.
func (x *linter) decisive(scene int) (n int) {
	options := x.sc.Scenes[scene].Options
	for i, d := range x.sc.Documents {
		if d.Scene == scene && slices.ContainsFunc(options, func(o roleplay.Option) bool { return asks(o.When, i) }) {
			n += len(letters(d.Text))
		}
	}
	return n
}

// asks reports whether a condition asks for a document.
func asks(c *roleplay.Condition, document int) bool {
	return c != nil && (c.Op == "opened" && c.Index == document ||
		slices.ContainsFunc(c.Of, func(part roleplay.Condition) bool { return asks(&part, document) }))
}

// spoken counts the letters of what is said, of alternatives the longest.
func spoken(beats []roleplay.Beat) (n int) {
	for _, b := range beats {
		longest := 0
		for _, l := range b {
			longest = max(longest, len(letters(l.Text)))
		}
		n += longest
	}
	return n
}

// delighted is by how much the customer's mood must move for it to contradict
// the score.
const delighted = 10

// lintMoods is rule 19: the customer is delighted and the score is the worst, or
// the other way round, and nobody says that it is meant to be.
func (x *linter) lintMoods() {
	for i := range x.decisions {
		d := &x.decisions[i]
		if !d.scored() {
			continue
		}
		for k, o := range d.options {
			if o.Coaching != "" || o.Expert != "" || o.RedLine != "" {
				continue
			}
			switch by := x.moved(o); {
			case by >= delighted && x.worst(d, k):
				x.add(19, Info, x.line(o), "%s让客户高兴（情绪+%d），得分却最低：若是有意，请在点评里说明", x.quote(o), by)
			case by <= -delighted && d.best[k]:
				x.add(19, Info, x.line(o), "%s得分最高，客户却不高兴（情绪%d）：若是有意，请在点评里说明", x.quote(o), by)
			}
		}
	}
}

func (x *linter) moved(o *roleplay.Option) (by int) {
	for _, e := range o.Effects {
		if e.Meter == x.sc.Mood {
			by += e.By
		}
	}
	return by
}

func (x *linter) worst(d *decision, k int) bool {
	for _, w := range d.worth {
		if w < d.worth[k] {
			return false
		}
	}
	return true
}
