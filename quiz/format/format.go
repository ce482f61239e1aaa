// Package format knows every format that questions can be read from and written
// to, and tells one from another.
package format

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"qibu/quiz"
	"qibu/quiz/aiken"
	"qibu/quiz/gift"
	"qibu/quiz/moodlexml"
	"qibu/quiz/qti"
	"qibu/quiz/xlsx"
)

// The names of the formats.
const (
	Qibu     = "qibu"
	Workbook = "xlsx"
	GIFT     = "gift"
	Aiken    = "aiken"
	Moodle   = "moodlexml"
	QTI      = "qti"
)

// MaxBytes is the most that questions in any format take up.
const MaxBytes = qti.MaxBytes

// Format is one way to write questions down.
type Format struct {
	Name   string // for commands
	Title  string // for people
	Ending string // of its files, without the dot
	Type   string // the media type of what Write returns
	Binary bool   // that is no text
	Read   func(src []byte) (quiz.Exchange, error)
	Write  func(quiz.Exchange) ([]byte, []quiz.Note) // nil where questions are only read
}

const text = "text/plain; charset=utf-8"

var formats = []Format{
	{Qibu, "Markdown", "md", text, false, readQibu, writeQibu},
	{Workbook, "Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true, xlsx.Read, xlsx.Write},
	{GIFT, "GIFT", "gift", text, false, gift.Read, gift.Write},
	{Moodle, "Moodle XML", "xml", "application/xml; charset=utf-8", false, moodlexml.Read, moodlexml.Write},
	{QTI, "QTI", "zip", "application/zip", true, qti.Read, qti.Write},
	{Aiken, "Aiken", "txt", text, false, aiken.Read, nil},
}

// All are the formats, the most used first.
func All() []Format { return slices.Clone(formats) }

// Named returns the format of a name.
func Named(name string) (Format, bool) {
	return find(func(f Format) bool { return f.Name == name })
}

// Written returns the format that is written to files with an ending.
func Written(ending string) (Format, bool) {
	return find(func(f Format) bool { return f.Ending == ending && f.Write != nil })
}

func find(is func(Format) bool) (Format, bool) {
	i := slices.IndexFunc(formats, is)
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

var (
	zipped     = []byte("PK\x03\x04")
	aikenKey   = regexp.MustCompile(`(?m)^ANSWER:\s*[A-Z]\s*$`)
	qibuStart  = regexp.MustCompile(`(?m)\A(?:---|##[ \t])`)
	moodleRoot = regexp.MustCompile(`<quiz[\s>]`)
)

// Of guesses what questions are written in: from what only one format begins or
// is marked with, then from the ending of the file's name. Whatever looks like
// nothing else is GIFT.
func Of(filename string, src []byte) Format {
	head := src[:min(len(src), 4096)]
	ending := strings.ToLower(strings.TrimPrefix(path.Ext(filename), "."))
	name := GIFT
	switch {
	case bytes.HasPrefix(src, zipped) && (ending == "xlsx" || bytes.Contains(src, []byte("xl/workbook.xml"))):
		name = Workbook
	case bytes.HasPrefix(src, zipped):
		name = QTI
	case bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("<")) && moodleRoot.Match(head):
		name = Moodle
	case bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \t\r\n"), []byte("<")):
		name = QTI
	case ending == "md" || qibuStart.Match(bytes.TrimLeft(head, "\ufeff\r\n")):
		name = Qibu
	case aikenKey.Match(src):
		name = Aiken
	}
	f, _ := Named(name)
	return f
}

func readQibu(src []byte) (quiz.Exchange, error) {
	_, x, ps := quiz.Read("questions.md", src)
	return x, ps.Err()
}

func writeQibu(x quiz.Exchange) ([]byte, []quiz.Note) {
	return quiz.Write(quiz.NewHeader(x.Title), x), nil
}
