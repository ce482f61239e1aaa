package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// examDesk is one of many people answering a quiz at once.
type examDesk struct {
	who     people.Actor
	attempt string
	open    academy.OpenAttempt
}

// change is the n-th answer given: the questions by turns.
func (d examDesk) change(n int) academy.Change {
	item := d.open.Sheet.Items[n%len(d.open.Sheet.Items)]
	var answer sheet.Answer
	switch item.Kind {
	case sheet.Order, sheet.Hot:
		for _, o := range item.Options {
			answer = append(answer, o.Token)
		}
	case sheet.Match:
		answer = slices.Repeat(sheet.Answer{item.Options[0].Token}, len(item.Rows))
	case sheet.Fill:
		answer = slices.Repeat(sheet.Answer{"脚垫"}, len(item.Pieces)-1)
	case sheet.Numeric:
		answer = sheet.Answer{"3"}
	default:
		answer = sheet.Answer{item.Options[n%len(item.Options)].Token}
	}
	return academy.Change{Slot: item.Slot, Seq: int64(n + 1), Answer: answer}
}

// examHall is an academy with the shipped content.
type examHall struct {
	*testing.B
	*academy.Academy
	store *store.Store
	home  people.Store
}

func openExamHall(b *testing.B, dir string) examHall {
	b.Helper()
	s, err := store.Open(b.Context(), store.Config{Dir: dir})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	library, ps := academy.LoadLibrary(content.FS, nil)
	if library == nil {
		b.Fatal(ps.Err())
	}
	a, err := academy.Open(b.Context(), academy.Config{
		Store: s, Library: library, Now: time.Now, Zone: time.UTC, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	h := examHall{b, a, s, people.Store{ID: store.NewID(), Name: "城南店"}}
	if err := s.Write(b.Context(), func(tx *store.Tx) error { return tx.AddStore(h.home) }); err != nil {
		b.Fatal(err)
	}
	return h
}

// enrol adds somebody who may take quizzes.
func (h examHall) enrol() people.Actor {
	h.Helper()
	id := store.NewID()
	p := people.Person{ID: id, Account: id, StaffNo: "QB" + id, Name: "张新", StoreID: h.home.ID, Language: "zh", TimeFactor: 100}
	if err := h.store.Write(h.Context(), func(tx *store.Tx) error { return tx.AddPerson(p, "") }); err != nil {
		h.Fatal(err)
	}
	return people.Actor{ID: id, TimeFactor: 100, Roles: []people.Role{people.Advisor}}
}

// sitDown begins a quiz and opens the paper.
func (h examHall) sitDown(who people.Actor) examDesk {
	h.Helper()
	id, err := h.StartAttempt(h.Context(), who, "vehicle-walkaround")
	if err != nil {
		h.Fatal(err)
	}
	open, err := h.Attempt(h.Context(), who, id)
	if err != nil {
		h.Fatal(err)
	}
	return examDesk{who: who, attempt: id, open: open}
}

func (h examHall) fill(many int) []examDesk {
	h.Helper()
	desks := make([]examDesk, many)
	for i := range desks {
		desks[i] = h.sitDown(h.enrol())
	}
	return desks
}

// BenchmarkSaveAnswer compares 64 people saving answers through the use case,
// each answer acknowledged only when it is on disk, with the bare driver
// committing the same rows in batches of 64 at the same durability: no question
// whose attempt it is, whether it is open, nor whether the answer fits. The two
// take turns, so that a busy machine slows both. "ratio" is the use case's
// throughput as a part of the driver's: 0.4 to 0.6 where a commit costs next to
// nothing and only the processor counts, and the more the slower the disk is.
func BenchmarkSaveAnswer(b *testing.B) {
	const rows, many = 6400, 64
	h := openExamHall(b, b.TempDir())
	desks := h.fill(many)
	bare := answersByDriver(b, many)
	var took, tookBare time.Duration
	answered := 0
	for b.Loop() {
		start := time.Now()
		bare(rows, answered)
		tookBare += time.Since(start)
		start = time.Now()
		h.answerTogether(desks, rows, answered)
		took += time.Since(start)
		answered += rows
	}
	b.ReportMetric(rows*float64(b.N)/took.Seconds(), "answers/s")
	b.ReportMetric(rows*float64(b.N)/tookBare.Seconds(), "bare-answers/s")
	b.ReportMetric(tookBare.Seconds()/took.Seconds(), "ratio")
}

// answerTogether has everybody save answers at once, rows in all.
func (h examHall) answerTogether(desks []examDesk, rows, from int) {
	var all sync.WaitGroup
	for _, d := range desks {
		all.Go(func() {
			for n := range rows / len(desks) {
				s, err := h.SaveAnswer(h.Context(), d.who, d.attempt, d.change(from/len(desks)+n))
				if err != nil || s.Decision != quiz.Accept {
					h.Errorf("save %d: %v, %v", n, s.Decision, err)
					return
				}
			}
		})
	}
	all.Wait()
}

// answersByDriver returns a function that writes answers of many attempts, a
// batch of as many at a time, with nothing but the driver.
func answersByDriver(b *testing.B, many int) func(rows, from int) {
	b.Helper()
	dir := b.TempDir()
	desks := openExamHall(b, dir).fill(many) // the same schema, rows and foreign keys; the store is idle from here on
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "qibu.db")+"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	conn, err := db.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	save, err := conn.PrepareContext(b.Context(), `INSERT INTO answers (attempt_id, slot, seq, choice, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (attempt_id, slot) DO UPDATE SET seq = excluded.seq, choice = excluded.choice, saved_at = excluded.saved_at
		WHERE excluded.seq > answers.seq`)
	if err != nil {
		b.Fatal(err)
	}
	begin, commit := prepared(b, conn, "BEGIN IMMEDIATE"), prepared(b, conn, "COMMIT")
	return func(rows, from int) {
		ctx := context.Background() // with one that can be cancelled the driver starts a goroutine per statement
		for i := range rows {
			d := desks[i%len(desks)]
			if i%many == 0 {
				begin()
			}
			c := d.change((from + i) / len(desks))
			if _, err := save.ExecContext(ctx, d.attempt, c.Slot, c.Seq, strings.Join(c.Answer, " "), time.Now().UnixMilli()); err != nil {
				b.Fatal(err)
			}
			if i%many == many-1 {
				commit()
			}
		}
	}
}

func prepared(b *testing.B, conn *sql.Conn, text string) func() {
	b.Helper()
	stmt, err := conn.PrepareContext(b.Context(), text)
	if err != nil {
		b.Fatal(err)
	}
	return func() {
		if _, err := stmt.ExecContext(context.Background()); err != nil {
			b.Fatal(fmt.Errorf("%s: %w", text, err))
		}
	}
}

// BenchmarkWholeAttempt is one attempt from start to result: ten answers, each
// durable, handed in and shown; by one person with the program to herself, and by
// as many at once as share a commit. "cpu-ms/attempt" is what one costs the
// processor, waiting for the disk left out. Enrolling is not counted.
func BenchmarkWholeAttempt(b *testing.B) {
	for _, at := range []struct {
		name string
		once int
	}{{"alone", 1}, {"64 at once", 64}} {
		b.Run(at.name, func(b *testing.B) {
			h := openExamHall(b, b.TempDir())
			var used time.Duration
			taken := 0
			for b.Loop() {
				who := make([]people.Actor, at.once)
				for i := range who {
					who[i] = h.enrol()
				}
				before := processor(b)
				var all sync.WaitGroup
				for _, w := range who {
					all.Go(func() { h.wholeAttempt(w) })
				}
				all.Wait()
				used += processor(b) - before
				taken += at.once
			}
			b.ReportMetric(used.Seconds()*1000/float64(taken), "cpu-ms/attempt")
		})
	}
}

// wholeAttempt takes a quiz from start to result.
func (h examHall) wholeAttempt(who people.Actor) {
	d := h.sitDown(who)
	for n := range d.open.Sheet.Items {
		if _, err := h.SaveAnswer(h.Context(), who, d.attempt, d.change(n)); err != nil {
			h.Error(err)
			return
		}
	}
	if _, err := h.Submit(h.Context(), who, d.attempt); err != nil {
		h.Error(err)
	}
	if _, err := h.Result(h.Context(), who, d.attempt); err != nil {
		h.Error(err)
	}
}

// processor returns how much processor time this process has used.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
