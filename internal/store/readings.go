package store

// MarkRead notes that a person has read headings of a module, and returns how
// many of them were new. A heading read before keeps its first time.
func (tx *Tx) MarkRead(personID, module, edition string, headings []string) (added int, err error) {
	tx.reader = personID
	for _, heading := range headings {
		n, err := tx.exec(`INSERT INTO readings (person_id, module, heading, edition, read_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (person_id, module, heading) DO NOTHING`, personID, module, heading, edition, ms(tx.Now))
		if err != nil {
			return added, err
		}
		added += int(n)
	}
	return added, nil
}

// ReadingsOf returns which headings a person has read, module → heading.
func (tx *Tx) ReadingsOf(personID string) (map[string]map[string]bool, error) {
	type row struct{ module, heading string }
	list, err := collect(tx, func(r scanner) (one row, err error) {
		err = r.Scan(&one.module, &one.heading)
		return one, err
	}, `SELECT module, heading FROM readings WHERE person_id = $1`, personID)
	read := map[string]map[string]bool{}
	for _, one := range list {
		if read[one.module] == nil {
			read[one.module] = map[string]bool{}
		}
		read[one.module][one.heading] = true
	}
	return read, err
}

// ReadIn returns which headings of one module a person has read.
func (tx *Tx) ReadIn(personID, module string) (map[string]bool, error) {
	list, err := collect(tx, func(r scanner) (heading string, err error) {
		err = r.Scan(&heading)
		return heading, err
	}, `SELECT heading FROM readings WHERE person_id = $1 AND module = $2`, personID, module)
	read := make(map[string]bool, len(list))
	for _, heading := range list {
		read[heading] = true
	}
	return read, err
}
