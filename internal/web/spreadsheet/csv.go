// Package spreadsheet writes tables for people to open in a spreadsheet.
package spreadsheet

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
)

// CSV writes a table as CSV that Excel opens as it is: UTF-8 with a byte order
// mark, and no cell that a spreadsheet would take for a formula.
func CSV(head []string, rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, row := range rows {
		cells := slices.Clone(row)
		for i := range cells {
			cells[i] = literal(cells[i])
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// literal keeps a spreadsheet from reading a cell as a formula. A number may stay
// one, negative or not, so that its column can be sorted.
func literal(cell string) string {
	if _, err := strconv.Atoi(cell); err == nil || cell == "" {
		return cell
	}
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
