package roleplay

// Pack is a temperament a trainer gives a customer by name. It colours the
// mood and, where a scenario has a meter of that name, the trust; every other
// meter moves as written.
type Pack struct {
	Name        string
	Mood, Trust Temper
}

// Temper is how one meter is felt: how far its start is shifted, and how
// strongly it rises and falls, in percent of what is written.
type Temper struct{ Shift, Rise, Fall int }

// Packs are the temperaments there are.
var Packs = []Pack{
	{"急躁", Temper{0, 100, 150}, asWritten},
	{"多疑", asWritten, Temper{-10, 50, 150}},
	{"老成持重", Temper{0, 50, 50}, asWritten},
	{"爽快", Temper{0, 150, 100}, Temper{0, 150, 100}},
	{"挑剔", Temper{0, 50, 150}, asWritten},
	{"健谈", asWritten, Temper{10, 100, 100}},
}

var asWritten = Temper{0, 100, 100}

// trust is the name of the meter a pack's Trust is about.
const trust = "信任"

// Persona spreads the pack over the meters of a scenario.
func (k Pack) Persona(sc *Scenario) Persona {
	t := Persona{Name: k.Name}
	for i, m := range sc.Meters {
		x := asWritten
		switch {
		case i == sc.Mood:
			x = k.Mood
		case m.Name == trust:
			x = k.Trust
		}
		t.Shift, t.Rise, t.Fall = append(t.Shift, x.Shift), append(t.Rise, x.Rise), append(t.Fall, x.Fall)
	}
	return t
}

// felt is an effect in this temperament, rounded to a step of five, halves away
// from zero. What is written to move the meter moves it by one step at least.
func (t *Persona) felt(e Effect) int {
	switch {
	case e.By > 0:
		return share(e.By, t.Rise[e.Meter])
	case e.By < 0:
		return -share(-e.By, t.Fall[e.Meter])
	}
	return 0
}

func share(by, percent int) int { return max(5, (by*percent+250)/500*5) }

// Fixed is the scenario with a customer of no other temperament than the
// persona of that index, as a 试演 asks for him.
func (sc *Scenario) Fixed(persona int) *Scenario {
	fixed := *sc
	fixed.Personas = sc.Personas[persona : persona+1]
	return &fixed
}

// Persona is the index of the customer's temperament in this session: of
// several the seed draws one, each as likely as the other. Without any it is 0.
func (s Session) Persona() int {
	if n := len(s.Scenario.Personas); n > 1 {
		return s.draw("persona").below(n)
	}
	return 0
}
