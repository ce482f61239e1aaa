package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"qibu/quiz"
	"qibu/quiz/format"
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
	File string `arg:"" type:"existingfile" help:"题目文件，- 是标准输入（the questions, - for standard input）"`
	Out  string `short:"o" type:"path" help:"写到哪个文件；不写就输出到屏幕（where to write, else standard output）"`
}

// Run converts one file. It fails when nothing could be read or written.
func (c *quizConvert) Run(std console) error {
	from, _ := format.Named(c.From) // the enums name nothing else
	to, _ := format.Named(c.To)
	if to.Binary && c.Out == "" {
		return fmt.Errorf("%s 不是文本，请用 -o 写明存到哪个文件（say where to write it）", c.To)
	}
	src, err := c.source(std.in)
	if err != nil {
		return fmt.Errorf("题目读不出来（cannot read the questions）：%w", err)
	}
	rules, x, err := readQuestions(from, c.File, src)
	if err != nil {
		return fmt.Errorf("题目读不出来（cannot read the questions）：%w", err)
	}
	out, lost := writeQuestions(to, rules, x)
	for _, n := range append(x.Notes, lost...) {
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

// source is what the file holds, or the input where it is "-": no more than any
// format can be.
func (c *quizConvert) source(in io.Reader) ([]byte, error) {
	if c.File != "-" {
		file, err := os.Open(c.File)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	src, err := io.ReadAll(io.LimitReader(in, format.MaxBytes+1))
	if err == nil && len(src) > format.MaxBytes {
		err = fmt.Errorf("文件太大：最多 %d MB（too large）", format.MaxBytes>>20)
	}
	return src, err
}

// readQuestions reads a file. Only Qibu's own format has the rules of a paper; the
// others get the usual ones.
func readQuestions(from format.Format, file string, src []byte) (quiz.Header, quiz.Exchange, error) {
	if from.Name != format.Qibu {
		x, err := from.Read(src)
		return quiz.NewHeader(x.Title), x, err
	}
	rules, x, problems := quiz.Read(file, src)
	for _, p := range problems {
		if p.Warning {
			x.Notes = append(x.Notes, quiz.Note{Question: "提醒", Line: p.Line, Text: p.Message})
		}
	}
	err := problems.Err()
	if err == nil && len(x.Questions) == 0 {
		err = errors.New("文件里没有题目（no questions in it）")
	}
	return rules, x, err
}

// writeQuestions writes a file. In Qibu's own format everything has its place, the
// rules of the paper too.
func writeQuestions(to format.Format, rules quiz.Header, x quiz.Exchange) ([]byte, []quiz.Note) {
	if to.Name != format.Qibu {
		return to.Write(x)
	}
	rules.Title = cmp.Or(rules.Title, "导入的题目")
	return quiz.Write(rules, x), nil
}
