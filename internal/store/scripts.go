package store

import "qibu/roleplay"

// PlayedSession is an ended session with its log.
type PlayedSession struct {
	Session
	Events []roleplay.Event
}

// ExamsPlayed returns the latest exams that were played to an ending on one
// edition of a scenario, at most limit of them, the latest first, each with its log.
func (tx *Tx) ExamsPlayed(scenario, edition string, limit int) (list []PlayedSession, err error) {
	_, err = collect(tx, func(row scanner) (none struct{}, err error) {
		var e roleplay.Event
		s, err := scanSession(row, &e.Step, &e.Kind, &e.Ref, &e.At)
		if last := len(list) - 1; last < 0 || list[last].ID != s.ID {
			list = append(list, PlayedSession{Session: s})
		}
		last := &list[len(list)-1]
		last.Events = append(last.Events, e)
		return none, err
	}, `SELECT `+sessionColumns+`, e.seq, e.kind, e.ref, e.at FROM (
			SELECT * FROM sessions WHERE scenario = $1 AND edition = $2 AND state = 'ended' AND ending <> '' AND exam
			ORDER BY ended_at DESC, id DESC LIMIT $3) s
		JOIN session_events e ON e.session_id = s.id
		ORDER BY s.ended_at DESC, s.id DESC, e.seq`, scenario, edition, limit)
	return list, err
}
