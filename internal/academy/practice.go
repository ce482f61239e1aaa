package academy

import (
	"context"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"qibu/internal/calendar"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/recall"
	"qibu/quiz/sheet"
)

// What a page is told when a question cannot be practised now.
var (
	ErrBarred     = fault.New(fault.Conflict, "practice.barred")   // the person is being tested on it
	ErrAskedAnew  = fault.New(fault.Conflict, "practice.moved_on") // the question was answered or changed meanwhile
	ErrNoPractice = fault.New(fault.NotFound, "error.not_found")   // no such bank or answer, or nothing to practise
)

// Asking is one question put to a person in practice.
type Asking struct {
	ID                   string // names the asking, not the question: whoever answers hands it back
	Quiz, Title, TitleEN string
	Item                 sheet.Item
}

// asking is which question is asked, of which bank, and the how manieth time.
type asking struct {
	bank     *quiz.Bank
	edition  string
	question string
	number   int
}

// id names an asking. It depends on all of it and on the installation's secret:
// it tells nothing, and the same question is asked under another name next time.
// The answer is kept under that name, so that it counts once.
func (a *Academy) askingID(personID string, q asking) string {
	seed := a.seed(strings.Join([]string{"practice asking", personID, q.bank.Slug, q.edition, q.question, strconv.Itoa(q.number)}, "|"))
	return base64.RawURLEncoding.EncodeToString(seed[:15])
}

// askPaper is the paper of the one question that an asking puts.
func (a *Academy) askPaper(id string, q asking) quiz.Paper {
	return q.bank.Ask(q.question, a.seed("practice paper|"+id))
}

func (a *Academy) ask(personID string, q asking) Asking {
	id := a.askingID(personID, q)
	return Asking{
		ID: id, Quiz: q.bank.Slug, Title: q.bank.Title, TitleEN: q.bank.TitleEN,
		Item: q.bank.Sheet(a.askPaper(id, q), nil).Items[0],
	}
}

// PractiseQuiz asks a question of one bank: what is due first, then what was
// never asked, then what is known least. It is practice and never ends.
func (a *Academy) PractiseQuiz(ctx context.Context, who people.Actor, slug string) (asked Asking, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return asked, err
	}
	l := a.Library()
	bank, ok := l.Quizzes[slug]
	if !ok || !slices.ContainsFunc(bank.Questions, quiz.Question.Practised) {
		return asked, ErrNoPractice
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if err := unbarred(tx, who.ID, slug, ErrBarred); err != nil {
			return err
		}
		cards, err := tx.PracticeCardsAt(who.ID, slug)
		if err != nil {
			return err
		}
		question := a.neediest(who.ID, bank, cards, a.dayOf(tx.Now))
		asked = a.ask(who.ID, asking{bank, l.Hash(quizKind, slug), question, cards[question].Reviews + 1})
		return nil
	})
	return asked, err
}

// unbarred is barring while the person is being tested on a quiz: the answers to
// it, shown then, would come before their time.
func unbarred(tx *store.Tx, personID, slug string, barring error) error {
	barred, err := tx.BarredQuizzes(personID)
	if err == nil && barred[slug] {
		err = barring
	}
	return err
}

// neediest returns the id of the question of a bank that practice helps most.
func (a *Academy) neediest(personID string, bank *quiz.Bank, cards map[string]recall.Card, today calendar.Day) string {
	best, bestNeed := "", need{}
	for _, q := range bank.Questions {
		if !q.Practised() {
			continue
		}
		card := cards[q.ID]
		n := needOf(card, today)
		n.lot = a.lot(personID, bank.Slug, q.ID, strconv.Itoa(card.Reviews))
		if best == "" || n.compare(bestNeed) < 0 {
			best, bestNeed = q.ID, n
		}
	}
	return best
}

// lot is a number drawn for some texts: the same for the same, and nobody can
// foresee it.
func (a *Academy) lot(texts ...string) string {
	seed := a.seed("practice lot|" + strings.Join(texts, "|"))
	return string(seed[:8])
}

// PracticeAnswer is an answer to an asking.
type PracticeAnswer struct {
	Asking string
	Answer sheet.Answer  // empty when it is not remembered
	Daily  bool          // it was one of the day's questions
	Spent  time.Duration // as the page measured it, 0 when it did not
}

// maxSpent bounds what is believed of a page.
const maxSpent = time.Hour

// AnswerPractice records the answer to an asking. When it returns without error
// the answer is on disk and counts once: the same asking again, with whatever
// answer and from whatever window, changes nothing. The asking's id is where the
// feedback is found from now on.
func (a *Academy) AnswerPractice(ctx context.Context, who people.Actor, slug string, p PracticeAnswer) error {
	if err := people.May(who, people.Learn); err != nil {
		return err
	}
	l := a.Library()
	bank, ok := l.Quizzes[slug]
	if !ok {
		return ErrNoPractice
	}
	p.Spent = max(0, min(p.Spent, maxSpent))
	return a.store.Write(ctx, func(tx *store.Tx) error {
		if _, err := tx.PracticeReview(p.Asking, who.ID); !errors.Is(err, fault.NotFound) {
			return err // it was answered before, or something went wrong
		}
		if err := unbarred(tx, who.ID, slug, ErrBarred); err != nil {
			return err
		}
		cards, err := tx.PracticeCardsAt(who.ID, slug)
		if err != nil {
			return err
		}
		q, ok := a.asked(who.ID, p.Asking, bank, l.Hash(quizKind, slug), cards)
		if !ok {
			return ErrAskedAnew
		}
		return a.practise(tx, who.ID, q, p, cards[q.question])
	})
}

