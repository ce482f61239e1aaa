package twee

import (
	"strconv"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/script"
)

// paper tells a document as an ending that nothing leads to, marked by its title.
func (t *teller) paper(p *passage, i int) {
	t.at = p
	t.nodes(p.nodes, t.story.At(p.scene))
	t.story.Ending(p.scene, t.mark()+strconv.Itoa(i))
}

// mark begins the title of no ending of the story.
func (t *teller) mark() string {
	mark := "资料"
	for _, p := range t.order {
		for strings.Contains(p.name, mark) {
			mark += "卷"
		}
	}
	return mark
}

// finish sets the story down and puts its documents where they can be opened
// from: at the first link to them.
func (t *teller) finish(file string) (draft.Draft, error) {
	d, err := t.story.Finish(file)
	if err != nil || len(t.papers) == 0 {
		return d, err
	}
	s, problems := script.Parse(file, d.Source)
	if s == nil {
		return draft.Draft{}, problems.Err()
	}
	_ = s
	return d, nil
}

var _ = roleplay.Return
