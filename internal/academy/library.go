package academy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"
	"sync"

	"qibu/courses"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/markdown"
	"qibu/internal/store"
	"qibu/quiz"
	"qibu/roleplay"
	"qibu/roleplay/explore"
	"qibu/roleplay/script"
)

// The kinds of edition.
const (
	courseKind        = "course"
	quizKind          = "quiz"
	scenarioKind      = "scenario"
	certificationKind = "certification"
)

// Library is all content in force, loaded, checked and ready to use. It never
// changes: a reload makes a new one.
type Library struct {
	Catalogue      *courses.Catalogue
	Tracks         []Track
	Search         *courses.Index
	Facts          map[string]courses.Fact
	Quizzes        map[string]*quiz.Bank         // by slug
	Scenarios      map[string]*roleplay.Scenario // by slug; without bounds until they are compiled
	Certifications []*cert.Policy                // by level, then slug
	Observations   []cert.ObservationItem
	Help           []HelpPage

	QuizOf   map[string]string // module ref → slug of its quiz
	pictures map[string][]byte // of questions: "img/car-top.svg" → SVG
	editions []store.Edition
	hashes   map[string]string        // "kind/slug" → hash
	newer    map[string]store.Edition // "kind/slug" → what came with the program after a trainer's was put in force
	asked    func() *quiz.Asked       // by the banks in force; worked out once, when somebody first writes one
}

// Track is a path through the courses for one post.
type Track struct {
	Slug    string   `yaml:"slug"`
	Title   string   `yaml:"title"`
	TitleEN string   `yaml:"title_en"`
	Courses []string `yaml:"courses"`
}

// HelpPage is one page of the in-app help.
type HelpPage struct {
	Slug, Title, TitleEN, Audience string
	Body                           markdown.Document
}

// Certification returns a policy by slug.
func (l *Library) Certification(slug string) (*cert.Policy, bool) {
	i := slices.IndexFunc(l.Certifications, func(p *cert.Policy) bool { return p.Slug == slug })
	if i < 0 {
		return nil, false
	}
	return l.Certifications[i], true
}

// Observation returns an item of the practical checklist by its id, such as "O6".
func (l *Library) Observation(id string) (cert.ObservationItem, bool) {
	i := slices.IndexFunc(l.Observations, func(o cert.ObservationItem) bool { return o.ID == id })
	if i < 0 {
		return cert.ObservationItem{}, false
	}
	return l.Observations[i], true
}

// Hash returns the content hash in force of a piece of content.
func (l *Library) Hash(kind, slug string) string { return l.hashes[key(kind, slug)] }

// key names a piece of content among all kinds.
func key(kind, slug string) string { return kind + "/" + slug }

// LoadLibrary reads and checks the content of base, with over laid on top: where
// over has a course, a quiz, a scenario or a certification, the whole piece comes
// from there. over may be nil. The library is nil when any problem is an error.
func LoadLibrary(base, over fs.FS) (*Library, fault.Problems) {
	l := &Library{
		Quizzes: map[string]*quiz.Bank{}, Scenarios: map[string]*roleplay.Scenario{},
		QuizOf: map[string]string{}, hashes: map[string]string{}, newer: map[string]store.Edition{},
	}
	l.asked = sync.OnceValue(l.readAsked)
	pieces, ps := gather(base, over)
	facts, problems := courses.LoadFacts(base)
	ps = append(ps, problems...)
	l.Facts = facts
	var list []*courses.Course
	for _, e := range pieces {
		switch e.Kind {
		case courseKind:
			c, problems := courses.LoadCourse(e.Files, e.Slug, facts)
			ps = append(ps, problems...)
			if c != nil {
				list = append(list, c)
			}
		case quizKind:
			b, problems := parseQuiz(e)
			ps = append(ps, problems...)
			if b != nil {
				l.Quizzes[e.Slug] = b
			}
		case scenarioKind:
			name, src := onlyFile(e, "scenarios")
			s, problems := script.Parse(name, src)
			ps = append(ps, problems...)
			if s != nil {
				l.Scenarios[e.Slug] = s.Scenario
			}
		case certificationKind:
			p, problems := parseCertification(e)
			ps = append(ps, problems...)
			if p != nil {
				l.Certifications = append(l.Certifications, p)
			}
		}
		l.editions = append(l.editions, e)
		l.hashes[key(e.Kind, e.Slug)] = e.Hash
	}
	sort.Slice(l.Certifications, func(i, j int) bool {
		a, b := l.Certifications[i], l.Certifications[j]
		return a.Level+a.Slug < b.Level+b.Slug
	})
	l.loadCatalogue(base, over, list, &ps)
	l.loadObservations(base, &ps)
	l.loadHelp(base, &ps)
	l.loadPictures(base, over, &ps)
	l.crossCheck(&ps)
	if ps.Err() != nil {
		return nil, ps
	}
	l.Search = courses.NewIndex(l.Catalogue)
	return l, ps
}

