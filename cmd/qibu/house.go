package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"qibu/internal/academy"
	"qibu/internal/jobs"
	"qibu/internal/store"
	"qibu/internal/web"
)

// drainTime is how long a stop waits for running requests. It is as long as a
// request may take.
const drainTime = 10 * time.Second

// How often the jobs look for something to do, and for what another process on
// the same database has published.
const (
	sweepEvery   = time.Minute
	refreshEvery = 2 * time.Second
)

// house is a Qibu with everything open. What is nil was not opened.
type house struct {
	listener net.Listener
	store    *store.Store
	academy  *academy.Academy
	server   *web.Server
	reload   func() (*academy.Library, error)
	log      *slog.Logger
}

// serve answers requests until ctx ends, then stops in order: no new
// connections, running requests finished, jobs ended, store closed.
func (h *house) serve(ctx context.Context) error {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // before anybody can know that we are up
	defer signal.Stop(hangup)
	background, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	defer stopJobs()
	var swept sync.WaitGroup
	for _, runner := range h.runners() {
		swept.Go(func() { runner.Run(background) })
	}
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(h.listener) }()

	err := h.attend(ctx, served, hangup)

	drain, cancel := context.WithTimeout(background, drainTime)
	defer cancel()
	h.log.Info("stopping")
	err = errors.Join(err, h.server.Shutdown(drain))
	stopJobs()
	swept.Wait()
	err = errors.Join(err, h.store.Close())
	h.log.Info("stopped")
	return err
}

func (h *house) runners() []*jobs.Runner {
	runners := []*jobs.Runner{jobs.New(
		h.log, sweepEvery,
		jobs.Sweep{Name: "expire attempts", Do: func(ctx context.Context) error {
			_, err := h.academy.ExpireAttempts(ctx)
			return err
		}},
		jobs.Sweep{Name: "release results", Do: func(ctx context.Context) error {
			_, err := h.academy.ReleaseResults(ctx)
			return err
		}},
		jobs.Sweep{Name: "grade again", Do: h.academy.ApplyRegrades},
		jobs.Sweep{Name: "sweep logins", Do: h.academy.SweepLogins},
	)}
	if !h.store.Sole() {
		runners = append(runners, jobs.New(h.log, refreshEvery, jobs.Sweep{Name: "refresh editions", Do: h.academy.RefreshEditions}))
	}
	return runners
}

// attend waits for the end, and loads the content again at every SIGHUP.
func (h *house) attend(ctx context.Context, served <-chan error, hangup <-chan os.Signal) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-served:
			return fmt.Errorf("服务停了（the server stopped）：%w", err)
		case <-hangup:
			h.reloadContent(ctx)
		}
	}
}

// reloadContent puts the content files as they are now in force. With an error
// in any of them the old content stays.
func (h *house) reloadContent(ctx context.Context) {
	library, err := h.reload()
	if err == nil {
		err = h.academy.Reload(ctx, library)
	}
	if err != nil {
		h.log.Error("content not reloaded, the old one stays in force", "err", err)
		return
	}
	h.log.Info("content reloaded")
}

// closeAfter closes what is open and returns err.
func (h *house) closeAfter(err error) error {
	if h.listener != nil {
		err = errors.Join(err, h.listener.Close())
	}
	if h.store != nil {
		err = errors.Join(err, h.store.Close())
	}
	return err
}
