package twee

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qibu/roleplay"
	"qibu/roleplay/draft"
)

// header begins a passage. Twine's map gets them in rows.
func (e *exporter) header(name string, tags ...string) {
	const columns, step = 8, 150
	head := "\n:: " + escape(name)
	if len(tags) > 0 {
		head += " [" + strings.Join(tags, " ") + "]"
	}
	x, y := 100+e.passages%columns*step, 100+e.passages/columns*step
	e.put(`%s {"position":"%d,%d","size":"100,100"}`, head, x, y)
	e.passages++
}

// head writes the passages about the story.
func (e *exporter) head() {
	e.put(":: %s\n%s", titlePassage, strings.Join(strings.Fields(e.sc.Title), " "))
	e.put("\n:: %s", dataPassage)
	story := json.NewEncoder(e)
	story.SetEscapeHTML(false)
	story.SetIndent("", "\t")
	_ = story.Encode(struct { // strings always encode
		IFID    string `json:"ifid"`
		Format  string `json:"format"`
		Version string `json:"format-version"`
		Start   string `json:"start"`
	}{e.ifid(), format, formatVersion, e.names[0]})
	e.notes()
	e.put("\n:: %s", initPassage)
	for i, m := range e.sc.Meters {
		e.put("<<set %s to %d>> /* %s */", meter(i), m.Start, m.Name)
	}
	if e.back != "" {
		e.put("<<set $back to []>>")
		e.header(e.back, tagReturn)
		e.put("<<goto `$back.pop()`>>")
	}
	if len(e.papers) > 0 {
		e.put("\n:: StoryMenu\n<<if not tags().includes(%q)>>", tagDocument)
		for i, d := range e.sc.Documents {
			e.put("<<if visited(\"%s\")>>[[%s]]<</if>>", e.names[d.Scene], e.papers[i])
		}
		e.put("<</if>>")
	}
}

// ifid is a UUID made of the scenario's canonical form: of version 5, made of a
// name (RFC 9562), with the first half of its SHA-256 in place of a SHA-1. The
// compilers for Twine refuse the version that would be for that, 8.
func (e *exporter) ifid() string {
	sum := sha256.Sum256(e.sc.JSON())
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// notes tells what Twine does not know of, with the front matter of the 剧本 for
// whoever takes the story back.
func (e *exporter) notes() {
	e.header(e.unique("导出说明"), tagNotes)
	e.put("这一段不在故事里。Twine 里没有性格、得分和点评，记在这里；仪表照写的增减，不随性格。")
	front, _ := strings.CutPrefix(string(draft.Write(e.sc)), "---\n")
	front, _, _ = strings.Cut(front, "\n---\n")
	e.put("%s\n%s\n%s\n%s", nowiki, plainText(front), nowiki, nowiki)
	for i := range e.sc.Scenes {
		s := &e.sc.Scenes[i]
		for k := range s.Options {
			e.key(e.sc.Ref(i, k), &s.Options[k])
		}
		if s.Silence != nil {
			e.put("%s#沉默：限时%d秒", s.Name, s.Silence.Seconds)
			e.key(s.Name+"#沉默", &s.Silence.Option)
		}
	}
	e.put("%s", nowiki)
}

// key tells what an option is worth and why.
func (e *exporter) key(ref string, o *roleplay.Option) {
	var points []string
	for _, x := range o.Scores {
		points = append(points, fmt.Sprintf("%s %d", e.sc.Dimensions[x.Dimension].Key, x.Points))
	}
	if points != nil {
		e.put("%s：【%s】", ref, strings.Join(points, "，"))
	}
	basis := strings.TrimSuffix(strings.Join(append(slices.Clone(o.Sources), o.Basis), "；"), "；")
	for _, x := range [][2]string{{"点评", o.Coaching}, {"专家", o.Expert}, {"红线", o.RedLine}, {"依据", basis}} {
		if x[1] != "" {
			e.put("%s：%s：%s", ref, x[0], plainText(x[1]))
		}
	}
}
