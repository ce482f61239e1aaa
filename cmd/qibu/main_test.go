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
	base     string
	out, log printed
}

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
		taken := false
		p.wait(t, "the server to answer", func() bool {
			if taken = strings.Contains(p.log.String(), "address already in use"); taken {
				return true
			}
			res, err := http.Get(p.base + "/readyz")
			if err != nil {
				return false
			}
			res.Body.Close()
			return res.StatusCode == http.StatusOK
		})
		if !taken {
			return p
		}
	}
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

func freeAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// wait waits until the process has come so far, which takes a second or two, and
// on a machine with much else to do longer.
func (p *process) wait(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatalf("waited for %s in vain\n%s%s", what, p.out.String(), p.log.String())
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
