package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"qibu/internal/academy"
	"qibu/internal/store"
)

func TestCheckTheShippedContent(t *testing.T) {
	code, out, log := qibu(t, "", "check")
	if code != 0 || !strings.Contains(out, "模块") {
		t.Errorf("exit %d\n%s%s", code, out, log)
	}
}

func TestCheckNamesFileAndLine(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "quizzes"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "quizzes", "new.md"), []byte("---\ntitle: 新题\ncolour: red\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := qibu(t, "", "check", dir)
	if code != 1 || !strings.Contains(out, "quizzes/new.md:3: ") {
		t.Errorf("exit %d, want 1 and line 3 of the file named:\n%s", code, out)
	}
	if code, _, log := qibu(t, "", "check", filepath.Join(dir, "nowhere")); code != 1 || !strings.Contains(log, "nowhere") {
		t.Errorf("a missing directory: exit %d, %s", code, log)
	}
}

// A module without a quiz is worth a warning: check passes, check --strict does not.
func TestCheckStrictFailsOnWarnings(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	old := "courses/seven-steps/05-vehicle-walkaround.md"
	text, err := os.ReadFile(filepath.Join(dir, old))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "courses/seven-steps/06-again.md"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := qibu(t, "", "check", dir); code != 0 || !strings.Contains(out, "06-again.md: 提醒：") {
		t.Errorf("exit %d, want 0 and a warning:\n%s", code, out)
	}
	if code, _, _ := qibu(t, "", "check", "--strict", dir); code != 1 {
		t.Errorf("strict: exit %d, want 1", code)
	}
}

func TestUserInAnEmergency(t *testing.T) {
	data := t.TempDir()
	add := []string{"user", "add", "--data", data, "--account", "Boss", "--staff-no", "001", "--name", "石大寒", "--store", "城南店"}
	if code, _, log := qibu(t, "short\n", add...); code != 1 || !strings.Contains(log, "8") {
		t.Errorf("a short password: exit %d, %s", code, log)
	}
	if code, _, log := qibu(t, "correct horse\n", add...); code != 0 {
		t.Fatalf("add: exit %d, %s", code, log)
	}
	if code, out, log := qibu(t, "", "user", "list", "--data", data); code != 0 || out != "001\tboss\t石大寒\t城南店\tadmin\n" {
		t.Errorf("list: exit %d, %q, %s", code, out, log)
	}
	code, out, log := qibu(t, "battery staple\n", "user", "password", "--data", data, "BOSS")
	if code != 0 || strings.Contains(out+log, "staple") {
		t.Errorf("password: exit %d, %s%s", code, out, log)
	}
	if code, _, _ := qibu(t, "battery staple\n", "user", "password", "--data", data, "nobody"); code != 1 {
		t.Errorf("password of nobody: exit %d, want 1", code)
	}
	a := openFor(t, data)
	if _, p, err := a.SignIn(t.Context(), "boss", "battery staple", "test"); err != nil || !p.MustRenewPW {
		t.Errorf("log in with the new password: %v, must renew %v", err, p.MustRenewPW)
	}
	if _, _, err := a.SignIn(t.Context(), "boss", "correct horse", "test"); err == nil {
		t.Error("the old password still opens")
	}
}

// openFor opens the academy over a data directory for the rest of the test.
func openFor(t *testing.T, data string) *academy.Academy {
	t.Helper()
	library, err := curriculum{}.load()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	a, err := openAcademy(t.Context(), s, library, organisation{Zone: "Asia/Shanghai"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAStopEndsThePasswordPrompt(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	never, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	if _, err := askPassword(ctx, console{in: never, err: &printed{}}); err == nil {
		t.Error("no error")
	}
}

func TestBackupWhileServing(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "qibu.db")
	p := startServer(t, "serve", "--data", data)
	if code, _, log := qibu(t, "", "backup", "--data", data, file); code != 0 {
		t.Fatalf("exit %d, %s", code, log)
	}
	if code, _, _ := qibu(t, "", "backup", "--data", data, file); code != 1 {
		t.Errorf("a backup over a file that exists: exit %d, want 1", code)
	}
	if code, _, log := qibu(t, "", "backup", "--data", t.TempDir(), file+"2"); code != 1 || !strings.Contains(log, "no database") {
		t.Errorf("a backup of nothing: exit %d, %s", code, log)
	}
	p.stop(t, syscall.SIGTERM)
	s, err := store.Open(t.Context(), store.Config{Dir: filepath.Dir(file)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Setting("secret")
		return err
	})
	if err != nil {
		t.Errorf("the copy has not what the first start wrote: %v", err)
	}
}

func TestMigrateAndVersion(t *testing.T) {
	data := t.TempDir()
	if code, _, log := qibu(t, "", "migrate", "--data", data); code != 0 {
		t.Errorf("migrate: exit %d, %s", code, log)
	}
	if _, err := os.Stat(filepath.Join(data, "qibu.db")); err != nil {
		t.Error(err)
	}
	if code, out, _ := qibu(t, "", "version"); code != 0 || !strings.HasPrefix(out, "qibu ") {
		t.Errorf("version: exit %d, %s", code, out)
	}
}
