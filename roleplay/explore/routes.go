package explore

import (
	"math/big"
	"math/bits"
	"slices"
)

// routes counts the ways from the starts to an ending: every different sequence
// of things said, silences kept and documents opened that a condition ahead may
// ask for. Where the story can go round, going round is not counted: a route
// passes a group of loops once, and only how it leaves the group tells routes
// apart. The count is exact, of any size.
func (l *loops) routes() *big.Int {
	for limbs := 1; ; limbs *= 2 {
		if n, ok := l.countIn(limbs); ok {
			return n
		}
	}
}

// countIn counts in numbers of so many 64-bit limbs, unless they overflow.
func (l *loops) countIn(limbs int) (*big.Int, bool) {
	flat := make([]uint64, l.count*limbs)
	at := func(c int32) []uint64 { return flat[int(c)*limbs : int(c+1)*limbs] }
	for k, i := range l.order {
		c := at(l.of[i])
		if l.ended(i) {
			c[0] = 1
		}
		for _, e := range l.steps[l.lead[k]:l.lead[k+1]] {
			if carry(c, at(e.to)) {
				return nil, false
			}
		}
	}
	total := new(big.Int)
	for _, i := range l.starts {
		if i == none {
			continue
		}
		n := new(big.Int)
		for _, limb := range slices.Backward(at(l.of[i])) {
			n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(limb))
		}
		total.Add(total, n)
	}
	return total, true
}

// carry adds b to a and returns whether that was too much.
func carry(a, b []uint64) bool {
	var c uint64
	for i := range a {
		a[i], c = bits.Add64(a[i], b[i], c)
	}
	return c != 0
}
