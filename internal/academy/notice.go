package academy

import (
	"context"
	"strconv"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
)

// What a person can be told.
const (
	NoticeRegraded  = "regraded"  // a result was corrected
	NoticeCancelled = "cancelled" // an exam was called off
)

// The sides a corrected result can change to; "" when it stays on its own.
const (
	SideSame = ""
	SidePass = "pass"
	SideFail = "fail"
)

func sideOf(before, now bool) string {
	switch {
	case !before && now:
		return SidePass
	case before && !now:
		return SideFail
	}
	return SideSame
}

// Notice is something a person is told.
type Notice struct {
	Kind        string // one of the above
	AttemptID   string // of a corrected result
	Before, Now int    // its percent
	Side        string // what it changed to
	SittingID   string // of a cancelled exam
	Title       string // its title
	Quiz        QuizName
	Reason      string
	At          time.Time
}

// notices returns what a person was told and has not put away yet.
func (a *Academy) notices(tx *store.Tx, personID string) (list []Notice, err error) {
	told, err := tx.Notices(personID)
	for _, n := range told {
		one := Notice{Kind: n.Kind, Quiz: a.Library().quizName(n.Detail["quiz"]), Reason: n.Detail["reason"], At: a.clock(n.At)}
		switch n.Kind {
		case NoticeRegraded:
			one.AttemptID, one.Side = n.Ref, n.Detail["side"]
			one.Before, _ = strconv.Atoi(n.Detail["before"]) // written by correct
			one.Now, _ = strconv.Atoi(n.Detail["now"])
		case NoticeCancelled:
			one.SittingID, one.Title = n.Ref, n.Detail["title"]
		}
		list = append(list, one)
	}
	return list, err
}

// SeeNotices puts away what the person was told up to a time. The results
// themselves stay where they are.
func (a *Academy) SeeNotices(ctx context.Context, who people.Actor, until time.Time) error {
	if err := people.May(who, people.Learn); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error { return tx.SeeNotices(who.ID, until) })
}
