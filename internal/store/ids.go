package store

import "github.com/google/uuid"

// NewID returns a new UUIDv7 as text. Ids made later sort later, so rows made
// together lie together; what must not be guessed needs a random token instead.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
