package academy

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"regexp"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay"
	"qibu/roleplay/draft"
	"qibu/roleplay/ink"
	"qibu/roleplay/script"
	"qibu/roleplay/twee"
)

// MaxImport is how long a story from elsewhere may be, in bytes.
const MaxImport = draft.MaxBytes

// importers read the notations a story may come in, by the endings of its file.
var importers = map[string]func(file, title string, src []byte) (draft.Draft, error){
	".twee": twee.Import, ".tw": twee.Import, ".ink": ink.Import,
}

// passage is the first line of a passage, which no story in ink begins with.
var passage = regexp.MustCompile(`(?m)^::`)

// ImportScript begins a scenario with a story that was written in Twee 3 or ink;
// the name of its file, or else the text, tells in which. What was not carried
// over is noted at the top of the draft, in lines that learners never see. A story
// that cannot be taken over is Invalid and says why.
func (a *Academy) ImportScript(ctx context.Context, who people.Actor, slug, filename string, text []byte) error {
	if err := people.May(who, people.WriteScript); err != nil {
		return err
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return invalid("text", "script.import_nothing")
	}
	read, known := importers[strings.ToLower(path.Ext(filename))]
	switch {
	case known:
	case passage.Match(text):
		read = twee.Import
	default:
		read = ink.Import
	}
	leave, err := a.seats.take(ctx, who.ID)
	if err != nil {
		return err
	}
	title := slug
	if filename != "" {
		title = strings.TrimSuffix(path.Base(filename), path.Ext(filename))
	}
	d, err := read(slug+".md", title, text)
	leave()
	if err != nil {
		return &fault.Error{Kind: fault.Invalid, Key: "script.import_failed", Args: fault.Args{"why": err.Error()}, Input: "text"}
	}
	source, err := readable(withNotes(d), MaxScript)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error { return begin(tx, scriptBy(who, slug, source)) })
}

// withNotes is an imported script with what was not carried over as comments
// below its front matter.
func withNotes(d draft.Draft) string {
	source := string(d.Source)
	if len(d.Notes) == 0 {
		return source
	}
	var notes strings.Builder
	notes.WriteString("# 导入时没有照搬的，一条一条看过就可以删：\n")
	for _, n := range d.Notes {
		var at string
		if n.Line > 0 {
			at = fmt.Sprintf("原文第%d行", n.Line)
		}
		if n.Construct != "" {
			at += "「" + n.Construct + "」"
		}
		if at != "" {
			at += "："
		}
		fmt.Fprintf(&notes, "# %s%s\n", at, n.Text)
	}
	front, body, ok := strings.Cut(source, "\n---\n")
	if !ok {
		return notes.String() + source
	}
	return front + "\n---\n" + notes.String() + body
}

// ScriptFile is a scenario to take away.
type ScriptFile struct {
	Name, Type string
	Body       []byte
}

// The forms a scenario can be taken away in.
const (
	FormSource   = "md"    // the 剧本
	FormTwee     = "twee"  // a Twee 3 story
	FormCompiled = "json"  // the canonical form that hashes to the edition
	FormProof    = "proof" // what was proved of it
)

// ExportScript returns the edition in force in one of the forms. While nothing is
// in force, the draft's text and story can be had.
func (a *Academy) ExportScript(ctx context.Context, who people.Actor, slug, form string) (f ScriptFile, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return f, err
	}
	var w writing
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) {
		w, err = work(tx, scenarioKind, slug)
		return err
	})
	if err != nil {
		return f, err
	}
	f = ScriptFile{Name: slug + "." + form, Type: "text/plain; charset=utf-8"}
	if form == FormCompiled || form == FormProof {
		f.Type = "application/json"
	}
	switch form {
	case FormSource:
		f.Body = []byte(w.published())
	case FormTwee:
		sc, err := w.scenario()
		if err != nil {
			return f, err
		}
		f.Body = twee.Export(sc)
	case FormCompiled:
		f.Body = []byte(w.inForce.Compiled)
	case FormProof:
		f.Name += ".json"
		f.Body = []byte(w.inForce.Proof)
	}
	if len(f.Body) == 0 {
		return f, fault.New(fault.NotFound, "error.not_found")
	}
	return f, nil
}

// scenario is what published says; Invalid when that cannot be read.
func (w writing) scenario() (*roleplay.Scenario, error) {
	if w.inForce.Hash != "" {
		sc, problems := readScenario(w.inForce.Edition)
		if sc == nil {
			return nil, problems.Err()
		}
		return sc, nil
	}
	read, _ := script.Parse(w.draft.Slug+".md", []byte(w.draft.Source))
	if read == nil {
		return nil, invalid("source", "script.unreadable")
	}
	return read.Scenario, nil
}
