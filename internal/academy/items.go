package academy

import (
	"context"
	"slices"
	"time"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/analysis"
	"qibu/quiz/sheet"
)

// What the attempts tell, as package analysis has it.
type (
	ItemReport    = analysis.Report
	ItemFigures   = analysis.Item
	OptionFigures = analysis.Option
	ItemFlag      = analysis.Flag
	CutScore      = analysis.Cut
)

// Sizes below which figures are shown with a warning, or not at all.
const (
	FewForFlags       = analysis.FewForFlags
	FewForItems       = analysis.FewForItems
	FewForPrecision   = analysis.FewForPrecision
	FewForRasch       = analysis.RaschMin
	FewestAlike       = analysis.FewestAlike
	FewestAlikeCommon = analysis.FewestAlikeCommon
	FewestHaste       = analysis.FewestHaste
)

// BankFigures is how the questions of one bank fare. Only first attempts count:
// whoever takes a quiz again has seen what was right.
type BankFigures struct {
	Slug, Title, TitleEN string
	Pass                 int
	Report               ItemReport
	Questions            []QuestionFigures // those that are asked now, as written
}

// QuestionFigures is one question of a bank with how it fares.
type QuestionFigures struct {
	ItemFigures
	Shown      sheet.Reviewed // with its key, nothing answered
	Topic      string
	Difficulty int
	Pilot      bool
	Trend      []EditionFigures // the latest edition first
}

// EditionFigures is a question as one edition had it.
type EditionFigures struct {
	Since    time.Time // the first attempt at it that is counted
	Hash     string
	Same     bool // asked and keyed as it is now: only these are pooled
	N        int
	Facility float64
}

// ItemBanks lists every bank in force with how its questions fare, by slug. The
// figures are of all stores: they name nobody.
func (a *Academy) ItemBanks(ctx context.Context, who people.Actor) ([]BankFigures, error) {
	if err := people.May(who, people.ViewItems); err != nil {
		return nil, err
	}
	slugs := sortedKeys(a.Library().Quizzes)
	fares, err := a.fare(ctx, slugs)
	if err != nil {
		return nil, err
	}
	list := make([]BankFigures, len(slugs))
	for i, slug := range slugs {
		list[i] = fares[slug].figures
	}
	return list, nil
}

// ItemBank returns one bank in force with how its questions fare.
func (a *Academy) ItemBank(ctx context.Context, who people.Actor, slug string) (BankFigures, error) {
	if err := people.May(who, people.ViewItems); err != nil {
		return BankFigures{}, err
	}
	f, err := a.fareOf(ctx, slug)
	if err != nil {
		return BankFigures{}, err
	}
	return f.figures, nil
}

// Paper names one attempt that a person should look at.
type Paper struct {
	Person  people.Person
	Percent int
	EndedAt time.Time
}

// AlikePapers is two papers with the same wrong answers.
type AlikePapers struct {
	analysis.Pair
	First, Second Paper
}

// HastyPaper is a paper with right answers that came too fast to have been read.
type HastyPaper struct {
	analysis.Hasty
	Paper Paper
}

// Conspicuous is what of the attempts at a bank a person should look at. It is
// no proof and has no consequence by itself.
type Conspicuous struct {
	Bank     BankFigures
	Compared int // pairs of papers compared with each other; 0 when there are too few or they are too short
	Alike    []AlikePapers
	Timed    int     // papers whose times were looked at; 0 when there are too few
	FastRate float64 // share of all right answers that came too fast
	Hasty    []HastyPaper
}

// Conspicuous lists papers that stand out, of people within the actor's reach:
// of two papers, both.
func (a *Academy) Conspicuous(ctx context.Context, who people.Actor, slug string) (c Conspicuous, err error) {
	if err := people.May(who, people.ViewItems); err != nil {
		return c, err
	}
	f, err := a.fareOf(ctx, slug)
	if err != nil {
		return c, err
	}
	c = Conspicuous{Bank: f.figures, Compared: f.alike.Compared, Timed: f.hurried.Compared, FastRate: f.hurried.Rate}
	known := map[string]people.Person{}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		list, err := tx.PersonsByID(f.conspicuous())
		for _, p := range list {
			if people.Allow(who, people.ViewItems, p.Subject()) == nil {
				known[p.ID] = p
			}
		}
		return err
	})
	paper := func(attempt int) (Paper, bool) {
		t := f.takers[attempt]
		p, ok := known[t.person]
		return Paper{Person: p, Percent: t.percent, EndedAt: a.clock(t.endedAt)}, ok
	}
	for _, pair := range f.alike.Pairs {
		first, ok := paper(pair.A)
		second, both := paper(pair.B)
		if ok && both {
			c.Alike = append(c.Alike, AlikePapers{pair, first, second})
		}
	}
	for _, h := range f.hurried.Papers {
		if p, ok := paper(h.Attempt); ok {
			c.Hasty = append(c.Hasty, HastyPaper{h, p})
		}
	}
	return c, err
}

// fare is how a bank fared so far, worked out for so many results of its quiz
// and one edition in force.
type fare struct {
	results int
	hash    string
	figures BankFigures
	takers  []taker // of the attempts looked at, in their order
	alike   analysis.Likeness
	hurried analysis.Haste
}

type taker struct {
	person  string
	percent int
	endedAt time.Time
}

// maxConspicuous bounds how many papers that stand out are listed.
const maxConspicuous = 100

