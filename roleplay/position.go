package roleplay

import "fmt"

// position is all that decides how the story can go on. It is comparable, so
// the survey can tell a position it has met before.
type position struct {
	scene  uint8
	meters [MaxMeters]int8
	left   set64 // scenes left at least once
	opened set64 // documents
	chosen set256
}

type set64 uint64

func (s set64) has(i int) bool   { return s>>i&1 == 1 }
func (s set64) with(i int) set64 { return s | 1<<i }

type set256 [MaxOptions / 64]uint64

func (s set256) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }
func (s set256) with(i int) set256 {
	s[i/64] |= 1 << (i % 64)
	return s
}

// start is the position before anything happened, in the first scene.
func (sc *Scenario) start(say func(Line)) (position, error) {
	var p position
	for i, m := range sc.Meters {
		p.meters[i] = int8(m.Start)
	}
	return sc.enter(p, 0, say)
}

// enter goes to a scene and on through scenes in which nothing can be said,
// until there is a decision or an ending, or no way on. A story that goes
// round without ever offering anything is an error.
func (sc *Scenario) enter(p position, to int, say func(Line)) (position, error) {
	for range len(sc.Scenes) + 1 {
		p.scene = uint8(to)
		s := &sc.Scenes[to]
		speak(&p, s.Beats, say)
		if s.Ending != "" || len(sc.offer(&p)) > 0 {
			return p, nil
		}
		next, ok := s.jump(&p)
		if !ok {
			return p, nil
		}
		p.left = p.left.with(to)
		to = next
	}
	return p, fmt.Errorf("scene %q goes round without a decision", sc.Scenes[to].Name)
}

func (s *Scene) jump(p *position) (int, bool) {
	for _, j := range s.Jumps {
		if j.When.holds(p) {
			return j.To, true
		}
	}
	return 0, false
}

// offer lists the options that can be chosen at p, in script order.
func (sc *Scenario) offer(p *position) []int {
	var open []int
	for i, o := range sc.Scenes[p.scene].Options {
		if o.When.holds(p) && (o.Repeat || !p.chosen.has(o.ID)) {
			open = append(open, i)
		}
	}
	return open
}

// choose takes an option of the present scene: its effects, the reply, and on
// to where it leads.
func (sc *Scenario) choose(p position, n int, say func(Line)) (position, error) {
	o := &sc.Scenes[p.scene].Options[n]
	for _, e := range o.Effects {
		p.meters[e.Meter] = int8(min(max(int(p.meters[e.Meter])+e.By, 0), 100))
	}
	p.chosen = p.chosen.with(o.ID)
	speak(&p, o.Reply, say)
	p.left = p.left.with(int(p.scene))
	return sc.enter(p, o.To, say)
}

// within reports whether document d can be reached for at p.
func (sc *Scenario) within(p *position, d int) bool {
	from := sc.Documents[d].Scene
	return int(p.scene) == from || p.left.has(from)
}

func (sc *Scenario) ended(p *position) bool { return sc.Scenes[p.scene].Ending != "" }

func speak(p *position, beats []Beat, say func(Line)) {
	for _, b := range beats {
		for _, l := range b {
			if l.When.holds(p) {
				say(l)
				break
			}
		}
	}
}

// Mood turns a meter's value 0–100 into one of seven faces, 1–7: equal bands
// of three steps of five. The curriculum's scale −3…+3 is Mood − 4.
func Mood(value int) int { return 1 + value*7/101 }
