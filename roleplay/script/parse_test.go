package script

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
)

func read(t testing.TB, name string) string {
	t.Helper()
	src, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

func mustParse(t testing.TB, file, src string) *roleplay.Scenario {
	t.Helper()
	sc, problems := Parse(file, []byte(src))
	if len(problems) > 0 {
		t.Fatal(problems.Error())
	}
	return sc
}

func when(op string, index, value int) *roleplay.Condition {
	return &roleplay.Condition{Op: op, Index: index, Value: value}
}

// Every construct of the format, compiled.
func TestParseTour(t *testing.T) {
	got := mustParse(t, "scenarios/tour.md", read(t, "tour.md"))
	later := roleplay.Beat{{Kind: "customer", Who: "周女士", Expression: "笑", Text: "今天真快。", When: when(">=", 0, 90)}}
	later = append(later,
		roleplay.Line{Kind: "customer", Who: "周女士", Text: "我赶时间。", When: &roleplay.Condition{
			Op: "or", Of: []roleplay.Condition{*when("<", 1, 10), *when("opened", 0, 0)},
		}},
		roleplay.Line{Kind: "customer", Who: "周女士", Text: "你好。"})
	want := &roleplay.Scenario{
		Engine: roleplay.EngineVersion, Slug: "tour", Title: "走一遍全部写法", TitleEN: "Every construct once",
		Situation: "周女士来取车。你手里有两份单子。", Note: "全部虚构。",
		Cast: []roleplay.Character{
			{Label: "客户", Name: "周女士", Persona: "怕麻烦、话少"},
			{Label: "技师", Name: "老周"},
		},
		Meters: []roleplay.Meter{{Name: "情绪", Start: 50}, {Name: "耐心", Start: 20}},
		Dimensions: []roleplay.Dimension{
			{Key: "D1", Name: "礼仪形象", Weight: 1, Min: 1, Max: 2},
			{Key: "D6", Name: "承诺管理", Weight: 2, Min: 0, Max: 3},
		},
		Pass:      []roleplay.Rule{{Kind: "total", Mark: 50}, {Kind: "meter", Mark: 40}, {Kind: "clean"}},
		Documents: []roleplay.Document{{Name: "派工单", Text: "工位：二号\n技师：老周"}},
		Scenes: []roleplay.Scene{
			{
				Name:  "门口",
				Beats: []roleplay.Beat{{{Kind: "me", Text: "周女士，您好。"}}, later},
				Options: []roleplay.Option{
					{ID: 0, Text: "您稍等。", Repeat: true, Effects: []roleplay.Effect{{Meter: 1, By: -5}}, Way: roleplay.Way{To: 0}},
					{
						ID: 1, Text: "车好了，我陪您看（外观也看）。", Way: roleplay.Way{To: 1}, Expert: "先陪，再说。",
						Effects: []roleplay.Effect{{Meter: 0, By: 15}}, Scores: []roleplay.Score{{Dimension: 0, Points: 2}},
						Reply: []roleplay.Beat{
							{{Kind: "stage", Text: "你们走到车边。"}},
							{{Kind: "other", Who: "老周", Expression: "擦手", Text: "都在这儿了。", When: when("left", 0, 0)}},
						},
					},
					{
						ID: 2, Text: "车在那边，您自己看。", Way: roleplay.Way{To: 1}, Scores: []roleplay.Score{{Dimension: 0, Points: 1}},
						Coaching: "他自己看，漏了算谁的？", Sources: []string{"S4-034", "S4-035"}, Basis: "本店做法，口头",
					},
				},
			},
			{
				Name:  "过道",
				Beats: []roleplay.Beat{{{Kind: "stage", Text: "走了几步。"}}},
				Jumps: []roleplay.Jump{
					{Way: roleplay.Way{To: 2}, When: &roleplay.Condition{Op: "and", Of: []roleplay.Condition{
						*when("chosen", 1, 0), {Op: "not", Of: []roleplay.Condition{*when("opened", 0, 0)}},
					}}},
					{Way: roleplay.Way{To: 3}},
				},
			},
			{
				Name: "车边",
				Options: []roleplay.Option{
					{ID: 3, Text: "有问题您随时打给我，随时。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 1}}, Coaching: "随时等于没有时间。"},
					{
						ID: 4, Text: "后天上午十点，我打给您。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 3}},
						Effects: []roleplay.Effect{{Meter: 0, By: 10}},
					},
					{
						ID: 5, Text: "保证再也不会坏。", Way: roleplay.Way{To: 5}, Scores: []roleplay.Score{{Dimension: 1, Points: 0}},
						Effects: []roleplay.Effect{{Meter: 0, By: -20}}, RedLine: "空口保证", Coaching: "没有人能保证。", Sources: []string{"S4-002"},
					},
				},
			},
			{
				Name: "暗处",
				Options: []roleplay.Option{
					{ID: 6, Text: "后天我打给您。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 2}}, Coaching: "几点？"},
					{ID: 7, Text: "有事您打给我就行。", Way: roleplay.Way{To: 4}, Scores: []roleplay.Score{{Dimension: 1, Points: 0}}, Coaching: "又推回给她。"},
				},
			},
			{Name: "送别", Ending: "再见", Beats: []roleplay.Beat{{{Kind: "customer", Who: "周女士", Expression: "点头", Text: "好。"}}}},
			{Name: "不欢", Ending: "摇头", Beats: []roleplay.Beat{{{Kind: "customer", Who: "周女士", Text: "算了。"}}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Each case breaks one thing of a sound file and must be told so at its line.
func TestParseProblems(t *testing.T) {
	const tour, whole = "tour.md", -1000
	cases := []struct {
		name, file, old, new string
		line                 int // from the line of the change; whole for the file
		want                 string
	}{
		{"no front matter", tour, "---\n标题", "标题", 0, "文件要以「---」开头"},
		{"front matter not closed", tour, "无红线\n---", "无红线", -10, "没有第二个「---」"},
		{"missing key", tour, "标题: 走一遍全部写法\n", "", -1, "缺少「标题:」"},
		{"unknown key", tour, "说明:", "说朋:", 0, "不认识「说朋:」，是否指「说明」？"},
		{"key twice", tour, "说明:", "标题:", 0, "「标题:」写了两次"},
		{"empty value", tour, "走一遍全部写法", "", 0, "「标题」后面是空的"},
		{"no key", tour, "说明:", "说明", 0, "要写成「键: 值」"},
		{"bad cast", tour, "技师=老周", "技师", 0, "角色要写成"},
		{"cast twice", tour, "技师=老周", "技师=客户", 0, "角色「客户」重复"},
		{"reserved cast", tour, "技师=老周", "旁白=老周", 0, "角色「旁白」重复，或者是格式自己的词"},
		{"nobody", tour, "客户=周女士（怕麻烦、话少），技师=老周", "，", 0, "角色里至少要有客户"},
		{"too many meters", tour, "耐心=20", "耐心=20，b=0，c=0，d=0，e=0，f=0，g=0，h=0", 0, "仪表最多8个"},
		{"no dimension", tour, "D1，D6 承诺管理", "，", 0, "至少要有一个维度"},
		{"meter off the grid", tour, "耐心=20", "耐心=21", 0, "5的倍数"},
		{"no mood", tour, "情绪=50，", "", 0, "仪表里要有「情绪」"},
		{"meter name", tour, "耐心=20", "耐(心=20", 0, "仪表名「耐(心」"},
		{"dimension unknown", tour, "维度: D1，", "维度: D9，", 0, "只有 D1–D8"},
		{"dimension name", tour, "D6 承诺管理\n", "D6 承诺\n", 0, "D6 是「承诺管理」，不是「承诺」"},
		{"dimension twice", tour, "维度: D1，", "维度: D6，", 0, "维度「D6 承诺管理」重复"},
		{"weight", tour, "D6=2", "D6=11", 0, "权重要写成"},
		{"weight of nothing", tour, "D6=2", "D5=2", 0, "维度「D5」没有声明，是否指「D1」？"},
		{"pass rule", tour, "总分≥50", "总分>50", 0, "及格要写成"},
		{"pass rule name", tour, "情绪>=40", "情续>=40", 0, "及格里的「情续」没有声明，是否指「情绪」？"},

		{"no scene before text", tour, "# 一个井号是注释", "旁白：早。", 0, "第一个「## 场景名」之前"},
		{"duplicate scene", tour, "## 暗处（旁支）", "## 过道", 0, "场景「过道」重复，第30行已经有了"},
		{"scene label", tour, "## 暗处（旁支）", "## 暗处（旁枝）", 0, "「旁枝」看不懂"},
		{"scene label open", tour, "## 暗处（旁支）", "## 暗处（旁支", 0, "括号没有合上"},
		{"scene label trailing", tour, "## 暗处（旁支）", "## 暗处（旁支）二", 0, "多出「二」"},
		{"scene name", tour, "## 暗处（旁支）", "## 暗#处（旁支）", 0, "场景名「暗#处」"},
		{"third level", tour, "## 暗处（旁支）", "### 暗处", 0, "场景标题用两个#"},
		{"document without text", tour, "派工单 | 工位：二号", "派工单", 0, "资料要写成"},
		{"document twice", tour, "## 过道\n", "## 过道\n资料：派工单 | 又一份\n", 1, "资料「派工单」重复"},
		{"text after options", tour, "  专家：先陪，再说。", "旁白：停。", 0, "台词要写在话术前面"},
		{"indented under nothing", tour, "旁白：走了几步。", "  旁白：走了几步。", 0, "缩进的行要跟在话术、限时或资料下面"},
		{"missing scene", tour, "→ 送别\n- 保证", "→ 送行\n- 保证", 0, "场景「送行」不存在，是否指「送别」？"},
		{"missing scene far", tour, "→ 送别\n- 保证", "→ 天涯海角\n- 保证", 0, "场景「天涯海角」不存在"},
		{"jump after the last", tour, "[否则] → 暗处", "→ 暗处\n→ 车边", 1, "永远轮不到"},
		{"jump else alone", tour, "[选过(门口#2) 且 非 已看(派工单)] → 车边\n", "", 0, "［否则］上面"},
		{"option in an ending", tour, "客户（点头）：好。", "客户（点头）：好。\n- 再见。", 1, "结局里只写台词"},
		{"silent ending", tour, "客户（点头）：好。", "旁白：他点头。", -1, "结局「送别」里客户要说一句话"},
		{"nowhere to fall", tour, "【结局：摇头】", "", 0, "后面没有场景可以落到"},

		{"unknown speaker", tour, "技师（擦手）", "技士（擦手）", 0, "不认识「技士：」，它不是角色，也不是这里能用的词，是否指「技师」？"},
		{"limit without a decision", tour, "旁白：走了几步。", "限时：20秒 → 暗处", 0, "用不着限时"},
		{"not a line", tour, "旁白：走了几步。", "走了几步。", 0, "台词要写成"},
		{"empty line", tour, "旁白：走了几步。", "旁白：", 0, "台词不能为空"},
		{"arrow in a line", tour, "旁白：走了几步。", "旁白：走了→几步。", 0, "也不能含"},
		{"else alone", tour, "客户：[耐心<10 或 已看(派工单)] 我赶时间。\n", "客户：急。\n", 1, "[否则]上面要紧挨着"},
		{"guard open", tour, "[情绪>=90] 客户", "[情绪>=90 客户", 0, "方括号没有合上"},

		{"condition name", tour, "耐心<10", "耐性<10", 0, "仪表「耐性」没有声明，是否指「耐心」？"},
		{"condition on a score", tour, "耐心<10", "D6<10", 0, "维度只计分，不能作条件"},
		{"condition comparison", tour, "耐心<10", "耐心", 0, "要写成「耐心>=40」"},
		{"condition function", tour, "已看(派工单)] 我", "看过(派工单)] 我", 0, "不认识「看过(…)」"},
		{"condition document", tour, "已看(派工单)] 我", "已看(派工表)] 我", 0, "资料「派工表」不存在，是否指「派工单」？"},
		{"condition brackets", tour, "已看(派工单)] 我", "(已看(派工单)] 我", 0, "括号没有合上"},
		{"condition trailing", tour, "耐心<10 或", "耐心<10 就", 0, "之后看不懂"},
		{"condition scene", tour, "去过(门口)", "去过(门囗)", 0, "场景「门囗」不存在，是否指「门口」？"},
		{"condition option", tour, "选过(门口#2)", "选过(门口#4)", 0, "场景「门口」有3句话术"},
		{"condition option form", tour, "选过(门口#2)", "选过(门口)", 0, "要写成「场景#2」"},
		{"condition depth", tour, "耐心<10", strings.Repeat("非", 30) + "耐心<10", 0, "套得太深"},

		{"effect off the grid", tour, "情绪 +15", "情绪 +7", 0, "增减要是5的倍数"},
		{"effect without sign", tour, "情绪 +15", "情绪 15", 0, "仪表「情绪」要写增减"},
		{"score with sign", tour, "D1 2】", "D1 +2】", 0, "维度「D1」写0–3分"},
		{"score too high", tour, "D1 2】", "D1 4】", 0, "得分只能是0–3"},
		{"score twice", tour, "D1 2】", "D1 2；礼仪形象 1】", 0, "同一个维度写了两次"},
		{"effect twice", tour, "情绪 +15", "情绪 +15，情绪 +5", 0, "同一个仪表写了两次"},
		{"score undeclared", tour, "D1 2】", "D2 2】", 0, "「D2」没有在仪表或维度里声明，是否指「D1」？"},
		{"credit unreadable", tour, "D1 2】", "得两分】", 0, "「得两分」看不懂"},
		{"score on a repeatable", tour, "【耐心 -5】", "【D1 1】", 0, "可重复的话术不能计分"},
		{"brackets open", tour, "【耐心 -5】", "【耐心 -5", 0, "【…】没有合上"},
		{"after brackets", tour, "【耐心 -5】", "【耐心 -5】好", 0, "多出「好→ 门口」"},
		{"two arrows", tour, "  → 不欢", "  → 不欢\n  → 送别", 1, "已经写过「→」"},
		{"empty option", tour, "- 您稍等。（可重复）", "- （可重复）", 0, "话术不能为空"},
		{"indented option", tour, "- 车在那边", "  - 车在那边", 0, "话术要顶格写"},
		{"note twice", tour, "  点评：没有人能保证。", "  红线：又一条", 0, "已经写过「红线：」"},
		{"condition twice", tour, "  专家：先陪，再说。", "  条件：情绪>0\n  条件：情绪>1", 1, "已经写过「条件：」"},
		{"empty note", tour, "点评：没有人能保证。", "点评：", 0, "「点评：」后面是空的"},
		{"fact id", tour, "S4-034、S4-035", "S4-34、S4-035", 0, "「S4-34」：编号要写成「S4-011」"},
		{"fact id behind words", tour, "S4-034、S4-035；", "见S4-034；", 0, "放在最前面"},

		{"option without a score", tour, "【D1 1】\n", "\n", 0, "这句也要计分"},
		{"one scored option", tour, "- 有事您打给我就行。【D6 0】→ 送别\n  点评：又推回给她。\n", "", -3, "只有一句计分的话术"},
		{"red line without basis", tour, "  依据：S4-002\n", "", -5, "红线要有点评和依据"},
		{"weak option without coaching", tour, "  点评：他自己看，漏了算谁的？\n", "", -1, "这句不是最好的，要有点评"},
		{"best option worth nothing", tour, "【D6 2】→ 送别\n  点评：几点？", "【D6 0】→ 送别", 0, "这句不是最好的，要有点评"},
		{"zero option without coaching", tour, "  点评：又推回给她。\n", "", -1, "这句不是最好的，要有点评"},
		{"scene unreachable", tour, "→ 不欢\n", "→ 送别\n", 11, "场景「不欢」怎么走都到不了"},
		{"option never offered", tour, "  点评：几点？", "  点评：几点？\n  条件：耐心>90", -1, "永远不出现"},
		{"dead end", tour, "[否则] → 暗处", "- 走。→ 暗处\n  条件：情绪>60", -3, "场景「过道」有一种走法没有话术可选"},
		{"endless", tour, "## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 不欢（旁支）\n- 嗯。（可重复）→ 不欢", 0, "从场景「不欢」有一种走法再也到不了结局"},
		{"circle", tour, "## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 不欢（旁支）\n→ 又\n## 又（旁支）\n→ 不欢", 2, "场景「又」会原地兜圈"},
		{"no ending", tour, "## 送别【结局：再见】\n客户（点头）：好。\n## 不欢（旁支）【结局：摇头】\n客户：算了。", "## 送别\n- 好。（可重复）→ 门口\n## 不欢（旁支）\n- 算了。（可重复）→ 门口", whole, "没有结局"},
		{"pass impossible", tour, "情绪>=40、", "情绪>=95、", whole, "没有一种走法能及格"},
		{"pass for everybody", tour, "总分≥50、情绪>=40、无红线", "总分>=0", whole, "怎么走都及格"},
		{"flat dimension", tour, "【D1 1】\n", "【D1 2】\n", whole, "维度 D1 礼仪形象 怎么走都是2分"},

		{"trial name", tour, "试演：最好", "试演：", 0, "试演要有名字"},
		{"trial scene", tour, "应到 车边", "应到 暗处", 0, "此时在「车边」"},
		{"trial points", tour, "应得 D1=2", "应得 D1=3", 0, "D1得了2分"},
		{"trial total", tour, "总分=100", "总分=99", 0, "总分是100"},
		{"trial total early", tour, "应到 车边", "应得 总分=100", 0, "到了结局才有总分"},
		{"trial red line", tour, "应无 红线", "应有 红线", 0, "越过0条红线"},
		{"trial verdict", tour, "应判 及格", "应判 不及格", 0, "结果是及格，总分100"},
		{"trial wrong scene", tour, "选 车边#2", "选 暗处#1", 0, "此时在「车边」"},
		{"trial vanished option", tour, "应无 红线", "应无 红线；选 送别#1", 0, "场景「送别」有0句话术"},
		{"trial verb", tour, "应到 车边", "到达 车边", 0, "看不懂"},
		{"trial document", tour, "选 门口#1；", "看 派工单；看 派工单；", 0, "还看不到它，或者已经看过"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			src := read(t, c.file)
			change := 1 + strings.Count(src[:max(0, strings.Index(src, c.old))], "\n")
			line := max(0, change+c.line)
			if strings.Count(src, c.old) != 1 {
				t.Fatalf("%q stands %d times in %s", c.old, strings.Count(src, c.old), c.file)
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
	_, problems := parse("x.md", []byte(read(t, "tour.md")), 3)
	if err := problems.Err(); err == nil || !strings.Contains(err.Error(), "走法太多") {
		t.Errorf("got %v", err)
	}
}

// A best option that is also the longest in most decisions is a warning: the
// scenario works, but it can be played without listening.
func TestParseWarnsOfLongestBest(t *testing.T) {
	src := strings.Replace(read(t, "tour.md"), "- 有事您打给我就行。", "- 有事找我。", 1)
	sc, problems := Parse("x.md", []byte(src))
	if sc == nil || len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Message, "3次选择里有2次") {
		t.Errorf("scenario %v, problems %v", sc != nil, problems)
	}
	src = strings.Replace(src, "- 有事找我。", "- 有事您找我啊。", 1) // as long as the best one
	mustParse(t, "x.md", src)
}

// corridor is a scenario of n decisions in a row, each worth 0 or 3 points.
func corridor(n int) string {
	src := "---\n标题: 长廊\n处境: 走。\n角色: 客户=甲\n仪表: 情绪=50\n维度: D1\n及格: 总分>=50\n---\n"
	for i := range n {
		src += fmt.Sprintf("## 第%d间\n- 好。【D1 3】\n- 不好不好。【D1 0】\n  点评：不好。\n", i)
	}
	return src + "## 门外【结局：到了】\n客户：到了。\n"
}

// The limits are refused with a reason; just below them all is well.
func TestParseLimits(t *testing.T) {
	mustParse(t, "x.md", corridor(127))
	if _, problems := Parse("x.md", []byte(corridor(128))); problems.Err() == nil || !strings.Contains(problems.Error(), "最多128个场景") {
		t.Errorf("129 scenes: %v", problems)
	}
}

// Full-width and ASCII punctuation, digits and letters are the same script.
func TestParseWidth(t *testing.T) {
	want := mustParse(t, "tour.md", read(t, "tour.md"))
	got := mustParse(t, "tour.md", read(t, "tour.ascii.md"))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want.Hash() != got.Hash() {
		t.Error("equal scenarios hash differently")
	}
	wide := mustParse(t, "tour.md", "\ufeff"+widen(read(t, "tour.md")))
	if diff := cmp.Diff(want, wide); diff != "" {
		t.Error(diff)
	}
}

// widen writes credit blocks, conditions and headers the way a Chinese input method does.
func widen(src string) string {
	lines := strings.Split(src, "\n")
	for i, l := range lines {
		if strings.Contains(l, "D1") || strings.Contains(l, "D6") || strings.Contains(l, "→") || strings.Contains(l, "#") || strings.Contains(l, "S4-002") {
			lines[i] = strings.NewReplacer("---", "———", "D", "Ｄ", "1", "１", "2", "２", "3", "３", "6", "６", "+", "＋", "-", "－", "→", "－＞",
				"#", "＃", "[", "［", "]", "］", "(", "（", ")", "）", ">", "＞", "=", "＝", "0", "０", "S", "Ｓ", "4", "４", " ", "　").Replace(l)
		}
	}
	return strings.Join(lines, "\r\n")
}

// The scenario survives its canonical form, and only under its own hash.
func TestScenarioRoundTrip(t *testing.T) {
	for _, file := range []string{"tour.md", "bill.md"} {
		want := mustParse(t, file, read(t, file))
		got, err := roleplay.Load(want.JSON(), want.Hash())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, err := roleplay.Load(want.JSON(), strings.Repeat("0", 64)); err == nil {
			t.Errorf("%s: loaded under another scenario's hash", file)
		}
		later := *want
		later.Engine++
		if _, err := roleplay.Load(later.JSON(), later.Hash()); err == nil {
			t.Errorf("%s: loaded for another engine", file)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, file := range []string{"tour.md", "tour.ascii.md", "bill.md"} {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, src string) {
		sc, problems := parse("x.md", []byte(src), 20_000)
		if (sc == nil) != (problems.Err() != nil) {
			t.Fatalf("scenario %v with problems %v", sc != nil, problems)
		}
		if sc == nil {
			return
		}
		again, err := roleplay.Load(sc.JSON(), sc.Hash())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sc, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	src := []byte(read(b, "bill.md"))
	for b.Loop() {
		if sc, problems := Parse("bill.md", src); sc == nil {
			b.Fatal(problems)
		}
	}
}
