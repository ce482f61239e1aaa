package pdf

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/signintech/gopdf"

	"qibu/internal/fault"
)

//go:embed fonts/NotoSansSC-Regular.ttf
var regularTTF []byte

//go:embed fonts/NotoSansSC-Bold.ttf
var boldTTF []byte

// The families, both with the same characters.
const (
	regular = "NotoSansSC"
	bold    = "NotoSansSC-Bold"
)

// parsed are the two fonts, read once: parsing takes longer than drawing a page.
var parsed = sync.OnceValue(func() *gopdf.FontContainer {
	fonts := &gopdf.FontContainer{}
	for family, data := range map[string][]byte{regular: regularTTF, bold: boldTTF} {
		if err := fonts.AddTTFFontData(family, data); err != nil {
			panic("pdf: embedded font " + family + ": " + err.Error())
		}
	}
	return fonts
})

// characters answers which characters the fonts have.
var characters = sync.OnceValue(func() *gopdf.SubsetFontObj {
	font := &gopdf.SubsetFontObj{}
	if err := font.SetTTFData(boldTTF); err != nil {
		panic("pdf: embedded font: " + err.Error())
	}
	return font
})

// Missing returns the characters of name that the certificate's font cannot
// draw, each once, in order. Ask at enrolment: on paper they would be blanks.
func Missing(name string) []rune {
	var missing []rune
	for _, r := range name {
		if glyph, err := characters().CharCodeToGlyphIndex(r); (err != nil || glyph == 0) && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	return missing
}

// drawable fails with fault.Invalid, naming the characters, when a text cannot
// be drawn completely.
func drawable(texts ...string) error {
	if missing := Missing(strings.Join(texts, "")); len(missing) > 0 {
		return fault.Newf(fault.Invalid, "cert.glyph_missing", fault.Args{"glyphs": string(missing)})
	}
	return nil
}
