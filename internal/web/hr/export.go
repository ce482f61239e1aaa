package hr

import (
	"strconv"
	"strings"

	"qibu/internal/academy"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/i18n"
	"qibu/internal/web/spreadsheet"
	"qibu/internal/web/ui"
)

var errNoCertification = fault.New(fault.NotFound, "error.not_found")

// columns are the column names of the export, in the words HR knows.
var columns = []string{
	"people.staff_no", "people.name", "people.store", "people.post", "hr.certification", "hr.level", "hr.state",
	"hr.valid_from", "hr.valid_until", "hr.days_left", "hr.window", "hr.grace", "hr.due", "hr.missing", "hr.why", "hr.number",
}

// statusCSV writes the list as a file for a spreadsheet.
func statusCSV(text *i18n.Printer, list academy.StatusList) ([]byte, error) {
	head := make([]string, len(columns))
	for i, key := range columns {
		head[i] = text.T(key)
	}
	rows := make([][]string, len(list.Rows))
	for i, r := range list.Rows {
		rows[i] = cells(text, list, r)
	}
	return spreadsheet.CSV(head, rows)
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
