package academy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Bounds of what a sitting can say.
const (
	maxSittingTitle = 60
	maxHonour       = 1000
	maxMinutes      = 600
	maxWindow       = 60 * 24 * time.Hour
	maxExtra        = 300 // percent

	// formTime is how long filling in the form may take: an exam that is to open at
	// once may have its opening a little behind when it is set.
	formTime = 15 * time.Minute
)

// SittingList is one page of the exams somebody runs.
type SittingList struct {
	Page
	Everywhere bool // the exams of every store are listed
	Rows       []SittingLine
}

// SittingLine is an exam in the list.
type SittingLine struct {
	ID, Title, Quiz, QuizEN, Store string
	Opens, Closes                  time.Time
	Examinees                      int
	Phase                          Phase
}

// Phase is how far an exam is.
type Phase string

// The phases.
const (
	PhaseAhead  Phase = "ahead"  // it can be changed
	PhaseOpen   Phase = "open"   // somebody's window is open
	PhaseClosed Phase = "closed" // results are known

	PhaseCancelled Phase = "cancelled"
)

func phase(s store.Sitting, now time.Time) Phase {
	switch {
	case s.CalledOff():
		return PhaseCancelled
	case now.Before(s.Opens):
		return PhaseAhead
	case now.Before(s.Releases):
		return PhaseOpen
	}
	return PhaseClosed
}

// unopened refuses what can be done only before an exam opens.
func unopened(s store.Sitting, now time.Time) error {
	switch phase(s, now) {
	case PhaseAhead:
		return nil
	case PhaseCancelled:
		return ErrCancelled
	}
	return fault.New(fault.Conflict, "sitting.begun")
}

// unclosed refuses what can be done only before the results of an exam are known.
func unclosed(s store.Sitting, now time.Time) error {
	switch phase(s, now) {
	case PhaseClosed:
		return fault.New(fault.Conflict, "sitting.closed")
	case PhaseCancelled:
		return ErrCancelled
	}
	return nil
}

// Sittings lists the exams of the actor's store, for who runs them everywhere all.
func (a *Academy) Sittings(ctx context.Context, who people.Actor, page int) (list SittingList, err error) {
	if err := people.May(who, people.RunExam); err != nil {
		return list, err
	}
	storeID := ownStore(who)
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		rows, total, err := tx.Sittings(storeID, pageSize, (max(page, 1)-1)*pageSize)
		list = SittingList{Page: pageOf(page, total), Everywhere: storeID == ""}
		for _, r := range rows {
			line := SittingLine{
				ID: r.ID, Title: r.Title, Quiz: r.Quiz, Store: r.Store, Opens: a.clock(r.Opens), Closes: a.clock(r.Closes),
				Examinees: r.Examinees, Phase: phase(r.Sitting, tx.Now),
			}
			if bank, ok := a.Library().Quizzes[r.Quiz]; ok {
				line.Quiz, line.QuizEN = bank.Title, bank.TitleEN
			}
			list.Rows = append(list.Rows, line)
		}
		return err
	})
	return list, err
}

// ownStore is the store whose exams somebody runs, "" for the whole company's.
func ownStore(who people.Actor) string {
	if people.Reach(who, people.RunExam) == people.All {
		return ""
	}
	return who.StoreID
}

// sittingFor returns an exam the actor runs. Any other is fault.NotFound.
func sittingFor(tx *store.Tx, who people.Actor, id string) (store.Sitting, error) {
	s, err := tx.Sitting(id)
	if err == nil {
		err = people.Allow(who, people.RunExam, people.Subject{StoreID: s.StoreID})
	}
	return s, err
}

// SittingPlan is an exam as somebody sets it, in a form.
type SittingPlan struct {
	ID            string // "" for a new one
	Title, Quiz   string
	Opens, Closes time.Time
	Minutes       int // 0 for the bank's
	OneByOne      bool
	AbsenceCounts bool
	Honour        string
	People        []string // ids
	StaffNos      []string // 工号, line by line as pasted; empty lines count as lines
}

// SittingDraft is what the form of an exam offers.
type SittingDraft struct {
	Plan    SittingPlan
	After   Phase        // of the exam that this one makes up for, "" when there is none
	Quizzes []*quiz.Bank // in the order of their titles
	Chosen  []people.Person
	Others  []people.Person // advisors who match, without the chosen
	More    int             // who match beyond those
	Zone    *time.Location
	Now     time.Time
}

// DraftQuery is what the form of an exam is asked for.
type DraftQuery struct {
	ID     string   // of an exam to change
	Again  string   // of an exam that is over, whose absent people sit another; of a cancelled one everybody
	Chosen []string // people, when the form was sent before
	Text   string   // part of a name or staff number
}

