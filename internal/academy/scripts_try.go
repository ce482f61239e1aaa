package academy

import (
	"context"
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/roleplay"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// The moves of a path, in the words of a 试演.
const (
	moveChoose  = "选 " // and the option, "开场#2"
	moveOpen    = "看 " // and the document
	moveSilence = "沉默"
)

// maxMoves bounds a path.
const maxMoves = 500

// Tryout is a script tried out by its author: what was said along a path, and
// with the keys what can be said there. Nothing of it is kept.
type Tryout struct {
	Path      []string // the moves that could be made
	Lost      int      // further moves that cannot be made (any more)
	Personas  []string // to choose from, when the customer's temperament is drawn
	Persona   string   // the one chosen, "" when there is nothing to choose
	Scene     string
	Lines     []stage.Line
	Documents []TryoutDocument // within reach and not opened yet
	Ways      []TryoutWay      // of the scene: options, then the silence
	Meters    []stage.Gauge
	Points    []stage.Points // earned so far
	RedLines  int
	Ending    string // "" while the story goes on
}

// TryoutDocument is a paper, and the move that opens it.
type TryoutDocument struct{ Name, Move string }

// TryoutWay is something to say, or to leave unsaid, and the move that does it.
type TryoutWay struct {
	MapWay
	Move string
	Open bool // it can be said here; else its condition does not hold or it is spent
}

// Stuck reports whether the story can neither go on nor has ended.
func (t Tryout) Stuck() bool {
	return t.Ending == "" && !slices.ContainsFunc(t.Ways, func(w TryoutWay) bool { return w.Open })
}

// TryScript follows a path through a text that need not be saved, with the
// customer in a temperament of the script's: the first where it has none of that
// name. A text that cannot be read is Invalid; a move that is not possible ends
// the path.
func (a *Academy) TryScript(_ context.Context, who people.Actor, slug, source, persona string, path []string) (t Tryout, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return t, err
	}
	if source, err = readable(source, MaxScript); err != nil {
		return t, err
	}
	if len(path) > maxMoves {
		return t, fault.New(fault.TooLarge, "error.too_large")
	}
	read, _ := script.Parse(slug+".md", []byte(source))
	if read == nil {
		return t, invalid("source", "script.unreadable")
	}
	return tryOut(read.Scenario, persona, path)
}

func tryOut(sc *roleplay.Scenario, persona string, path []string) (t Tryout, err error) {
	game := roleplay.Session{Scenario: t.meet(sc, persona)}
	var log []roleplay.Event
	for _, move := range path {
		st, err := game.Fold(log)
		if err != nil {
			break
		}
		next := append(slices.Clip(log), moveEvent(move, st))
		if _, err := game.Fold(next); err != nil {
			break
		}
		log, t.Path = next, append(t.Path, move)
	}
	t.Lost = len(path) - len(t.Path)
	return t, t.stand(game, log)
}

// meet has the customer in one temperament where the seed would draw it.
func (t *Tryout) meet(sc *roleplay.Scenario, persona string) *roleplay.Scenario {
	if len(sc.Personas) < 2 {
		return sc
	}
	for _, p := range sc.Personas {
		t.Personas = append(t.Personas, p.Name)
	}
	chosen := max(0, slices.Index(t.Personas, persona))
	t.Persona = t.Personas[chosen]
	return sc.Fixed(chosen)
}

// moveEvent is what a move does at st; of no known kind, it does nothing.
func moveEvent(move string, st roleplay.State) roleplay.Event {
	if ref, ok := strings.CutPrefix(move, moveChoose); ok {
		return roleplay.Event{Step: st.Step, Kind: roleplay.Choose, Ref: ref}
	}
	if ref, ok := strings.CutPrefix(move, moveOpen); ok {
		return roleplay.Event{Step: st.Step, Kind: roleplay.Open, Ref: ref}
	}
	if move == moveSilence {
		return roleplay.Event{Step: st.Step, Kind: roleplay.SayNothing, Ref: st.Scene}
	}
	return roleplay.Event{Step: st.Step}
}

// stand fills in where the log has led.
func (t *Tryout) stand(game roleplay.Session, log []roleplay.Event) error {
	st, err := game.Fold(log)
	view := game.View(st)
	t.Scene, t.Lines, t.RedLines = st.Scene, view.Lines, st.RedLines
	if err != nil {
		return nil //nolint:nilerr // a story that goes round from its first scene on: there is nothing to say
	}
	record, err := game.Record(log)
	if err != nil {
		return err
	}
	t.Ending, t.Meters, t.Points = record.Outcome.Ending, record.Outcome.Meters, record.Outcome.Points
	if st.Ended {
		return nil
	}
	for _, d := range view.Documents {
		if !d.Opened {
			t.Documents = append(t.Documents, TryoutDocument{d.Name, moveOpen + d.Name})
		}
	}
	t.Ways = ways(game, log, st, view)
	return nil
}

// ways lists what can and what cannot be said at st.
func ways(game roleplay.Session, log []roleplay.Event, st roleplay.State, view stage.View) (list []TryoutWay) {
	open := map[string]bool{}
	for _, o := range view.Options {
		if e, err := game.Resolve(st, o.Token); err == nil {
			open[moveChoose+e.Ref] = true
		}
	}
	_, err := game.Fold(append(slices.Clip(log), moveEvent(moveSilence, st)))
	open[moveSilence] = err == nil
	sc := game.Scenario
	at := slices.IndexFunc(sc.Scenes, func(s roleplay.Scene) bool { return s.Name == st.Scene })
	for _, w := range mapWays(sc, &sc.Scenes[at]) {
		var move string
		switch w.Kind {
		case WayOption:
			move = moveChoose + sc.Ref(at, w.Number-1)
		case WaySilence:
			move = moveSilence
		default:
			continue
		}
		list = append(list, TryoutWay{MapWay: w, Move: move, Open: open[move]})
	}
	return list
}
