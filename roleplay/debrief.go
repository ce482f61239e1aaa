package roleplay

import (
	"cmp"
	"slices"

	"qibu/internal/fault"
	"qibu/roleplay/stage"
)

// Debrief explains a finished session; one that has not ended is a Conflict.
func (s Session) Debrief(events []Event) (stage.Debrief, error) {
	st, err := s.Fold(events)
	if err != nil {
		return stage.Debrief{}, err
	}
	if !st.Ended {
		return stage.Debrief{}, fault.New(fault.Conflict, "roleplay.not_ended")
	}
	sc := s.Scenario
	rules, passed := sc.Judge(&st.at, st.Points, st.RedLines)
	mood := sc.curve(st, sc.Mood)
	d := stage.Debrief{
		Title:      sc.Title,
		Note:       sc.Note,
		Exam:       s.Exam,
		Customer:   s.customer(st),
		Persona:    s.persona(),
		Ending:     sc.Scenes[st.at.Scene].Ending,
		Closing:    sc.closing(st),
		Passed:     passed,
		Rules:      rules,
		Total:      sc.Total(st.Points),
		Dimensions: sc.dimensions(st.Points),
		Mood:       mood.Moments,
		Drop:       mood.Drop,
		Rise:       mood.Rise,
		RedLines:   sc.redLines(st),
		Costly:     sc.costly(st),
		Unopened:   sc.unopened(st),
		Habits:     sc.habits(st),
	}
	for i := range sc.Meters {
		if i != sc.Mood {
			d.Others = append(d.Others, sc.curve(st, i))
		}
	}
	for i := range st.turns {
		d.Path = append(d.Path, sc.turn(&st.turns[i], !s.Exam))
	}
	return d, nil
}

// persona names the customer's temperament in this session.
func (s Session) persona() string {
	if len(s.Scenario.Personas) == 0 {
		return ""
	}
	return s.Scenario.Personas[s.Persona()].Name
}

// closing is what the ending scene says, said again: the position has not moved since.
func (sc *Scenario) closing(st State) []stage.Line {
	end := State{Step: st.Step}
	speak(&st.at, sc.Scenes[st.at.Scene].Beats, end.say)
	return end.lines
}

func (sc *Scenario) dimensions(points []int) []stage.Dimension {
	var all []stage.Dimension
	for i, d := range sc.Dimensions {
		x := stage.Dimension{Key: d.Key, Name: d.Name, Earned: points[i], Min: d.Min, Max: d.Max, Percent: d.Percent(points[i])}
		for _, r := range sc.Pass {
			if r.Kind == stage.RuleDimension && r.Index == i {
				x.Mark = r.Mark
			}
		}
		all = append(all, x)
	}
	return all
}

// curve is how a meter went from the start to the end.
func (sc *Scenario) curve(st State, meter int) stage.Curve {
	c := stage.Curve{Meter: sc.Meters[meter].Name}
	add := func(step int, g [MaxMeters]int8, said string) {
		m := stage.Moment{Step: step, Value: int(g[meter]), Said: said}
		if meter == sc.Mood {
			m.Mood = Mood(m.Value)
		}
		c.Moments = append(c.Moments, m)
	}
	add(0, st.start, "")
	for _, t := range st.turns {
		add(t.step, t.after, t.said.Text)
	}
	c.Drop, c.Rise = bends(c.Moments)
	return c
}

// bends finds the turns with the largest fall and the largest rise of a curve;
// of equal ones the first.
func bends(moments []stage.Moment) (drop, rise int) {
	var down, up int
	for i := 1; i < len(moments); i++ {
		change := moments[i].Value - moments[i-1].Value
		if change < down {
			down, drop = change, i
		}
		if change > up {
			up, rise = change, i
		}
	}
	return drop, rise
}

func (sc *Scenario) redLines(st State) []stage.RedLine {
	var crossed []stage.RedLine
	for _, t := range st.turns {
		if o := t.said; o.RedLine != "" {
			crossed = append(crossed, stage.RedLine{
				Step: t.step, Said: o.Text, Broken: o.RedLine, Coaching: o.Coaching, Basis: o.Basis, Sources: o.Sources,
			})
		}
	}
	return crossed
}

// costly keeps the three decisions that gave away most.
func (sc *Scenario) costly(st State) []stage.Costly {
	var all []stage.Costly
	for _, t := range st.turns {
		said, best := t.said, sc.better(t)
		lost := sc.lost(t)
		if lost == 0 {
			continue
		}
		c := stage.Costly{
			Step: t.step, Scene: sc.Scenes[t.scene].Name, Said: said.Text, Best: best.Text,
			Coaching: said.Coaching, Expert: cmp.Or(best.Expert, best.Coaching), Basis: cmp.Or(best.Basis, said.Basis),
			Lost: lost,
		}
		for _, id := range slices.Concat(best.Sources, said.Sources) {
			if !slices.Contains(c.Sources, id) {
				c.Sources = append(c.Sources, id)
			}
		}
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b stage.Costly) int { return b.Lost - a.Lost })
	return all[:min(3, len(all))]
}

