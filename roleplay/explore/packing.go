package explore

import (
	"math/bits"

	"qibu/roleplay"
)

// words is a position as plain bits, so that what has to be remembered of it is
// a mask of the same shape:
//
//	0      scene, persona, calls: a byte each
//	1      meters: a byte each
//	2 …    left, opened, chosen: a bit each
type words [chosenAt + len(roleplay.Options{})]uint64

const (
	metersAt = 1
	leftAt   = 2
	openedAt = leftAt + len(roleplay.Scenes{})
	chosenAt = openedAt + 1

	sceneMask   = 0xff
	personaMask = 0xff << 8
	callsMask   = 0xffffffff << 16 // roleplay.MaxCalls bytes
)

func wordsOf(p *roleplay.Position) (w words) {
	w[0] = uint64(p.Scene) | uint64(p.Persona)<<8
	for i, c := range p.Calls {
		w[0] |= uint64(c) << (16 + 8*i)
	}
	for i, m := range p.Meters {
		w[metersAt] |= uint64(uint8(m)) << (8 * i)
	}
	copy(w[leftAt:], p.Left[:])
	w[openedAt] = uint64(p.Opened)
	copy(w[chosenAt:], p.Chosen[:])
	return w
}

func (w *words) position() (p roleplay.Position) {
	p.Scene, p.Persona = uint8(w[0]), uint8(w[0]>>8)
	for i := range p.Calls {
		p.Calls[i] = uint8(w[0] >> (16 + 8*i))
	}
	for i := range p.Meters {
		p.Meters[i] = int8(w[metersAt] >> (8 * i))
	}
	copy(p.Left[:], w[leftAt:])
	p.Opened = roleplay.Documents(w[openedAt])
	copy(p.Chosen[:], w[chosenAt:])
	return p
}

func (w *words) add(x *words) {
	for i := range w {
		w[i] |= x[i]
	}
}

func (w *words) meter(i int)  { w[metersAt] |= 0x7f << (8 * i) }
func (w *words) left(i int)   { w[leftAt+i/64] |= 1 << (i % 64) }
func (w *words) opened(i int) { w[openedAt] |= 1 << i }
func (w *words) chosen(i int) { w[chosenAt+i/64] |= 1 << (i % 64) }

// run is a run of neighbouring bits that matter somewhere in the story, and
// where they lie in a packed key.
type run struct {
	src, shift uint8 // in words
	dst, at    uint8 // in the key
	ones       uint64
}

// packing squeezes the bits of words that matter somewhere into a short key.
type packing struct {
	runs []run
	size int // 64-bit words of a key
}

func packingOf(universe *words) packing {
	k := packing{size: 1}
	at := 0 // next free bit of the key's last word
	for src, rest := range universe {
		for rest != 0 {
			shift := bits.TrailingZeros64(rest)
			width := bits.TrailingZeros64(^(rest >> shift))
			if at == 64 {
				k.size, at = k.size+1, 0
			}
			width = min(width, 64-at)
			ones := ^uint64(0) >> (64 - width)
			k.runs = append(k.runs, run{uint8(src), uint8(shift), uint8(k.size - 1), uint8(at), ones})
			rest &^= ones << shift
			at += width
		}
	}
	return k
}

// pack appends the key of what mask leaves of w.
func (k *packing) pack(key []uint64, w, mask *words) []uint64 {
	n := len(key)
	for range k.size {
		key = append(key, 0)
	}
	packed := key[n:]
	for _, r := range k.runs {
		packed[r.dst] |= (w[r.src] & mask[r.src] >> r.shift & r.ones) << r.at
	}
	return key
}

func (k *packing) unpack(key []uint64) (w words) {
	for _, r := range k.runs {
		w[r.src] |= (key[r.dst] >> r.at & r.ones) << r.shift
	}
	return w
}
