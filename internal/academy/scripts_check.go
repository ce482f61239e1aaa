package academy

import (
	"context"
	"hash/fnv"
	"runtime"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay/explore"
)

// livePositions is how far a text is explored while it is being written: some
// tenths of a second. Publishing explores to the end.
const livePositions = 200_000

// Finding is something to mend in a script, or to know, and Level how grave it is.
type (
	Finding = explore.Finding
	Level   = explore.Level
)

// Check is what is found in the text of a script.
type Check struct {
	Proof
	Findings   []CheckFinding
	Errors     int // findings that keep it from being published
	Warnings   int
	Dimensions []CheckDimension // in the order of the script
	Practice   bool             // it is never evidence
	Map        *StoryMap        // of CheckScript; nil when the text cannot be read

	report *explore.Report
}

// CheckFinding is a finding with the line it is about.
type CheckFinding struct {
	Finding
	Quote string // "" when the whole text is meant
}

// CheckDimension is a competence with the least and the most that any route earns.
type CheckDimension struct {
	Key, Name string
	explore.Bounds
}

// Readable reports whether the text could be read, so that more was looked at
// than its lines.
func (c Check) Readable() bool { return c.report.Script != nil }

// Publishable reports whether the text may be put in force: without an error, and
// proven if it may be evidence.
func (c Check) Publishable() bool { return c.Errors == 0 && (c.Proven || c.Practice) }

// CheckScript looks through a text that need not be saved, and keeps nothing. The
// exploration stops early, so a large scenario may be unproven here and proven
// when it is published.
func (a *Academy) CheckScript(ctx context.Context, who people.Actor, slug, source string) (c Check, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return c, err
	}
	if source, err = readable(source, MaxScript); err != nil {
		return c, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error { return a.written(tx, scenarioKind, slug) })
	if err != nil {
		return c, err
	}
	if c, err = a.examine(ctx, who, slug, source, explore.Positions(livePositions)); err != nil || !c.Readable() {
		return c, err
	}
	m, err := a.DraftMap(ctx, who, slug, c.report.Script.Scenario)
	c.Map = &m
	return c, err
}

// examine compiles a text when it is its author's turn.
func (a *Academy) examine(ctx context.Context, who people.Actor, slug, source string, options ...explore.Option) (Check, error) {
	leave, err := a.seats.take(ctx, who.ID)
	if err != nil {
		return Check{}, err
	}
	defer leave()
	facts := a.Library().Facts
	known := func(id string) bool { _, ok := facts[id]; return ok }
	report := explore.Compile(slug+".md", []byte(source), append(options, explore.Facts(known))...)
	return checkOf(report, source), nil
}

func checkOf(r *explore.Report, source string) Check {
	c := Check{Proof: r.Proof, report: r}
	lines := strings.Split(source, "\n")
	for _, f := range r.Findings {
		switch f.Level {
		case explore.Error:
			c.Errors++
		case explore.Warn:
			c.Warnings++
		}
		x := CheckFinding{Finding: f}
		if f.Line > 0 && f.Line <= len(lines) {
			x.Quote = strings.TrimSpace(lines[f.Line-1])
		}
		c.Findings = append(c.Findings, x)
	}
	if r.Script == nil {
		return c
	}
	sc := r.Script.Scenario
	for _, d := range sc.Dimensions {
		c.Dimensions = append(c.Dimensions, CheckDimension{d.Key, d.Name, r.Dimensions[d.Name]})
	}
	c.Practice = sc.Practice
	return c
}

// seats bound the work of looking through scripts: as many at a time as there are
// processors, and one of a person's.
type seats struct {
	room    chan struct{}
	persons [64]chan struct{} // by a hash of the id
}

func newSeats() *seats {
	s := &seats{room: make(chan struct{}, runtime.GOMAXPROCS(0))}
	for i := range s.persons {
		s.persons[i] = make(chan struct{}, 1)
	}
	return s
}

// take waits for a seat until ctx ends; then it is fault.Unavailable.
func (s *seats) take(ctx context.Context, personID string) (leave func(), err error) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(personID)) // a hash never fails to write
	mine := s.persons[h.Sum32()%uint32(len(s.persons))]
	for i, seat := range []chan struct{}{mine, s.room} {
		select {
		case seat <- struct{}{}:
		case <-ctx.Done():
			if i > 0 {
				<-mine
			}
			return nil, fault.Wrap(fault.TooMany, "draft.busy", ctx.Err())
		}
	}
	return func() { <-s.room; <-mine }, nil
}
