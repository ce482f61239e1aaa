package twee

import (
	"encoding/json"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// maxPassages is how many passages a file may have: a scene each, besides those
// for documents and for what is replied to options, and some for the program.
const maxPassages = roleplay.MaxScenes + roleplay.MaxDocuments + roleplay.MaxOptions + 128

// passage is one passage of the file.
type passage struct {
	name string
	tags []string
	line int // of its header
	body []string

	nodes []*node
	links []*link // of nodes, as written
	scene int     // of the story; -1 when it is told elsewhere
	round bool    // it can come back to itself
	from  *link   // a reply: the link it follows
	open  bool    // a document: it has been linked to
}

func (p *passage) tagged(tag string) bool { return slices.Contains(p.tags, tag) }

// ownTags are those that mean something to the author alone.
func (p *passage) ownTags() []string {
	return slices.DeleteFunc(slices.Clone(p.tags), func(tag string) bool { return slices.Contains(known, tag) })
}

// header reads `:: Name [tags] {metadata}`. A block that is not closed, and
// anything that no header has, is noted and dropped.
func header(story *draft.Story, number int, line string) *passage {
	p := &passage{line: number, scene: -1}
	name, rest := unescape(line[len("::"):], "[{")
	p.name = strings.TrimSpace(name)
	if strings.HasPrefix(rest, "[") {
		tags, after := unescape(rest[1:], "]")
		if after == "" {
			story.Note(number, rest, "标签没有用“]”合上，读到行尾为止。")
		}
		p.tags = strings.Fields(tags)
		rest = strings.TrimPrefix(after, "]")
	}
	rest = strings.TrimSpace(rest)
	switch {
	case strings.HasPrefix(rest, "{"):
		if !json.Valid([]byte(rest)) {
			story.Note(number, rest, "段落的附加信息（位置、大小）读不懂，没有用。")
		}
	case rest != "" && rest[0] != '<': // where Twee 2 has the position
		story.Note(number, rest, "段落名后面多出来的字没有用。")
	}
	return p
}

// unescape reads up to the first of the signs that no backslash stands before.
// Of a character with a backslash only the character is left.
func unescape(s, until string) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case strings.IndexByte(until, s[i]) >= 0:
			return b.String(), s[i:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

var escaper = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

// escape is a name as it stands in a header.
func escape(name string) string { return escaper.Replace(name) }

// passages breaks the file into its passages. What stands before the first is
// not part of the story.
func passages(story *draft.Story, lines []string) ([]*passage, error) {
	var all []*passage
	for i, l := range lines {
		switch {
		case strings.HasPrefix(l, "::"):
			if len(all) == maxPassages {
				return nil, errTooMany
			}
			all = append(all, header(story, i+1, l))
		case len(all) > 0:
			p := all[len(all)-1]
			p.body = append(p.body, unmark(l))
		}
	}
	if all == nil {
		return nil, errNoPassage
	}
	return all, nil
}

// unmark is a line of a body. One that would look like a header has a backslash.
func unmark(line string) string {
	if strings.HasPrefix(line, `\::`) {
		return line[1:]
	}
	return line
}

// data is what StoryData says.
type data struct{ start, format string }

// read takes what can be read of StoryData, key by key: Twine itself has
// written null for a start it did not know.
func (d *data) read(story *draft.Story, p *passage) {
	var raw map[string]json.RawMessage
	if json.Unmarshal([]byte(strings.Join(p.body, "\n")), &raw) != nil {
		story.Note(p.line, p.name, "故事信息不是 JSON，没有用。")
		return
	}
	for key, into := range map[string]*string{"start": &d.start, "format": &d.format} {
		if v, ok := raw[key]; ok && json.Unmarshal(v, into) != nil {
			story.Note(p.line, key, "故事信息里的这一项读不懂，没有用。")
		}
	}
}
