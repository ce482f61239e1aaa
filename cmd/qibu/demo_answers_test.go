package main

import (
	"os"
	"testing"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Of every kind of question that is graded by itself, the right answer has full
// marks and the mistaken one none.
func TestAnswers(t *testing.T) {
	src, err := os.ReadFile("../../quiz/testdata/every-kind.md")
	if err != nil {
		t.Fatal(err)
	}
	bank := quiz.Inspect("every-kind.md", src).Bank
	kinds := map[string]bool{}
	for _, q := range bank.Questions {
		paper := bank.Ask(q.ID, [32]byte{})
		key := right(q, paper.Slots[0])
		if err := bank.Check(paper, 1, key); err != nil {
			t.Errorf("%s: %v", q.ID, err)
		}
		if !q.Practised() {
			continue
		}
		kinds[q.Kind] = true
		if r := bank.Grade(paper, map[int]sheet.Answer{1: key}, nil); r.Points != r.Max {
			t.Errorf("%s: the right answer earns %d of %d", q.ID, r.Points, r.Max)
		}
		if r := bank.Grade(paper, map[int]sheet.Answer{1: mistaken(q, paper.Slots[0], key)}, nil); r.Points != 0 {
			t.Errorf("%s: the mistaken answer earns %d of %d", q.ID, r.Points, r.Max)
		}
	}
	if len(kinds) != 7 {
		t.Errorf("of %v only", kinds)
	}
}
