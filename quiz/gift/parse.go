package gift

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"qibu/quiz/moodle"
)

// The kinds of question, as GIFT tells them apart.
const (
	description = "Description"
	essay       = "Essay"
	trueFalse   = "TF"
	multiple    = "MC"
	short       = "Short"
	numerical   = "Numerical"
	matching    = "Matching"
)

// question is one question in GIFT's own terms. Texts are as written but for
// their escapes.
type question struct {
	line     int
	id, name string
	tags     []string
	extras   []string // of its comments
	kind     string
	stem     moodle.Text // gap where the answers stood
	choices  []choice    // multiple, short, numerical
	pairs    []pair      // matching
	truth    bool        // true-false
	wrong    moodle.Text // true-false: said to the wrong answer
	right    moodle.Text // true-false: said to the right answer
	general  moodle.Text // said to everyone
}

// choice is one answer.
type choice struct {
	right     bool   // written with =
	weight    string // percent; none: all or nothing
	text, why moodle.Text
	figure    string // numerical; none: any other
	tolerance string
}

// pair is one row of a matching question.
type pair struct {
	left       moodle.Text
	right, why string
}

// block is what stands between blank lines.
type block struct {
	line     int // of its first line that is no comment
	comments []string
	lines    []string
}

// blocks splits a file. Comments that stand alone belong to what follows. ok is
// false when there are too many of them, categories not counted.
func blocks(text string) (list []block, ok bool) {
	var b block
	questions := 0
	for i, line := range strings.Split(hide.Replace(private.Replace(text))+"\n", "\n") {
		bare := strings.TrimSpace(line)
		comment, isComment := strings.CutPrefix(bare, "//")
		category := strings.HasPrefix(bare, "$CATEGORY:")
		switch {
		case isComment:
			b.comments = append(b.comments, rawAgain.Replace(comment))
			continue
		case bare != "":
			if len(b.lines) == 0 {
				b.line = i + 1
			}
			b.lines = append(b.lines, strings.TrimRight(line, " \t"))
		}
		if (bare == "" || category) && len(b.lines) > 0 {
			list = append(list, b)
			if b = (block{}); !category {
				questions++
			}
		}
		if questions > moodle.MaxQuestions {
			return nil, false
		}
	}
	return list, true
}

var (
	idComment  = regexp.MustCompile(`\[id:([^\x00-\x1F\x7F]+?)]`)
	tagComment = regexp.MustCompile(`\[tag:([^\x00-\x1F\x7F]+?)]`)
)

// parse reads one block that is not a category.
func (b block) parse() (q question, err error) {
	q.line = b.line
	for _, c := range b.comments {
		if extra, ok := strings.CutPrefix(strings.TrimSpace(c), moodle.Mark); ok {
			q.extras = append(q.extras, strings.TrimSpace(extra))
			continue
		}
		if m := idComment.FindStringSubmatch(c); m != nil {
			q.id = strings.TrimSpace(m[1])
		}
		for _, m := range tagComment.FindAllStringSubmatch(c, -1) {
			q.tags = append(q.tags, m[1])
		}
	}
	text := strings.TrimSpace(strings.Join(b.lines, "\n"))
	if len(text) > moodle.MaxText {
		return q, fmt.Errorf("文字超过 %d KB", moodle.MaxText>>10)
	}
	if rest, ok := strings.CutPrefix(text, "::"); ok {
		if name, rest, ok := strings.Cut(rest, "::"); ok {
			q.name, text = strings.Join(strings.Fields(show.Replace(name)), " "), strings.TrimSpace(rest)
		}
	}
	from, to := strings.Index(text, "{"), strings.Index(text, "}")
	switch {
	case from < 0 && to < 0:
		q.kind, q.stem = description, rich(text, moodle.Auto)
		return q, nil
	case from < 0 || to < from:
		return q, errors.New("花括号没有成对：一道题中间不能有空行，文字里的花括号前要加反斜杠")
	case strings.ContainsAny(text[to+1:], "{}"):
		return q, errors.New("一道题只能有一处答案")
	}
	q.stem = rich(text[:from]+gap+text[to+1:], moodle.Auto)
	return q, q.answers(strings.TrimSpace(text[from+1 : to]))
}

// formatName is what a text may have in front.
var formatName = regexp.MustCompile(`^\[(html|markdown|plain|moodle)\]`)

