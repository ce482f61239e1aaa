package moodle

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

func TestDecode(t *testing.T) {
	const text = "三件套\n镕"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	var wide bytes.Buffer
	if err := binary.Write(&wide, binary.LittleEndian, utf16.Encode([]rune("\uFEFF"+text))); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{"UTF-8": text, "marked": "\uFEFF" + text, "lines of Windows": "三件套\r\n镕", "GB 18030": gb, "UTF-16": wide.String()} {
		if got, err := Decode([]byte(src)); got != text || err != nil {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for _, src := range []string{"a\x00b", "a\xffb", "\uFFFD", strings.Repeat("a", MaxBytes+1)} {
		if got, err := Decode([]byte(src)); err == nil {
			t.Errorf("%.10q is read as %.10q", src, got)
		}
	}
}

func TestFraction(t *testing.T) {
	cases := []struct {
		num, den int
		text     string
		near     bool
	}{
		{1, 1, "100", true},
		{0, 100, "0", true},
		{1, 3, "33.33333", true},
		{-1, 3, "-33.33333", true},
		{1, 7, "14.28571", true},
		{34, 100, "33.33333", true},
		{-33, 100, "-33.33333", true},
		{67, 100, "66.66667", true},
		{1, 100, "0", false},
		{-1, 100, "0", false},
		{45, 100, "40", false},
	}
	for _, c := range cases {
		if text, near := Fraction(c.num, c.den); text != c.text || near != c.near {
			t.Errorf("%d/%d = %s %v, want %s %v", c.num, c.den, text, near, c.text, c.near)
		}
	}
}

func TestPercents(t *testing.T) {
	cases := []struct {
		fractions []string
		want      []int
	}{
		{[]string{"33.33333", "33.33333", "33.33333"}, []int{34, 33, 33}},
		{[]string{"16.66667", "16.66667", "66.66667", "-16.66667", "-83.33333"}, []int{16, 17, 67, -17, -83}},
		{[]string{"14.28571", "14.28571", "50", "0", ""}, []int{14, 14, 50, 0, 0}},
		{[]string{"12.5", "12.5", "75"}, []int{12, 13, 75}},
		{[]string{"33.33333", "33.33333"}, []int{33, 33}},
		{[]string{"100.5"}, nil},
		{[]string{"-101"}, nil},
		{[]string{"NaN"}, nil},
		{[]string{"1e90"}, nil},
		{[]string{"halb"}, nil},
	}
	for _, c := range cases {
		if got, ok := Percents(c.fractions); cmp.Diff(c.want, got) != "" || ok != (c.want != nil) {
			t.Errorf("%q: %v %v, want %v", c.fractions, got, ok, c.want)
		}
	}
}

// What Moodle makes of right and wrong options, Qibu makes of them again.
func TestGradesAreReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := quiz.Draft{Kind: rapid.SampledFrom([]string{sheet.Single, sheet.Multiple}).Draw(t, "kind")}
		rights := rapid.IntRange(1, 7).Draw(t, "rights")
		if d.Kind == sheet.Single {
			rights = 1
		}
		for i := range rights + rapid.IntRange(1, 3).Draw(t, "wrongs") {
			d.Options = append(d.Options, quiz.Option{Right: i < rights})
		}
		fractions, exact := Grades(d)
		if !exact {
			t.Fatalf("%v is not exact", fractions)
		}
		again := quiz.Draft{Kind: d.Kind, Options: make([]quiz.Option, len(d.Options))}
		if ok := Grade(&again, fractions); !ok || cmp.Diff(d.Options, again.Options) != "" {
			t.Fatalf("%v %v\n%s", ok, fractions, cmp.Diff(d.Options, again.Options))
		}
	})
}

