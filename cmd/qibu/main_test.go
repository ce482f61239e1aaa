package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// With this variable set the test binary is qibu itself.
const asQibu = testVariables + "MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asQibu) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is a qibu of its own, as the shell would start it.
type process struct {
	*exec.Cmd
	base string
	words
}

// words are what a program has said so far.
type words struct{ out, log printed }

// printed collects what a process prints. It may be read meanwhile.
type printed struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// start runs qibu with the arguments until the test ends.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), os.Args[0], args...)}
	p.Env = append(os.Environ(), asQibu+"=1")
	p.Stdout, p.Stderr = &p.out, &p.log
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// startServer is start with a free port, and waits until the server answers. A
// port that was free a moment ago may be taken by the time the server wants it;
// then it is started again with another.
func startServer(t *testing.T, args ...string) *process {
	t.Helper()
	for {
		addr := freeAddr(t)
		p := start(t, append(args, "--addr", addr)...)
		p.base = "http://" + addr
		if p.answers(t, http.DefaultClient, p.base) {
			return p
		}
	}
}

// answers waits until the server answers at its base URL. It reports false when the
// server found its port taken, by one that may well answer in its place.
func (w *words) answers(t *testing.T, client *http.Client, base string) bool {
	t.Helper()
	taken := false
	w.wait(t, "the server to answer", func() bool {
		taken = strings.Contains(w.log.String(), "address already in use")
		if taken || !strings.Contains(w.out.String(), base) { // it greets when it has the port
			return taken
		}
		res, err := client.Get(base + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return !taken
}

// setupLink waits for the link that the first start prints: a server may answer
// before its words have come through the pipe.
func (p *process) setupLink(t *testing.T) (link string) {
	t.Helper()
	p.wait(t, "the setup link to be printed", func() bool {
		link = regexp.MustCompile(p.base + `/setup/\S+\n`).FindString(p.out.String())
		return link != ""
	})
	return strings.TrimSpace(link)
}

// anyAddr has the system choose the port. It is never taken, and nobody else knows it.
const anyAddr = "127.0.0.1:0"

// freeAddr is an address that nobody listens at just now.
func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", anyAddr)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// patience is how long to wait for what takes a second or two, and on a machine
// with much else to do longer.
const patience = 2 * time.Minute

// wait waits until the program has come so far.
func (w *words) wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited for %s in vain\n%s%s", what, w.out.String(), w.log.String())
}

// stop sends the signal and wants a clean end.
func (p *process) stop(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("ended with %v\n%s", err, p.log.String())
	}
}

// qibu runs one command line in this process.
func qibu(t *testing.T, input string, args ...string) (code int, out, log string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, console{in: strings.NewReader(input), out: &o, err: &e})
	return code, o.String(), e.String()
}