// gather collects every piece of content as an edition, by kind and slug.
func gather(base, over fs.FS) ([]store.Edition, fault.Problems) {
	var ps fault.Problems
	found := map[string]store.Edition{}
	for _, fsys := range []fs.FS{base, over} {
		if fsys == nil {
			continue
		}
		collectPieces(fsys, found, &ps)
	}
	keys := make([]string, 0, len(found))
	for key := range found {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	pieces := make([]store.Edition, len(keys))
	for i, key := range keys {
		pieces[i] = found[key]
		pieces[i].Hash = hashOf(pieces[i].Files)
	}
	return pieces, ps
}

func collectPieces(fsys fs.FS, found map[string]store.Edition, ps *fault.Problems) {
	add := func(kind, slug string, files map[string]string) {
		found[key(kind, slug)] = store.Edition{Kind: kind, Slug: slug, Files: files, Origin: store.Shipped}
	}
	dirs, err := fs.ReadDir(fsys, "courses")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		ps.Add("courses", 0, "读不出来：%v", err)
	}
	for _, d := range dirs {
		if !d.IsDir() {
			continue
		}
		files, err := readTree(fsys, path.Join("courses", d.Name()))
		if err != nil {
			ps.Add(path.Join("courses", d.Name()), 0, "读不出来：%v", err)
			continue
		}
		add(courseKind, d.Name(), files)
	}
	for _, single := range []struct{ kind, pattern string }{
		{quizKind, "quizzes/*.md"}, {scenarioKind, "scenarios/*.md"}, {certificationKind, "certifications/*.yaml"},
	} {
		names, _ := fs.Glob(fsys, single.pattern) // the patterns are well-formed
		for _, name := range names {
			if path.Base(name) == "observation.yaml" {
				continue
			}
			text, err := fs.ReadFile(fsys, name)
			if err != nil {
				ps.Add(name, 0, "读不出来：%v", err)
				continue
			}
			slug := strings.TrimSuffix(path.Base(name), path.Ext(name))
			add(single.kind, slug, map[string]string{path.Base(name): string(text)})
		}
	}
}

// readTree reads every file below dir, by path inside it.
func readTree(fsys fs.FS, dir string) (map[string]string, error) {
	files := map[string]string{}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(fsys, name)
		files[strings.TrimPrefix(name, dir+"/")] = string(text)
		return err
	})
	return files, err
}