// better is the best of what was given up for what was said: what was said
// itself when nothing beside it is worth more. A repeatable option gives
// nothing up, nor does a silence after which the same can still be said; what
// settles a topic gives up the rest of that topic.
func (sc *Scenario) better(t decision) *Option {
	s, best := &sc.Scenes[t.scene], t.said
	silent := s.Silence != nil && t.said == &s.Silence.Option
	if t.said.Repeat || silent && t.said.Call == 0 && t.said.To == t.scene {
		return best
	}
	for _, n := range t.offered {
		o := &s.Options[n]
		if (t.said.Topic == 0 || o.Topic == t.said.Topic) && sc.Worth(o) > sc.Worth(best) {
			best = o
		}
	}
	return best
}

// lost is what a decision gave away, in percent of the total, rounded half up.
func (sc *Scenario) lost(t decision) int {
	if best := sc.better(t); best != t.said {
		return (200*(sc.Worth(best)-sc.Worth(t.said)) + sc.Whole()) / (2 * sc.Whole())
	}
	return 0
}

// unopened are the papers that were within reach and left unread.
func (sc *Scenario) unopened(st State) []stage.Document {
	var left []stage.Document
	for i, d := range sc.Documents {
		if sc.Within(&st.at, i) && !st.at.Opened.Has(i) {
			left = append(left, stage.Document{Name: d.Name, Text: d.Text})
		}
	}
	return left
}

// turn is a decision as it went, with the points of what was not said as well
// when key is set.
func (sc *Scenario) turn(t *decision, key bool) stage.Turn {
	s := &sc.Scenes[t.scene]
	turn := stage.Turn{Step: t.step, Scene: s.Name, Said: t.said.Text, Points: sc.points(t.said)}
	for _, n := range t.offered {
		o := &s.Options[n]
		a := stage.Alternative{Text: o.Text, Said: o == t.said}
		if key || a.Said {
			a.Points = sc.points(o)
		}
		turn.Offered = append(turn.Offered, a)
	}
	turn.Meters = sc.gauges(t.after)
	return turn
}

func (sc *Scenario) gauges(values [MaxMeters]int8) []stage.Gauge {
	var all []stage.Gauge
	for i, m := range sc.Meters {
		all = append(all, stage.Gauge{Meter: m.Name, Value: int(values[i])})
	}
	return all
}

func (sc *Scenario) points(o *Option) []stage.Points {
	var all []stage.Points
	for _, x := range o.Scores {
		all = append(all, stage.Points{Key: sc.Dimensions[x.Dimension].Key, Points: x.Points})
	}
	return all
}

// habits picks from the path what to keep, to stop and to start.
func (sc *Scenario) habits(st State) stage.Habits {
	var h stage.Habits
	if keep := sc.finest(st); keep != nil {
		h.Keep = habit(keep, keep.said)
	}
	stop := sc.gravest(st)
	if stop != nil {
		h.Stop = habit(stop, stop.said)
		if best := sc.better(*stop); best != stop.said {
			h.Start = habit(stop, best)
		}
	}
	if unread := sc.unopened(st); h.Start.Step == 0 && len(unread) > 0 {
		h.Start = stage.Habit{Step: st.Step, Document: unread[0].Name, Why: unread[0].Text}
	}
	return h
}

func habit(t *decision, o *Option) stage.Habit {
	return stage.Habit{Step: t.step, Said: o.Text, Why: cmp.Or(o.Expert, o.Coaching, o.RedLine)}
}

// finest is the decision worth most, of equal ones the first.
func (sc *Scenario) finest(st State) (finest *decision) {
	most := 0
	for i := range st.turns {
		t := &st.turns[i]
		if worth := sc.Worth(t.said); t.said.RedLine == "" && worth > most {
			finest, most = t, worth
		}
	}
	return finest
}

// gravest is the first red line crossed, or else the costliest decision.
func (sc *Scenario) gravest(st State) (gravest *decision) {
	most := 0
	for i := range st.turns {
		t := &st.turns[i]
		if t.said.RedLine != "" {
			return t
		}
		if lost := sc.lost(*t); lost > most {
			gravest, most = t, lost
		}
	}
	return gravest
}

// Recording is the path of a session so far as a trainer sees it.
func (s Session) Recording(events []Event) (stage.Recording, error) {
	st, err := s.Fold(events)
	if err != nil {
		return stage.Recording{}, err
	}
	r := stage.Recording{Persona: s.persona()}
	for i := range st.turns {
		t := &st.turns[i]
		x := stage.Recorded{
			Turn: s.Scenario.turn(t, true), Took: t.took, Limit: t.limit,
			RedLine: t.said.RedLine, Coaching: t.said.Coaching,
		}
		for _, d := range t.opened {
			x.Opened = append(x.Opened, s.Scenario.Documents[d].Name)
		}
		r.Turns = append(r.Turns, x)
	}
	return r, nil
}
