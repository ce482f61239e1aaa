package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"qibu/internal/fault"
)

func TestQueriesAreSpelledForTheEngine(t *testing.T) {
	for _, test := range []struct {
		query, sqlite string
		args          int
		reads         bool
	}{
		{`SELECT 1`, `SELECT 1`, 0, true},
		{"\n\tselect n FROM a WHERE b = $2 AND c = $1", "\n\tselect n FROM a WHERE b = ?2 AND c = ?1", 2, true},
		{`UPDATE a SET b = $10, c = $1 || '$'`, `UPDATE a SET b = ?10, c = ?1 || '$'`, 10, false},
		{`WITH x AS (SELECT 1) DELETE FROM a`, `WITH x AS (SELECT 1) DELETE FROM a`, 0, false},
	} {
		for range 2 { // learnt and known
			for d, text := range map[*dialect]string{sqliteDialect(): test.sqlite, postgresDialect(): test.query} {
				got, err := d.spell(test.query, test.args)
				if got.text != text || got.args != test.args || got.reads != test.reads || err != nil {
					t.Errorf("%s: %+v, %v", d.name, got, err)
				}
			}
		}
	}
}

func TestSpellingsDoNotGrowForEver(t *testing.T) {
	d := sqliteDialect()
	for i := range 3 * maxKnown {
		if _, err := d.spell(fmt.Sprintf(`SELECT $1 + %d`, i), 1); err != nil {
			t.Fatal(err)
		}
		if len(d.spelled) > maxKnown {
			t.Fatalf("%d spellings are kept", len(d.spelled))
		}
	}
}

func TestErrorsHaveAKind(t *testing.T) {
	known := fault.New(fault.Forbidden, "error.forbidden")
	lite := func(code sqlite3.ErrNo, extended sqlite3.ErrNoExtended) error {
		return sqlite3.Error{Code: code, ExtendedCode: extended}
	}
	pg := func(code string) error { return &pgconn.PgError{Code: code} }
	type outcome struct {
		Kind fault.Kind
		Is   Constraint
	}
	for _, test := range []struct {
		dialect *dialect
		err     error
		want    outcome
	}{
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintUnique), outcome{fault.Conflict, ErrUnique}},
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintPrimaryKey), outcome{fault.Conflict, ErrUnique}},
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintForeignKey), outcome{fault.Conflict, ErrForeignKey}},
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintCheck), outcome{fault.Conflict, ErrCheck}},
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintNotNull), outcome{fault.Internal, ""}},
		{sqliteDialect(), lite(sqlite3.ErrConstraint, sqlite3.ErrConstraintTrigger), outcome{fault.Internal, ""}},
		{sqliteDialect(), lite(sqlite3.ErrError, 0), outcome{fault.Internal, ""}},
		{sqliteDialect(), lite(sqlite3.ErrBusy, 0), outcome{fault.Unavailable, ""}},
		{sqliteDialect(), lite(sqlite3.ErrFull, 0), outcome{fault.Unavailable, ""}},
		{sqliteDialect(), lite(sqlite3.ErrIoErr, 0), outcome{fault.Unavailable, ""}},
		{sqliteDialect(), lite(sqlite3.ErrCorrupt, 0), outcome{fault.Unavailable, ""}},
		{postgresDialect(), pg("23505"), outcome{fault.Conflict, ErrUnique}},
		{postgresDialect(), pg("23503"), outcome{fault.Conflict, ErrForeignKey}},
		{postgresDialect(), pg("23514"), outcome{fault.Conflict, ErrCheck}},
		{postgresDialect(), pg("23502"), outcome{fault.Internal, ""}},
		{postgresDialect(), pg("42601"), outcome{fault.Internal, ""}},
		{postgresDialect(), pg("40001"), outcome{fault.Unavailable, ""}},
		{postgresDialect(), pg("40P01"), outcome{fault.Unavailable, ""}},
		{postgresDialect(), pg("53300"), outcome{fault.Unavailable, ""}},
		{postgresDialect(), pg("57014"), outcome{fault.Unavailable, ""}},
		{postgresDialect(), pg("08006"), outcome{fault.Unavailable, ""}},
		{postgresDialect(), io.ErrUnexpectedEOF, outcome{fault.Unavailable, ""}},
		{postgresDialect(), driver.ErrBadConn, outcome{fault.Unavailable, ""}},
		{postgresDialect(), context.DeadlineExceeded, outcome{fault.Unavailable, ""}},
		{sqliteDialect(), context.Canceled, outcome{fault.Unavailable, ""}},
		{sqliteDialect(), errors.New("a mistake"), outcome{fault.Internal, ""}},
		{sqliteDialect(), known, outcome{fault.Forbidden, ""}},
	} {
		got := test.dialect.fault(fmt.Errorf("wrapped: %w", test.err))
		is := outcome{Kind: fault.KindOf(got)}
		for _, c := range []Constraint{ErrUnique, ErrForeignKey, ErrCheck} {
			if errors.Is(got, c) {
				is.Is = c
			}
		}
		if diff := cmp.Diff(test.want, is); diff != "" || !errors.Is(got, test.err) {
			t.Errorf("%s: %v: %s", test.dialect.name, test.err, diff)
		}
	}
	if err := sqliteDialect().fault(nil); err != nil {
		t.Error(err)
	}
}

func TestIDsAreUniqueAndInOrder(t *testing.T) {
	before := ""
	for range 1000 {
		id := NewID()
		if len(id) != 36 || id <= before {
			t.Fatalf("%q after %q", id, before)
		}
		before = id
	}
}
