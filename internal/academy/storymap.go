package academy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/stage"
)

// StoryMap is a scenario as its authors and trainers read it: what is said where,
// what can be answered and where that leads. It holds the keys, so nothing of it
// may be shown to a learner.
type StoryMap struct {
	Slug, Title, TitleEN string
	Dimensions           []MapDimension
	Scenes               []MapScene
	Places               map[string]Place // where scenes stand on the map, by name; those never placed are missing
	Counted              bool             // runs were counted: the figures mean something
	Exams, Practices     int              // runs of the edition in force in the store
}

// Place is where a scene stands on the map.
type Place = store.Place

// MapDimension is a competence by the key that scores name it with.
type MapDimension struct{ Key, Name string }

// MapScene is one scene. Its index in the map is what ways lead to.
type MapScene struct {
	Name      string
	Ending    string // title of the ending; "" when the story goes on
	Hub       bool   // a 话题组: its options lead back to it
	Called    bool   // part of what is called, and left again to whoever called
	Effects   []MapEffect
	Lines     []MapLine
	Documents []MapDocument // within reach from here on
	Ways      []MapWay      // options, then the silence, then jumps
	Exams     int           // decisions made here in exams
	Arrived   int           // runs that came to this ending
}

// Decides reports whether there is something to say in the scene.
func (s MapScene) Decides() bool { return len(s.Ways) > 0 && s.Ways[0].Kind == WayOption }

// MapLine is something said. When is its condition in the words of the language,
// "" when it is said in any case.
type MapLine struct {
	Kind, Who, Expression, Text, When string
}

// MapDocument is a paper with what it tells.
type MapDocument struct{ Name, Text string }

// MapEffect is how far a meter moves.
type MapEffect struct {
	Meter string
	By    int
}

// The kinds of MapWay.
const (
	WayOption  = "option"  // something the learner may say
	WaySilence = "silence" // what saying nothing for so long counts as
	WayJump    = "jump"    // where the story goes on when nothing can be said
)

// MapWay is one way on from a scene.
type MapWay struct {
	Kind     string
	Number   int    // of an option, counted from 1 in its scene
	Seconds  int    // of a silence
	Text     string // of an option
	When     string // condition in the words of the language, "" for none
	Topic    string // of a hub
	Must     bool   // the topic has to be raised
	Repeat   bool
	Call, To int   // scenes; Call is 0 for none, To may be roleplay's Return
	Leads    []int // the scenes it may enter next: those of all callers, when it returns to several
	Entered  []int // how often each of them was, as far as what followed tells
	Scores   []stage.Points
	Effects  []MapEffect
	Best     bool // of what stands beside it nothing is worth more, and something is worth less
	Short    bool // something beside it is worth more
	RedLine  string
	Coaching string
	Expert   string
	Basis    string
	Sources  []string
	Reply    []MapLine
	Taken    Taken
}

// Returns reports whether the way leads back to whoever called the scene.
func (w MapWay) Returns() bool { return w.To == roleplay.Return }

// Taken is how often a way was taken.
type Taken struct {
	Exams, Practices int // times
	Share            int // percent of all decisions made in the scene, in a hub of those about the topic
	ExamShare        int // the same of exams alone
	Ended            int // exams played to an ending in which it was taken
	Mean             int // mean total of those, in percent; 0 when there are none
}

// Times is how often in all.
func (t Taken) Times() int { return t.Exams + t.Practices }

// StoryMap shows a scenario in force: what is said where, where it leads, where its
// scenes stand on the map and, to whoever coaches a store, how often its people
// took each way.
func (a *Academy) StoryMap(ctx context.Context, who people.Actor, slug string) (m StoryMap, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return m, err
	}
	l := a.Library()
	sc, ok := l.Scenarios[slug]
	if !ok {
		return m, fault.New(fault.NotFound, "error.not_found")
	}
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		m = readMap(sc)
		if m.Places, err = tx.Places(slug); err != nil || people.Reach(who, people.Coach) == people.None {
			return err
		}
		return m.count(tx, who.StoreID, slug, l.Hash(scenarioKind, slug))
	})
	return m, err
}

// Choices shows how often the people of the actor's store said what, in exams of the
// edition in force.
func (a *Academy) Choices(ctx context.Context, who people.Actor, slug string) (m StoryMap, err error) {
	if err := people.May(who, people.Coach); err != nil {
		return m, err
	}
	l := a.Library()
	sc, ok := l.Scenarios[slug]
	if !ok {
		return m, fault.New(fault.NotFound, "error.not_found")
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		m = readMap(sc)
		return m.count(tx, who.StoreID, slug, l.Hash(scenarioKind, slug))
	})
	return m, err
}

