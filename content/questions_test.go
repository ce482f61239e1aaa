package content_test

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"qibu/content"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// The examples of the page on questions, one after the other, are a bank that can
// be published, with every kind of question in it.
func TestQuestionGrammar(t *testing.T) {
	var source strings.Builder
	for _, block := range examples.FindAllStringSubmatch(text(t, "help/question-grammar.md"), -1) {
		source.WriteString(block[1] + "\n")
	}
	bank, problems := quiz.Parse("examples.md", []byte(source.String()))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	kinds := map[string]bool{}
	for _, q := range bank.Questions {
		kinds[q.Kind] = true
		checkBasis(t, q)
	}
	for _, kind := range []string{
		sheet.Single, sheet.Multiple, sheet.TrueFalse, sheet.Order, sheet.Match, sheet.Fill, sheet.Numeric, sheet.Hot, sheet.Text,
	} {
		if !kinds[kind] {
			t.Errorf("no example of %s", kind)
		}
	}
	if len(bank.Cases) == 0 {
		t.Error("no example of a case")
	}
}

var examples = regexp.MustCompile("(?s)```题目\n(.*?)```")

// checkBasis makes sure that what a question points at is there.
func checkBasis(t *testing.T, q quiz.Question) {
	t.Helper()
	facts := text(t, "sources/facts.tsv")
	for _, id := range q.Sources {
		if !strings.Contains(facts, "\n"+id+"\t") {
			t.Errorf("%s: no fact %s", q.ID, id)
		}
	}
	module, heading, _ := strings.Cut(q.Review, "#")
	files, err := fs.Glob(content.FS, "courses/"+path.Dir(module)+"/*-"+path.Base(module)+".md")
	if err != nil || len(files) != 1 || !strings.Contains(text(t, files[0]), "{#"+heading+"}") {
		t.Errorf("%s: nowhere to read again: %s", q.ID, q.Review)
	}
	if q.Picture == nil {
		return
	}
	if _, err := fs.Stat(content.FS, "quizzes/"+q.Picture.Source); err != nil {
		t.Errorf("%s: %v", q.ID, err)
	}
}
