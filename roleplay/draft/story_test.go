package draft

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/roleplay"
	"qibu/roleplay/script"
)

// told finishes a story and returns its scenes as they are written.
func told(t *testing.T, s *Story) string {
	t.Helper()
	d, err := s.Finish("story.md")
	if err != nil {
		t.Fatal(err)
	}
	_, scenes, _ := strings.Cut(string(d.Source), "\n---\n\n")
	return scenes
}

func above(meter, value int) roleplay.Condition {
	return roleplay.Condition{Op: ">=", Index: meter, Value: value}
}

func TestStoryIsPutInOrder(t *testing.T) {
	s := NewStory("故事")
	start, last, middle := s.Scene("开头", 1), s.Scene("最后", 30), s.Scene("中间", 20)
	empty, round := s.Scene("空", 10), s.Scene("空", 11)
	s.At(start).Go(roleplay.Way{To: empty})
	s.At(empty).Go(roleplay.Way{To: middle})
	s.At(round).Go(roleplay.Way{To: round})
	p := s.At(middle)
	p.Say(20, Line("客户：来了。", Always))
	p.Say(21, Line("客户（急）: 快点。", Always))
	asked, never := s.OptionID(), s.OptionID()
	p.Offer(22, roleplay.Option{ID: never, Text: "不会", When: When(Never)}).Go(Over)
	p.Offer(23, roleplay.Option{ID: s.OptionID(), Text: "再来", Repeat: true}).Go(roleplay.Way{To: middle})
	q := p.Offer(24, roleplay.Option{ID: asked, Text: "问（可重复）"})
	q.Say(25, Line("嗯 [完] -> 好", Always))
	q.Go(roleplay.Way{To: last})
	e := s.At(last)
	e.Say(31, Line("问过", roleplay.Condition{Op: "chosen", Index: asked}), Line("没问", roleplay.Condition{Op: "chosen", Index: never}))
	e.Go(Over)
	want := `## 中间
客户：来了。
客户（急）：快点。
- 再来（可重复） → 中间
- 问 → 最后
  旁白：嗯 〔完〕 ⇒ 好

## 空
→ 空

## 最后【结局：最后】
旁白：[选过(中间#2)] 问过
`
	if diff := cmp.Diff(want, told(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What would be read otherwise than it was told opens a new scene.
func TestPlaceTurns(t *testing.T) {
	for _, c := range []struct {
		name string
		tell func(p *Place, meter int)
		want string
	}{
		{"alternatives of their own", func(p *Place, m int) {
			p.Say(1, Line("甲", above(m, 5)))
			p.Say(2, Line("乙", above(m, 10)), Line("丙", Always))
			p.Say(3, Line("丁", above(m, 15)))
		}, "## 一\n旁白：[油>=5] 甲\n\n## 一·2【结局：一】\n旁白：[油>=10] 乙\n旁白：[否则] 丙\n旁白：[油>=15] 丁\n"},
		{"an effect after the line that asks for it", func(p *Place, m int) {
			p.Say(1, Line("甲", above(m, 5)))
			p.Affect(2, m, 5)
			p.Say(3, Line("乙", Always))
		}, "## 一\n旁白：[油>=5] 甲\n\n## 一·2【结局：一】【油 +】\n旁白：乙\n"},
		{"a line after an alternative", func(p *Place, m int) {
			p.Say(1, Line("甲", above(m, 5)))
			p.Say(2, Line("乙", Always))
		}, "## 一【结局：一】\n旁白：[油>=5] 甲\n旁白：乙\n"},
		{"an effect after a line that does not", func(p *Place, m int) {
			p.Say(1, Line("甲", Always))
			p.Affect(2, m, 5)
			p.Affect(3, m, 10)
		}, "## 一【结局：一】【油 +15】\n旁白：甲\n"},
		{"down and up", func(p *Place, m int) {
			p.Say(1, Line("甲", Always))
			p.Set(2, m, 30)
			p.Say(2, Line("乙", Always))
		}, "## 一【油 -100】\n旁白：甲\n\n## 一·2【结局：一】【油 +30】\n旁白：乙\n"},
		{"what is told after it was left is lost", func(p *Place, m int) {
			p.Say(1, Line("甲", Always))
			p.Go(Over)
			p.Say(2, Line("乙", Always))
			p.Affect(2, m, 5)
			p.Turn(3)
		}, "## 一【结局：一】\n旁白：甲\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := NewStory("故事")
			m, _ := s.Meter("油", 50)
			p := s.At(s.Scene("一", 1))
			c.tell(p, m)
			p.Go(Over)
			if diff := cmp.Diff(c.want, told(t, s)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What is called cannot be the first scene, however the story gets there.
func TestCalledSceneIsNotTheFirst(t *testing.T) {
	s := NewStory("故事")
	start, on, called, caller := s.Scene("开头", 1), s.Scene("过", 2), s.Scene("里", 3), s.Scene("外", 4)
	s.At(start).Go(roleplay.Way{To: on})
	s.At(on).Go(roleplay.Way{To: called})
	p := s.At(called)
	p.Say(3, Line("里面", Always))
	p.Offer(3, roleplay.Option{ID: s.OptionID(), Text: "出去"}).Go(roleplay.Way{To: caller})
	p = s.At(caller)
	p.Call(4, called)
	p.Say(5, Line("外面", Always))
	d, err := s.Finish("story.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := d.Notes[len(d.Notes)-1]; !strings.Contains(n.Text, "调用改成了") || !strings.Contains(string(d.Source), "## 外\n→ 里\n") {
		t.Errorf("%v\n%s", d.Notes, d.Source)
	}
}

func TestVoices(t *testing.T) {
	s := NewStory("故事")
	p := s.At(s.Scene("一", 1))
	for _, l := range []string{"老周：一", "注意：只此一次", "王先生（急）：二", "老周 (笑): 三", "我：四", "旁白：五", "王先生:六", "条件：七", "条件：八", "话里：有：冒号"} {
		p.Say(1, Line(l, Always))
	}
	p.Go(Over)
	want := "## 一【结局：一】\n客户：一\n旁白：注意：只此一次\n王先生（急）：二\n客户（笑）：三\n我：四\n旁白：五\n王先生：六\n旁白：条件：七\n旁白：条件：八\n旁白：话里：有：冒号\n"
	if diff := cmp.Diff(want, told(t, s)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNotesAreBounded(t *testing.T) {
	s := NewStory("故事")
	s.At(s.Scene("一", 1)).Say(1, Line("好", Always))
	for i := range maxNotes + 10 {
		s.Note(i, strings.Repeat("长", 100), "没有搬。")
	}
	d, err := s.Finish("story.md")
	if err != nil {
		t.Fatal(err)
	}
	last := d.Notes[len(d.Notes)-1]
	if len(d.Notes) != maxNotes+1 || last.Text != "还有 11 处没有列出。" || d.Notes[0].Construct != strings.Repeat("长", maxQuote)+"…" {
		t.Errorf("%d notes, %+v", len(d.Notes), last)
	}
}

// Whatever scenes, meters and people are called, and whatever is said, the 剧本
// can be read and each scene has a name of its own.
func TestAnyWords(t *testing.T) {
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"返回", "调用 x", "试演：x", "a", "Ａ", "a·2", "（旁支）", "【结局：x】", "#", "---", "总分", "非", "倾听提问", "\u200b", "[", "→", "客户", "D2", "- x（可重复）",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := NewStory(word.Draw(t, "title"))
		meter, _ := s.Meter(word.Draw(t, "meter"), 50)
		n := rapid.IntRange(1, 4).Draw(t, "scenes")
		for i := range n {
			s.Scene(word.Draw(t, "name"), i)
		}
		for i := range n {
			p := s.At(i)
			p.Say(i, Line(word.Draw(t, "line"), above(meter, 5)), Line(word.Draw(t, "line"), Always))
			q := p.Offer(i, roleplay.Option{ID: s.OptionID(), Text: word.Draw(t, "option")})
			q.Say(i, Line(word.Draw(t, "reply"), roleplay.Condition{Op: "left", Index: i}))
			q.Go(roleplay.Way{To: (i + 1) % n})
		}
		d, err := s.Finish("story.md")
		if err != nil {
			t.Fatal(err)
		}
		read, problems := script.Parse("story.md", d.Source)
		if read == nil || len(read.Scenario.Scenes) != n {
			t.Fatalf("%v\n%s", problems, d.Source)
		}
	})
}

func TestCondition(t *testing.T) {
	happened := roleplay.Condition{Op: "left", Index: 7}
	g := Grammar{
		Words: map[string]string{"and": "and", "or": "or", "not": "not", "gte": ">=", "is": "=="},
		Term: func(name string, arguments []string) (Term, bool) {
			switch name {
			case "$油":
				return Term{Meter: 1, Scale: 1}, true
			case "count":
				return Term{Meter: 2, Scale: 5}, true
			case "seen":
				return Term{Happened: &happened}, fmt.Sprint(arguments) == "[a (b) 3]"
			}
			return Term{}, false
		},
	}
	been := `seen("a (b)", 3)`
	cmpOf := func(op string, index, value int) roleplay.Condition {
		return roleplay.Condition{Op: op, Index: index, Value: value}
	}
	for _, c := range []struct {
		text string
		want roleplay.Condition
		ok   bool
	}{
		{"$油 >= 40", cmpOf(">=", 1, 40), true},
		{"$油 gte 40", cmpOf(">=", 1, 40), true},
		{"40 < $油", cmpOf(">", 1, 40), true},
		{"$油 is -5", cmpOf("==", 1, -5), true},
		{"$油", cmpOf("!=", 1, 0), true},
		{"!$油", cmpOf("==", 1, 0), true},
		{"not ($油 > 3)", cmpOf("<=", 1, 3), true},
		{"count > 3", cmpOf(">", 2, 15), true},
		{"$油 == 1 && $油 == 2 || $油 == 3", Any(All(cmpOf("==", 1, 1), cmpOf("==", 1, 2)), cmpOf("==", 1, 3)), true},
		{"$油 == 1 and ($油 == 2 or $油 == 3)", All(cmpOf("==", 1, 1), Any(cmpOf("==", 1, 2), cmpOf("==", 1, 3))), true},
		{been, happened, true},
		{been + " > 0", happened, true},
		{"not not " + been, happened, true},
		{been + " is true", happened, true},
		{been + " is false", Not(happened), true},
		{been + " == 0", Not(happened), true},
		{been + " > 1", Never, false},
		{been + " == 1", Never, false},
		{"true", Always, true},
		{"2 > 3 or false", Never, true},
		{"true and $油 > 3", cmpOf(">", 1, 3), true},
		{"", Never, false},
		{"$油 >", Never, false},
		{"$油 > $油", Never, false},
		{"$油 > 3 4", Never, false},
		{"($油 > 3", Never, false},
		{"unknown", Never, false},
		{"$油 > 99999999999999999999", Never, false},
		{"\"text\"", Never, false},
		{strings.Repeat("(", MaxDepth+1) + "$油" + strings.Repeat(")", MaxDepth+1), Never, false},
	} {
		got, err := g.Condition(c.text)
		if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != c.ok {
			t.Errorf("%s: %v %s", c.text, err, diff)
		}
	}
}

// Settling a condition does not change when it holds.
func TestSettledHoldsAlike(t *testing.T) {
	leaf := rapid.SampledFrom([]roleplay.Condition{Always, Never, {Op: "left", Index: 0}, {Op: "left", Index: 1}, {Op: "left", Index: 2}})
	var tree func(depth int) *rapid.Generator[roleplay.Condition]
	tree = func(depth int) *rapid.Generator[roleplay.Condition] {
		return rapid.Custom(func(t *rapid.T) roleplay.Condition {
			op := rapid.SampledFrom([]string{"", "and", "or", "not"}).Draw(t, "op")
			if depth == 0 || op == "" {
				return leaf.Draw(t, "leaf")
			}
			n := 1
			if op != "not" {
				n = rapid.IntRange(1, 3).Draw(t, "n")
			}
			return roleplay.Condition{Op: op, Of: rapid.SliceOfN(tree(depth-1), n, n).Draw(t, "of")}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		c := tree(4).Draw(t, "condition")
		was, now := c, settled(c)
		for facts := range 8 {
			if truth(was, facts) != truth(now, facts) {
				t.Fatalf("%+v settles to %+v", was, now)
			}
		}
		if !is(now, Always) && !is(now, Never) && constants(now) {
			t.Fatalf("%+v settles to %+v", was, now)
		}
	})
}

func truth(c roleplay.Condition, facts int) bool {
	switch c.Op {
	case "and", "or":
		for _, x := range c.Of {
			if truth(x, facts) == (c.Op == "or") {
				return c.Op == "or"
			}
		}
		return c.Op == "and"
	case "not":
		return !truth(c.Of[0], facts)
	}
	return facts>>c.Index&1 == 1
}

func constants(c roleplay.Condition) bool {
	for _, x := range c.Of {
		if constants(x) {
			return true
		}
	}
	return is(c, Always) || is(c, Never)
}
