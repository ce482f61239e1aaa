package roleplay

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func packNamed(t *testing.T, name string) Pack {
	t.Helper()
	for _, k := range Packs {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("no pack %s", name)
	return Pack{}
}

// A pack reaches the mood, whatever its name, and the trust; a meter of one's
// own moves as written, and a scenario without trust does without.
func TestPackPersona(t *testing.T) {
	sc := &Scenario{Meters: []Meter{{Name: "信任"}, {Name: "心情"}, {Name: "耐心"}}, Mood: 1}
	cases := []Persona{
		{Name: "急躁", Shift: []int{0, 0, 0}, Rise: []int{100, 100, 100}, Fall: []int{100, 150, 100}},
		{Name: "多疑", Shift: []int{-10, 0, 0}, Rise: []int{50, 100, 100}, Fall: []int{150, 100, 100}},
		{Name: "老成持重", Shift: []int{0, 0, 0}, Rise: []int{100, 50, 100}, Fall: []int{100, 50, 100}},
		{Name: "爽快", Shift: []int{0, 0, 0}, Rise: []int{150, 150, 100}, Fall: []int{100, 100, 100}},
		{Name: "挑剔", Shift: []int{0, 0, 0}, Rise: []int{100, 50, 100}, Fall: []int{100, 150, 100}},
		{Name: "健谈", Shift: []int{10, 0, 0}, Rise: []int{100, 100, 100}, Fall: []int{100, 100, 100}},
	}
	if len(cases) != len(Packs) {
		t.Errorf("%d packs, %d tested", len(Packs), len(cases))
	}
	for _, want := range cases {
		if diff := cmp.Diff(want, packNamed(t, want.Name).Persona(sc)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestFelt(t *testing.T) {
	cases := []struct{ by, rise, fall, want int }{
		{10, 100, 50, 10},
		{-10, 50, 100, -10},
		{5, 150, 100, 10}, // 7.5 goes away from zero
		{-5, 100, 150, -10},
		{15, 150, 100, 25}, // 22.5
		{20, 50, 100, 10},
		{15, 50, 100, 10}, // 7.5
		{5, 50, 100, 5},   // 2.5
		{5, 10, 100, 5},   // never nothing
		{-5, 100, 10, -5},
		{0, 150, 150, 0}, // but nothing stays nothing
	}
	for _, c := range cases {
		p := Persona{Rise: []int{c.rise}, Fall: []int{c.fall}}
		if got := p.felt(Effect{By: c.by}); got != c.want {
			t.Errorf("%d with %d/%d %%: got %d, want %d", c.by, c.rise, c.fall, got, c.want)
		}
	}
}

// Several temperaments come about equally often; one or none is not drawn.
func TestSessionPersona(t *testing.T) {
	sc := &Scenario{Personas: make([]Persona, 3)}
	const runs = 3000
	var drawn [3]int
	for i := range runs {
		drawn[Session{Scenario: sc, Seed: [32]byte{byte(i), byte(i >> 8)}}.Persona()]++
	}
	for i, n := range drawn {
		if n < runs/3-180 || n > runs/3+180 { // 7 standard deviations
			t.Errorf("persona %d came %d times in %d", i, n, runs)
		}
	}
	if p := (Session{Scenario: sc.Fixed(2), Seed: [32]byte{9}}).Persona(); p != 0 {
		t.Errorf("drew %d of one", p)
	}
	if p := (Session{Scenario: &Scenario{}}).Persona(); p != 0 {
		t.Errorf("drew %d of none", p)
	}
}
