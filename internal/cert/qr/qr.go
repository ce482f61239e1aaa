// Package qr makes QR codes as bars to draw: on paper as rectangles, on a page
// as an SVG path.
package qr

import (
	"fmt"

	"github.com/boombuler/barcode/qr"
)

// Quiet is how many light modules readers need around a code.
const Quiet = 4

// Code is a QR code of Size × Size modules, the quiet zone not counted.
type Code struct {
	Size int
	Bars []Bar
}

// Bar is a run of dark modules in row Y that begins at column X.
type Bar struct{ X, Y, Width int }

// Encode makes the smallest code of error correction level M that holds text.
// It fails when no code can.
func Encode(text string) (Code, error) {
	matrix, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return Code{}, fmt.Errorf("QR code: %w", err)
	}
	code := Code{Size: matrix.Bounds().Dx()}
	dark := func(x, y int) bool {
		level, _, _, _ := matrix.At(x, y).RGBA()
		return level == 0
	}
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && dark(x, y) {
				x++
			}
			if x > from {
				code.Bars = append(code.Bars, Bar{X: from, Y: y, Width: x - from})
			}
		}
	}
	return code, nil
}
