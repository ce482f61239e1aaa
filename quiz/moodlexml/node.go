package moodlexml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"qibu/quiz/moodle"
)

// What is read is bounded, besides what package moodle bounds.
const (
	maxDepth     = 64
	maxElements  = 200_000
	maxAttribute = 4 << 10
)

// node is one element of the file with what stands in it.
type node struct {
	name     string
	format   string // attributes
	kind     string
	fraction string
	file     string
	text     string
	children []*node
	extras   []string // of comments that begin with "qibu:"
	line     int
}

// parse reads a file into a tree. Nothing outside the file is ever looked at:
// it must not declare entities or anything else.
func parse(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // it is decoded already
	root := &node{}
	open := []*node{root}
	texts := []*strings.Builder{{}}
	for elements := 0; ; {
		token, err := d.Token()
		line, _ := d.InputPos()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("第 %d 行不是合格的 XML：%w", line, err)
		}
		here := open[len(open)-1]
		switch t := token.(type) {
		case xml.Directive:
			return nil, fmt.Errorf("第 %d 行有 <!…> 声明（DTD），这样的文件不读", line)
		case xml.Comment:
			if extra, ok := strings.CutPrefix(strings.TrimSpace(string(t)), moodle.Mark); ok {
				here.extras = append(here.extras, strings.TrimSpace(extra))
			}
		case xml.CharData:
			if b := texts[len(texts)-1]; here.name != "file" && here.name != "image_base64" {
				b.Write(t)
				if b.Len() > moodle.MaxText {
					return nil, fmt.Errorf("第 %d 行：<%s> 里的文字超过 %d KB", here.line, here.name, moodle.MaxText>>10)
				}
			}
		case xml.StartElement:
			n, err := element(t, line)
			if elements++; err == nil && (len(open) > maxDepth || elements > maxElements) {
				err = fmt.Errorf("第 %d 行：标签嵌套太深或太多，这样的文件不读", line)
			}
			if err != nil {
				return nil, err
			}
			here.children = append(here.children, n)
			open, texts = append(open, n), append(texts, &strings.Builder{})
		case xml.EndElement:
			here.text = strings.TrimSpace(texts[len(texts)-1].String())
			open, texts = open[:len(open)-1], texts[:len(texts)-1]
		}
	}
}

func element(t xml.StartElement, line int) (*node, error) {
	n := &node{name: t.Name.Local, line: line}
	for _, a := range t.Attr {
		if len(a.Value) > maxAttribute {
			return nil, fmt.Errorf("第 %d 行：<%s> 的属性太长", line, n.name)
		}
		switch a.Name.Local {
		case "format":
			n.format = a.Value
		case "type":
			n.kind = a.Value
		case "fraction":
			n.fraction = a.Value
		case "name":
			n.file = a.Value
		}
	}
	return n, nil
}

// child is the first element of that name, an empty one if there is none.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return &node{name: name, line: n.line}
}

// all are the elements of that name.
func (n *node) all(name string) (list []*node) {
	for _, c := range n.children {
		if c.name == name {
			list = append(list, c)
		}
	}
	return list
}

// words is the plain text of an element that has it in a <text>.
func (n *node) words() string { return n.child("text").text }

// rich is the text of an element, in its format or else in the question's.
func (n *node) rich(format string) moodle.Text {
	if n.format != "" {
		format = n.format
	}
	switch format {
	case markdownFormat:
		format = moodle.Markdown
	case "plain_text":
		format = moodle.Plain
	case "moodle_auto_format":
		format = moodle.Auto
	default:
		format = moodle.HTML
	}
	return moodle.Text{Format: format, Text: n.words()}
}

// files are the names of the files embedded anywhere below n.
func (n *node) files() (names []string) {
	if n.name == "file" || n.name == "image_base64" {
		names = append(names, n.file)
	}
	for _, c := range n.children {
		names = append(names, c.files()...)
	}
	return names
}

// check finds what no question has: more answers than can be, or a text whose
// HTML stands in the file as elements of its own, so that its words are scattered.
func (n *node) check() error {
	if len(n.children) > moodle.MaxAnswers+50 { // answers and what else a question has
		return moodle.ErrTooManyAnswers
	}
	for _, c := range n.children {
		if n.name == "text" {
			return fmt.Errorf("文字里的标签 <%s> 没有放进 CDATA，也没有写成 &lt;%[1]s&gt;", c.name)
		}
		if err := c.check(); err != nil {
			return err
		}
	}
	return nil
}
