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

// An answer fools people when so many percent of them give it, and there is a
// better one. The list names the worst few.
const (
	fooledShare = 30
	worstTraps  = 5
)

// fools reports whether a way short of the best takes in many.
func fools(w academy.MapWay) bool {
	return w.Short && w.Taken.ExamShare >= fooledShare
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

// heat is how a row is coloured: the more people, the stronger, and in another
// colour what should not have been said.
func heat(w academy.MapWay) string {
	if w.Taken.Exams == 0 {
		return "heat-none"
	}
	if w.RedLine != "" {
		return "heat-red"
	}
	if w.Short {
		return "heat-short"
	}
	return "heat-good"
}
