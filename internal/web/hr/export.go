package hr

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/web/ui"
)

var errNoCertification = fault.New(fault.NotFound, "error.not_found")

// columns are the column names of the export, in the words HR knows.
var columns = []string{
	"people.staff_no", "people.name", "people.store", "people.post", "hr.certification", "hr.level", "hr.state",
	"hr.valid_from", "hr.valid_until", "hr.days_left", "hr.window", "hr.grace", "hr.due", "hr.missing", "hr.why", "hr.number",
}

// statusCSV writes the list as CSV that Excel opens as it is: UTF-8 with a byte
// order mark, and no cell that a spreadsheet would take for a formula.
func statusCSV(text *i18n.Printer, list academy.StatusList) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	head := make([]string, len(columns))
	for i, key := range columns {
		head[i] = text.T(key)
	}
	if err := w.Write(head); err != nil {
		return nil, err
	}
	for _, r := range list.Rows {
		cells := cells(text, list, r)
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

func cells(text *i18n.Printer, list academy.StatusList, r academy.StatusRow) []string {
	s := r.Standing
	return []string{
		r.StaffNo, r.Name, r.Store, r.Post, list.Policy.Title, list.Policy.Level, text.T("state." + string(s.State)),
		string(s.ValidFrom), string(s.ValidUntil), daysLeft(s, list.Day), string(s.WindowOpens), string(s.GraceEnds),
		string(s.Due), missing(text, s), ui.Reason(text, s.Reason), r.Number,
	}
}

// daysLeft counts the days until expiry; negative after it, empty without a certificate.
func daysLeft(s cert.Standing, today calendar.Day) string {
	if s.ValidUntil == "" {
		return ""
	}
	return strconv.Itoa(today.DaysUntil(s.ValidUntil))
}

func missing(text *i18n.Printer, s cert.Standing) string {
	titles := make([]string, len(s.Missing))
	for i, r := range s.Missing {
		titles[i] = text.T("kind."+r.Kind) + " " + r.Title
	}
	return strings.Join(titles, text.T("hr.join"))
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
