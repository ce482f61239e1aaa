package quiz

import (
	"fmt"
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/quiz/sheet"
)

// given is an answer without its tokens: what was chosen or written. The zero
// value is an answer not given.
type given struct {
	chosen []int    // options in the order given; of a match question one a row, or unplaced
	texts  []string // what was written: one a blank; a figure and its unit; a free text
	mark   *Mark    // of a free text, nil before it is marked
}

func (g given) empty() bool { return g.chosen == nil && g.texts == nil }

// kind is how the questions of one kind are read, credited and reviewed.
type kind struct {
	// read takes an answer that is not empty out of its tokens. A shape that the
	// kind does not allow is a misfit.
	read func(*Question, Slot, sheet.Answer) (given, error)
	// earned returns what an answer that is not empty earns, 0 to q.Points.
	earned func(*Question, given) int
	// review adds to r what was given and what was wanted.
	review func(*Question, Slot, given, *sheet.Reviewed)
}

var byKind = map[string]kind{
	sheet.Single:    {readOne, earnOne, reviewOptions},
	sheet.TrueFalse: {readOne, earnOne, reviewOptions},
	sheet.Multiple:  {readSome, earnSome, reviewOptions},
	sheet.Order:     {readAll, earnOrder, reviewOrder},
	sheet.Hot:       {readSome, earnOrder, reviewOrder},
	sheet.Match:     {readMatch, earnMatch, reviewMatch},
	sheet.Fill:      {readBlanks, earnBlanks, reviewBlanks},
	sheet.Numeric:   {readFigure, earnFigure, reviewFigure},
	sheet.Text:      {readText, earnText, reviewText},
}

// maxEntries is the most entries an answer of any kind can have.
const maxEntries = 100

// Check reports whether a fits slot (1-based) of p in shape: tokens of that slot
// only, as many entries as the kind allows, texts within their length. An empty
// answer fits every slot. It says nothing about right or wrong. Anything else is
// fault.Invalid.
func (b *Bank) Check(p Paper, slot int, a sheet.Answer) error {
	if slot < 1 || slot > len(p.Slots) {
		return misfit("slot %d of %d", slot, len(p.Slots))
	}
	s := p.Slots[slot-1]
	_, err := read(b.question(s.Question), s, a)
	return err
}

func misfit(format string, args ...any) error {
	return fault.Wrap(fault.Invalid, "quiz.answer_misfit", fmt.Errorf(format, args...))
}

func read(q *Question, s Slot, a sheet.Answer) (given, error) {
	switch {
	case len(a) > maxEntries:
		return given{}, misfit("%d entries", len(a))
	case unanswered(a):
		return given{}, nil
	}
	g, err := byKind[q.Kind].read(q, s, a)
	if err != nil {
		return given{}, err
	}
	return g, nil
}

// unanswered reports whether nothing was given: no entry, or only empty ones.
func unanswered(a sheet.Answer) bool {
	return !slices.ContainsFunc(a, func(entry string) bool { return strings.TrimSpace(entry) != "" })
}

// Grade grades the answers and the marks of free texts, both by 1-based slot, to
// paper p. It is pure and counts in integers and exact fractions: the same bank,
// paper, answers and marks give the same result for ever. An answer that Check
// refuses counts as unanswered, and unanswered earns 0. How much an answer earns
// is said at the kinds: earnOne, earnSome, earnOrder, earnMatch, earnBlanks,
// earnFigure, earnText. A void question has full marks for everyone.
//
// The paper is passed when Points*100 >= Pass*Max, no critical question is below
// full marks, no topic is below its minimum, by the same sum over its questions,
// and every free text is marked. Pilot questions are reviewed, but earn and cost
// nothing.
func (b *Bank) Grade(p Paper, answers map[int]sheet.Answer, marks map[int]Mark) sheet.Result {
	r := sheet.Result{PassMark: b.Pass, Items: make([]sheet.Reviewed, len(p.Slots))}
	topics := tally{}
	stories := b.stories()
	for i, s := range p.Slots {
		q := b.question(s.Question)
		item := reviewed(q, s, q.given(s, answers[i+1], marks, i+1))
		item.Slot = i + 1
		item.Case, item.Story = stories.next(q)
		r.Items[i] = item
		r.Points += item.Points
		r.Max += item.Max
		switch {
		case q.Pilot:
			continue
		case item.Pending:
			r.Pending++
		case q.Critical && !item.Right:
			r.CriticalMissed++
		}
		topics.add(q.Topic, item)
	}
	r.Topics = topics.outcomes(b.Minimum)
	r.Percent = r.Points * 100 / max(r.Max, 1)
	r.Passed = r.Points*100 >= r.PassMark*r.Max && r.CriticalMissed == 0 && r.Pending == 0 &&
		!slices.ContainsFunc(r.Topics, func(t sheet.TopicOutcome) bool { return t.Short })
	return r
}

// given returns what was given to q in slot n, nothing when it does not fit.
func (q *Question) given(s Slot, a sheet.Answer, marks map[int]Mark, n int) given {
	g, err := read(q, s, a)
	if err != nil {
		return given{}
	}
	if m, ok := marks[n]; ok {
		g.mark = &m
	}
	return g
}

// credit returns the points that an answer earns, 0 to q.Points.
func credit(q *Question, g given) int {
	switch {
	case q.Void:
		return q.Points
	case g.empty():
		return 0
	}
	return byKind[q.Kind].earned(q, g)
}

func reviewed(q *Question, s Slot, g given) sheet.Reviewed {
	points := credit(q, g)
	r := sheet.Reviewed{
		Kind: q.Kind, Stem: q.Stem, Pieces: q.Pieces, Picture: q.Picture, Points: points, Max: q.Points,
		Right: points == q.Points, Critical: q.Critical, Pilot: q.Pilot, Void: q.Void,
		Explanation: q.Explanation, Sources: q.Sources, Review: q.Review,
	}
	switch {
	case q.Void || q.pending(g):
	case r.Right:
		r.Said = q.Said.Right
	case points > 0:
		r.Said = q.Said.Partly
	default:
		r.Said = q.Said.Wrong
	}
	byKind[q.Kind].review(q, s, g, &r)
	if q.Pilot {
		r.Points, r.Max = 0, 0
	}
	return r
}

// tally sums points by topic.
type tally map[string]sheet.TopicOutcome

func (t tally) add(topic string, item sheet.Reviewed) {
	o := t[topic]
	o.Points += item.Points
	o.Max += item.Max
	t[topic] = o
}

// outcomes lists the topics in order, each with what it needed.
func (t tally) outcomes(minimum map[string]int) []sheet.TopicOutcome {
	var list []sheet.TopicOutcome
	for topic, o := range t {
		if topic == "" {
			continue
		}
		o.Topic, o.Need = topic, minimum[topic]
		o.Short = o.Points*100 < o.Need*o.Max
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b sheet.TopicOutcome) int { return strings.Compare(a.Topic, b.Topic) })
	return list
}
