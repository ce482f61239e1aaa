package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"qibu/quiz"
	"qibu/quiz/aiken"
	"qibu/quiz/gift"
	"qibu/quiz/moodlexml"
	"qibu/quiz/qti"
	"qibu/quiz/xlsx"
)

// quizzes gathers what can be done with banks of questions as files.
type quizzes struct {
	Convert quizConvert `cmd:"" help:"在题库的各种格式之间转换，说明没能带过去的内容（convert questions between formats）"`
}

// quizConvert carries questions from one format to another. What could not be
// carried goes to standard error, one note a line.
type quizConvert struct {
	From string `required:"" enum:"qibu,gift,aiken,moodlexml,qti,xlsx" help:"文件的格式：${enum}（its format）"`
	To   string `required:"" enum:"qibu,gift,moodlexml,qti,xlsx" help:"要写成的格式：${enum}（the format to write）"`
	File string `arg:"" type:"existingfile" help:"题目文件（the questions）"`
	Out  string `short:"o" type:"path" help:"写到哪个文件；不写就输出到屏幕（where to write, else standard output）"`
}

// questionFormat is a format of files of questions. One without a write cannot
// say enough to be written.
type questionFormat struct {
	read   func(file string, src []byte) (bank, []quiz.Note, error)
	write  func(bank) ([]byte, []quiz.Note)
	binary bool // no text for a screen
}

// bank is questions with the rules of their papers, which only Qibu's format has.
type bank struct {
	rules quiz.Header
	quiz.Exchange
}

var questionFormats = map[string]questionFormat{
	"qibu":      {read: readBank, write: writeBank},
	"gift":      {read: foreign(gift.Read), write: abroad(gift.Write)},
	"aiken":     {read: foreign(aiken.Read)},
	"moodlexml": {read: foreign(moodlexml.Read), write: abroad(moodlexml.Write)},
	"qti":       {read: foreign(qti.Read), write: abroad(qti.Write), binary: true},
	"xlsx":      {read: foreign(xlsx.Read), write: abroad(xlsx.Write), binary: true},
}

// Run converts one file. It fails when nothing could be read or written.
func (c *quizConvert) Run(std console) error {
	from, to := questionFormats[c.From], questionFormats[c.To]
	if to.binary && c.Out == "" {
		return fmt.Errorf("%s 不是文本，请用 -o 写明存到哪个文件（say where to write it）", c.To)
	}
	src, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("题目读不出来（cannot read the questions）：%w", err)
	}
	b, left, err := from.read(c.File, src)
	if err != nil {
		return fmt.Errorf("题目读不出来（cannot read the questions）：%w", err)
	}
	out, lost := to.write(b)
	for _, n := range append(left, lost...) {
		fmt.Fprintf(std.err, "%s:%d: %s：%s\n", c.File, n.Line, n.Question, n.Text)
	}
	if c.Out == "" {
		_, err = std.out.Write(out)
	} else {
		err = os.WriteFile(c.Out, out, 0o644)
	}
	if err != nil {
		return fmt.Errorf("没有写成（not written）：%w", err)
	}
	return nil
}

func foreign(read func([]byte) (quiz.Exchange, error)) func(string, []byte) (bank, []quiz.Note, error) {
	return func(_ string, src []byte) (bank, []quiz.Note, error) {
		x, err := read(src)
		return bank{quiz.NewHeader(x.Title), x}, x.Notes, err
	}
}

func abroad(write func(quiz.Exchange) ([]byte, []quiz.Note)) func(bank) ([]byte, []quiz.Note) {
	return func(b bank) ([]byte, []quiz.Note) { return write(b.Exchange) }
}

func readBank(file string, src []byte) (b bank, notes []quiz.Note, err error) {
	rules, x, problems := quiz.Read(file, src)
	for _, p := range problems {
		if p.Warning {
			notes = append(notes, quiz.Note{Question: "提醒", Line: p.Line, Text: p.Message})
		}
	}
	err = problems.Err()
	if err == nil && len(x.Questions) == 0 {
		err = errors.New("文件里没有题目（no questions in it）")
	}
	return bank{rules, x}, notes, err
}

// writeBank writes Qibu's own format, in which everything has its place.
func writeBank(b bank) ([]byte, []quiz.Note) {
	b.rules.Title = cmp.Or(b.rules.Title, "导入的题目")
	return quiz.Write(b.rules, b.Exchange), nil
}
