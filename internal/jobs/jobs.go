// Package jobs does at regular times what nobody asks for: it closes what has
// run out and forgets what no longer matters. A job that is late or fails hurts
// nobody, for what it does is also true before it is written down.
package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Sweep is one job.
type Sweep struct {
	Name string // for the log
	Do   func(context.Context) error
}

// Runner runs sweeps, one after the other, at every tick.
type Runner struct {
	log    *slog.Logger
	every  time.Duration
	sweeps []Sweep
}

// New makes a runner that ticks at the given interval.
func New(log *slog.Logger, every time.Duration, sweeps ...Sweep) *Runner {
	return &Runner{log: log, every: every, sweeps: sweeps}
}

// Run sweeps once at the start and then at every tick, until ctx ends. A sweep
// may take as long as one interval.
func (r *Runner) Run(ctx context.Context) {
	ticker := time.NewTicker(r.every)
	defer ticker.Stop()
	for ctx.Err() == nil {
		for _, s := range r.sweeps {
			r.sweep(ctx, s)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// sweep runs one job and logs its failure, except one that is only the stop.
func (r *Runner) sweep(ctx context.Context, s Sweep) {
	limited, cancel := context.WithTimeout(ctx, r.every)
	defer cancel()
	if err := survive(limited, s); err != nil && ctx.Err() == nil {
		r.log.Error("job failed", "job", s.Name, "err", err)
	}
}

// survive turns a panic into an error, so that the next tick comes.
func survive(ctx context.Context, s Sweep) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return s.Do(ctx)
}
