package quiz

import (
	"bytes"
	"fmt"

	"qibu/internal/fault"
)

// Level is how much a finding matters.
type Level string

// The levels.
const (
	Refused Level = "refused" // a bank with it is not published
	Doubted Level = "doubted" // worth mending; Parse warns of it
	Advised Level = "advised" // worth a second look; only shown while writing
)

// Finding is something to say about a question or a bank, to its author.
type Finding struct {
	Rule     string // what it is about, such as "longest"
	Level    Level
	Question string // id; empty when it is about the bank
	Key      string // the front matter key it is about, if it is about one
	Line     int    // in the file, 0 when unknown or meant as a whole
	Message  string // Chinese
}

// report adds the finding to the problems of the file it was made in.
func (f Finding) report(ps *fault.Problems, file string, src []byte) {
	line := f.Line
	if f.Key != "" {
		line = keyLine(src, f.Key)
	}
	switch f.Level {
	case Refused:
		ps.Add(file, line, "%s", f.Message)
	case Doubted:
		ps.Warn(file, line, "%s", f.Message)
	}
}

// keyLine finds the front matter line of a key; 0 when it has none.
func keyLine(src []byte, key string) int {
	for i, line := range bytes.Split(src, []byte("\n")) {
		switch {
		case bytes.HasPrefix(line, []byte(key+":")):
			return i + 1
		case i > 0 && bytes.HasPrefix(line, []byte("---")):
			return 0
		}
	}
	return 0
}

// linter collects findings. The ones about a question are made by its judge.
type linter struct {
	findings []Finding
}

// judge looks at one question.
type judge struct {
	*linter
	Draft
}

func (j judge) find(level Level, rule string, line int, format string, args ...any) {
	j.findings = append(j.findings, Finding{
		Rule: rule, Level: level, Question: j.ID, Line: line, Message: fmt.Sprintf(format, args...),
	})
}

// refuse finds fault with the question as a whole.
func (j judge) refuse(rule, format string, args ...any) {
	j.find(Refused, rule, j.Line, format, args...)
}

// answerLine is the line of the answer with the given index.
func (j judge) answerLine(i int) int {
	if i < len(j.at.answers) {
		return j.at.answers[i]
	}
	return j.Line
}

func (l *linter) bank(level Level, rule, key, format string, args ...any) {
	l.findings = append(l.findings, Finding{Rule: rule, Level: level, Key: key, Message: fmt.Sprintf(format, args...)})
}

// capped is the problems of a file as far as they are listed. Whether there is an
// error among them stays the same.
func capped(file string, ps fault.Problems) fault.Problems {
	if len(ps) <= mostProblems {
		return ps
	}
	list, rest := ps[:mostProblems:mostProblems], ps[mostProblems:]
	const text = "还有 %d 处没有列出，先改上面的"
	if rest.Err() != nil {
		list.Add(file, 0, text, len(rest))
	} else {
		list.Warn(file, 0, text, len(rest))
	}
	return list
}
