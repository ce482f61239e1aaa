package academy

import (
	"context"
	_ "embed"
	"errors"
	"regexp"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// scriptTemplate is a whole small scenario that can be published as it is.
//
//go:embed scripts_template.md
var scriptTemplate string

var titleLine = regexp.MustCompile(`(?m)^[ \t　]*标题[ \t　]*[:：](.*)$`)

// NewScript begins a scenario under a slug of its own: a copy of the one under
// from, or of a small working one when from is empty.
func (a *Academy) NewScript(ctx context.Context, who people.Actor, slug, from string) error {
	if err := people.May(who, people.WriteScript); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		source := scriptTemplate
		if from != "" {
			w, err := work(tx, scenarioKind, from)
			if errors.Is(err, fault.NotFound) {
				return invalid("from", "script.from_gone")
			}
			if err != nil {
				return err
			}
			source = w.text()
		}
		return begin(tx, scriptBy(who, slug, source))
	})
}

// SaveDraft keeps source as the draft of a scenario, in place of the version it
// was made from, and returns the version it now has. Learners go on with what is
// in force. ErrDraftMoved says that the draft has another version by now and
// nothing was saved; the same text saved twice is saved once.
func (a *Academy) SaveDraft(ctx context.Context, who people.Actor, slug, source string, version int) (saved int, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return 0, err
	}
	source, err = readable(source, MaxScript)
	if err != nil {
		return 0, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
		saved, err = keep(tx, scriptBy(who, slug, source), version)
		return err
	})
	return saved, err
}

// DiscardDraft throws a draft away. What is in force stays; a scenario of which
// nothing was ever published is gone.
func (a *Academy) DiscardDraft(ctx context.Context, who people.Actor, slug string, version int) error {
	if err := people.May(who, people.WriteScript); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		w, err := discard(tx, who, scenarioKind, slug, version)
		if err != nil || !w.draft.Open() {
			return err
		}
		return audit(tx, who, "discard_script", w.draft.Title, slug, "")
	})
}

func scriptBy(who people.Actor, slug, source string) store.Draft {
	return store.Draft{Kind: scenarioKind, Slug: slug, Title: titleOf(slug, source), Source: source, ByID: who.ID}
}

// titleOf finds the title in a text that need not be readable yet; without one
// the slug stands for it.
func titleOf(slug, source string) string {
	if found := titleLine.FindStringSubmatch(source); found != nil {
		if title := strings.TrimSpace(found[1]); title != "" {
			return title
		}
	}
	return slug
}
