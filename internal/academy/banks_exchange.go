package academy

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/format"
	"qibu/quiz/xlsx"
)

// MaxBankImport is how large a file of questions from elsewhere may be, in bytes.
const MaxBankImport = 1 << 20

// BankFormats are the formats questions can be taken in from.
func BankFormats() []format.Format { return format.All() }

// BankImport is what a dry run of an import found. Nothing of it is kept.
type BankImport struct {
	Format    string // what the file was read as
	Questions []ImportedQuestion
	Notes     []quiz.Note // what was left behind, or read otherwise than it was meant
	Text      string      // the questions as they go into the draft
}

// ImportedQuestion is one question found, with what is to be mended before it can
// be published.
type ImportedQuestion struct {
	ID, Title, Kind string
	Faults          []string
}

// LookAtImport reads questions from elsewhere for the bank under slug, and keeps
// nothing. name is that of a format, or empty: then the name of the file, or else
// the text, tells. What cannot be read is Invalid and says why.
func (a *Academy) LookAtImport(ctx context.Context, who people.Actor, slug, name, filename string, src []byte) (run BankImport, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return run, err
	}
	if len(bytes.TrimSpace(src)) == 0 {
		return run, invalid("text", "bank.import_nothing")
	}
	if len(src) > MaxBankImport {
		return run, invalid("text", "bank.import_large")
	}
	f, ok := format.Named(name)
	if !ok {
		f = format.Of(filename, src)
	}
	w, err := a.writtenBank(ctx, slug)
	if err != nil {
		return run, err
	}
	leave, err := a.seats.take(ctx, who.ID)
	if err != nil {
		return run, err
	}
	defer leave()
	x, err := f.Read(src)
	if err != nil {
		return run, &fault.Error{Kind: fault.Invalid, Key: "bank.import_failed", Args: fault.Args{"why": err.Error()}, Input: "text"}
	}
	_, have, _ := quiz.Read(slug+".md", []byte(w.text()))
	x.Notes = append(x.Notes, rename(&x, have)...)
	run = BankImport{Format: f.Title, Notes: x.Notes, Text: questionsOnly(x)}
	run.judge(x, have)
	return run, nil
}

// rename gives questions and cases whose id the bank has already another one, and
// says so.
func rename(x *quiz.Exchange, have quiz.Exchange) (notes []quiz.Note) {
	taken := map[string]bool{}
	for _, q := range have.Questions {
		taken[q.ID] = true
	}
	for _, c := range have.Situations {
		taken[c.ID] = true
	}
	free := func(id string) string {
		fresh := id
		for n := 2; taken[fresh]; n++ {
			fresh = fmt.Sprintf("%s-%d", id, n)
		}
		taken[fresh] = true
		if fresh != id {
			notes = append(notes, quiz.Note{Question: id, Text: "题库里已经有这个题号，改成 " + fresh})
		}
		return fresh
	}
	cases := map[string]string{}
	for i := range x.Situations {
		c := &x.Situations[i]
		cases[c.ID] = free(c.ID)
		c.ID = cases[c.ID]
	}
	for i := range x.Questions {
		q := &x.Questions[i]
		q.ID = free(q.ID)
		if q.Case != "" {
			q.Case = cases[q.Case]
		}
	}
	return notes
}

// questionsOnly is an exchange as it is written below a front matter.
func questionsOnly(x quiz.Exchange) string {
	_, body, _ := strings.Cut(string(quiz.Write(quiz.NewHeader(x.Title), x)), "\n---\n")
	return strings.TrimSpace(body) + "\n"
}

// judge lists the questions with what is wrong with each by itself and as one
// among those the bank has.
func (run *BankImport) judge(x, have quiz.Exchange) {
	faults := map[string][]string{}
	have.Title = "这个题库"
	already := quiz.NewAsked(map[string]quiz.Exchange{"have": have})
	for _, f := range slices.Concat(quiz.Lint(quiz.NewHeader(x.Title), x), already.Duplicates("", x)) {
		if f.Question != "" && f.Level != quiz.Advised && !slices.Contains(faults[f.Question], f.Message) {
			faults[f.Question] = append(faults[f.Question], f.Message)
		}
	}
	for _, q := range x.Questions {
		title, _, _ := strings.Cut(q.Stem, "\n")
		run.Questions = append(run.Questions, ImportedQuestion{ID: q.ID, Title: title, Kind: q.Kind, Faults: faults[q.ID]})
	}
}

// ImportQuestions puts questions, as a dry run wrote them, behind those of the
// bank's draft.
func (a *Academy) ImportQuestions(ctx context.Context, who people.Actor, slug, text string) error {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return err
	}
	text, err := readable(text, MaxBank)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		w, err := work(tx, quizKind, slug)
		if err != nil {
			return err
		}
		source, err := readable(strings.TrimRight(w.text(), "\n")+"\n\n"+text, MaxBank)
		if err != nil {
			return err
		}
		_, err = keep(tx, bankBy(who, slug, source), w.draft.Version)
		return err
	})
}

// BankFile is a bank to take away.
type BankFile struct {
	Name, Type string
	Body       []byte
}

// ExportBank returns the text in force, or the draft while nothing is, in the
// format whose files end in ending.
func (a *Academy) ExportBank(ctx context.Context, who people.Actor, slug, ending string) (f BankFile, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return f, err
	}
	w, err := a.writtenBank(ctx, slug)
	if err != nil {
		return f, err
	}
	to, ok := format.Written(ending)
	if !ok {
		return f, fault.New(fault.NotFound, "error.not_found")
	}
	f = BankFile{Name: slug + "." + to.Ending, Type: to.Type}
	if to.Name == format.Qibu {
		f.Body = []byte(w.published())
		return f, nil
	}
	_, x, _ := quiz.Read(slug+".md", []byte(w.published()))
	f.Body, _ = to.Write(x)
	return f, nil
}

// BankTemplate is an empty workbook to write questions into.
func (a *Academy) BankTemplate(who people.Actor) (BankFile, error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return BankFile{}, err
	}
	to, _ := format.Named(format.Workbook)
	return BankFile{Name: "qibu-questions.xlsx", Type: to.Type, Body: xlsx.Template()}, nil
}
