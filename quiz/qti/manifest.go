package qti

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"qibu/quiz"
)

// manifest is what imsmanifest.xml says.
type manifest struct {
	title     string
	resources []resource
}

// resource is one file the manifest names, with its keywords.
type resource struct {
	id, path string
	keywords []string
}

func readManifest(f packed) (m manifest, err error) {
	text, err := f.read()
	if err != nil {
		return m, err
	}
	root, err := parse(text)
	if err != nil {
		return m, fmt.Errorf("imsmanifest.xml：%w", err)
	}
	for _, k := range root.kids {
		if k.name == "metadata" {
			m.title = k.find("general").find("title").words()
		}
	}
	for _, n := range root.all("resource") {
		href := n.attr["href"]
		if href == "" || !strings.Contains(n.attr["type"], "qti") {
			continue
		}
		r := resource{id: n.attr["identifier"], path: path.Join(path.Dir(f.name), href)}
		for _, k := range n.all("keyword") {
			r.keywords = append(r.keywords, k.words())
		}
		m.resources = append(m.resources, r)
	}
	return m, nil
}

// The keywords by which we carry what QTI has no element for.
const (
	topicKey, difficultyKey, sourceKey, reviewKey = "topic:", "difficulty:", "fact:", "review:"
)

// flag is a property that a keyword alone says.
type flag struct {
	key string
	of  func(*quiz.Draft) *bool
}

var flags = []flag{
	{"critical", func(d *quiz.Draft) *bool { return &d.Critical }},
	{"pilot", func(d *quiz.Draft) *bool { return &d.Pilot }},
	{"void", func(d *quiz.Draft) *bool { return &d.Void }},
	{"fixed", func(d *quiz.Draft) *bool { return &d.Fixed }},
	{"exact", func(d *quiz.Draft) *bool { return &d.Exact }},
	{"by-value", func(d *quiz.Draft) *bool { return &d.ByValue }},
}

func keywords(d quiz.Draft) (list []string) {
	if d.Topic != "" {
		list = append(list, topicKey+d.Topic)
	}
	list = append(list, difficultyKey+strconv.Itoa(d.Difficulty))
	for _, s := range d.Sources {
		list = append(list, sourceKey+s)
	}
	if d.Review != "" {
		list = append(list, reviewKey+d.Review)
	}
	for _, f := range flags {
		if *f.of(&d) {
			list = append(list, f.key)
		}
	}
	return list
}

// describe takes what the resource's keywords say.
func (it *item) describe(r *resource) {
	d := &it.draft
	var other []string
	for _, k := range r.keywords {
		key, value, _ := strings.Cut(k, ":")
		at := slices.IndexFunc(flags, func(f flag) bool { return f.key == k })
		switch n, err := strconv.Atoi(value); {
		case at >= 0:
			*flags[at].of(d) = true
		case key+":" == topicKey && len(value) == 2 && value >= "D1" && value <= "D8":
			d.Topic = value
		case key+":" == difficultyKey && err == nil && n >= 1 && n <= 3:
			d.Difficulty = n
		case key+":" == sourceKey:
			d.Sources = append(d.Sources, value)
		case key+":" == reviewKey:
			d.Review = value
		default:
			other = append(other, k)
		}
	}
	if len(other) > 0 {
		it.note("关键词没有带过来：%s", strings.Join(other, "、"))
	}
}

// writeManifest names every file of a package. Items come in the order of the
// questions.
func writeManifest(title string, files []written) string {
	var b strings.Builder
	b.WriteString(xmlHead + `<manifest xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1" identifier="MANIFEST">` + "\n")
	b.WriteString(`<metadata><schema>QTI Package</schema><schemaversion>3.0.0</schemaversion>` + lom("<title>"+lomText(title)+"</title>") + "</metadata>\n<organizations/>\n<resources>\n")
	for _, f := range files {
		fmt.Fprintf(&b, `<resource identifier="%s" type="%s" href="%s">`, f.id, f.kind, escape(f.path))
		var words strings.Builder
		for _, k := range f.keywords {
			words.WriteString("<keyword>" + lomText(k) + "</keyword>")
		}
		if words.Len() > 0 {
			b.WriteString("<metadata>" + lom(words.String()) + "</metadata>")
		}
		fmt.Fprintf(&b, `<file href="%s"/>`, escape(f.path))
		for _, needs := range f.needs {
			fmt.Fprintf(&b, `<dependency identifierref="%s"/>`, needs)
		}
		b.WriteString("</resource>\n")
	}
	b.WriteString("</resources>\n</manifest>\n")
	return b.String()
}

func lom(general string) string {
	return `<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>` + general + `</general></lom>`
}

func lomText(text string) string { return `<string language="zh-CN">` + escape(text) + `</string>` }
