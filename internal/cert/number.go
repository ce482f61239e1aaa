package cert

import (
	"strings"
	"unicode"

	"qibu/internal/fault"
)

// A certificate number is eight random symbols and a check symbol, "QB-7K4M-9XTR-2".
// The 32 symbols leave out 0, O, 1 and I. The check symbol is computed in the
// field of 32 elements with a different weight for every place, so that one
// mistyped symbol and any two swapped symbols are always noticed.
const (
	prefix  = "QB"
	symbols = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	places  = 8
)

// NewNumber makes a certificate number from 40 random bits.
func NewNumber(random [5]byte) string {
	var bits uint64
	for _, b := range random {
		bits = bits<<8 | uint64(b)
	}
	var body [places + 1]byte
	check := byte(0)
	for i := range places {
		v := byte(bits >> (5 * (places - 1 - i)) & 31)
		body[i] = symbols[v]
		check = double(check) ^ v
	}
	body[places] = symbols[double(check)]
	return hyphenate(string(body[:]))
}

// ParseNumber reads a number as people type it, with or without the prefix, in
// any case, with spaces, dashes or full-width letters, and returns it as printed.
// It fails with fault.Invalid when the number cannot be one of ours.
func ParseNumber(typed string) (string, error) {
	body := strings.Map(plain, typed)
	if len(body) == len(prefix)+places+1 {
		body = strings.TrimPrefix(body, prefix)
	}
	if len(body) != places+1 {
		return "", fault.New(fault.Invalid, "cert.number_length")
	}
	check := byte(0)
	for _, c := range body {
		v := strings.IndexRune(symbols, c)
		if v < 0 {
			return "", fault.New(fault.Invalid, "cert.number_symbol")
		}
		check = double(check) ^ byte(v)
	}
	if check != 0 {
		return "", fault.New(fault.Invalid, "cert.number_check")
	}
	return hyphenate(body), nil
}

func hyphenate(body string) string {
	return prefix + "-" + body[:4] + "-" + body[4:8] + "-" + body[8:]
}

// double multiplies by the generator of GF(32), modulo x⁵ + x² + 1.
func double(v byte) byte {
	v <<= 1
	if v > 31 {
		v ^= 0b100101
	}
	return v
}

// plain turns what an input method may produce into the printed letter, and
// drops separators.
func plain(r rune) rune {
	if '！' <= r && r <= '～' {
		r -= '！' - '!'
	}
	if unicode.IsSpace(r) || unicode.Is(unicode.Dash, r) || r == '_' || r == '.' {
		return -1
	}
	return unicode.ToUpper(r)
}
