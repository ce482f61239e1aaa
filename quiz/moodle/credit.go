package moodle

import "math/big"

// grades are the fractions, in percent, that Moodle lets an answer have.
var grades = []string{
	"0", "5", "10", "11.11111", "12.5", "14.28571", "16.66667", "20", "25", "30", "33.33333",
	"40", "50", "60", "66.66667", "70", "75", "80", "83.33333", "90", "100",
}

var one, hundred = big.NewRat(1, 1), big.NewRat(100, 1)

// Fraction writes num/den of the points as Moodle does, in percent. Moodle
// refuses grades that are not in its list, so the nearest is written; near
// reports whether that is within one percent.
func Fraction(num, den int) (text string, near bool) {
	want := big.NewRat(int64(num)*100, int64(den))
	sign := ""
	if want.Sign() < 0 {
		sign, want = "-", want.Neg(want)
	}
	var gap *big.Rat
	for _, g := range grades {
		if d := distance(rat(g), want); gap == nil || d.Cmp(gap) < 0 {
			gap, text = d, g
		}
	}
	if text == "0" {
		sign = ""
	}
	return sign + text, gap.Cmp(one) < 0
}

// Percents reads fractions in percent as whole percents. Where the positive
// ones come to a whole, such as three times 33.33333, so do the whole percents;
// what rounding lost is made up for by the first of them. The negative ones
// likewise. ok is false when one is not a number from -100 to 100.
func Percents(fractions []string) (percents []int, ok bool) {
	percents = make([]int, len(fractions))
	exact := make([]*big.Rat, len(fractions))
	for i, f := range fractions {
		figure, ok := Figure(f)
		if !ok {
			return nil, false
		}
		exact[i] = rat(figure)
		if new(big.Rat).Abs(exact[i]).Cmp(hundred) > 0 {
			return nil, false
		}
		percents[i] = round(exact[i])
	}
	for _, sign := range []int{1, -1} {
		settle(percents, exact, sign)
	}
	return percents, true
}

// settle makes the percents of one sign come to the whole that the exact ones
// come to, if it is one but for Moodle's rounding.
func settle(percents []int, exact []*big.Rat, sign int) {
	sum, missing := new(big.Rat), 0
	for i, e := range exact {
		if e.Sign() == sign {
			sum.Add(sum, e)
			missing -= percents[i]
		}
	}
	whole := round(sum)
	if distance(sum, big.NewRat(int64(whole), 1)).Cmp(big.NewRat(1, 100)) > 0 {
		return
	}
	missing += whole
	for i, e := range exact {
		switch {
		case e.Sign() != sign || e.IsInt():
		case missing > 0:
			percents[i]++
			missing--
		case missing < 0:
			percents[i]--
			missing++
		}
	}
}

func distance(a, b *big.Rat) *big.Rat {
	d := new(big.Rat).Sub(a, b)
	return d.Abs(d)
}

// round is the nearest whole number, halves away from zero.
func round(r *big.Rat) int {
	doubled := new(big.Int).Mul(r.Num(), big.NewInt(2))
	if r.Sign() < 0 {
		doubled.Sub(doubled, r.Denom())
	} else {
		doubled.Add(doubled, r.Denom())
	}
	return int(doubled.Quo(doubled, new(big.Int).Mul(r.Denom(), big.NewInt(2))).Int64())
}
