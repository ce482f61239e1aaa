// Package aiken reads Aiken, the plainest format for choices:
//
//	三件套应在什么时候铺？
//	A. 环车检查以后
//	B. 检查之前，当着客户的面
//	ANSWER: B
//
// It knows neither feedback nor points nor formats of text, so nothing is
// written in it. Full-width letters and marks are as good, and so are 答案 for
// ANSWER and several letters for a question to choose several of.
package aiken

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"

	"qibu/quiz"
	"qibu/quiz/moodle"
	"qibu/quiz/sheet"
)

var (
	optionLine = regexp.MustCompile(`^([A-Z])[.)、]\s*(\S.*)$`)
	answerLine = regexp.MustCompile(`^(?i:ANSWER|答案)\s*:\s*([A-Za-z](?:[\s,、]*[A-Za-z])*)\s*$`)
	optionMark = regexp.MustCompile(`^.[.．)）、､]\s*`) // before it is folded
	letter     = regexp.MustCompile(`[A-Z]`)
)

// Read reads an Aiken file. A question that cannot be read is left behind with a
// note; the error is about the file as a whole.
func Read(src []byte) (quiz.Exchange, error) {
	text, err := moodle.Decode(src)
	if err != nil {
		return quiz.Exchange{}, err
	}
	var r reader
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); len(line) > moodle.MaxText {
			return quiz.Exchange{}, fmt.Errorf("第 %d 行太长，最多 %d KB", i+1, moodle.MaxText>>10)
		}
		if line != "" {
			r.line(i+1, line)
		}
		if len(r.x.Questions)+len(r.x.Notes) > moodle.MaxQuestions {
			return quiz.Exchange{}, moodle.ErrTooMany
		}
	}
	if len(r.stem) > 0 {
		r.note("这道题没有带过来：没有“ANSWER: ”一行")
	}
	if len(r.x.Questions) == 0 {
		return quiz.Exchange{}, errors.New("文件里没有读得出的题目：" + moodle.First(r.x.Notes))
	}
	moodle.Identify(&r.x)
	return r.x, nil
}

type reader struct {
	x       quiz.Exchange
	first   int // line of the stem
	stem    []string
	letters []string
	options []quiz.Option
}

func (r *reader) note(format string, args ...any) {
	r.x.Notes = append(r.x.Notes, quiz.Note{
		Question: fmt.Sprintf("第 %d 题", len(r.x.Questions)+1), Line: r.first, Text: fmt.Sprintf(format, args...),
	})
}

// line reads line n, which is not empty.
func (r *reader) line(n int, line string) {
	if len(r.stem) == 0 {
		r.first = n
	}
	folded := width.Fold.String(line)
	option, answer := optionLine.FindStringSubmatch(folded), answerLine.FindStringSubmatch(folded)
	switch {
	case answer != nil:
		r.question(strings.ToUpper(answer[1]))
		r.stem, r.letters, r.options = nil, nil, nil
	case option != nil && len(r.stem) > 0:
		r.letters = append(r.letters, option[1])
		r.options = append(r.options, quiz.Option{Text: plain(optionMark.ReplaceAllString(line, ""))})
	case len(r.options) > 0:
		r.note("这道题没有带过来：没有“ANSWER: ”一行")
		r.stem, r.letters, r.options = []string{line}, nil, nil
		r.first = n
	default:
		r.stem = append(r.stem, line)
	}
}

// question ends a question with its answer line.
func (r *reader) question(answer string) {
	d := quiz.Draft{Kind: sheet.Single, Stem: plain(strings.Join(r.stem, "\n")), Options: r.options, Difficulty: 1, Points: 1}
	right := letter.FindAllString(answer, -1)
	slices.Sort(right)
	right = slices.Compact(right)
	if len(right) > 1 {
		d.Kind = sheet.Multiple
	}
	for _, name := range right {
		i := slices.Index(r.letters, name)
		if i < 0 {
			r.note("这道题没有带过来：答案 %s 不在选项里", name)
			return
		}
		d.Options[i].Right = true
	}
	r.x.Questions = append(r.x.Questions, d)
}

// plain is text in Markdown that shows it as it is.
func plain(text string) string {
	text, _ = moodle.Text{Format: moodle.Plain, Text: text}.Block() // nothing is lost of words
	return text
}
