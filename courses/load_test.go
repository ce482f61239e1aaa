package courses

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
)

var facts = map[string]Fact{"S4-034": {ID: "S4-034"}, "S4-035": {ID: "S4-035"}}

const (
	goodCourse = `title: 七步法
title_en: Seven steps
summary: 从预约到跟踪。
level: L1
order: 4
audience: [服务顾问]
`
	goodModule = `---
title: 环车检查
title_en: Walk-around
minutes: 35
step: reception
objectives:
  - 说出为什么先铺后查
sources: [S4-034, S4-035]
---
## 先铺 {#covers}

![三件套](img/covers.svg)

铺好再看[S4-035]，每查一处讲一处[S4-034]。

> [!TRY]
> 想一想。

> [!TRY]
> 再想一想。

`
	goodDrawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" role="img"><title>三件套</title></svg>`
)

func goodFiles() map[string]string {
	return map[string]string{
		"course.yaml":    goodCourse,
		"05-walk.md":     goodModule + strings.Repeat("环车检查", 350) + "\n",
		"img/covers.svg": goodDrawing,
		".DS_Store":      "x",
	}
}

func texts(ps fault.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, p.String())
	}
	return out
}

func TestLoadCourse(t *testing.T) {
	files := goodFiles()
	files["01-first.md"] = strings.ReplaceAll(files["05-walk.md"], "环车检查\n", "第一课\n")
	c, ps := LoadCourse(files, "seven-steps", facts)
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	if len(c.Modules) != 2 || c.Modules[0].Slug != "first" {
		t.Fatalf("modules %v, want first and walk", c.Modules)
	}
	got := *c.Modules[1]
	if len(got.Body.Headings) != 1 || got.Body.Headings[0].ID != "covers" || got.Body.Headings[0].Line != 10 {
		t.Errorf("headings %+v, want covers on line 10", got.Body.Headings)
	}
	got.Body.HTML, got.Body.Headings = "", nil
	want := Module{
		Course: "seven-steps", Slug: "walk", Number: 5, Title: "环车检查", TitleEN: "Walk-around", Minutes: 35,
		Step: "reception", Objectives: []string{"说出为什么先铺后查"}, Sources: []string{"S4-034", "S4-035"},
		Body: got.Body, File: "courses/seven-steps/05-walk.md",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("module (-want +got):\n%s", diff)
	}
	c.Modules = nil
	if diff := cmp.Diff(&Course{
		Slug: "seven-steps", Title: "七步法", TitleEN: "Seven steps", Summary: "从预约到跟踪。",
		Level: "L1", Order: 4, Audience: []string{"服务顾问"},
	}, c); diff != "" {
		t.Errorf("course (-want +got):\n%s", diff)
	}
}