func TestFigure(t *testing.T) {
	for _, c := range [][2]string{
		{"3", "3"}, {" 3.50 ", "3.5"}, {"-0.25", "-0.25"}, {"+7", "7"}, {".5", "0.5"}, {"5.", "5"}, {"", "0"}, {"-0", "0"}, {"1.5e2", "150"}, {"15e-2", "0.15"}, {"0.000", "0"},
	} {
		if got, ok := Figure(c[0]); got != c[1] || !ok {
			t.Errorf("%q: %q %v, want %q", c[0], got, ok, c[1])
		}
	}
	for _, text := range []string{".", "-", "1e", "1e999", "1/2", "3,5", "三", "0x10", "1 2", "Inf", strings.Repeat("9", maxFigure+1)} {
		if got, ok := Figure(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}

func TestBetween(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decimal := rapid.Custom(func(t *rapid.T) string {
			return plain(big.NewRat(int64(rapid.IntRange(-99999, 99999).Draw(t, "n")), 1000))
		})
		low, high := decimal.Draw(t, "low"), decimal.Draw(t, "high")
		figure, tolerance := Between(low, high)
		sum, difference := new(big.Rat).Add(rat(figure), rat(tolerance)), new(big.Rat).Sub(rat(figure), rat(tolerance))
		if sum.Cmp(rat(low)) != 0 && sum.Cmp(rat(high)) != 0 || difference.Cmp(rat(low)) != 0 && difference.Cmp(rat(high)) != 0 {
			t.Fatalf("%s..%s = %s ± %s", low, high, figure, tolerance)
		}
	})
}

func TestInverse(t *testing.T) {
	for figure, want := range map[string]string{"24": "1/24", "0.125": "8", "1": "1", "60": "1/60", "1/24": "24", "-4": "-0.25"} {
		if got, ok := Inverse(figure); got != want || !ok {
			t.Errorf("%s: %s %v, want %s", figure, got, ok, want)
		}
	}
	if _, ok := Inverse("0"); ok {
		t.Error("0 has an inverse")
	}
	if decimal, exact := Decimal("1/24"); decimal != "0.041666666667" || exact {
		t.Errorf("%s %v", decimal, exact)
	}
}

// A value comes through whatever is in it, on its line and without ending a comment.
func TestExtra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.RuneFrom([]rune("客a-\\n\n=|>%"))).Draw(t, "value")
		line := Extra("model", value)
		if strings.Contains(line, "\n") || strings.Contains(line, "--") {
			t.Fatalf("%q", line)
		}
		if key, got := Value(line); key != "model" || got != value {
			t.Fatalf("%q = %q, want %q", key, got, value)
		}
	})
}

func TestExtrasRefuse(t *testing.T) {
	for _, line := range []string{
		"", "colour=red", "points=0", "points=1000", "difficulty=4", "critical=no", "unit=小时", "criterion=-1|甲", "criterion=甲",
		"accept=2|100|甲|", "accept=1|101|甲|", "place=1|2|3", "why=9|甲",
		"picture=//example.com/a.svg|1|1|", "picture=/a.svg|1|1|", "picture=a/../../b.svg|1|1|", "picture=data:a|1|1|", "picture=a.svg|x|1|",
	} {
		d := quiz.Draft{}
		if Apply(&d, line) || cmp.Diff(quiz.Draft{}, d, cmpopts.IgnoreUnexported(d)) != "" {
			t.Errorf("%q: %+v", line, d)
		}
	}
}

func TestIdentify(t *testing.T) {
	x := quiz.Exchange{Questions: []quiz.Draft{
		{ID: "RX_041", Name: "甲"}, {Name: "covers-when"}, {Name: "三件套"}, {ID: "covers-when", Name: "乙"}, {Name: "covers-when"}, {ID: "q3"}, {ID: strings.Repeat("a", 101)},
	}}
	Identify(&x)
	want := []string{"rx-041 甲", "covers-when ", "q4 三件套", "q5 乙", "q6 covers-when", "q3 ", "q7 "}
	var got []string
	for _, d := range x.Questions {
		got = append(got, d.ID+" "+d.Name)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCategory(t *testing.T) {
	for _, c := range [][2]string{
		{"$course$/top/车间/接车", "车间/接车"}, {"$module$/车间", "车间"}, {"top", ""}, {" 车间 / 接车 ", "车间/接车"}, {"车间/top", "车间/top"}, {"车//间", "车／间"},
	} {
		if got := Category(c[0]); got != c[1] {
			t.Errorf("%q: %q, want %q", c[0], got, c[1])
		}
	}
	for _, category := range []string{"", "车间/接车"} {
		if got := Category(Path(category)); got != category {
			t.Errorf("%q: %q", category, got)
		}
	}
}

func TestLiteral(t *testing.T) {
	for pattern, want := range map[string]struct {
		text string
		wild bool
	}{"三天": {"三天", false}, `3\*5`: {"3*5", false}, "三*": {"三*", true}, `\**`: {"**", true}} {
		if text, wild := Literal(pattern); text != want.text || wild != want.wild {
			t.Errorf("%q: %q %v, want %+v", pattern, text, wild, want)
		}
	}
}