// DraftMap shows a scenario that is being written: its scenes stand where those of
// the same name in scenario slug stand, and nobody has played it.
func (a *Academy) DraftMap(ctx context.Context, who people.Actor, slug string, sc *roleplay.Scenario) (m StoryMap, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return m, err
	}
	m = readMap(sc)
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		m.Places, err = tx.Places(slug)
		return err
	})
	return m, err
}

// The largest layout that is kept, and how far from the middle a scene may stand.
const (
	maxPlaces   = roleplay.MaxScenes
	maxDistance = 100_000
)

// PlaceScenes keeps where scenes of a scenario stand on its map, for everybody.
// Those that stand somewhere already move only when moved is set: so a browser
// that has laid out a map for the first time cannot undo what somebody arranged.
func (a *Academy) PlaceScenes(ctx context.Context, who people.Actor, slug string, places map[string]Place, moved bool) error {
	if err := people.May(who, people.WriteScript); err != nil {
		return err
	}
	if len(places) > maxPlaces {
		return fault.New(fault.TooLarge, "error.too_large")
	}
	for scene, p := range places {
		if scene == "" || len(scene) > maxSceneName || max(p.X, -p.X, p.Y, -p.Y) > maxDistance {
			return fault.New(fault.Invalid, "error.bad_request")
		}
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if err := a.written(tx, scenarioKind, slug); err != nil {
			return err
		}
		if moved {
			return tx.MoveScenes(slug, places)
		}
		return tx.PlaceScenes(slug, places)
	})
}

// maxSceneName bounds the name of a scene with a place, in bytes.
const maxSceneName = 300

// count adds how often the people of a store took each way, and where they arrived.
func (m *StoryMap) count(tx *store.Tx, storeID, slug, edition string) error {
	tallies, err := tx.Tallies(storeID, slug, edition)
	if err != nil {
		return err
	}
	passages, err := tx.Passages(storeID, slug, edition)
	if err != nil {
		return err
	}
	arrivals, err := tx.Arrivals(storeID, slug, edition)
	if err != nil {
		return err
	}
	m.Counted = true
	for _, t := range tallies {
		if w := m.decision(t.Kind, t.Ref); w != nil {
			w.Taken = Taken{Exams: t.Exams, Practices: t.Practices, Ended: t.Ended}
			if t.Ended > 0 {
				w.Taken.Mean = (2*t.Total + t.Ended) / (2 * t.Ended)
			}
		}
	}
	for i := range m.Scenes {
		m.Scenes[i].share()
	}
	for _, x := range passages {
		m.pass(x)
	}
	for _, x := range arrivals {
		m.arrive(x)
	}
	return nil
}

// pass counts how people came from one decision to the next. A log does not name
// the jumps between: they are the shortest way there is without saying anything.
func (m *StoryMap) pass(x store.Passage) {
	from := m.decision(x.Kind, x.Ref)
	to := slices.IndexFunc(m.Scenes, func(s MapScene) bool { return s.Ending != "" && s.Ending == x.Ending })
	if x.NextRef != "" {
		name, _, _ := strings.Cut(x.NextRef, "#")
		to = slices.IndexFunc(m.Scenes, func(s MapScene) bool { return s.Name == name })
	}
	if from == nil || to < 0 {
		return
	}
	for i, hop := range m.hops(from, to) {
		hop.way.Entered[hop.lead] += x.Times
		switch {
		case i == 0: // the decision itself has been counted
		case x.Exam:
			hop.way.Taken.Exams += x.Times
		default:
			hop.way.Taken.Practices += x.Times
		}
	}
}

// decision finds the way that an entry of a log took. A log names an option by its
// scene and number, a silence by its scene.
func (m *StoryMap) decision(kind, ref string) *MapWay {
	name, number, _ := strings.Cut(ref, "#")
	for i := range m.Scenes {
		for k := range m.Scenes[i].Ways {
			w := &m.Scenes[i].Ways[k]
			silent := kind == roleplay.SayNothing && w.Kind == WaySilence
			said := kind == roleplay.Choose && w.Kind == WayOption && strconv.Itoa(w.Number) == number
			if m.Scenes[i].Name == name && (silent || said) {
				return w
			}
		}
	}
	return nil
}

// hop is a way taken, and which of the scenes it leads to was entered.
type hop struct {
	way  *MapWay
	lead int
}

// hops are the shortest way from a decision to a scene, over jumps only; nil when
// there is no such way.
func (m *StoryMap) hops(from *MapWay, to int) []hop {
	type step struct {
		scene int
		taken []hop
	}
	var open []step
	follow := func(taken []hop, w *MapWay) {
		for lead, scene := range w.Leads {
			open = append(open, step{scene, append(slices.Clone(taken), hop{w, lead})})
		}
	}
	follow(nil, from)
	known := map[int]bool{}
	for ; len(open) > 0; open = open[1:] {
		at := open[0]
		if at.scene == to {
			return at.taken
		}
		ways := m.Scenes[at.scene].Ways
		for k := range ways {
			if ways[k].Kind == WayJump && !known[at.scene] {
				follow(at.taken, &ways[k])
			}
		}
		known[at.scene] = true
	}
	return nil
}