// hashOf is the content hash: SHA-256 over the JSON of path → text, whose keys
// encoding/json sorts.
func hashOf(files map[string]string) string {
	text, err := json.Marshal(files)
	if err != nil {
		panic(err) // strings always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func onlyFile(e store.Edition, folder string) (name string, src []byte) {
	for file, text := range e.Files {
		return path.Join(folder, file), []byte(text)
	}
	return path.Join(folder, e.Slug), nil
}

func parseQuiz(e store.Edition) (*quiz.Bank, fault.Problems) {
	name, src := onlyFile(e, "quizzes")
	return quiz.Parse(name, src)
}

func parseCertification(e store.Edition) (*cert.Policy, fault.Problems) {
	name, src := onlyFile(e, "certifications")
	return cert.Parse(name, src)
}

// compiled returns the library with its quizzes and scenarios in compiled form, as
// far as they are not: a text that was published before as it was then, every
// other anew. It is nil when one of those has an error.
func (l *Library) compiled(known map[string]store.Edition) (*Library, fault.Problems) {
	next := l.copied()
	var ps fault.Problems
	for i, e := range next.editions {
		if e.Compiled != "" || e.Kind != quizKind && e.Kind != scenarioKind {
			continue
		}
		if before, ok := known[key(e.Kind, e.Slug)]; ok && next.put(i, before) == nil {
			continue
		}
		switch e.Kind {
		case quizKind:
			next.editions[i].Compiled = string(next.Quizzes[e.Slug].JSON())
		case scenarioKind:
			name, src := onlyFile(e, "scenarios")
			report := explore.Compile(name, src, explore.Facts(l.knows))
			ps = append(ps, problems(name, report)...)
			if sc := report.Scenario; sc != nil {
				e.Hash, e.Compiled, e.Proof = report.Hash, string(sc.JSON()), proofText(report.Proof)
				next.editions[i], next.Scenarios[e.Slug], next.hashes[key(e.Kind, e.Slug)] = e, sc, e.Hash
			}
		}
	}
	if ps.Err() != nil {
		return nil, ps
	}
	return next, ps
}

// Prove looks through the scenarios of a library as publishing them would, and
// returns it with their compiled forms; nil when one of them has an error.
func (l *Library) Prove() (*Library, fault.Problems) { return l.compiled(nil) }

// with returns the library with an edition of a quiz or a scenario in force.
func (l *Library) with(e store.Edition) (*Library, error) {
	next := l.copied()
	delete(next.newer, key(e.Kind, e.Slug))
	i := slices.IndexFunc(next.editions, func(x store.Edition) bool { return x.Kind == e.Kind && x.Slug == e.Slug })
	if i < 0 {
		i = len(next.editions)
		next.editions = append(next.editions, e)
	}
	return next, next.put(i, e)
}

// copied is the library with whatever a quiz or a scenario changes in it as its own.
func (l *Library) copied() *Library {
	next := *l
	next.Quizzes, next.QuizOf, next.Scenarios = maps.Clone(l.Quizzes), maps.Clone(l.QuizOf), maps.Clone(l.Scenarios)
	next.hashes, next.newer, next.editions = maps.Clone(l.hashes), maps.Clone(l.newer), slices.Clone(l.editions)
	next.asked = sync.OnceValue(next.readAsked)
	return &next
}

// put has an edition of a quiz or a scenario take place i among the editions. One
// that cannot be read changes nothing.
func (l *Library) put(i int, e store.Edition) error {
	switch e.Kind {
	case quizKind:
		b, ps := readBank(e)
		if b == nil {
			return ps.Err()
		}
		if old, ok := l.Quizzes[e.Slug]; ok && l.QuizOf[old.Module] == e.Slug {
			delete(l.QuizOf, old.Module)
		}
		l.Quizzes[e.Slug], l.QuizOf[b.Module] = b, e.Slug
	case scenarioKind:
		sc, ps := readScenario(e)
		if sc == nil {
			return ps.Err()
		}
		l.Scenarios[e.Slug] = sc
	}
	l.editions[i], l.hashes[key(e.Kind, e.Slug)] = e, e.Hash
	return nil
}

func (l *Library) knows(fact string) bool {
	_, ok := l.Facts[fact]
	return ok
}

// problems are the findings of a report that an author of content should mend.
func problems(file string, r *explore.Report) (ps fault.Problems) {
	for _, f := range r.Findings {
		switch f.Level {
		case explore.Error:
			ps.Add(file, f.Line, "%s", f.Message)
		case explore.Warn:
			ps.Warn(file, f.Line, "%s", f.Message)
		}
	}
	return ps
}

// proofText is a proof as it is kept.
func proofText(p explore.Proof) string {
	text, err := json.Marshal(p)
	if err != nil {
		panic(err) // plain structs of strings and integers always marshal
	}
	return string(text)
}

// loadCatalogue reads the order of the courses: over's, if it has one.
func (l *Library) loadCatalogue(base, over fs.FS, list []*courses.Course, ps *fault.Problems) {
	const file = "catalogue.yaml"
	var c struct {
		Courses []string `yaml:"courses"`
		Tracks  []Track  `yaml:"tracks"`
	}
	from := base
	if over != nil {
		if _, err := fs.Stat(over, file); err == nil {
			from = over
		}
	}
	text, err := fs.ReadFile(from, file)
	if err != nil {
		ps.Add(file, 0, "读不出来：%v", err)
	}
	*ps = append(*ps, markdown.YAML(file, text, &c)...)
	have := map[string]bool{}
	for _, course := range list {
		have[course.Slug] = true
		if !slices.Contains(c.Courses, course.Slug) {
			ps.Add(file, 0, "没有列出课程 %s", course.Slug)
		}
	}
	for _, slug := range c.Courses {
		if !have[slug] {
			ps.Add(file, 0, "列出的课程 %s 不存在", slug)
		}
	}
	l.Tracks = c.Tracks
	l.Catalogue = courses.NewCatalogue(list, c.Courses)
}

func (l *Library) loadObservations(base fs.FS, ps *fault.Problems) {
	const file = "certifications/observation.yaml"
	text, err := fs.ReadFile(base, file)
	if err != nil {
		ps.Add(file, 0, "读不出来：%v", err)
		return
	}
	items, problems := cert.ParseObservation(file, text)
	*ps = append(*ps, problems...)
	l.Observations = items
}

func (l *Library) loadHelp(base fs.FS, ps *fault.Problems) {
	names, _ := fs.Glob(base, "help/*.md")
	for _, name := range names {
		text, err := fs.ReadFile(base, name)
		if err != nil {
			ps.Add(name, 0, "读不出来：%v", err)
			continue
		}
		var front struct {
			Title    string `yaml:"title"`
			TitleEN  string `yaml:"title_en"`
			Audience string `yaml:"audience"`
		}
		body, line, problems := markdown.FrontMatter(name, text, &front)
		*ps = append(*ps, problems...)
		doc, problems := markdown.Render(body, markdown.Options{File: name, FirstLine: line, RequireIDs: true})
		*ps = append(*ps, problems...)
		l.Help = append(l.Help, HelpPage{
			Slug: strings.TrimSuffix(path.Base(name), ".md"), Title: front.Title, TitleEN: front.TitleEN,
			Audience: front.Audience, Body: doc,
		})
	}
}

// crossCheck finds references between pieces that lead nowhere.
func (l *Library) crossCheck(ps *fault.Problems) {
	for _, slug := range sortedKeys(l.Quizzes) {
		b := l.Quizzes[slug]
		if _, ok := l.module(b.Module); !ok {
			ps.Add(b.File, 0, "模块「%s」不存在", b.Module)
		} else if other, twice := l.QuizOf[b.Module]; twice {
			ps.Add(b.File, 0, "模块「%s」已经有小测 %s", b.Module, other)
		} else {
			l.QuizOf[b.Module] = slug
		}
		l.checkReferences(b, ps)
	}
	drills := map[string]cert.Requirement{}
	for _, p := range l.Certifications {
		file := "certifications/" + p.Slug + ".yaml"
		for _, r := range slices.Concat(p.Initial, p.Renewal, p.Lapsed) {
			if !l.exists(r) {
				ps.Add(file, 0, "要求「%s」指向的 %s 不存在", r.Title, r.Ref)
			}
			if r.Kind != cert.Practice {
				continue
			}
			// Evidence is recorded once for whoever requires it, so it has to mean one thing.
			if other, ok := drills[r.Ref]; ok && !r.Alike(other) {
				ps.Add(file, 0, "要求「%s」和别处对 %s 的练习要求不一样，一份题库只能有一种练习要求", r.Title, r.Ref)
			}
			drills[r.Ref] = r
		}
	}
	for _, m := range l.modules() {
		if _, ok := l.QuizOf[m.Ref()]; !ok {
			ps.Warn(m.File, 0, "这个模块还没有小测")
		}
	}
}

// checkReferences finds what the questions of a bank point at and is not there.
func (l *Library) checkReferences(b *quiz.Bank, ps *fault.Problems) {
	for _, q := range b.Questions {
		if !l.headingExists(q.Review) {
			ps.Add(b.File, q.Line, "复习位置「%s」不存在", q.Review)
		}
		if q.Picture != nil && l.pictures[q.Picture.Source] == nil {
			ps.Add(b.File, q.Line, "图「%s」不存在", q.Picture.Source)
		}
		l.checkFacts(b.File, q.Line, q.Sources, ps)
	}
}

func (l *Library) checkFacts(file string, line int, ids []string, ps *fault.Problems) {
	for _, id := range ids {
		if !l.knows(id) {
			ps.Add(file, line, "没有编号为 %s 的事实", id)
		}
	}
}

// exists reports whether what a requirement names is there.
func (l *Library) exists(r cert.Requirement) bool {
	var ok bool
	switch r.Kind {
	case cert.Module:
		_, ok = l.module(r.Ref)
	case cert.Quiz, cert.Practice:
		_, ok = l.Quizzes[r.Ref]
	case cert.Scenario:
		_, ok = l.Scenarios[r.Ref]
	case cert.Observation:
		_, ok = l.Observation(r.Ref)
	}
	return ok
}

// module returns a module by its ref, "course/module".
func (l *Library) module(ref string) (*courses.Module, bool) {
	course, slug, ok := strings.Cut(ref, "/")
	if !ok {
		return nil, false
	}
	return l.Catalogue.Module(course, slug)
}

func (l *Library) modules() []*courses.Module {
	var all []*courses.Module
	for _, c := range l.Catalogue.Courses {
		all = append(all, c.Modules...)
	}
	return all
}

// headingExists reports whether "course/module#heading" leads to a paragraph.
func (l *Library) headingExists(review string) bool {
	ref, id, ok := strings.Cut(review, "#")
	if !ok {
		return false
	}
	m, ok := l.module(ref)
	return ok && slices.ContainsFunc(m.Body.Headings, func(h markdown.Heading) bool { return h.ID == id })
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// Coverage tells an author how far the content goes.
type Coverage struct {
	Facts, FactsUsed              int
	Modules, Questions, Scenarios int
}

// Cover counts what the library uses of the facts.
func (l *Library) Cover() Coverage {
	used := map[string]bool{}
	c := Coverage{Facts: len(l.Facts), Scenarios: len(l.Scenarios)}
	for _, m := range l.modules() {
		c.Modules++
		for _, id := range m.Body.Sources {
			used[id] = true
		}
	}
	for _, b := range l.Quizzes {
		c.Questions += len(b.Questions)
		for _, q := range b.Questions {
			for _, id := range q.Sources {
				used[id] = true
			}
		}
	}
	for _, s := range l.Scenarios {
		for _, id := range s.Sources() {
			used[id] = true
		}
	}
	c.FactsUsed = len(used)
	return c
}

func (c Coverage) String() string {
	return fmt.Sprintf("事实 %d/%d，模块 %d，题目 %d，剧本 %d", c.FactsUsed, c.Facts, c.Modules, c.Questions, c.Scenarios)
}
