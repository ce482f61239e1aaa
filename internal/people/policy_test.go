package people

import (
	"errors"
	"testing"

	"qibu/internal/fault"
)

// The whole matrix, written out: a change to the table has to be made here too.
func TestReach(t *testing.T) {
	want := map[Action][4]Scope{ // advisor, trainer, hr, admin
		Learn:             {Own, Own, Own, Own},
		ViewProgress:      {None, OwnStore, All, None},
		Assign:            {None, OwnStore, All, None},
		UnlockRetake:      {None, OwnStore, None, None},
		SignObservation:   {None, OwnStore, None, None},
		Coach:             {None, OwnStore, None, None},
		WriteScript:       {None, All, None, All},
		WriteQuiz:         {None, All, None, All},
		ViewItems:         {None, OwnStore, All, None},
		RunExam:           {None, OwnStore, All, None},
		MarkAnswers:       {None, OwnStore, None, None},
		ApproveRegrade:    {None, All, All, All},
		ViewStatus:        {None, OwnStore, All, None},
		ExportStatus:      {None, None, All, None},
		RevokeCertificate: {None, None, All, None},
		ManagePeople:      {None, None, None, All},
		ManageContent:     {None, None, None, All},
		ViewAudit:         {None, None, None, All},
	}
	if len(Actions()) != len(policy) || len(want) != len(policy) {
		t.Fatalf("actions listed %d, in the table %d, in this test %d", len(Actions()), len(policy), len(want))
	}
	for _, action := range Actions() {
		for i, role := range Roles {
			if got := Reach(Actor{Roles: []Role{role}}, action); got != want[action][i] {
				t.Errorf("%s may %s in scope %d, want %d", role, action, got, want[action][i])
			}
		}
	}
}

func TestReachIsTheWidestOfAllRoles(t *testing.T) {
	who := Actor{Roles: []Role{Advisor, Trainer, HR}}
	if got := Reach(who, ViewStatus); got != All {
		t.Errorf("reach %d, want All", got)
	}
}

func TestAllow(t *testing.T) {
	trainer := Actor{ID: "t", StoreID: "south", Roles: []Role{Trainer}}
	cases := []struct {
		name    string
		who     Actor
		action  Action
		subject Subject
		want    error
	}{
		{"own store", trainer, Assign, Subject{"p", "south"}, nil},
		{"other store is not found", trainer, Assign, Subject{"p", "north"}, fault.NotFound},
		{"own things", trainer, Learn, Subject{"t", "south"}, nil},
		{"somebody else's things", trainer, Learn, Subject{"p", "south"}, fault.NotFound},
		{"not this role's business", trainer, ViewAudit, Subject{}, fault.Forbidden},
		{"nobody", Actor{}, Learn, Subject{}, fault.Forbidden},
		{"everywhere", Actor{Roles: []Role{HR}, StoreID: "x"}, RevokeCertificate, Subject{"p", "north"}, nil},
	}
	for _, c := range cases {
		if err := Allow(c.who, c.action, c.subject); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
