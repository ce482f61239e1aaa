package academy

import (
	"reflect"
	"sync"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// fares remembers how banks fared, by slug. What it holds is shared and must not
// be changed. Its zero value is ready.
type fares struct {
	mu    sync.Mutex
	known map[string]*fare
}

// recall returns what was worked out from so many results with that edition in
// force, or nil.
func (f *fares) recall(slug string, results int, hash string) *fare {
	f.mu.Lock()
	defer f.mu.Unlock()
	if known, ok := f.known[slug]; ok && known.results == results && known.hash == hash {
		return known
	}
	return nil
}

func (f *fares) keep(slug string, one *fare) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = map[string]*fare{}
	}
	f.known[slug] = one
}

// unchanged tells which questions an edition asked just as they are asked now:
// the same text and the same key under the same id. Only those are pooled.
func unchanged(now []quiz.Question, edition *quiz.Bank) map[string]bool {
	same := map[string]bool{}
	if edition == nil {
		return same
	}
	then := map[string]quiz.Question{}
	for _, q := range edition.Questions {
		then[q.ID] = wording(q)
	}
	for _, q := range now {
		if before, ok := then[q.ID]; ok {
			same[q.ID] = reflect.DeepEqual(wording(q), before)
		}
	}
	return same
}

// wording is what of a question its answers depend on: what is shown before they
// are given, and the key.
func wording(q quiz.Question) quiz.Question {
	options := make([]quiz.Option, len(q.Options))
	for i, o := range q.Options {
		o.Why = ""
		options[i] = o
	}
	return quiz.Question{
		Kind: q.Kind, Stem: q.Stem, Void: q.Void, Exact: q.Exact, ByValue: q.ByValue, Options: options, Rows: q.Rows,
		Pieces: q.Pieces, Blanks: q.Blanks, Values: q.Values, Units: q.Units, Picture: q.Picture, Rubric: q.Rubric,
	}
}

// laidOut shows every question of a bank with its key, as written and with nothing
// answered, by id.
func laidOut(b *quiz.Bank) map[string]sheet.Reviewed {
	p := quiz.Paper{Slots: make([]quiz.Slot, len(b.Questions))}
	for i, q := range b.Questions {
		p.Slots[i] = quiz.Slot{
			Question: q.ID, Options: count(len(q.Options)), Tokens: make([]string, len(q.Options)), Rows: count(len(q.Rows)),
		}
	}
	shown := make(map[string]sheet.Reviewed, len(b.Questions))
	for i, item := range b.Grade(p, nil, nil).Items {
		shown[b.Questions[i].ID] = item
	}
	return shown
}

// count is 0, 1, …, n−1.
func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}
