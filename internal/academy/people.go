package academy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// pageSize is how many rows a list shows at once.
const pageSize = 50

// Page is one page of a long list.
type Page struct {
	Number, Pages, Total int
}

func pageOf(number, total int) Page {
	pages := max(1, (total+pageSize-1)/pageSize)
	return Page{Number: min(max(number, 1), pages), Pages: pages, Total: total}
}

// PeopleQuery narrows the list of people.
type PeopleQuery struct {
	StoreID string
	Role    people.Role
	Text    string
	Leavers bool
	Page    int
}

// PeopleList is one page of people with what the filter offers.
type PeopleList struct {
	Page
	People []people.Person
	Stores []people.Store
}

// People lists people for the admin.
func (a *Academy) People(ctx context.Context, who people.Actor, q PeopleQuery) (list PeopleList, err error) {
	if err := people.May(who, people.ManagePeople); err != nil {
		return list, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if list.Stores, err = tx.Stores(); err != nil {
			return err
		}
		filter := store.PersonFilter{
			StoreID: q.StoreID, Role: q.Role, Text: q.Text, Leavers: q.Leavers,
			Limit: pageSize, Offset: (max(q.Page, 1) - 1) * pageSize,
		}
		var total int
		list.People, total, err = tx.Persons(filter)
		list.Page = pageOf(q.Page, total)
		return err
	})
	return list, err
}

// PersonForm is what an admin may set about a person.
type PersonForm struct {
	Account, StaffNo, Name, StoreID, Post string
	TimeFactor                            int
	Roles                                 []people.Role
	Left                                  bool
	Password                              string // for a new person, or to reset; must be changed at the next login
}

// PersonToManage returns a person and the stores for the admin's form; id "" is a new person.
func (a *Academy) PersonToManage(ctx context.Context, who people.Actor, id string) (p people.Person, stores []people.Store, err error) {
	if err := people.May(who, people.ManagePeople); err != nil {
		return p, nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if stores, err = tx.Stores(); err != nil || id == "" {
			return err
		}
		p, err = tx.Person(id)
		return err
	})
	return p, stores, err
}

// AddPerson records a new person with a temporary password and returns the id.
func (a *Academy) AddPerson(ctx context.Context, who people.Actor, f PersonForm) (id string, err error) {
	if err := people.May(who, people.ManagePeople); err != nil {
		return "", err
	}
	p := people.Person{ID: store.NewID(), Language: "zh", MustRenewPW: true}
	f.fill(&p)
	if err := checkPerson(f); err != nil {
		return "", err
	}
	if err := checkPassword(f.Password, p.Account, p.StaffNo); err != nil {
		return "", inField("password", err)
	}
	hash, err := a.passwords.hash(ctx, f.Password)
	if err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddPerson(p, hash); err != nil {
			return err
		}
		return audit(tx, who, "add_person", p.Name, p.ID, p.StaffNo)
	})
	return p.ID, taken(err)
}

// SavePerson changes a person. Leaving, a new role or a reset password ends the
// person's logins. The last admin can neither leave nor lose the role.
func (a *Academy) SavePerson(ctx context.Context, who people.Actor, id string, f PersonForm) error {
	if err := people.May(who, people.ManagePeople); err != nil {
		return err
	}
	if err := checkPerson(f); err != nil {
		return err
	}
	var hash string
	if f.Password != "" {
		if err := checkPassword(f.Password, people.NormalizeLogin(f.Account), f.StaffNo); err != nil {
			return inField("password", err)
		}
		var err error
		if hash, err = a.passwords.hash(ctx, f.Password); err != nil {
			return err
		}
	}
	return taken(a.store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Person(id)
		if err != nil {
			return err
		}
		after := before
		f.fill(&after)
		if f.Left && !before.Left() {
			after.LeftAt = tx.Now
		}
		if err := keepAnAdmin(tx, before, after); err != nil {
			return err
		}
		if err := tx.SavePerson(after); err != nil {
			return err
		}
		if hash != "" {
			if err := tx.SetPassword(id, hash, true); err != nil {
				return err
			}
			if err := audit(tx, who, "reset_password", after.Name, id, after.StaffNo); err != nil {
				return err
			}
		}
		if hash != "" || after.Left() || !slices.Equal(before.Roles, after.Roles) {
			if err := tx.EndLogins(id, ""); err != nil {
				return err
			}
		}
		return audit(tx, who, "save_person", after.Name, id, changes(before, after))
	}))
}

