package story

import (
	"cmp"
	"slices"

	"qibu/internal/academy"
)

// trap is an answer short of the best, with its scene.
type trap struct {
	academy.MapWay
	Scene int
}

// An answer fools people when so many percent of them give it, more than once, and
// there is a better one. The list names the worst few.
const (
	fooledShare = 30
	fooledTimes = 2
	worstTraps  = 5
)

// fools reports whether a way short of the best takes in many.
func fools(w academy.MapWay) bool {
	return w.Short && w.Taken.ExamShare >= fooledShare && w.Taken.Exams >= fooledTimes
}

// trapsOf lists what takes in most people, the worst first.
func trapsOf(m academy.StoryMap) []trap {
	var list []trap
	for i, s := range m.Scenes {
		for _, w := range s.Ways {
			if fools(w) && w.Kind == academy.WayOption {
				list = append(list, trap{w, i})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b trap) int { return cmp.Compare(b.Taken.ExamShare, a.Taken.ExamShare) })
	return list[:min(worstTraps, len(list))]
}

// credit is what a way earns in all competences together.
func credit(w academy.MapWay) int {
	sum := 0
	for _, x := range w.Scores {
		sum += x.Points
	}
	return sum
}

// widest is the most options any scene has.
func widest(m academy.StoryMap) int {
	most := 0
	for _, s := range m.Scenes {
		for _, w := range s.Ways {
			most = max(most, w.Number)
		}
	}
	return most
}

// silences reports whether there is a limit of time anywhere.
func silences(m academy.StoryMap) bool {
	return slices.ContainsFunc(m.Scenes, func(s academy.MapScene) bool { return silenceOf(s) != nil })
}

// answerOf is the option with a number; nil when the scene has not as many.
func answerOf(s academy.MapScene, number int) *academy.MapWay {
	return wayWhere(s, func(w academy.MapWay) bool { return w.Number == number })
}

func silenceOf(s academy.MapScene) *academy.MapWay {
	return wayWhere(s, func(w academy.MapWay) bool { return w.Kind == academy.WaySilence })
}

func wayWhere(s academy.MapScene, is func(academy.MapWay) bool) *academy.MapWay {
	if i := slices.IndexFunc(s.Ways, is); i >= 0 {
		return &s.Ways[i]
	}
	return nil
}

// heatSteps is how many strengths of colour there are.
const heatSteps = 5

// heat is how an answer is coloured: the more people, the stronger, and in
// another colour what should not have been said.
func heat(w academy.MapWay) string {
	if w.Taken.Exams == 0 {
		return "heat-none"
	}
	kind := "heat-good"
	switch {
	case w.RedLine != "":
		kind = "heat-red"
	case w.Short:
		kind = "heat-short"
	}
	return kind + " heat-" + num((w.Taken.ExamShare*heatSteps+99)/100)
}
