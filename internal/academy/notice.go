package academy

import (
	"context"
	"strconv"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
)

// noticeRegraded tells that a result was corrected.
const noticeRegraded = "regraded"

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

// Notice tells a person that a result was corrected.
type Notice struct {
	AttemptID   string
	Quiz        QuizName
	Before, Now int    // percent
	Side        string // what it changed to
	Reason      string
	At          time.Time
}

// notices returns what a person was told and has not put away yet.
func (a *Academy) notices(tx *store.Tx, personID string) (list []Notice, err error) {
	told, err := tx.Notices(personID)
	for _, n := range told {
		before, _ := strconv.Atoi(n.Detail["before"]) // written by correct
		now, _ := strconv.Atoi(n.Detail["now"])
		list = append(list, Notice{
			AttemptID: n.Ref, Quiz: a.Library().quizName(n.Detail["quiz"]), Before: before, Now: now,
			Side: n.Detail["side"], Reason: n.Detail["reason"], At: a.clock(n.At),
		})
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
