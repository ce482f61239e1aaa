package ui

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"qibu/internal/cert/qr"
)

var (
	bars = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	box  = regexp.MustCompile(`viewBox="-4 -4 (\d+) (\d+)"`)
)

// The path in the seal is the QR code of the address, with the quiet zone that
// readers need around it.
func TestSeal(t *testing.T) {
	const address = "https://qibu.example.com/verify/QB-7K4M-9XTR-2"
	want, err := qr.Encode(address)
	if err != nil {
		t.Fatal(err)
	}
	var page strings.Builder
	if err := Seal(address, "二维码").Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	drawn := bars.FindAllStringSubmatch(page.String(), -1)
	if len(drawn) != len(want.Bars) {
		t.Fatalf("%d bars, want %d", len(drawn), len(want.Bars))
	}
	for i, b := range want.Bars {
		width := strconv.Itoa(b.Width)
		if d := drawn[i]; d[1] != strconv.Itoa(b.X) || d[2] != strconv.Itoa(b.Y) || d[3] != width || d[4] != width {
			t.Errorf("bar %v drawn as %s", b, d[0])
		}
	}
	side := strconv.Itoa(want.Size + 8)
	if area := box.FindStringSubmatch(page.String()); area == nil || area[1] != side || area[2] != side {
		t.Errorf("view box %v, want -4 -4 %s %s", area, side, side)
	}
	if !strings.Contains(page.String(), `aria-label="二维码"`) {
		t.Error("nothing says what the picture is")
	}
}

func TestSealOfTooMuch(t *testing.T) {
	if err := Seal(strings.Repeat("七", 4000), "").Render(t.Context(), &strings.Builder{}); err == nil {
		t.Error("a seal without a code")
	}
}
