package sittings

import (
	"qibu/internal/academy"
	"qibu/internal/i18n"
	"qibu/internal/web/spreadsheet"
)

// columns are the column names of the export.
var columns = []string{
	"people.staff_no", "people.name", "people.store", "sitting.standing", "sitting.percent",
	"sitting.honour_at", "sitting.began", "sitting.ended", "sitting.extra", "sitting.excuse",
}

// boardCSV writes how an exam went as a file for a spreadsheet.
func boardCSV(text *i18n.Printer, b academy.Board) ([]byte, error) {
	head := make([]string, len(columns))
	for i, key := range columns {
		head[i] = text.T(key)
	}
	rows := make([][]string, len(b.Examinees))
	for i, e := range b.Examinees {
		rows[i] = []string{
			e.StaffNo, e.Name, e.Store, text.T("sitting.is_" + string(e.Outcome)), percent(e),
			moment(e.HonourAt), moment(e.StartedAt), moment(e.EndedAt), minutes(e.Extra), e.Excused,
		}
	}
	return spreadsheet.CSV(head, rows)
}
