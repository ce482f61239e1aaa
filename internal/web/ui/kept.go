package ui

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/a-h/templ"
)

// Kept is markup that follows from a key alone, rendered once for each. The key
// has to hold everything the markup depends on, the language included.
type Kept struct {
	mu     sync.RWMutex
	markup map[any][]byte
}

// maxKept bounds how many pieces one Kept holds; then it starts afresh.
const maxKept = 1000

// Once returns the component's markup for key, rendering it if it is not kept yet.
func (k *Kept) Once(key any, component templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		k.mu.RLock()
		markup, ok := k.markup[key]
		k.mu.RUnlock()
		if !ok {
			var buf bytes.Buffer
			if err := component.Render(ctx, &buf); err != nil {
				return err
			}
			markup = buf.Bytes()
			k.keep(key, markup)
		}
		_, err := w.Write(markup)
		return err
	})
}

func (k *Kept) keep(key any, markup []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.markup == nil || len(k.markup) >= maxKept {
		k.markup = map[any][]byte{}
	}
	k.markup[key] = markup
}
