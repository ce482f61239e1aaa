package store

import (
	"encoding/json"
	"fmt"

	"qibu/internal/calendar"
	"qibu/internal/cert"
)

// Certificate is an issued certificate with whose it is and of what.
type Certificate struct {
	cert.Certificate
	PersonID      string
	Certification string // slug
	PolicyVersion string
}

// AddCertificate records an issued certificate. Nothing happens when this period
// of the person's certification has one already.
func (tx *Tx) AddCertificate(c Certificate) error {
	evidence, err := json.Marshal(c.Evidence)
	if err != nil {
		return fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	_, err = tx.exec(`INSERT INTO certificates (number, person_id, certification, policy_version, title, title_en, level,
			holder, staff_no, issuer, valid_from, valid_until, evidence, issued_day, issued_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (person_id, certification, valid_from) DO NOTHING`,
		c.Number, c.PersonID, c.Certification, c.PolicyVersion, c.Title, c.TitleEN, c.Level,
		c.Person, c.StaffNo, c.Issuer, string(c.ValidFrom), string(c.ValidUntil), string(evidence),
		string(c.Issued), ms(tx.Now))
	return err
}

const certificateColumns = `number, person_id, certification, policy_version, title, title_en, level,
	holder, staff_no, issuer, valid_from, valid_until, evidence, issued_day`

func scanCertificate(row scanner) (Certificate, error) {
	var c Certificate
	var evidence string
	err := row.Scan(&c.Number, &c.PersonID, &c.Certification, &c.PolicyVersion, &c.Title, &c.TitleEN, &c.Level,
		&c.Person, &c.StaffNo, &c.Issuer, &c.ValidFrom, &c.ValidUntil, &evidence, &c.Issued)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(evidence), &c.Evidence); err != nil {
		return c, fmt.Errorf("certificate %s: %w", c.Number, err)
	}
	return c, nil
}

// Certificate returns a certificate by its number; fault.NotFound when there is none.
func (tx *Tx) Certificate(number string) (Certificate, error) {
	return scanCertificate(tx.row(`SELECT `+certificateColumns+` FROM certificates WHERE number = $1`, number))
}

// CertificatesOf lists a person's certificates, the latest first.
func (tx *Tx) CertificatesOf(personID string) ([]Certificate, error) {
	return collect(tx, scanCertificate, `SELECT `+certificateColumns+` FROM certificates
		WHERE person_id = $1 ORDER BY valid_from DESC, number LIMIT 100`, personID)
}

// StandingsOn returns where a person stands on a day, by certification. A
// certification the person never had to do with is not in it.
func (tx *Tx) StandingsOn(personID string, day calendar.Day) (map[string]cert.Standing, error) {
	type row struct {
		slug   string
		detail string
	}
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.slug, &one.detail)
		return one, err
	}, `SELECT certification, detail FROM standings
		WHERE person_id = $1 AND from_day <= $2 AND until_day >= $2`, personID, string(day))
	if err != nil {
		return nil, err
	}
	standings := make(map[string]cert.Standing, len(list))
	for _, one := range list {
		var s cert.Standing
		if err := json.Unmarshal([]byte(one.detail), &s); err != nil {
			return nil, fmt.Errorf("standing of %s: %w", one.slug, err)
		}
		standings[one.slug] = s
	}
	return standings, nil
}
