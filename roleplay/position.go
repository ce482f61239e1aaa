package roleplay

import "fmt"

// Position is all that decides how the story can go on. It is comparable, so
// that whoever walks every route can tell a position met before. The methods of
// Scenario that take one are the rules of the story; a session and the explorer
// go by the same.
type Position struct {
	Persona uint8
	Scene   uint8
	Calls   [MaxCalls]uint8 // scenes to return to, the innermost last, counted from 1; 0 none
	Meters  [MaxMeters]int8
	Left    Scenes // left at least once
	Opened  Documents
	Chosen  Options // by Option.ID, silences too
}

// Scenes is a set of scenes.
type Scenes [MaxScenes / 64]uint64

// Has reports whether scene i is in the set.
func (s Scenes) Has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

// With returns the set with scene i.
func (s Scenes) With(i int) Scenes {
	s[i/64] |= 1 << (i % 64)
	return s
}

// Documents is a set of documents.
type Documents uint64

// Has reports whether document i is in the set.
func (s Documents) Has(i int) bool { return s>>i&1 == 1 }

// With returns the set with document i.
func (s Documents) With(i int) Documents { return s | 1<<i }

// Options is a set of options by ID.
type Options [MaxOptions / 64]uint64

// Has reports whether option id is in the set.
func (s Options) Has(id int) bool { return s[id/64]>>(id%64)&1 == 1 }

// With returns the set with option id.
func (s Options) With(id int) Options {
	s[id/64] |= 1 << (id % 64)
	return s
}

// Start is the position before the learner's first word, with the persona of
// that index (0 when there is none). say is told every line on the way.
func (sc *Scenario) Start(persona int, say func(Line)) (Position, error) {
	p := Position{Persona: uint8(persona)}
	for i, m := range sc.Meters {
		v := m.Start
		if len(sc.Personas) > 0 {
			v += sc.Personas[persona].Shift[i]
		}
		p.Meters[i] = int8(min(max(v, 0), 100))
	}
	return sc.enter(p, 0, say)
}

// follow takes a way: into the scene it calls, keeping in mind where to return
// to, or to where it leads.
func (sc *Scenario) follow(p Position, w Way, say func(Line)) (Position, error) {
	if w.Call == 0 {
		return sc.enter(p, w.To, say)
	}
	to := w.To
	if to == Return {
		return sc.enter(p, w.Call, say) // the caller's own return is the one to come
	}
	for i := range p.Calls {
		if p.Calls[i] == 0 {
			p.Calls[i] = uint8(to + 1)
			return sc.enter(p, w.Call, say)
		}
	}
	return p, fmt.Errorf("scene %q is called more than %d deep", sc.Scenes[w.Call].Name, MaxCalls)
}

// back takes the scene to return to off the calls.
func (p *Position) back() (to int, ok bool) {
	for i := MaxCalls - 1; i >= 0; i-- {
		if p.Calls[i] != 0 {
			to, p.Calls[i] = int(p.Calls[i])-1, 0
			return to, true
		}
	}
	return 0, false
}

// enter goes to a scene and on through scenes in which nothing can be said,
// until there is a decision or an ending, or no way on. A story that goes
// round without ever offering anything, or returns to nobody, is an error.
func (sc *Scenario) enter(p Position, to int, say func(Line)) (Position, error) {
	for range (MaxCalls + 1) * (len(sc.Scenes) + 1) {
		if to == Return {
			var ok bool
			if to, ok = p.back(); !ok {
				return p, fmt.Errorf("scene %q returns without having been called", sc.Scenes[p.Scene].Name)
			}
		}
		p.Scene = uint8(to)
		s := &sc.Scenes[to]
		if !s.resumed(&p) {
			sc.affect(&p, s.Effects)
			speak(&p, s.Beats, say)
		}
		if s.Ending != "" || sc.decides(s, &p) {
			return p, nil
		}
		j, ok := s.jump(&p)
		if !ok {
			return p, nil
		}
		p.Left = p.Left.With(to)
		if j.Call != 0 {
			return sc.follow(p, j.Way, say)
		}
		to = j.To
	}
	return p, fmt.Errorf("scene %q goes round without a decision", sc.Scenes[to].Name)
}

// resumed reports whether p is back at a hub that has been talked in before:
// what is said on arriving there is not said again.
func (s *Scene) resumed(p *Position) bool {
	for i := range s.Topics {
		if s.settled(p, i+1) {
			return true
		}
	}
	return false
}

