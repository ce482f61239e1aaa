package explore

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// quiz is six decisions of three options each, of which one is worth 3, one 1
// and one 0. The best one takes turns.
type quiz struct {
	text    func(decision, option int) string
	effects func(points int) string
	best    func(decision int) int
	use     string // 用途
}

func (q quiz) script() string {
	var b strings.Builder
	b.WriteString("---\n标题: 考题\n角色: 客户=王先生\n处境: 在店里。\n仪表: 情绪=50\n维度: D2\n及格: 总分>=75\n")
	if q.use != "" {
		b.WriteString("用途: " + q.use + "\n")
	}
	b.WriteString("---\n")
	for i := range 6 {
		fmt.Fprintf(&b, "## 第%d问\n客户：后天上午到底能不能修好？\n", i+1)
		for k := range 3 {
			points := []int{3, 1, 0}[(k-q.best(i)+3)%3]
			fmt.Fprintf(&b, "- %s【%sD2 %d】\n  点评：说明。\n", q.text(i, k), q.effects(points), points)
		}
	}
	b.WriteString("## 完【结局：完】\n客户：好。\n")
	return b.String()
}

func plain(int, int) string { return "这件事我去看看。" }

func turns(decision int) int { return decision % 3 }

// balanced has the best option please nobody and the worst please most.
func balanced(points int) string {
	return map[int]string{3: "情绪 -；", 1: "", 0: "情绪 +；"}[points]
}

// marked has some of the options worded another way.
func marked(other string, is func(decision, option int) bool) func(int, int) string {
	return func(i, k int) string {
		if is(i, k) {
			return other
		}
		return plain(i, k)
	}
}

func of(rule int, r *Report) (all []Finding) {
	for _, f := range r.Findings {
		if f.Rule == rule {
			all = append(all, f)
		}
	}
	return all
}

