package quiz

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qibu/quiz/sheet"
)

// of returns a bank of n questions for each cell, size a paper; without a
// blueprint if there are no counts.
func of(n int, cells ...Cell) *Bank {
	b := &Bank{Slug: "of", Shuffle: true}
	for i, c := range cells {
		for k := range n {
			b.Questions = append(b.Questions, Question{
				ID: fmt.Sprintf("%d-%d", i, k), Kind: sheet.Single, Topic: c.Topic, Difficulty: c.Difficulty, Points: 1,
				Options: []Option{{Text: "a", Right: true}, {Text: "b"}},
			})
		}
		b.Size += c.Count
	}
	b.Blueprint = cells
	return b
}

func ids(p Paper) (list []string) {
	for _, s := range p.Slots {
		list = append(list, s.Question)
	}
	return list
}

// As with the golden paper: once made, these draws are made for ever. The bank has
// cells that overlap, a case, a pilot, rows to match and forms.
func TestDrawGoldenOfBlueprint(t *testing.T) {
	b := of(5, Cell{"D1", 1, 3}, Cell{"D2", 2, 2}, Cell{"", 0, 3})
	b.Cases = []Situation{{Text: "<p>王先生的车晚了一小时。</p>"}}
	for i := range 2 {
		b.Questions[i+1].Case = 1
	}
	b.Questions[7].Pilot = true
	b.Questions[8].Kind, b.Questions[8].Rows, b.Questions[8].Critical = sheet.Match, []Row{{"a", 0}, {"b", 1}, {"c", 1}}, true
	for forms, want := range map[int]string{
		0: "9bee4b358f6e406ed7ef8ad24c1a61ae889ca73d41a635fc814f150ba4992e28",
		3: "225bdc6cfdf4364d74d1f7d3062b9ba31b3c4ee638a15dd1773d47994f6102b3",
	} {
		b.Forms = forms
		text, err := json.Marshal(b.Draw(goldenSeed(), []string{"0-0", "2-1"}))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != want {
			t.Errorf("with %d forms the paper's SHA-256 is %s, was %s: %s", forms, got, want, text)
		}
	}
}

// While the bank lasts nobody is asked the same twice, with and without a blueprint.
func TestDrawPrefersTheUnseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const papers = 4
		b := of(papers*3, Cell{"D1", 1, 3}, Cell{"D2", 2, 3}, Cell{"D5", 3, 3})
		if rapid.Bool().Draw(t, "no blueprint") {
			b.Blueprint = nil
		}
		var seen []string
		for n := range papers {
			paper := ids(b.Draw(anySeed(t), seen))
			for _, id := range paper {
				if slices.Contains(seen, id) {
					t.Fatalf("%s is asked again in paper %d", id, n+1)
				}
			}
			seen = append(seen, paper...)
		}
		if got := len(b.Draw(anySeed(t), seen).Slots); got != b.Size {
			t.Fatalf("with everything seen the paper has %d questions", got)
		}
	})
}

// An open cell leaves the questions that a narrow one needs, and prefers what was
// not seen among the rest: no other choice has more of it.
func TestDrawTakesAsManyUnseenAsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		b.Cases, b.Forms = nil, 0
		for i := range b.Questions {
			b.Questions[i].Case, b.Questions[i].Critical, b.Questions[i].Pilot = 0, false, false
		}
		b.Blueprint, b.Size = nil, 0
		outline(t, b)
		seen := anyOf(t, b)
		drawn := 0
		for _, id := range ids(b.Draw(anySeed(t), seen)) {
			if !slices.Contains(seen, id) {
				drawn++
			}
		}
		fresh := *b
		fresh.Questions = slices.DeleteFunc(slices.Clone(b.Questions), func(q Question) bool { return slices.Contains(seen, q.ID) })
		scored, _ := fresh.blocks()
		f := fresh.paper(scored)
		for _, x := range scored {
			f.place(x[0], make([]bool, len(f.cells)))
		}
		if most := len(slices.Concat(f.in...)); drawn != most {
			t.Fatalf("%d unseen questions are drawn, %d fit", drawn, most)
		}
	})
}

