package store

import "time"

// Config says where the data is kept.
type Config struct {
	Dir         string           // data directory; the SQLite file is qibu.db inside
	DatabaseURL string           // postgres://…; when set, Dir is not used
	Now         func() time.Time // the clock of Tx.Now; nil is the machine's
}