// share relates the decisions made in the scene to each other, in a hub those
// about the same topic.
func (s *MapScene) share() {
	all, exams := map[string]int{}, map[string]int{} // by topic
	for _, w := range s.Ways {
		s.Exams += w.Taken.Exams
		all[w.Topic] += w.Taken.Times()
		exams[w.Topic] += w.Taken.Exams
	}
	for k := range s.Ways {
		w := &s.Ways[k]
		w.Taken.Share, w.Taken.ExamShare = share(w.Taken.Times(), all[w.Topic]), share(w.Taken.Exams, exams[w.Topic])
	}
}

// share is n of all in whole percent, rounded half up; 0 of nothing.
func share(n, all int) int {
	if all == 0 {
		return 0
	}
	return (200*n + all) / (2 * all)
}

func (m *StoryMap) arrive(x store.Arrival) {
	if x.Exam {
		m.Exams += x.Times
	} else {
		m.Practices += x.Times
	}
	for i := range m.Scenes {
		if s := &m.Scenes[i]; s.Ending != "" && s.Ending == x.Ending {
			s.Arrived += x.Times
		}
	}
}

// readMap lays a scenario open, without places and figures.
func readMap(sc *roleplay.Scenario) StoryMap {
	m := StoryMap{Slug: sc.Slug, Title: sc.Title, TitleEN: sc.TitleEN, Scenes: make([]MapScene, len(sc.Scenes))}
	for _, d := range sc.Dimensions {
		m.Dimensions = append(m.Dimensions, MapDimension{d.Key, d.Name})
	}
	for i := range sc.Scenes {
		s := &sc.Scenes[i]
		m.Scenes[i] = MapScene{
			Name: s.Name, Ending: s.Ending, Hub: len(s.Topics) > 0,
			Effects: mapEffects(sc, s.Effects), Lines: mapLines(sc, s.Beats), Ways: mapWays(sc, s),
		}
	}
	for _, d := range sc.Documents {
		s := &m.Scenes[d.Scene]
		s.Documents = append(s.Documents, MapDocument{d.Name, d.Text})
	}
	m.markCalled()
	m.lead()
	return m
}

// markCalled marks the scenes that are called, and those they lead to.
func (m *StoryMap) markCalled() {
	var open []int
	mark := func(i int) {
		if i >= 0 && !m.Scenes[i].Called {
			m.Scenes[i].Called = true
			open = append(open, i)
		}
	}
	for _, s := range m.Scenes {
		for _, w := range s.Ways {
			if w.Call != 0 {
				mark(w.Call)
			}
		}
	}
	for ; len(open) > 0; open = open[1:] {
		for _, w := range m.Scenes[open[0]].Ways {
			mark(w.To)
		}
	}
}

// lead says of every way which scenes it may enter next.
func (m *StoryMap) lead() {
	homes := m.homes()
	for i, s := range m.Scenes {
		for k := range s.Ways {
			switch w := &s.Ways[k]; {
			case w.Call != 0:
				w.Leads = []int{w.Call}
			case w.Returns():
				w.Leads = homes[i]
			default:
				w.Leads = []int{w.To}
			}
			s.Ways[k].Entered = make([]int, len(s.Ways[k].Leads))
		}
	}
}

// homes says, for every scene that is called or lies behind one that is, where
// its callers go on. A caller that is itself called and wants to return hands on
// the homes of its own callers, so it takes as many rounds as calls are deep.
func (m *StoryMap) homes() [][]int {
	homes := make([][]int, len(m.Scenes))
	add := func(scene int, more ...int) (added bool) {
		for _, home := range more {
			if at, known := slices.BinarySearch(homes[scene], home); !known {
				homes[scene] = slices.Insert(homes[scene], at, home)
				added = true
			}
		}
		return added
	}
	for changed := true; changed; {
		changed = false
		for i, s := range m.Scenes {
			for _, w := range s.Ways {
				switch {
				case w.Call != 0 && w.Returns():
					changed = add(w.Call, homes[i]...) || changed
				case w.Call != 0:
					changed = add(w.Call, w.To) || changed
				}
				if !w.Returns() && s.Called {
					changed = add(w.To, homes[i]...) || changed
				}
			}
		}
	}
	return homes
}