// Forms are the same for everyone, differ as far as the bank allows, and nobody
// sits one again while another is left.
func TestForms(t *testing.T) {
	b := of(12, Cell{"D1", 1, 3}, Cell{"D2", 2, 3})
	b.Forms = 4
	forms := map[string]bool{}
	var seen []string
	for n := range 400 {
		paper := ids(b.Draw([32]byte{byte(n), byte(n >> 8)}, nil))
		slices.Sort(paper)
		if forms[fmt.Sprint(paper)] = true; len(seen) == 0 {
			seen = paper
		}
	}
	if len(forms) != 4 {
		t.Fatalf("%d forms, want 4", len(forms))
	}
	for i := 1; i < 4; i++ {
		paper := ids(b.Draw([32]byte{byte(i), 9}, seen))
		for _, id := range paper {
			if slices.Contains(seen, id) {
				t.Errorf("form %d repeats %s: 48 questions are enough for four forms of six", i+1, id)
			}
		}
		seen = append(seen, paper...)
	}
	if len(b.Draw([32]byte{}, seen).Slots) != 6 {
		t.Error("with every form sat there is none left to draw")
	}
}

// Where the bank is too small for forms without overlap, no question is in more of
// them than it must be.
func TestFormsShareEvenly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 20).Draw(t, "questions")
		b := of(n, Cell{"D1", 1, 3})
		b.Forms = rapid.IntRange(2, 8).Draw(t, "forms")
		used := map[string]int{}
		for _, form := range b.forms() {
			for _, i := range slices.Concat(form...) {
				used[b.Questions[i].ID]++
			}
		}
		for id, times := range used {
			if most := (3*b.Forms + n - 1) / n; times > most {
				t.Fatalf("%s is in %d of %d forms; %d questions need no more than %d", id, times, b.Forms, n, most)
			}
		}
	})
}

// Each question of a cell gets its share of the papers, so that none is in more
// than the bank's exposure if the cell is large enough for it.
func TestDrawKeepsExposureEven(t *testing.T) {
	b := of(6, Cell{"D1", 1, 3}, Cell{"", 0, 2})
	const papers = 4000
	count := map[string]int{}
	for n := range papers {
		for _, id := range ids(b.Draw([32]byte{byte(n), byte(n >> 8), 7}, nil)) {
			count[id]++
		}
	}
	for k := 1; k < 6; k++ {
		near(t, "a question of the first cell", count[fmt.Sprintf("0-%d", k)], count["0-0"])
		near(t, "a question of the second", count[fmt.Sprintf("1-%d", k)], count["1-0"])
	}
}

func TestDrawable(t *testing.T) {
	cases := func(b *Bank, size int) *Bank {
		for i := range b.Questions {
			b.Questions[i].Case = i/size + 1
		}
		return b
	}
	critical := of(4, Cell{"D1", 1, 2})
	for i := range 3 {
		critical.Questions[i].Critical = true
	}
	narrow := of(1, Cell{"D1", 1, 1}, Cell{"D1", 0, 1})
	narrow.Questions[1].Topic = "D2"
	void := of(2, Cell{"D1", 1, 2})
	void.Questions[0].Void = true
	mixed := cases(of(6, Cell{"D1", 1, 4}), 3)
	mixed.Questions[5].Case = 0
	for _, tt := range []struct {
		name string
		b    *Bank
		want bool
	}{
		{"enough", of(3, Cell{"D1", 1, 3}), true},
		{"one short", of(2, Cell{"D1", 1, 3}), false},
		{"more critical than places", critical, false},
		{"a question serves one cell only", narrow, false},
		{"void ones do not count", void, false},
		{"cases that fit", cases(of(12, Cell{"D1", 1, 6}), 3), true},
		{"cases that never add up", cases(of(12, Cell{"D1", 1, 7}), 3), false},
		{"a case and one alone", mixed, true},
		{"three hundred cases that never add up", cases(of(900, Cell{"D1", 1, 100}), 3), false},
	} {
		if got := tt.b.drawable(); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
