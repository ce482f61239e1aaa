package academy

import (
	"context"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// exportLimit bounds how many people one export holds.
const exportLimit = 20000

// StatusQuery is what the status list is asked for.
type StatusQuery struct {
	Certification string // slug; "" is the first there is
	StoreID       string
	State         string // a state, a group of states such as "valid", or "" for all
	Text          string
	Page          int
}

// StatusList is one page of who may work, who expires and why.
type StatusList struct {
	Page
	Day            calendar.Day
	Policy         *cert.Policy
	Certifications []*cert.Policy
	Stores         []people.Store
	Rows           []StatusRow
	Counts         map[cert.State]int // by state, for the store chosen
}

// StatusRow is one person of the status list.
type StatusRow struct {
	PersonID, StaffNo, Name, Store, Post string
	Standing                             cert.Standing
	Number                               string
}

// The groups of states that HR asks about together.
var stateGroups = map[string][]cert.State{
	"valid":  {cert.Certified, cert.RenewalOpen, cert.Temporary},
	"lapsed": {cert.Overdue, cert.Grace, cert.Expired, cert.Revoked},
}

func statesOf(name string) []cert.State {
	if group, ok := stateGroups[name]; ok || name == "" {
		return group
	}
	return []cert.State{cert.State(name)}
}

// In counts the people in a state or a group of states.
func (l StatusList) In(name string) int {
	n := 0
	for _, s := range statesOf(name) {
		n += l.Counts[s]
	}
	return n
}

// Everybody is how many people the counts cover.
func (l StatusList) Everybody() int {
	n := 0
	for _, count := range l.Counts {
		n += count
	}
	return n
}

// Statuses lists people with their status for HR, and for trainers their own store's.
func (a *Academy) Statuses(ctx context.Context, who people.Actor, q StatusQuery) (StatusList, error) {
	if err := people.May(who, people.ViewStatus); err != nil {
		return StatusList{}, err
	}
	return a.statuses(ctx, who, people.ViewStatus, q, pageSize, (max(q.Page, 1)-1)*pageSize)
}

// ExportStatuses is Statuses with every row, noted in the audit list.
func (a *Academy) ExportStatuses(ctx context.Context, who people.Actor, q StatusQuery) (StatusList, error) {
	if err := people.May(who, people.ExportStatus); err != nil {
		return StatusList{}, err
	}
	list, err := a.statuses(ctx, who, people.ExportStatus, q, exportLimit, 0)
	if err != nil {
		return list, err
	}
	return list, a.store.Write(ctx, func(tx *store.Tx) error {
		return audit(tx, who, "export_status", list.Policy.Title, list.Policy.Slug, "")
	})
}

func (a *Academy) statuses(ctx context.Context, who people.Actor, action people.Action, q StatusQuery, limit, offset int) (list StatusList, err error) {
	if list.Policy, err = a.policyOrFirst(q.Certification); err != nil {
		return list, err
	}
	list.Certifications, list.Day = a.Library().Certifications, a.Today()
	if people.Reach(who, action) == people.OwnStore {
		q.StoreID = who.StoreID
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if list.Stores, err = tx.Stores(); err != nil {
			return err
		}
		counts, err := tx.CountStates(list.Policy.Slug, list.Day, q.StoreID)
		if err != nil {
			return err
		}
		list.Counts = make(map[cert.State]int, len(counts))
		for _, c := range counts {
			list.Counts[c.State] = c.N
		}
		rows, total, err := tx.Statuses(store.StatusFilter{
			Certification: list.Policy.Slug, Day: list.Day, StoreID: q.StoreID,
			States: statesOf(q.State), Text: q.Text, Limit: limit, Offset: offset,
		})
		list.Page = pageOf(q.Page, total)
		list.Rows = a.statusRows(rows, list.Policy, list.Day)
		return err
	})
	return list, err
}

// statusRows completes the rows of people who never had to do with the certification.
func (a *Academy) statusRows(rows []store.StatusRow, policy *cert.Policy, day calendar.Day) []StatusRow {
	nothing := cert.Status(*policy, nil, day)
	list := make([]StatusRow, len(rows))
	for i, r := range rows {
		list[i] = StatusRow{
			PersonID: r.PersonID, StaffNo: r.StaffNo, Name: r.Name, Store: r.Store, Post: r.Post,
			Standing: r.Standing, Number: r.Number,
		}
		if !r.Known {
			list[i].Standing = nothing
		}
	}
	return list
}

// policyOrFirst returns a certification by slug, or the first for "".
func (a *Academy) policyOrFirst(slug string) (*cert.Policy, error) {
	all := a.Library().Certifications
	if slug == "" && len(all) > 0 {
		return all[0], nil
	}
	if policy, ok := a.Library().Certification(slug); ok {
		return policy, nil
	}
	return nil, fault.New(fault.NotFound, "error.not_found")
}

// PersonFile is everything behind one person's status: the standing per
// certification, the certificates, and the ledger they follow from.
type PersonFile struct {
	Person people.Person
	Day    calendar.Day
	Goals  []Goal
	Ledger []LedgerLine
}

// LedgerLine is one event of the ledger, readable.
type LedgerLine struct {
	cert.Event
	Certification string // title, "" for evidence
	Title         string // what the evidence is about
}

// PersonFile returns the file of a person the actor may see the status of.
func (a *Academy) PersonFile(ctx context.Context, who people.Actor, personID string) (file PersonFile, err error) {
	if err := people.May(who, people.ViewStatus); err != nil {
		return file, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if file.Person, err = personFor(tx, who, people.ViewStatus, personID); err != nil {
			return err
		}
		ledger, err := tx.Ledger(personID)
		if err != nil {
			return err
		}
		certificates, err := tx.CertificatesOf(personID)
		if err != nil {
			return err
		}
		file.Day, file.Goals, file.Ledger = a.Today(), nil, nil
		for _, policy := range l.Certifications {
			g := Goal{Policy: policy, Standing: standing(policy, ledger, file.Day)}
			for _, c := range certificates {
				if c.Certification == policy.Slug {
					g.Certificates = append(g.Certificates, a.issued(c, g.Standing, file.Day))
				}
			}
			file.Goals = append(file.Goals, g)
		}
		for i := len(ledger) - 1; i >= 0; i-- {
			e := ledger[i]
			line := LedgerLine{Event: e.Event, Title: l.requirementTitle(e.Requirement, e.Ref)}
			if policy, ok := l.Certification(e.Certification); ok {
				line.Certification = policy.Title
			}
			file.Ledger = append(file.Ledger, line)
		}
		return nil
	})
	return file, err
}

// requirementTitle is what people call the thing a requirement or evidence names.
func (l *Library) requirementTitle(kind, ref string) string {
	switch kind {
	case cert.Module:
		if m, ok := l.module(ref); ok {
			return m.Title
		}
	case cert.Quiz, cert.Practice:
		if b, ok := l.Quizzes[ref]; ok {
			return b.Title
		}
	case cert.Scenario:
		if s, ok := l.Scenarios[ref]; ok {
			return s.Title
		}
	case cert.Observation:
		if o, ok := l.Observation(ref); ok {
			return o.ID + " " + o.Title
		}
	}
	return ref
}
