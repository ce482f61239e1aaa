package explore

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/roleplay"
)

// attempt writes the log of what was said and opened: "看 交车单", "迎接#1", "" for a silence.
func attempt(name, persona string, sc *roleplay.Scenario, steps ...string) Log {
	l := Log{Name: name, Persona: persona}
	for i, s := range steps {
		e := roleplay.Event{Step: i, Kind: roleplay.Choose, Ref: s}
		if document, ok := strings.CutPrefix(s, "看 "); ok {
			e.Kind, e.Ref = roleplay.Open, document
		}
		l.Events = append(l.Events, e)
	}
	return l
}

func TestDiff(t *testing.T) {
	compile := func(oldNew ...string) *roleplay.Scenario {
		src := edit(t, sound(t), append([]string{"## 试演：样样周到", "## 试演：甲"}, oldNew...)...)
		src, _, _ = strings.Cut(src, "## 试演：") // 试演 are not the same in every version
		r := Compile("x.md", []byte(src))
		if r.Scenario == nil {
			t.Fatal(r.Findings)
		}
		return r.Scenario
	}
	before := compile()
	best := attempt("林晓 3月4日", "急躁", before, "看 交车单", "迎接#1", "交接#2", "交接#5", "试车#1", "旧件#1", "付款#2", "出门#3")
	middling := attempt("白露 3月5日", "健谈", before, "迎接#2", "交接#2", "交接#5", "试车#1", "旧件#1", "付款#2", "出门#3")
	for _, c := range []struct {
		name string
		edit []string
		want []string
	}{
		{"only words", []string{"点评：十来分钟是猜的。", "点评：猜的。"}, nil},
		{"points", []string{"  【情绪 -，信任 +；D6 3】\n  点评：自己办得到的", "  【情绪 -，信任 +；D6 2】\n  点评：自己办得到的"}, []string{
			"「白露 3月5日」原来总分84、及格，新版总分82、及格",
		}},
		{"pass mark", []string{"及格: 总分>=75", "及格: 总分>=90"}, []string{
			"「白露 3月5日」原来总分84、及格，新版总分84、不及格",
		}},
		{"scene renamed", []string{"## 出门\n", "## 门外\n", "→ 调用 付款 → 出门\n  【D2 2】", "→ 调用 付款 → 门外\n  【D2 2】", "→ 调用 付款 → 出门\n  【情绪 +；D2 0】", "→ 调用 付款 → 门外\n  【情绪 +；D2 0】"}, []string{
			"「林晓 3月4日」在新版里走不通：说过的话或走过的场景改了",
			"「白露 3月5日」在新版里走不通：说过的话或走过的场景改了",
		}},
		{"temperament gone", []string{"性格: 急躁、健谈", "性格: 急躁"}, []string{
			"「白露 3月5日」在新版里走不通：说过的话或走过的场景改了",
		}},
	} {
		var got []string
		for _, f := range Diff(before, compile(c.edit...), []Log{best, middling}) {
			if f.Rule != 20 || f.Level != Info {
				t.Errorf("%s: %+v", c.name, f)
			}
			got = append(got, f.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	many := make([]Log, told+5)
	for i := range many {
		many[i] = middling
	}
	found := Diff(before, compile("及格: 总分>=75", "及格: 总分>=90"), many)
	if len(found) != told+1 || found[told].Message != "还有5次在新版里也不一样" {
		t.Errorf("%d findings, last %v", len(found), found[len(found)-1])
	}
}