// DraftSitting puts together what the form of an exam offers. An exam that has
// opened is fault.Conflict.
func (a *Academy) DraftSitting(ctx context.Context, who people.Actor, q DraftQuery) (d SittingDraft, err error) {
	if err := people.May(who, people.RunExam); err != nil {
		return d, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		d = SittingDraft{Zone: a.zone, Now: a.clock(tx.Now), Quizzes: a.Library().banks()}
		if err := a.firstPlan(tx, who, q, &d); err != nil {
			return err
		}
		if q.Chosen != nil {
			d.Plan.People = q.Chosen
		}
		if d.Chosen, err = chosen(tx, who, people.RunExam, d.Plan.People); err != nil {
			return err
		}
		d.Chosen = slices.DeleteFunc(d.Chosen, people.Person.Left)
		found, total, err := tx.Persons(store.PersonFilter{StoreID: ownStore(who), Role: people.Advisor, Text: q.Text, Limit: rosterSize})
		d.More = total - len(found)
		d.Others = slices.DeleteFunc(found, func(p people.Person) bool { return slices.Contains(d.Plan.People, p.ID) })
		return err
	})
	return d, err
}

// firstPlan is what the form begins with: the exam to change, another for those
// whom an earlier one still owes it, or nothing but a window tomorrow.
func (a *Academy) firstPlan(tx *store.Tx, who people.Actor, q DraftQuery, d *SittingDraft) error {
	p := &d.Plan
	tomorrow := d.Now.AddDate(0, 0, 1)
	p.Opens = time.Date(tomorrow.Year(), tomorrow.Month(), tomorrow.Day(), 9, 0, 0, 0, a.zone)
	p.Closes = p.Opens.Add(8 * time.Hour)
	id := q.ID + q.Again
	if id == "" {
		return nil
	}
	s, err := sittingFor(tx, who, id)
	if err != nil {
		return err
	}
	list, err := tx.Examinees(id)
	if err != nil {
		return err
	}
	p.Title, p.Quiz, p.Minutes, p.OneByOne, p.AbsenceCounts, p.Honour = s.Title, s.Quiz, s.Minutes, s.OneByOne, s.AbsenceCounts, s.Honour
	if q.ID != "" {
		if err := unopened(s, tx.Now); err != nil {
			return err
		}
		p.ID, p.Opens, p.Closes = s.ID, a.clock(s.Opens), a.clock(s.Closes)
	} else {
		d.After = phase(s, tx.Now)
	}
	for _, c := range list {
		standing := candidacy(sittingOf(s, c), c, tx.Now)
		if q.ID != "" || standing == sheet.Absent || standing == sheet.Cancelled {
			p.People = append(p.People, c.PersonID)
		}
	}
	return nil
}

// banks are all quizzes by title.
func (l *Library) banks() []*quiz.Bank {
	list := make([]*quiz.Bank, 0, len(l.Quizzes))
	for _, slug := range sortedKeys(l.Quizzes) {
		list = append(list, l.Quizzes[slug])
	}
	slices.SortStableFunc(list, func(a, b *quiz.Bank) int { return strings.Compare(a.Title, b.Title) })
	return list
}

// SetSitting creates an exam or, before it opens, changes it, all or nothing. A
// pasted line that names nobody within reach is *RejectedLines.
func (a *Academy) SetSitting(ctx context.Context, who people.Actor, p SittingPlan) (id string, err error) {
	if err := people.May(who, people.RunExam); err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := a.planned(tx, who, p)
		if err != nil {
			return err
		}
		list, err := a.invited(tx, who, p)
		if err != nil {
			return err
		}
		id = s.ID
		if p.ID == "" {
			err = tx.AddSitting(s)
		} else {
			err = tx.SaveSitting(s)
		}
		if err != nil {
			return err
		}
		if err := tx.SetExaminees(s.ID, list); err != nil {
			return err
		}
		if err := reschedule(tx, s); err != nil {
			return err
		}
		return audit(tx, who, "set_exam", s.Title, s.ID, a.windowText(s.Opens, s.Closes))
	})
	return id, err
}

