package roleplay

import (
	"slices"
	"testing"
)

func TestConditionHolds(t *testing.T) {
	p := Position{Meters: [MaxMeters]int8{40}, Left: Scenes{}.With(63), Opened: Documents(0).With(2), Chosen: Options{}.With(200)}
	yes, no := Condition{Op: "opened", Index: 2}, Condition{Op: "opened", Index: 1}
	cases := []struct {
		c    Condition
		want bool
	}{
		{Condition{Op: ">=", Value: 40}, true},
		{Condition{Op: ">=", Value: 41}, false},
		{Condition{Op: "<=", Value: 40}, true},
		{Condition{Op: "<=", Value: 39}, false},
		{Condition{Op: ">", Value: 39}, true},
		{Condition{Op: ">", Value: 40}, false},
		{Condition{Op: "<", Value: 41}, true},
		{Condition{Op: "<", Value: 40}, false},
		{Condition{Op: "==", Value: 40}, true},
		{Condition{Op: "==", Value: 35}, false},
		{Condition{Op: "!=", Value: 35}, true},
		{Condition{Op: "!=", Value: 40}, false},
		{yes, true},
		{no, false},
		{Condition{Op: "left", Index: 63}, true},
		{Condition{Op: "left", Index: 62}, false},
		{Condition{Op: "chosen", Index: 200}, true},
		{Condition{Op: "chosen", Index: 8}, false}, // 200 mod 64
		{Condition{Op: "not", Of: []Condition{yes}}, false},
		{Condition{Op: "and", Of: []Condition{yes, no}}, false},
		{Condition{Op: "and", Of: []Condition{yes, yes}}, true},
		{Condition{Op: "or", Of: []Condition{no, yes}}, true},
		{Condition{Op: "or", Of: []Condition{no, no}}, false},
	}
	for _, c := range cases {
		if got := c.c.holds(&p); got != c.want {
			t.Errorf("%+v: got %v", c.c, got)
		}
	}
	if !(*Condition)(nil).holds(&p) {
		t.Error("no condition must hold")
	}
}

// Meters stop at both ends, so what is lost at 0 or 100 is not owed later.
func TestMetersAreKeptInRange(t *testing.T) {
	sc := &Scenario{
		Meters: []Meter{{"情绪", 90}, {"信任", 10}},
		Scenes: []Scene{{Options: []Option{{Effects: []Effect{{0, 20}, {1, -20}}, Way: Way{To: 1}}}}, {Ending: "end"}},
	}
	p, err := sc.Start(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = sc.Choose(p, &sc.Scenes[0].Options[0], nil); err != nil || p.Meters[0] != 100 || p.Meters[1] != 0 {
		t.Errorf("meters %v, %v", p.Meters, err)
	}
}

// Of guarded neighbours only the first that holds is said.
func TestSpeakPicksTheFirst(t *testing.T) {
	low, high := &Condition{Op: "<", Value: 50}, &Condition{Op: "<", Value: 100}
	beats := []Beat{{{Text: "a", When: low}, {Text: "b", When: high}, {Text: "c"}}, {{Text: "d", When: low}}, {{Text: "e"}}}
	cases := map[int8][]string{0: {"a", "d", "e"}, 50: {"b", "e"}, 100: {"c", "e"}}
	for mood, want := range cases {
		var said []string
		speak(&Position{Meters: [MaxMeters]int8{mood}}, beats, func(l Line) { said = append(said, l.Text) })
		if !slices.Equal(said, want) {
			t.Errorf("at %d: %v, want %v", mood, said, want)
		}
	}
}
