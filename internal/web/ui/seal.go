package ui

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/a-h/templ"

	"qibu/internal/cert/qr"
)

// Seal is the ring of the seven steps around a QR code that leads to address;
// label says in words where it leads.
func Seal(address, label string) templ.Component {
	code, err := qr.Encode(address)
	if err != nil {
		return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
	}
	return seal(code, label)
}

// codeArea is the code with its quiet zone, as a view box.
func codeArea(code qr.Code) string {
	side := code.Size + 2*qr.Quiet
	return fmt.Sprintf("-%d -%d %d %d", qr.Quiet, qr.Quiet, side, side)
}

// codePath draws the dark modules of a code, one unit each.
func codePath(code qr.Code) string {
	var d strings.Builder
	for _, b := range code.Bars {
		fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", b.X, b.Y, b.Width, b.Width)
	}
	return d.String()
}
