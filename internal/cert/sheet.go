package cert

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"qibu/internal/fault"
)

// sheet reads one YAML file strictly: an unknown key, a missing value or a value
// of the wrong type is a problem with its line, in the author's language.
type sheet struct {
	file     string
	problems fault.Problems
}

func (s *sheet) fail(line int, format string, args ...any) {
	s.problems.Add(s.file, line, format, args...)
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

// root returns the file's top mapping, or nil after reporting why there is none.
func (s *sheet) root(src []byte) *yaml.Node {
	var doc, more yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(src))
	switch err := dec.Decode(&doc); {
	case err != nil && !errors.Is(err, io.EOF):
		s.fail(lineOf(err), "YAML 读不懂，请检查缩进、冒号和引号（%v）", err)
		return nil
	case len(doc.Content) == 0:
		s.fail(0, "文件是空的")
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		s.fail(max(more.Line, lineOf(err)), "一个文件只写一份内容，不要用 --- 分段")
		return nil
	}
	return doc.Content[0]
}

// lineOf finds the line number in a YAML error; 0 when it names none.
func lineOf(err error) int {
	if err == nil {
		return 0
	}
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// fields is one mapping whose keys have been checked.
type fields struct {
	sheet *sheet
	line  int
	value map[string]*yaml.Node
}

// fields checks that n is a mapping with no keys but those allowed, none twice.
func (s *sheet) fields(n *yaml.Node, allowed ...string) (fields, bool) {
	f := fields{sheet: s, line: n.Line, value: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		s.fail(n.Line, "这里要写成“键: 值”，可用的键：%s", strings.Join(allowed, " "))
		return f, false
	}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(allowed, key.Value):
			s.fail(key.Line, "不认识的键 %s，可用的键：%s", key.Value, strings.Join(allowed, " "))
		case f.value[key.Value] != nil:
			s.fail(key.Line, "键 %s 写了两次", key.Value)
		default:
			f.value[key.Value] = value
		}
	}
	return f, true
}

// has reports whether the key is written, and its line; the mapping's line otherwise.
func (f fields) has(key string) (line int, ok bool) {
	if n := f.value[key]; n != nil {
		return n.Line, true
	}
	return f.line, false
}

// text returns a required, non-empty text.
func (f fields) text(key string) string {
	n := f.value[key]
	switch {
	case n == nil:
		f.sheet.fail(f.line, "缺少 %s", key)
	case n.Kind != yaml.ScalarNode || n.Tag != "!!str":
		f.sheet.fail(n.Line, "%s 要写成文字（数字和日期请加引号）", key)
	case strings.TrimSpace(n.Value) == "":
		f.sheet.fail(n.Line, "%s 是空的", key)
	default:
		return n.Value
	}
	return ""
}

// pattern returns a required text that matches re; like says what it should look like.
func (f fields) pattern(key string, re *regexp.Regexp, like string) string {
	v := f.text(key)
	if v != "" && !re.MatchString(v) {
		line, _ := f.has(key)
		f.sheet.fail(line, "%s 写成 %s，应当像 %s", key, v, like)
	}
	return v
}

// number returns a whole number within bounds, or fallback when the key is not
// written; a negative fallback makes the key required.
func (f fields) number(key string, least, most, fallback int) int {
	n := f.value[key]
	if n == nil {
		if fallback < 0 {
			f.sheet.fail(f.line, "缺少 %s", key)
		}
		return fallback
	}
	v, err := strconv.Atoi(n.Value)
	if n.Tag != "!!int" || err != nil || v < least || v > most {
		f.sheet.fail(n.Line, "%s 要写成 %d 到 %d 的整数", key, least, most)
	}
	return v
}

// flag returns true or false, false when the key is not written.
func (f fields) flag(key string) bool {
	n := f.value[key]
	if n == nil {
		return false
	}
	if n.Tag != "!!bool" {
		f.sheet.fail(n.Line, "%s 要写成 true 或 false", key)
	}
	return n.Value == "true"
}

// list returns the entries of a list; nil when the key is not written.
func (f fields) list(key string) []*yaml.Node {
	n := f.value[key]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
		f.sheet.fail(n.Line, "%s 要写成列表，至少一项", key)
		return nil
	}
	return n.Content
}

// oneOf returns a text that is one of the choices.
func (f fields) oneOf(key string, choices ...string) string {
	v := f.text(key)
	if v != "" && !slices.Contains(choices, v) {
		line, _ := f.has(key)
		f.sheet.fail(line, "%s 只能是 %s", key, strings.Join(choices, "、"))
	}
	return v
}

// once reports a second use of key, for ids and references that must be unique.
func (s *sheet) once(seen map[string]int, key string, line int, what string) {
	if first, ok := seen[key]; ok {
		s.fail(line, "%s %s 重复，第 %d 行已经写过", what, key, first)
		return
	}
	seen[key] = line
}
