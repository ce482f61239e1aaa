package quiz

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"slices"

	"qibu/quiz/sheet"
)

// Paper is what one attempt asks, frozen at its start. Together with the bank
// version it was drawn from it fixes everything shown and graded. Its JSON is
// stored with the attempt.
type Paper struct {
	Slots []Slot `json:"slots"`
}

// Slot is one question of a paper.
type Slot struct {
	Question string   `json:"question"`       // id in the bank
	Options  []int    `json:"options"`        // indices into the question's options, in the order shown
	Tokens   []string `json:"tokens"`         // Tokens[i] stands for Options[i] in the browser
	Rows     []int    `json:"rows,omitempty"` // match: indices into the question's rows, in the order shown
}

// Draw draws a paper. The same bank, seed and seen give the same paper for ever.
// seen are the questions the person was asked before; they come last.
//
// Every critical question is in. At most a fifth of the paper, rounded down, is
// pilot questions, and every paper has the same number of them, so all papers of a
// bank score the same number of questions. The questions of a case are drawn
// together, void ones never. What else is in follows the bank:
//
//   - With a blueprint every cell has exactly as many scored questions as it asks
//     for, chosen by lot, those not seen first; b.Size of them in all. Pilot
//     questions come on top.
//   - Without one the paper has b.Size questions, pilots among them. Its places go
//     one by one to the topic with the fewest scored questions so far, ties broken
//     in favour of what was not seen and then by lot: the topics are spread as
//     evenly as the bank allows.
//   - With forms the paper is one of b.Forms fixed sets of questions, made by the
//     same rules from the bank alone so that they share as little as can be. The
//     seed picks one, as long as there are others none that was seen whole.
//
// Questions and options are then shuffled, unless the bank says otherwise, the
// questions of a case staying together as written; 对 always stands before 错, and
// an order question is never shown already solved.
func (b *Bank) Draw(seed [32]byte, seen []string) Paper {
	s := newStream(seed)
	drawn := b.pick(s, seen)
	if b.Shuffle {
		shuffle(s, drawn)
	} else {
		slices.SortFunc(drawn, func(x, y block) int { return x[0] - y[0] })
	}
	var p Paper
	for _, n := range slices.Concat(drawn...) {
		p.Slots = append(p.Slots, b.slot(s, len(p.Slots)+1, &b.Questions[n]))
	}
	return p
}

// slot arranges q as question n, counted from 1, of a paper.
func (b *Bank) slot(s *stream, n int, q *Question) Slot {
	slot := Slot{Question: q.ID, Options: b.arrange(s, q), Tokens: make([]string, len(q.Options))}
	for i, o := range slot.Options {
		slot.Tokens[i] = s.token(n, o)
	}
	if q.Kind == sheet.Match {
		slot.Rows = upTo(len(q.Rows))
		shuffle(s, slot.Rows)
	}
	return slot
}

// arrange returns the option indices of q in the order to show. Where the order
// written is the key, as of steps and places, it is always shuffled. Right sides may
// stay as written, for the rows never do.
func (b *Bank) arrange(s *stream, q *Question) []int {
	order := upTo(len(q.Options))
	switch {
	case q.Kind == sheet.TrueFalse:
		if q.Options[0].Text != affirm {
			slices.Reverse(order)
		}
	case q.inOrder():
		for len(order) > 1 && slices.IsSorted(order) {
			shuffle(s, order)
		}
	case q.Kind == sheet.Match:
		if shuffle(s, order); q.Fixed {
			slices.Sort(order) // only now, so that the rows come as they always came
		}
	case b.Shuffle && !q.Fixed:
		shuffle(s, order)
	}
	return order
}

// upTo returns 0, 1, … n−1.
func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// stream is the random stream of one draw: the 64-bit big-endian words of
// HMAC-SHA256(seed, "qibu quiz draw 1|" + counter), counter a 64-bit big-endian
// number from 0. It depends on no library's generator, whose sequence could
// change with a release and with it every stored paper.
type stream struct {
	mac     hash.Hash // HMAC-SHA256 keyed with the seed
	counter uint64
	block   []byte // unread rest of the current block
}

func newStream(seed [32]byte) *stream { return &stream{mac: hmac.New(sha256.New, seed[:])} }

func (s *stream) sum(message []byte) []byte {
	s.mac.Reset()
	s.mac.Write(message)
	return s.mac.Sum(nil)
}

func (s *stream) next() uint64 {
	if len(s.block) == 0 {
		s.block = s.sum(binary.BigEndian.AppendUint64([]byte("qibu quiz draw 1|"), s.counter))
		s.counter++
	}
	v := binary.BigEndian.Uint64(s.block)
	s.block = s.block[8:]
	return v
}

// token names one option of one slot in the browser: 96 bits of
// HMAC-SHA256(seed, "qibu quiz token 1|slot|option") as 16 base64url characters.
// Without the seed it tells neither place nor key and cannot be carried to
// another attempt.
func (s *stream) token(slot, option int) string {
	return base64.RawURLEncoding.EncodeToString(s.sum(fmt.Appendf(nil, "qibu quiz token 1|%d|%d", slot, option))[:12])
}

// below returns a number in [0, n), each equally likely: words in the
// incomplete last multiple of n are thrown away.
func (s *stream) below(n int) int {
	m := uint64(n)
	for limit := -m % m; ; { // 2^64 mod m
		if v := s.next(); v >= limit {
			return int(v % m)
		}
	}
}

// shuffle is Fisher–Yates from the end.
func shuffle[T any](s *stream, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := s.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}
