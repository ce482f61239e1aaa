package web

import (
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
)

// formulas are texts that a spreadsheet would run, and some it must not be kept from.
var formulas = []string{
	"=1+1", `=HYPERLINK("http://evil.example","x")`, "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1",
	"＝1+1", "＋1", "－1+1", "＠SUM(A1)", `"=1+1"`, "=1+1,2", "a,b", "引号\"逗号,换行\n第二行", "'=1+1",
}

// starts are the first characters that make a cell a formula.
const starts = "=+-@\t\r\n＝＋－＠"

// HR opens the file in a spreadsheet: it shows Chinese, every row has every
// column, and nobody's name is a program.
func TestExportIsSafeToOpen(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.write(t, func(tx *store.Tx) error {
		for i, text := range formulas {
			where := people.Store{ID: store.NewID(), Name: text + " 店"}
			if err := tx.AddStore(where); err != nil {
				return err
			}
			err := tx.AddPerson(people.Person{
				ID: store.NewID(), Account: store.NewID(), StaffNo: text + string(rune('a'+i)), Name: text, StoreID: where.ID,
				Post: text, Language: "zh", TimeFactor: 100, Roles: []people.Role{people.Advisor},
			}, "")
			if err != nil {
				return err
			}
		}
		return nil
	})
	a := w.get(t, w.hr, "/hr/export.csv")
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/csv; charset=utf-8" ||
		!strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; filename*=UTF-8''") {
		t.Fatalf("export: %d %v", a.status, a.header)
	}
	body, ok := strings.CutPrefix(a.body, "\ufeff")
	if !ok {
		t.Error("without a byte order mark Excel shows no Chinese")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll() // refuses rows of different length
	if err != nil {
		t.Fatal(err)
	}
	if head := strings.Join(rows[0], " "); !strings.HasPrefix(head, "工号 姓名 门店 岗位 ") || strings.Contains(head, "⟦") {
		t.Errorf("header: %s", head)
	}
	if advisors := 3 + len(formulas); len(rows) != 1+advisors {
		t.Errorf("%d rows, want %d", len(rows)-1, advisors)
	}
	for _, row := range rows {
		for i, cell := range row {
			if _, err := strconv.Atoi(cell); err != nil && cell != "" && strings.ContainsRune(starts, []rune(cell)[0]) {
				t.Errorf("the cell %q under %s is a formula", cell, rows[0][i])
			}
		}
	}
	for _, name := range formulas {
		name = strings.ReplaceAll(strings.ReplaceAll(name, "\r", ""), "\n", "\r\n")
		if !strings.Contains(body, strings.ReplaceAll(name, `"`, `""`)) {
			t.Errorf("the name %q is not in the file as it was written", name)
		}
	}
}

// A certificate that ended has a negative number of days left. That is a number
// and stays one, so that the column can be sorted.
func TestExportKeepsNumbers(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.later(400 * 24 * time.Hour)
	w.login(t, w.hr)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.get(t, w.hr, "/hr/export.csv").body, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, column := range rows[0] {
		if column == "距到期天数" {
			if got := rows[1][i]; got != "-36" {
				t.Errorf("days left: %q, want -36", got)
			}
			return
		}
	}
	t.Error("no column for the days left")
}

// What the export holds is noted: who took it and when.
func TestExportIsNoted(t *testing.T) {
	t.Parallel()
	w := openTown(t)
	w.get(t, w.hr, "/hr/export.csv")
	if a := w.get(t, w.admin, "/admin/audit"); !strings.Contains(a.body, "导出认证状态") || !strings.Contains(a.body, w.hr.Name) {
		t.Error("the audit list does not say that HR took the list away")
	}
}
