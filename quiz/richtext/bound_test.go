package richtext

import (
	"slices"
	"strings"
	"testing"
)

// Each of these took the converter from seconds to minutes; now its words are
// kept and its layout is not.
func TestExcessiveTexts(t *testing.T) {
	for name, source := range map[string]string{
		"quotations in quotations": strings.Repeat("<blockquote>话\n", 500) + strings.Repeat("<br>", 10_000),
		"lists in lists":           strings.Repeat("<ul><li>话", 250) + strings.Repeat("<br>", 10_000),
		"brackets":                 "话" + strings.Repeat("[", 60_000),
		"a wide and long table":    "<table><tr>" + strings.Repeat("<td>话", 6000) + strings.Repeat("<tr><td>话", 3000),
		"a table of long cells":    "<table>" + strings.Repeat("<tr><td>话", 900) + "<tr><td>" + strings.Repeat("长", 15_000),
		"a cell over everything":   "<table><tr><td colspan=65000 rowspan=65000>话",
	} {
		if text, lossy := Markdown(source); !strings.Contains(text, "话") || !slices.Equal(lossy, []string{"全部排版"}) {
			t.Errorf("%s: %.40q %q", name, text, lossy)
		}
	}
	fine := strings.Repeat("<blockquote>", mostNested) + "<b>话</b>[1]</blockquote><table><tr><th colspan=2>甲<tr><td>乙<td>丙</table>"
	if text, lossy := Markdown(fine); !strings.Contains(text, "**话**") || len(lossy) > 0 {
		t.Errorf("%q %q", text, lossy)
	}
}
