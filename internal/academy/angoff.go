package academy

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/analysis"
	"qibu/quiz/sheet"
)

// Why a step of a panel of judges is refused.
var (
	ErrPanelOpen    = fault.New(fault.Conflict, "angoff.already_open")
	ErrPanelClosed  = fault.New(fault.Conflict, "angoff.closed")
	ErrFewJudges    = fault.New(fault.Conflict, "angoff.few_judges")
	ErrNotInPanel   = fault.New(fault.Conflict, "angoff.too_late")
	errNoJudgement  = fault.New(fault.Invalid, "angoff.no_judgement")
	errBadJudgement = fault.New(fault.Invalid, "angoff.bad_judgement")
)

// fewestJudges is how many judges have to be through with a round.
const fewestJudges = 2

// JudgeStep is how finely judges estimate, in percent.
const JudgeStep = 5

// PanelLine is a panel of judges in a list.
type PanelLine struct {
	ID, OpenedBy       string
	OpenedAt, ClosedAt time.Time // ClosedAt is zero while judges are at work
	Round              int
}

// Open reports whether judges are at work.
func (p PanelLine) Open() bool { return p.ClosedAt.IsZero() }

// Panels is the panels of a quiz, the latest first.
type Panels struct {
	Slug, Title, TitleEN string
	Pass, Questions      int
	List                 []PanelLine
}

// Panels lists the panels that judged how hard a quiz is.
func (a *Academy) Panels(ctx context.Context, who people.Actor, slug string) (p Panels, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return p, err
	}
	bank, ok := a.Library().Quizzes[slug]
	if !ok {
		return p, fault.New(fault.NotFound, "error.not_found")
	}
	p = Panels{Slug: slug, Title: bank.Title, TitleEN: bank.TitleEN, Pass: bank.Pass, Questions: len(judged(bank))}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.AngoffPanels(slug)
		p.List = p.List[:0]
		for _, one := range list {
			p.List = append(p.List, a.panelLine(one))
		}
		return err
	})
	return p, err
}

func (a *Academy) panelLine(p store.AngoffPanel) PanelLine {
	line := PanelLine{ID: p.ID, OpenedBy: p.OpenedBy, OpenedAt: a.clock(p.OpenedAt), Round: p.Round}
	if !p.ClosedAt.IsZero() {
		line.ClosedAt = a.clock(p.ClosedAt)
	}
	return line
}

// judged are the questions of a bank that a pass mark depends on.
func judged(b *quiz.Bank) []quiz.Question {
	return slices.DeleteFunc(slices.Clone(b.Questions), func(q quiz.Question) bool { return q.Pilot || q.Void })
}

// OpenPanel opens a panel on the edition of a quiz in force and returns its id.
// While another is open it is ErrPanelOpen.
func (a *Academy) OpenPanel(ctx context.Context, who people.Actor, slug string) (id string, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return "", err
	}
	l := a.Library()
	if _, ok := l.Quizzes[slug]; !ok {
		return "", fault.New(fault.NotFound, "error.not_found")
	}
	id = store.NewID()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		err := tx.AddAngoffPanel(store.AngoffPanel{ID: id, Quiz: slug, Edition: l.Hash(quizKind, slug), OpenedByID: who.ID})
		if err != nil {
			return err
		}
		return audit(tx, who, "open_panel", slug, id, "")
	})
	if errors.Is(err, store.ErrUnique) {
		return "", ErrPanelOpen
	}
	return id, err
}

// Panel is a panel as one judge sees it: what the others said only from the
// second round on.
type Panel struct {
	PanelLine
	Slug, Title, TitleEN string
	Pass                 int // percent, in force
	Questions            []PanelQuestion
	Judges               []PanelJudge
	First, Second        *CutScore // by the judges who were through; nil before there are two of them, or not to be seen yet
	MayJudge             bool
	MayGoOn              bool // begin the second round, or end it
}

