package moodle

import (
	"math/big"
	"slices"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Grades are the fractions of d's options. exact is false when one had to be
// taken for another. A question to choose several of costs for a wrong one what
// it gives for a right one, unless it says otherwise: that is how Qibu counts.
func Grades(d quiz.Draft) (fractions []string, exact bool) {
	rights := 0
	for _, o := range d.Options {
		if o.Right {
			rights++
		}
	}
	exact = true
	for _, o := range d.Options {
		num, den := o.Credit, 100
		if !credited(d.Options) {
			num, den = 0, 1
			if d.Kind == sheet.Multiple {
				num, den = -1, max(rights, 1)
			}
			if o.Right {
				num = 1
			}
		}
		fraction, near := Fraction(num, den)
		fractions, exact = append(fractions, fraction), exact && near
	}
	return fractions, exact
}

func credited(options []quiz.Option) bool {
	return slices.ContainsFunc(options, func(o quiz.Option) bool { return o.Credit != 0 })
}

// Grade tells the options of d what the fractions make of them, and reports
// whether all of these are numbers from -100 to 100.
func Grade(d *quiz.Draft, fractions []string) bool {
	percents, ok := Percents(fractions)
	if !ok {
		return false
	}
	for i, p := range percents {
		d.Options[i].Right = p == 100 || p > 0 && d.Kind == sheet.Multiple
	}
	if !evenly(d, fractions) {
		for i, p := range percents {
			d.Options[i].Credit = p
		}
	}
	return true
}

// evenly reports whether the fractions are those that Grades gives to options
// without credits of their own.
func evenly(d *quiz.Draft, fractions []string) bool {
	want, _ := Grades(*d)
	for i, f := range fractions {
		if distance(rat(f), rat(want[i])).Cmp(big.NewRat(1, 100)) > 0 {
			return false
		}
	}
	return true
}

// Settle gives the question its kind where the file says it in an extra: what is
// asked in Qibu with other means than Moodle has. It reports whether it could.
func Settle(d *quiz.Draft, kind string) bool {
	switch {
	case kind == d.Kind:
	case d.Kind == sheet.Match && (kind == sheet.Order || kind == sheet.Hot):
		for _, p := range d.Pairs {
			d.Options = append(d.Options, quiz.Option{Text: p.Right})
		}
		d.Pairs = nil
	case d.Kind == sheet.Order && kind == sheet.Hot:
	case d.Kind == sheet.Text && kind == sheet.Fill:
	case d.Kind == sheet.Multiple && kind == sheet.Single:
		for i := range d.Options {
			d.Options[i].Right = d.Options[i].Credit == 100
		}
	default:
		return false
	}
	d.Kind = kind
	return true
}
