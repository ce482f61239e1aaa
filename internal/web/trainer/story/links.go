package story

import (
	"slices"

	"qibu/internal/academy"
)

// link is a way drawn from one scene to another. A way through a called scene
// is two: into it, and from where it returns on to where the caller wanted.
type link struct {
	from, port, to int
	back           bool // returns to a caller
}

// linksOf lists every link but those that come straight back to their scene.
func linksOf(scenes []academy.MapScene) []link {
	homes := homesOf(scenes)
	var links []link
	for i, s := range scenes {
		for k, w := range s.Ways {
			switch {
			case w.Call != 0:
				links = append(links, link{from: i, port: k, to: w.Call})
			case w.Returns():
				for _, home := range homes[i] {
					links = append(links, link{from: i, port: k, to: home, back: true})
				}
			case w.To != i:
				links = append(links, link{from: i, port: k, to: w.To})
			}
		}
	}
	return links
}

// homesOf says, for every scene that is called or lies behind one that is, where
// its callers go on. A caller that is itself called and wants to return hands on
// the homes of its own callers, so it takes as many rounds as calls are deep.
func homesOf(scenes []academy.MapScene) [][]int {
	homes := make([][]int, len(scenes))
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
		for i, s := range scenes {
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
