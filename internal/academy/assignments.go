package academy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qibu/internal/assign"
	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// How much one action may assign.
const (
	maxItems     = 50
	maxAddressed = 500
)

// rosterSize is how many people an assigning form offers at once; the rest is
// found by name or staff number.
const rosterSize = 200

// assignAction names assigning in the list of requests carried out.
const assignAction = "assign"

// Key names an item in a form: "quiz:vehicle-walkaround".
func (i Item) Key() string { return i.Kind + ":" + i.Ref }

// itemByKey returns the item that a form names.
func (l *Library) itemByKey(key string) (Item, bool) {
	kind, ref, _ := strings.Cut(key, ":")
	return l.Item(kind, ref)
}

// RosterQuery is what an assigning form is asked for.
type RosterQuery struct {
	StoreID string // for those who may assign in every store
	Text    string // part of a name or staff number
	Chosen  []string
	Done    string // key of an order just carried out
}

// Roster is what an assigning form offers: what can be assigned, and to whom.
type Roster struct {
	Key     string // goes with the form, so that an order sent twice counts once
	Day     calendar.Day
	Items   []Item         // kind by kind, in the order of the curriculum
	Stores  []people.Store // to choose from; empty for those who have one store only
	StoreID string         // whose people are listed; "" for all
	Chosen  []people.Person
	Others  []people.Person // advisors who match, without the chosen
	More    int             // who match beyond those
	Done    *Assigned       // what came of the order just carried out
}

// Roster puts together what an assigning form offers.
func (a *Academy) Roster(ctx context.Context, who people.Actor, q RosterQuery) (r Roster, err error) {
	if err := people.May(who, people.Assign); err != nil {
		return r, err
	}
	everywhere := people.Reach(who, people.Assign) == people.All
	if !everywhere {
		q.StoreID = who.StoreID
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		r = Roster{Key: store.NewID(), Day: a.dayOf(tx.Now), Items: a.Library().Assignable(), StoreID: q.StoreID}
		if everywhere {
			if r.Stores, err = tx.Stores(); err != nil {
				return err
			}
		}
		if r.Chosen, err = chosen(tx, who, people.Assign, q.Chosen); err != nil {
			return err
		}
		r.Chosen = slices.DeleteFunc(r.Chosen, people.Person.Left)
		found, total, err := tx.Persons(store.PersonFilter{StoreID: q.StoreID, Role: people.Advisor, Text: q.Text, Limit: rosterSize})
		r.More = total - len(found)
		r.Others = slices.DeleteFunc(found, func(p people.Person) bool { return slices.Contains(q.Chosen, p.ID) })
		if err != nil || q.Done == "" {
			return err
		}
		request, err := tx.Request(q.Done)
		if err != nil {
			return err
		}
		done, err := outcome(who, request)
		r.Done = &done
		return err
	})
	return r, err
}

