package academy

import (
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
)

// UnderWay is a text that somebody is writing. Learners do not see it.
type UnderWay struct {
	By string
	At time.Time
}

func (a *Academy) underWay(d store.Draft) *UnderWay {
	if !d.Open() {
		return nil
	}
	return &UnderWay{By: d.By, At: a.clock(d.SavedAt)}
}

// Which text of a piece to go on writing on.
const (
	FromDraft   = ""        // the draft, or the text in force when there is none
	FromInForce = "inforce" // the text in force, whatever is in the draft
	FromShipped = "shipped" // the text the program has come with since
)

// ErrDraftMoved says that somebody else has saved or published meanwhile: look at
// both texts and decide.
var ErrDraftMoved = fault.New(fault.Conflict, "draft.moved")

// writing is what the database has of one quiz or scenario that is written here.
type writing struct {
	inForce store.InForce // zero when nothing is published
	draft   store.Draft   // not open when nothing is under way
}

// work reads what there is of a kind under a slug; fault.NotFound when there is
// nothing.
func work(tx *store.Tx, kind, slug string) (w writing, err error) {
	if w.inForce, err = tx.InForce(kind, slug); err != nil && !errors.Is(err, fault.NotFound) {
		return w, err
	}
	if w.draft, err = tx.Draft(kind, slug); err != nil {
		return w, err
	}
	if w.inForce.Hash == "" && !w.draft.Open() {
		return w, fault.New(fault.NotFound, "error.not_found")
	}
	return w, nil
}

// written is fault.NotFound unless there is a piece of that name, in force or being
// written.
func (a *Academy) written(tx *store.Tx, kind, slug string) error {
	if a.Library().Hash(kind, slug) != "" {
		return nil
	}
	draft, err := tx.Draft(kind, slug)
	if err == nil && !draft.Open() {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return err
}

// text is what somebody goes on writing on.
func (w writing) text() string {
	if w.draft.Open() {
		return w.draft.Source
	}
	return w.inForce.Text()
}

// published is the text in force, or the draft while there is none.
func (w writing) published() string {
	if w.inForce.Hash != "" {
		return w.inForce.Text()
	}
	return w.draft.Source
}

// maxSlug is how long the name of a piece in addresses may be.
const maxSlug = 60

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reserved are slugs that would hide pages.
var reserved = map[string]bool{"new": true, "import": true}

// begin makes the first draft under a slug nobody has used.
func begin(tx *store.Tx, d store.Draft) error {
	if len(d.Slug) > maxSlug || !slugShape.MatchString(d.Slug) || reserved[d.Slug] {
		return invalid("slug", "draft.slug_shape")
	}
	w, err := work(tx, d.Kind, d.Slug)
	if err == nil {
		return invalid("slug", "draft.slug_taken")
	}
	if !errors.Is(err, fault.NotFound) {
		return err
	}
	d.Version = w.draft.Version // of a draft that was thrown away
	_, err = saveDraft(tx, d)
	return err
}

func saveDraft(tx *store.Tx, d store.Draft) (version int, err error) {
	saved, err := tx.SaveDraft(d)
	if err == nil && !saved {
		err = ErrDraftMoved
	}
	return d.Version + 1, err
}

// keep saves d in place of version version, unless that is the text already, and
// returns the version there then is.
func keep(tx *store.Tx, d store.Draft, version int) (int, error) {
	w, err := work(tx, d.Kind, d.Slug)
	if err != nil || w.text() == d.Source {
		return w.draft.Version, err
	}
	d.Version = version
	return saveDraft(tx, d)
}

// discard leaves nothing under way of a piece and returns what there was.
func discard(tx *store.Tx, who people.Actor, kind, slug string, version int) (writing, error) {
	w, err := work(tx, kind, slug)
	if err != nil || !w.draft.Open() {
		return w, err
	}
	return w, closeDraft(tx, who, w.draft, version)
}

// closeDraft leaves nothing under way of what is version version of d.
func closeDraft(tx *store.Tx, who people.Actor, d store.Draft, version int) error {
	_, err := saveDraft(tx, store.Draft{Kind: d.Kind, Slug: d.Slug, Version: version, ByID: who.ID})
	return err
}

func invalid(input, key string) error {
	return &fault.Error{Kind: fault.Invalid, Key: key, Input: input}
}

// readable is a text as it is kept: lines end in \n. What is empty, longer than
// most bytes or no text is Invalid.
func readable(source string, most int) (string, error) {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	switch {
	case strings.TrimSpace(source) == "":
		return "", invalid("source", "draft.empty")
	case len(source) > most:
		return "", &fault.Error{Kind: fault.Invalid, Key: "draft.too_long", Args: fault.Args{"kb": most >> 10}, Input: "source"}
	case !utf8.ValidString(source) || strings.ContainsRune(source, 0):
		return "", invalid("source", "draft.no_text")
	}
	return source, nil
}
