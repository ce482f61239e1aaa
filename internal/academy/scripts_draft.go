package academy

import (
	"context"
	_ "embed"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// scriptTemplate is a whole small scenario that can be published as it is.
//
//go:embed scripts_template.md
var scriptTemplate string

// maxSlug is how long the name of a scenario in addresses may be.
const maxSlug = 60

var (
	slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	titleLine = regexp.MustCompile(`(?m)^[ \t　]*标题[ \t　]*[:：](.*)$`)
)

// reserved are slugs that would hide pages.
var reserved = map[string]bool{"new": true, "import": true}

// ErrDraftMoved says that somebody else has saved or published meanwhile: look at
// both texts and decide.
var ErrDraftMoved = fault.New(fault.Conflict, "script.moved")

// NewScript begins a scenario under a slug of its own: a copy of the one under
// from, or of a small working one when from is empty.
func (a *Academy) NewScript(ctx context.Context, who people.Actor, slug, from string) error {
	if err := people.May(who, people.WriteScript); err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		source := scriptTemplate
		if from != "" {
			w, err := work(tx, from)
			if errors.Is(err, fault.NotFound) {
				return invalid("from", "script.from_gone")
			}
			if err != nil {
				return err
			}
			source = w.text()
		}
		return beginScript(tx, who, slug, source)
	})
}

// beginScript makes the first draft under a slug nobody has used.
func beginScript(tx *store.Tx, who people.Actor, slug, source string) error {
	if len(slug) > maxSlug || !slugShape.MatchString(slug) || reserved[slug] {
		return invalid("slug", "script.slug_shape")
	}
	w, err := work(tx, slug)
	if err == nil {
		return invalid("slug", "script.slug_taken")
	}
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	d := draftBy(who, slug, source)
	d.Version = w.draft.Version // of a draft that was thrown away
	_, err = saveDraft(tx, d)
	return err
}

func invalid(input, key string) error {
	return &fault.Error{Kind: fault.Invalid, Key: key, Input: input}
}

// SaveDraft keeps source as the draft of a scenario, in place of the version it
// was made from, and returns the version it now has. Learners go on with what is
// in force. ErrDraftMoved says that the draft has another version by now and
// nothing was saved; the same text saved twice is saved once.
func (a *Academy) SaveDraft(ctx context.Context, who people.Actor, slug, source string, version int) (saved int, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return 0, err
	}
	source, err = readable(source)
	if err != nil {
		return 0, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		w, err := work(tx, slug)
		if err != nil {
			return err
		}
		if w.text() == source {
			saved = w.draft.Version
			return nil
		}
		d := draftBy(who, slug, source)
		d.Version = version
		saved, err = saveDraft(tx, d)
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
		w, err := work(tx, slug)
		if err != nil || !w.draft.Open() {
			return err
		}
		if err := closeDraft(tx, who, slug, version); err != nil {
			return err
		}
		return audit(tx, who, "discard_script", w.draft.Title, slug, "")
	})
}

// closeDraft leaves nothing under way.
func closeDraft(tx *store.Tx, who people.Actor, slug string, version int) error {
	_, err := saveDraft(tx, store.Draft{Slug: slug, Version: version, ByID: who.ID})
	return err
}

func saveDraft(tx *store.Tx, d store.Draft) (version int, err error) {
	saved, err := tx.SaveDraft(d)
	if err == nil && !saved {
		err = ErrDraftMoved
	}
	return d.Version + 1, err
}

func draftBy(who people.Actor, slug, source string) store.Draft {
	return store.Draft{Slug: slug, Title: titleOf(slug, source), Source: source, ByID: who.ID}
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

// readable is a text as it is kept: lines end in \n. What is empty, too long or
// no text is Invalid.
func readable(source string) (string, error) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	switch {
	case strings.TrimSpace(source) == "":
		return "", invalid("source", "script.empty")
	case len(source) > MaxScript:
		return "", invalid("source", "script.too_long")
	case !utf8.ValidString(source) || strings.ContainsRune(source, 0):
		return "", invalid("source", "script.no_text")
	}
	return source, nil
}
