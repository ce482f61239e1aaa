package academy

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/quiz/sheet"
	"qibu/roleplay/explore"
)

// BankCheck is what is found in the text of a bank.
type BankCheck struct {
	Findings  []CheckFinding
	Errors    int // findings that keep it from being published
	Warnings  int
	Questions []BankQuestion // as far as the text can be read
	Shown     *BankPreview   // of CheckBank and TryQuestion; nil when there is no question to show

	bank *quiz.Bank // nil with an error in the text
}

// BankQuestion is one question in the outline of a text.
type BankQuestion struct {
	ID, Title, Kind, Topic string
	Line                   int // of its heading
	Critical, Pilot, Void  bool
	Faulty                 bool // it has an error of its own, so it cannot be tried
}

// BankPreview is one question as learners see it, and how an answer to it fares.
type BankPreview struct {
	BankQuestion
	Item   sheet.Item
	Review *sheet.Reviewed // once it was tried
	Link   ModuleLink      // where the review sends to
}

// Readable reports whether the text is a bank, and not only lines.
func (c BankCheck) Readable() bool { return c.bank != nil }

// CheckBank looks through a text that need not be saved, and keeps nothing. It
// shows the question with the given id or, without one, the question that the
// given line of the text belongs to.
func (a *Academy) CheckBank(ctx context.Context, who people.Actor, slug, source, id string, line int) (BankCheck, error) {
	c, preview, err := a.checkBank(ctx, who, slug, source)
	if err != nil {
		return c, err
	}
	if q, ok := c.pick(id, line); ok {
		c.Shown = a.shown(preview, q)
	}
	return c, nil
}

// TryQuestion answers a question of a text that need not be saved, as a learner
// would. Nothing is kept. An answer of the wrong shape is Invalid.
func (a *Academy) TryQuestion(ctx context.Context, who people.Actor, slug, source, id string, answer sheet.Answer) (BankCheck, error) {
	c, preview, err := a.checkBank(ctx, who, slug, source)
	if err != nil {
		return c, err
	}
	q, ok := c.pick(id, 0)
	if !ok || q.Faulty {
		return c, invalid("question", "bank.try_faulty")
	}
	c.Shown = a.shown(preview, q)
	paper := preview.Ask(q.ID, a.trySeed(preview.Slug, q.ID))
	if err := preview.Check(paper, 1, answer); err != nil {
		return c, err
	}
	c.Shown.Item.Answer = answer
	c.Shown.Review = &preview.Grade(paper, map[int]sheet.Answer{1: answer}, nil).Items[0]
	return c, nil
}

// checkBank checks a text when it is its author's turn, and reads what can be
// read of it.
func (a *Academy) checkBank(ctx context.Context, who people.Actor, slug, source string) (c BankCheck, preview *quiz.Bank, err error) {
	if err := people.May(who, people.WriteQuiz); err != nil {
		return c, nil, err
	}
	if source, err = readable(source, MaxBank); err != nil {
		return c, nil, err
	}
	if err := a.store.Read(ctx, func(tx *store.Tx) error { return a.written(tx, quizKind, slug) }); err != nil {
		return c, nil, err
	}
	leave, err := a.seats.take(ctx, who.ID)
	if err != nil {
		return c, nil, err
	}
	defer leave()
	c, preview = a.Library().examineBank(slug, source)
	return c, preview, nil
}

// examineBank looks at a text as publishing it under slug would. The preview has
// what could be read of it.
func (l *Library) examineBank(slug, source string) (c BankCheck, preview *quiz.Bank) {
	in := quiz.Inspect(slug+".md", []byte(source))
	ps := in.Problems
	if ps.Err() == nil {
		if l.crossCheckBank(in.Bank, &ps); ps.Err() == nil {
			c.bank = in.Bank
		}
	}
	for _, p := range ps {
		level := explore.Error
		if p.Warning {
			level = explore.Warn
		}
		c.find(level, p.Line, p.Message)
	}
	for _, f := range l.asked().Duplicates(slug, in.Exchange) {
		c.find(explore.Warn, f.Line, f.Message)
	}
	for _, f := range in.Hints {
		c.find(explore.Info, f.Line, f.Message)
	}
	c.quote(source)
	c.outline(in.Bank)
	return c, in.Bank
}

