package planner_test

import (
	"database/sql"
	"strings"
	"testing"

	"qibu/internal/store/planner"
)

// A plan that follows what is bound takes the partial index where the value fits
// it; one that is made once for all values cannot.
func TestPlansLeaveBoundValuesOut(t *testing.T) {
	if plan := planFor(t); !strings.Contains(plan, "open_tasks") {
		t.Fatalf("without the guarantee the plan should follow the value, so that this test can tell: %s", plan)
	}
	for range 2 { // the second time changes nothing
		if err := planner.Steady(); err != nil {
			t.Fatal(err)
		}
	}
	if plan := planFor(t); strings.Contains(plan, "open_tasks") {
		t.Errorf("the plan follows what is bound: %s", plan)
	}
}

// planFor is how a new connection finds the open tasks, "open" being bound.
func planFor(t *testing.T) (detail string) {
	t.Helper()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // every connection in memory is a database of its own
	if _, err := db.ExecContext(t.Context(), `CREATE TABLE tasks (state TEXT, day INT);
		CREATE INDEX open_tasks ON tasks (day) WHERE state = 'open'`); err != nil {
		t.Fatal(err)
	}
	var id, parent, unused int
	if err := db.QueryRowContext(t.Context(), `EXPLAIN QUERY PLAN SELECT day FROM tasks WHERE state = ? AND day = 7`, "open").
		Scan(&id, &parent, &unused, &detail); err != nil {
		t.Fatal(err)
	}
	return detail
}