// chosen returns the people a form has chosen, leavers included. Somebody out of
// reach is fault.NotFound.
func chosen(tx *store.Tx, who people.Actor, action people.Action, ids []string) ([]people.Person, error) {
	ids = unique(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := tx.PersonsByID(ids)
	if err != nil {
		return nil, err
	}
	if len(list) < len(ids) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	for _, p := range list {
		if err := people.Allow(who, action, p.Subject()); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func unique(list []string) []string {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// Order is one assigning form: everything in it goes to everybody in it.
type Order struct {
	Key      string       // of the form
	Items    []string     // keys of items
	People   []string     // ids
	StaffNos []string     // 工号, as pasted
	Whole    bool         // every advisor of the store
	StoreID  string       // the store Whole means, for those who may assign in every store
	Due      calendar.Day // last day on time; none means no date
}

// digest tells two orders under one key apart.
func (o Order) digest() (string, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return "", fmt.Errorf("order: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// Assigned is what came of an order.
type Assigned struct {
	Items  []Item
	People int          // who got something new
	Tasks  int          // how much was new, all told
	Held   int          // how much people had to do already, by the same day or earlier
	HeldBy []string     // the names of who did
	Due    calendar.Day // none means no date
}

// Assign carries out an order in one transaction: all of it or nothing. What
// somebody has to do already, by the same day or earlier, is not assigned again.
// The same order sent twice has one outcome; another order under the same key is
// fault.Conflict.
func (a *Academy) Assign(ctx context.Context, who people.Actor, o Order) (done Assigned, err error) {
	if err := people.May(who, people.Assign); err != nil {
		return done, err
	}
	digest, err := o.digest()
	if err != nil {
		return done, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		before, err := tx.Request(o.Key)
		switch {
		case err == nil && before.Digest == digest:
			done, err = outcome(who, before)
			return err
		case err == nil:
			return fault.New(fault.Conflict, "assign.key_used")
		case !errors.Is(err, fault.NotFound):
			return err
		}
		if done, err = a.carryOut(tx, who, o); err != nil {
			return err
		}
		text, err := json.Marshal(done)
		if err != nil {
			return fmt.Errorf("outcome: %w", err)
		}
		return tx.AddRequest(store.Request{Key: o.Key, PersonID: who.ID, Action: assignAction, Digest: digest, Outcome: string(text)})
	})
	return done, err
}

// outcome reads what came of an order. Somebody else's is fault.NotFound.
func outcome(who people.Actor, r store.Request) (done Assigned, err error) {
	if r.PersonID != who.ID || r.Action != assignAction {
		return done, fault.New(fault.NotFound, "error.not_found")
	}
	if err := json.Unmarshal([]byte(r.Outcome), &done); err != nil {
		return done, fmt.Errorf("outcome of %s: %w", r.Key, err)
	}
	return done, nil
}

// carryOut checks an order and assigns what is new in it. However many people it
// reaches, it reads the same number of times.
func (a *Academy) carryOut(tx *store.Tx, who people.Actor, o Order) (done Assigned, err error) {
	items, err := a.ordered(o, a.dayOf(tx.Now))
	if err != nil {
		return done, err
	}
	addressed, err := a.addressed(tx, who, o)
	if err != nil {
		return done, err
	}
	held, err := tx.HeldTasks(idsOf(addressed), o.Items)
	if err != nil {
		return done, err
	}
	done, fresh := spread(items, addressed, held, o.Due)
	for i := range fresh {
		fresh[i].ID, fresh[i].Source = store.NewID(), assign.Manual
		fresh[i].ByID, fresh[i].At = who.ID, tx.Now
	}
	if err := tx.AddAssignments(fresh); err != nil {
		return done, err
	}
	if err := a.assignCertifications(tx, who, addressed, fresh); err != nil {
		return done, err
	}
	return done, audit(tx, who, "assign", named(addressed), "", done.detail())
}

// ordered checks what an order assigns and until when.
func (a *Academy) ordered(o Order, today calendar.Day) ([]Item, error) {
	switch {
	case len(o.Items) == 0:
		return nil, inField("items", fault.New(fault.Invalid, "assign.items_required"))
	case len(o.Items) > maxItems:
		return nil, inField("items", fault.Newf(fault.Invalid, "assign.items_many", fault.Args{"max": maxItems}))
	case !o.Due.IsZero() && o.Due.Before(today):
		return nil, inField("due", fault.New(fault.Invalid, "assign.due_past"))
	}
	items := slices.DeleteFunc(a.Library().Assignable(), func(i Item) bool { return !slices.Contains(o.Items, i.Key()) })
	if len(items) < len(unique(o.Items)) {
		return nil, inField("items", fault.New(fault.Invalid, "assign.item_gone"))
	}
	return items, nil
}

// addressed finds everybody an order goes to, each once.
func (a *Academy) addressed(tx *store.Tx, who people.Actor, o Order) ([]people.Person, error) {
	list, err := chosen(tx, who, people.Assign, o.People)
	if err != nil {
		return nil, err
	}
	pasted, err := a.pasted(tx, who, o.StaffNos)
	if err != nil {
		return nil, err
	}
	whole, err := a.wholeStore(tx, who, o)
	if err != nil {
		return nil, err
	}
	list = slices.Concat(list, pasted, whole)
	slices.SortStableFunc(list, func(p, q people.Person) int { return strings.Compare(p.ID, q.ID) })
	list = slices.CompactFunc(list, func(p, q people.Person) bool { return p.ID == q.ID })
	left := slices.IndexFunc(list, people.Person.Left)
	switch {
	case left >= 0:
		return nil, inField("people", fault.Newf(fault.Invalid, "assign.has_left", fault.Args{"name": list[left].Name}))
	case len(list) == 0:
		return nil, inField("people", fault.New(fault.Invalid, "assign.people_required"))
	case len(list) > maxAddressed:
		return nil, inField("people", fault.Newf(fault.Invalid, "assign.people_many", fault.Args{"max": maxAddressed}))
	}
	return list, nil
}

// pasted finds people by staff number. Numbers nobody within reach has are named
// in the error; whether somebody elsewhere has them is not told.
func (a *Academy) pasted(tx *store.Tx, who people.Actor, staffNos []string) ([]people.Person, error) {
	if len(staffNos) == 0 {
		return nil, nil
	}
	if len(staffNos) > maxAddressed {
		return nil, inField("staff_nos", fault.Newf(fault.Invalid, "assign.people_many", fault.Args{"max": maxAddressed}))
	}
	typed := map[string]string{} // login name → as typed
	for _, no := range staffNos {
		typed[people.NormalizeLogin(no)] = no
	}
	found, err := tx.PersonsByLogin(sortedKeys(typed))
	if err != nil {
		return nil, err
	}
	var list []people.Person
	for _, p := range found {
		name := people.NormalizeLogin(p.StaffNo)
		if _, ok := typed[name]; ok && people.Allow(who, people.Assign, p.Subject()) == nil {
			list = append(list, p)
			delete(typed, name)
		}
	}
	if len(typed) > 0 {
		unknown := slices.DeleteFunc(staffNos, func(no string) bool { return typed[people.NormalizeLogin(no)] == "" })
		return nil, inField("staff_nos", fault.Newf(fault.Invalid, "assign.staff_unknown", fault.Args{"list": strings.Join(unique(unknown), "、")}))
	}
	return list, nil
}

// wholeStore finds the advisors of the store an order is for as a whole.
func (a *Academy) wholeStore(tx *store.Tx, who people.Actor, o Order) ([]people.Person, error) {
	if !o.Whole {
		return nil, nil
	}
	if people.Reach(who, people.Assign) != people.All {
		o.StoreID = who.StoreID
	}
	if o.StoreID == "" {
		return nil, inField("people", fault.New(fault.Invalid, "assign.store_required"))
	}
	list, _, err := tx.Persons(store.PersonFilter{StoreID: o.StoreID, Role: people.Advisor, Limit: maxAddressed + 1})
	return list, err
}

func idsOf(list []people.Person) []string {
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	return ids
}

// named is whom an order went to, for the audit list.
func named(list []people.Person) string {
	const most = 3
	var names []string
	for _, p := range list[:min(len(list), most)] {
		names = append(names, p.Name)
	}
	text := strings.Join(names, "、")
	if len(list) > most {
		text += fmt.Sprintf(" +%d", len(list)-most)
	}
	return text
}

// spread gives every item to everybody who does not have it in time already.
func spread(items []Item, addressed []people.Person, held []store.HeldTask, due calendar.Day) (done Assigned, fresh []assign.Assignment) {
	has := map[[3]string]calendar.Day{}
	for _, h := range held {
		has[[3]string{h.PersonID, h.Kind, h.Ref}] = h.Due
	}
	done.Items, done.Due = items, due
	for _, p := range addressed {
		before := len(fresh)
		for _, item := range items {
			old, ok := has[[3]string{p.ID, item.Kind, item.Ref}]
			if !ok || sooner(due, old) {
				fresh = append(fresh, assign.Assignment{Person: p.ID, Kind: item.Kind, Ref: item.Ref, Due: due})
			}
		}
		got := len(fresh) - before
		if got > 0 {
			done.People++
		}
		if got < len(items) {
			done.Held += len(items) - got
			done.HeldBy = append(done.HeldBy, p.Name)
		}
	}
	done.Tasks = len(fresh)
	return done, fresh
}

// sooner reports whether a due day asks more than another; none asks least.
func sooner(a, b calendar.Day) bool {
	return !a.IsZero() && (b.IsZero() || a.Before(b))
}

func (d Assigned) detail() string {
	var titles []string
	for _, item := range d.Items {
		titles = append(titles, item.Title)
	}
	text := fmt.Sprintf("%s; people: %d; new: %d; held: %d", strings.Join(titles, "、"), d.People, d.Tasks, d.Held)
	if !d.Due.IsZero() {
		text += "; due: " + string(d.Due)
	}
	return text
}

// assignCertifications tells the ledgers which certifications were assigned, so
// that who does not get there in time is overdue.
func (a *Academy) assignCertifications(tx *store.Tx, who people.Actor, addressed []people.Person, fresh []assign.Assignment) error {
	fresh = slices.DeleteFunc(slices.Clone(fresh), func(f assign.Assignment) bool { return f.Kind != assign.Certification })
	if len(fresh) == 0 {
		return nil
	}
	ledgers, err := tx.LedgersOf(idsOf(addressed))
	if err != nil {
		return err
	}
	persons := map[string]people.Person{}
	for _, p := range addressed {
		persons[p.ID] = p
	}
	for _, f := range fresh {
		e := cert.Event{
			Kind: cert.EventAssigned, Day: a.dayOf(tx.Now), At: tx.Now, Until: f.Due,
			ActorID: who.ID, Actor: who.Name, SourceID: f.ID,
		}
		if _, err := tx.AppendLedger(f.Person, f.Ref, e); err != nil {
			return err
		}
		policy, _ := a.Library().Certification(f.Ref) // it was ordered from the library
		ledger := append(slices.Clip(ledgers[f.Person]), store.LedgerEntry{Certification: f.Ref, Event: e})
		if err := a.restand(tx, persons[f.Person], policy, ledger); err != nil {
			return err
		}
	}
	return nil
}

// Withdraw takes an item back from a person, whoever assigned it and however
// often. What the person did for it stays.
func (a *Academy) Withdraw(ctx context.Context, who people.Actor, personID, key string) error {
	if err := people.May(who, people.Assign); err != nil {
		return err
	}
	item, ok := a.Library().itemByKey(key)
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		p, err := personFor(tx, who, people.Assign, personID)
		if err != nil {
			return err
		}
		n, err := tx.WithdrawAssignments(p.ID, item.Kind, item.Ref)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "assign.nothing_to_withdraw")
		}
		if item.Kind == assign.Certification {
			e := cert.Event{Kind: cert.EventWithdrawn, ActorID: who.ID, Actor: who.Name}
			if err := a.record(tx, p, item.Ref, e); err != nil {
				return err
			}
		}
		return audit(tx, who, "withdraw_assignment", p.Name, p.ID, item.Title)
	})
}
