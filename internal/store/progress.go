package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

// Urgency narrows the progress list by how pressing people's tasks are.
type Urgency string

// The urgencies; none does not narrow.
const (
	Late Urgency = "late" // something is past its due day
	Soon Urgency = "soon" // something is due within the days ahead
)

// ProgressFilter narrows the progress list. Empty fields do not narrow.
type ProgressFilter struct {
	Day, SoonDay  calendar.Day // today, and the last day that counts as soon; required
	Things        []string     // what can be done today, as "kind:ref"; nothing else counts
	Certification string       // whose standing the rows show
	StoreID       string
	Text          string // part of the name or staff number
	Urgency       Urgency
	Limit, Offset int
}

// ProgressRow is one person's tasks in figures.
type ProgressRow struct {
	PersonID, StaffNo, Name, Store, Post string
	Open, Late, Done                     int          // tasks; late ones are open
	LateSince                            calendar.Day // due day of the task that is late the longest; none when none is
	NextDue                              calendar.Day // due day of the next task that is not late yet; none when none is dated
	ActiveAt                             time.Time    // when the person last studied, was tested or rehearsed; zero for never
	Known                                bool         // there is a standing with the certification
	Standing                             cert.Standing
}

// ProgressCount is how many people a filter without an urgency covers.
type ProgressCount struct {
	Everybody, Late, Soon int
}

// figures is the tasks of everybody in scope in figures. It knows done as the
// learner's page does: what was passed once, and a certification while it holds.
const figures = `WITH scope AS (
	SELECT p.id, p.staff_no, p.name, s.name AS store, p.post FROM persons p JOIN stores s ON s.id = p.store_id
	WHERE p.left_at IS NULL AND ($1 = '' OR p.store_id = $1)
	  AND ($2 = '' OR lower(p.name) LIKE $3 ESCAPE '\' OR lower(p.staff_no) LIKE $3 ESCAPE '\')
	  AND (EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = 'advisor')
	    OR EXISTS (SELECT 1 FROM assignments a WHERE a.person_id = p.id AND a.withdrawn_at IS NULL))
), tasks AS (
	SELECT a.person_id, a.kind, a.ref, MIN(NULLIF(a.due_day, '')) AS due
	FROM assignments a JOIN scope c ON c.id = a.person_id
	WHERE a.withdrawn_at IS NULL AND a.kind || ':' || a.ref IN %s
	GROUP BY a.person_id, a.kind, a.ref
), shown AS (
	SELECT DISTINCT l.person_id, l.requirement, l.ref FROM ledger l JOIN scope c ON c.id = l.person_id
	WHERE l.kind = 'evidence' AND l.outcome IN ('passed', 'external')
), judged AS (
	SELECT t.person_id, t.due, CASE WHEN x.ref IS NOT NULL OR d.state IN ('exempt', 'certified', 'renewal_open', 'temporary')
		THEN 1 ELSE 0 END AS done
	FROM tasks t LEFT JOIN shown x ON x.person_id = t.person_id AND x.requirement = t.kind AND x.ref = t.ref
	LEFT JOIN standings d ON t.kind = 'certification' AND d.person_id = t.person_id AND d.certification = t.ref
		AND d.from_day <= $4 AND d.until_day >= $4
), figures AS (
	SELECT c.id, c.staff_no, c.name, c.store, c.post,
		COUNT(CASE WHEN j.done = 0 THEN 1 END) AS open,
		COUNT(CASE WHEN j.done = 0 AND j.due < $4 THEN 1 END) AS late,
		COUNT(CASE WHEN j.done = 0 AND j.due >= $4 AND j.due <= $5 THEN 1 END) AS soon,
		COUNT(CASE WHEN j.done = 1 THEN 1 END) AS done,
		COALESCE(MIN(CASE WHEN j.done = 0 AND j.due < $4 THEN j.due END), '') AS late_since,
		COALESCE(MIN(CASE WHEN j.done = 0 AND j.due >= $4 THEN j.due END), '') AS next_due
	FROM scope c LEFT JOIN judged j ON j.person_id = c.id
	GROUP BY c.id, c.staff_no, c.name, c.store, c.post
)`

// figures spells the common part of the statements and its arguments.
func (f ProgressFilter) figures() (query string, args []any) {
	args = []any{f.StoreID, f.Text, like(f.Text), string(f.Day), string(f.SoonDay)}
	things, args := inList(args, f.Things)
	return fmt.Sprintf(figures, things), args
}

