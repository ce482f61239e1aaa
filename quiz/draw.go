package quiz

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"

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

// Draw draws a paper of b.Size questions. The same bank and seed give the same
// paper for ever.
//
// Every critical question is in. At most a fifth of the paper, rounded down, is
// pilot questions, and every paper has the same number of them, so all papers
// of a bank score the same number of questions. The remaining places go one by
// one to the topic with the fewest scored questions so far, ties broken by lot:
// the topics are spread as evenly as the bank allows. Questions and options
// are then shuffled, unless the bank says otherwise; 对 always stands before
// 错, and an order question is never shown already solved.
func (b *Bank) Draw(seed [32]byte, seen []string) Paper {
	s := &stream{seed: seed}
	drawn := b.pick(s)
	if b.Shuffle {
		shuffle(s, drawn)
	} else {
		sort.Ints(drawn)
	}
	p := Paper{Slots: make([]Slot, len(drawn))}
	for i, n := range drawn {
		p.Slots[i] = b.slot(s, i+1, &b.Questions[n])
	}
	return p
}

// pilots is the number of pilot questions in every paper.
func (b *Bank) pilots() int {
	n := 0
	for _, q := range b.Questions {
		if q.Pilot {
			n++
		}
	}
	return min(n, b.Size/5)
}

// pick chooses the indices of the questions for a paper.
func (b *Bank) pick(s *stream) []int {
	var drawn, pilot []int
	var topics []string        // in bank order, then by lot
	left := map[string][]int{} // undrawn questions of a topic
	scored := map[string]int{} // drawn questions of a topic
	for i, q := range b.Questions {
		switch {
		case q.Pilot:
			pilot = append(pilot, i)
		case q.Critical:
			drawn = append(drawn, i)
			scored[q.Topic]++
		default:
			if left[q.Topic] == nil {
				topics = append(topics, q.Topic)
			}
			left[q.Topic] = append(left[q.Topic], i)
		}
	}
	shuffle(s, pilot)
	shuffle(s, topics)
	for _, t := range topics {
		shuffle(s, left[t])
	}
	pilot = pilot[:b.pilots()]
	for len(drawn) < b.Size-len(pilot) {
		t := poorest(topics, left, scored)
		drawn = append(drawn, left[t][0])
		left[t] = left[t][1:]
		scored[t]++
	}
	return append(drawn, pilot...)
}

// poorest returns the first topic with the fewest scored questions among those
// that have any left.
func poorest(topics []string, left map[string][]int, scored map[string]int) string {
	best := -1
	for i, t := range topics {
		if len(left[t]) > 0 && (best < 0 || scored[t] < scored[topics[best]]) {
			best = i
		}
	}
	return topics[best]
}

// slot arranges q as question n, counted from 1, of a paper.
func (b *Bank) slot(s *stream, n int, q *Question) Slot {
	slot := Slot{Question: q.ID, Options: b.arrange(s, q), Tokens: make([]string, len(q.Options))}
	for i, o := range slot.Options {
		slot.Tokens[i] = token(s.seed, n, o)
	}
	if q.Kind == sheet.Match {
		slot.Rows = upTo(len(q.Rows))
		shuffle(s, slot.Rows)
	}
	return slot
}

// arrange returns the option indices of q in the order to show. Where the order
// written is the key, as of steps, places and right sides, it is always shuffled.
func (b *Bank) arrange(s *stream, q *Question) []int {
	order := upTo(len(q.Options))
	switch {
	case q.Kind == sheet.TrueFalse:
		if q.Options[0].Text != affirm {
			slices.Reverse(order)
		}
	case q.Kind == sheet.Order, q.Kind == sheet.Hot:
		for len(order) > 1 && slices.IsSorted(order) {
			shuffle(s, order)
		}
	case q.Kind == sheet.Match, b.Shuffle && !q.Fixed:
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

// token names one option of one slot in the browser: 96 bits of
// HMAC-SHA256(seed, "qibu quiz token 1|slot|option") as 16 base64url characters.
// Without the seed it tells neither place nor key and cannot be carried to
// another attempt.
func token(seed [32]byte, slot, option int) string {
	mac := hmac.New(sha256.New, seed[:])
	fmt.Fprintf(mac, "qibu quiz token 1|%d|%d", slot, option)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:12])
}

// stream is the random stream of one draw: the 64-bit big-endian words of
// HMAC-SHA256(seed, "qibu quiz draw 1|" + counter), counter a 64-bit big-endian
// number from 0. It depends on no library's generator, whose sequence could
// change with a release and with it every stored paper.
type stream struct {
	seed    [32]byte
	counter uint64
	block   []byte // unread rest of the current block
}

func (s *stream) next() uint64 {
	if len(s.block) == 0 {
		mac := hmac.New(sha256.New, s.seed[:])
		mac.Write([]byte("qibu quiz draw 1|"))
		mac.Write(binary.BigEndian.AppendUint64(nil, s.counter))
		s.block = mac.Sum(nil)
		s.counter++
	}
	v := binary.BigEndian.Uint64(s.block)
	s.block = s.block[8:]
	return v
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
