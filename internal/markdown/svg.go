package markdown

import (
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
)

const svgNamespace = "http://www.w3.org/2000/svg"

// What a figure may be drawn with. Shapes, text and groups: nothing that runs,
// loads, links, repeats itself or is addressed by id (several figures share a page).
var (
	svgElements = set(`svg g title desc path rect circle ellipse line polyline polygon text tspan`)

	svgAttributes = set(`role class transform viewBox preserveAspectRatio
		x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height rotate textLength lengthAdjust
		fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
		stroke-dasharray stroke-dashoffset stroke-miterlimit opacity vector-effect paint-order
		font-size font-weight letter-spacing text-anchor dominant-baseline writing-mode`)

	// svgValue keeps references and escapes out of every attribute.
	svgValue = regexp.MustCompile(`^[\p{L}\p{N}\s.,%#_()+-]*$`)
	// svgPaint keeps figures in the page's colours, which change in the dark and on paper.
	svgPaint = regexp.MustCompile(`^(none|currentColor|var\(--[a-z0-9-]+\))$`)
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// CheckSVG reports why a drawing cannot be put into a page, in Chinese.
func CheckSVG(text string) error {
	_, err := inlineSVG(text, "")
	return err
}

// inlineSVG returns the drawing as HTML with label as its accessible name. It
// writes only what it understood, because an HTML parser reads comments and
// CDATA in other ways than an XML parser does.
func inlineSVG(text, label string) (string, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	var b strings.Builder
	depth, titled := 0, false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("SVG 不是合法的 XML：%w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := startSVG(&b, t, depth, label); err != nil {
				line, _ := d.InputPos()
				return "", fmt.Errorf("SVG 第 %d 行：%w", line, err)
			}
			titled = titled || depth == 1 && t.Name.Local == "title"
			depth++
		case xml.EndElement:
			depth--
			b.WriteString("</" + t.Name.Local + ">")
		case xml.CharData:
			if depth > 0 {
				b.WriteString(html.EscapeString(string(t)))
			}
		case xml.Directive:
			return "", errors.New("SVG 里不能有 <!…> 声明")
		}
	}
	if !titled {
		return "", errors.New("SVG 要有 <title>")
	}
	return b.String(), nil
}

func startSVG(b *strings.Builder, t xml.StartElement, depth int, label string) error {
	name := t.Name.Local
	if t.Name.Space != svgNamespace || !svgElements[name] || (name == "svg") != (depth == 0) {
		return fmt.Errorf("不能用元素 <%s>", name)
	}
	b.WriteString("<" + name)
	seen := map[string]bool{}
	for _, a := range t.Attr {
		if a.Name.Local == "xmlns" || a.Name.Space == "xmlns" {
			continue
		}
		if err := checkSVGAttribute(a); err != nil {
			return err
		}
		seen[a.Name.Local] = true
		b.WriteString(" " + a.Name.Local + `="` + html.EscapeString(a.Value) + `"`)
	}
	if depth == 0 {
		if !seen["role"] || !seen["viewBox"] {
			return errors.New(`<svg> 要有 role="img" 和 viewBox`)
		}
		b.WriteString(` aria-label="` + html.EscapeString(label) + `"`)
	}
	b.WriteString(">")
	return nil
}

func checkSVGAttribute(a xml.Attr) error {
	name, value := a.Name.Local, strings.TrimSpace(a.Value)
	switch {
	case a.Name.Space != "" || !svgAttributes[name]:
		return fmt.Errorf("不能用属性 %s", name)
	case name == "role" && value != "img":
		return fmt.Errorf(`role 只能是 img`)
	case (name == "fill" || name == "stroke") && !svgPaint.MatchString(value):
		return fmt.Errorf("%s 只能是 none、currentColor 或 var(--色标)；颜色用色标类，深色模式和打印才看得清", name)
	case !svgValue.MatchString(value) && name != "fill" && name != "stroke":
		return fmt.Errorf("属性 %s 的值 %q 不能用", name, value)
	}
	return nil
}