// rich is a text with the format it names, else that of the question.
func rich(text, format string) moodle.Text {
	text = strings.TrimSpace(text)
	if m := formatName.FindStringSubmatch(text); m != nil {
		format, text = m[1], text[len(m[0]):]
	}
	return moodle.Text{Format: format, Text: strings.TrimSpace(show.Replace(text))}
}

func (q *question) rich(text string) moodle.Text { return rich(text, q.stem.Format) }

// answers reads what stands between the braces.
func (q *question) answers(text string) error {
	if at := strings.LastIndex(text, "####"); at >= 0 {
		q.general = q.rich(text[at+4:])
		text = strings.TrimSpace(text[:at])
	}
	verdict, feedback, _ := strings.Cut(text, "#")
	verdict = strings.TrimSpace(verdict)
	switch {
	case text == "":
		q.kind = essay
	case text[0] == '#':
		q.kind = numerical
		return q.figures(strings.TrimSpace(text[1:]))
	case strings.Contains(text, "~"):
		q.kind = multiple
		return q.choose(text)
	case strings.Contains(text, "=") && strings.Contains(text, "->"):
		q.kind = matching
		return q.match(text)
	case verdict == "T" || verdict == "TRUE" || verdict == "F" || verdict == "FALSE":
		q.kind, q.truth = trueFalse, verdict[0] == 'T'
		wrong, right, _ := strings.Cut(feedback, "#")
		q.wrong, q.right = q.rich(wrong), q.rich(right)
	default:
		q.kind = short
		return q.choose(text)
	}
	return nil
}

var (
	mark   = regexp.MustCompile(`[=~]`)
	weight = regexp.MustCompile(`^%([^%]*)%`)
)

// choose reads answers that begin with = or ~. One alone may do without.
func (q *question) choose(text string) error {
	if !mark.MatchString(text[:1]) {
		text = "=" + text
	}
	starts := mark.FindAllStringIndex(text, -1)
	if len(starts) > moodle.MaxAnswers {
		return moodle.ErrTooManyAnswers
	}
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		c := choice{right: text[at[0]] == '='}
		answer := strings.TrimSpace(text[at[1]:end])
		if m := weight.FindStringSubmatch(answer); m != nil {
			c.weight, answer = strings.TrimSpace(m[1]), answer[len(m[0]):]
		}
		answer, why, _ := strings.Cut(answer, "#")
		c.text, c.why = q.rich(answer), q.rich(why)
		q.choices = append(q.choices, c)
	}
	return nil
}

// figures reads what follows {#.
func (q *question) figures(text string) error {
	if text == "" {
		return errors.New("数值题没有答案")
	}
	if err := q.choose(text); err != nil {
		return err
	}
	for i := range q.choices {
		c := &q.choices[i]
		if figure := c.text.Text; figure != "" && figure != "*" && !c.read(figure) {
			return errors.New("“" + figure + "”不是数，数值题要写成 3、3:0.5 或 2.5..3.5")
		}
	}
	return nil
}

// read reads 3, 3:0.5 or 2.5..3.5.
func (c *choice) read(text string) bool {
	if low, high, ok := strings.Cut(text, ".."); ok {
		a, isA := moodle.Figure(low)
		b, isB := moodle.Figure(high)
		if !isA || !isB {
			return false
		}
		c.figure, c.tolerance = moodle.Between(a, b)
		return true
	}
	figure, tolerance, _ := strings.Cut(text, ":")
	f, isF := moodle.Figure(figure)
	t, isT := moodle.Figure(tolerance)
	if c.figure = f; t != "0" {
		c.tolerance = strings.TrimPrefix(t, "-")
	}
	return isF && isT
}

// match reads rows of "= left -> right".
func (q *question) match(text string) error {
	rows := strings.Split(strings.TrimPrefix(text, "="), "=")
	if len(rows) > moodle.MaxAnswers {
		return moodle.ErrTooManyAnswers
	}
	for _, row := range rows {
		left, right, ok := strings.Cut(row, "->")
		if !ok {
			return errors.New("配对题的每一行都要有 ->")
		}
		right, why, _ := strings.Cut(right, "#")
		q.pairs = append(q.pairs, pair{q.rich(left), strings.TrimSpace(show.Replace(right)), strings.TrimSpace(show.Replace(why))})
	}
	return nil
}
