// Package ink takes stories over that were written in ink, the scripting
// language for branching dialogue (inkle, WritingWithInk): knots, stitches, the
// weave of choices and gathers, diverts, tunnels, and variables and conditions
// that a meter or a visit can express. What else there is, is noted.
package ink

import (
	"regexp"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

var (
	knotHead   = regexp.MustCompile(`^={2,}\s*(function\s+)?([\p{L}\p{N}_]+)\s*(\(.*\))?\s*=*$`)
	stitchHead = regexp.MustCompile(`^=\s*([\p{L}\p{N}_]+)\s*(\(.*\))?\s*$`)
	titleTag   = regexp.MustCompile(`^#\s*title\s*:\s*(.+)$`)
)

// beginning is the name of what is told before any knot.
const beginning = "开头"

// Import makes a 剧本 of the ink story in src. file is the name the 剧本 is
// going to have, title what it is called unless the story says so.
func Import(file, title string, src []byte) (draft.Draft, error) {
	lines, err := draft.Lines(src)
	if err != nil {
		return draft.Draft{}, err
	}
	uncomment(lines)
	for _, l := range lines {
		if m := titleTag.FindStringSubmatch(l); m != nil {
			title = m[1]
			break
		}
	}
	story := draft.NewStory(title)
	root := sections(story, lines)
	if len(root.order) > roleplay.MaxScenes {
		return draft.Draft{}, draft.ErrLong
	}
	r := &reader{story: story, diverted: map[string]bool{}, variables: &variables{byName: map[string]*variable{}, consts: map[string]string{}}}
	for i, l := range lines {
		if m := declaration.FindStringSubmatch(l); m != nil {
			r.variables.declare(story, i+1, m[1], m[2])
		}
	}
	if r.read(root); r.err != nil {
		return draft.Draft{}, r.err
	}
	r.variables.settle(story)
	f := &flow{story: story, variables: r.variables, diverted: r.diverted, noted: map[guard]bool{}}
	f.root(root)
	return story.Finish(file)
}

// sections finds the knots and stitches.
func sections(story *draft.Story, lines []string) *scope {
	root := newScope(beginning, 1, nil)
	at, knot, skipping := root, root, false
	for i, l := range lines {
		var k, s []string
		if strings.HasPrefix(l, "=") {
			k, s = knotHead.FindStringSubmatch(l), stitchHead.FindStringSubmatch(l)
		}
		switch {
		case k != nil:
			if skipping = k[1] != ""; skipping {
				story.Note(i+1, l, "函数没有搬。")
				continue
			}
			parameters(story, i+1, l, k[3])
			knot = newScope(k[2], i+2, root)
			at = knot
		case skipping:
		case s != nil:
			parameters(story, i+1, l, s[2])
			at = newScope(s[1], i+2, knot)
		default:
			at.source = append(at.source, l)
		}
	}
	return root
}

func parameters(story *draft.Story, number int, head, list string) {
	if strings.Trim(list, "() ") != "" {
		story.Note(number, head, "参数没有搬：用到参数的文字和条件请改写。")
	}
}

// read reads the nodes of a scope and of all within it.
func (r *reader) read(s *scope) {
	folded, err := fold(s.source, s.first)
	if err != nil {
		r.err = err
		return
	}
	r.scope = s
	s.nodes = r.block(folded)
	for _, inner := range s.order {
		if r.err == nil {
			r.read(inner)
		}
	}
}

// root opens a scene for every scope and tells them. A knot without a text of
// its own begins with its first stitch.
func (f *flow) root(root *scope) {
	all := []*scope{root}
	for _, knot := range root.order {
		all = append(append(all, knot), knot.order...)
	}
	for _, s := range all {
		s.scene = f.story.Scene(s.title(), s.first)
	}
	for _, s := range all {
		after := draft.Over
		if len(s.nodes) == 0 && len(s.order) > 0 {
			if after = (roleplay.Way{To: s.order[0].scene}); s == root {
				f.story.Note(0, "", "没有写从哪里开始，就从第一个 knot（%s）开始。", s.order[0].name)
			}
		}
		f.tell(s.nodes, f.story.At(s.scene), after)
	}
}
