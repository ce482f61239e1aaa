package store_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"qibu/internal/store"
)

// crashDir tells a copy of the test program to be the process that is killed.
const crashDir = "QIBU_TEST_CRASH_DIR"

// TestKilledProcessLosesNothingAcknowledged kills a process that writes from
// many goroutines and says so after each acknowledgement. It shows that nothing
// is acknowledged before its commit; that a commit also survives a power cut is
// what synchronous=FULL is for, and no kill can show that.
func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for round := range 20 {
		said := killed(t, dir, fmt.Sprint(round))
		s, err := store.OpenWith(t.Context(), store.Config{Dir: dir}, schema)
		if err != nil {
			t.Fatal(err)
		}
		got := names(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, name := range said {
			if _, found := slices.BinarySearch(got, name); !found {
				t.Errorf("round %d: %s was acknowledged and is gone", round, name)
			}
		}
		acknowledged += len(said)
	}
	if acknowledged < 100 {
		t.Errorf("only %d writes were acknowledged: this proves little", acknowledged)
	}
}

// killed runs the process until it has acknowledged a few writes, kills it and
// returns all it acknowledged.
func killed(t *testing.T, dir, round string) (said []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashingProcess$")
	cmd.Env = append(os.Environ(), crashDir+"="+dir, "QIBU_TEST_ROUND="+round)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if said = append(said, lines.Text()); len(said) == 50 {
			time.AfterFunc(rand.N(10*time.Millisecond), func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || len(said) < 50 {
		t.Fatalf("the process ended by itself after %d: %v", len(said), err)
	}
	return said
}

// TestCrashingProcess is the process that is killed; by itself it does nothing.
func TestCrashingProcess(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("runs only as a child of the test above")
	}
	s, err := store.OpenWith(t.Context(), store.Config{Dir: dir}, schema)
	if err != nil {
		t.Fatal(err)
	}
	for g := range 32 {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%s-%02d-%06d", os.Getenv("QIBU_TEST_ROUND"), g, i)
				if err := s.Write(t.Context(), put(name, i)); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				os.Stdout.WriteString(name + "\n") // one write call: a line is whole or missing
			}
		}()
	}
	select {} // until killed
}
