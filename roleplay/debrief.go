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
	d := stage.Debrief{
		Title:      sc.Title,
		Note:       sc.Note,
		Exam:       s.Exam,
		Customer:   s.customer(st),
		Ending:     sc.Scenes[st.at.Scene].Ending,
		Closing:    sc.closing(st),
		Passed:     passed,
		Rules:      rules,
		Total:      sc.Total(st.Points),
		Dimensions: sc.dimensions(st.Points),
		Mood:       st.moods,
		RedLines:   sc.redLines(st),
		Costly:     sc.costly(st),
		Unopened:   sc.unopened(st),
		Path:       sc.path(st),
	}
	d.Drop, d.Rise = bends(st.moods)
	return d, nil
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

// bends finds the turns with the largest fall and the largest rise of the mood;
// of equal ones the first.
func bends(moods []stage.Moment) (drop, rise int) {
	var down, up int
	for i := 1; i < len(moods); i++ {
		change := moods[i].Value - moods[i-1].Value
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
		o := t.said
		if o.RedLine != "" {
			crossed = append(crossed, stage.RedLine{
				Step: t.step, Said: o.Text, Broken: o.RedLine, Coaching: o.Coaching, Basis: o.Basis, Sources: o.Sources,
			})
		}
	}
	return crossed
}

// costly compares every choice with the best that was on offer beside it and
// keeps the three that gave away most. A repeatable option uses nothing up.
func (sc *Scenario) costly(st State) []stage.Costly {
	var all []stage.Costly
	for _, t := range st.turns {
		options := sc.Scenes[t.scene].Options
		said, best := t.said, t.said
		if said.Repeat {
			continue
		}
		for _, n := range t.offered {
			if sc.Worth(&options[n]) > sc.Worth(best) {
				best = &options[n]
			}
		}
		lost := (200*(sc.Worth(best)-sc.Worth(said)) + sc.Whole()) / (2 * sc.Whole())
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

func (sc *Scenario) path(st State) []stage.Turn {
	var path []stage.Turn
	for _, t := range st.turns {
		o := t.said
		turn := stage.Turn{Step: t.step, Scene: sc.Scenes[t.scene].Name, Said: o.Text}
		for _, x := range o.Scores {
			turn.Points = append(turn.Points, stage.Points{Key: sc.Dimensions[x.Dimension].Key, Points: x.Points})
		}
		path = append(path, turn)
	}
	return path
}
