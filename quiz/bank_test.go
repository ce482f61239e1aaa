package quiz

import (
	"fmt"
	"testing"

	"qibu/quiz/sheet"
)

// large returns a bank of 2,000 single questions in eight topics, 50 a paper.
func large() *Bank {
	b := &Bank{Slug: "large", Size: 50, Shuffle: true}
	for i := range 2000 {
		b.Questions = append(b.Questions, Question{
			ID: fmt.Sprintf("question-%d", i), Kind: sheet.Single, Topic: fmt.Sprintf("D%d", i%8+1), Points: 1,
			Options: []Option{{Text: "a", Right: true}, {Text: "b"}, {Text: "c"}},
		})
	}
	b.index()
	return b
}

func BenchmarkSheetOfLargeBank(b *testing.B) {
	bank := large()
	p := bank.Draw(goldenSeed(), nil)
	for b.Loop() {
		bank.Sheet(p, nil)
	}
}

func BenchmarkGradeOfLargeBank(b *testing.B) {
	bank := large()
	p := bank.Draw(goldenSeed(), nil)
	answers := key(bank, p)
	for b.Loop() {
		bank.Grade(p, answers, nil)
	}
}

func BenchmarkDrawFromLargeBank(b *testing.B) {
	bank := large()
	for b.Loop() {
		bank.Draw(goldenSeed(), nil)
	}
}
