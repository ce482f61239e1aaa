package story

import "qibu/internal/academy"

// link is a way drawn from one scene to another. A way through a called scene
// is two: into it, and from where it returns on to where the caller wanted.
type link struct {
	from, port, to int
	back           bool // returns to a caller
	times          int  // taken
}

// linksOf lists every link but those that come straight back to their scene.
func linksOf(scenes []academy.MapScene) []link {
	var links []link
	for i, s := range scenes {
		for k, w := range s.Ways {
			for n, to := range w.Leads {
				times := w.Taken.Times()
				if len(w.Leads) > 1 {
					times = w.Entered[n]
				}
				if to != i || w.Returns() {
					links = append(links, link{from: i, port: k, to: to, back: w.Returns(), times: times})
				}
			}
		}
	}
	return links
}