// PanelQuestion is one question to judge.
type PanelQuestion struct {
	ID       string
	Shown    sheet.Reviewed // with its key, nothing answered
	Points   int
	Critical bool
	Mine     int // percent, -1 while the judge has said nothing in this round
	Before   int // what the judge said in the first round, -1 for nothing
	N        int // first attempts at the question as it is judged; with the facility in the second round only
	Facility float64
}

// PanelJudge is somebody who has judged.
type PanelJudge struct {
	Name  string
	Said  int  // questions in this round
	Ready bool // through with this round
}

// Panel returns a panel for somebody who may judge in it.
func (a *Academy) Panel(ctx context.Context, who people.Actor, id string) (p Panel, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return p, err
	}
	var panel store.AngoffPanel
	var said sayings
	var bank *quiz.Bank
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		panel, bank, said, err = a.panel(tx, id)
		return err
	})
	if err != nil {
		return p, err
	}
	p = Panel{PanelLine: a.panelLine(panel), Slug: panel.Quiz, Title: bank.Title, TitleEN: bank.TitleEN, Pass: bank.Pass}
	if now, ok := a.Library().Quizzes[panel.Quiz]; ok {
		p.Pass = now.Pass
	}
	questions := judged(bank)
	p.Judges = said.judges(questions, panel.Round)
	through := len(said.through(questions, panel.Round))
	p.MayJudge = p.Open() && said.admits(who.ID, questions, panel.Round)
	p.MayGoOn = p.Open() && through >= fewestJudges
	if panel.Round == 2 {
		p.First = said.cut(questions, 1)
		if !p.Open() {
			p.Second = said.cut(questions, 2)
		}
	}
	p.Questions = said.questions(bank, who.ID, panel.Round)
	if panel.Round == 2 {
		err = a.addFacility(ctx, &p)
	}
	return p, err
}

// addFacility tells judges how many really got the questions right.
func (a *Academy) addFacility(ctx context.Context, p *Panel) error {
	f, err := a.fareOf(ctx, p.Slug)
	if errors.Is(err, fault.NotFound) {
		return nil // the quiz is not in force any more
	}
	if err != nil {
		return err
	}
	for _, item := range f.figures.Questions {
		i := slices.IndexFunc(p.Questions, func(q PanelQuestion) bool { return q.ID == item.Question })
		if i >= 0 && item.N > 0 {
			p.Questions[i].N, p.Questions[i].Facility = item.N, item.Facility
		}
	}
	return nil
}

// panel reads a panel, the edition it judges and everything said in it.
func (a *Academy) panel(tx *store.Tx, id string) (p store.AngoffPanel, bank *quiz.Bank, said sayings, err error) {
	if p, err = tx.AngoffPanel(id); err != nil {
		return p, nil, said, err
	}
	if bank, err = a.bank(tx, p.Quiz, p.Edition); err != nil {
		return p, nil, said, err
	}
	list, err := tx.Judgements(id)
	return p, bank, gatherSayings(list), err
}

// Judge keeps what the actor says of questions of an open panel, in percent, in
// its present round. Not all of them need be said at once.
func (a *Academy) Judge(ctx context.Context, who people.Actor, id string, percents map[string]int) error {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return err
	}
	if len(percents) == 0 {
		return errNoJudgement
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		panel, bank, said, err := a.panel(tx, id)
		if err != nil {
			return err
		}
		questions := judged(bank)
		switch {
		case !panel.ClosedAt.IsZero():
			return ErrPanelClosed
		case !said.admits(who.ID, questions, panel.Round):
			return ErrNotInPanel
		}
		for question, percent := range percents {
			known := slices.ContainsFunc(questions, func(q quiz.Question) bool { return q.ID == question })
			if !known || percent < 0 || percent > 100 || percent%JudgeStep != 0 {
				return errBadJudgement
			}
		}
		return tx.Judge(id, who.ID, panel.Round, percents)
	})
}

