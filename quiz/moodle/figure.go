package moodle

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// decimal is a number as programs write it. Its exponent is short, so that it
// cannot stand for a number too long to write.
var decimal = regexp.MustCompile(`^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$`)

const maxFigure = 40 // characters

// Figure reads a number as a plain decimal such as "-2.5", exact; nothing is 0.
func Figure(text string) (figure string, ok bool) {
	text = strings.TrimSpace(text)
	m := decimal.FindStringSubmatch(text)
	if m == nil || len(text) > maxFigure || text != "" && m[2]+m[3] == "" {
		return "", false
	}
	shift, _ := strconv.Atoi(m[4]) // it has at most two digits
	r, ok := new(big.Rat).SetString(m[2] + m[3])
	if !ok {
		return "0", text == ""
	}
	if shift -= len(m[3]); shift < 0 {
		r.Quo(r, power(-shift))
	} else {
		r.Mul(r, power(shift))
	}
	if m[1] == "-" {
		r.Neg(r)
	}
	return plain(r), true
}

// Between is what lies between two figures, as the middle and how far they are from it.
func Between(low, high string) (figure, tolerance string) {
	a, b, half := rat(low), rat(high), big.NewRat(1, 2)
	middle := new(big.Rat).Add(a, b)
	return plain(middle.Mul(middle, half)), plain(half.Mul(half, distance(a, b)))
}

// Inverse is 1 ÷ figure as a factor: a decimal where that ends, else a fraction.
// There is none of 0.
func Inverse(figure string) (factor string, ok bool) {
	r, ok := new(big.Rat).SetString(figure)
	if !ok || r.Sign() == 0 {
		return "", false
	}
	r.Inv(r)
	if _, exact := r.FloatPrec(); exact {
		return plain(r), true
	}
	return r.RatString(), true
}

// plain writes a decimal that ends.
func plain(r *big.Rat) string {
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

func power(n int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
}

// rat is the value of a figure or grade.
func rat(figure string) *big.Rat {
	r, _ := new(big.Rat).SetString(figure)
	return r
}

// Decimal writes a factor without a fraction line, to twelve places where it
// does not end. exact reports whether it does.
func Decimal(factor string) (decimal string, exact bool) {
	r := rat(factor)
	if digits, exact := r.FloatPrec(); exact {
		return r.FloatString(digits), true
	}
	return r.FloatString(12), false
}