// conspicuous are the people behind papers that stand out.
func (f *fare) conspicuous() (ids []string) {
	add := func(attempt int) {
		if id := f.takers[attempt].person; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, pair := range f.alike.Pairs {
		add(pair.A)
		add(pair.B)
	}
	for _, h := range f.hurried.Papers {
		add(h.Attempt)
	}
	return ids
}

// maxLookedAt bounds how many attempts at one quiz are looked at: the latest.
const maxLookedAt = 5000

func (a *Academy) fareOf(ctx context.Context, slug string) (*fare, error) {
	if _, ok := a.Library().Quizzes[slug]; !ok {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	fares, err := a.fare(ctx, []string{slug})
	return fares[slug], err
}

// fare returns how banks fared. What was worked out before is remembered until a
// result is recorded or another edition is put in force.
func (a *Academy) fare(ctx context.Context, slugs []string) (map[string]*fare, error) {
	l := a.Library()
	fares := map[string]*fare{}
	var stale []string
	var first []store.FirstResult
	var banks map[string]*quiz.Bank
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		tallies, err := tx.QuizTallies(slugs)
		if err != nil {
			return err
		}
		stale = stale[:0]
		for _, slug := range slugs {
			fares[slug] = a.fares.recall(slug, tallies[slug], l.Hash(quizKind, slug))
			if fares[slug] == nil {
				fares[slug] = &fare{results: tallies[slug], hash: l.Hash(quizKind, slug)}
				stale = append(stale, slug)
			}
		}
		if len(stale) == 0 {
			return nil
		}
		if first, err = tx.FirstResults(stale, maxLookedAt); err != nil {
			return err
		}
		banks, err = a.banks(tx, l, first)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, slug := range stale {
		of := slices.DeleteFunc(slices.Clone(first), func(r store.FirstResult) bool { return r.Quiz != slug })
		fares[slug].workOut(l.Quizzes[slug], of, banks)
		a.fares.keep(slug, fares[slug])
	}
	return fares, nil
}

// banks returns the editions that results were graded against, by hash.
func (a *Academy) banks(tx *store.Tx, l *Library, results []store.FirstResult) (map[string]*quiz.Bank, error) {
	banks := map[string]*quiz.Bank{}
	var missing []string
	for _, r := range results {
		if _, ok := banks[r.Edition]; ok {
			continue
		}
		if hit, ok := a.editions.quizzes.Load(r.Quiz + "@" + r.Edition); ok {
			banks[r.Edition] = hit.(*quiz.Bank) //nolint:forcetypeassert // only banks are kept there
		} else if l.Hash(quizKind, r.Quiz) == r.Edition {
			banks[r.Edition] = l.Quizzes[r.Quiz]
		} else {
			banks[r.Edition] = nil
			missing = append(missing, r.Edition)
		}
	}
	if len(missing) == 0 {
		return banks, nil
	}
	editions, err := tx.QuizEditions(missing)
	for _, e := range editions {
		if b, _ := readBank(e); b != nil {
			a.editions.quizzes.Store(e.Slug+"@"+e.Hash, b)
			banks[e.Hash] = b
		}
	}
	return banks, err
}

// workOut analyses the results of a quiz. banks are the editions they were graded
// against; of one that is not there, no question is taken for one of today's.
func (f *fare) workOut(bank *quiz.Bank, results []store.FirstResult, banks map[string]*quiz.Bank) {
	asked := slices.DeleteFunc(slices.Clone(bank.Questions), func(q quiz.Question) bool { return q.Void })
	same := map[string]map[string]bool{} // edition → question → still asked like that
	for hash, b := range banks {
		same[hash] = unchanged(asked, b)
	}
	attempts := make([]analysis.Attempt, 0, len(results))
	trends := map[string][]EditionFigures{}
	for _, r := range results {
		if !slices.ContainsFunc(r.Scores, func(s quiz.Score) bool { return s.Answered }) {
			continue // handed in empty, or from before scores were kept
		}
		for i := range r.Scores {
			s := &r.Scores[i]
			trends[s.Question] = follow(trends[s.Question], r, *s, same[r.Edition][s.Question])
			if !same[r.Edition][s.Question] {
				s.Question += "@" + r.Edition
			}
		}
		attempts = append(attempts, analysis.Attempt{Percent: r.Percent, Passed: r.Passed, Scores: r.Scores})
		f.takers = append(f.takers, taker{r.PersonID, r.Percent, r.EndedAt})
	}
	f.figures = BankFigures{
		Slug: bank.Slug, Title: bank.Title, TitleEN: bank.TitleEN, Pass: bank.Pass,
		Report: analysis.Of(asked, bank.Pass, attempts),
	}
	shown := laidOut(bank)
	for i, q := range asked {
		f.figures.Questions = append(f.figures.Questions, QuestionFigures{
			ItemFigures: f.figures.Report.Items[i], Shown: shown[q.ID],
			Topic: q.Topic, Difficulty: q.Difficulty, Pilot: q.Pilot, Trend: trends[q.ID],
		})
	}
	f.alike, f.hurried = analysis.Alike(attempts), analysis.Hurried(attempts)
	f.alike.Pairs = f.alike.Pairs[:min(len(f.alike.Pairs), maxConspicuous)]
	f.hurried.Papers = f.hurried.Papers[:min(len(f.hurried.Papers), maxConspicuous)]
}

// follow adds a score to a question's trend. Results come the latest first, so
// editions do as well.
func follow(trend []EditionFigures, r store.FirstResult, s quiz.Score, same bool) []EditionFigures {
	i := slices.IndexFunc(trend, func(e EditionFigures) bool { return e.Hash == r.Edition })
	if i < 0 {
		i, trend = len(trend), append(trend, EditionFigures{Hash: r.Edition, Same: same})
	}
	e := &trend[i]
	e.Since = r.EndedAt
	e.Facility = (e.Facility*float64(e.N) + float64(s.Points)/float64(max(s.Max, 1))) / float64(e.N+1)
	e.N++
	return trend
}
