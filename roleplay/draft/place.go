package draft

import (
	"slices"

	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// Place is how far the story has been told: the end of a scene, or of what
// follows an option. After Go it has been left, and what is told there is lost.
type Place struct {
	story    *Story
	scene    int
	option   int // of the scene; inScene when it is the scene itself
	left     bool
	deciding bool   // it is between its options
	name     string // of the scenes it goes on in
	line     int
}

const inScene = -1

// At is the place at the beginning of a scene.
func (s *Story) At(scene int) *Place {
	return &Place{story: s, scene: scene, option: inScene, name: s.sc.Scenes[scene].Name, line: s.lines[scene]}
}

// Left reports whether the story has gone on from here.
func (p *Place) Left() bool { return p.left }

// Scene is where the place is; what follows an option is in the scene of the option.
func (p *Place) Scene() int { return p.scene }

// Name is what the scenes that go on from here are called.
func (p *Place) Name() string { return p.name }

func (p *Place) now() *roleplay.Scene { return &p.story.sc.Scenes[p.scene] }

func (p *Place) choice() *roleplay.Option {
	if p.option == inScene {
		return nil
	}
	return &p.now().Options[p.option]
}

func (p *Place) beats() *[]roleplay.Beat {
	if o := p.choice(); o != nil {
		return &o.Reply
	}
	return &p.now().Beats
}

// Line is a line in nobody's voice; Finish finds out who says it.
func Line(text string, when roleplay.Condition) roleplay.Line {
	return roleplay.Line{Kind: stage.KindStage, Text: speech(text), When: When(when)}
}

// Say adds lines of which the first that holds is said. A guarded line of its
// own after another would be read as its alternative: it opens a new scene.
func (p *Place) Say(line int, lines ...roleplay.Line) {
	b := settleBeat(slices.DeleteFunc(lines, func(l roleplay.Line) bool { return l.Text == "" }))
	if p.left || len(b) == 0 {
		return
	}
	said := *p.beats()
	if n := len(said); n > 0 && b[0].When != nil && said[n-1][len(said[n-1])-1].When != nil {
		p.Turn(line)
	}
	beats := p.beats()
	*beats = append(*beats, b)
}

// Affect moves a meter. What is said in one scene is said after its effects, so
// an effect that would come too early opens a new one.
func (p *Place) Affect(line, meter, by int) {
	if p.left || by == 0 {
		return
	}
	asked := func(b roleplay.Beat) bool {
		return slices.ContainsFunc(b, func(l roleplay.Line) bool { return asks(l.When, meter) })
	}
	effects := p.effects()
	k := slices.IndexFunc(*effects, func(e roleplay.Effect) bool { return e.Meter == meter })
	again := k >= 0 && ((*effects)[k].By > 0) != (by > 0)
	if again || slices.ContainsFunc(*p.beats(), asked) {
		p.Turn(line)
		effects, k = p.effects(), -1
	}
	if k < 0 {
		*effects = append(*effects, roleplay.Effect{Meter: meter})
		k = len(*effects) - 1
	}
	e := &(*effects)[k]
	e.By = min(max(e.By+by, -100), 100)
}

func (p *Place) effects() *[]roleplay.Effect {
	if o := p.choice(); o != nil {
		return &o.Effects
	}
	return &p.now().Effects
}

// Set gives a meter a value: all the way down, and up again.
func (p *Place) Set(line, meter, value int) {
	if value < 100 {
		p.Affect(line, meter, -100)
		p.Affect(line, meter, value)
	} else {
		p.Affect(line, meter, 100)
	}
}

// Go leads on. It is the last thing told here.
func (p *Place) Go(w roleplay.Way) {
	if p.left {
		return
	}
	p.left = true
	if o := p.choice(); o != nil {
		o.Way = w
		return
	}
	p.now().Jumps = append(p.now().Jumps, roleplay.Jump{Way: w})
}

// GoWhen leads on when the condition holds and nothing can be said.
func (p *Place) GoWhen(line int, when roleplay.Condition, w roleplay.Way) {
	p.decide(line)
	p.now().Jumps = append(p.now().Jumps, roleplay.Jump{When: When(when), Way: w})
}

// Call has another scene told up to where it returns, and goes on in a new one.
func (p *Place) Call(line, scene int) {
	if p.left {
		return
	}
	next := p.story.Scene(p.name, line)
	p.Go(roleplay.Way{Call: scene, To: next})
	p.scene, p.option, p.left, p.deciding = next, inScene, false, false
}

// Turn goes on in a new scene.
func (p *Place) Turn(line int) {
	if p.left {
		return
	}
	next := p.story.Scene(p.name, line)
	p.Go(roleplay.Way{To: next})
	p.scene, p.option, p.left, p.deciding = next, inScene, false, false
}

// decide goes on in a scene that has no decision yet, unless it has begun to
// decide in this one.
func (p *Place) decide(line int) {
	if !p.deciding && (p.option != inScene || len(p.now().Options) > 0 || len(p.now().Jumps) > 0) {
		p.Turn(line)
	}
	p.deciding = true
}

// Offer adds an option to the decision here and returns the place after it.
func (p *Place) Offer(line int, o roleplay.Option) *Place {
	p.decide(line)
	o.Text, o.Way = utterance(o.Text), Over
	t := p.now()
	t.Options = append(t.Options, o)
	return &Place{story: p.story, scene: p.scene, option: len(t.Options) - 1, name: p.name, line: line}
}