// AdvancePanel has a panel go on: from the first round to the second, from the
// second to its end. from is the round the actor saw, so that pressing twice does
// not skip one. Two judges have to be through with it.
func (a *Academy) AdvancePanel(ctx context.Context, who people.Actor, id string, from int) error {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		panel, bank, said, err := a.panel(tx, id)
		if err != nil {
			return err
		}
		switch {
		case !panel.ClosedAt.IsZero():
			return ErrPanelClosed
		case panel.Round != from:
			return nil // somebody else was faster
		case len(said.through(judged(bank), panel.Round)) < fewestJudges:
			return ErrFewJudges
		}
		step, action := tx.AdvanceAngoff, "advance_panel"
		if from == 2 {
			step, action = tx.CloseAngoff, "close_panel"
		}
		if moved, err := step(id); err != nil || !moved {
			return err
		}
		return audit(tx, who, action, panel.Quiz, id, "")
	})
}

// sayings is what was said in a panel, by judge, round and question.
type sayings struct {
	ids, names []string // of the judges, in their order
	percent    map[string]*[2]map[string]int
}

func gatherSayings(list []store.Judgement) sayings {
	s := sayings{percent: map[string]*[2]map[string]int{}}
	for _, j := range list {
		of, ok := s.percent[j.JudgeID]
		if !ok {
			of = &[2]map[string]int{{}, {}}
			s.percent[j.JudgeID] = of
			s.ids, s.names = append(s.ids, j.JudgeID), append(s.names, j.Judge)
		}
		of[j.Round-1][j.Question] = j.Percent
	}
	return s
}

// of returns what a judge said of a question, -1 for nothing.
func (s sayings) of(judge string, round int, question string) int {
	if said, ok := s.percent[judge]; ok {
		if percent, ok := said[round-1][question]; ok {
			return percent
		}
	}
	return -1
}

// count is of how many questions a judge said something in a round.
func (s sayings) count(judge string, questions []quiz.Question, round int) (n int) {
	for _, q := range questions {
		if s.of(judge, round, q.ID) >= 0 {
			n++
		}
	}
	return n
}

// through lists the judges who have said something of every question.
func (s sayings) through(questions []quiz.Question, round int) (ids []string) {
	for _, id := range s.ids {
		if s.count(id, questions, round) == len(questions) {
			ids = append(ids, id)
		}
	}
	return ids
}

// admits reports whether somebody may judge in a round: in the second those who
// were through with the first.
func (s sayings) admits(judge string, questions []quiz.Question, round int) bool {
	return round == 1 || slices.Contains(s.through(questions, 1), judge)
}

func (s sayings) judges(questions []quiz.Question, round int) (list []PanelJudge) {
	for i, id := range s.ids {
		n := s.count(id, questions, round)
		list = append(list, PanelJudge{Name: s.names[i], Said: n, Ready: n == len(questions)})
	}
	return list
}

// cut is what the judges who were through with a round recommend; nil when they
// are too few.
func (s sayings) cut(questions []quiz.Question, round int) *CutScore {
	judges := s.through(questions, round)
	if len(judges) < fewestJudges {
		return nil
	}
	points, percents := make([]int, len(questions)), make([][]int, len(judges))
	for i, q := range questions {
		points[i] = q.Points
		for j, id := range judges {
			percents[j] = append(percents[j], s.of(id, round, q.ID))
		}
	}
	cut := analysis.CutScore(points, percents)
	return &cut
}

// questions lays the questions of a panel out for one judge.
func (s sayings) questions(bank *quiz.Bank, judge string, round int) (list []PanelQuestion) {
	shown := laidOut(bank)
	for _, q := range judged(bank) {
		one := PanelQuestion{
			ID: q.ID, Shown: shown[q.ID], Points: q.Points, Critical: q.Critical,
			Mine: s.of(judge, round, q.ID), Before: -1, Facility: math.NaN(),
		}
		if round == 2 {
			one.Before = s.of(judge, 1, q.ID)
		}
		list = append(list, one)
	}
	return list
}
