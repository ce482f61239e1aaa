package store

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"qibu/internal/people"
)

const personColumns = `p.id, p.account, p.staff_no, p.name, p.store_id, s.name AS store, p.post, p.language,
	p.time_factor, p.must_change_password, p.created_at, p.left_at,
	(SELECT COALESCE(string_agg(r.role, ','), '') FROM person_roles r WHERE r.person_id = p.id) AS roles`

func scanPerson(row scanner) (people.Person, error) {
	var p people.Person
	var created int64
	var left sql.NullInt64
	var roles string
	err := row.Scan(&p.ID, &p.Account, &p.StaffNo, &p.Name, &p.StoreID, &p.Store, &p.Post, &p.Language,
		&p.TimeFactor, &p.MustRenewPW, &created, &left, &roles)
	if err != nil {
		return p, err
	}
	p.CreatedAt = fromMS(created)
	if left.Valid {
		p.LeftAt = fromMS(left.Int64)
	}
	p.Roles = splitRoles(roles)
	return p, nil
}

// splitRoles reads the aggregated role list, in the order people.Roles has.
func splitRoles(joined string) []people.Role {
	held := strings.Split(joined, ",")
	var roles []people.Role
	for _, role := range people.Roles {
		if slices.Contains(held, string(role)) {
			roles = append(roles, role)
		}
	}
	return roles
}

// AddStore records a new 门店. A name already taken is ErrUnique.
func (tx *Tx) AddStore(s people.Store) error {
	_, err := tx.exec(`INSERT INTO stores (id, name, created_at) VALUES ($1, $2, $3)`, s.ID, s.Name, ms(tx.Now))
	return err
}

// Stores lists every store by name, with how many people work there.
func (tx *Tx) Stores() ([]people.Store, error) {
	return collect(tx, func(row scanner) (people.Store, error) {
		var s people.Store
		err := row.Scan(&s.ID, &s.Name, &s.People)
		return s, err
	}, `SELECT s.id, s.name, (SELECT COUNT(*) FROM persons p WHERE p.store_id = s.id AND p.left_at IS NULL) AS people
		FROM stores s ORDER BY s.name LIMIT 1000`)
}

// AddPerson records a new person with roles and login names. An account or
// staff number already taken, by either, is ErrUnique.
func (tx *Tx) AddPerson(p people.Person, passwordHash string) error {
	_, err := tx.exec(`INSERT INTO persons (id, account, staff_no, name, store_id, post, language, time_factor,
			password_hash, must_change_password, created_at, left_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL)`,
		p.ID, p.Account, p.StaffNo, p.Name, p.StoreID, p.Post, p.Language, p.TimeFactor,
		passwordHash, p.MustRenewPW, ms(tx.Now))
	if err != nil {
		return err
	}
	if err := tx.setLoginNames(p); err != nil {
		return err
	}
	return tx.setRoles(p)
}

