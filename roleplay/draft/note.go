package draft

import (
	"errors"
	"fmt"
)

// Note tells a trainer what of a story was not carried over, or not as it was.
type Note struct {
	Line      int    `json:"line"`      // of the story's file, counted from 1; 0 the whole of it
	Construct string `json:"construct"` // what it is, as its author wrote it
	Text      string `json:"text"`      // what became of it
}

// Draft is the 剧本 made of a story, for a trainer to go on with.
type Draft struct {
	Source []byte
	Notes  []Note
}

// The sizes of a story that is taken over.
const (
	MaxBytes = 1 << 20
	MaxLine  = 16 << 10 // bytes
	MaxDepth = 16       // of one thing within another
	MaxParts = 1 << 14  // lines, choices and alternatives: more than the text of a 剧本 holds
	maxNotes = 200
	maxQuote = 40 // runes of a construct in a note
)

// Errors of a story that cannot be taken over. They are said to the trainer.
var (
	ErrEmpty   = errors.New("文件里没有故事")
	ErrLarge   = fmt.Errorf("文件太大：最多 %d KB", MaxBytes>>10)
	ErrProduct = errors.New("这是做好的网页或者编译过的 ink，不是故事的原文：在 Twine 里导出为 Twee，或者用 .ink 原文，再导入")
	ErrLong    = errors.New("故事太长，一个剧本装不下：请分成几个故事再导入")
	ErrDeep    = fmt.Errorf("一层套一层，超过 %d 层，读不下去", MaxDepth)
)

// Note adds a note to the story's report. Of very many, the rest is only counted.
func (s *Story) Note(line int, construct, format string, args ...any) {
	s.noted++
	if len(s.notes) < maxNotes {
		s.notes = append(s.notes, Note{line, quote(construct), fmt.Sprintf(format, args...)})
	}
}

func quote(construct string) string {
	runes := []rune(oneLine(construct))
	if len(runes) > maxQuote {
		return string(runes[:maxQuote]) + "…"
	}
	return string(runes)
}

func (s *Story) report() []Note {
	if s.noted > len(s.notes) {
		s.notes = append(s.notes, Note{Text: fmt.Sprintf("还有 %d 处没有列出。", s.noted-len(s.notes))})
	}
	return s.notes
}
