package academy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/script"
	"qibu/roleplay/stage"
)

// everyWay has one of everything a map shows.
const everyWay = `---
标题: 样样都有
角色: 客户=孙先生
处境: 一句话。
仪表: 情绪=50, 信任=40
维度: D2, D4
及格: 总分>=60
用途: 练习
---
## 问诊（话题组）【信任 +】
旁白：他靠着车门。
客户：[情绪>=60 且 (信任>=50 或 非 已看(工单))] 你问吧。
客户：[否则] 快点。
资料：工单 | 三个月前换过刹车片。
- 您先坐。（可重复）【情绪 +】
### 声音（必谈）
- 您学一下那个声音？【D2 3，D4 0】
- 声音大不大？【D2 1，D4 0】
  点评：问像什么。
### 时候（可选）
- 冷车有？【D2 2，D4 1】→ 调用 查单
  条件：非 沉默过(试车) 且 非 选过(试车#2)
## 试车
限时：20秒【情绪 --；D4 0】→ 走人
  红线：不作答
  点评：要应一声。
  依据：S4-093；沉默也是回答
- 我陪您开一圈。【D4 3】→ 走人
- 让师傅开。【D4 1】
  点评：要他在车上。
  客户（摇头）：你不去？
[情绪<20] → 走人
## 尾声
→ 走人
## 查单（可调用）
- 念给您听。【D4 1】
- 自己看。【D4 0】→ 翻找
  点评：念。
## 翻找（可调用）
→ 返回
## 走人【结局：走了】
客户：好。
`

func TestMapSaysWhatTheScriptSays(t *testing.T) {
	parsed, problems := script.Parse("every.md", []byte(everyWay))
	if parsed == nil {
		t.Fatal(problems.Err())
	}
	sc := parsed.Scenario
	if err := sc.Freeze([]int{0, 0}, []int{5, 5}); err != nil {
		t.Fatal(err)
	}
	m := readMap(sc)
	for i := range m.Scenes { // see TestWaysLeadThroughWhatIsCalled
		for k := range m.Scenes[i].Ways {
			m.Scenes[i].Ways[k].Leads, m.Scenes[i].Ways[k].Entered = nil, nil
		}
	}
	hub := m.Scenes[0]
	wantHub := MapScene{
		Name: "问诊", Hub: true, Effects: []MapEffect{{"信任", 5}},
		Lines: []MapLine{
			{Kind: stage.KindStage, Text: "他靠着车门。"},
			{Kind: stage.KindCustomer, Who: "孙先生", Text: "你问吧。", When: "情绪>=60 且 (信任>=50 或 非 已看(工单))"},
			{Kind: stage.KindCustomer, Who: "孙先生", Text: "快点。", When: "否则"},
		},
		Documents: []MapDocument{{"工单", "三个月前换过刹车片。"}},
		Ways: []MapWay{
			{Kind: WayOption, Number: 1, Text: "您先坐。", Repeat: true, Effects: []MapEffect{{"情绪", 5}}},
			{Kind: WayOption, Number: 2, Text: "您学一下那个声音？", Topic: "声音", Must: true, Best: true, Scores: []stage.Points{{Key: "D2", Points: 3}, {Key: "D4"}}},
			{Kind: WayOption, Number: 3, Text: "声音大不大？", Topic: "声音", Must: true, Short: true, Coaching: "问像什么。", Scores: []stage.Points{{Key: "D2", Points: 1}, {Key: "D4"}}},
			{
				Kind: WayOption, Number: 4, Text: "冷车有？", Topic: "时候", Call: 3, When: "非 沉默过(试车) 且 非 选过(试车#2)",
				Scores: []stage.Points{{Key: "D2", Points: 2}, {Key: "D4", Points: 1}},
			},
			{Kind: WayJump, To: 1},
		},
	}
	if diff := cmp.Diff(wantHub, hub); diff != "" {
		t.Errorf("the hub (-want +got):\n%s", diff)
	}
	var shown []string
	for _, w := range m.Scenes[1].Ways {
		shown = append(shown, strings.Join([]string{
			w.Kind, w.Text, w.When, m.Scenes[w.To].Name, w.RedLine, w.Basis, strings.Join(w.Sources, " "),
			map[bool]string{true: "best"}[w.Best],
		}, "|"))
	}
	want := []string{
		"option|我陪您开一圈。||走人||||best", "option|让师傅开。||尾声||||",
		"silence|||走人|不作答|沉默也是回答|S4-093|", "jump||情绪<20|走人||||",
	}
	if diff := cmp.Diff(want, shown[:len(want)]); diff != "" {
		t.Errorf("the limited scene (-want +got):\n%s", diff)
	}
	called := map[string]bool{}
	for _, s := range m.Scenes {
		called[s.Name] = s.Called
	}
	if diff := cmp.Diff(map[string]bool{"问诊": false, "试车": false, "尾声": false, "查单": true, "翻找": true, "走人": false}, called); diff != "" {
		t.Errorf("called (-want +got):\n%s", diff)
	}
	if !m.Scenes[4].Ways[0].Returns() || m.Scenes[5].Ending != "走了" || !hub.Decides() || m.Scenes[2].Decides() {
		t.Errorf("the rest: %+v", m.Scenes[2:])
	}
}

