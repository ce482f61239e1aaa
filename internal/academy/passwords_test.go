package academy

import (
	"testing"

	"github.com/alexedwards/argon2id"
)

// Comparing with the decoy has to cost what comparing with a real password
// costs: else the time of the answer tells who has an account.
func TestDecoyCostsTheSame(t *testing.T) {
	params, _, _, err := argon2id.DecodeHash(decoy)
	if err != nil {
		t.Fatal(err)
	}
	if *params != *hashParams {
		t.Errorf("the decoy costs %+v, passwords cost %+v", *params, *hashParams)
	}
	if ok, err := newPasswords().match(t.Context(), "", ""); ok || err != nil {
		t.Errorf("an empty password fits the decoy: %v, %v", ok, err)
	}
}
