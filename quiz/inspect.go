package quiz

import (
	"path"
	"strings"

	"qibu/internal/fault"
)

// Inspection is what there is to say about a text to its author, fit for use or not.
type Inspection struct {
	// Bank has whatever could be read. A question of it can be shown, and answered,
	// where no error is in its own lines; without any error it is what Parse returns.
	Bank     *Bank
	Exchange Exchange       // the same questions as they are written
	Problems fault.Problems // what Parse finds
	Hints    []Finding      // what Parse is silent of: worth a second look
}

// Inspect reads a text that its author is at work on, and judges it.
func Inspect(file string, src []byte) Inspection {
	head, x, ps := Read(file, src)
	b := newBank(head, x)
	b.Slug, b.File = strings.TrimSuffix(path.Base(file), ".md"), file
	in := Inspection{Bank: b, Exchange: x}
	for _, f := range Lint(head, x) {
		f.report(&ps, file, src)
		if f.Level == Advised {
			in.Hints = append(in.Hints, f)
		}
	}
	if !slugText.MatchString(b.Slug) {
		ps.Add(file, 0, "文件名应是小写字母、数字和连字符，如 vehicle-walkaround.md")
	}
	in.Problems = capped(file, append(ps, b.render(x)...))
	if in.Problems.Err() == nil {
		b.index()
	}
	return in
}
