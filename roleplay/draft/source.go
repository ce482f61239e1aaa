package draft

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// product is how a story begins that was made to be played: the page or the
// archive that Twine writes, or the JSON that ink compiles to.
var product = regexp.MustCompile(`(?i)^\s*(?:<!doctype\b|<html\b|<tw-storydata\b|\{\s*"inkVersion")`)

// Lines breaks a story's file into its lines, whatever system wrote it.
func Lines(src []byte) ([]string, error) {
	if len(src) > MaxBytes {
		return nil, ErrLarge
	}
	text := strings.TrimPrefix(string(src), "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if strings.TrimSpace(text) == "" {
		return nil, ErrEmpty
	}
	if product.MatchString(text) {
		return nil, ErrProduct
	}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if !utf8.ValidString(l) {
			return nil, fmt.Errorf("文件不是 UTF-8 编码，从第 %d 行起读不出来：请另存为 UTF-8 再导入", i+1)
		}
		if len(l) > MaxLine {
			return nil, fmt.Errorf("第 %d 行太长：最多 %d KB", i+1, MaxLine>>10)
		}
	}
	return lines, nil
}
