// Package courses holds the curriculum: courses of modules written in Markdown,
// the facts they rest on, how far a learner has read, and the search over it all.
package courses

import (
	"qibu/internal/markdown"
)

// Course is a row of modules on one subject.
type Course struct {
	Slug, Title, TitleEN, Summary string
	Level                         string // of the certification ladder: L1, L2, L3 or LM
	Order                         int
	Audience                      []string // posts, in Chinese
	Modules                       []*Module
}

// Module is one sitting: a text of 15 to 40 minutes about one thing at the desk.
type Module struct {
	Course, Slug   string
	Number         int // as the file name has it; modules are in this order
	Title, TitleEN string
	Minutes        int
	Step           string // one of Steps, or NoStep
	Objectives     []string
	Sources        []string // ids of the facts it teaches
	Body           markdown.Document
	File           string // path inside the content tree
}

// Steps are the seven steps of the service process, in order.
var Steps = []string{
	"appointment", "reception", "work-order", "dispatch-repair", "quality-control", "delivery", "follow-up",
}

// NoStep marks a module that belongs to no step of the process.
const NoStep = "none"

// Ref names a module across the product, such as "seven-steps/vehicle-walkaround".
func (m *Module) Ref() string { return m.Course + "/" + m.Slug }

// Progress is how much of a module a learner has read, in level-2 headings.
type Progress struct {
	Read, Total int
	Next        string // id of the first heading not read yet, empty when all are
}

// Progress counts the headings of m whose ids are in read. Ids that m does not
// have, from an earlier version of the text, count for nothing.
func (m *Module) Progress(read map[string]bool) Progress {
	var p Progress
	for _, h := range m.Body.Headings {
		switch {
		case h.Level != 2:
			continue
		case read[h.ID]:
			p.Read++
		case p.Next == "":
			p.Next = h.ID
		}
		p.Total++
	}
	return p
}

// Done reports whether everything is read. A module without headings is never done.
func (p Progress) Done() bool { return p.Total > 0 && p.Read == p.Total }

// Percent is rounded down, so that 100 means done.
func (p Progress) Percent() int {
	if p.Total == 0 {
		return 0
	}
	return p.Read * 100 / p.Total
}
