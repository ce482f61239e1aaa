package roleplay

import (
	"errors"
	"testing"

	"qibu/roleplay/stage"
)

func TestPercent(t *testing.T) {
	cases := []struct{ min, max, earned, want int }{
		{0, 6, 0, 0},
		{0, 6, 6, 100},
		{2, 8, 5, 50},
		{0, 3, 1, 33},
		{0, 3, 2, 67},
		{0, 8, 1, 13}, // 12.5 rounds up
		{0, 40, 1, 3}, // 2.5 rounds up
		{0, 60, 1, 2}, // 1.67
		{3, 3, 3, 100},
		{2, 8, 12, 100}, // bounds that were not proven can be passed
		{2, 8, 0, 0},
	}
	for _, c := range cases {
		if got := (Dimension{Min: c.min, Max: c.max}).Percent(c.earned); got != c.want {
			t.Errorf("%d of %d–%d: got %d, want %d", c.earned, c.min, c.max, got, c.want)
		}
	}
}

func twoDimensions() *Scenario {
	return &Scenario{
		Dimensions: []Dimension{{Key: "D1", Weight: 1, Max: 4}, {Key: "D6", Weight: 2, Min: 1, Max: 7}},
		Meters:     []Meter{{Name: "情绪"}},
	}
}

func TestTotal(t *testing.T) {
	cases := []struct {
		points []int
		want   int
	}{
		{[]int{0, 1}, 0},
		{[]int{4, 7}, 100},
		{[]int{4, 1}, 33},
		{[]int{0, 7}, 67},
		{[]int{1, 2}, 20}, // (25 + 2·17) / 3 = 19.67
	}
	for _, c := range cases {
		if got := twoDimensions().Total(c.points); got != c.want {
			t.Errorf("%v: got %d, want %d", c.points, got, c.want)
		}
	}
}

func TestWorth(t *testing.T) {
	sc := twoDimensions()
	o := Option{Scores: []Score{{0, 1}, {1, 3}}} // ¼ of weight 1 and ½ of weight 2
	if got, want := sc.Worth(&o)*12, sc.Whole()*5; got != want {
		t.Errorf("worth %d of %d, want 5/12", sc.Worth(&o), sc.Whole())
	}
}

// Sixty decisions of three points fit, and so does every mixture of narrow
// scales; eight wide scales without a common factor do not, and none is frozen.
func TestFreeze(t *testing.T) {
	cases := []struct {
		name   string
		weight int
		maxs   []int
		refuse bool
	}{
		{"one wide scale", 10, []int{180}, false},
		{"equal scales", 10, []int{180, 180, 180, 180, 180, 180, 180, 180}, false},
		{"scales of sixty and less", 10, []int{60, 59, 58, 57, 56, 55, 53, 47}, false},
		{"no scale", 1, []int{0, 6}, false},
		{"coprime scales", 1, []int{179, 173, 167, 163, 157, 151, 149, 139}, true},
		{"more than a word", 1, []int{191, 181, 179, 173, 167, 163, 157, 151, 149, 139}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			sc := &Scenario{}
			for range c.maxs {
				sc.Dimensions = append(sc.Dimensions, Dimension{Weight: c.weight})
			}
			err := sc.Freeze(make([]int, len(c.maxs)), c.maxs)
			if c.refuse {
				if !errors.Is(err, ErrScales) || sc.Dimensions[0].Max != 0 {
					t.Errorf("got %v, froze %v", err, sc.Dimensions)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			whole := sc.Whole()
			if whole <= 0 || roundingUp*whole/roundingUp != whole {
				t.Errorf("whole is %d", whole)
			}
			worth, weights := 0, 0
			for i, d := range sc.Dimensions {
				worth += sc.Worth(&Option{Scores: []Score{{i, d.Max}}})
				if weights += d.Weight; d.Max == 0 {
					worth += sc.Whole() / len(sc.Dimensions)
				}
			}
			if worth != whole {
				t.Errorf("all there is to earn is worth %d of %d", worth, whole)
			}
		})
	}
}

func TestJudge(t *testing.T) {
	sc := twoDimensions()
	sc.Pass = []Rule{
		{Kind: stage.RuleTotal, Mark: 33},
		{Kind: stage.RuleDimension, Index: 1, Mark: 50},
		{Kind: stage.RuleMeter, Mark: 60},
		{Kind: stage.RuleClean},
	}
	cases := []struct {
		name            string
		points          []int
		mood, redLines  int
		total, d6, m, c bool
	}{
		{"just passes", []int{0, 4}, 60, 0, true, true, true, true},
		{"dimension", []int{4, 3}, 60, 0, true, false, true, true},
		{"total", []int{0, 1}, 60, 0, false, false, true, true},
		{"meter", []int{4, 7}, 55, 0, true, true, false, true},
		{"red line", []int{4, 7}, 100, 1, true, true, true, false},
	}
	for _, c := range cases {
		p := &Position{Meters: [MaxMeters]int8{int8(c.mood)}}
		rules, passed := sc.Judge(p, c.points, c.redLines)
		want := []bool{c.total, c.d6, c.m, c.c}
		all := true
		for i, w := range want {
			all = all && w
			if rules[i].Met != w {
				t.Errorf("%s: %+v, want met %v", c.name, rules[i], w)
			}
		}
		if passed != all || sc.Passes(p, c.points, c.redLines) != all {
			t.Errorf("%s: passed %v, want %v", c.name, passed, all)
		}
	}
}

// Seven faces of three steps each, the middle one at 50.
func TestMood(t *testing.T) {
	for v := 0; v <= 100; v += 5 {
		if got, want := Mood(v), v/15+1; got != want {
			t.Errorf("mood of %d is %d, want %d", v, got, want)
		}
	}
}

// Of equal turns the first one bent the curve; a flat curve was not bent.
func TestBends(t *testing.T) {
	cases := []struct {
		values     []int
		drop, rise int
	}{
		{[]int{50}, 0, 0},
		{[]int{50, 50}, 0, 0},
		{[]int{50, 60, 40, 45, 25, 35}, 2, 1},
	}
	for _, c := range cases {
		var moods []stage.Moment
		for _, v := range c.values {
			moods = append(moods, stage.Moment{Value: v})
		}
		if drop, rise := bends(moods); drop != c.drop || rise != c.rise {
			t.Errorf("%v: drop %d, rise %d", c.values, drop, rise)
		}
	}
}
