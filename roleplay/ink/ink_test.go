package ink

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/script"
)

// play imports a story and chooses the options of these texts. It returns what
// was said, with the options offered last.
func play(t *testing.T, story string, choices ...string) (said, offered []string) {
	t.Helper()
	sc, _ := imported(t, story)
	say := func(l roleplay.Line) {
		text := l.Text
		if l.Who != "" {
			text = l.Who + "：" + text
		}
		said = append(said, text)
	}
	p, err := sc.Start(0, say)
	for _, wanted := range choices {
		if err != nil {
			t.Fatal(err)
		}
		s := &sc.Scenes[p.Scene]
		found := false
		for _, k := range sc.Offer(&p, nil) {
			if s.Options[k].Text == wanted {
				said = append(said, "> "+wanted)
				p, err = sc.Choose(p, &s.Options[k], say)
				found = true
				break
			}
		}
		if !found {
			t.Fatalf("%q is not offered after %q", wanted, said)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range sc.Offer(&p, nil) {
		offered = append(offered, sc.Scenes[p.Scene].Options[k].Text)
	}
	if offered == nil && !sc.Ended(&p) {
		t.Fatalf("stuck in %q", sc.Scenes[p.Scene].Name)
	}
	return said, offered
}

func imported(t *testing.T, story string) (*roleplay.Scenario, draft.Draft) {
	t.Helper()
	d, err := Import("story.md", "故事", []byte(story))
	if err != nil {
		t.Fatal(err)
	}
	s, problems := script.Parse("story.md", d.Source)
	if s == nil {
		t.Fatalf("%v\n%s", problems, d.Source)
	}
	return s.Scenario, d
}

func TestImportPlays(t *testing.T) {
	const weave = `
王先生：车呢？
* “马上好[。”]，”我说。
  王先生：多久？
  * * 十分钟
  * * 半小时
    他看表。
  - - 嗯。
* [什么也不说]
- 他坐下了。
-> END`
	const rooms = `
-> hall
=== hall ===
{hall.back: 又是前厅。|前厅。}
+ (again) [再看一眼] -> back
* {again} [走] -> out.door
* -> hall
- (back) 看过了。
-> hall
=== out
= window
窗。
-> END
= door
门。{not out.window:没有开窗。}{hall.again and not out:不会说到。}
-> END`
	const counting = `
VAR trust = 2
VAR calm = false
CONST LITTLE = 1
- (top) 开始。
+ [好] 
  ~ trust += LITTLE
  ~ calm = true
  -> top
* {trust > 3} {calm} [够了]
* {not calm} [慢着]
- {
  - trust > 4: 很信。
  - trust == 4: 信。
  - else:
    ~ trust = 0
    不信。
    {trust == 0: 一点也不。}
}
-> END`
	const tunnel = `
-> ask -> 
然后。
-> ask ->
-> END
== ask
问：
+ 是
+ 否
  -> deeper ->
- ->->
== deeper
再问。
->->`
	const deep = `
- 开始
* * 深一
  * * * 更深
* * 深二
* 浅
- 一起
-> END`
	const led = `
* 去那里 -> k.there
* 看看 -> k
== k
* (there) [那里]
  到了。
  -> k
* 别处
- 完。
-> END`
	const within = `
* 去 -> k.there
== k
好
- (there) 到了。
-> z
== z
{k:来过|没来过}
-> END`
	for _, c := range []struct {
		name, story string
		choices     []string
		said        []string
		offered     []string
	}{
		{
			"brackets end a choice in two ways", weave,
			[]string{"“马上好。”", "十分钟"},
			[]string{"王先生：车呢？", "> “马上好。”", "“马上好，”我说。", "王先生：多久？", "> 十分钟", "嗯。", "他坐下了。"},
			nil,
		},
		{
			"loose ends gather", weave,
			[]string{"什么也不说"},
			[]string{"王先生：车呢？", "> 什么也不说", "他坐下了。"},
			nil,
		},
		{
			"what was said and seen counts", rooms,
			[]string{"再看一眼", "再看一眼", "走"},
			[]string{"前厅。", "> 再看一眼", "看过了。", "又是前厅。", "> 再看一眼", "看过了。", "又是前厅。", "> 走", "门。没有开窗。"},
			nil,
		},
		{"a choice waits for its condition", rooms, nil, []string{"前厅。"}, []string{"再看一眼"}},
		{
			"variables are meters", counting,
			[]string{"好", "好", "够了"},
			[]string{"开始。", "> 好", "开始。", "> 好", "开始。", "> 够了", "信。"},
			nil,
		},
		{"deeper choices come with the others", deep, nil, []string{"开始"}, []string{"深一", "深二", "浅"}},
		{"loose ends of all levels gather", deep, []string{"深一", "更深"}, []string{"开始", "> 深一", "> 更深", "一起"}, nil},
		{"whoever was led to a choice has made it", led, []string{"去那里"}, []string{"> 去那里", "到了。"}, []string{"别处"}},
		{"whoever was in a part of a knot was in the knot", within, []string{"去"}, []string{"> 去", "到了。", "来过"}, nil},
		{"else", counting, []string{"慢着"}, []string{"开始。", "> 慢着", "不信。", "一点也不。"}, nil},
		{
			"tunnels return", tunnel,
			[]string{"是", "否"},
			[]string{"问：", "> 是", "然后。", "问：", "> 否", "再问。"},
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			said, offered := play(t, c.story, c.choices...)
			if diff := cmp.Diff(c.said, said); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.offered, offered); diff != "" {
				t.Errorf("offered (-want +got):\n%s", diff)
			}
		})
	}
}

