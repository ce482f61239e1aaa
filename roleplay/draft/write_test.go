package draft

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/roleplay/script"
)

// Every script of the house survives being written down again.
func TestWriteContent(t *testing.T) {
	files, err := fs.Glob(content.FS, "scenarios/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		src, err := fs.ReadFile(content.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		sameAfterWriting(t, file, string(src))
	}
}

func sameAfterWriting(t *testing.T, file, src string) {
	t.Helper()
	first, problems := script.Parse(file, []byte(src))
	if first == nil {
		t.Fatal(problems)
	}
	text := Write(first.Scenario)
	second, problems := script.Parse(file, text)
	if second == nil {
		t.Fatalf("%v\n%s", problems, text)
	}
	if diff := cmp.Diff(first.Scenario, second.Scenario); diff != "" {
		t.Errorf("%s (-read +written):\n%s\n%s", file, diff, text)
	}
}

const everything = `---
标题: 样样都有
英文标题: Everything
角色: 客户=王先生（急躁）, 技师=老周（实在）
性格: 急躁、多疑
处境: 一句话。
说明: 补充。
用途: 练习
仪表: 情绪=35, 信任=50
维度: D2 倾听提问, 共情
权重: 共情=2
及格: 总分>=60, D2>=50, 共情>=40, 信任>=20, 无红线
---
## 开场【情绪 -，信任 +15】
旁白：[去过(开场) 且 (情绪>=40 或 非 已看(工单))] 甲
客户（急）：[情绪=35] 乙
我：[否则] 丙
技师：丁
资料：工单 | 一
  二
限时：20秒【情绪 --；共情 0】→ 冷场
  客户：喂？
  点评：说话。
- 问一句【情绪 +，信任 +++；D2 3，共情 1】→ 调用 解释 → 车
  条件：非 选过(开场#2) 且 非 (沉默过(开场) 或 信任<20)
  客户：[信任!=50] 好
  客户：[否则] 嗯
  点评：好。
  专家：更好。
  依据：S4-011、S4-012；文字
- 再来（可重复）→ 开场
- 骗人【D2 0，共情 0】→ 调用 解释
  红线：骗人
  点评：不行。
  依据：文字
[信任<=20] → 冷场
[否则] → 车
## 解释（可调用）
客户：为什么？
- 因为 → 返回
- 所以
- 走 → 里面
## 里面（可调用）
旁白：里面
## 车（话题组）【信任 -】
客户：说吧。
- 先走 → 冷场
### 油（必谈）
- 油好
- 油坏
### 水（可选）
- 水好【情绪 +】
[情绪>=40] → 尾
## 冷场（旁支）
客户：算了。
- 行 → 尾
## 尾【结局：走了】【情绪 -】
客户：走了。
`

func TestWriteEverything(t *testing.T) {
	sameAfterWriting(t, "all.md", everything)
	for _, want := range []string{"→ 调用 解释 → 车", "（可调用）", "### 油（必谈）"} {
		s, _ := script.Parse("all.md", []byte(everything))
		if got := string(Write(s.Scenario)); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
