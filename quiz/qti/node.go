package qti

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"regexp"
	"strings"
)

// node is an element or a text of an XML file. Elements have one name in every
// version: choiceInteraction and qti-choice-interaction are choiceinteraction,
// and so have attributes.
type node struct {
	name string // empty for a text
	attr map[string]string
	kids []*node
	text string
}

// parse reads an XML file. Nothing outside of it is ever looked at, and there is
// a limit to everything in it.
func parse(text []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	root := &node{}
	open, count := []*node{root}, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(root.kids) == 1 {
			return root.kids[0], nil
		}
		if err != nil {
			return nil, errXML
		}
		in := open[len(open)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, errEntity
		case xml.StartElement:
			if count++; count > maxNodes {
				return nil, errNodes
			}
			if len(open) > maxDepth {
				return nil, errDeep
			}
			n := element(t)
			in.kids = append(in.kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 1 {
				in.kids = append(in.kids, &node{text: string(t)})
			}
		}
	}
}

func element(t xml.StartElement) *node {
	n := &node{name: strings.ToLower(t.Name.Local)}
	if short, ok := strings.CutPrefix(n.name, "qti-"); ok {
		n.name = strings.ReplaceAll(short, "-", "")
	}
	for _, a := range t.Attr {
		if n.attr == nil {
			n.attr = map[string]string{}
		}
		n.attr[strings.ToLower(strings.ReplaceAll(a.Name.Local, "-", ""))] = strings.TrimSpace(a.Value)
	}
	return n
}

// all lists the elements below n that have one of the names, in document order.
func (n *node) all(names ...string) (list []*node) {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		for _, name := range names {
			if k.name == name {
				list = append(list, k)
			}
		}
		list = append(list, k.all(names...)...)
	}
	return list
}

// find is the first of all, or nil.
func (n *node) find(name string) *node {
	if list := n.all(name); len(list) > 0 {
		return list[0]
	}
	return nil
}

// words is the text of n without its elements.
func (n *node) words() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(n.text)
	for _, k := range n.kids {
		b.WriteString(k.words())
	}
	return strings.TrimSpace(b.String())
}

var (
	tagText = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	carried = []string{"href", "src", "alt", "start"}
)

// markup is what stands in n as HTML. For the elements that instead knows, its
// answer stands in their place.
func (n *node) markup(instead func(*node) (string, bool)) string {
	var b strings.Builder
	n.writeKids(&b, instead)
	return b.String()
}

func (n *node) writeKids(b *strings.Builder, instead func(*node) (string, bool)) {
	if n == nil {
		return
	}
	for _, k := range n.kids {
		if k.name == "" {
			b.WriteString(html.EscapeString(k.text))
			continue
		}
		if instead != nil {
			if text, ok := instead(k); ok {
				b.WriteString(text)
				continue
			}
		}
		k.write(b, instead)
	}
}

func (n *node) write(b *strings.Builder, instead func(*node) (string, bool)) {
	if !tagText.MatchString(n.name) {
		n.writeKids(b, instead)
		return
	}
	b.WriteString("<" + n.name)
	for _, key := range carried {
		if v := n.attr[key]; v != "" {
			b.WriteString(" " + key + `="` + html.EscapeString(v) + `"`)
		}
	}
	b.WriteString(">")
	switch n.name {
	case "br", "hr", "img":
		return
	}
	n.writeKids(b, instead)
	b.WriteString("</" + n.name + ">")
}