// fill takes over what the form says, except leaving.
func (f PersonForm) fill(p *people.Person) {
	p.Account, p.StaffNo, p.Name = people.NormalizeLogin(f.Account), f.StaffNo, f.Name
	p.StoreID, p.Post, p.TimeFactor, p.Roles = f.StoreID, f.Post, f.TimeFactor, f.Roles
	if !f.Left {
		p.LeftAt = time.Time{}
	}
}

func checkPerson(f PersonForm) error {
	if len(f.Roles) == 0 {
		return inField("roles", fault.New(fault.Invalid, "admin.role_required"))
	}
	return nil
}

// keepAnAdmin refuses a change after which nobody could manage people.
func keepAnAdmin(tx *store.Tx, before, after people.Person) error {
	wasAdmin := slices.Contains(before.Roles, people.Admin) && !before.Left()
	staysAdmin := slices.Contains(after.Roles, people.Admin) && !after.Left()
	if !wasAdmin || staysAdmin {
		return nil
	}
	_, admins, err := tx.Persons(store.PersonFilter{Role: people.Admin, Limit: 1})
	if err == nil && admins <= 1 {
		err = inField("roles", fault.New(fault.Invalid, "admin.last_admin"))
	}
	return err
}

// changes names what a save changed, for the audit list.
func changes(before, after people.Person) string {
	var list []string
	note := func(what, from, to string) {
		if from != to {
			list = append(list, what+": "+from+" → "+to)
		}
	}
	note("name", before.Name, after.Name)
	note("account", before.Account, after.Account)
	note("staff_no", before.StaffNo, after.StaffNo)
	note("store", before.StoreID, after.StoreID)
	note("post", before.Post, after.Post)
	note("roles", roleList(before.Roles), roleList(after.Roles))
	return strings.Join(list, "; ")
}

func roleList(roles []people.Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ",")
}

// taken turns a unique violation into a message at the form.
func taken(err error) error {
	if errors.Is(err, store.ErrUnique) {
		return fault.Wrap(fault.Invalid, "admin.taken", err)
	}
	return err
}

// inField ties an error to an input of the form; the page translates the key.
func inField(name string, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		f.Input = name
	}
	return err
}

// AddStore records a new store.
func (a *Academy) AddStore(ctx context.Context, who people.Actor, name string) error {
	if err := people.May(who, people.ManagePeople); err != nil {
		return err
	}
	s := people.Store{ID: store.NewID(), Name: name}
	return taken(a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.AddStore(s); err != nil {
			return err
		}
		return audit(tx, who, "add_store", s.Name, s.ID, "")
	}))
}

// Stores lists the stores for the admin.
func (a *Academy) Stores(ctx context.Context, who people.Actor) (list []people.Store, err error) {
	if err := people.May(who, people.ManagePeople); err != nil {
		return nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list, err = tx.Stores()
		return err
	})
	return list, err
}

// AuditList is one page of who did what, the latest first.
type AuditList struct {
	Page
	Entries []AuditEntry
}

// AuditEntry is one line of the audit list, in the organisation's time.
type AuditEntry struct {
	At, Actor, Action, Subject, Detail string
}

// Audit lists who did what.
func (a *Academy) Audit(ctx context.Context, who people.Actor, number int) (list AuditList, err error) {
	if err := people.May(who, people.ViewAudit); err != nil {
		return list, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		entries, total, err := tx.AuditPage(pageSize, (max(number, 1)-1)*pageSize)
		list = AuditList{Page: pageOf(number, total)}
		for _, e := range entries {
			list.Entries = append(list.Entries, AuditEntry{
				At:    a.clock(e.At).Format("2006-01-02 15:04:05"),
				Actor: e.Actor, Action: e.Action, Subject: e.Subject, Detail: e.Detail,
			})
		}
		return err
	})
	return list, err
}
