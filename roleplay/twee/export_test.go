package twee

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/script"
)

const visit = `---
标题: 上门取车
角色: 客户=王先生（急躁）, 技师=老周
处境: 一句话。
用途: 练习
仪表: 情绪=35, 信任=50
维度: D2 倾听提问
及格: 总分>=60
---
## 门口【情绪 -】
客户（急）：[去过(门口)] 又来？
客户：[否则] 谁？
资料：工单 | 共[2]页
  第二页
限时：20秒 → 走
- 取车的【情绪 ++，信任 -；D2 3】→ 调用 解释 → 车
  条件：非 选过(门口#2) 且 (已看(工单) 或 情绪>=40) 且 非 沉默过(门口)
  技师：我也来了
  点评：好
- 再问（可重复）→ 门口
## 解释（可调用）
我：这样：明天还
- 行 → 返回
- 再讲【情绪 +】→ 调用 解释二 → 返回
## 解释二（可调用）
旁白：讲
## 车（话题组）【信任 +】
客户：说吧
- 先走|再说 → 走
### 油（必谈）
- 油好
- 油坏【信任 --】
### 水（可选）
- 水好
→ 走
## 走【结局：走了 & 散了】
旁白：时间：晚上
客户：[去过(走)] 还来？
`

const visitInTwine = `:: StoryTitle
上门取车

:: StoryData
{
	"ifid": "IFID",
	"format": "SugarCube",
	"format-version": "2.36.1",
	"start": "门口"
}

:: 导出说明 [notes] {"position":"100,100","size":"100,100"}
NOTES

:: StoryInit
<<set $m1 to 35>> /* 情绪 */
<<set $m2 to 50>> /* 信任 */
<<set $back to []>>

:: 返回 [return] {"position":"250,100","size":"100,100"}
<<goto ` + "`$back.pop()`" + `>>

:: StoryMenu
<<if not tags().includes("document")>>
<<if visited("门口")>>[[工单]]<</if>>
<</if>>

:: 门口 {"position":"400,100","size":"100,100"}
<<if $read isnot turns() - 1>><<set $m1 to Math.clamp($m1 - 5, 0, 100)>><</if>>
<<if $v1>>王先生（急）：又来？<<else>>王先生：谁？<</if>>
[[资料：工单->工单]]
<<if not $o1 and (not ($o2) and (visited("工单") or $m1 gte 40) and not ($o3))>>[[取车的->门口·1][$m1 to Math.clamp($m1 + 10, 0, 100), $m2 to Math.clamp($m2 - 5, 0, 100), $o1 to true]]<</if>>
[[再问->门口][$o2 to true, $v1 to true]]
<<if not $o3>><<timed 20s>><<set $o3 to true, $v1 to true>><<goto "走">><</timed>><</if>>

:: 门口·1 [reply] {"position":"550,100","size":"100,100"}
老周：我也来了
[[继续->解释][$v1 to true, $back.push("车")]]

:: 解释 [call] {"position":"700,100","size":"100,100"}
我：这样：明天还
[[行->返回]]
[[再讲->解释二][$m1 to Math.clamp($m1 + 5, 0, 100), $back.push("返回")]]

:: 解释二 [call] {"position":"850,100","size":"100,100"}
讲
[[继续->返回]]

:: 车 [hub] {"position":"1000,100","size":"100,100"}
<<if $read isnot turns() - 1>><<if not ($o6 or $o7 or $o8 or $o9)>><<set $m2 to Math.clamp($m2 + 5, 0, 100)>><</if>><</if>>
<<if not ($o6 or $o7 or $o8 or $o9)>>
王先生：说吧
<</if>>
<<if not ($o7 or $o8) and not $o6>>[[先走｜再说->走][$o6 to true]]<</if>>
!!油
<<if not ($o7 or $o8) and not ($o7 or $o8)>>[[油好->车][$o7 to true]]<</if>>
<<if not ($o7 or $o8) and not ($o7 or $o8)>>[[油坏->车][$m2 to Math.clamp($m2 - 10, 0, 100), $o8 to true]]<</if>>
!!水
<<if not ($o7 or $o8) and not ($o9)>>[[水好->车][$o9 to true]]<</if>>
<<if not (not ($o7 or $o8) and not $o6 or not ($o7 or $o8) and not ($o7 or $o8) or not ($o7 or $o8) and not ($o7 or $o8) or not ($o7 or $o8) and not ($o9))>>[[继续->走]]<</if>>

:: 走 [ending] {"position":"1150,100","size":"100,100"}
!"""走了 & 散了"""
旁白：时间：晚上
<<if false>>王先生：还来？<</if>>

:: 工单 [document] {"position":"100,250","size":"100,100"}
<<set $read to turns()>>
"""共[2]页"""
第二页
<<return "合上">>
`

