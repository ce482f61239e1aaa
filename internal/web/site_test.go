package web

import (
	"context"
	"crypto/sha256"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"qibu/content"
	"qibu/internal/academy"
	"qibu/internal/assign"
	"qibu/internal/cert"
	"qibu/internal/fault"
	"qibu/internal/people"
	"qibu/internal/store"
	"qibu/internal/store/storetest"
	"qibu/quiz"
	"qibu/quiz/sheet"
)

// site is the whole product as people meet it: a real database, content, every
// route behind a real port, and people of every role in two stores.
type site struct {
	*running
	academy      *academy.Academy
	store        *store.Store
	south, north people.Store
	mu           sync.Mutex
	instant      time.Time
	heard        func(*user, string, answer) // when set, is told of every answer
}

// user is somebody with a browser. The zero user is a visitor.
type user struct {
	people.Person
	token  string
	things map[string]string // what can be named in an address: "{attempt}" → id
}

// answer is what the server sent.
type answer struct {
	status int
	body   string
	header http.Header
}

func (a answer) location() string { return a.header.Get("Location") }

const password = "qibu for everybody"

// cheapHash is the hash of password with next to no work in it: what a real one
// costs is not the business of these tests, and there are many people in them.
var cheapHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(password, &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err)
	}
	return hash
})

// shipped is the content of the product, read and proven once: it never changes.
var shipped = sync.OnceValues(func() (*academy.Library, fault.Problems) {
	library, problems := academy.LoadLibrary(content.FS, nil)
	if library == nil {
		return nil, problems
	}
	return library.Prove()
})

func openSite(t *testing.T) *site {
	t.Helper()
	library, problems := shipped()
	if library == nil {
		t.Fatal(problems.Err())
	}
	return openSiteWith(t, library)
}

