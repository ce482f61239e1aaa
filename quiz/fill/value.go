package fill

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// raised are the figures above and below the line, which normal would bring into it.
const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"

// longest is the most characters that are read as a number.
const longest = 60

// Value returns the number that text is, exactly, and whether it is one. It reads
//
//   - figures in any width, with thousands separators: -2.5, １,０００, .5, +3;
//   - percentages, per mille and fractions: 38%, 5‰, 1/24, 百分之三十八, 千分之五,
//     万分之一, 三分之一, 一又三分之一, and tenths: 三成 is 0.3, 三成八 0.38;
//   - Chinese numerals, formal and traditional ones too: 三十八, 一百零五, 两千,
//     一万两千, 三点一四, 负五, 叁拾, 一半 and 半 for 1/2, and from three digits on
//     one by one: 二〇二六;
//   - figures with a Chinese unit: 3.5万, 1万2千, 1亿2000万.
//
// It does not guess. 两百五 may be 250 or somebody's slip for 205 and is no number,
// nor is 三五 (3 or 5, or 35), nor 约三天, which holds more than a number, nor 10²,
// which is not 102.
func Value(text string) (*big.Rat, bool) {
	if strings.ContainsAny(text, raised) || len(text) > longest*utf8.UTFMax || utf8.RuneCountInString(text) > longest {
		return nil, false
	}
	s := strings.TrimSuffix(strings.TrimRight(normal(text), ",;!"), ".")
	negative := false
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		negative, s = true, rest
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	v, ok := unsigned(s)
	if ok && negative {
		v.Neg(v)
	}
	return v, ok
}

// forms are the ways of writing what normal brings to one.
var forms = strings.NewReplacer(
	"〇", "零", "○", "零", "两", "二", "俩", "二", "壹", "一", "贰", "二", "弍", "二", "叁", "三", "参", "三", "肆", "四",
	"伍", "五", "陆", "六", "柒", "七", "捌", "八", "玖", "九", "拾", "十", "佰", "百", "仟", "千", "负", "-", "。", ".", "、", ",",
	"百分百", "百分之百",
)

// normal returns text in half width and simplified characters, without spaces and
// what cannot be seen, with one character for every digit and sign.
func normal(text string) string {
	return forms.Replace(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return plain(r)
	}, strings.ToLower(Tidy(text))))
}

// unsigned reads a normal text without a sign.
func unsigned(s string) (*big.Rat, bool) {
	if bottom, top, ok := strings.Cut(s, "分之"); ok {
		if whole, rest, ok := strings.Cut(bottom, "又"); ok {
			return sum(whole, top, rest)
		}
		return quotient(top, bottom)
	}
	if top, bottom, ok := strings.Cut(s, "/"); ok {
		return quotient(top, bottom)
	}
	if m := tenths.FindStringSubmatch(s); m != nil {
		return quotient(m[1]+"点"+strings.Replace(m[2], "半", "五", 1)+"零", "十")
	}
	switch {
	case s == "半" || s == "一半":
		return big.NewRat(1, 2), true
	case strings.HasSuffix(s, "%"):
		return quotient(strings.TrimSuffix(s, "%"), "百")
	case strings.HasSuffix(s, "‰"):
		return quotient(strings.TrimSuffix(s, "‰"), "千")
	}
	return number(s)
}

var tenths = regexp.MustCompile(`^([一二三四五六七八九十])成([一二三四五六七八九半]?)$`)

// sum reads a whole number and the fraction behind it.
func sum(whole, top, bottom string) (*big.Rat, bool) {
	w, ok1 := number(whole)
	p, ok2 := quotient(top, bottom)
	if !ok1 || !ok2 || !w.IsInt() {
		return nil, false
	}
	return w.Add(w, p), true
}

func quotient(top, bottom string) (*big.Rat, bool) {
	t, ok1 := number(top)
	b, ok2 := number(bottom)
	if !ok1 || !ok2 || b.Sign() == 0 {
		return nil, false
	}
	return t.Quo(t, b), true
}

// number reads a number without a sign that is no fraction. 亿 and 万 multiply
// what stands before them; what follows must be smaller, and a single digit there
// needs a 零, for 一万五 is said of 15,000 and written of 10,005.
func number(s string) (*big.Rat, bool) {
	for _, u := range []struct {
		name  string
		value int64
	}{{"亿", 100_000_000}, {"万", 10_000}} {
		i := strings.LastIndex(s, u.name)
		if i < 0 {
			continue
		}
		unit := big.NewRat(u.value, 1)
		if s == u.name {
			return unit, true
		}
		many, ok := number(s[:i])
		if !ok {
			return nil, false
		}
		v, rest := new(big.Rat).Mul(many, unit), s[i+len(u.name):]
		if rest == "" {
			return v, true
		}
		few, ok := number(strings.TrimPrefix(rest, "零"))
		if !ok || !many.IsInt() || few.Cmp(unit) >= 0 || utf8.RuneCountInString(rest) == 1 {
			return nil, false
		}
		return v.Add(v, few), true
	}
	return decimal(s)
}

var (
	figure  = regexp.MustCompile(`^([0-9]*|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?([百千]?)$`)
	chinese = regexp.MustCompile(`^([零一二三四五六七八九十百千]+)(点[零一二三四五六七八九]+)?$`)
)

// decimal reads a figure, also with 百 or 千 behind it, or a Chinese numeral below
// 万 with or without 点.
func decimal(s string) (*big.Rat, bool) {
	if m := figure.FindStringSubmatch(s); m != nil && m[1]+m[3] != "" {
		v, _ := new(big.Rat).SetString(strings.ReplaceAll(m[1]+m[3], ",", ""))
		return v.Mul(v, big.NewRat(int64(max(units[first(m[4])], 1)), 1)), true
	}
	m := chinese.FindStringSubmatch(s)
	if m == nil {
		return nil, false
	}
	whole, ok := belowWan(m[1])
	if !ok {
		whole, ok = oneByOne(m[1])
	}
	if !ok {
		return nil, false
	}
	v, _ := new(big.Rat).SetString(whole + "." + arabic.Replace(strings.TrimPrefix(m[2], "点")) + "0")
	return v, true
}

var arabic = strings.NewReplacer("零", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")

// oneByOne reads digits named one after the other, from three on.
func oneByOne(s string) (string, bool) {
	return arabic.Replace(s), utf8.RuneCountInString(s) > 2 && !strings.ContainsAny(s, "十百千")
}

// belowWan reads a numeral made of digits and 千, 百, 十, such as 一千零三十.
func belowWan(s string) (string, bool) {
	total, digit, above, zero := 0, 0, 10_000, false // digit 0: none is waiting for its unit
	for i, r := range s {
		switch unit := units[r]; {
		case r == '零':
			if digit > 0 || zero || i == 0 && s != "零" {
				return "", false
			}
			zero = true
		case unit == 0:
			if digit > 0 {
				return "", false
			}
			digit = strings.IndexRune(digits, r)/len("一") + 1
		case unit >= above || digit == 0 && i > 0:
			return "", false
		default:
			total += max(digit, 1) * unit
			digit, above, zero = 0, unit, false
		}
	}
	if digit == 0 && zero && s != "零" || digit > 0 && !zero && above > 10 && above < 10_000 {
		return "", false
	}
	return strconv.Itoa(total + digit), true
}

const digits = "一二三四五六七八九"

var units = map[rune]int{'十': 10, '百': 100, '千': 1000}
