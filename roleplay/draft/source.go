package draft

import (
	"fmt"
	"strings"
)

// Lines breaks a story's file into its lines, whatever system wrote it. What is
// not UTF-8 becomes a replacement character.
func Lines(src []byte) ([]string, error) {
	if len(src) > MaxBytes {
		return nil, ErrLarge
	}
	text := strings.TrimPrefix(strings.ToValidUTF8(string(src), "�"), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if strings.TrimSpace(text) == "" {
		return nil, ErrEmpty
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if len(l) > MaxLine {
			return nil, fmt.Errorf("第 %d 行太长：最多 %d KB", i+1, MaxLine>>10)
		}
	}
	return lines, nil
}
