package quiz

import (
	"encoding/json"
	"fmt"
)

// JSON is the compiled form of a bank. It is kept with every edition, so that a
// paper drawn from it is shown and graded alike by every later version of the
// program, however that reads the text.
func (b *Bank) JSON() []byte {
	text, err := json.Marshal(b)
	if err != nil {
		panic(err) // plain structs of strings, numbers and maps always marshal
	}
	return text
}

// Load reads what JSON wrote.
func Load(compiled []byte) (*Bank, error) {
	b := new(Bank)
	if err := json.Unmarshal(compiled, b); err != nil {
		return nil, fmt.Errorf("compiled bank: %w", err)
	}
	b.index()
	return b, nil
}