// The text a trainer gets: names that say where a scene comes from, no arrow
// where the story falls on.
func TestImportText(t *testing.T) {
	_, d := imported(t, `# title: 早上的电话
VAR trust = 50
-> call
== call ==
李太太（急）：喂？
李太太：有人吗？
* (greet) [您好]
  ~ trust += 10
  李太太：您好。
  -> wait.first
+ [再响一会儿] -> call
= never
-> END
== wait
= first
请稍等。
* {call.greet and trust >= 60} 马上来 -> DONE
* -> END
`)
	want := `---
标题: 早上的电话
用途: 练习
角色: 客户=李太太
仪表: 情绪=50，trust=50
维度: D2 倾听提问
及格: 总分>=60
---

## call
客户（急）：喂？
客户：有人吗？
- 您好【trust ++】
  客户：您好。
- 再响一会儿（可重复） → call

## wait·first
旁白：请稍等。
- 马上来
  条件：选过(call#1) 且 trust>=60
→ 结束

## 结束【结局：结束】
`
	if diff := cmp.Diff(want, string(d.Source)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Many conditions on one choice are not nested deeper than a 剧本 can be read.
func TestImportManyConditions(t *testing.T) {
	var b strings.Builder
	b.WriteString("-> k0.g\n")
	for i := range 30 {
		fmt.Fprintf(&b, "== k%d\n好\n- (g) %d\n* {k%d}", i, i, (i+1)%30)
		for j := range 30 {
			fmt.Fprintf(&b, "{k%d or k%d.g}", j, (i+j)%30)
		}
		fmt.Fprintf(&b, " 走 -> k%d.g\n* 停 -> END\n", (i+1)%30)
	}
	imported(t, b.String())
}

// What nobody can come to is left out, unless it has a name.
func TestImportLeavesOut(t *testing.T) {
	_, d := imported(t, "好\n-> END\n* 永远选不到\n- 也到不了\n* 也选不到\n- (named) 有名字的\n-> END\n")
	if got := string(d.Source); strings.Contains(got, "不到") || !strings.Contains(got, "有名字的") {
		t.Error(got)
	}
}

func TestImportNotes(t *testing.T) {
	for _, c := range []struct {
		story string
		line  int
		says  string
	}{
		{"好\n-> END", 0, "没有评分"},
		{"{一|二}", 1, "轮换"},
		{"{&一|二}", 1, "轮换"},
		{"{stopping:\n- 一\n- 二\n}", 1, "轮换"},
		{"VAR x = 1\n你有{x}个", 2, "显示变量"},
		{"好\n<- other\n== other\n* 走\n-> END", 2, "线程"},
		{"LIST a = b, c", 1, "列表"},
		{"INCLUDE more.ink", 1, "引用的文件"},
		{"EXTERNAL f(x)", 1, "外部函数"},
		{"VAR name = \"王\"", 1, "这种变量"},
		{"VAR x = 150", 1, "没有变成仪表"},
		{"VAR x = 3\n~ x = x * 2", 2, "运算"},
		{"~ temp y = 3", 1, "运算"},
		{"好\n=== function f(x) ===\n~ return x", 2, "函数"},
		{"-> f(3)\n== f(x)\n好", 1, "参数没有搬"},
		{"# title: 题目\n他说。 # 画外", 2, "标签（#）没有搬"},
		{"-> nowhere", 1, "不存在"},
		{"* {TURNS() > 3} 走", 1, "条件搬不过来"},
		{"== knot\n好", 0, "从第一个 knot"},
		{"好{", 1, "没有合上"},
		{"* []\n  走", 1, "空白的选项"},
	} {
		t.Run(c.story, func(t *testing.T) {
			_, d := imported(t, c.story)
			for _, n := range d.Notes {
				if n.Line == c.line && strings.Contains(n.Text, c.says) {
					return
				}
			}
			t.Errorf("no note on line %d says %q: %v", c.line, c.says, d.Notes)
		})
	}
}

// Where a tunnel cannot be a call, the story is carried over without it.
func TestImportGivesUpCalls(t *testing.T) {
	for _, story := range []string{
		"-> a ->\n-> a\n== a\n* 甲\n* 乙\n- ->->",      // entered in both ways
		"-> a ->\n== a\n* 甲\n  -> a ->\n* 乙\n- ->->", // within itself
		"* 甲\n-> a ->\n* 乙\n- ->->\n== a\n好\n->->\n", // a return nobody called for
	} {
		_, d := imported(t, story)
		if n := d.Notes[len(d.Notes)-1]; !strings.Contains(n.Text, "调用改成了") {
			t.Errorf("%q: %v\n%s", story, d.Notes, d.Source)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	for _, c := range []struct {
		name, story string
		want        error // nil: any
	}{
		{"nothing", " \n\t\n", draft.ErrEmpty},
		{"too many bytes", strings.Repeat("好\n", draft.MaxBytes), draft.ErrLarge},
		{"compiled by ink", "\ufeff{\"inkVersion\":21,\"root\":[]}", draft.ErrProduct},
		{"another encoding", "* 走\n\xc4\xe3\xba\xc3", nil},
		{"a line too long", strings.Repeat("好", draft.MaxLine), nil},
		{"choices too deep", strings.Repeat("*", draft.MaxDepth+1) + " 走", draft.ErrDeep},
		{"braces too deep", strings.Repeat("{x:", draft.MaxDepth+1), draft.ErrDeep},
		{"too many scenes", knots(roleplay.MaxScenes + 1), nil},
		{"too many options", strings.Repeat("* 走\n", roleplay.MaxOptions+1), nil},
	} {
		d, err := Import("story.md", "故事", []byte(c.story))
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v\n%.300s", c.name, err, d.Source)
		}
	}
}

func knots(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "-> k%d\n== k%d\n第%d段\n", i, i, i)
	}
	return b.String()
}

func FuzzInk(f *testing.F) {
	for _, s := range []string{
		"好\n* [走]开 -> END\n+ (a) {not a} 留\n- (g) {g: 甲|乙} <>\n-> k.s\n== k\n= s\n-> k ->\n->->",
		"VAR x = 1\nCONST y = x\n~ x += y\n{x > 3 and not (x == 4): {x: a|b}}\n{\n- x == 1: -> END\n- else:\n * 甲\n   乙\n}\n~ x = 0",
		"{stopping:\n- {&a|b}\n- * c -> c\n}\n- - (c) /* */ \\{ # t\n<- x\nTODO: //",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Import("story.md", "故事", src)
		if err != nil {
			if strings.Contains(err.Error(), "读不通") && !strings.Contains(err.Error(), "太大") {
				t.Errorf("%v", err)
			}
			return
		}
		if s, problems := script.Parse("story.md", d.Source); s == nil {
			t.Errorf("%v\n%s", problems, d.Source)
		}
	})
}

// A megabyte of whatever could make an importer slow.
func BenchmarkImport(b *testing.B) {
	for name, unit := range map[string]string{
		"choices": "* 走\n", "open braces": "{x:\n", "gathers": "- (a) 好\n", "knots": "== k\n-> k\n",
		"arms": "- x: 好\n", "braces": "{x:好}\n", "labels": "* (a) {a} 走 -> a\n", "comments": "/*\n", "variants": "{x:a|b}{x:a|b}{x:a|b}\n",
	} {
		src := []byte("{\n" + strings.Repeat(unit, (draft.MaxBytes-2)/len(unit)))
		if name != "arms" {
			src = src[2:]
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				Import("story.md", "故事", src)
			}
		})
	}
}
