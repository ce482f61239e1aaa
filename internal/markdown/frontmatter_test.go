package markdown

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type header struct {
	Title   string   `yaml:"title"`
	Minutes int      `yaml:"minutes"`
	Pilot   bool     `yaml:"pilot"`
	Sources []string `yaml:"sources"`
}

func TestFrontMatter(t *testing.T) {
	const body = "正文\n---\n还是正文\n"
	for name, in := range map[string]string{
		"plain":           "---\ntitle: 环车检查\nsources: [S4-034, S4-035]\n---\n" + body,
		"byte order mark": "\ufeff---\ntitle: 环车检查\nsources: [S4-034, S4-035]\n---\n" + body,
		"CRLF":            strings.ReplaceAll("---\ntitle: 环车检查\nsources: [S4-034, S4-035]\n---\n", "\n", "\r\n") + body,
		"trailing spaces": "--- \ntitle: 环车检查\nsources: [S4-034, S4-035]\n---\t\n" + body,
	} {
		t.Run(name, func(t *testing.T) {
			var got header
			rest, line, ps := FrontMatter("m.md", []byte(in), &got)
			if len(ps) > 0 {
				t.Fatal(ps)
			}
			if diff := cmp.Diff(header{Title: "环车检查", Sources: []string{"S4-034", "S4-035"}}, got); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if string(rest) != body || line != 5 {
				t.Errorf("body %q from line %d, want %q from line 5", rest, line, body)
			}
		})
	}
}

func TestFrontMatterProblems(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"none", "正文\n", []string{"m.md:1: 文件要以 --- 开头，先写信息栏（title 等），再用 --- 结束，然后写正文"}},
		{"not closed", "---\ntitle: x\n", []string{"m.md:1: 信息栏没有结束：少了第二个 ---"}},
		{"empty", "---\n---\n", []string{"m.md:2: 这里没有内容"}},
		{"unknown field", "---\ntitle: x\ntitel: y\n---\n", []string{"m.md:3: 没有 titel 这个字段"}},
		{"field twice", "---\ntitle: x\ntitle: y\n---\n", []string{"m.md:3: 字段 title 写了两次"}},
		{"several at once", "---\nminutes: 半小时\npilot: maybe\nsources: S4-035\n---\n", []string{
			"m.md:2: `半小时` 应该是整数",
			"m.md:3: `maybe` 应该是 true 或 false",
			"m.md:4: `S4-035` 应该是列表，写成 [甲, 乙] 或每行一个 -"}},
		{"list for a text", "---\ntitle: [a]\n---\n", []string{"m.md:2: 应该是一段文字"}},
		{"text for fields", "---\n只有一句话\n---\n", []string{"m.md:2: `只有...` 这里应该分字段写"}},
		{"tab", "---\ntitle: x\n\tminutes: 3\n---\n", []string{"m.md:3: 有不能放在这里的字符：缩进不能用制表符，以 @ 或 ` 开头的文字要加引号"}},
		{"two colons", "---\ntitle: x\nminutes: a: b\n---\n", []string{"m.md:3: 冒号太多：文字里有“: ”时整段要加引号"}},
		{"open bracket", "---\ntitle: x\nsources: [a\n---\n", []string{"m.md:3: 缩进、引号或括号没有对齐"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, ps := FrontMatter("m.md", []byte(tt.in), &header{})
			if diff := cmp.Diff(tt.want, messages(ps)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestYAMLCountsLinesFromOne(t *testing.T) {
	ps := YAML("course.yaml", []byte("title: x\nlevle: L1\n"), &header{})
	if diff := cmp.Diff([]string{"course.yaml:2: 没有 levle 这个字段"}, messages(ps)); diff != "" {
		t.Error(diff)
	}
}

func FuzzFrontMatter(f *testing.F) {
	f.Add("---\ntitle: 环车检查\nsources: [S4-034]\n---\n正文\n")
	f.Add("---\na: &a [x,x]\nb: &b [*a,*a]\n---\n")
	f.Add("---\r\n: :\r\n---")
	f.Fuzz(func(t *testing.T, in string) {
		body, line, ps := FrontMatter("m.md", []byte(in), &header{})
		if !strings.HasSuffix(in, string(body)) {
			t.Errorf("the body %q is not the end of %q", body, in)
		}
		if ps.Err() == nil && line != strings.Count(in, "\n")-strings.Count(string(body), "\n")+1 && len(body) > 0 {
			t.Errorf("body of %q said to start on line %d", in, line)
		}
		for _, p := range ps {
			if p.Line < 1 || p.Line > strings.Count(in, "\n")+2 {
				t.Errorf("problem outside the file: %v", p)
			}
		}
	})
}