func TestLoadCourseProblems(t *testing.T) {
	const module, course = "05-walk.md", "course.yaml"
	const at = "courses/seven-steps/"
	// Each case breaks one thing in a good course.
	tests := []struct {
		name, file, old, new string
		want                 []string
	}{
		{"unknown course field", course, "order:", "ordre:", []string{
			at + "course.yaml:5: 没有 ordre 这个字段", at + "course.yaml:1: order 要从 1 开始"}},
		{"no title", course, "title: 七步法", "title: ' '", []string{at + "course.yaml:1: title 不能空着"}},
		{"level", course, "L1", "L4", []string{at + "course.yaml:4: level 只能是 L1 L2 L3 LM"}},
		{"order", course, "4", "0", []string{at + "course.yaml:5: order 要从 1 开始"}},
		{"audience", course, "[服务顾问]", "[]", []string{at + "course.yaml:6: audience 要写明给谁学"}},
		{"no front matter", module, "---", "# ", []string{
			at + "05-walk.md:1: 文件要以 --- 开头，先写信息栏（title 等），再用 --- 结束，然后写正文",
			at + "img/covers.svg: 提醒：没有模块用到这幅图"}},
		{"no English title", module, "title_en: Walk-around\n", "", []string{at + "05-walk.md:1: title_en 不能空着"}},
		{"too few minutes", module, "35", "4", []string{at + "05-walk.md:4: minutes 要在 5 到 120 之间"}},
		{"too many minutes", module, "35", "121", []string{at + "05-walk.md:4: minutes 要在 5 到 120 之间"}},
		{"step", module, "reception", "greeting", []string{
			at + "05-walk.md:5: step 只能是 appointment reception work-order dispatch-repair quality-control delivery follow-up 或 none"}},
		{"no objectives", module, "  - 说出为什么先铺后查\n", "", []string{at + "05-walk.md:6: objectives 至少写一条"}},
		{"fact twice", module, "[S4-034, S4-035]", "[S4-034, S4-035, S4-034]", []string{at + "05-walk.md:8: sources 里 S4-034 写了两次"}},
		{"fact does not exist", module, "[S4-034, S4-035]", "[S4-034, S4-035, S9-999]", []string{at + "05-walk.md:8: 出处 S9-999 不在事实清单里"}},
		{"fact not used", module, "一处[S4-034]", "一处", []string{at + "05-walk.md:8: 提醒：sources 里有 S4-034，正文没有用到"}},
		{"fact not declared", module, "[S4-034, S4-035]", "[S4-035]", []string{at + "05-walk.md:14: 正文用了 S4-034，sources 里没有"}},
		{"fact in the text does not exist", module, "一处[S4-034]", "一处[S4-034][S9-999]", []string{
			at + "05-walk.md:14: 出处 S9-999 不在事实清单里", at + "05-walk.md:14: 正文用了 S9-999，sources 里没有"}},
		{"heading without id", module, " {#covers}", "", []string{at + "05-walk.md:10: 二级标题“先铺”缺少 {#id}，测验要靠它把学员带回这一段"}},
		{"no headings", module, "## 先铺 {#covers}", "", []string{at + "05-walk.md: 正文没有二级标题，学习进度无从记起"}},
		{"nothing to look at", module, "![三件套](img/covers.svg)", "", []string{
			at + "05-walk.md: 至少要有一幅图或一张表", at + "img/covers.svg: 提醒：没有模块用到这幅图"}},
		{"one TRY", module, "> [!TRY]\n> 再", "> [!PITFALL]\n> 再", []string{at + "05-walk.md: 提醒：只有 1 个“想一想”，至少要 2 个"}},
		{"short", module, strings.Repeat("环车检查", 350), "完", []string{at + "05-walk.md: 提醒：正文 21 个汉字，一个模块宜在 1200 到 2500 之间"}},
		{"long", module, strings.Repeat("环车检查", 350), strings.Repeat("环车检查", 700), []string{at + "05-walk.md: 提醒：正文 2820 个汉字，一个模块宜在 1200 到 2500 之间"}},
		{"image of the wrong kind", module, "covers.svg", "covers.png", []string{
			at + "05-walk.md:12: 找不到图 img/covers.png", at + "img/covers.svg: 提醒：没有模块用到这幅图"}},
		{"unsafe drawing", "img/covers.svg", "<title>", "<script/><title>", []string{at + "05-walk.md:12: 图 img/covers.svg：SVG 第 1 行：不能用元素 <script>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := goodFiles()
			broken := strings.Replace(files[tt.file], tt.old, tt.new, 1)
			if broken == files[tt.file] {
				t.Fatalf("%q is not in %s", tt.old, tt.file)
			}
			files[tt.file] = broken
			_, ps := LoadCourse(files, "seven-steps", facts)
			if diff := cmp.Diff(tt.want, texts(ps)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadCourseFiles(t *testing.T) {
	good := goodFiles()
	tests := []struct {
		name, slug string
		files      map[string]string
		want       []string
	}{
		{"no course.yaml", "a", map[string]string{"05-walk.md": good["05-walk.md"]}, []string{"courses/a/course.yaml: 课程没有 course.yaml"}},
		{"no modules", "a", map[string]string{"course.yaml": goodCourse}, []string{"courses/a/course.yaml: 课程一个模块也没有"}},
		{"one number twice", "a", map[string]string{"05-other.md": good["05-walk.md"]}, []string{"courses/a/05-walk.md: 和 05-other.md 编号或名字相同"}},
		{"one slug twice", "a", map[string]string{"06-walk.md": good["05-walk.md"]}, []string{"courses/a/06-walk.md: 和 05-walk.md 编号或名字相同"}},
		{"stray file", "a", map[string]string{"06_walk.md": "x"}, []string{"courses/a/06_walk.md: 不认识这个文件：模块写成 01-slug.md，图放在 img/ 里，用 .svg"}},
		{"module slug", "a", map[string]string{"06-a--b.md": good["05-walk.md"]}, []string{`courses/a/06-a--b.md: 模块文件名 "a--b" 只能用小写英文字母、数字和 -`}},
		{"course slug", "七步", nil, []string{`courses/七步/course.yaml: 课程文件夹名 "七步" 只能用小写英文字母、数字和 -`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := tt.files
			if !strings.HasPrefix(tt.name, "no ") {
				files = goodFiles()
				maps.Copy(files, tt.files)
			}
			_, ps := LoadCourse(files, tt.slug, facts)
			if diff := cmp.Diff(tt.want, texts(ps)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

const (
	header    = "id\tsource\ttopic\tfact\tterms\tkind\tteachability\tnote\n"
	goodFact  = "S4-035\tS4\twalk\t三件套是座椅套等\t三件套|座椅套\trule\tcore\t缺页\n"
	goodDecks = "- id: S4\n  title: 教学课件合辑\n  what: 中职教材残页\n"
)

func TestLoadFacts(t *testing.T) {
	got, ps := LoadFacts(fstest.MapFS{
		factsFile: {Data: []byte(header + goodFact)}, decksFile: {Data: []byte(goodDecks)},
	})
	if len(ps) > 0 {
		t.Fatal(ps)
	}
	want := map[string]Fact{"S4-035": {
		ID: "S4-035", Source: "S4", Deck: "教学课件合辑", What: "中职教材残页", Topic: "walk",
		Text: "三件套是座椅套等", Kind: "rule", Teach: "core", Note: "缺页",
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func TestLoadFactsProblems(t *testing.T) {
	const at = "sources/facts.tsv:"
	tests := []struct{ name, facts, decks, want string }{
		{"header", "a\tb\tc\td\te\tf\tg\th\n", goodDecks, at + "1: 表头要写 id source topic fact terms kind teachability note"},
		{"columns", header + "S4-035\tS4\n", goodDecks, at + "2: 要有 8 列，用制表符隔开，这一行有 2 列"},
		{"twice", header + goodFact + goodFact, goodDecks, at + "3: 编号 S4-035 用了两次"},
		{"id", header + strings.Replace(goodFact, "S4-035", "S4-35", 1), goodDecks, at + `2: 编号 "S4-35" 不对，要写成 S4-035`},
		{"id of another deck", header + strings.Replace(goodFact, "S4-035", "S3-035", 1), goodDecks, at + `2: 编号 S3-035 和课件 "S4" 对不上`},
		{"unknown deck", header + goodFact, strings.Replace(goodDecks, "S4", "S3", 1), at + "2: sources/decks.yaml 里没有课件 S4"},
		{"no text", header + strings.Replace(goodFact, "三件套是座椅套等", "", 1), goodDecks, at + "2: S4-035 没有内容"},
		{"kind", header + strings.Replace(goodFact, "rule", "law", 1), goodDecks, at + `2: S4-035 的类别 "law" 不认识，只有 figure rule procedure definition list framework role script`},
		{"grade", header + strings.Replace(goodFact, "core", "must", 1), goodDecks, at + `2: S4-035 的可教程度 "must" 不认识，只有 core useful marginal`},
		{"deck without what", header + goodFact, strings.Replace(goodDecks, "中职教材残页", "", 1), `sources/decks.yaml:1: 课件 "S4" 要有 title 和 what`},
		{"deck field", header + goodFact, goodDecks + "  who: x\n", "sources/decks.yaml:4: 没有 who 这个字段"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, ps := LoadFacts(fstest.MapFS{factsFile: {Data: []byte(tt.facts)}, decksFile: {Data: []byte(tt.decks)}})
			if diff := cmp.Diff([]string{tt.want}, texts(ps)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
	if _, ps := LoadFacts(fstest.MapFS{}); len(ps) != 2 || ps.Err() == nil {
		t.Errorf("without files: %v, want one problem a file", ps)
	}
}

// TestContentCourses holds the curriculum that ships to the rules above.
func TestContentCourses(t *testing.T) {
	root := os.DirFS("../content")
	facts, ps := LoadFacts(root)
	folders, err := fs.Glob(root, "courses/*")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no courses in ../content: %v", err)
	}
	for _, folder := range folders {
		files := map[string]string{}
		err := fs.WalkDir(root, folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := fs.ReadFile(root, name)
			rel, _ := filepath.Rel(folder, name) // name is inside folder
			files[filepath.ToSlash(rel)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, problems := LoadCourse(files, filepath.Base(folder), facts)
		ps = append(ps, problems...)
	}
	for _, p := range ps {
		if p.Warning {
			t.Log(p)
		} else {
			t.Error(p)
		}
	}
}