// planned checks what a plan says of the exam itself. It asks the edition of its
// quiz that is in force when the quiz is chosen.
func (a *Academy) planned(tx *store.Tx, who people.Actor, p SittingPlan) (s store.Sitting, err error) {
	if p.ID == "" {
		s = store.Sitting{ID: store.NewID(), StoreID: ownStore(who), CreatedBy: who.ID}
	} else if s, err = sittingFor(tx, who, p.ID); err != nil {
		return s, err
	} else if err := unopened(s, tx.Now); err != nil {
		return s, err
	}
	l := a.Library()
	_, ok := l.Quizzes[p.Quiz]
	p.Title, p.Honour = strings.TrimSpace(p.Title), strings.TrimSpace(p.Honour)
	switch {
	case p.Title == "" || utf8.RuneCountInString(p.Title) > maxSittingTitle:
		return s, inField("title", fault.Newf(fault.Invalid, "sitting.title_needed", fault.Args{"max": maxSittingTitle}))
	case !ok:
		return s, inField("quiz", fault.New(fault.Invalid, "sitting.quiz_needed"))
	case p.Opens.Before(tx.Now.Add(-formTime)):
		return s, inField("opens", fault.New(fault.Invalid, "sitting.opens_past"))
	case !p.Opens.Before(p.Closes) || !tx.Now.Before(p.Closes) || p.Closes.Sub(p.Opens) > maxWindow:
		return s, inField("closes", fault.Newf(fault.Invalid, "sitting.window_wrong", fault.Args{"days": int(maxWindow / (24 * time.Hour))}))
	case p.Minutes < 0 || p.Minutes > maxMinutes:
		return s, inField("minutes", fault.Newf(fault.Invalid, "sitting.minutes_wrong", fault.Args{"max": maxMinutes}))
	case utf8.RuneCountInString(p.Honour) > maxHonour:
		return s, inField("honour", fault.Newf(fault.Invalid, "sitting.honour_long", fault.Args{"max": maxHonour}))
	}
	if p.Quiz != s.Quiz {
		s.Quiz, s.Edition = p.Quiz, l.Hash(quizKind, p.Quiz)
	}
	bank, err := a.examined(tx, s)
	if err != nil {
		return s, err
	}
	if p.Minutes == 0 {
		p.Minutes = bank.Minutes
	}
	s.Title, s.Opens, s.Closes, s.Releases = p.Title, p.Opens, p.Closes, p.Closes
	s.Minutes, s.OneByOne, s.AbsenceCounts, s.Honour = p.Minutes, p.OneByOne, p.AbsenceCounts, p.Honour
	return s, nil
}

// RejectedLines says which lines of a pasted list name nobody who can be invited.
type RejectedLines struct {
	Lines []RejectedLine
}

// RejectedLine is one of them.
type RejectedLine struct {
	Line    int // from 1
	StaffNo string
	Twice   bool // named before; else nobody within reach has the number
}

// Error implements error.
func (e *RejectedLines) Error() string { return "lines of a pasted list name nobody" }

// Unwrap returns what the form says above the lines.
func (e *RejectedLines) Unwrap() error {
	return inField("staff_nos", fault.Newf(fault.Invalid, "sitting.lines_rejected", fault.Args{"n": len(e.Lines)}))
}

// invited finds everybody a plan names, each once.
func (a *Academy) invited(tx *store.Tx, who people.Actor, p SittingPlan) ([]string, error) {
	ticked, err := chosen(tx, who, people.RunExam, p.People)
	if err != nil {
		return nil, err
	}
	ids := idsOf(slices.DeleteFunc(ticked, people.Person.Left))
	pasted, err := pastedLines(tx, who, p.StaffNos)
	if err != nil {
		return nil, err
	}
	ids = unique(append(ids, pasted...))
	switch {
	case len(ids) == 0:
		return nil, inField("people", fault.New(fault.Invalid, "sitting.people_needed"))
	case len(ids) > store.MaxExaminees:
		return nil, inField("people", fault.Newf(fault.Invalid, "sitting.people_many", fault.Args{"max": store.MaxExaminees}))
	}
	return ids, nil
}

