package script

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qibu/roleplay"
)

// drawCalls draws a story whose every way is allowed where it stands; only the
// calls may go round or too deep.
func drawCalls(t *rapid.T) string {
	n := rapid.IntRange(3, 8).Draw(t, "scenes")
	callable := make([]bool, n)
	for i := 1; i < n-1; i++ {
		callable[i] = rapid.Bool().Draw(t, "callable")
	}
	name := func(may func(int) bool) string {
		return fmt.Sprintf("第%d", rapid.IntRange(0, n-1).Filter(may).Draw(t, "to"))
	}
	src, _, _ := strings.Cut(corridor(0), "## ")
	for i := range n - 1 {
		src += fmt.Sprintf("## 第%d", i)
		if callable[i] {
			src += "（可调用）"
		}
		on := func() string {
			if callable[i] && rapid.Bool().Draw(t, "back") {
				return "→ 返回"
			}
			return "→ " + name(func(k int) bool { return callable[i] || !callable[k] })
		}
		src += "\n"
		for range rapid.IntRange(1, 2).Draw(t, "options") {
			way := on()
			if k := rapid.IntRange(0, 3).Draw(t, "call"); k > 0 {
				called := rapid.IntRange(0, n-1).Filter(func(k int) bool { return callable[k] || k == n-1 }).Draw(t, "called")
				if called != n-1 {
					way = fmt.Sprintf("→ 调用 第%d %s", called, way)
				}
			}
			src += "- 好。" + way + "\n"
		}
	}
	return src + fmt.Sprintf("## 第%d【结局：完】\n", n-1)
}

// descend follows every way from a scene, with the calls that wait for their
// return, and tells how many ever wait and whether scene to is met before the
// first call is left. It does not look further than one call too many, and takes
// it that whatever is called returns at some time.
func descend(sc *roleplay.Scenario, from, to int) (depth int, met, stray bool) {
	type place struct {
		scene int
		calls string // scenes to return to, a rune each, the innermost last
	}
	seen := map[place]bool{}
	var visit func(p place)
	visit = func(p place) {
		met = met || p.scene == to
		if depth = max(depth, len(p.calls)); depth > roleplay.MaxCalls || seen[p] {
			return
		}
		seen[p] = true
		for _, o := range sc.Scenes[p.scene].Options {
			next := place{o.To, p.calls}
			switch {
			case o.Call != 0 && o.To == roleplay.Return:
				next.scene = o.Call
			case o.Call != 0:
				visit(next)
				next = place{o.Call, p.calls + string(byte('0'+o.To))}
			case o.To == roleplay.Return && p.calls == "":
				stray = true
				continue
			case o.To == roleplay.Return:
				last := len(p.calls) - 1
				next = place{int(p.calls[last] - '0'), p.calls[:last]}
			}
			visit(next)
		}
	}
	visit(place{from, ""})
	return depth, met, stray
}

// A story that is read returns to somebody and stays within the calls a
// position holds, whatever is chosen; one that is refused could do otherwise.
func TestCallsAgreeWithEveryRoute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := drawCalls(t)
		s, problems := Parse("x.md", []byte(src))
		if s != nil {
			if depth, _, stray := descend(s.Scenario, 0, -1); depth > roleplay.MaxCalls || stray {
				t.Fatalf("%d deep, returns to nobody: %v\n%s", depth, stray, src)
			}
			return
		}
		p := unchecked(src)
		for _, problem := range problems {
			scene, called := p.wayAt(problem.Line)
			if depth, met, _ := descend(p.scenario, called, scene); !met && depth < roleplay.MaxCalls {
				t.Fatalf("%v: only %d deep\n%s", problem, depth, src)
			}
		}
	})
}

// unchecked reads all but the check on calls.
func unchecked(src string) *parser {
	p := newParser("x.md")
	text, _ := p.decode([]byte(src))
	body, _ := p.front(p.split(text))
	scenes, _ := p.outline(body)
	p.declare(scenes)
	for i, b := range scenes {
		p.compile(i, b)
	}
	return p
}

// wayAt is the scene with a call on that line, and what it calls.
func (p *parser) wayAt(line int) (scene, called int) {
	for i := range p.scenario.Scenes {
		for w, number := range p.ways(i) {
			if number == line {
				return i, w.Call
			}
		}
	}
	return -1, -1
}

// Four calls wait at most, and that many may.
func TestCallsMayBeFourDeep(t *testing.T) {
	chain := func(n int) string {
		src, _, _ := strings.Cut(corridor(0), "## ")
		src += "## 门口\n- 走。→ 调用 第1\n## 门外【结局：完】\n"
		for i := 1; i <= n; i++ {
			src += fmt.Sprintf("## 第%d（可调用）\n- 走。→ 调用 第%d → 回来\n", i, i+1)
		}
		return src + fmt.Sprintf("## 第%d（可调用）\n- 走。\n## 回来（可调用）\n→ 返回\n", n+1)
	}
	mustParse(t, "x.md", chain(3))
	expect(t, chain(4), "9: 调用里再调用，从这里起超过4层了")
	mustParse(t, "x.md", strings.Replace(chain(4), "→ 调用 第5 → 回来", "→ 调用 第5 → 返回", 1)) // what only passes the return on does not wait
}
