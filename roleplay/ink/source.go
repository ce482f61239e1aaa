package ink

import (
	"strings"

	"qibu/roleplay/draft"
)

// line is one line of the story, or several that a brace holds together.
type line struct {
	number int
	text   string
}

// uncomment blanks what authors note for themselves, line by line.
func uncomment(lines []string) {
	open := false
	for i, l := range lines {
		var kept strings.Builder
		for l != "" {
			if open {
				_, after, closed := strings.Cut(l, "*/")
				l, open = after, !closed
				continue
			}
			k := strings.IndexByte(l, '/')
			switch {
			case k < 0:
				kept.WriteString(l)
				l = ""
			case strings.HasPrefix(l[k:], "//"):
				kept.WriteString(l[:k])
				l = ""
			case strings.HasPrefix(l[k:], "/*"):
				kept.WriteString(l[:k])
				l, open = l[k+2:], true
			default:
				kept.WriteString(l[:k+1])
				l = l[k+1:]
			}
		}
		lines[i] = strings.TrimSpace(kept.String())
	}
}

// fold joins the lines of a brace that is still open at the end of its line,
// and leaves out empty ones. first is the number of the first line.
func fold(lines []string, first int) ([]line, error) {
	var folded []line
	depth, begin := 0, 0
	for i, l := range lines {
		if depth == 0 {
			begin = i
		}
		for k := 0; k < len(l); k++ {
			switch l[k] {
			case '\\':
				k++
			case '{':
				if depth++; depth > draft.MaxDepth {
					return nil, draft.ErrDeep
				}
			case '}':
				depth = max(0, depth-1)
			}
		}
		if depth > 0 && i < len(lines)-1 {
			continue
		}
		if text := strings.Join(lines[begin:i+1], "\n"); text != "" {
			folded = append(folded, line{first + begin, text})
		}
	}
	return folded, nil
}