// pastedLines finds people by the staff numbers of a pasted list. Whether somebody
// out of reach has a number is not told.
func pastedLines(tx *store.Tx, who people.Actor, lines []string) ([]string, error) {
	if len(lines) > 2*store.MaxExaminees {
		return nil, inField("staff_nos", fault.Newf(fault.Invalid, "sitting.people_many", fault.Args{"max": store.MaxExaminees}))
	}
	var names []string
	for _, line := range lines {
		if line != "" {
			names = append(names, people.NormalizeLogin(line))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	found, err := tx.PersonsByLogin(unique(names))
	if err != nil {
		return nil, err
	}
	known := map[string]string{} // staff number as compared → id
	for _, p := range found {
		if people.Allow(who, people.RunExam, p.Subject()) == nil {
			known[people.NormalizeLogin(p.StaffNo)] = p.ID
		}
	}
	var ids []string
	var rejected []RejectedLine
	for i, line := range lines {
		id, ok := known[people.NormalizeLogin(line)]
		switch {
		case line == "":
		case !ok:
			rejected = append(rejected, RejectedLine{Line: i + 1, StaffNo: line})
		case slices.Contains(ids, id):
			rejected = append(rejected, RejectedLine{Line: i + 1, StaffNo: line, Twice: true})
		default:
			ids = append(ids, id)
		}
	}
	if len(rejected) > 0 {
		return nil, &RejectedLines{rejected}
	}
	return ids, nil
}

// reschedule sets when results are made known: when the last window closes.
func reschedule(tx *store.Tx, s store.Sitting) error {
	list, err := tx.Examinees(s.ID)
	if err != nil {
		return err
	}
	s.Releases = s.Closes
	for _, c := range list {
		if c.Excused == "" && c.Closes.After(s.Releases) {
			s.Releases = c.Closes
		}
	}
	return tx.SaveSitting(s)
}

func (a *Academy) windowText(opens, closes time.Time) string {
	const minute = "2006-01-02 15:04"
	return a.clock(opens).Format(minute) + " – " + a.clock(closes).Format(minute)
}

// ExtendSitting lets an exam that has opened close later, for a reason. An attempt
// begun before keeps its deadline.
func (a *Academy) ExtendSitting(ctx context.Context, who people.Actor, id string, closes time.Time, reason string) error {
	if err := people.May(who, people.RunExam); err != nil {
		return err
	}
	reason, ok := reasonIn(reason)
	if !ok {
		return inField("reason", fault.Newf(fault.Invalid, "sitting.reason_needed", fault.Args{"max": maxReason}))
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := sittingFor(tx, who, id)
		if err != nil {
			return err
		}
		if err := unclosed(s, tx.Now); err != nil {
			return err
		}
		if !closes.After(s.Closes) || closes.Before(tx.Now) || closes.Sub(s.Opens) > maxWindow {
			return inField("closes", fault.Newf(fault.Invalid, "sitting.extend_later", fault.Args{"days": int(maxWindow / (24 * time.Hour))}))
		}
		s.Closes = closes
		if err := reschedule(tx, s); err != nil {
			return err
		}
		return audit(tx, who, "extend_exam", s.Title, s.ID, a.windowText(s.Opens, s.Closes)+"："+reason)
	})
}

// Arrangement is what is arranged with one examinee.
type Arrangement struct {
	Extra         int       // percent of time beyond the person's factor
	Opens, Closes time.Time // a later window of her own; both zero for the exam's
	Excused       string    // why she need not sit it
}

// Arrange arranges something with an examinee who has not begun.
func (a *Academy) Arrange(ctx context.Context, who people.Actor, sittingID, personID string, r Arrangement) error {
	if err := people.May(who, people.RunExam); err != nil {
		return err
	}
	r.Excused = strings.TrimSpace(r.Excused)
	return a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := sittingFor(tx, who, sittingID)
		if err != nil {
			return err
		}
		c, err := tx.Examinee(sittingID, personID)
		if err != nil {
			return err
		}
		if err := unclosed(s, tx.Now); err != nil {
			return err
		}
		if err := arrangeable(s, c, r); err != nil {
			return err
		}
		c.Extra, c.Opens, c.Closes, c.Excused = r.Extra, r.Opens, r.Closes, r.Excused
		if err := tx.Arrange(s.ID, c); err != nil {
			return err
		}
		if err := reschedule(tx, s); err != nil {
			return err
		}
		return audit(tx, who, "arrange_exam", c.Name, c.PersonID, s.Title+"："+a.arrangementText(r))
	})
}

func arrangeable(s store.Sitting, c store.Examinee, r Arrangement) error {
	switch {
	case c.AttemptID != "":
		return fault.New(fault.Conflict, "sitting.examinee_begun")
	case r.Extra < 0 || r.Extra > maxExtra:
		return inField("extra", fault.Newf(fault.Invalid, "sitting.extra_wrong", fault.Args{"max": maxExtra}))
	case utf8.RuneCountInString(r.Excused) > maxReason:
		return inField("excused", fault.Newf(fault.Invalid, "sitting.reason_needed", fault.Args{"max": maxReason}))
	case r.Opens.IsZero() && r.Closes.IsZero():
		return nil
	case r.Opens.Before(s.Opens) || !r.Opens.Before(r.Closes) || r.Closes.Before(s.Closes) || r.Closes.Sub(s.Opens) > maxWindow:
		return inField("closes", fault.New(fault.Invalid, "sitting.own_window_wrong"))
	}
	return nil
}

func (a *Academy) arrangementText(r Arrangement) string {
	text := fmt.Sprintf("+%d%%", r.Extra)
	if !r.Opens.IsZero() {
		text += "; " + a.windowText(r.Opens, r.Closes)
	}
	if r.Excused != "" {
		text += "; 免考：" + r.Excused
	}
	return text
}
