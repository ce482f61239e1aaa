package people

import "qibu/internal/fault"

// Action is something a person wants to do. Every use case asks for exactly one.
type Action string

// The actions.
const (
	Learn             Action = "learn"              // read, take quizzes, rehearse, hold certificates: always one's own
	ViewProgress      Action = "view_progress"      // see what somebody was assigned and did
	Assign            Action = "assign"             // assign modules, quizzes, scenarios, certifications
	UnlockRetake      Action = "unlock_retake"      // permit one more attempt
	SignObservation   Action = "sign_observation"   // sign what was seen at the bay
	Coach             Action = "coach"              // see a rehearsal turn by turn and comment on it
	WriteScript       Action = "write_script"       // draft, check and publish role-plays
	WriteQuiz         Action = "write_quiz"         // draft, import, try and publish questions; judge how hard they are
	ViewItems         Action = "view_items"         // see how questions fare, and attempts that look alike
	RunExam           Action = "run_exam"           // set exams: who sits which paper, and when
	MarkAnswers       Action = "mark_answers"       // give points for free texts
	ApproveRegrade    Action = "approve_regrade"    // be the second person behind a corrected key
	ViewStatus        Action = "view_status"        // see certification status and why
	ExportStatus      Action = "export_status"      // take the status list away as a file
	RevokeCertificate Action = "revoke_certificate" // withdraw a certificate, with a reason
	ManagePeople      Action = "manage_people"      // add and change people, roles, stores
	ManageContent     Action = "manage_content"     // load changed content files
	ViewAudit         Action = "view_audit"         // see who did what
)

// Scope is how far a permission reaches.
type Scope int

// The scopes, each wider than the one before.
const (
	None     Scope = iota
	Own            // the actor's own things
	OwnStore       // everybody in the actor's store
	All            // everybody
)

// policy is the one permission table: what is not in it is not allowed.
var policy = map[Action]map[Role]Scope{
	Learn:             {Advisor: Own, Trainer: Own, HR: Own, Admin: Own},
	ViewProgress:      {Trainer: OwnStore, HR: All},
	Assign:            {Trainer: OwnStore, HR: All},
	UnlockRetake:      {Trainer: OwnStore},
	SignObservation:   {Trainer: OwnStore},
	Coach:             {Trainer: OwnStore},
	WriteScript:       {Trainer: All, Admin: All},
	WriteQuiz:         {Trainer: All, Admin: All},
	ViewItems:         {Trainer: OwnStore, HR: All},
	RunExam:           {Trainer: OwnStore, HR: All},
	MarkAnswers:       {Trainer: OwnStore},
	ApproveRegrade:    {Trainer: All, HR: All, Admin: All},
	ViewStatus:        {Trainer: OwnStore, HR: All},
	ExportStatus:      {HR: All},
	RevokeCertificate: {HR: All},
	ManagePeople:      {Admin: All},
	ManageContent:     {Admin: All},
	ViewAudit:         {Admin: All},
}

// Actions lists every action of the table, for tests that cover the whole matrix.
func Actions() []Action {
	return []Action{
		Learn, ViewProgress, Assign, UnlockRetake, SignObservation, Coach, WriteScript,
		WriteQuiz, ViewItems, RunExam, MarkAnswers, ApproveRegrade, ViewStatus, ExportStatus, RevokeCertificate, ManagePeople, ManageContent, ViewAudit,
	}
}

// Reach returns the widest scope in which the actor may do action.
func Reach(who Actor, action Action) Scope {
	widest := None
	for _, role := range who.Roles {
		widest = max(widest, policy[action][role])
	}
	return widest
}

// Subject is whom an action concerns.
type Subject struct {
	PersonID, StoreID string
}

// Subject returns the person as the subject of an action.
func (p Person) Subject() Subject { return Subject{PersonID: p.ID, StoreID: p.StoreID} }

// May answers whether the actor may do action at all, to somebody. Lists ask
// this and then filter by Reach. The error is fault.Forbidden.
func May(who Actor, action Action) error {
	if Reach(who, action) == None {
		return fault.New(fault.Forbidden, "error.forbidden")
	}
	return nil
}

// Allow answers whether the actor may do action to subject. Somebody who may do
// it to others but not to this one gets fault.NotFound: a stranger's existence
// is nobody's business.
func Allow(who Actor, action Action, subject Subject) error {
	if err := May(who, action); err != nil {
		return err
	}
	switch Reach(who, action) {
	case All:
		return nil
	case OwnStore:
		if subject.StoreID == who.StoreID {
			return nil
		}
	case Own:
		if subject.PersonID == who.ID {
			return nil
		}
	}
	return fault.New(fault.NotFound, "error.not_found")
}
