package planner_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"

	"qibu/internal/store/planner"
)

// untouched is a plan from before the guarantee, which no connection of this
// program can be without afterwards.
var untouched, errUntouched = plan()

// A plan that follows what is bound takes the partial index where the value fits
// it; one that is made once for all values cannot.
func TestPlansLeaveBoundValuesOut(t *testing.T) {
	if errUntouched != nil || !strings.Contains(untouched, "open_tasks") {
		t.Fatalf("without the guarantee the plan should follow the value, so that this test can tell: %s, %v", untouched, errUntouched)
	}
	for range 2 { // the second time changes nothing
		if err := planner.Steady(); err != nil {
			t.Fatal(err)
		}
	}
	if steady, err := plan(); err != nil || strings.Contains(steady, "open_tasks") {
		t.Errorf("the plan follows what is bound: %s, %v", steady, err)
	}
}

// plan is how a new connection finds the open tasks, "open" being bound.
func plan() (detail string, err error) {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // every connection in memory is a database of its own
	if _, err := db.Exec(`CREATE TABLE tasks (state TEXT, day INT);
		CREATE INDEX open_tasks ON tasks (day) WHERE state = 'open'`); err != nil {
		return "", err
	}
	var id, parent, unused int
	err = db.QueryRow(`EXPLAIN QUERY PLAN SELECT day FROM tasks WHERE state = ? AND day = 7`, "open").Scan(&id, &parent, &unused, &detail)
	return detail, err
}