// openSiteWith opens a site with a library. It is a Monday morning, and stays it
// unless a test moves the clock.
func openSiteWith(t *testing.T, library *academy.Library) *site {
	t.Helper()
	s := &site{instant: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	var err error
	if s.store, err = store.Open(t.Context(), store.Config{Dir: storetest.Dir(t), Now: s.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	s.academy, err = academy.Open(t.Context(), academy.Config{
		Store: s.store, Library: library, Now: s.now, Zone: time.FixedZone("CST", 8*3600), Issuer: "七步汽车",
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	s.running = startWith(t, Config{Academy: s.academy}, allRoutes(s.academy)...)
	s.south, s.north = s.addStore(t, "城南店"), s.addStore(t, "城北店")
	return s
}

func (s *site) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.instant
}

func (s *site) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instant = s.instant.Add(d)
}

// write changes the database behind the product's back.
func (s *site) write(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.store.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func (s *site) addStore(t *testing.T, name string) people.Store {
	t.Helper()
	where := people.Store{ID: store.NewID(), Name: name}
	s.write(t, func(tx *store.Tx) error { return tx.AddStore(where) })
	return where
}

// add makes a person and logs in.
func (s *site) add(t *testing.T, where people.Store, name, staffNo string, roles ...people.Role) *user {
	t.Helper()
	u := &user{Person: people.Person{
		ID: store.NewID(), Account: people.NormalizeLogin("a-" + staffNo), StaffNo: staffNo, Name: name,
		StoreID: where.ID, Store: where.Name, Post: "服务顾问", Language: "zh", TimeFactor: 100, Roles: roles,
	}}
	s.write(t, func(tx *store.Tx) error { return tx.AddPerson(u.Person, cheapHash()) })
	u.things = map[string]string{
		"{person}": u.ID, "{name}": u.Name, "{staff_no}": u.StaffNo, "{account}": u.Account, "{store}": u.StoreID,
	}
	for _, role := range roles {
		u.things["{role}"] = string(role)
	}
	s.login(t, u)
	return u
}

// login gives a user's browser a new login.
func (s *site) login(t *testing.T, u *user) {
	t.Helper()
	var err error
	if u.token, _, err = s.academy.SignIn(context.Background(), u.Account, password, "Firefox/140.0 Windows"); err != nil {
		t.Fatal(err)
	}
}

// actor is the user as she comes to a use case.
func (s *site) actor(t *testing.T, u *user) people.Actor {
	t.Helper()
	who, _, err := s.academy.Resume(context.Background(), u.token)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// send asks as a browser on the site's own pages does; header adds to that, or
// overwrites it.
func (s *site) send(t *testing.T, who *user, method, path, body string, header map[string]string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Accept", "text/html")
	if method != http.MethodGet {
		req.Header.Set("Origin", s.base)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if who.token != "" {
		req.Header.Set("Cookie", "qibu="+who.token)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	a := answer{res.StatusCode, string(text), res.Header}
	if s.heard != nil {
		s.heard(who, method+" "+path, a)
	}
	return a
}

func (s *site) get(t *testing.T, who *user, path string) answer {
	t.Helper()
	return s.send(t, who, http.MethodGet, path, "", nil)
}

func (s *site) post(t *testing.T, who *user, path string, form url.Values) answer {
	t.Helper()
	return s.send(t, who, http.MethodPost, path, form.Encode(), nil)
}

// fingerprint changes with anything in the database.
func (s *site) fingerprint(t *testing.T) [sha256.Size]byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "copy.db")
	if err := s.store.Backup(context.Background(), file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(text)
}

// town is a site whose people have done things.
type town struct {
	*site
	visitor                     *user
	advisor, trainer, hr, admin *user // of the south store
	mate                        *user // another advisor of the south store
	stranger                    *user // an advisor of the north store
}

func openTown(t *testing.T) *town {
	t.Helper()
	s := openSite(t)
	w := &town{site: s, visitor: &user{things: map[string]string{}}}
	w.advisor = s.add(t, s.south, "林晓", "QB-101", people.Advisor)
	w.mate = s.add(t, s.south, "何宁", "QB-102", people.Advisor)
	w.trainer = s.add(t, s.south, "周敏", "QB-103", people.Trainer)
	w.hr = s.add(t, s.south, "吴静", "QB-104", people.HR)
	w.admin = s.add(t, s.south, "郑凯", "QB-105", people.Admin)
	w.stranger = s.add(t, s.north, "孙悦", "QB-201", people.Advisor)
	for _, u := range w.everybody() {
		s.live(t, u)
		s.summon(t, u, s.actor(t, u).StoreID)
	}
	for _, slug := range []string{draftScenario, "draft-trainer", "draft-admin", "spare-trainer", "spare-admin"} {
		if err := s.academy.NewScript(t.Context(), s.actor(t, w.trainer), slug, ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, slug := range []string{draftQuiz, "draft-trainer", "draft-admin", "spare-trainer", "spare-admin"} {
		if err := s.academy.NewBank(t.Context(), s.actor(t, w.trainer), slug, "", failedQuiz); err != nil {
			t.Fatal(err)
		}
	}
	withdrawn := s.rewrite(t, w.trainer, failedQuiz, " topic=D1 difficulty=1", " void topic=D1 difficulty=1")
	if _, err := s.academy.PublishBank(t.Context(), s.actor(t, w.trainer), failedQuiz, withdrawn.Version, withdrawn.InForce.Hash); err != nil {
		t.Fatal(err)
	}
	s.rewrite(t, w.trainer, spareQuiz, "\npass: ", "\nforms: 2\npass: ")
	for _, u := range w.everybody() {
		u.things["{asked}"] = s.asking(t, s.actor(t, u), failedQuiz) // what was asked before may be withdrawn
	}
	s.proposeRegrade(t, w.admin, "regrade-trainer", doneQuiz)
	s.proposeRegrade(t, w.trainer, "regrade-hr", openQuiz)
	s.proposeRegrade(t, w.trainer, "regrade-admin", spareQuiz)
	panel, ripe := s.openPanel(t, doneQuiz, w.trainer), s.openPanel(t, failedQuiz, w.trainer, w.trainer, w.admin)
	for _, u := range append(w.everybody(), w.visitor) {
		u.things["{panel}"], u.things["{ripe}"] = panel, ripe
		u.things["{corrected}"] = s.academy.Library().Hash("quiz", failedQuiz)
		u.things["{base}"] = s.academy.Library().Hash("quiz", spareQuiz)
	}
	return w
}

// rewrite saves a draft of a bank in which something is written otherwise.
func (s *site) rewrite(t *testing.T, by *user, slug, old, now string) academy.BankText {
	t.Helper()
	who := s.actor(t, by)
	b, err := s.academy.BankAt(t.Context(), who, slug, academy.FromDraft)
	if err != nil {
		t.Fatal(err)
	}
	source := strings.ReplaceAll(b.Source, old, now)
	if b.Version, err = s.academy.SaveBank(t.Context(), who, slug, source, b.Version); err != nil {
		t.Fatal(err)
	}
	return b
}

// proposeRegrade has a correction of a quiz wait for a second person.
func (s *site) proposeRegrade(t *testing.T, by *user, id, slug string) {
	t.Helper()
	s.write(t, func(tx *store.Tx) error {
		return tx.AddRegrade(store.Regrade{
			ID: id, Quiz: slug, Edition: s.academy.Library().Hash("quiz", slug), ProposedByID: by.ID, Reason: "第 3 题两个选项都说得通",
		})
	})
}

// openPanel opens a panel on a quiz, the first round of which judges are through with.
func (s *site) openPanel(t *testing.T, slug string, by *user, judges ...*user) (id string) {
	t.Helper()
	id, err := s.academy.OpenPanel(t.Context(), s.actor(t, by), slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, judge := range judges {
		who, said := s.actor(t, judge), map[string]int{}
		panel, err := s.academy.Panel(t.Context(), who, id)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range panel.Questions {
			said[q.ID] = 70
		}
		if err := s.academy.Judge(t.Context(), who, id, said); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// everybody is everybody with a login.
func (w *town) everybody() []*user {
	return []*user{w.advisor, w.mate, w.trainer, w.hr, w.admin, w.stranger}
}

// Quizzes and scenarios of the content: one of each is done, one is open.
const (
	openQuiz, doneQuiz         = "vehicle-walkaround", "listen-and-explain"
	failedQuiz                 = "professional-image"
	openScenario, doneScenario = "rp01-appointment-exhaust", "rp03-wang-walkaround"
	lastModule                 = "complaint-handling/listen-and-explain"
	judgedQuestion             = "brake-soft" // of doneQuiz

	// Those that are only drafts, and those short enough to be sent with every form.
	draftScenario = "rp20-car-wash"
	draftQuiz     = "tire-change"
	spareQuiz     = "step-1-appointment" // with a draft, and nothing else
	tinyBank      = "---%0Atitle: 小%0A---%0A## 车要晚 {%23late topic=D6}%0A- [x] 先打过去%0A- [ ] 等他来问%0A  > 怕打扰他%0A%0A依据：S4-035 · 复习：seven-steps/vehicle-walkaround%23covers%0A"
	tinyScript    = "---%0A标题：小%0A角色：客户=王先生%0A处境：你好%0A仪表：情绪=50%0A维度：D1%0A及格：总分>=60%0A---%0A## 开头%0A- 好【D1 1】%0A- 不好【D1 0】%0A## 结束【结局：完】%0A客户：行"
)

// live gives a user one of everything: an attempt and a session under way, one
// of each ended, sessions practised, tasks, a quiz failed too often, and a certificate.
func (s *site) live(t *testing.T, u *user) {
	t.Helper()
	who := s.actor(t, u)
	s.assign(t, u, "trainer", assign.Module, "seven-steps/step-1-appointment")
	s.assign(t, u, "hr", assign.Scenario, "rp11-complaint-cold-attitude")
	s.fail(t, u)
	u.things["{attempt}"] = s.startAttempt(t, who, openQuiz)
	s.rememberToken(t, u, who)
	u.things["{ended}"] = s.startAttempt(t, who, doneQuiz)
	if _, err := s.academy.Submit(t.Context(), who, u.things["{ended}"]); err != nil {
		t.Fatal(err)
	}
	u.things["{explained}"] = s.asking(t, who, failedQuiz)
	forgot := academy.PracticeAnswer{Asking: u.things["{explained}"], Daily: true}
	if err := s.academy.AnswerPractice(t.Context(), who, failedQuiz, forgot); err != nil {
		t.Fatal(err)
	}
	u.things["{asked}"] = s.asking(t, who, failedQuiz)
	u.things["{session}"] = s.startSession(t, who, openScenario, true)
	st := s.session(t, who, u.things["{session}"])
	u.things["{choice}"], u.things["{document}"] = st.Options[0].Token, st.Documents[0].Token
	u.things["{practice}"] = s.rehearse(t, who, openScenario, false, 1)
	u.things["{practised}"] = s.rehearse(t, who, doneScenario, false, toTheEnd)
	u.things["{debriefed}"] = s.rehearse(t, who, doneScenario, true, toTheEnd)
	for _, id := range []string{u.things["{practised}"], u.things["{debriefed}"]} {
		if err := s.academy.Intend(t.Context(), who, id, "稳"); err != nil {
			t.Fatal(err)
		}
	}
	u.things["{played}"] = s.rehearse(t, who, doneScenario, true, toTheEnd)
	s.certify(t, u, who)
}

// toTheEnd is more turns than any scenario has.
const toTheEnd = 99

// rehearse begins a session and says the first thing there is to say, so many times.
func (s *site) rehearse(t *testing.T, who people.Actor, slug string, exam bool, turns int) (id string) {
	t.Helper()
	id = s.startSession(t, who, slug, exam)
	for st := s.session(t, who, id); !st.Ended && turns > 0; turns-- {
		var err error
		if st, err = s.academy.Choose(t.Context(), who, id, st.Step, st.Options[0].Token); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// assign gives a user a task, which one of the roles is going to withdraw.
func (s *site) assign(t *testing.T, u *user, role, kind, ref string) {
	t.Helper()
	u.things["{task-"+role+"}"] = kind + ":" + ref
	s.write(t, func(tx *store.Tx) error {
		return tx.AddAssignments([]assign.Assignment{{
			ID: store.NewID(), Person: u.ID, Kind: kind, Ref: ref, Due: s.academy.Today().AddDays(9),
			Source: assign.Manual, ByID: u.ID, At: tx.Now,
		}})
	})
}

// fail has a user use up the attempts at a quiz, some days ago.
func (s *site) fail(t *testing.T, u *user) {
	t.Helper()
	library := s.academy.Library()
	bank := library.Quizzes[failedQuiz]
	s.write(t, func(tx *store.Tx) error {
		for n := 1; n <= bank.Retake.Max; n++ {
			at := tx.Now.Add(time.Duration(n-7) * 24 * time.Hour)
			a := quiz.Attempt{
				ID: store.NewID(), Person: u.ID, Quiz: failedQuiz, Hash: library.Hash("quiz", failedQuiz), Number: n,
				State: quiz.InProgress, StartedAt: at, Deadline: at.Add(time.Hour), Paper: bank.Draw([32]byte{byte(n)}, nil),
			}
			if err := tx.AddAttempt(a); err != nil {
				return err
			}
			if err := tx.EndAttempt(a.Submit(bank, nil, at.Add(time.Minute))); err != nil {
				return err
			}
		}
		return nil
	})
}

// rememberToken keeps an option of a single-choice question of the open attempt.
func (s *site) rememberToken(t *testing.T, u *user, who people.Actor) {
	t.Helper()
	open, err := s.academy.Attempt(t.Context(), who, u.things["{attempt}"])
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range open.Sheet.Items {
		if item.Kind == sheet.Single {
			u.things["{slot}"], u.things["{token}"] = strconv.Itoa(item.Slot), item.Options[0].Token
		}
	}
}

// asking asks a question of a bank in practice and returns the asking's id.
func (s *site) asking(t *testing.T, who people.Actor, slug string) string {
	t.Helper()
	a, err := s.academy.PractiseQuiz(t.Context(), who, slug)
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func (s *site) startAttempt(t *testing.T, who people.Actor, slug string) string {
	t.Helper()
	id, err := s.academy.StartAttempt(t.Context(), who, slug)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (s *site) startSession(t *testing.T, who people.Actor, slug string, exam bool) string {
	t.Helper()
	id, err := s.academy.StartSession(t.Context(), who, slug, exam, true)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (s *site) session(t *testing.T, who people.Actor, id string) academy.Stage {
	t.Helper()
	st, err := s.academy.Session(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// certify puts all but one requirement of the first certification on the ledger
// and has the user read the last module, which brings the certificate.
func (s *site) certify(t *testing.T, u *user, who people.Actor) {
	t.Helper()
	policy := s.academy.Library().Certifications[0]
	s.write(t, func(tx *store.Tx) error {
		for _, r := range policy.Initial {
			if r.Ref == lastModule {
				continue
			}
			_, err := tx.AppendLedger(u.ID, "", cert.Event{
				Kind: cert.EventEvidence, Day: s.academy.Today(), At: tx.Now, Requirement: r.Kind, Ref: r.Ref,
				Outcome: cert.Passed, Percent: 90, SourceID: "earlier " + r.Ref,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	course, slug, _ := strings.Cut(lastModule, "/")
	module, ok := s.academy.Library().Catalogue.Module(course, slug)
	if !ok {
		t.Fatal("no module " + lastModule)
	}
	var headings []string
	for _, h := range module.Body.Headings {
		headings = append(headings, h.ID)
	}
	if _, err := s.academy.MarkRead(t.Context(), who, course, slug, headings); err != nil {
		t.Fatal(err)
	}
	goals, err := s.academy.Goals(t.Context(), who)
	if err != nil || len(goals[0].Certificates) != 1 {
		t.Fatalf("%s is %s and has %d certificates: %v", u.Name, goals[0].Standing.State, len(goals[0].Certificates), err)
	}
	u.things["{certificate}"] = goals[0].Certificates[0].Number
	u.things["{certification}"] = policy.Slug
}

// fill puts a user's things into an address or a form.
func (u *user) fill(pattern string) string {
	for name, value := range u.things {
		pattern = strings.ReplaceAll(pattern, name, url.QueryEscape(value))
	}
	return pattern
}
