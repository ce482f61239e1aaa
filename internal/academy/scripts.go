package academy

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/roleplay/explore"
	"qibu/roleplay/script"
)

// MaxScript is how long the text of a script may be, in bytes.
const MaxScript = script.MaxBytes

// Proof is what was proved of an edition when it was published.
type Proof = explore.Proof

// Script is a scenario as its authors see it: what is in force, and what is being
// written.
type Script struct {
	Slug, Title string
	Source      string // what to go on writing on; "" in a list
	Version     int    // of the draft, for whoever saves; 0 while there never was one
	Draft       *UnderWay
	InForce     *ScriptEdition
}

// ScriptEdition is the edition in force.
type ScriptEdition struct {
	Hash       string
	Since      time.Time
	By         string // who put it in force, "" when it came with the program
	Practice   bool   // it is never evidence
	Proof      *Proof // nil on an edition from before there were proofs
	Dimensions []CheckDimension
	Running    int  // sessions under way on it
	Older      int  // sessions under way on earlier editions
	Newer      bool // the program has come with another text since
}

// Scripts lists every scenario that is in force or being written, by slug.
func (a *Academy) Scripts(ctx context.Context, who people.Actor) ([]Script, error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return nil, err
	}
	var inForce []store.InForce
	var drafts []store.Draft
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if inForce, err = tx.AllInForce(scenarioKind); err != nil {
			return err
		}
		drafts, err = tx.OpenDrafts(scenarioKind)
		return err
	})
	if err != nil {
		return nil, err
	}
	scripts := map[string]Script{}
	l := a.Library()
	for _, e := range inForce {
		if _, ok := l.Scenarios[e.Slug]; !ok {
			continue // it came with an earlier program
		}
		if scripts[e.Slug], err = a.scriptOf(l, e, store.Draft{Kind: scenarioKind, Slug: e.Slug}); err != nil {
			return nil, err
		}
	}
	for _, d := range drafts {
		s := scripts[d.Slug]
		s.Slug, s.Title, s.Draft = d.Slug, d.Title, a.underWay(d)
		scripts[d.Slug] = s
	}
	list := make([]Script, 0, len(scripts))
	for _, slug := range sortedKeys(scripts) {
		list = append(list, scripts[slug])
	}
	return list, nil
}

// scriptOf puts together what is in force and what is under way. e is zero when
// nothing is in force.
func (a *Academy) scriptOf(l *Library, e store.InForce, d store.Draft) (Script, error) {
	s := Script{Slug: d.Slug, Title: d.Title, Version: d.Version, Draft: a.underWay(d), Source: d.Source}
	if e.Hash == "" {
		return s, nil
	}
	_, newer := l.newer[key(scenarioKind, e.Slug)]
	s.InForce = &ScriptEdition{Hash: e.Hash, Since: a.clock(e.Since), By: e.By, Running: e.Running, Older: e.Older, Newer: newer}
	if sc, ok := l.Scenarios[e.Slug]; ok {
		s.InForce.Practice = sc.Practice
		for _, d := range sc.Dimensions {
			s.InForce.Dimensions = append(s.InForce.Dimensions, CheckDimension{d.Key, d.Name, explore.Bounds{Min: d.Min, Max: d.Max}})
		}
		if !d.Open() {
			s.Title = sc.Title
		}
	}
	if !d.Open() {
		s.Source = e.Text()
	}
	if e.Proof == "" {
		return s, nil
	}
	s.InForce.Proof = new(Proof)
	if err := json.Unmarshal([]byte(e.Proof), s.InForce.Proof); err != nil {
		return s, fmt.Errorf("proof of %s %s: %w", e.Slug, e.Hash, err)
	}
	return s, nil
}

// ScriptAt returns a scenario with the text to go on writing on. Nothing is
// changed by asking for another text than the draft: that is for saving.
func (a *Academy) ScriptAt(ctx context.Context, who people.Actor, slug, from string) (s Script, err error) {
	if err := people.May(who, people.WriteScript); err != nil {
		return s, err
	}
	l := a.Library()
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		w, err := work(tx, scenarioKind, slug)
		if err != nil {
			return err
		}
		if s, err = a.scriptOf(l, w.inForce, w.draft); err != nil {
			return err
		}
		switch shipped, newer := l.newer[key(scenarioKind, slug)]; {
		case from == FromInForce && s.InForce != nil:
			s.Source = w.inForce.Text()
		case from == FromShipped && newer:
			s.Source = shipped.Text()
		}
		return nil
	})
	return s, err
}
