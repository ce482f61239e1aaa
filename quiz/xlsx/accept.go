package xlsx

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz"
)

var (
	blank       = regexp.MustCompile(`\{\{\}\}|_{3,}|＿{2,}|（[ \x{3000}]{1,}）|\([ ]{2,}\)`)
	acceptLine  = regexp.MustCompile(`^\s*(?:[(（](\d{1,3})[)）]\s*)?[=＝]\s*(\S.*)$`)
	percentMark = regexp.MustCompile(`^[\[【]\s*(-?\d{1,3})\s*[%％]\s*[\]】]\s*(.*)$`)
	valueText   = regexp.MustCompile(`^([+-]?\d+(?:\.\d+)?)(?:\s*(?:±|\+/?-)\s*(\d+(?:\.\d+)?))?$`)
)

func blankCount(stem string) int { return len(blank.FindAllString(stem, -1)) }

// settleBlanks reads fill questions: a line a blank, or a line an answer with
// "(1)=" before it and perhaps a reason below.
func (r *row) settleBlanks() string {
	r.unused(r.why, whyColumn)
	d := &r.draft
	d.Stem = blank.ReplaceAllString(d.Stem, "{{}}")
	d.Blanks = make([]quiz.Blank, strings.Count(d.Stem, "{{}}"))
	if len(d.Blanks) == 0 {
		return "填空题的题干里没有空：写成 {{}} 或三个以上的下划线"
	}
	var problem string
	if first, _, _ := strings.Cut(r.answer, "\n"); acceptLine.MatchString(first) {
		problem = r.listedAnswers()
	} else {
		problem = r.plainAnswers()
	}
	if problem != "" {
		return problem
	}
	for i, b := range d.Blanks {
		if len(b.Accept) == 0 {
			return fmt.Sprintf("第 %d 个空没有答案", i+1)
		}
	}
	return ""
}

// plainAnswers reads one line for each blank, alternatives between bars. One
// blank may have its alternatives on several lines, and the answers to several
// blanks may stand on one line with semicolons.
func (r *row) plainAnswers() string {
	d := &r.draft
	lines := strings.Split(r.answer, "\n")
	if len(lines) == 1 && len(d.Blanks) > 1 {
		lines = strings.Split(strings.ReplaceAll(r.answer, "；", ";"), ";")
	}
	if len(d.Blanks) > 1 && len(lines) != len(d.Blanks) {
		return fmt.Sprintf("题干有 %d 个空，答案有 %d 行：一行一个空，几种写法用 | 隔开", len(d.Blanks), len(lines))
	}
	for i, text := range lines {
		at := &d.Blanks[min(i, len(d.Blanks)-1)]
		for _, alternative := range splitBars(text) {
			if a := readAccepted(alternative); a.Text != "" {
				at.Accept = append(at.Accept, a)
			}
		}
	}
	return ""
}

// listedAnswers reads "(1)= text" and "> reason" lines.
func (r *row) listedAnswers() string {
	var last *quiz.Accepted
	for text := range strings.Lines(r.answer) {
		text = strings.TrimSpace(text)
		if why, ok := strings.CutPrefix(text, ">"); ok && last != nil {
			last.Why = strings.TrimSpace(last.Why + " " + strings.TrimSpace(why))
			continue
		}
		m := acceptLine.FindStringSubmatch(text)
		if m == nil {
			return fmt.Sprintf("答案里的“%s”读不懂；写成“(1)= 答案”", text)
		}
		n := 1
		if m[1] != "" {
			n, _ = strconv.Atoi(m[1]) // the pattern has digits there
		}
		if n < 1 || n > len(r.draft.Blanks) {
			return fmt.Sprintf("答案写给第 %d 个空，题干只有 %d 个", n, len(r.draft.Blanks))
		}
		b := &r.draft.Blanks[n-1]
		b.Accept = append(b.Accept, readAccepted(m[2]))
		last = &b.Accept[len(b.Accept)-1]
	}
	return ""
}

// readAccepted reads "[50%] text".
func readAccepted(text string) quiz.Accepted {
	percent, text := cutPercent(strings.TrimSpace(text))
	return quiz.Accepted{Text: text, Percent: percent}
}

func cutPercent(text string) (percent int, rest string) {
	m := percentMark.FindStringSubmatch(text)
	if m == nil {
		return 100, strings.TrimPrefix(text, `\`)
	}
	percent, _ = strconv.Atoi(m[1]) // the pattern has digits there
	return max(0, min(100, percent)), m[2]
}

// splitBars splits at bars; \| is a bar and \\ a backslash.
func splitBars(text string) []string {
	parts := []string{""}
	for i := 0; i < len(text); i++ {
		last := &parts[len(parts)-1]
		switch {
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '|' || text[i+1] == '\\'):
			i++
			*last += text[i : i+1]
		case text[i] == '|':
			parts = append(parts, "")
		default:
			*last += text[i : i+1]
		}
	}
	return parts
}

// settleValues reads numeric questions: "3±0.5" line by line, reasons below.
func (r *row) settleValues() string {
	r.unused(r.why, whyColumn)
	for text := range strings.Lines(r.answer) {
		text = strings.TrimSpace(text)
		if why, ok := strings.CutPrefix(text, ">"); ok && len(r.draft.Values) > 0 {
			v := &r.draft.Values[len(r.draft.Values)-1]
			v.Why = strings.TrimSpace(v.Why + " " + strings.TrimSpace(why))
			continue
		}
		percent, figure := cutPercent(strings.TrimLeft(text, "=＝ "))
		m := valueText.FindStringSubmatch(strings.TrimSpace(width.Fold.String(figure)))
		if m == nil {
			return fmt.Sprintf("数值题的答案写成 3 或 3±0.5，写的是“%s”", text)
		}
		r.draft.Values = append(r.draft.Values, quiz.Value{Figure: m[1], Tolerance: m[2], Percent: percent})
	}
	if len(r.draft.Values) == 0 {
		return "没有写答案"
	}
	return ""
}