func (tx *Tx) setLoginNames(p people.Person) error {
	if _, err := tx.exec(`DELETE FROM login_names WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	names := []string{p.Account}
	if n := people.NormalizeLogin(p.StaffNo); n != p.Account {
		names = append(names, n)
	}
	for _, name := range names {
		if _, err := tx.exec(`INSERT INTO login_names (name, person_id) VALUES ($1, $2)`, name, p.ID); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) setRoles(p people.Person) error {
	if _, err := tx.exec(`DELETE FROM person_roles WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	for _, role := range p.Roles {
		if _, err := tx.exec(`INSERT INTO person_roles (person_id, role) VALUES ($1, $2)`, p.ID, string(role)); err != nil {
			return err
		}
	}
	return nil
}

// SavePerson changes a person's data, roles and login names.
func (tx *Tx) SavePerson(p people.Person) error {
	var left sql.NullInt64
	if p.Left() {
		left = sql.NullInt64{Int64: ms(p.LeftAt), Valid: true}
	}
	n, err := tx.exec(`UPDATE persons SET account = $1, staff_no = $2, name = $3, store_id = $4, post = $5,
			language = $6, time_factor = $7, left_at = $8 WHERE id = $9`,
		p.Account, p.StaffNo, p.Name, p.StoreID, p.Post, p.Language, p.TimeFactor, left, p.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errNotFound()
	}
	if err := tx.setLoginNames(p); err != nil {
		return err
	}
	return tx.setRoles(p)
}

// SetLanguage changes the language a person reads Qibu in.
func (tx *Tx) SetLanguage(personID, language string) error {
	_, err := tx.exec(`UPDATE persons SET language = $1 WHERE id = $2`, language, personID)
	return err
}

// Person returns one person; fault.NotFound when there is none.
func (tx *Tx) Person(id string) (people.Person, error) {
	return scanPerson(tx.row(`SELECT `+personColumns+` FROM persons p JOIN stores s ON s.id = p.store_id WHERE p.id = $1`, id))
}

// CountPersons tells how many people there are, those who left included.
func (tx *Tx) CountPersons() (int, error) {
	var n int
	err := tx.row(`SELECT COUNT(*) FROM persons`).Scan(&n)
	return n, err
}

// PersonsByID returns people by id, leavers included; one that does not exist is
// not among them.
func (tx *Tx) PersonsByID(ids []string) ([]people.Person, error) {
	in, args := inList(nil, ids)
	return collect(tx, scanPerson, `SELECT `+personColumns+` FROM persons p JOIN stores s ON s.id = p.store_id
		WHERE p.id IN `+in+` ORDER BY p.staff_no`, args...)
}

// PersonsByLogin returns who of those still employed has one of the login names,
// each as people.NormalizeLogin gives it.
func (tx *Tx) PersonsByLogin(names []string) ([]people.Person, error) {
	in, args := inList(nil, names)
	return collect(tx, scanPerson, `SELECT `+personColumns+` FROM persons p JOIN stores s ON s.id = p.store_id
		WHERE p.left_at IS NULL AND p.id IN (SELECT l.person_id FROM login_names l WHERE l.name IN `+in+`)
		ORDER BY p.staff_no`, args...)
}

// PersonFilter narrows a list of people. Empty fields do not narrow.
type PersonFilter struct {
	StoreID string
	Role    people.Role
	Text    string // part of the name or staff number
	Leavers bool   // also those who left
	Limit   int
	Offset  int
}

// Persons lists people by staff number, and how many there are in all.
func (tx *Tx) Persons(f PersonFilter) ([]people.Person, int, error) {
	const where = ` FROM persons p JOIN stores s ON s.id = p.store_id
		WHERE ($1 = '' OR p.store_id = $1)
		  AND ($2 = '' OR EXISTS (SELECT 1 FROM person_roles r WHERE r.person_id = p.id AND r.role = $2))
		  AND ($3 = '' OR lower(p.name) LIKE $4 ESCAPE '\' OR lower(p.staff_no) LIKE $4 ESCAPE '\')
		  AND ($5 OR p.left_at IS NULL)`
	args := []any{f.StoreID, string(f.Role), f.Text, like(f.Text), f.Leavers}
	var total int
	if err := tx.row(`SELECT COUNT(*)`+where, args...).Scan(&total); err != nil {
		return nil, 0, err
	}
	list, err := collect(tx, scanPerson,
		`SELECT `+personColumns+where+` ORDER BY p.staff_no LIMIT $6 OFFSET $7`, append(args, f.Limit, f.Offset)...)
	return list, total, err
}

// like turns text into a LIKE pattern that finds it anywhere, wildcards taken literally.
func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// PasswordOf returns whose login name this is and the hash of the password;
// fault.NotFound when nobody who still works here has the name.
func (tx *Tx) PasswordOf(name string) (personID, hash string, err error) {
	err = tx.row(`SELECT p.id, p.password_hash FROM login_names l JOIN persons p ON p.id = l.person_id
		WHERE l.name = $1 AND p.left_at IS NULL`, name).Scan(&personID, &hash)
	return personID, hash, err
}

// PasswordHash returns the hash of a person's password.
func (tx *Tx) PasswordHash(personID string) (hash string, err error) {
	err = tx.row(`SELECT password_hash FROM persons WHERE id = $1`, personID).Scan(&hash)
	return hash, err
}

// SetPassword stores a new password hash.
func (tx *Tx) SetPassword(personID, hash string, mustChange bool) error {
	_, err := tx.exec(`UPDATE persons SET password_hash = $1, must_change_password = $2 WHERE id = $3`, hash, mustChange, personID)
	return err
}

// LoginFailures returns how often in a row the name failed, and when last.
func (tx *Tx) LoginFailures(nameHash string) (failures int, last time.Time, err error) {
	var at int64
	err = tx.row(`SELECT failures, last_at FROM login_failures WHERE name_hash = $1`, nameHash).Scan(&failures, &at)
	if isNotFound(err) {
		return 0, time.Time{}, nil
	}
	return failures, fromMS(at), err
}

// AddLoginFailure counts one more failure for the name, whether anybody has it or not.
func (tx *Tx) AddLoginFailure(nameHash string) error {
	_, err := tx.exec(`INSERT INTO login_failures (name_hash, failures, last_at) VALUES ($1, 1, $2)
		ON CONFLICT (name_hash) DO UPDATE SET failures = login_failures.failures + 1, last_at = excluded.last_at`,
		nameHash, ms(tx.Now))
	return err
}

// ClearLoginFailures forgets the failures of a name after a success.
func (tx *Tx) ClearLoginFailures(nameHash string) error {
	_, err := tx.exec(`DELETE FROM login_failures WHERE name_hash = $1`, nameHash)
	return err
}

// Login is one device a person is logged in on.
type Login struct {
	ID, PersonID, Device        string
	CreatedAt, SeenAt, ExpireAt time.Time
}

// AddLogin records a new login under the hash of its token.
func (tx *Tx) AddLogin(l Login, tokenHash string) error {
	_, err := tx.exec(`INSERT INTO logins (token_hash, id, person_id, device, created_at, seen_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tokenHash, l.ID, l.PersonID, l.Device, ms(l.CreatedAt), ms(l.SeenAt), ms(l.ExpireAt))
	return err
}

// LoginByToken returns the login with the token's hash and the person behind it;
// fault.NotFound when there is none or the person left. One statement: it runs
// before every page.
func (tx *Tx) LoginByToken(tokenHash string) (Login, people.Person, error) {
	var l Login
	var created, seen, expires int64
	p, err := scanPerson(scanFunc(func(dest ...any) error {
		return tx.row(`SELECT `+personColumns+`, l.id, l.device, l.created_at, l.seen_at, l.expires_at
			FROM logins l JOIN persons p ON p.id = l.person_id JOIN stores s ON s.id = p.store_id
			WHERE l.token_hash = $1 AND p.left_at IS NULL`, tokenHash).
			Scan(append(dest, &l.ID, &l.Device, &created, &seen, &expires)...)
	}))
	if err != nil {
		return l, p, err
	}
	l.PersonID, l.CreatedAt, l.SeenAt, l.ExpireAt = p.ID, fromMS(created), fromMS(seen), fromMS(expires)
	return l, p, nil
}

// Logins lists where a person is logged in, the latest first.
func (tx *Tx) Logins(personID string) ([]Login, error) {
	return collect(tx, func(row scanner) (Login, error) {
		l := Login{PersonID: personID}
		var created, seen, expires int64
		err := row.Scan(&l.ID, &l.Device, &created, &seen, &expires)
		l.CreatedAt, l.SeenAt, l.ExpireAt = fromMS(created), fromMS(seen), fromMS(expires)
		return l, err
	}, `SELECT id, device, created_at, seen_at, expires_at FROM logins
		WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC LIMIT 50`, personID, ms(tx.Now))
}

// TouchLogin notes that a login was used now and when it ends unless used again.
func (tx *Tx) TouchLogin(id string, expires time.Time) error {
	_, err := tx.exec(`UPDATE logins SET seen_at = $1, expires_at = $2 WHERE id = $3`, ms(tx.Now), ms(expires), id)
	return err
}

// EndLogin ends one login.
func (tx *Tx) EndLogin(id string) error {
	_, err := tx.exec(`DELETE FROM logins WHERE id = $1`, id)
	return err
}

// EndLogins ends every login of a person except keep, which may be empty.
func (tx *Tx) EndLogins(personID, keep string) error {
	_, err := tx.exec(`DELETE FROM logins WHERE person_id = $1 AND id <> $2`, personID, keep)
	return err
}

// SweepLogins removes expired logins, used-up setup links and stale login failures.
func (tx *Tx) SweepLogins() error {
	if _, err := tx.exec(`DELETE FROM logins WHERE expires_at <= $1`, ms(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.exec(`DELETE FROM setup_links WHERE expires_at <= $1`, ms(tx.Now)); err != nil {
		return err
	}
	_, err := tx.exec(`DELETE FROM login_failures WHERE last_at <= $1`, ms(tx.Now.Add(-24*time.Hour)))
	return err
}

// AddSetupLink records the hash of a one-time setup link's token.
func (tx *Tx) AddSetupLink(tokenHash string, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO setup_links (token_hash, created_at, expires_at) VALUES ($1, $2, $3)`,
		tokenHash, ms(tx.Now), ms(expires))
	return err
}

// SetupLinkValid reports whether a setup link may still be used.
func (tx *Tx) SetupLinkValid(tokenHash string) (bool, error) {
	var n int
	err := tx.row(`SELECT COUNT(*) FROM setup_links WHERE token_hash = $1 AND expires_at > $2`, tokenHash, ms(tx.Now)).Scan(&n)
	return n == 1, err
}

// UseSetupLinks removes every setup link: the first admin exists.
func (tx *Tx) UseSetupLinks() error {
	_, err := tx.exec(`DELETE FROM setup_links`)
	return err
}

// Setting returns a stored setting; fault.NotFound when it was never set.
func (tx *Tx) Setting(name string) (value string, err error) {
	err = tx.row(`SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	return value, err
}

// SetOnce stores a setting unless it has a value already, and returns the value that holds.
func (tx *Tx) SetOnce(name, value string) (string, error) {
	if _, err := tx.exec(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
		return "", fmt.Errorf("setting %s: %w", name, err)
	}
	return tx.Setting(name)
}
