package ui

// icons are drawn on a 24 × 24 grid with a line of 1.7, as one path each.
var icons = map[string]string{
	"book":    "M4 5.5c3-1 5.5-.6 8 1 2.500-1.600 5-2 8-1v13c-3-1-5.500-.6-8 1-2.500-1.600-5-2-8-1zM12 6.500v13",
	"talk":    "M4 5h11v8H9l-3 3v-3H4zM15 9h5v8h-2v3l-3-3h-4v-2",
	"seal":    "M6 3h12v13H6zM9 7h6M9 10h6M12 16v5M9.500 19l2.500 2 2.500-2",
	"person":  "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c1-4 4-5.500 7.500-5.500s6.500 1.500 7.500 5.500",
	"people":  "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 19c.8-3.500 3.300-5 6.500-5s5.700 1.500 6.500 5M16 4.500a3.500 3.500 0 0 1 0 6.500M17.500 14.500c2.300.6 3.600 2 4 4.500",
	"board":   "M4 4h16v12H4zM8 20h8M12 16v4M8 12V9M12 12V7M16 12v-2",
	"assign":  "M5 4h10l4 4v12H5zM14 4v5h5M9 14h6M12 11v6",
	"eye":     "M2.500 12c2.500-4.500 5.700-6.500 9.500-6.500s7 2 9.500 6.500c-2.500 4.500-5.700 6.500-9.500 6.500s-7-2-9.500-6.500zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
	"desk":    "M3 8h18M5 8v11M19 8v11M5 13h6v6M8 4h8v4",
	"store":   "M4 9l1.500-5h13L20 9M4 9v11h16V9M4 9c0 2 3 2 4 0 1 2 3 2 4 0 1 2 3 2 4 0 1 2 4 2 4 0M10 20v-6h4v6",
	"list":    "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
	"pages":   "M7 3h10v14H7zM4 7v14h10",
	"check":   "M5 12.500l4.500 4.500L19 7.500",
	"alert":   "M12 4l9 16H3zM12 10v4.500M12 17.500h.01",
	"clock":   "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
	"late":    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500v5.500M12 16.500h.01",
	"circle":  "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z",
	"half":    "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 4v16M14.500 5v14M17 6.500v11",
	"pause":   "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9v6M14.500 9v6",
	"stop":    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM6 6l12 12",
	"search":  "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
	"next":    "M9 5l7 7-7 7",
	"prev":    "M15 5l-7 7 7 7",
	"undo":    "M9 14l-5-5 5-5M4 9h10.500a5.500 5.500 0 0 1 0 11H10",
	"up":      "M5 15l7-7 7 7",
	"down":    "M5 9l7 7 7-7",
	"outline": "M4 6h16M4 12h10M4 18h13",
	"paper":   "M6 3h9l3 3v15H6zM15 3v4h3M9 11h6M9 15h6",
	"folder":  "M3.500 6h6l2 2.500h9V19h-17z",
	"help":    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500c.2-1.500 1.200-2.300 2.500-2.300s2.500.9 2.500 2.300c0 1.800-2.500 2-2.500 4M12 17h.01",
	"print":   "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
	"cross":   "M6 6l12 12M18 6L6 18",
	"plus":    "M12 5v14M5 12h14",
	"minus":   "M5 12h14",
	"replay":  "M5 12a7 7 0 1 0 2.500-5.300M7 3v4.500h4.500M12 8.500v4l2.500 1.500",
	"chart":   "M4 20h16M7.500 20v-6M12 20V6M16.500 20v-9",
	"star":    "M12 4l2.500 5.200 5.500.8-4 4 1 5.700-5-2.700-5 2.700 1-5.700-4-4 5.500-.8z",
}

// IconPath is the line of an icon, for a drawing that has it inside.
func IconPath(name string) string {
	d, ok := icons[name]
	if !ok {
		panic("no icon " + name) // a misspelt name: the first test that renders the page fails
	}
	return d
}
