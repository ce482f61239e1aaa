package twee

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

// told is the 剧本 of a story without its front matter, and its notes but for the
// one that every story without scores gets.
func told(t *testing.T, story string) (source string, notes []string) {
	t.Helper()
	d, err := Import("told.md", "故事", []byte(story))
	if err != nil {
		t.Fatal(err)
	}
	if _, problems := script.Parse("told.md", d.Source); problems != nil {
		t.Fatalf("%v\n%s", problems, d.Source)
	}
	_, source, _ = strings.Cut(string(d.Source), "\n---\n")
	for _, n := range d.Notes {
		if n.Line > 0 {
			notes = append(notes, fmt.Sprintf("%d %s: %s", n.Line, n.Construct, n.Text))
		}
	}
	return strings.TrimSpace(source), notes
}

func TestImport(t *testing.T) {
	for _, c := range []struct {
		name, story, want string
		notes             []string
	}{
		{name: "the four forms of a link", story: `
:: Start
客户：我来了。
先看看。 [[请坐->坐下]] 还是
[[坐下<-请进]]
[[再见|走]] 走吧。
[[坐下]]
:: 坐下
客户：好。
[[继续->走]]
:: 走
他走了。`, want: `
## Start
客户：我来了。
旁白：先看看。
旁白：还是
旁白：走吧。
- 请坐
- 请进
- 再见 → 走
- 坐下

## 坐下
客户：好。

## 走【结局：走】
旁白：他走了。`},
		{name: "marks of lists and commas around links say nothing", story: `
:: Start
一
* [[甲->终]], [[乙->终]]
> [[丙->终]].
:: 终
完`, want: `
## Start
旁白：一
- 甲
- 乙
- 丙

## 终【结局：终】
旁白：完`},
		{name: "a broken link gets an ending", story: `
:: Start
走不走？
[[走->外面]]
[[不走->外面]]
[[等->屋里]]`, want: `
## Start
旁白：走不走？
- 走
- 不走
- 等 → 屋里

## 外面【结局：外面】
旁白：（原文没有这一段，请补写。）

## 屋里【结局：屋里】
旁白：（原文没有这一段，请补写。）`, notes: []string{
			"4 [[外面]]: 链接的目标不存在：先放了一个结局占着位置，请补写。",
			"6 [[屋里]]: 链接的目标不存在：先放了一个结局占着位置，请补写。",
		}},
		{name: "StoryData names the start and the format", story: `
:: StoryTitle
故事
:: StoryData
{"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "format": "Harlowe", "start": "后", "zoom": null}
:: 前
$x
:: 后
走
[[去->前]]`, want: `
## 后
旁白：走
- 去

## 前【结局：前】
旁白：……`, notes: []string{"7 $x: 这里原来显示变量的值，没有搬，写成了“……”。"}},
		{name: "malformed headers and metadata", story: `
:: Start [a b] {"position":"1,2""size":"3,4"}
甲 [[乙->乙]]
:: \[乙\] \{b\} \\c  [tag
完
::
没有名字
:: Start
又一个
\:: 不是标题
:: StoryData
{"ifid": 1
:: 乙 [a] tail`, want: `
## Start
旁白：甲
- 乙 → 乙

## 乙 b c【结局：〔乙〕 {b} \c】
旁白：完

## 乙【结局：乙】`, notes: []string{
			`2 {"position":"1,2""size":"3,4"}: 段落的附加信息（位置、大小）读不懂，没有用。`,
			"4 [tag: 标签没有用“]”合上，读到行尾为止。",
			"13 tail: 段落名后面多出来的字没有用。",
			"11 StoryData: 故事信息不是 JSON，没有用。",
			"6 ::: 这个段落没有名字，没有搬。",
			"8 Start: 段落重名，第 2 行已经有了：这一个没有搬。",
			"2 a b tag: 段落的标签没有搬：它们只在原来的故事里有用。",
		}},
		{name: "a number becomes a meter", story: `
:: StoryInit
<<set $trust to 40>>
:: Start
<<set $count to 1>>甲
[[问->中][$trust to $trust + 10, $count += 1]]
[[不问->中][$trust -= 20]]
:: 中
<<if $trust gte 50 and not ($count is 1)>>好<<elseif $trust lt 30>>坏<<else>>中<</if>>
<<if $trust isnot 40>>[[走->终]]<</if>>
<<if $name is "x">>[[留->终]]<</if>>
[[等->终][$name to ["x"]]]
:: 终
完`, want: `
## Start
旁白：甲
- 问【trust ++，count +】
- 不问【trust ---】

## 中
旁白：[trust>=50 且 count!=5] 好
旁白：[trust<30] 坏
旁白：[否则] 中
- 走
  条件：trust!=40
- 留
- 等

## 终【结局：终】
旁白：完`, notes: []string{
			`12 $name to ["x"]: 这行运算没有搬：仪表只能加、减或设成一个数。`,
			"3 $trust: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。",
			"5 $count: 变量变成了仪表，原来的 1 记 5，到 0 和 100 为止。",
			"12 $name: 这个变量没有变成仪表：仪表最多 8 个，只有 0–100、每步 5；和它有关的运算和条件也没有搬。",
			`11 $name is "x": 这个条件搬不过来，当作总是成立。`,
		}},
		{name: "a truth that only becomes true has happened", story: `
:: Start
甲
[[拿钥匙->门][$key to true]]
[[算了->门]]
:: 门
<<set $door to true>>门
<<if $key>>[[开->终]]<</if>>
<<if visited("Start") and not hasVisited("终")>>[[喊->终]]<</if>>
[[回->Start]]
:: 终
<<if $door>>有门<<else>>没门<</if>>`, want: `
## Start
旁白：甲
- 拿钥匙（可重复）
- 算了（可重复）

## 门
旁白：门
- 开（可重复）
  条件：选过(Start#1)
- 喊（可重复）
  条件：去过(Start) 且 非 去过(终)
- 回（可重复） → Start

## 终【结局：终】
旁白：[去过(门)] 有门
旁白：[否则] 没门`},
		{name: "what is guarded by its own flag can be said once", story: `
:: Start
<<if not $asked>>[[问->Start][$asked to true]]<</if>>
[[再问->Start]]
[[走->终]]
:: 终
完`, want: `
## Start
- 问 → Start
- 再问（可重复） → Start
- 走（可重复）

## 终【结局：终】
旁白：完`},
		{name: "conditions and calculations part the story", story: `
:: StoryInit
<<set $m to 20>>
:: Start
甲
<<if $m gt 10>>多<<set $m -= 10>><<else>>少<</if>>
乙
[[走->终]]
[[等->终][$m to 0]]
:: 终
完`, want: `
## Start
旁白：甲
[m>10] → Start·3
→ Start·4

## Start·2
旁白：乙
- 走 → 终
- 等【m -100】 → 终

## Start·3【m --】
旁白：多
→ Start·2

## Start·4
旁白：少
→ Start·2

## 终【结局：终】
旁白：完`, notes: []string{"3 $m: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。"}},
		{name: "Harlowe", story: `
:: Start
(set: $m to 20)甲
(if: $m > 10 and (visited: "终"))[多](else:)[少 (print: $m)]
(if: $m is not 5)[[[走->终]]]
(unless: $k)[[留->终]]
(link-goto: "去", "终") (text-style: "bold")[粗]
:: 终
(set: $m to it + 5, $k to true)(put: 5 into $m)完`, want: `
## Start
旁白：甲
旁白：[m>10 且 去过(终)] 多
旁白：[否则] 少 ……
旁白：粗
- 走
  条件：m!=5
- 留
  条件：非 去过(终)
- 去

## 终【m +】

## 终·2【m -100】

## 终·3【结局：终】【m +】
旁白：完`, notes: []string{
			"4 (print: $m): 这里原来显示变量或函数的值，没有搬，写成了“……”。",
			`7 (text-style: "bold"): 这个宏没有搬。`,
			"3 $m: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。",
		}},
		{name: "tags of the author's own", story: `
:: Start [第二幕 nobr 待改]
甲
[[走->终]]
:: 终 [ending 待改]
完`, want: `
## Start
旁白：甲
- 走

## 终【结局：终】
旁白：完`, notes: []string{"2 待改 第二幕: 段落的标签没有搬：它们只在原来的故事里有用。"}},
		{name: "Harlowe's links with hooks", story: `
:: StoryData
{"format":"Harlowe"}
:: Start
(set: $m to 20)甲
(link: "去")[(set: $m to it + 10)(goto: "终")]
(link-reveal-goto: "来", "终")[嗯(set: $m to it - 5)]
(link-reveal: "看")[单子上有。]
(link-repeat: "没有钩子")
:: 终
完`, want: `
## Start
旁白：甲
旁白：单子上有。
- 去【m ++】
- 来【m -】

## 终【结局：终】
旁白：完`, notes: []string{
			"7 嗯: 点了链接才出现的内容没有搬。",
			"8 看: 点了链接才出现的内容，当作一开始就有。",
			`9 (link-repeat: "没有钩子"): 这个宏没有搬。`,
			"5 $m: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。",
		}},
		{name: "macros that link", story: `
:: Start
<<link "去" "终">><<set $m to 10>><</link>><<button [[来|终]]>><</button>>
<<link "等">>嗯<<goto "终">><</link>><<link "不动">><</link>>
<<timed 2s>><<print $m>>秒<</timed>><<script>>x = "<<if>>"<</script>>
:: 走 [reply]
<<if $m is 10>><<set $m += 5>><<goto "终">><<else>><<goto "Start">><</if>>
:: 终
完`, want: `
## Start
旁白：……秒
- 去【m -100】
- 来 → 终
- 等 → 终

## Start·2【m ++】
→ 终

## 走
[m=10] → 走·2
→ Start

## 走·2【m +】

## 终【结局：终】
旁白：完`, notes: []string{
			"4 嗯: 点了链接才出现的内容没有搬。",
			"4 不动: 这个链接不去别的段落，没有搬。",
			"5 print $m: 这里原来显示变量或函数的值，没有搬，写成了“……”。",
			"5 <<timed>>: 过一会儿才出现的内容，当作马上出现。",
			"5 <<script>>: 程序没有搬。",
			"3 $m: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。",
		}},
		{name: "text is plain", story: `
:: Start [nobr]
!题
''粗''的//斜//的<b>字</b>，&lt;好&gt; <!-- 注 -->/* 注
两行 */完<br>另起<img src="a">
"""<<if>> [[不是链接]] ''不粗''"""
http://a.b/c
<<timed 8s>><<goto "终">><</timed>>
[[走->终]] [[没合上
:: 终
完`, want: `
## Start
旁白：题
旁白：粗的斜的字，<好> 完
旁白：另起
旁白：<<if>> 〔〔不是链接〕〕 ''不粗''
旁白：http://a.b/c
旁白：〔〔没合上
限时：8秒
- 走

## 终【结局：终】
旁白：完`, notes: []string{
			`5 <img src="a">: 图片、声音和网页控件没有搬。`,
			"9 [[: 链接没有合上，当作普通文字。",
		}},
		{name: "a line that looks like a header", story: `
:: Start
\:: 不是标题
<<if visited("Start")>>在这里<</if>>`, want: `
## Start【结局：Start】
旁白：:: 不是标题
旁白：在这里`},
		{name: "a truth that changes becomes a meter", story: `
:: Start
甲
[[开->中][$lamp to true]]
[[关->中][$lamp to false]]
:: 中
<<if $lamp>>亮
还亮<<else>>黑<</if>>
完
<<if not $lamp>><<goto "Start">><<else>><<goto "终">><</if>>
:: 终
完`, want: `
## Start
旁白：甲
- 开（可重复）【lamp +100】
- 关（可重复）【lamp -100】

## 中
旁白：[lamp!=0] 亮
旁白：[lamp=0] 黑

## 中·2
旁白：[lamp!=0] 还亮
旁白：完
[lamp=0] → Start

## 终【结局：终】
旁白：完`, notes: []string{"4 $lamp: 变量变成了仪表，原来的 1 记 100，到 0 和 100 为止。"}},
		{name: "a jump of a link's body sets as well", story: `
:: Start
甲
[[等->终]]
<<link "走">><<set $lamp += 5>><<if true>><</if>><<set $lamp += 5>><<goto "终">><</link>>
:: 终
完`, want: `
## Start
旁白：甲
- 等
- 走【lamp ++】

## 终【结局：终】
旁白：完`, notes: []string{
			"5 <<if>>: 点了链接才出现的内容没有搬。",
			"5 $lamp: 变量变成了仪表，原来的 1 记 1，到 0 和 100 为止。",
		}},
		{name: "special passages", story: `
:: Start
完
:: 样式 [stylesheet]
b { }
:: 程序 [script]
"::"
:: PassageHeader
头
:: StoryAuthor
谁`, want: `
## Start【结局：Start】
旁白：完`, notes: []string{
			"4 样式: 程序、样式和界面用的段落没有搬。",
			"6 程序: 程序、样式和界面用的段落没有搬。",
			"8 PassageHeader: 程序、样式和界面用的段落没有搬。",
			"10 StoryAuthor: 程序、样式和界面用的段落没有搬。",
		}},
		{name: "Chapbook", story: `
:: StoryData
{"format": "Chapbook"}
:: Start
a: 1
--
[if a > 1]
甲 {a}
[continued]
- [[走->终]]
:: 终
完`, want: `
## Start
旁白：甲
- 走

## 终【结局：终】
旁白：完`, notes: []string{
			"5 a: 1: Chapbook 的变量没有搬。",
			"7 [if a > 1]: Chapbook 的修饰行没有搬：下面的内容当作总是出现。",
			"8 {a}: Chapbook 的插入没有搬。",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, ends := range []string{"\n", "\r\n"} {
				source, notes := told(t, "\ufeff"+strings.ReplaceAll(c.story, "\n", ends))
				if diff := cmp.Diff(strings.TrimSpace(c.want), source); diff != "" {
					t.Errorf("source (-want +got):\n%s\n%s", diff, source)
				}
				if diff := cmp.Diff(c.notes, notes); diff != "" {
					t.Errorf("notes (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestImportMeters(t *testing.T) {
	d, err := Import("told.md", "", []byte(`:: StoryInit
<<set $trust to 40, $lamp to true>>
:: Start
<<set $count to 3>>完
[[走->终][$trust -= 5, $lamp to false, $count to $count - 1]]
:: 终
完`))
	if want := "仪表: 情绪=50，trust=40，lamp=100，count=15"; err != nil || !strings.Contains(string(d.Source), want) {
		t.Errorf("%v, no %q in\n%s", err, want, d.Source)
	}
}

func TestImportTitle(t *testing.T) {
	for story, want := range map[string]string{
		":: StoryTitle\n自己的\n:: Start\n完": "标题: 自己的",
		":: Start\n完": "标题: 给的",
	} {
		d, err := Import("told.md", "给的", []byte(story))
		if err != nil || !strings.Contains(string(d.Source), want) {
			t.Errorf("%q: %v, no %q in\n%s", story, err, want, d.Source)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	many := func(n int, f string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, f, i)
		}
		return b.String()
	}
	for _, c := range []struct {
		story string
		want  error
		text  string
	}{
		{story: " \n", want: draft.ErrEmpty},
		{story: "没有冒号", want: errNoPassage},
		{story: "<!DOCTYPE html>\n<html><tw-storydata name=\"x\">", want: draft.ErrProduct},
		{story: "<tw-storydata name=\"x\"></tw-storydata>", want: draft.ErrProduct},
		{story: ":: Start\n\xc4\xe3\xba\xc3", text: "从第 2 行起读不出来"},
		{story: ":: StoryTitle\n只有标题", want: errNoScene},
		{story: strings.Repeat("x", draft.MaxBytes+1), want: draft.ErrLarge},
		{story: ":: Start\n" + strings.Repeat("x", draft.MaxLine+1), text: "第 2 行太长"},
		{story: ":: Start\n" + strings.Repeat("<<if $x>>", draft.MaxDepth+1), want: draft.ErrDeep},
		{story: ":: Start\n" + strings.Repeat("(if: $x)[", draft.MaxDepth+1), want: draft.ErrDeep},
		{story: ":: Start\n<<if $x>>" + strings.Repeat("<<elseif $x>>", maxArms), want: errManyArms},
		{story: many(maxPassages+1, ":: P%d\n"), want: errTooMany},
		{story: ":: Start\n" + many(roleplay.MaxOptions+1, "[[a%d->Start]]\n"), want: errManyOptions},
		{story: many(roleplay.MaxScenes+1, ":: P%d\n完\n"), text: "故事太长"},
		{story: ":: Start\n[[z->Start]]\n" + many(20, "[[a%d->Start][$f to true]]\n") + many(1000, "%[1]d<<if $f>>x%[1]d<<else>>y<</if>>\n"), want: errManyConditions},
	} {
		_, err := Import("refused.md", "", []byte(c.story))
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%.40q: %v, want %v%s", c.story, err, c.want, c.text)
		}
	}
}
