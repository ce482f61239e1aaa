package store

import (
	"database/sql"
	"slices"
	"strings"
	"time"

	"qibu/internal/fault"
	"qibu/quiz"
)

// Sitting is a 场次: one quiz asked of a list of people in a window.
type Sitting struct {
	ID, Title, Quiz string
	Edition         string    // of the quiz, which everybody is asked; "" when it was over before editions were kept
	EditionAt       time.Time // when that came; read only, zero when unknown
	StoreID         string    // whose exam it is; "" for the whole company's
	Opens, Closes   time.Time
	Releases        time.Time // when the last window of anybody closes, and results are made known
	Minutes         int
	OneByOne        bool   // one question at a time
	AbsenceCounts   bool   // an absence uses up an attempt
	Honour          string // what is accepted before the start; "" for nothing
	CreatedBy       string
	Cancelled       Cancellation // read only, zero while it stands
}

// Cancellation is when, by whom and why an exam was called off.
type Cancellation struct {
	At         time.Time
	By, Reason string // By is a name
}

// CalledOff reports whether the exam was called off.
func (s Sitting) CalledOff() bool { return !s.Cancelled.At.IsZero() }

// Examinee is somebody who is to sit an exam, with what came of it.
type Examinee struct {
	PersonID, StaffNo, Name, Store string
	StoreID                        string
	Extra                          int       // percent of time beyond the person's factor
	Opens, Closes                  time.Time // a later window of her own, or zero
	Excused                        string    // why she need not sit it; "" when she has to
	AttemptID                      string    // "" before the start
	HonourAt                       time.Time // when the honour statement was accepted
	StartedAt, EndedAt             time.Time
	State                          quiz.State // of the attempt, "" before the start
	Graded                         bool       // there is a result
	Percent                        int
	Passed                         bool
}

// AddSitting records a new sitting. It has nobody to sit it yet.
func (tx *Tx) AddSitting(s Sitting) error {
	_, err := tx.exec(`INSERT INTO sittings (id, title, quiz, edition, store_id, opens_at, closes_at, releases_at, minutes,
			one_by_one, absence_counts, honour, created_by, created_at, released_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, NULL)`,
		s.ID, s.Title, s.Quiz, s.Edition, orNull(s.StoreID), ms(s.Opens), ms(s.Closes), ms(s.Releases), s.Minutes,
		s.OneByOne, s.AbsenceCounts, s.Honour, s.CreatedBy, ms(tx.Now))
	return err
}

func orNull(text string) sql.NullString { return sql.NullString{String: text, Valid: text != ""} }

