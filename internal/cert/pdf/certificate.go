// Package pdf draws a certificate as one A4 page in landscape. The page is pure
// vector: text with an embedded subset of Noto Sans SC, the ring of the seven
// steps around a QR code that leads to the verification page.
package pdf

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/signintech/gopdf"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

// steps name the ring's segments, clockwise from the top.
var steps = [7]string{"预约", "接待", "工单", "派工维修", "质检", "交车", "跟踪"}

// The page, in points: margins, the column of text and the ring.
const (
	left, right   = 62.0, 780.0
	column        = 400.0
	ringX, ringY  = 634.0, 290.0
	inner, outer  = 102.0, 116.0
	codeSize      = 144.0 // its corners just fit into the ring
	evidenceSpace = 78.0
)

const (
	notice   = "证书是否有效，以核验页面为准。"
	noticeEN = "See the verification page for the current status."
)

// Certificate writes c as a PDF. It fails with fault.Invalid when a character
// cannot be drawn, and then writes nothing.
func Certificate(w io.Writer, c cert.Certificate) error {
	if err := drawable(append([]string{c.Person, c.StaffNo, c.Title, c.TitleEN, c.Level, c.Number, c.Issuer, c.VerifyURL}, c.Evidence...)...); err != nil {
		return err
	}
	p := newPage(c)
	p.header(c)
	p.holder(c)
	p.dates(c)
	p.evidence(c.Evidence)
	p.seal(c)
	p.footer()
	if p.err != nil {
		return fmt.Errorf("draw certificate %s: %w", c.Number, p.err)
	}
	_, err := p.pdf.WriteTo(w)
	return err
}

func newPage(c cert.Certificate) *page {
	p := &page{}
	p.pdf.Start(gopdf.Config{PageSize: *gopdf.PageSizeA4Landscape})
	p.pdf.SetInfo(gopdf.PdfInfo{
		Title:        c.Title + " " + c.Person + " " + c.Number,
		Author:       c.Issuer,
		Subject:      "认证证书",
		Creator:      "七步 Qibu",
		CreationDate: c.Issued.Start(time.UTC), // the day of issue, so that a reprint is the same file
	})
	p.pdf.AddPage()
	for _, family := range []string{regular, bold} {
		p.try(func() error { return p.pdf.AddTTFFontFromFontContainer(family, parsed()) })
	}
	return p
}

// header says what this is and under which number, over the page's one heavy line.
func (p *page) header(c cert.Certificate) {
	title, number := face{bold, 17, ink}, face{bold, 14, ink}
	p.text(left, 72, title, "认证证书")
	p.text(left+p.width(title, "认证证书")+10, 72, face{regular, 12, ink2}, "Certificate")
	p.right(right, 72, number, c.Number)
	p.right(right-p.width(number, c.Number)-10, 72, face{regular, 9.5, ink2}, "证书编号")
	p.bar(left, 84, right-left, 2.2, ink)
}

// holder is the sentence of the certificate: who certifies that who has met which
// requirements. A long name or title is set smaller, and what belongs to it stays
// close to it.
func (p *page) holder(c cert.Certificate) {
	const nameLine, restLine = 206.0, 266.0
	caption := face{regular, 12, ink2}
	name := p.fit(face{bold, 56, ink}, c.Person, column)
	issuer, issuerLine := p.fit(face{bold, 13, ink}, c.Issuer, column-50), nameLine-0.9*name.size-14
	p.text(left, issuerLine, issuer, c.Issuer)
	p.text(left+p.width(issuer, c.Issuer)+8, issuerLine, caption, "兹证明")
	p.text(left, nameLine, name, c.Person)
	if c.StaffNo != "" {
		p.text(left, nameLine+24, caption, "工号 "+c.StaffNo)
	}
	p.text(left, restLine, caption, "已达到以下认证的全部要求：")
	text := c.Title
	if !strings.HasPrefix(text, c.Level) {
		text = c.Level + "  " + text
	}
	title := p.fit(face{bold, 26, azurite}, text, column)
	titleLine := restLine + 14 + 0.9*title.size
	p.text(left, titleLine, title, text)
	p.text(left, titleLine+20, p.fit(caption, c.TitleEN, column), c.TitleEN)
}

// dates are three figures in a row, the one that matters in bold.
func (p *page) dates(c cert.Certificate) {
	const top, pitch = 352.0, 138.0
	p.bar(left, top, column, 0.8, line)
	for i, d := range []struct {
		label string
		day   calendar.Day
		face  face
	}{
		{"生效日期", c.ValidFrom, face{regular, 15, ink}},
		{"有效期至（含当日）", c.ValidUntil, face{bold, 15, ink}},
		{"签发日期", c.Issued, face{regular, 15, ink}},
	} {
		x := left + float64(i)*pitch
		p.text(x, top+22, face{regular, 9.5, ink2}, d.label)
		p.text(x, top+43, d.face, string(d.day))
	}
	p.bar(left, top+58, column, 0.8, line)
}

// evidence lists what the certificate rests on, in the space there is.
func (p *page) evidence(lines []string) {
	if len(lines) == 0 {
		return
	}
	const top = 432.0
	p.text(left, top, face{regular, 9.5, ink2}, "认证依据")
	pitch := min(16, evidenceSpace/float64(len(lines)))
	for i, text := range lines {
		f := face{regular, min(10, pitch*0.68), ink}
		p.text(left+58, top+float64(i)*pitch, p.fit(f, text, column-58), text)
	}
}

// seal is the way to verify, in the ring with all seven steps done.
func (p *page) seal(c cert.Certificate) {
	p.code(ringX-codeSize/2, ringY-codeSize/2, codeSize, c.VerifyURL)
	caption := face{regular, 9.5, ink2}
	for i, name := range steps {
		fill := azurite
		if i == len(steps)-1 {
			fill = vermilion
		}
		p.segment(ringX, ringY, inner, outer, i, fill)
		p.beside(onCircle(ringX, ringY, outer+15, (float64(i)+0.5)*2*math.Pi/7), caption, name)
	}
	p.centred(ringX, ringY+176, caption, "扫码核验，或打开网址输入证书编号")
	link, shown := face{regular, 9.5, azurite}, strings.TrimPrefix(c.VerifyURL, "https://")
	link = p.fit(link, shown, 290)
	p.centred(ringX, ringY+193, link, shown)
	w := p.width(link, shown)
	p.pdf.AddExternalLink(c.VerifyURL, ringX-w/2, ringY+183, w, 13)
}

// beside sets a step's name outside the ring: left of the point on the ring's
// left side, right of it on its right, centred at top and bottom.
func (p *page) beside(at gopdf.Point, f face, name string) {
	const middle = 3.4 // from the middle of a line to its baseline
	switch dx := at.X - ringX; {
	case dx > 70:
		p.text(at.X-6, at.Y+middle, f, name)
	case dx < -70:
		p.right(at.X+6, at.Y+middle, f, name)
	default:
		p.centred(at.X, at.Y+middle, f, name)
	}
}

func (p *page) footer() {
	p.bar(left, 530, right-left, 0.8, line)
	p.text(left, 547, face{regular, 8.5, ink2}, notice+" "+noticeEN)
	p.right(right, 547, face{bold, 8.5, ink2}, "七步 Qibu")
}