// A cue is found where it gives the best option away in every decision, and not
// where it stands as often beside the others.
func TestCues(t *testing.T) {
	best := func(i, k int) bool { return k == turns(i) }
	others := func(i, k int) bool { return !best(i, k) }
	anywhere := func(i, k int) bool { return k == i/2 }
	for _, c := range []struct {
		name, other string
		giveaway    func(i, k int) bool
		want        string
	}{
		{"longest", "这件事我去看看，看完了再回来。", best, "最好的话术也最长"},
		{"absolute", "这件事我肯定去看。", others, "去掉带“一定”“绝对”“保证”这类词的"},
		{"echo", "后天上午我去看看。", best, "接着客户的原话说"},
		{"polite", "请让我先去看看。", best, "有礼貌用语"},
		{"number", "三点我就去看看。", best, "给了具体的数"},
		{"no mark at the end", "这件事我去看看吧", others, "句式和别的不一样"},
		{"address", "这件事你去看看。", others, "句式和别的不一样"},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := quiz{text: marked(c.other, c.giveaway), effects: balanced, best: turns}
			found := of(9, Compile("x.md", []byte(q.script())))
			if !slices.ContainsFunc(found, func(f Finding) bool { return strings.Contains(f.Message, c.want) }) {
				t.Errorf("not found: %v", found)
			}
			if slices.ContainsFunc(found, func(f Finding) bool { return f.Level != Warn || f.Line == 0 }) {
				t.Errorf("level or line of %v", found)
			}
			q.text = marked(c.other, anywhere)
			if found := of(9, Compile("x.md", []byte(q.script()))); len(found) > 0 {
				t.Errorf("found by chance: %v", found)
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	q := quiz{text: plain, effects: balanced, best: func(int) int { return 1 }}
	found := of(10, Compile("x.md", []byte(q.script())))
	if len(found) != 1 || found[0].Level != Info || !strings.Contains(found[0].Message, "6次选择里有6次，最好的话术写在第2句") {
		t.Errorf("always second: %v", found)
	}
	q.best = turns
	if found := of(10, Compile("x.md", []byte(q.script()))); len(found) > 0 {
		t.Errorf("taking turns: %v", found)
	}
}

func TestDominance(t *testing.T) {
	for _, c := range []struct {
		name    string
		effects map[int]string
		want    string
	}{
		{"balanced", map[int]string{3: "情绪 -；", 1: "", 0: "情绪 +；"}, ""},
		{"best in everything", map[int]string{3: "情绪 ++；", 1: "", 0: "情绪 +；"}, "都最好"},
		{"worst in everything", map[int]string{3: "情绪 -；", 1: "情绪 +；", 0: "情绪 --；"}, "都最差"},
	} {
		q := quiz{text: plain, effects: func(points int) string { return c.effects[points] }, best: turns}
		found := of(12, Compile("x.md", []byte(q.script())))
		if c.want == "" && len(found) > 0 {
			t.Errorf("%s: %v", c.name, found)
		}
		if c.want != "" && (len(found) != 1 || found[0].Level != Warn || !strings.Contains(found[0].Message, c.want)) {
			t.Errorf("%s: %v", c.name, found)
		}
	}
}

// Every bot passes where its habit finds the best option, is refused in an exam
// and only mentioned in practice; where its habit says nothing, it fails.
func TestBots(t *testing.T) {
	best := func(i, k int) bool { return k == turns(i) }
	for name, other := range map[string]string{
		"longest":  "这件事我去看看，看完了再回来。",
		"politest": "请让我去看看。",
		"hedged":   "这事我可能要看。",
		"agreeing": "没问题我去看看。",
	} {
		q := quiz{text: marked(other, best), effects: balanced, best: turns}
		checkBot(t, name, q, true)
		q.text = marked(other, func(i, k int) bool { return k == (turns(i)+1)%3 })
		checkBot(t, name, q, false)
	}
	checkBot(t, "first", quiz{text: plain, effects: balanced, best: func(int) int { return 0 }}, true)
	checkBot(t, "first", quiz{text: plain, effects: balanced, best: func(int) int { return 1 }}, false)
}

func checkBot(t *testing.T, name string, q quiz, passes bool) {
	t.Helper()
	for use, level := range map[string]Level{"考试": Error, "练习": Warn} {
		q.use = use
		r := Compile("x.md", []byte(q.script()))
		b := r.Bots[name]
		if b.Passed != passes || b.Ending != "完" || passes && b.Total != 100 {
			t.Errorf("%s, %s: %+v, want passed %v", name, use, b, passes)
		}
		found := of(11, r)
		if passes != slices.ContainsFunc(found, func(f Finding) bool { return f.Level == level }) {
			t.Errorf("%s, %s: %v", name, use, found)
		}
		if (r.Scenario != nil) != (use == "练习" || !passes) {
			t.Errorf("%s, %s: published %v", name, use, r.Scenario != nil)
		}
	}
}

// Guessing passes one time in fourteen where a half of the points is enough.
func TestRandomBot(t *testing.T) {
	q := quiz{text: plain, effects: balanced, best: turns}
	if b := Compile("x.md", []byte(q.script())).Bots[randomBot]; b.Passed || b.Plays != randomPlays || b.Passes > 80 {
		t.Errorf("%+v", b)
	}
	easy := strings.Replace(q.script(), "总分>=75", "总分>=50", 1)
	r := Compile("x.md", []byte(easy))
	if b := r.Bots[randomBot]; !b.Passed || len(of(11, r)) == 0 {
		t.Errorf("%+v, %v", b, of(11, r))
	}
}

// Hundreds of things that can be said again and again are not looked at for ever.
func TestRandomBotTires(t *testing.T) {
	var said strings.Builder
	for i := range 400 {
		fmt.Fprintf(&said, "- 再说%d（可重复）【情绪 +】→ 柜台\n", i)
	}
	src := "---\n标题: 柜台\n角色: 客户=王姐\n处境: 你在前台。\n仪表: 情绪=50\n维度: 共情\n及格: 总分>=60\n---\n" +
		"## 柜台\n客户：好了吗？\n" + said.String() + "- 好了。【共情 3】\n- 没好。【共情 0】\n## 走了【结局：走了】\n客户：嗯。\n"
	b := Compile("x.md", []byte(src)).Bots[randomBot]
	if b.Plays < 10 || b.Plays > randomPlays/5 {
		t.Errorf("%d plays of some 80,000 looks each", b.Plays)
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		text  string
		words []string
		want  int
	}{
		{"我一定去", absolute, 1},
		{"不一定行", absolute, 0},
		{"不一定，一定", absolute, 1},
		{"请您谢谢", polite, 2},
	} {
		if got := count(c.text, c.words); got != c.want {
			t.Errorf("%s: %d, want %d", c.text, got, c.want)
		}
	}
	for text, want := range map[string]bool{
		"三点来": true, "等一下": false, "一起去": false, "380块": true, "下周二上午": true, "星期天": true, "半小时": true, "十分感谢": false,
	} {
		if number.MatchString(text) != want {
			t.Errorf("%s: a number %v", text, !want)
		}
	}
}
