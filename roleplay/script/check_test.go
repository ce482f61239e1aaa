package script

import (
	"strings"
	"testing"

	"qibu/roleplay"
)

func mustParse(t testing.TB, file, src string) *roleplay.Scenario {
	t.Helper()
	sc, problems := Parse(file, []byte(src))
	if len(problems) > 0 {
		t.Fatal(problems.Error())
	}
	return sc
}

// Each case breaks one thing of a sound file and must be told so at its line.
func TestParseProblems(t *testing.T) {
	const whole = -1000
	cases := []struct {
		name, old, new string
		line           int // from the line of the change; whole for the file
		want           string
	}{
		{"silent ending", "客户（点头）：好。", "旁白：他点头。", -1, "结局「送别」里客户要说一句话"},
		{"option without a score", "【D1 1】\n", "\n", 0, "这句也要计分"},
		{"one scored option", "- 有事您打给我就行。【D6 0】→ 送别\n  点评：又推回给她。\n", "", -3, "只有一句计分的话术"},
		{"red line without basis", "  依据：S4-002\n", "", -5, "红线要有点评和依据"},
		{"weak option without coaching", "  点评：他自己看，漏了算谁的？\n", "", -1, "这句不是最好的，要有点评"},
		{"best option worth nothing", "【D6 2】→ 送别\n  点评：几点？", "【D6 0】→ 送别", 0, "这句不是最好的，要有点评"},
		{"zero option without coaching", "  点评：又推回给她。\n", "", -1, "这句不是最好的，要有点评"},
		{"scene unreachable", "→ 不欢\n", "→ 送别\n", 11, "场景「不欢」怎么走都到不了"},
		{"option never offered", "  点评：几点？", "  点评：几点？\n  条件：耐心>90", -1, "永远不出现"},
		{"dead end", "[否则] → 暗处", "- 走。→ 暗处\n  条件：情绪>60", -3, "场景「过道」有一种走法没有话术可选"},
		{"endless", "## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 不欢（旁支）\n- 嗯。（可重复）→ 不欢", 0, "从场景「不欢」有一种走法再也到不了结局"},
		{"circle", "## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 不欢（旁支）\n→ 又\n## 又（旁支）\n→ 不欢", 2, "场景「又」会原地兜圈"},
		{"no ending", "## 送别【结局：再见】\n客户（点头）：好。\n## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 送别\n- 好。（可重复）→ 门口\n## 不欢（旁支）\n- 算了。（可重复）→ 门口", whole, "没有结局"},
		{"pass impossible", "情绪>=40、", "情绪>=95、", whole, "没有一种走法能及格"},
		{"pass for everybody", "总分≥50、情绪>=40、无红线", "总分>=0", whole, "怎么走都及格"},
		{"flat dimension", "【D1 1】\n", "【D1 2】\n", whole, "维度 D1 礼仪形象 怎么走都是2分"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			src := sample(t, "tour")
			change := 1 + strings.Count(src[:max(0, strings.Index(src, c.old))], "\n")
			line := max(0, change+c.line)
			if strings.Count(src, c.old) != 1 {
				t.Fatalf("%q stands %d times", c.old, strings.Count(src, c.old))
			}
			_, problems := Parse("x.md", []byte(strings.Replace(src, c.old, c.new, 1)))
			for _, p := range problems {
				if p.Line == line && strings.Contains(p.Message, c.want) {
					return
				}
			}
			t.Errorf("want x.md:%d: …%s…, got\n%s", line, c.want, problems)
		})
	}
}

func TestParseRefusesTooManyStates(t *testing.T) {
	_, problems := parse("x.md", []byte(sample(t, "tour")), 3)
	if err := problems.Err(); err == nil || !strings.Contains(err.Error(), "走法太多") {
		t.Errorf("got %v", err)
	}
}

// A best option that is also the longest in most decisions is a warning: the
// scenario works, but it can be played without listening.
func TestParseWarnsOfLongestBest(t *testing.T) {
	src := strings.Replace(sample(t, "tour"), "- 有事您打给我就行。", "- 有事找我。", 1)
	sc, problems := Parse("x.md", []byte(src))
	if sc == nil || len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Message, "3次选择里有2次") {
		t.Errorf("scenario %v, problems %v", sc != nil, problems)
	}
	src = strings.Replace(src, "- 有事找我。", "- 有事您找我啊。", 1) // as long as the best one
	mustParse(t, "x.md", src)
}