// asked finds out which question an asking puts, as the cards are now.
func (a *Academy) asked(personID, id string, bank *quiz.Bank, edition string, cards map[string]recall.Card) (asking, bool) {
	for _, q := range bank.Questions {
		one := asking{bank, edition, q.ID, cards[q.ID].Reviews + 1}
		if q.Practised() && a.askingID(personID, one) == id {
			return one, true
		}
	}
	return asking{}, false
}

// practise grades and records an answer, and what follows from it.
func (a *Academy) practise(tx *store.Tx, personID string, q asking, p PracticeAnswer, card recall.Card) error {
	paper := a.askPaper(p.Asking, q)
	if err := q.bank.Check(paper, 1, p.Answer); err != nil {
		return err
	}
	graded := q.bank.Grade(paper, map[int]sheet.Answer{1: p.Answer}, nil).Items[0]
	today := a.dayOf(tx.Now)
	review := store.PracticeReview{
		ID: p.Asking, Quiz: q.bank.Slug, Question: q.question, Number: q.number, Daily: p.Daily, Edition: q.edition, Answer: p.Answer,
		Review: recall.Review{Day: today, Grade: card.GradeOf(graded.Points, graded.Max, p.Spent, today), Spent: p.Spent},
	}
	after := store.PracticeCard{Quiz: q.bank.Slug, Question: q.question, Card: card.After(review.Review)}
	if err := tx.AddPracticeReviews(personID, []store.PracticeReview{review}, []store.PracticeCard{after}); err != nil {
		return err
	}
	return a.proveHabit(tx, personID, q.bank.Slug, today)
}

// proveHabit records evidence of practice when a certification asks for it and it
// has come to enough. It counts on the day that made it enough, once a day.
func (a *Academy) proveHabit(tx *store.Tx, personID, slug string, today calendar.Day) error {
	r, ok := a.Library().drill(slug)
	if !ok {
		return nil
	}
	tally, err := tx.PracticeTally(personID, slug, today.AddDays(1-r.Within))
	if err != nil {
		return err
	}
	percent, ok := r.Reached(tally.Days, tally.Answers, tally.Right)
	if !ok {
		return nil
	}
	p, err := tx.Person(personID)
	if err != nil {
		return err
	}
	return a.record(tx, p, "", evidence(cert.Practice, slug, cert.Passed, percent, "practice:"+slug+":"+string(today)))
}

// drill is what certifications ask of practising a quiz, if any does. All that do
// ask the same.
func (l *Library) drill(slug string) (cert.Requirement, bool) {
	for _, p := range l.Certifications {
		for _, r := range slices.Concat(p.Initial, p.Renewal, p.Lapsed) {
			if r.Kind == cert.Practice && r.Ref == slug {
				return r, true
			}
		}
	}
	return cert.Requirement{}, false
}

// feed has the result of an attempt tell the schedule what its questions came to,
// in three statements however many there are. It counts on the day the attempt ended.
func (a *Academy) feed(tx *store.Tx, att store.Attempt) error {
	bank, err := a.bank(tx, att.Quiz, att.Hash)
	if err != nil {
		return err
	}
	before, err := tx.PracticeCardsAt(att.Person, att.Quiz)
	if err != nil {
		return err
	}
	day := a.dayOf(att.EndedAt)
	reviews := make([]store.PracticeReview, 0, len(att.Scores))
	cards := make([]store.PracticeCard, 0, len(att.Scores))
	for _, s := range att.Scores {
		if _, ok := bank.Practised(s.Question); !ok {
			continue
		}
		card := before[s.Question]
		r := recall.Review{Day: day, Grade: card.GradeOf(s.Points, s.Max, s.Spent, day), Spent: s.Spent}
		reviews = append(reviews, store.PracticeReview{
			ID: store.NewID(), Quiz: att.Quiz, Question: s.Question, Number: card.Reviews + 1,
			AttemptID: att.ID, Edition: att.Hash, Review: r,
		})
		cards = append(cards, store.PracticeCard{Quiz: att.Quiz, Question: s.Question, Card: card.After(r)})
	}
	return tx.AddPracticeReviews(att.Person, reviews, cards)
}

// PracticeFeedback is an answered question with everything worth learning from it.
type PracticeFeedback struct {
	Quiz, Title, TitleEN string
	Item                 sheet.Reviewed
	Link                 ModuleLink   // where to read again
	Due                  calendar.Day // when the question comes back
	InDays               int          // until then
	Set                  int          // of the day's questions it belongs to, 0 in free practice
}

// PracticeFeedback tells how an answer in practice went, from the moment it is
// recorded. While the person is being tested on the quiz it is ErrBarred.
func (a *Academy) PracticeFeedback(ctx context.Context, who people.Actor, slug, id string) (f PracticeFeedback, err error) {
	if err := people.May(who, people.Learn); err != nil {
		return f, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.ExplainedReview(id, who.ID)
		switch {
		case err != nil:
			return err
		case r.Quiz != slug:
			return ErrNoPractice
		case r.Barred:
			return ErrBarred
		}
		bank, err := a.bank(tx, slug, r.Edition)
		if err != nil {
			return err
		}
		paper := a.askPaper(id, asking{bank: bank, question: r.Question})
		f = PracticeFeedback{
			Quiz: slug, Title: bank.Title, TitleEN: bank.TitleEN, Due: r.Due, InDays: a.dayOf(tx.Now).DaysUntil(r.Due),
			Item: bank.Grade(paper, map[int]sheet.Answer{1: r.Answer}, nil).Items[0],
		}
		f.Link = a.Library().moduleLink(f.Item.Review)
		if r.Daily {
			f.Set = setOf(r.OfDay)
		}
		return nil
	})
	return f, err
}