// SaveSitting changes a sitting, except whose it is. One whose results are
// released, or that was cancelled, stays as it is: fault.Conflict.
func (tx *Tx) SaveSitting(s Sitting) error {
	n, err := tx.exec(`UPDATE sittings SET title = $1, quiz = $2, edition = $3, opens_at = $4, closes_at = $5, releases_at = $6,
			minutes = $7, one_by_one = $8, absence_counts = $9, honour = $10
		WHERE id = $11 AND released_at IS NULL`,
		s.Title, s.Quiz, s.Edition, ms(s.Opens), ms(s.Closes), ms(s.Releases), s.Minutes, s.OneByOne, s.AbsenceCounts, s.Honour, s.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

const sittingColumns = `s.id, s.title, s.quiz, COALESCE(s.store_id, '') AS store_id, s.opens_at, s.closes_at, s.releases_at,
	s.minutes, s.one_by_one, s.absence_counts, s.honour, s.created_by, s.edition,
	(SELECT e.published_at FROM editions e WHERE e.kind = 'quiz' AND e.slug = s.quiz AND e.hash = s.edition) AS edition_at,
	s.cancelled_at, COALESCE((SELECT x.name FROM persons x WHERE x.id = s.cancelled_by), '') AS cancelled_by, s.cancel_reason`

func scanSitting(row scanner, more ...any) (s Sitting, err error) {
	var opens, closes, releases int64
	var edition, cancelled sql.NullInt64
	err = row.Scan(append([]any{
		&s.ID, &s.Title, &s.Quiz, &s.StoreID, &opens, &closes, &releases,
		&s.Minutes, &s.OneByOne, &s.AbsenceCounts, &s.Honour, &s.CreatedBy, &s.Edition, &edition,
		&cancelled, &s.Cancelled.By, &s.Cancelled.Reason,
	}, more...)...)
	s.Opens, s.Closes, s.Releases = fromMS(opens), fromMS(closes), fromMS(releases)
	s.EditionAt, s.Cancelled.At = fromNullMS(edition), fromNullMS(cancelled)
	return s, err
}

// Sitting returns one sitting; fault.NotFound when there is none.
func (tx *Tx) Sitting(id string) (Sitting, error) {
	return scanSitting(tx.row(`SELECT `+sittingColumns+` FROM sittings s WHERE s.id = $1`, id))
}

// SittingRow is a sitting in a list.
type SittingRow struct {
	Sitting
	Store     string // the name of its store, "" for the whole company
	Examinees int
}

// Sittings lists the sittings of a store, of all for "", the latest window first,
// and how many there are.
func (tx *Tx) Sittings(storeID string, limit, offset int) (list []SittingRow, total int, err error) {
	const where = ` FROM sittings s LEFT JOIN stores h ON h.id = s.store_id WHERE ($1 = '' OR s.store_id = $1)`
	if err := tx.row(`SELECT COUNT(*)`+where, storeID).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err = collect(tx, func(row scanner) (r SittingRow, err error) {
		r.Sitting, err = scanSitting(row, &r.Store, &r.Examinees)
		return r, err
	}, `SELECT `+sittingColumns+`, COALESCE(h.name, '') AS store,
			(SELECT COUNT(*) FROM examinees c WHERE c.sitting_id = s.id) AS examinees`+where+`
		ORDER BY s.opens_at DESC, s.id DESC LIMIT $2 OFFSET $3`, storeID, limit, offset)
	return list, total, err
}

// SetExaminees makes people the examinees of a sitting that nobody has begun.
// What was arranged with those who were examinees before stays.
func (tx *Tx) SetExaminees(sittingID string, personIDs []string) error {
	in, args := inList([]any{sittingID}, append([]string{""}, personIDs...)) // nobody's id: NOT IN an empty list holds for none
	if _, err := tx.exec(`DELETE FROM examinees WHERE sitting_id = $1 AND attempt_id IS NULL AND person_id NOT IN `+in, args...); err != nil {
		return err
	}
	for some := range slices.Chunk(personIDs, rowsAtOnce) {
		var rows []string
		args := []any{sittingID}
		for _, id := range some {
			args = append(args, id)
			rows = append(rows, "($1, "+numbered(len(args), 1)+", 0, NULL, NULL, '', NULL, NULL)")
		}
		if _, err := tx.exec(`INSERT INTO examinees
			(sitting_id, person_id, extra_percent, opens_at, closes_at, excused, attempt_id, honour_at)
			VALUES `+strings.Join(rows, ", ")+` ON CONFLICT (sitting_id, person_id) DO NOTHING`, args...); err != nil {
			return err
		}
	}
	return nil
}

// Arrange changes what was arranged with an examinee who has not begun: the
// extra time, the window, the excuse. Later it is fault.Conflict.
func (tx *Tx) Arrange(sittingID string, c Examinee) error {
	n, err := tx.exec(`UPDATE examinees SET extra_percent = $1, opens_at = $2, closes_at = $3, excused = $4
		WHERE sitting_id = $5 AND person_id = $6 AND attempt_id IS NULL`,
		c.Extra, nullMS(c.Opens), nullMS(c.Closes), c.Excused, sittingID, c.PersonID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

// BeginSitting notes that an examinee accepted the honour statement and began
// the attempt now. A second attempt at a sitting is fault.Conflict.
func (tx *Tx) BeginSitting(sittingID, personID, attemptID string) error {
	n, err := tx.exec(`UPDATE examinees SET attempt_id = $1, honour_at = $2
		WHERE sitting_id = $3 AND person_id = $4 AND attempt_id IS NULL AND excused = ''`,
		attemptID, ms(tx.Now), sittingID, personID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "error.conflict")
	}
	return err
}

// CancelSitting calls a sitting off now. One that is called off already, or has a
// result, is fault.Conflict. Whoever is at it is stopped: what was saved stays, and
// a later save is late.
func (tx *Tx) CancelSitting(id, by, reason string) error {
	n, err := tx.exec(`UPDATE sittings SET cancelled_at = $1, cancelled_by = $2, cancel_reason = $3, released_at = $1
		WHERE id = $4 AND released_at IS NULL
		  AND NOT EXISTS (SELECT 1 FROM examinees c JOIN results r ON r.attempt_id = c.attempt_id WHERE c.sitting_id = sittings.id)`,
		ms(tx.Now), by, reason, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "error.conflict")
	}
	_, err = tx.exec(`UPDATE attempts SET state = 'expired', ended_at = CASE WHEN deadline < $1 THEN deadline ELSE $1 END
		WHERE state = 'in_progress' AND id IN (SELECT attempt_id FROM examinees WHERE sitting_id = $2)`, ms(tx.Now), id)
	return err
}

// void holds for an attempt t of an exam that was cancelled.
const void = `EXISTS (SELECT 1 FROM examinees v JOIN sittings w ON w.id = v.sitting_id
	WHERE v.attempt_id = t.id AND w.cancelled_at IS NOT NULL)`

const examineeColumns = `p.id, p.staff_no, p.name, p.store_id, h.name AS store, c.extra_percent, c.opens_at, c.closes_at, c.excused,
	COALESCE(c.attempt_id, '') AS attempt_id, c.honour_at, t.started_at, t.ended_at, COALESCE(t.state, '') AS state,
	r.attempt_id IS NOT NULL AS graded, COALESCE(r.percent, 0) AS percent, COALESCE(r.passed, FALSE) AS passed`

const examinees = ` FROM examinees c JOIN persons p ON p.id = c.person_id JOIN stores h ON h.id = p.store_id
	JOIN sittings s ON s.id = c.sitting_id
	LEFT JOIN attempts t ON t.id = c.attempt_id LEFT JOIN results r ON r.attempt_id = c.attempt_id AND ` + currentResult

func scanExaminee(row scanner) (c Examinee, err error) {
	var opens, closes, honour, started, ended sql.NullInt64
	err = row.Scan(&c.PersonID, &c.StaffNo, &c.Name, &c.StoreID, &c.Store, &c.Extra, &opens, &closes, &c.Excused,
		&c.AttemptID, &honour, &started, &ended, &c.State, &c.Graded, &c.Percent, &c.Passed)
	c.Opens, c.Closes, c.HonourAt = fromNullMS(opens), fromNullMS(closes), fromNullMS(honour)
	c.StartedAt, c.EndedAt = fromNullMS(started), fromNullMS(ended)
	return c, err
}

// MaxExaminees is how many people one sitting can have.
const MaxExaminees = 1000

// Examinees lists who is to sit an exam, by staff number.
func (tx *Tx) Examinees(sittingID string) ([]Examinee, error) {
	return collect(tx, scanExaminee, `SELECT `+examineeColumns+examinees+`
		WHERE c.sitting_id = $1 ORDER BY p.staff_no LIMIT $2`, sittingID, MaxExaminees)
}

// Examinee returns one examinee of a sitting; fault.NotFound when the person is
// not to sit it.
func (tx *Tx) Examinee(sittingID, personID string) (Examinee, error) {
	return scanExaminee(tx.row(`SELECT `+examineeColumns+examinees+`
		WHERE c.sitting_id = $1 AND c.person_id = $2`, sittingID, personID))
}

// Summons is a sitting with what concerns one of its examinees.
type Summons struct {
	Sitting
	Examinee
}

// maxSummonses bounds the exams of one person that are looked at.
const maxSummonses = 50

// Summonses lists the sittings of a person, at one quiz or at all for "", that
// release their results after since, the next first.
func (tx *Tx) Summonses(personID, quizSlug string, since time.Time) ([]Summons, error) {
	list, err := collect(tx, func(row scanner) (m Summons, err error) {
		m.Examinee, err = scanExaminee(scanFunc(func(dest ...any) (err error) {
			m.Sitting, err = scanSitting(row, dest...)
			return err
		}))
		return m, err
	}, `SELECT `+sittingColumns+`, `+examineeColumns+examinees+`
		WHERE c.person_id = $1 AND ($2 = '' OR s.quiz = $2) AND s.releases_at > $3
		ORDER BY s.opens_at DESC, s.id DESC LIMIT $4`, personID, quizSlug, ms(since), maxSummonses)
	slices.Reverse(list)
	return list, err
}

// DueSittings lists up to limit sittings whose results are due and not all
// recorded, the longest due first.
func (tx *Tx) DueSittings(limit int) ([]string, error) {
	return collect(tx, scanID, `SELECT id FROM sittings WHERE released_at IS NULL AND releases_at <= $1
		ORDER BY releases_at, id LIMIT $2`, ms(tx.Now), limit)
}

func scanID(row scanner) (id string, err error) {
	err = row.Scan(&id)
	return id, err
}

// Unrecorded names ended attempts of a sitting that could have a result and have
// none: nothing of theirs waits to be marked.
func (tx *Tx) Unrecorded(sittingID string, limit int) ([]OwnAttempt, error) {
	return collect(tx, scanOwn, `SELECT t.id, t.person_id FROM examinees c JOIN attempts t ON t.id = c.attempt_id
		WHERE c.sitting_id = $1 AND t.state <> 'in_progress'
		  AND NOT EXISTS (SELECT 1 FROM results r WHERE r.attempt_id = t.id) AND `+allMarked+`
		ORDER BY t.id LIMIT $2`, sittingID, limit)
}

// OwnAttempt names an attempt with whose it is.
type OwnAttempt struct{ ID, PersonID string }

func scanOwn(row scanner) (o OwnAttempt, err error) {
	err = row.Scan(&o.ID, &o.PersonID)
	return o, err
}

// SetReleased notes that every result there can be of a sitting is recorded. The
// attempts that wait to be marked follow one by one.
func (tx *Tx) SetReleased(sittingID string) error {
	_, err := tx.exec(`UPDATE sittings SET released_at = $1 WHERE id = $2 AND released_at IS NULL`, ms(tx.Now), sittingID)
	return err
}
