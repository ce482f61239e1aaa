package main

import "context"

// migrate brings the database to this program's schema. Serving does it too;
// this is for doing it at a time of one's own choice.
type migrate struct {
	database
}

// Run opens the store, which migrates, and closes it.
func (m *migrate) Run(ctx context.Context, std console) error {
	s, err := m.open(ctx)
	if err != nil {
		return err
	}
	std.say("数据库已经是本程序的版本（the database is up to date）：%s", m.database)
	return s.Close()
}
