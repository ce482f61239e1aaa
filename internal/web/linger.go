package web

import (
	"io"
	"net"
	"sync/atomic"
	"time"
)

// lingerTime is how long whoever sends more than is taken in is heard out.
const lingerTime = 30 * time.Second

// lingering makes connections that can hear a sender out. Closing one while a body
// still arrives resets it, and a browser that is still sending then says that the
// connection broke, instead of showing the answer that has been on its way.
type lingering struct {
	net.Listener
	patience time.Duration
}

// Accept waits for the next connection.
func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &conn{Conn: c, patience: l.patience}, nil
}

type conn struct {
	net.Conn
	patience time.Duration
	unheard  atomic.Bool // there is more on its way that nobody reads
}

// Close closes the connection. The rest of an unheard request is read first and
// thrown away, in the memory of one small buffer, until the sender has done or
// patience ends.
func (c *conn) Close() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && c.unheard.Swap(false) && half.CloseWrite() == nil {
		_ = c.SetReadDeadline(time.Time{}) // that of the request is nearly over
		end := time.AfterFunc(c.patience, func() { _ = c.SetReadDeadline(time.Unix(1, 0)) })
		_, _ = io.Copy(io.Discard, c.Conn)
		end.Stop()
	}
	return c.Conn.Close()
}
