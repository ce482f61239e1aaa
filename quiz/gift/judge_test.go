package gift

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/content"
	"qibu/quiz/moodle"
	"qibu/quiz/moodle/moodletest"
)

// verdict is what gift-pegjs makes of a file.
type verdict struct {
	Error     string   `json:"error"`
	Questions []judged `json:"questions"`
}

type judged struct {
	ID, Type       string
	Title          string
	Tags           []string
	Stem           judgedText
	IsTrue         bool
	Choices        judgedChoices
	MatchPairs     []judgedPair
	TrueFeedback   judgedText
	FalseFeedback  judgedText
	GlobalFeedback judgedText
}

type judgedText struct{ Format, Text string }

type judgedChoice struct {
	IsCorrect bool
	Weight    *float64
	Text      judgedAnswer
	Feedback  judgedText
}

type judgedChoices []judgedChoice

// UnmarshalJSON takes the single figure of {#3} for a choice as well.
func (c *judgedChoices) UnmarshalJSON(data []byte) error {
	if data[0] != '{' {
		return json.Unmarshal(data, (*[]judgedChoice)(c))
	}
	*c = judgedChoices{{IsCorrect: true}}
	return json.Unmarshal(data, &(*c)[0].Text)
}

// judgedAnswer is a text or a figure.
type judgedAnswer struct {
	Format, Text                         string
	Type                                 string
	Number, Range, NumberHigh, NumberLow float64
}

type judgedPair struct {
	Subquestion judgedText
	Subanswer   string
}

// judge asks gift-pegjs, an independent reader of GIFT. It is installed as its
// lock says. A test that needs it may be skipped, but not where everything is tested.
func judge(t *testing.T, files []string) []verdict {
	t.Helper()
	const dir = "testdata/judge"
	if _, err := exec.LookPath("node"); err != nil && os.Getenv("CI") != "true" {
		t.Skip("no node here to run gift-pegjs")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules/gift-pegjs/package.json")); err != nil {
		install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
		install.Dir = dir
		if out, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, out)
		}
	}
	input, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "judge.mjs")
	node.Dir, node.Stdin = dir, bytes.NewReader(input)
	var log bytes.Buffer
	node.Stderr = &log
	out, err := node.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	var verdicts []verdict
	if err := json.Unmarshal(out, &verdicts); err != nil {
		t.Fatal(err)
	}
	return verdicts
}

// ours is what parse makes of a file, in the judge's words.
func ours(t *testing.T, text string) (list []judged) {
	t.Helper()
	all, _ := blocks(text)
	for _, b := range all {
		if category, ok := strings.CutPrefix(b.lines[0], "$CATEGORY:"); ok {
			list = append(list, judged{Type: "Category", Title: strings.TrimSpace(category)})
			continue
		}
		q, err := b.parse()
		if err != nil {
			t.Fatalf("line %d: %v", b.line, err)
		}
		j := judged{
			ID: q.id, Type: q.kind, Title: q.name, Tags: q.tags, Stem: said(q.stem), IsTrue: q.truth,
			TrueFeedback: said(q.wrong), FalseFeedback: said(q.right), GlobalFeedback: said(q.general),
		}
		for _, c := range q.choices {
			j.Choices = append(j.Choices, c.judged(q.kind))
		}
		for _, p := range q.pairs {
			j.MatchPairs = append(j.MatchPairs, judgedPair{said(p.left), squeeze(p.right)})
		}
		list = append(list, j)
	}
	return list
}

func (c choice) judged(kind string) judgedChoice {
	j := judgedChoice{IsCorrect: c.right, Feedback: said(c.why)}
	if c.weight != "" {
		w, _ := strconv.ParseFloat(c.weight, 64)
		j.Weight = &w
	}
	if kind != numerical {
		text := said(c.text)
		j.Text = judgedAnswer{Format: text.Format, Text: text.Text}
		return j
	}
	if c.figure == "" {
		j.Text.Text = "*"
	}
	j.Text.Number, _ = strconv.ParseFloat(c.figure, 64)
	j.Text.Range, _ = strconv.ParseFloat(c.tolerance, 64)
	return j
}

// said is a text as compared: what is not there has no format, and spaces and
// the gap for the answers do not count.
func said(t moodle.Text) judgedText {
	text := squeeze(t.Text)
	if text == "" {
		return judgedText{}
	}
	return judgedText{t.Format, text}
}

func squeeze(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("_____", "", gap, "").Replace(s)), "")
}

// unfinished undoes the escapes of right sides, which gift-pegjs leaves half done.
var unfinished = strings.NewReplacer("&&058;", ":", "&&035;", "#", "&&061;", "=", "&&123;", "{", "&&125;", "}", "&&126;", "~", "&&092;", `\\`)

// theirs brings a verdict into the same form.
func theirs(list []judged) []judged {
	for i := range list {
		q := &list[i]
		for _, t := range []*judgedText{&q.Stem, &q.TrueFeedback, &q.FalseFeedback, &q.GlobalFeedback} {
			*t = said(moodle.Text(*t))
		}
		q.Title = strings.Join(strings.Fields(q.Title), " ")
		for j := range q.MatchPairs {
			p := &q.MatchPairs[j]
			*p = judgedPair{said(moodle.Text(p.Subquestion)), squeeze(unfinished.Replace(p.Subanswer))}
		}
		for j := range q.Choices {
			c := &q.Choices[j]
			c.Feedback = said(moodle.Text(c.Feedback))
			a := &c.Text
			switch a.Type {
			case "high-low":
				*a = judgedAnswer{Number: (a.NumberHigh + a.NumberLow) / 2, Range: (a.NumberHigh - a.NumberLow) / 2}
			case "":
				text := said(moodle.Text{Format: a.Format, Text: a.Text})
				*a = judgedAnswer{Format: text.Format, Text: text.Text}
				if q.Type == numerical {
					a.Format = ""
				}
			}
			a.Type = ""
		}
	}
	return list
}

var near = cmp.Comparer(func(a, b float64) bool { return a-b < 1e-9 && b-a < 1e-9 })

func TestReadsAsTheJudgeDoes(t *testing.T) {
	names, err := filepath.Glob("testdata/*.gift")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var files []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, string(text))
	}
	for i, v := range judge(t, files) {
		t.Run(filepath.Base(names[i]), func(t *testing.T) {
			if v.Error != "" {
				t.Fatal(v.Error)
			}
			if diff := cmp.Diff(theirs(v.Questions), ours(t, files[i]), near); diff != "" {
				t.Errorf("(-gift-pegjs +ours):\n%s", diff)
			}
		})
	}
}

// Whatever is written can be read by the judge, and means the same to it: what
// is drawn at random, and the banks that ship.
func TestWritesAsTheJudgeReads(t *testing.T) {
	var files []string
	for i := range 100 {
		src, _ := Write(exchange.Example(i))
		files = append(files, string(src))
	}
	for _, x := range moodletest.Shipped(t, content.FS) {
		src, _ := Write(x)
		files = append(files, string(src))
	}
	for i, v := range judge(t, files) {
		if v.Error != "" {
			t.Fatalf("%s\n%s", v.Error, files[i])
		}
		if diff := cmp.Diff(theirs(v.Questions), ours(t, files[i]), near); diff != "" {
			t.Fatalf("(-gift-pegjs +ours):\n%s\n%s", diff, files[i])
		}
	}
}
