package academy

import (
	"context"
	"io/fs"
	"strings"

	"qibu/internal/fault"
	"qibu/internal/people"
)

// maxPicture bounds a picture that questions are asked on, in bytes.
const maxPicture = 256 << 10

// loadPictures reads the pictures that lie beside the quizzes, "img/car-top.svg".
// They belong to no edition: whoever draws one differently gives it a new name, so
// that an attempt is always shown as it was asked.
func (l *Library) loadPictures(base, over fs.FS, ps *fault.Problems) {
	l.pictures = map[string][]byte{}
	for _, fsys := range []fs.FS{base, over} {
		if fsys == nil {
			continue
		}
		names, _ := fs.Glob(fsys, "quizzes/img/*.svg")
		for _, name := range names {
			text, err := fs.ReadFile(fsys, name)
			switch {
			case err != nil:
				ps.Add(name, 0, "读不出来：%v", err)
			case len(text) > maxPicture:
				ps.Add(name, 0, "图太大：%d KiB，最多 %d KiB", len(text)>>10, maxPicture>>10)
			default:
				l.pictures[strings.TrimPrefix(name, "quizzes/")] = text
			}
		}
	}
}

// Picture returns the SVG that a question is asked on, by its file name.
func (a *Academy) Picture(_ context.Context, who people.Actor, name string) ([]byte, error) {
	if err := people.May(who, people.Learn); err != nil {
		return nil, err
	}
	picture, ok := a.Library().pictures["img/"+name]
	if !ok {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return picture, nil
}
