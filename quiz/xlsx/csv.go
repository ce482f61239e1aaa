package xlsx

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// readCSV reads text with commas or tabs. What is not UTF-8 is taken for
// GB18030, in which Chinese spreadsheets save.
func readCSV(src []byte) (lines []line, err error) {
	if bytes.IndexByte(src, 0) >= 0 {
		return nil, errBroken
	}
	text := bytes.TrimPrefix(src, []byte("\ufeff"))
	if !utf8.Valid(text) {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			return nil, errBroken
		}
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	if first, _, _ := bytes.Cut(text, []byte("\n")); bytes.Count(first, []byte("\t")) > bytes.Count(first, []byte(",")) {
		r.Comma = '\t'
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, errBroken
		}
		n, _ := r.FieldPos(0)
		lines = append(lines, line{n, cells})
		if len(lines) > MaxRows+headerWithin {
			return nil, errRows
		}
	}
}