// What comes back has a hub taken apart into conditions, and no scores.
const visitBack = `---
标题: 上门取车
用途: 练习
角色: 客户=王先生（急躁），技师=老周
性格: 急躁
处境: 一句话。
仪表: 情绪=35，信任=50
维度: D2 倾听提问
及格: 总分>=60
---

## 门口【情绪 -】
客户（急）：[去过(门口)] 又来？
客户：[否则] 谁？
资料：工单 | 共〔2〕页
  第二页
限时：20秒 → 走
- 取车的【情绪 ++，信任 -】 → 调用 解释 → 车
  技师：我也来了
  条件：非 选过(门口#2) 且 (已看(工单) 或 情绪>=40) 且 非 沉默过(门口)
- 再问（可重复） → 门口

## 解释（可调用）
我：这样：明天还
- 行
- 再讲【情绪 +】 → 调用 解释二 → 返回

## 解释二（可调用）
旁白：讲

## 车
[非 (选过(车·2#1) 或 选过(车·2#2) 或 选过(车·2#3) 或 选过(车·2#4))] → 车·3

## 车·2
客户：说吧
- 先走｜再说 → 走
  条件：非 (选过(车·2#2) 或 选过(车·2#3))
- 油好 → 车
  条件：非 (选过(车·2#2) 或 选过(车·2#3)) 且 非 (选过(车·2#2) 或 选过(车·2#3))
- 油坏【信任 --】 → 车
  条件：非 (选过(车·2#2) 或 选过(车·2#3)) 且 非 (选过(车·2#2) 或 选过(车·2#3))
- 水好 → 车
  条件：非 (选过(车·2#2) 或 选过(车·2#3))
→ 走

## 车·3【信任 +】
→ 车·2

## 走【结局：走了 & 散了】
旁白：时间：晚上
`

func TestImportOfExport(t *testing.T) {
	d, err := Import("visit.md", "", Export(parsed(t, visit)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(visitBack, string(d.Source)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A called scene that is called again and again offers its options once.
func TestExportCalledAgain(t *testing.T) {
	front, _, _ := strings.Cut(visit, "## 门口")
	text := string(Export(parsed(t, front+`## 门口
- 问（可重复）→ 调用 解释 → 门口
- 走 → 走
## 解释（可调用）
旁白：嗯
- 甲 → 返回
## 走【结局：走了】
`)))
	if want := "<<if not $o3>>[[甲->返回][$o3 to true]]<</if>>"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	sameAfterTwine(t, parsed(t, front+`## 门口
- 问 → 调用 解释 → 门口
- 走 → 走
## 解释（可调用）
旁白：嗯
- 甲 → 返回
## 走【结局：走了】
`))
}

func parsed(t *testing.T, src string) *roleplay.Scenario {
	t.Helper()
	s, problems := script.Parse("visit.md", []byte(src))
	if s == nil {
		t.Fatal(problems)
	}
	return s.Scenario
}

var (
	ifids = regexp.MustCompile(`"ifid": "([0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12})"`)
	notes = regexp.MustCompile(`(?s)("size":"100,100"\})\n.*?\n\n(:: StoryInit)`)
)

func TestExport(t *testing.T) {
	sc := parsed(t, visit)
	text := Export(sc)
	if !bytes.Equal(text, Export(sc)) {
		t.Error("two exports differ")
	}
	got := ifids.ReplaceAllString(string(text), `"ifid": "IFID"`)
	got = notes.ReplaceAllString(got, "$1\nNOTES\n\n$2")
	if diff := cmp.Diff(visitInTwine, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What Twine does not know is told in the notes.
func TestExportNotes(t *testing.T) {
	text := string(Export(parsed(t, visit)))
	for _, want := range []string{"角色: 客户=王先生（急躁）", "门口#沉默：限时20秒", "门口#1：【D2 3】", "门口#1：点评：好", "性格"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestIFID(t *testing.T) {
	sc := parsed(t, visit)
	first := ifids.FindSubmatch(Export(sc))
	sc.Title = "另一个"
	second := ifids.FindSubmatch(Export(sc))
	if first == nil || second == nil || bytes.Equal(first[1], second[1]) {
		t.Errorf("%q and %q", first, second)
	}
}

func TestHeader(t *testing.T) {
	for _, name := range []string{"路", `[甲] {乙} \丙`, `\\`, "a]b", "{", "::"} {
		p := header(draft.NewStory(""), 1, ":: "+escape(name)+` [x y] {"position":"1,2"}`)
		if diff := cmp.Diff([]string{name, "x", "y"}, append([]string{p.name}, p.tags...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
}
