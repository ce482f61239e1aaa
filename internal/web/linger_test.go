package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A browser without scripts sends the whole file before it looks at the answer.
func TestAFileThatIsTooLargeIsAnsweredWithAPage(t *testing.T) {
	r := start(t)
	for lang, want := range map[string]string{"zh": "分成几份", "en": "send it in parts"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		const size = 64 << 20
		fmt.Fprintf(c, "POST /x HTTP/1.1\r\nHost: qibu\r\nCookie: language=%s\r\nContent-Length: %d\r\n\r\n", lang, size)
		if n, err := io.CopyN(c, zeros{}, size); err != nil {
			t.Fatalf("%s: cut off after %d of %d bytes: %v", lang, n, size, err)
		}
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(text), want) {
			t.Errorf("%s: status %d, %v, want a page with %q: %s", lang, res.StatusCode, err, want, text)
		}
		if !res.Close {
			t.Errorf("%s: the answer does not say that the connection ends", lang)
		}
		res.Body.Close()
		c.Close()
	}
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// Whoever never comes to an end is heard out for so long and no longer.
func TestHearingOutEnds(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	sent := make(chan error, 1)
	go func() {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err == nil {
			defer c.Close()
			_, err = io.Copy(c, zeros{})
		}
		sent <- err
	}()
	c, err := lingering{ln, 20 * time.Millisecond}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.(*conn).unheard.Store(true)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := <-sent; err == nil {
		t.Error("the sender never noticed that it was cut off")
	}
}

// What is packed has no bound: a thousandth of it may be all that is sent.
func TestAPackedBodyIsRefused(t *testing.T) {
	r := start(t)
	for _, header := range []string{"Content-Encoding: gzip", "Content-Encoding:\r\nContent-Encoding: gzip"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(r.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "POST /x HTTP/1.1\r\nHost: qibu\r\n%s\r\nContent-Length: 4\r\n\r\nabcd", header)
		res, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%q: status %d, want 415", header, res.StatusCode)
		}
		res.Body.Close()
		c.Close()
	}
}
