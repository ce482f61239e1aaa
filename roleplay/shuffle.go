package roleplay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
)

// keyed derives bytes from the session's seed for one purpose.
func (s Session) keyed(format string, args ...any) []byte {
	mac := hmac.New(sha256.New, s.Seed[:])
	fmt.Fprintf(mac, format, args...)
	return mac.Sum(nil)
}

// optionToken names option id for the length of one turn.
func (s Session) optionToken(turn, id int) string { return s.token("option %d %d", turn, id) }

// documentToken names document d for the length of the session.
func (s Session) documentToken(d int) string { return s.token("document %d", d) }

func (s Session) token(format string, args ...any) string {
	return base64.RawURLEncoding.EncodeToString(s.keyed(format, args...)[:15])
}

// shuffle permutes items for one turn: Fisher–Yates over the session's own
// draws, written out here because the order of a recorded session must never
// depend on a library's generator.
func (s Session) shuffle(turn int, items []int) {
	d := s.draw("shuffle %d", turn)
	for i := len(items) - 1; i > 0; i-- {
		j := d.below(i + 1)
		items[i], items[j] = items[j], items[i]
	}
}

// draws are numbers from the session's seed for one purpose: a stream of
// HMAC-SHA256 blocks.
type draws struct {
	session Session
	purpose string
	n       int
}

func (s Session) draw(purpose string, args ...any) *draws {
	return &draws{session: s, purpose: fmt.Sprintf(purpose, args...)}
}

// below is the next number of the stream in 0 … n−1; what would favour some of
// them is thrown away.
func (d *draws) below(n int) int {
	limit := math.MaxUint64 - math.MaxUint64%uint64(n)
	for {
		x := binary.BigEndian.Uint64(d.session.keyed("%s %d", d.purpose, d.n))
		d.n++
		if x < limit {
			return int(x % uint64(n))
		}
	}
}
