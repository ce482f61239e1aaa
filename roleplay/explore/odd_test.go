package explore

import (
	"fmt"
	"strings"
	"testing"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

const front = "---\n标题: 考题\n角色: 客户=王先生\n处境: 在店里。\n仪表: 情绪=50\n维度: D2\n及格: 总分>=60\n---\n"

// hub is a 剧本 of one hub with so many topics of three options each.
func hub(topics int) string {
	var b strings.Builder
	b.WriteString(strings.Replace(front, "维度:", "性格: 急躁、多疑、老成持重、爽快、挑剔、健谈\n维度:", 1) + "## 店里（话题组）\n客户：说吧。\n")
	for i := range topics {
		fmt.Fprintf(&b, "### 话题%d（必谈）\n- 甲%d。【情绪 -；D2 3】\n- 乙%d。【情绪 +；D2 1】\n- 丙%d。【D2 0】\n", i, i, i, i)
	}
	b.WriteString("## 完【结局：完】\n客户：好。\n")
	return b.String()
}

func line(scenes int) string {
	var b strings.Builder
	b.WriteString(front)
	for i := range scenes {
		fmt.Fprintf(&b, "## 第%d问\n客户：多少钱？\n- 甲。【D2 3】\n- 乙。【D2 0】\n", i)
	}
	b.WriteString("## 完【结局：完】\n客户：好。\n")
	return b.String()
}

// Files nobody would write, and the largest anybody may.
func TestOddFiles(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"empty", "", "文件要以「---」开头"},
		{"front matter only", front, "没有场景"},
		{"binary", "\x7fELF\x02\xff\xfe\x00\x80", "文件不是UTF-8编码"},
		{"one scene", front + "## 店里\n客户：好。\n", "后面没有场景可以落到"},
		{"nothing but an ending", front + "## 店里【结局：完】\n客户：好。\n", "怎么走都是0分"},
		{"nothing to say", front + "## 店里\n客户：好。\n## 完【结局：完】\n客户：好。\n", "怎么走都是0分"},
		{"calls itself", front + "## 店里\n- 走。→ 调用 里间 → 完\n## 里间（可调用）\n- 再来。→ 调用 里间 → 返回\n## 完【结局：完】\n", "「里间」调用「里间」"},
		{"as many scenes as there may be", line(roleplay.MaxScenes - 1), "也能及格"},
		{"one scene more", line(roleplay.MaxScenes), "太长"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Compile("x.md", []byte(c.src), Positions(2000))
			found := false
			for _, f := range r.Findings {
				found = found || strings.Contains(f.Message, c.want)
			}
			if !found || r.Scenario != nil {
				t.Errorf("%s", r.JSON())
			}
		})
	}
}

// The walk of a hub with far too many topics ends soon after a bound is met,
// though it has not met many positions yet.
func TestWalkIsBounded(t *testing.T) {
	const limit = 1000
	s, problems := script.Parse("x.md", []byte(hub(roleplay.MaxTopics)))
	if s == nil {
		t.Fatal(problems)
	}
	g := newGraph(s.Scenario, limit, true)
	options := 3 * roleplay.MaxTopics
	if g.proven || g.looks <= looksEach*limit || g.looks > looksEach*limit+options*options || g.size() > limit {
		t.Errorf("%d positions, %d steps, %d looks", g.size(), len(g.edges), g.looks)
	}
	x := newLinter(s, &survey{graph: g, limit: limit}, nil)
	x.lintScales()
	if want := fmt.Sprintf("未证明：走法太多，到第%d个局面还没走完", g.size()); len(x.findings) != 1 || !strings.Contains(x.findings[0].Message, want) {
		t.Errorf("%v, want %s", x.findings, want)
	}
}
