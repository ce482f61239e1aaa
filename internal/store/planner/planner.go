// Package planner has SQLite plan a prepared statement once. Left alone, SQLite
// looks at what is bound to a parameter while it plans (for LIMIT, for a partial
// index, in an outer join) and from then on plans anew whenever something else is
// bound: a look-up by key, prepared long ago, then costs ten times what it takes
// to run. Its query planner stability guarantee leaves the bound values out.
//
// The driver has no setting for it, so every connection of this process gets it
// from SQLite itself as it opens. A condition that a partial index answers must
// therefore stand in the text of the statement, not in a parameter.
package planner

// The declarations repeat SQLite's stable interface (sqlite.org/c3ref): the driver
// brings the library along, not its header. 1007 is SQLITE_DBCONFIG_ENABLE_QPSG.

/*
typedef struct sqlite3 sqlite3;
int sqlite3_auto_extension(void (*)(void));
int sqlite3_db_config(sqlite3 *, int, ...);

static int plan_once(sqlite3 *db, char **message, const void *api) {
	return sqlite3_db_config(db, 1007, 1, (int *)0);
}

static int plan_once_everywhere(void) {
	return sqlite3_auto_extension((void (*)(void))plan_once);
}
*/
import "C"

import (
	"fmt"

	_ "github.com/mattn/go-sqlite3" // brings SQLite
)

// Steady gives the guarantee to every connection opened from now on; one that
// cannot have it fails to open. Repeating it changes nothing.
func Steady() error {
	if code := C.plan_once_everywhere(); code != 0 {
		return fmt.Errorf("keep the plans of prepared statements: SQLite error %d", int(code))
	}
	return nil
}