// settled reports whether one of topic's options has been chosen.
func (s *Scene) settled(p *Position, topic int) bool {
	for i := range s.Options {
		if s.Options[i].Topic == topic && p.Chosen.Has(s.Options[i].ID) {
			return true
		}
	}
	return false
}

// decides reports whether there is something to say at p: an open option, and
// in a hub a topic that has still to be raised.
func (sc *Scenario) decides(s *Scene, p *Position) bool {
	if len(s.Topics) > 0 && !s.unsettled(p) {
		return false
	}
	for i := range s.Options {
		if s.open(p, i) {
			return true
		}
	}
	return false
}

// unsettled reports whether a topic that must be raised has not been.
func (s *Scene) unsettled(p *Position) bool {
	for i, t := range s.Topics {
		if t.Must && !s.settled(p, i+1) {
			return true
		}
	}
	return false
}

// open reports whether option i can be chosen at p.
func (s *Scene) open(p *Position, i int) bool {
	o := &s.Options[i]
	if !o.Repeat && p.Chosen.Has(o.ID) || !o.When.holds(p) {
		return false
	}
	return o.Topic == 0 || !s.settled(p, o.Topic)
}

func (s *Scene) jump(p *Position) (Jump, bool) {
	if len(s.Topics) > 0 && s.unsettled(p) {
		return Jump{}, false
	}
	for _, j := range s.Jumps {
		if j.When.holds(p) {
			return j, true
		}
	}
	return Jump{}, false
}

// Offer lists the options that can be chosen at p, in script order, appended to open.
func (sc *Scenario) Offer(p *Position, open []int) []int {
	s := &sc.Scenes[p.Scene]
	if s.Ending != "" || !sc.decides(s, p) {
		return open
	}
	for i := range s.Options {
		if s.open(p, i) {
			open = append(open, i)
		}
	}
	return open
}

// Limit is the silence that counts when the learner says nothing at p, nil when
// there is no limit of time there.
func (sc *Scenario) Limit(p *Position) *Silence {
	s := &sc.Scenes[p.Scene]
	if s.Silence == nil || p.Chosen.Has(s.Silence.ID) || !sc.decides(s, p) {
		return nil
	}
	return s.Silence
}

// Choose takes o, an option of the present scene or its silence: its effects,
// the reply, and on to where it leads. Whether it is open is the caller's question.
func (sc *Scenario) Choose(p Position, o *Option, say func(Line)) (Position, error) {
	sc.affect(&p, o.Effects)
	p.Chosen = p.Chosen.With(o.ID)
	speak(&p, o.Reply, say)
	p.Left = p.Left.With(int(p.Scene))
	return sc.follow(p, o.Way, say)
}

// affect moves the meters, as strongly as the persona feels it.
func (sc *Scenario) affect(p *Position, effects []Effect) {
	for _, e := range effects {
		by := e.By
		if len(sc.Personas) > 0 {
			by = sc.Personas[p.Persona].felt(e)
		}
		p.Meters[e.Meter] = int8(min(max(int(p.Meters[e.Meter])+by, 0), 100))
	}
}

// felt is an effect in this temperament, rounded to a step of five, halves away
// from zero, and never to nothing.
func (t *Persona) felt(e Effect) int {
	percent, sign, by := t.Rise[e.Meter], 1, e.By
	if by < 0 {
		percent, sign, by = t.Fall[e.Meter], -1, -by
	}
	return sign * max(5, (by*percent+250)/500*5)
}

// Within reports whether document d can be reached for at p.
func (sc *Scenario) Within(p *Position, d int) bool {
	from := sc.Documents[d].Scene
	return int(p.Scene) == from || p.Left.Has(from)
}

// Ended reports whether p is at an ending.
func (sc *Scenario) Ended(p *Position) bool { return sc.Scenes[p.Scene].Ending != "" }

func speak(p *Position, beats []Beat, say func(Line)) {
	for _, b := range beats {
		for i := range b {
			if b[i].When.holds(p) {
				say(b[i])
				break
			}
		}
	}
}

// Mood turns a meter's value 0–100 into one of seven faces, 1–7: equal bands
// of three steps of five. The curriculum's scale −3…+3 is Mood − 4.
func Mood(value int) int { return 1 + value*7/101 }
