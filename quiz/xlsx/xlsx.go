// Package xlsx carries questions to and from the workbook that training
// departments keep them in: one row for a question, Chinese column names, a
// second sheet that explains each column. A text file with the same columns,
// CSV in UTF-8 or GB18030, is read as well.
//
// Columns are found by name, in any order; what a row says that cannot be
// understood is noted with its number, and what is understood is kept. All kinds
// but hot questions fit a row.
package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"qibu/quiz"
)

// The sizes of a workbook that is read.
const (
	MaxBytes   = 8 << 20
	MaxRows    = 2000
	maxPlain   = 16 << 20 // bytes after unzipping, of which a bank of 2,000 long questions needs a third
	maxTexts   = 8 << 20  // of those in one sheet, or in the texts of all sheets
	maxAside   = 2 << 20  // of those in any other part: a style takes 80 times its length in memory
	maxRatio   = 100      // of all to the file's own, but for small files
	maxParts   = 500      // files in the zip
	maxScanned = 20000    // rows looked at, empty ones included
	smallFile  = 1 << 20  // bytes after unzipping that are never too many
)

// Errors of a file that cannot be read. They are said to the trainer.
var (
	errLarge   = fmt.Errorf("文件太大：最多 %d MB", MaxBytes>>20)
	errOld     = errors.New("这是旧格式的 .xls，或者加了密码：请在表格软件里另存为不加密的 .xlsx 再导入")
	errBroken  = errors.New("读不出这个文件：它不是 .xlsx 工作簿，也不是带同样列名的 CSV，或者已经损坏")
	errSwollen = fmt.Errorf("工作簿解压后太大：最多 %d MB，压缩不超过 %d 倍", maxPlain>>20, maxRatio)
	errRows    = fmt.Errorf("题目太多：一次最多 %d 行，请分成几个文件", MaxRows)
	errHeader  = errors.New("找不到列名：前 10 行里要有一行写着“题干”和“答案”；可以先下载模板，照着填")
)

// line is one row that says something, and its number in the sheet.
type line struct {
	number int
	cells  []string
}

// Read reads the questions of a workbook's first sheet with the columns of the
// template. An error means that nothing can be read; it is in Chinese. A row
// that is no question is in the notes, with its number as Line.
func Read(src []byte) (quiz.Exchange, error) {
	if len(src) > MaxBytes {
		return quiz.Exchange{}, errLarge
	}
	switch {
	case bytes.HasPrefix(src, []byte("\xd0\xcf\x11\xe0")):
		return quiz.Exchange{}, errOld
	case bytes.HasPrefix(src, []byte("PK")):
		return readWorkbook(src)
	}
	lines, err := readCSV(src)
	if err != nil {
		return quiz.Exchange{}, err
	}
	return readLines(lines)
}

func readWorkbook(src []byte) (quiz.Exchange, error) {
	if err := checkZip(src); err != nil {
		return quiz.Exchange{}, err
	}
	// Both limits are the same, so that nothing is unpacked into temporary files.
	f, err := excelize.OpenReader(bytes.NewReader(src), excelize.Options{UnzipSizeLimit: maxPlain, UnzipXMLSizeLimit: maxPlain})
	if err != nil {
		return quiz.Exchange{}, errBroken
	}
	for _, sheet := range f.GetSheetList() {
		lines, err := readSheet(f, sheet)
		if err != nil {
			return quiz.Exchange{}, err
		}
		x, err := readLines(lines)
		if errors.Is(err, errHeader) {
			continue
		}
		if p, perr := f.GetDocProps(); perr == nil {
			x.Title = unguard(p.Title)
		}
		return x, err
	}
	return quiz.Exchange{}, errHeader
}

// checkZip refuses what would unpack to far more than it is, by what its parts
// say of themselves; archive/zip holds them to it.
func checkZip(src []byte) error {
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		return errBroken
	}
	total := uint64(0)
	for _, part := range z.File {
		size, limit := part.UncompressedSize64, uint64(maxAside)
		switch name := strings.ToLower(part.Name); {
		case strings.HasPrefix(name, "xl/worksheets/"), name == "xl/sharedstrings.xml":
			limit = maxTexts
		case strings.HasPrefix(name, "xl/media/"):
			limit = maxPlain
		}
		if size > limit {
			return errSwollen
		}
		total += size
	}
	if len(z.File) > maxParts || total > maxPlain || total > smallFile && total > maxRatio*uint64(len(src)) {
		return errSwollen
	}
	return nil
}

func readSheet(f *excelize.File, sheet string) (lines []line, err error) {
	rows, err := f.Rows(sheet)
	if err != nil {
		return nil, errBroken
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for n := 1; n <= maxScanned && rows.Next(); n++ {
		cells, err := rows.Columns()
		if err != nil {
			return nil, errBroken
		}
		if slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
			lines = append(lines, line{n, cells})
		}
		if len(lines) > MaxRows+headerWithin {
			return nil, errRows
		}
	}
	return lines, nil
}