func TestWaysLeadThroughWhatIsCalled(t *testing.T) {
	for name, c := range map[string]struct{ sketch, want string }{
		"straight on":                  {"a > b\nb", "a1 b"},
		"called":                       {"a > x+b\nx > 返回\nb", "a1 x, x1 b"},
		"called from two":              {"a > x+b x+c\nx > 返回\nb\nc", "a1 x, a2 x, x1 b c"},
		"through what is called":       {"a > x+b\nx > y\ny > 返回\nb", "a1 x, x1 y, y1 b"},
		"a call hands on its return":   {"a > x+b\nx > y+返回 返回\ny > 返回\nb", "a1 x, x1 y, x2 b, y1 b"},
		"a call within what is called": {"a > x+b\nx > y+z\ny > 返回\nz > 返回\nb", "a1 x, x1 y, y1 z, z1 b"},
	} {
		m := sketched(c.sketch)
		m.markCalled()
		m.lead()
		var got []string
		for _, s := range m.Scenes {
			for _, w := range s.Ways {
				line := s.Name + strconv.Itoa(w.Number)
				for _, to := range w.Leads {
					line += " " + m.Scenes[to].Name
				}
				got = append(got, line)
			}
		}
		if diff := cmp.Diff(c.want, strings.Join(got, ", ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// sketched makes a map of a line for each scene: "a > b x+c" has two options, the
// second through x to c.
func sketched(sketch string) (m StoryMap) {
	number := map[string]int{"返回": roleplay.Return}
	lines := strings.Split(sketch, "\n")
	for i, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		number[name] = i
		m.Scenes = append(m.Scenes, MapScene{Name: name})
	}
	for i, line := range lines {
		_, ways, _ := strings.Cut(line, ">")
		for k, way := range strings.Fields(ways) {
			w := MapWay{Kind: WayOption, Number: k + 1, To: number[way]}
			if call, to, calls := strings.Cut(way, "+"); calls {
				w.Call, w.To = number[call], number[to]
			}
			m.Scenes[i].Ways = append(m.Scenes[i].Ways, w)
		}
	}
	return m
}

func TestMapCountsTheWayBetweenDecisions(t *testing.T) {
	parsed, problems := script.Parse("every.md", []byte(everyWay))
	if parsed == nil {
		t.Fatal(problems.Err())
	}
	m := readMap(parsed.Scenario)
	for _, x := range []store.Passage{
		{Exam: true, Kind: "choose", Ref: "试车#2", Ending: "走了", Times: 3},                              // over the scene without talk
		{Kind: "choose", Ref: "问诊#3", NextKind: "choose", NextRef: "试车#1", Times: 2},                   // on from the hub
		{Kind: "choose", Ref: "问诊#2", NextKind: "choose", NextRef: "问诊#4", Times: 5},                   // within the hub
		{Exam: true, Kind: "choose", Ref: "查单#2", NextKind: "silence", NextRef: "试车", Times: 1},        // back from what was called
		{Kind: "choose", Ref: "试车#1", Ending: "走了", Times: 7}, {Kind: "choose", Ref: "试车#1", Times: 9}, // straight to the end; broken off
		{Kind: "choose", Ref: "没有#1", Ending: "走了", Times: 9}, {Kind: "choose", Ref: "试车#2", Ending: "没有", Times: 9}, // of another script
	} {
		m.pass(x)
	}
	var got []string
	for _, s := range m.Scenes {
		for _, w := range s.Ways {
			if w.Kind == WayJump {
				got = append(got, fmt.Sprintf("%s %d+%d", s.Name, w.Taken.Exams, w.Taken.Practices))
			} else if w.Taken.Times() > 0 {
				t.Errorf("an option of %s was counted", s.Name)
			}
		}
	}
	if diff := cmp.Diff([]string{"问诊 1+2", "试车 0+0", "尾声 3+0", "翻找 1+0"}, got); diff != "" {
		t.Errorf("jumps (-want +got):\n%s", diff)
	}
}

func TestSharesAreOfTheTopic(t *testing.T) {
	said := func(topic string, exams, practices int) MapWay {
		return MapWay{Topic: topic, Taken: Taken{Exams: exams, Practices: practices}}
	}
	s := MapScene{Ways: []MapWay{said("", 1, 0), said("声音", 2, 0), said("声音", 1, 3), said("时候", 0, 0)}}
	s.share()
	var got []int
	for _, w := range s.Ways {
		got = append(got, w.Taken.Share, w.Taken.ExamShare)
	}
	if want := []int{100, 100, 33, 67, 67, 33, 0, 0}; !slices.Equal(got, want) || s.Exams != 4 {
		t.Errorf("shares %v of %d, want %v", got, s.Exams, want)
	}
}

func TestMapTellsToWhomACallReturned(t *testing.T) {
	m := sketched("a > x+b x+c\nx > 返回\nb > c\nc")
	m.lead()
	for next, times := range map[string]int{"b#1": 4, "c#1": 3} {
		m.pass(store.Passage{Kind: "choose", Ref: "x#1", NextKind: "choose", NextRef: next, Times: times})
	}
	if got := m.Scenes[1].Ways[0].Entered; !slices.Equal(got, []int{4, 3}) {
		t.Errorf("returned %v times, want 4 and 3", got)
	}
}

func TestMapCountsTheOwnStore(t *testing.T) {
	c := openCampus(t)
	north := c.addStore("城北店")
	lin, he, sun := c.add("林晓", people.Advisor), c.add("何宁", people.Advisor), c.addTo(north, "孙悦", people.Advisor)
	trainer, admin := c.add("周敏", people.Trainer), c.add("郑凯", people.Admin)
	c.walk(lin, c.rehearse(lin, mrsLi, true), golden)
	c.walk(he, c.rehearse(he, mrsLi, true), reckless)
	c.walk(he, c.rehearse(he, mrsLi, false), reckless)
	c.walk(lin, c.rehearse(lin, mrsLi, true), "选 铃响#1") // under way
	c.walk(sun, c.rehearse(sun, mrsLi, true), golden)

	m, err := c.StoryMap(context.Background(), trainer, mrsLi)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Counted || m.Exams != 3 || m.Practices != 1 {
		t.Errorf("counted %v, %d exams, %d practices", m.Counted, m.Exams, m.Practices)
	}
	ring, noise := sceneNamed(t, m, "铃响"), sceneNamed(t, m, "噪音")
	if diff := cmp.Diff([]Taken{
		{Exams: 1, Share: 25, ExamShare: 33}, {Exams: 2, Practices: 1, Share: 75, ExamShare: 67, Ended: 2, Mean: meanOf(c, lin, he)}, {},
	}, takenOf(ring)); diff != "" || ring.Exams != 3 {
		t.Errorf("the first scene, %d exams (-want +got):\n%s", ring.Exams, diff)
	}
	if got := takenOf(noise); got[0].Times() != 2 || got[1].Times() != 1 || got[0].Share != 67 {
		t.Errorf("the third scene: %+v", got)
	}
	if end := sceneNamed(t, m, "如约"); end.Arrived != 1 {
		t.Errorf("%d runs came to %s", end.Arrived, end.Ending)
	}
	again, err := c.Choices(context.Background(), trainer, mrsLi)
	if diff := cmp.Diff(m.Scenes, again.Scenes); diff != "" || err != nil {
		t.Errorf("the list of choices differs: %v\n%s", err, diff)
	}
	if m, err = c.StoryMap(context.Background(), admin, mrsLi); err != nil || m.Counted || m.Exams != 0 || sceneNamed(t, m, "铃响").Exams != 0 {
		t.Errorf("an admin coaches nobody and sees figures: %v, %v", m.Counted, err)
	}
}

// meanOf is the rounded mean of the totals of two people's ended exams.
func meanOf(c *campus, who ...people.Actor) int {
	sum := 0
	c.read(func(tx *store.Tx) error {
		for _, x := range who {
			best, err := tx.BestSessions(x.ID)
			if err != nil {
				return err
			}
			sum += best[mrsLi].Best
		}
		return nil
	})
	return (2*sum + len(who)) / (2 * len(who))
}

func takenOf(s MapScene) (list []Taken) {
	for _, w := range s.Ways {
		if w.Kind == WayOption {
			list = append(list, w.Taken)
		}
	}
	return list
}

func sceneNamed(t *testing.T, m StoryMap, name string) MapScene {
	t.Helper()
	for _, s := range m.Scenes {
		if s.Name == name {
			return s
		}
	}
	t.Fatalf("no scene %s", name)
	return MapScene{}
}

func TestPlacesAreKept(t *testing.T) {
	c := openCampus(t)
	trainer := c.add("周敏", people.Trainer)
	c.write(func(tx *store.Tx) error {
		_, err := tx.SaveDraft(store.Draft{Kind: scenarioKind, Slug: "fresh", Title: "新", Source: "## 开场", ByID: trainer.ID})
		return err
	})
	put := func(slug string, moved bool, places map[string]Place) error {
		return c.PlaceScenes(context.Background(), trainer, slug, places, moved)
	}
	far := map[string]Place{"铃响": {X: maxDistance + 1}}
	many := map[string]Place{}
	for i := range maxPlaces + 1 {
		many[strings.Repeat("x", i+1)] = Place{}
	}
	for _, step := range []struct {
		name   string
		slug   string
		moved  bool
		places map[string]Place
		want   error
	}{
		{"first layout", mrsLi, false, map[string]Place{"铃响": {X: 0, Y: 0}, "久等": {X: 1, Y: 90}}, nil},
		{"moved", mrsLi, true, map[string]Place{"久等": {X: 70, Y: 80}}, nil},
		{"another browser's first layout", mrsLi, false, map[string]Place{"久等": {X: 9, Y: 9}, "核实": {X: 5, Y: 200}}, nil},
		{"a draft", "fresh", true, map[string]Place{"开场": {X: 3, Y: 4}}, nil},
		{"no such scenario", "none", true, map[string]Place{"开场": {X: 3, Y: 4}}, fault.NotFound},
		{"too far", mrsLi, true, far, fault.Invalid},
		{"no name", mrsLi, true, map[string]Place{"": {}}, fault.Invalid},
		{"too many", mrsLi, true, many, fault.TooLarge},
	} {
		if err := put(step.slug, step.moved, step.places); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
	}
	m, err := c.StoryMap(context.Background(), trainer, mrsLi)
	if diff := cmp.Diff(map[string]Place{"铃响": {X: 0, Y: 0}, "久等": {X: 70, Y: 80}, "核实": {X: 5, Y: 200}}, m.Places); diff != "" || err != nil {
		t.Errorf("places (-want +got): %v\n%s", err, diff)
	}
	draft, err := c.DraftMap(context.Background(), trainer, "fresh", c.Library().Scenarios[mrsLi])
	if diff := cmp.Diff(map[string]Place{"开场": {X: 3, Y: 4}}, draft.Places); diff != "" || err != nil || draft.Counted {
		t.Errorf("places of the draft (-want +got): %v\n%s", err, diff)
	}
}

func TestMapIsForWhoWritesOrCoaches(t *testing.T) {
	c := openCampus(t)
	sc := c.Library().Scenarios[mrsLi]
	for role, may := range map[people.Role][2]bool{ // the map, the choices
		people.Advisor: {false, false}, people.Trainer: {true, true}, people.HR: {false, false}, people.Admin: {true, false},
	} {
		who := c.add("某人", role)
		_, shown := c.StoryMap(context.Background(), who, mrsLi)
		_, drafted := c.DraftMap(context.Background(), who, mrsLi, sc)
		placed := c.PlaceScenes(context.Background(), who, mrsLi, nil, true)
		_, chosen := c.Choices(context.Background(), who, mrsLi)
		for i, err := range []error{shown, drafted, placed, chosen} {
			if want := may[i/3]; (err == nil) != want || !want && !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s, use case %d: %v", role, i, err)
			}
		}
	}
	trainer := c.add("周敏", people.Trainer)
	if _, err := c.StoryMap(context.Background(), trainer, "none"); !errors.Is(err, fault.NotFound) {
		t.Errorf("no such scenario: %v", err)
	}
	if _, err := c.Choices(context.Background(), trainer, "none"); !errors.Is(err, fault.NotFound) {
		t.Errorf("choices of no such scenario: %v", err)
	}
}
