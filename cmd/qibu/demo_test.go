package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qibu/internal/academy"
	"qibu/internal/cert"
	"qibu/internal/people"
	"qibu/quiz/sheet"
)

// demonstration makes the demo's data and opens it.
func demonstration(t *testing.T) *academy.Academy {
	t.Helper()
	library, err := curriculum{}.load()
	if err != nil {
		t.Fatal(err)
	}
	d := demo{Data: filepath.Join(t.TempDir(), "demo")}
	s := &serve{organisation: organisation{Zone: "Asia/Shanghai", Issuer: "七步"}}
	if err := d.prepare(t.Context(), s, library, console{out: &printed{}}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return openFor(t, d.Data)
}

func TestDemo(t *testing.T) {
	a := demonstration(t)
	t.Run("history", func(t *testing.T) { checkHistory(t, a) })
	t.Run("advisor", func(t *testing.T) { checkAdvisor(t, a) })
	t.Run("trainer", func(t *testing.T) { checkTrainer(t, a) })
	t.Run("accounts", func(t *testing.T) { checkAccounts(t, a) })
}

// Somebody stands in every state HR can meet.
func checkHistory(t *testing.T, a *academy.Academy) {
	t.Helper()
	_, hr, err := a.SignIn(t.Context(), "hr", demoPassword, "test")
	if err != nil {
		t.Fatal(err)
	}
	list, err := a.Statuses(t.Context(), people.Actor{ID: hr.ID, Roles: hr.Roles}, academy.StatusQuery{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]cert.State{}
	for _, row := range list.Rows {
		got[row.Name] = row.Standing.State
	}
	want := map[string]cert.State{
		zhang.name: cert.InProgress, ouyang.name: cert.Expired, chen.name: cert.Certified,
		heXiaoman.name: cert.AwaitingPractical, jiang.name: cert.InProgress, maimaiti.name: cert.RenewalOpen,
		gu.name: cert.Grace, du.name: cert.Revoked, wu.name: cert.AwaitingPractical, bai.name: cert.InProgress,
		feng.name: cert.NotStarted,
	}
	for name, state := range want {
		if got[name] != state {
			t.Errorf("%s is %q, want %s", name, got[name], state)
		}
	}
	if len(list.Stores) != 3 {
		t.Errorf("%d stores, want 3", len(list.Stores))
	}
}

// The advisor has something late, something due soon and a talk to finish.
func checkAdvisor(t *testing.T, a *academy.Academy) {
	t.Helper()
	_, p, err := a.SignIn(t.Context(), "advisor", demoPassword, "test")
	if err != nil {
		t.Fatal(err)
	}
	who := people.Actor{ID: p.ID, Roles: p.Roles, TimeFactor: 100}
	home, err := a.Home(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	var late, soon int
	for _, todo := range home.Todo {
		switch {
		case todo.LateDays > 0:
			late++
		case todo.DaysLeft <= 3:
			soon++
		}
	}
	if late != 1 || soon != 2 || home.Next == nil {
		t.Errorf("%d late and %d soon, next %v; want 1, 2 and something", late, soon, home.Next)
	}
	practice, err := a.Practice(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	if practice.Of == 0 || len(practice.Outlook) == 0 || practice.Habit == (academy.Habit{}) {
		t.Errorf("nothing to practise or to look back on: %+v", practice)
	}
	rehearsals, err := a.Rehearsals(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	var open, played int
	for _, r := range rehearsals {
		if r.Open != "" {
			open++
		}
		played += r.Plays
	}
	if open != 1 || played != 1 {
		t.Errorf("%d rehearsals open and %d played, want one each", open, played)
	}
}

// The trainer has somebody to sign for and somebody to unlock.
func checkTrainer(t *testing.T, a *academy.Academy) {
	t.Helper()
	_, p, err := a.SignIn(t.Context(), "trainer", demoPassword, "test")
	if err != nil {
		t.Fatal(err)
	}
	trainer := people.Actor{ID: p.ID, Name: p.Name, StoreID: p.StoreID, Roles: p.Roles}
	candidates, err := a.Candidates(t.Context(), trainer)
	if err != nil {
		t.Fatal(err)
	}
	if len(candidates) == 0 || candidates[0].Name != heXiaoman.name {
		t.Errorf("the first to be signed for is not %s, who lacks nothing else: %+v", heXiaoman.name, candidates)
	}
	var stuck string
	for _, c := range candidates {
		if c.Name == jiang.name {
			stuck = c.PersonID
		}
	}
	checkExams(t, a, trainer)
	if err := a.UnlockRetake(t.Context(), trainer, stuck, "professional-image", "一起复习过了"); err != nil {
		t.Errorf("unlock: %v", err)
	}
}

// One exam is to come, one is over: somebody passed it, somebody failed, somebody
// was absent.
func checkExams(t *testing.T, a *academy.Academy, trainer people.Actor) {
	t.Helper()
	exams, err := a.Sittings(t.Context(), trainer, 1)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[academy.Phase]string{}
	for _, row := range exams.Rows {
		ids[row.Phase] = row.ID
	}
	if len(exams.Rows) != 2 || ids[academy.PhaseAhead] == "" {
		t.Errorf("exams: %+v", exams.Rows)
	}
	over, err := a.Board(t.Context(), trainer, ids[academy.PhaseClosed])
	if err != nil {
		t.Fatal(err)
	}
	want := map[sheet.Candidacy]int{sheet.Passed: 2, sheet.Failed: 1, sheet.Absent: 1}
	if diff := cmp.Diff(want, over.Counts); diff != "" {
		t.Errorf("how the exam went (-want +got):\n%s", diff)
	}
}

// The four passwords are printed; nobody else can be logged in as.
func checkAccounts(t *testing.T, a *academy.Academy) {
	t.Helper()
	var open []string
	for _, p := range everybody {
		if _, _, err := a.SignIn(t.Context(), p.staffNo, demoPassword, "test"); err == nil {
			open = append(open, p.account)
		}
	}
	if diff := cmp.Diff([]string{"advisor", "trainer", "hr", "admin"}, open); diff != "" {
		t.Errorf("accounts that open with the printed password (-want +got):\n%s", diff)
	}
}

func TestDemoIsMadeOnce(t *testing.T) {
	library, err := curriculum{}.load()
	if err != nil {
		t.Fatal(err)
	}
	s := &serve{organisation: organisation{Zone: "Asia/Shanghai"}}
	d := demo{Data: filepath.Join(t.TempDir(), "demo")}
	prepare := func() string {
		t.Helper()
		var out printed
		if err := d.prepare(t.Context(), s, library, console{out: &out}, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if prepare() == "" {
		t.Error("nothing was made at the first start")
	}
	if prepare() != "" {
		t.Error("it was made again at the second start")
	}
	if d.Fresh = true; prepare() == "" {
		t.Error("nothing was made with --fresh")
	}
}

// A directory with anything else in it is neither used nor removed.
func TestDemoKeepsAwayFromOtherDirectories(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, "qibu.db")
	if err := os.WriteFile(file, []byte("real"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--data", data}, {"--data", data, "--fresh"}} {
		code, _, log := qibu(t, "", append([]string{"demo", "--addr", anyAddr}, args...)...)
		if code != 1 || !strings.Contains(log, data) {
			t.Errorf("%v: exit %d, %s", args, code, log)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestDemoListensOnThisMachineOnly(t *testing.T) {
	for _, addr := range []string{":8080", "0.0.0.0:8080", "192.168.1.2:8080", "[::]:8080", "example.com:80"} {
		code, _, log := qibu(t, "", "demo", "--data", t.TempDir(), "--addr", addr)
		if code != 1 || !strings.Contains(log, addr) {
			t.Errorf("%s: exit %d, %s", addr, code, log)
		}
	}
}