// CountProgress counts the people of a filter, whatever its urgency.
func (tx *Tx) CountProgress(f ProgressFilter) (c ProgressCount, err error) {
	query, args := f.figures()
	err = tx.row(query+` SELECT COUNT(*), COUNT(CASE WHEN late > 0 THEN 1 END), COUNT(CASE WHEN soon > 0 THEN 1 END) FROM figures`,
		args...).Scan(&c.Everybody, &c.Late, &c.Soon)
	return c, err
}

// Progress lists people with their tasks in figures: who is late with the most
// first, then who is due next.
func (tx *Tx) Progress(f ProgressFilter) ([]ProgressRow, error) {
	query, args := f.figures()
	n := len(args)
	query += fmt.Sprintf(`, page AS (
		SELECT * FROM figures WHERE $%[1]d = '' OR ($%[1]d = 'late' AND late > 0) OR ($%[1]d = 'soon' AND soon > 0)
		ORDER BY late DESC, CASE WHEN next_due = '' THEN '9999-12-31' ELSE next_due END, staff_no LIMIT $%[2]d OFFSET $%[3]d
	)
	SELECT g.id, g.staff_no, g.name, g.store, g.post, g.open, g.late, g.done, g.late_since, g.next_due,
		(SELECT MAX(r.read_at) FROM readings r WHERE r.person_id = g.id) AS read_at,
		(SELECT MAX(COALESCE(t.ended_at, t.started_at)) FROM attempts t WHERE t.person_id = g.id) AS tested_at,
		(SELECT MAX(COALESCE(v.ended_at, v.started_at)) FROM sessions v WHERE v.person_id = g.id) AS rehearsed_at,
		COALESCE(d.detail, '') AS detail
	FROM page g LEFT JOIN standings d ON d.person_id = g.id AND d.certification = $%[4]d AND d.from_day <= $4 AND d.until_day >= $4
	ORDER BY g.late DESC, CASE WHEN g.next_due = '' THEN '9999-12-31' ELSE g.next_due END, g.staff_no`, n+1, n+2, n+3, n+4)
	return collect(tx, scanProgress, query, append(args, string(f.Urgency), f.Limit, f.Offset, f.Certification)...)
}

func scanProgress(row scanner) (ProgressRow, error) {
	var p ProgressRow
	var read, tested, rehearsed sql.NullInt64
	var detail string
	err := row.Scan(&p.PersonID, &p.StaffNo, &p.Name, &p.Store, &p.Post, &p.Open, &p.Late, &p.Done, &p.LateSince, &p.NextDue,
		&read, &tested, &rehearsed, &detail)
	if err != nil {
		return p, err
	}
	if last := max(read.Int64, tested.Int64, rehearsed.Int64); last > 0 {
		p.ActiveAt = fromMS(last)
	}
	if p.Known = detail != ""; p.Known {
		if err := json.Unmarshal([]byte(detail), &p.Standing); err != nil {
			return p, fmt.Errorf("standing of %s: %w", p.PersonID, err)
		}
	}
	return p, nil
}

// Retakes is what decides about a person's next attempt at a quiz.
type Retakes struct {
	Ended, Unlocked []time.Time // latest first
}

// RetakesOf returns a person's ended attempts, without the void ones, and unlocks by
// quiz, one statement for all quizzes.
func (tx *Tx) RetakesOf(personID string) (map[string]Retakes, error) {
	type row struct {
		quiz, what string
		at         int64
	}
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.quiz, &one.what, &one.at)
		return one, err
	}, `SELECT t.quiz, 'ended' AS what, t.ended_at AS at FROM attempts t WHERE t.person_id = $1 AND t.ended_at IS NOT NULL AND NOT `+void+`
		UNION ALL SELECT quiz, 'unlocked' AS what, granted_at AS at FROM quiz_unlocks WHERE person_id = $1
		ORDER BY at DESC LIMIT 2000`, personID)
	retakes := map[string]Retakes{}
	for _, one := range list {
		r := retakes[one.quiz]
		if one.what == "ended" {
			r.Ended = append(r.Ended, fromMS(one.at))
		} else {
			r.Unlocked = append(r.Unlocked, fromMS(one.at))
		}
		retakes[one.quiz] = r
	}
	return retakes, err
}
