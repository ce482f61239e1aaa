package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRunSweepsAtTheStartAndAtEveryTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var at []time.Duration
		start := time.Now()
		count := Sweep{Name: "count", Do: func(context.Context) error {
			at = append(at, time.Since(start))
			return nil
		}}
		go New(slog.New(slog.DiscardHandler), time.Minute, count).Run(ctx)
		time.Sleep(2*time.Minute + time.Second)
		stop()
		synctest.Wait()
		time.Sleep(time.Hour)
		if len(at) != 3 || at[0] != 0 || at[1] != time.Minute || at[2] != 2*time.Minute {
			t.Errorf("swept at %v, want at 0, 1 and 2 minutes and never after the stop", at)
		}
	})
}

func TestAFailureOrPanicIsLoggedAndStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		runs := 0
		sweeps := []Sweep{
			{Name: "broken", Do: func(context.Context) error { return errors.New("disk on fire") }},
			{Name: "wild", Do: func(context.Context) error { panic("out of cheese") }},
			{Name: "good", Do: func(context.Context) error { runs++; return nil }},
		}
		go New(slog.New(slog.NewTextHandler(&log, nil)), time.Minute, sweeps...).Run(ctx)
		time.Sleep(time.Minute + time.Second)
		stop()
		synctest.Wait()
		if runs != 2 {
			t.Errorf("the sweep after the broken ones ran %d times, want 2", runs)
		}
		for _, want := range []string{"job=broken", "disk on fire", "job=wild", "out of cheese"} {
			if strings.Count(log.String(), want) < 2 {
				t.Errorf("log does not say %q twice:\n%s", want, log.String())
			}
		}
	})
}

func TestAStopEndsTheRunningSweepQuietly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var log bytes.Buffer
		ended := false
		slow := Sweep{Name: "slow", Do: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		go func() {
			New(slog.New(slog.NewTextHandler(&log, nil)), time.Hour, slow).Run(ctx)
			ended = true
		}()
		time.Sleep(time.Second)
		stop()
		synctest.Wait()
		if !ended || log.Len() > 0 {
			t.Errorf("ended %v, log %q; want a quiet end", ended, log.String())
		}
	})
}

func TestASweepThatHangsGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		runs := 0
		hang := Sweep{Name: "hang", Do: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}
		count := Sweep{Name: "count", Do: func(context.Context) error { runs++; return nil }}
		go New(slog.New(slog.DiscardHandler), time.Minute, hang, count).Run(ctx)
		time.Sleep(time.Minute + time.Second)
		synctest.Wait()
		if runs != 1 {
			t.Errorf("the sweep after the hanging one ran %d times, want once within two intervals", runs)
		}
		stop()
		synctest.Wait()
	})
}
