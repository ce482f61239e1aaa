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
// that index (0 when there is none). say is told every line on the way; nil
// when nobody listens, here and in Choose.
func (sc *Scenario) Start(persona int, say func(Line)) (Position, error) {
	p := Position{Persona: uint8(persona)}
	for i, m := range sc.Meters {
		v := m.Start
		if len(sc.Personas) > 0 {
			v += sc.Personas[persona].Shift[i]
		}
		p.Meters[i] = int8(min(max(v, 0), 100))
	}
	err := sc.follow(&p, Way{}, say)
	return p, err
}

// follow takes a way and goes on through scenes in which nothing can be said,
// until there is a decision or an ending, or no way on. A story that passes so
// many scenes without ever offering anything goes round: an error.
func (sc *Scenario) follow(p *Position, w Way, say func(Line)) error {
	for range (MaxCalls + 1) * (len(sc.Scenes) + 1) {
		if err := sc.enter(p, w); err != nil {
			return err
		}
		s := &sc.Scenes[p.Scene]
		if len(s.Topics) == 0 || !s.resumed(p) {
			sc.affect(p, s.Effects)
			speak(p, s.Beats, say)
		}
		if s.Ending != "" || s.decides(p) {
			return nil
		}
		j := s.jump(p)
		if j == nil {
			return nil
		}
		p.Left = p.Left.With(int(p.Scene))
		w = j.Way
	}
	return fmt.Errorf("scene %q goes round without a decision", sc.Scenes[p.Scene].Name)
}

// enter stands p in the scene a way leads into, keeping in mind where a called
// scene is to return to. A call whose own way on is Return needs no note: the
// caller's return is the one to come.
func (sc *Scenario) enter(p *Position, w Way) error {
	to := w.To
	switch {
	case w.Call != 0:
		if to != Return && !p.call(to) {
			return fmt.Errorf("scene %q is called more than %d deep", sc.Scenes[w.Call].Name, MaxCalls)
		}
		to = w.Call
	case to == Return:
		var ok bool
		if to, ok = p.back(); !ok {
			return fmt.Errorf("scene %q returns without having been called", sc.Scenes[p.Scene].Name)
		}
	}
	p.Scene = uint8(to)
	return nil
}

// call notes where to return to, unless the calls are too deep already.
func (p *Position) call(to int) bool {
	for i := range p.Calls {
		if p.Calls[i] == 0 {
			p.Calls[i] = uint8(to + 1)
			return true
		}
	}
	return false
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

// resumed reports whether p is back at a hub that has been talked in before:
// what happens on arriving there does not happen again.
func (s *Scene) resumed(p *Position) bool {
	for i := range s.Options {
		if p.Chosen.Has(s.Options[i].ID) {
			return true
		}
	}
	return s.Silence != nil && p.Chosen.Has(s.Silence.ID)
}

// topics is a set of a hub's topics, counted from 1.
type topics uint64

func (s topics) has(t int) bool { return s>>(t-1)&1 == 1 }

// settled are the hub's topics of which an option has been chosen.
func (s *Scene) settled(p *Position) (done topics) {
	if len(s.Topics) == 0 {
		return 0
	}
	for i := range s.Options {
		if t := s.Options[i].Topic; t > 0 && p.Chosen.Has(s.Options[i].ID) {
			done |= 1 << (t - 1)
		}
	}
	return done
}

// over reports whether the scene is a hub in which every topic that must be
// raised has been.
func (s *Scene) over(done topics) bool {
	for i := range s.Topics {
		if s.Topics[i].Must && !done.has(i+1) {
			return false
		}
	}
	return len(s.Topics) > 0
}

// decides reports whether there is something to say at p.
func (s *Scene) decides(p *Position) bool {
	done := s.settled(p)
	if s.over(done) {
		return false
	}
	for i := range s.Options {
		if s.Options[i].open(p, done) {
			return true
		}
	}
	return false
}

// open reports whether the option can be chosen at p.
func (o *Option) open(p *Position, done topics) bool {
	return (o.Repeat || !p.Chosen.Has(o.ID)) && (o.Topic == 0 || !done.has(o.Topic)) && o.When.holds(p)
}

// jump is the first way on that holds, nil when there is none.
func (s *Scene) jump(p *Position) *Jump {
	if len(s.Topics) > 0 && !s.over(s.settled(p)) {
		return nil
	}
	for i := range s.Jumps {
		if s.Jumps[i].When.holds(p) {
			return &s.Jumps[i]
		}
	}
	return nil
}

// Offer lists the options that can be chosen at p, in script order, appended to open.
func (sc *Scenario) Offer(p *Position, open []int) []int {
	s := &sc.Scenes[p.Scene]
	done := s.settled(p)
	if s.Ending != "" || s.over(done) {
		return open
	}
	for i := range s.Options {
		if s.Options[i].open(p, done) {
			open = append(open, i)
		}
	}
	return open
}

// Limit is the silence that counts when the learner says nothing at p, nil when
// there is no limit of time there.
func (sc *Scenario) Limit(p *Position) *Silence {
	s := &sc.Scenes[p.Scene]
	if s.Silence == nil || p.Chosen.Has(s.Silence.ID) || s.Ending != "" || !s.decides(p) {
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
	err := sc.follow(&p, o.Way, say)
	return p, err
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

// Within reports whether document d can be reached for at p.
func (sc *Scenario) Within(p *Position, d int) bool {
	from := sc.Documents[d].Scene
	return int(p.Scene) == from || p.Left.Has(from)
}

// Ended reports whether p is at an ending.
func (sc *Scenario) Ended(p *Position) bool { return sc.Scenes[p.Scene].Ending != "" }

// speak says of every beat the first line that holds.
func speak(p *Position, beats []Beat, say func(Line)) {
	if say == nil {
		return
	}
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
