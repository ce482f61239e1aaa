package pdf

import (
	"math"

	"github.com/signintech/gopdf"

	"qibu/internal/cert/qr"
)

// colour is red, green and blue. The values are the product's design tokens, in light.
type colour [3]uint8

var (
	ink       = colour{0x1b, 0x2a, 0x33}
	ink2      = colour{0x55, 0x64, 0x6d}
	line      = colour{0xe2, 0xdc, 0xd1}
	azurite   = colour{0x1f, 0x5f, 0x8b}
	vermilion = colour{0xc8, 0x40, 0x2f}
	white     = colour{0xff, 0xff, 0xff}
)

// face is how a text looks: family, size in points and colour.
type face struct {
	family string
	size   float64
	colour colour
}

// page draws with points from the top left corner. The first error sticks and
// stops further drawing, so that callers check once.
type page struct {
	pdf gopdf.GoPdf
	err error
}

// try runs one drawing step unless an earlier one failed.
func (p *page) try(step func() error) {
	if p.err == nil {
		p.err = step()
	}
}

func (p *page) use(f face) {
	p.try(func() error { return p.pdf.SetFont(f.family, "", f.size) })
	p.pdf.SetTextColor(f.colour[0], f.colour[1], f.colour[2])
}

// width measures a text.
func (p *page) width(f face, text string) (w float64) {
	p.use(f)
	p.try(func() (err error) {
		w, err = p.pdf.MeasureTextWidth(text)
		return err
	})
	return w
}

// text draws a text that begins at x, with its baseline on y.
func (p *page) text(x, y float64, f face, text string) {
	if text == "" {
		return
	}
	p.use(f)
	p.pdf.SetXY(x, y)
	p.try(func() error { return p.pdf.Text(text) })
}

// right draws a text that ends at x; centred one whose middle is x.
func (p *page) right(x, y float64, f face, text string)   { p.text(x-p.width(f, text), y, f, text) }
func (p *page) centred(x, y float64, f face, text string) { p.text(x-p.width(f, text)/2, y, f, text) }

// fit makes f small enough for text to be at most w wide.
func (p *page) fit(f face, text string, w float64) face {
	if natural := p.width(f, text); natural > w {
		f.size *= w / natural
	}
	return f
}

// bar fills a rectangle.
func (p *page) bar(x, y, w, h float64, c colour) {
	p.pdf.SetFillColor(c[0], c[1], c[2])
	p.pdf.RectFromUpperLeftWithStyle(x, y, w, h, "F")
}

// segment fills one of the seven segments of the ring 七步环, the first beginning
// at the top, clockwise.
func (p *page) segment(cx, cy, inner, outer float64, i int, c colour) {
	const gap, steps = 0.045, 28 // radians left free at each end; chords per arc
	from, to := float64(i)*2*math.Pi/7+gap, float64(i+1)*2*math.Pi/7-gap
	var outline []gopdf.Point
	for k := range steps + 1 {
		outline = append(outline, onCircle(cx, cy, outer, from+(to-from)*float64(k)/steps))
	}
	for k := range steps + 1 {
		outline = append(outline, onCircle(cx, cy, inner, to-(to-from)*float64(k)/steps))
	}
	p.pdf.SetFillColor(c[0], c[1], c[2])
	p.pdf.Polygon(outline, "F")
}

// onCircle returns a point at an angle counted clockwise from the top.
func onCircle(cx, cy, radius, angle float64) gopdf.Point {
	return gopdf.Point{X: cx + radius*math.Sin(angle), Y: cy - radius*math.Cos(angle)}
}

// code draws a QR code as vector bars into a square of the given size, the quiet
// zone that readers need included.
func (p *page) code(x, y, size float64, content string) {
	p.try(func() error {
		code, err := qr.Encode(content)
		if err != nil {
			return err
		}
		module := size / float64(code.Size+2*qr.Quiet)
		p.bar(x, y, size, size, white)
		for _, b := range code.Bars {
			// A hair taller than a module, so that no seam shows between rows.
			p.bar(x+float64(qr.Quiet+b.X)*module, y+float64(qr.Quiet+b.Y)*module, float64(b.Width)*module, module*1.03, ink)
		}
		return nil
	})
}
