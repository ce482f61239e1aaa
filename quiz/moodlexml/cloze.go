package moodlexml

import (
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

// gap stands where a blank was while a text is turned into Markdown.
const gap = "\uE008"

var (
	embedded = regexp.MustCompile(`\{(\d*):([A-Z_]+):`)
	credit   = regexp.MustCompile(`^(?:=|%(-?[0-9]+(?:[.,][0-9]*)?)%)`)
	anyTag   = regexp.MustCompile(`<[^>]*>`)
)

// cloze reads a text with answers embedded in it: {1:SHORTANSWER:=a#why~%50%b}.
func (r *reader) cloze() error {
	r.d.Kind, r.d.Points = sheet.Fill, 0
	source := r.q.child("questiontext").rich(r.format)
	rest := strings.ReplaceAll(source.Text, gap, "")
	var text strings.Builder
	exact := 0
	for {
		at := embedded.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		inside, after, ok := braced(rest[at[1]:])
		if !ok {
			return errors.New("文中的答案没有用 } 结束")
		}
		text.WriteString(rest[:at[0]] + gap)
		name := rest[at[4]:at[5]]
		if err := r.blank(name, inside); err != nil {
			return err
		}
		if strings.HasSuffix(name, "_C") || strings.HasSuffix(name, "WC") || name == "SAC" {
			exact++
		}
		weight, _ := strconv.Atoi(rest[at[2]:at[3]])
		r.d.Points = min(r.d.Points+max(weight, 1), 100)
		rest = after
	}
	if len(r.d.Blanks) == 0 {
		return errors.New("文中没有答案")
	}
	r.d.Exact = exact == len(r.d.Blanks)
	if exact > 0 && !r.d.Exact {
		r.note("有的空在 Moodle 里分大小写，这里都不分")
	}
	source.Text = text.String() + rest
	stem, _ := source.Block() // what it loses is known from the text as a whole
	r.d.Stem = strings.ReplaceAll(strings.ReplaceAll(stem, "{{}}", ""), gap, "{{}}")
	return nil
}

// braced cuts text at the first } without a backslash.
func braced(text string) (inside, after string, ok bool) {
	for i := range len(text) {
		if text[i] == '}' && (i == 0 || text[i-1] != '\\') {
			return text[:i], text[i+1:], true
		}
	}
	return "", "", false
}

// blank reads the answers of one embedded question.
func (r *reader) blank(name, inside string) error {
	var figures, offered bool
	switch base, _, _ := strings.Cut(name, "_"); base {
	case "SHORTANSWER", "SA", "MW", "SAC", "MWC":
	case "NUMERICAL", "NM":
		figures = true
	case "MULTICHOICE", "MC", "MCV", "MCH", "MCS", "MCVS", "MCHS":
		offered = true
	default:
		return errors.New("文中的题型“" + name + "”没有对应的题型")
	}
	var answers, fractions, whys []string
	list := alternatives(inside)
	if len(list) > moodle.MaxAnswers || len(r.d.Blanks) == moodle.MaxAnswers {
		return moodle.ErrTooManyAnswers
	}
	for _, alternative := range list {
		fraction := "0"
		if m := credit.FindStringSubmatch(alternative); m != nil {
			alternative = alternative[len(m[0]):]
			if fraction = strings.ReplaceAll(m[1], ",", "."); m[1] == "" {
				fraction = "100"
			}
		}
		answer, why := split(alternative)
		answers, fractions, whys = append(answers, r.unescape(answer)), append(fractions, fraction), append(whys, r.unescape(why))
	}
	percents, ok := moodle.Percents(fractions)
	if !ok {
		return errors.New("答案的比例应是 0 到 100 的百分数")
	}
	var b quiz.Blank
	for i, answer := range answers {
		switch {
		case answer == "*" && percents[i] <= 0:
			r.lose("对其余答案的反馈“" + whys[i] + "”")
			continue
		case figures:
			answer = r.figure(answer)
		case !offered:
			answer = r.literal(answer)
		}
		b.Accept = append(b.Accept, quiz.Accepted{Text: answer, Percent: max(percents[i], 0), Why: whys[i]})
	}
	if offered {
		r.note("文中的选择“%s”改成了填写", strings.Join(answers, "／"))
	}
	r.d.ByValue = r.d.ByValue || figures
	r.d.Blanks = append(r.d.Blanks, b)
	return nil
}

// figure is a number of an embedded question. A blank knows no tolerance.
func (r *reader) figure(text string) string {
	figure, tolerance, _ := strings.Cut(text, ":")
	if t, ok := moodle.Figure(tolerance); !ok || t != "0" {
		r.lose("误差“" + text + "”")
	}
	return figure
}

// alternatives splits answers at each ~ without a backslash.
func alternatives(text string) (list []string) {
	from := 0
	for i := range len(text) {
		if text[i] == '~' && (i == 0 || text[i-1] != '\\') {
			list = append(list, text[from:i])
			from = i + 1
		}
	}
	if list = append(list, text[from:]); list[0] == "" {
		list = list[1:]
	}
	return list
}

// split cuts an answer from its feedback, at the first # that is not escaped or
// part of a character's number.
func split(text string) (answer, why string) {
	for i := range len(text) {
		if text[i] == '#' && (i == 0 || text[i-1] != '\\' && text[i-1] != '&') {
			return text[:i], text[i+1:]
		}
	}
	return text, ""
}

var bare = strings.NewReplacer(`\~`, "~", `\#`, "#", `\}`, "}", `\{`, "{", `\"`, `"`, `\\`, `\`)

// unescape is a text of an embedded answer on one line, without tags.
func (r *reader) unescape(text string) string {
	if r.format != markdownFormat {
		text = anyTag.ReplaceAllString(text, "")
	}
	return strings.Join(strings.Fields(html.UnescapeString(bare.Replace(text))), " ")
}

// numbered writes the characters that mean something inside an embedded answer
// as character references, which Moodle resolves in the end.
var numbered = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "~", "&#126;", "#", "&#35;", "}", "&#125;", "{", "&#123;", `\`, "&#92;")

// stem writes the text of d with its answers embedded.
func (w *writer) stem() string {
	parts := strings.Split(w.d.Stem, "{{}}")
	name := "SHORTANSWER"
	if w.d.Exact {
		name = "SHORTANSWER_C"
	}
	var b strings.Builder
	for i, part := range parts {
		b.WriteString(part)
		if i+1 == len(parts) || i >= len(w.d.Blanks) {
			continue
		}
		var answers []string
		for _, a := range w.d.Blanks[i].Accept {
			answer := "=" + numbered.Replace(moodle.Pattern(a.Text))
			if a.Percent != 100 {
				answer = "%" + w.fraction(a.Percent) + "%" + answer[1:]
			}
			if a.Why != "" {
				answer += "#" + numbered.Replace(a.Why)
			}
			answers = append(answers, answer)
		}
		b.WriteString("{1:" + name + ":" + strings.Join(answers, "~") + "}")
	}
	return b.String()
}
