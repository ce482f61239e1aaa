// Package moodle holds what Moodle's formats of questions, GIFT, Aiken and XML,
// have in common: how a file is decoded, what formats a text may be in, how
// credit is given in fractions, how a figure is written, and how what only Qibu
// knows of a question travels along in comments.
package moodle

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qibu/quiz"
)

// What is read is bounded.
const (
	MaxBytes     = 8 << 20  // of a file
	MaxQuestions = 2000     // in a file
	MaxAnswers   = 100      // to a question
	MaxText      = 64 << 10 // bytes of one stem, answer or feedback
)

// ErrTooMany says that a file has more questions than are read at once.
var ErrTooMany = fmt.Errorf("题目超过 %d 道，请分成几个文件", MaxQuestions)

// ErrTooManyAnswers says that a question has more answers than one can have.
var ErrTooManyAnswers = fmt.Errorf("答案超过 %d 个", MaxAnswers)

// Decode returns the text of a file with \n at the ends of its lines. It may be
// UTF-8, UTF-16 with its mark, or GB 18030, as Chinese Windows saves text.
func Decode(src []byte) (string, error) {
	if len(src) > MaxBytes {
		return "", fmt.Errorf("文件有 %d MB，最多 %d MB，请分成几个文件", len(src)>>20+1, MaxBytes>>20)
	}
	decoder := encoding.Decoder{Transformer: unicode.BOMOverride(encoding.Nop.NewDecoder())}
	text, err := decoder.Bytes(src)
	if err == nil && !utf8.Valid(text) {
		text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(src)
	}
	if err != nil || strings.ContainsAny(string(text), "\x00\uFFFD") {
		return "", errors.New("认不出文件的文字编码，请另存为 UTF-8 再导入")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(text)), nil
}

// First is the first of the notes, for an error that ends the reading.
func First(notes []quiz.Note) string {
	if len(notes) == 0 {
		return "它是空的"
	}
	return notes[0].Text
}
