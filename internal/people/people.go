// Package people knows persons, their roles and stores, and who may do what.
package people

import (
	"slices"
	"strings"
	"time"
)

// Role is what a person does in Qibu. One person may hold several.
type Role string

// The roles.
const (
	Advisor Role = "advisor" // 服务顾问: studies, is tested, holds certificates
	Trainer Role = "trainer" // 培训师: assigns, observes, unlocks, in the own store
	HR      Role = "hr"      // 人事: sees every status and why, revokes
	Admin   Role = "admin"   // 管理员: people, roles, stores, the audit list
)

// Roles are all roles, in the order pages list them.
var Roles = []Role{Advisor, Trainer, HR, Admin}

// ParseRole reads a role; ok is false for anything else.
func ParseRole(s string) (Role, bool) {
	r := Role(s)
	return r, slices.Contains(Roles, r)
}

// Store is a 门店: the workshop a person works in.
type Store struct {
	ID, Name string
	People   int // how many work there now; set by lists only
}

// Person is someone Qibu knows: 工号, name, store and post.
type Person struct {
	ID          string
	Account     string // what is typed at login besides the staff number; lower case
	StaffNo     string // 工号
	Name        string
	StoreID     string
	Store       string // the store's name
	Post        string // 岗位
	Language    string // "zh" or "en"
	TimeFactor  int    // percent of the normal time limit, 100 to 1000
	Roles       []Role
	CreatedAt   time.Time
	LeftAt      time.Time // zero while employed
	MustRenewPW bool      // has to choose a new password before anything else
}

// Left reports whether the person no longer works here.
func (p Person) Left() bool { return !p.LeftAt.IsZero() }

// Actor is the person behind a request, with all a permission question needs.
type Actor struct {
	ID, Name   string
	StaffNo    string
	StoreID    string
	Store      string
	Language   string
	TimeFactor int
	Roles      []Role
	LoginID    string // the login this request came with
}

// Has reports whether the actor holds role.
func (a Actor) Has(role Role) bool { return slices.Contains(a.Roles, role) }

// NormalizeLogin brings what was typed at the login page, an account or a staff
// number, to the form it is stored in.
func NormalizeLogin(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