func mapWays(sc *roleplay.Scenario, s *roleplay.Scene) []MapWay {
	var ways []MapWay
	for i := range s.Options {
		o := &s.Options[i]
		w := mapOption(sc, o)
		w.Kind, w.Number = WayOption, i+1
		if o.Topic > 0 {
			w.Topic, w.Must = s.Topics[o.Topic-1].Name, s.Topics[o.Topic-1].Must
		}
		ways = append(ways, w)
	}
	if s.Silence != nil {
		w := mapOption(sc, &s.Silence.Option)
		w.Kind, w.Seconds = WaySilence, s.Silence.Seconds
		ways = append(ways, w)
	}
	markBest(sc, s, ways)
	for _, j := range s.Jumps {
		ways = append(ways, MapWay{Kind: WayJump, When: words(sc, j.When), Call: j.Call, To: j.To})
	}
	return ways
}

func mapOption(sc *roleplay.Scenario, o *roleplay.Option) MapWay {
	w := MapWay{
		Text: o.Text, When: words(sc, o.When), Repeat: o.Repeat, Call: o.Call, To: o.To, Effects: mapEffects(sc, o.Effects),
		RedLine: o.RedLine, Coaching: o.Coaching, Expert: o.Expert, Basis: o.Basis, Sources: o.Sources, Reply: mapLines(sc, o.Reply),
	}
	for _, x := range o.Scores {
		w.Scores = append(w.Scores, stage.Points{Key: sc.Dimensions[x.Dimension].Key, Points: x.Points})
	}
	return w
}

// markBest compares the options that stand for the same topic. ways begin with the
// scene's options.
func markBest(sc *roleplay.Scenario, s *roleplay.Scene, ways []MapWay) {
	most, least := map[int]int{}, map[int]int{} // by topic
	for i := range s.Options {
		o := &s.Options[i]
		worth := sc.Worth(o)
		if _, known := most[o.Topic]; !known {
			most[o.Topic], least[o.Topic] = worth, worth
		}
		most[o.Topic], least[o.Topic] = max(most[o.Topic], worth), min(least[o.Topic], worth)
	}
	for i := range s.Options {
		o := &s.Options[i]
		ways[i].Best = sc.Worth(o) == most[o.Topic] && most[o.Topic] > least[o.Topic]
		ways[i].Short = sc.Worth(o) < most[o.Topic]
	}
}

func mapEffects(sc *roleplay.Scenario, effects []roleplay.Effect) []MapEffect {
	var list []MapEffect
	for _, e := range effects {
		list = append(list, MapEffect{sc.Meters[e.Meter].Name, e.By})
	}
	return list
}

// mapLines lists what may be said, each line with its own condition. After the
// first of a group of alternatives, none means otherwise.
func mapLines(sc *roleplay.Scenario, beats []roleplay.Beat) []MapLine {
	var lines []MapLine
	for _, b := range beats {
		for i, l := range b {
			x := MapLine{Kind: l.Kind, Who: l.Who, Expression: l.Expression, Text: l.Text, When: words(sc, l.When)}
			if i > 0 && l.When == nil {
				x.When = "否则"
			}
			lines = append(lines, x)
		}
	}
	return lines
}

// words says a condition as a script writes it; "" for none.
func words(sc *roleplay.Scenario, c *roleplay.Condition) string {
	if c == nil {
		return ""
	}
	switch c.Op {
	case "and", "or":
		return joined(sc, c)
	case "not":
		return "非 " + enclosed(sc, c.Of[0])
	case "opened":
		return "已看(" + sc.Documents[c.Index].Name + ")"
	case "left":
		return "去过(" + sc.Scenes[c.Index].Name + ")"
	case "chosen":
		return chosenWords(sc, c.Index)
	}
	return fmt.Sprintf("%s%s%d", sc.Meters[c.Index].Name, strings.Replace(c.Op, "==", "=", 1), c.Value)
}

func joined(sc *roleplay.Scenario, c *roleplay.Condition) string {
	parts := make([]string, len(c.Of))
	for i, x := range c.Of {
		parts[i] = enclosed(sc, x)
	}
	return strings.Join(parts, map[string]string{"and": " 且 ", "or": " 或 "}[c.Op])
}

// enclosed is a part of a condition, in brackets when it has parts itself.
func enclosed(sc *roleplay.Scenario, c roleplay.Condition) string {
	if c.Op == "and" || c.Op == "or" {
		return "(" + joined(sc, &c) + ")"
	}
	return words(sc, &c)
}

func chosenWords(sc *roleplay.Scenario, id int) string {
	for i := range sc.Scenes {
		s := &sc.Scenes[i]
		for n := range s.Options {
			if s.Options[n].ID == id {
				return "选过(" + sc.Ref(i, n) + ")"
			}
		}
		if s.Silence != nil && s.Silence.ID == id {
			return "沉默过(" + s.Name + ")"
		}
	}
	return ""
}