// find adds a finding, unless it is there already.
func (c *BankCheck) find(level Level, line int, message string) {
	f := CheckFinding{Finding: Finding{Level: level, Line: line, Message: message}}
	if slices.Contains(c.Findings, f) {
		return
	}
	c.Findings = append(c.Findings, f)
	switch level {
	case explore.Error:
		c.Errors++
	case explore.Warn:
		c.Warnings++
	}
}

// quote adds to every finding the line it is about.
func (c *BankCheck) quote(source string) {
	lines := strings.Split(source, "\n")
	for i, f := range c.Findings {
		if f.Line > 0 && f.Line <= len(lines) {
			c.Findings[i].Quote = strings.TrimSpace(lines[f.Line-1])
		}
	}
}

// crossCheckBank finds what a bank that is not in the library points at and is
// not there.
func (l *Library) crossCheckBank(b *quiz.Bank, ps *fault.Problems) {
	if _, ok := l.module(b.Module); !ok {
		ps.Add(b.File, 0, "模块「%s」不存在", b.Module)
	} else if other, taken := l.QuizOf[b.Module]; taken && other != b.Slug {
		ps.Add(b.File, 0, "模块「%s」已经有题库 %s，题目写到那里去", b.Module, other)
	}
	l.checkReferences(b, ps)
}

// readAsked gathers what the banks in force ask.
func (l *Library) readAsked() *quiz.Asked {
	banks := map[string]quiz.Exchange{}
	for _, e := range l.editions {
		if e.Kind == quizKind {
			_, banks[e.Slug], _ = quiz.Read(e.Slug+".md", []byte(e.Text()))
		}
	}
	return quiz.NewAsked(banks)
}

// outline lists the questions of what could be read, and which have errors.
func (c *BankCheck) outline(preview *quiz.Bank) {
	for i, q := range preview.Questions {
		next := 1 << 30
		if i+1 < len(preview.Questions) {
			next = preview.Questions[i+1].Line
		}
		c.Questions = append(c.Questions, BankQuestion{
			ID: q.ID, Title: headingOf(q), Kind: q.Kind, Topic: q.Topic, Line: q.Line,
			Critical: q.Critical, Pilot: q.Pilot, Void: q.Void,
			Faulty: slices.ContainsFunc(c.Findings, func(f CheckFinding) bool {
				return f.Level == explore.Error && f.Line >= q.Line && f.Line < next
			}),
		})
	}
}

// pick finds the question to show: by its id, else the last one that begins at or
// before the line, else the first.
func (c *BankCheck) pick(id string, line int) (BankQuestion, bool) {
	if len(c.Questions) == 0 {
		return BankQuestion{}, false
	}
	if i := slices.IndexFunc(c.Questions, func(q BankQuestion) bool { return id != "" && q.ID == id }); i >= 0 {
		return c.Questions[i], true
	}
	found := c.Questions[0]
	for _, q := range c.Questions {
		if q.Line <= line {
			found = q
		}
	}
	return found, true
}

// shown is a question as a learner meets it. One with an error is only outlined.
func (a *Academy) shown(preview *quiz.Bank, q BankQuestion) *BankPreview {
	p := &BankPreview{BankQuestion: q}
	if q.Faulty {
		return p
	}
	p.Item = preview.Sheet(preview.Ask(q.ID, a.trySeed(preview.Slug, q.ID)), nil).Items[0]
	i := slices.IndexFunc(preview.Questions, func(x quiz.Question) bool { return x.ID == q.ID })
	p.Link = a.Library().moduleLink(preview.Questions[i].Review)
	return p
}

var tag = regexp.MustCompile(`<[^>]*>`)

// headingOf is the first line of a question, without its markup.
func headingOf(q quiz.Question) string {
	first, _, _ := strings.Cut(q.Stem+strings.Join(q.Pieces, "（　）"), "</p>")
	return strings.TrimSpace(html.UnescapeString(tag.ReplaceAllString(first, "")))
}

// trySeed shuffles a question that is tried out: alike each time it is shown.
func (a *Academy) trySeed(slug, id string) [32]byte { return a.seed("try/" + slug + "/" + id) }
