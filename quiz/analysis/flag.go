package analysis

import (
	"math"
	"slices"
	"time"

	"qibu/quiz"
	"qibu/quiz/sheet"
)

// Flag is something about a question that its author should look at. What is
// said about it is the business of whoever shows it.
type Flag struct {
	Code   string
	Option int // index of the option it is about, with FlagUnused only
}

// What can be found about a question, the gravest first.
const (
	FlagKey    = "key"    // who does well elsewhere gets it wrong: is the key right?
	FlagGuess  = "guess"  // answered as if nobody had read it, or no better than by chance
	FlagFlat   = "flat"   // tells who knows from who does not no better than chance
	FlagHard   = "hard"   // hardly anybody is right
	FlagUnused = "unused" // hardly anybody takes this wrong option
	FlagTime   = "time"   // takes much longer than the others
	FlagEasy   = "easy"   // nearly everybody is right
)

// Where the flags begin. A question that nearly everybody gets right cannot tell
// people apart, and a critical one is meant to be like that.
const (
	reversed   = -0.10 // correlation; nothing this low comes of a sound question by chance more than once in twenty, with thirty takers
	flat       = 0.10  // correlation
	tooEasy    = 0.95  // facility
	tooHard    = 0.30  // facility
	unused     = 0.05  // share of an option: Haladyna and Downing, Educational and Psychological Measurement 53 (1993)
	hasty      = 0.10  // share of answers too fast to have been read
	slow       = 3     // times the typical median
	fewestSlow = 5     // questions whose time is known, to call something typical
	beyond     = 1.645 // standard errors within which a facility is that of chance
)

// flag says of every question what is to be looked at.
func flag(questions []quiz.Question, items []Item) {
	typical := typicalTime(items)
	for i := range items {
		if items[i].N >= FewForFlags {
			items[i].Flags = flagsOf(questions[i], items[i], typical)
		}
	}
}

func flagsOf(q quiz.Question, i Item, typical time.Duration) (flags []Flag) {
	add := func(code string, yes bool) {
		if yes {
			flags = append(flags, Flag{Code: code, Option: -1})
		}
	}
	easy, wrongWay := i.Facility > tooEasy, i.Correlation <= reversed
	indistinct := i.N >= FewForItems && !easy && !wrongWay && (i.Correlation < flat || math.IsNaN(i.Correlation))
	guessed := i.Timed >= FewForFlags && i.Rapid >= hasty || indistinct && i.byChance(blind(q))
	add(FlagKey, wrongWay)
	add(FlagGuess, guessed)
	add(FlagFlat, indistinct && !guessed)
	add(FlagHard, i.Facility < tooHard && !guessed)
	if i.N >= FewForItems && q.Kind != sheet.TrueFalse && !q.Critical && !easy {
		for o, option := range i.Options {
			if !option.Right && option.Share < unused {
				flags = append(flags, Flag{Code: FlagUnused, Option: o})
			}
		}
	}
	add(FlagTime, i.Timed >= FewForFlags && typical > 0 && i.Median >= slow*typical)
	add(FlagEasy, easy && !q.Critical)
	return flags
}

// byChance reports whether the facility is what blind guessing would bring.
func (i Item) byChance(guess float64) bool {
	return guess > 0 && i.Facility <= guess+beyond*math.Sqrt(guess*(1-guess)/float64(i.N))
}

// blind is the chance of full marks for who has not read the question; 0 where
// there is nothing to guess from.
func blind(q quiz.Question) float64 {
	n := len(q.Options)
	switch {
	case n < 2:
		return 0
	case q.Kind == sheet.Single, q.Kind == sheet.TrueFalse:
		return 1 / float64(n)
	case q.Kind == sheet.Multiple:
		return 1 / (math.Exp2(float64(n)) - 1) // any choice but none
	case q.Kind == sheet.Order, q.Kind == sheet.Hot:
		return 1 / math.Gamma(float64(n+1))
	case q.Kind == sheet.Match:
		return math.Pow(float64(n), -float64(len(q.Rows)))
	}
	return 0
}

// typicalTime is the median of the questions' median times; 0 when there are too
// few to call anything typical.
func typicalTime(items []Item) time.Duration {
	var medians []time.Duration
	for _, i := range items {
		if i.Timed >= FewForFlags {
			medians = append(medians, i.Median)
		}
	}
	if len(medians) < fewestSlow {
		return 0
	}
	slices.Sort(medians)
	return medians[len(medians)/2]
}
