package qr

import (
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"
)

// The bars are exactly the dark modules of the code: every one, none twice, none else.
func TestEncode(t *testing.T) {
	for _, text := range []string{"A", "https://qibu.example.com/verify/QB-7K4M-9XTR-2", strings.Repeat("七步", 200)} {
		code, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		want, err := qr.Encode(text, qr.M, qr.Auto)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[[2]int]int{}
		for i, b := range code.Bars {
			if i > 0 && code.Bars[i-1].Y == b.Y && code.Bars[i-1].X+code.Bars[i-1].Width >= b.X {
				t.Errorf("%.20q: bars %v and %v are one", text, code.Bars[i-1], b)
			}
			for x := range b.Width {
				drawn[[2]int{b.X + x, b.Y}]++
			}
		}
		if code.Size != want.Bounds().Dx() {
			t.Fatalf("%.20q: size %d, want %d", text, code.Size, want.Bounds().Dx())
		}
		for y := range code.Size {
			for x := range code.Size {
				level, _, _, _ := want.At(x, y).RGBA()
				if dark := level == 0; (drawn[[2]int{x, y}] == 1) != dark {
					t.Fatalf("%.20q: module %d,%d drawn %d times, dark is %v", text, x, y, drawn[[2]int{x, y}], dark)
				}
			}
		}
	}
}

func TestEncodeTooMuch(t *testing.T) {
	if _, err := Encode(strings.Repeat("七", 4000)); err == nil {
		t.Error("12,000 bytes fit into a QR code")
	}
}
