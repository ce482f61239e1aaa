package script

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
)

// bounds are what any route through the samples can earn, counted by hand.
var bounds = map[string][2][]int{
	"tour":   {{1, 0}, {2, 3}},
	"hub":    {{0, 0}, {5, 6}},
	"call":   {{0}, {7}},
	"limit":  {{0, 0}, {4, 5}},
	"temper": {{0, 0, 1, 0}, {3, 2, 2, 1}},
}

// frozen reads a script and writes its bounds into it.
func frozen(t *testing.T, name, src string) *Script {
	t.Helper()
	s := mustParse(t, "x.md", src)
	if err := s.Scenario.Freeze(bounds[name][0], bounds[name][1]); err != nil {
		t.Fatal(err)
	}
	return s
}

// The transcripts of the samples use every step there is.
func TestTrials(t *testing.T) {
	for name := range bounds {
		s := frozen(t, name, sample(t, name))
		if len(s.Trials) == 0 {
			t.Errorf("%s has no 试演", name)
		}
		for _, trial := range s.Trials {
			if _, problems := trial.Run(s.Scenario); len(problems) > 0 {
				t.Errorf("%s: %v", name, problems)
			}
		}
	}
}

// A transcript that comes to something else says what it came to.
func TestTrialProblems(t *testing.T) {
	cases := []struct{ file, old, new, want string }{
		{"tour", "应到 车边", "应到 暗处", "x.md:54: 试演「最好」应到 暗处：此时在「车边」"},
		{"tour", "应得 D1=2", "应得 D1=3", "x.md:54: 试演「最好」应得 D1=3，D6=3：D1得了2分"},
		{"tour", "总分=100", "总分=99", "x.md:54: 试演「最好」应得 总分=99：总分是100"},
		{"tour", "应到 车边", "应得 总分=100", "x.md:54: 试演「最好」应得 总分=100：到了结局才有总分"},
		{"tour", "应到 车边", "应判 及格", "x.md:54: 试演「最好」应判 及格：到了结局才有结果"},
		{"tour", "应无 红线", "应有 红线", "x.md:55: 试演「最好」应有 红线：此时越过0条红线"},
		{"tour", "应判 及格", "应判 不及格", "x.md:55: 试演「最好」应判 不及格：结果是及格，总分100"},
		{"tour", "选 车边#2", "选 暗处#1", "x.md:54: 试演「最好」选 暗处#1：此时在「车边」"},
		{"tour", "选 门口#1；", "看 派工单；看 派工单；", "x.md:54: 试演「最好」看 派工单：在「门口」还看不到它，或者已经看过"},
		{"tour", "应到 车边", "沉默", "x.md:54: 试演「最好」沉默：在「车边」没有限时，或者已经沉默过"},
		{"limit", "沉默；选 冷场#1", "选 质问#1；选 看车#1；选 冷场#1", "x.md:42: 试演「缓过来」选 冷场#1：此时在「说开」"},
		{"limit", "选 看车#2", "沉默；沉默", "x.md:42: 试演「缓过来」沉默：在「说开」没有限时，或者已经沉默过"},
		{"hub", "应到 问诊；选 问诊#5", "选 问诊#4", "x.md:40: 试演「两件都问了」选 问诊#4：这句话术此时不出现"},
		{"tour", "非 已看(派工单)] → 车边\n[否则] → 暗处", "已看(派工单)] → 车边\n[否则] → 过道", "x.md:54: 试演「最好」选 门口#2：后面的场景绕着圈，轮不到选择"},
		{"temper", "性格 多疑；", "", "x.md:23: 试演「多疑」应判 不及格：结果是及格，总分100"},
	}
	for _, c := range cases {
		src := sample(t, c.file)
		if strings.Count(src, c.old) != 1 {
			t.Fatalf("%q stands %d times in %s", c.old, strings.Count(src, c.old), c.file)
		}
		s := frozen(t, c.file, strings.Replace(src, c.old, c.new, 1))
		var got []string
		for _, trial := range s.Trials {
			_, problems := trial.Run(s.Scenario)
			for _, p := range problems {
				got = append(got, p.String())
			}
		}
		if strings.Join(got, "\n") != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// What was played is told even of a transcript that fails on the way.
func TestPlayed(t *testing.T) {
	s := frozen(t, "limit", strings.Replace(sample(t, "limit"), "应到 走人；应有 红线", "应到 说开；应有 红线", 1))
	got, problems := s.Trials[0].Run(s.Scenario)
	want := Played{
		Chosen: roleplay.Options{}.With(s.Scenario.Scenes[0].Silence.ID).With(s.Scenario.Scenes[1].Silence.ID),
		Scenes: roleplay.Scenes{}.With(0).With(1).With(4),
	}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) != 1 {
		t.Error(diff, problems)
	}
	if got, _ := s.Trials[1].Run(s.Scenario); !got.Passed {
		t.Error("the second transcript passes, and this is not told")
	}
}

// A story that goes round before the first word is no transcript's fault.
func TestTrialCannotBegin(t *testing.T) {
	s := frozen(t, "tour", strings.NewReplacer("# 一个井号是注释", "## 圈\n→ 圈", "[否则] → 暗处", "→ 暗处").Replace(sample(t, "tour")))
	_, problems := s.Trials[0].Run(s.Scenario)
	if want := "x.md:54: 试演「最好」：故事开不了头，场景之间绕着圈，轮不到选择"; problems.Error() != want {
		t.Errorf("got %v, want %s", problems, want)
	}
}
