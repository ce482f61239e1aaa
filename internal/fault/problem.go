package fault

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one finding in a content file, written for the author in Chinese.
type Problem struct {
	File    string // path inside the content tree
	Line    int    // 1-based; 0 when the whole file is meant
	Message string
	Warning bool // worth mending, but does not stop publication
}

func (p Problem) String() string {
	level := ""
	if p.Warning {
		level = "提醒："
	}
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s%s", p.File, level, p.Message)
	}
	return fmt.Sprintf("%s:%d: %s%s", p.File, p.Line, level, p.Message)
}

// Problems are all findings of a check. A non-empty list with errors is an error.
type Problems []Problem

// Add appends an error-level problem.
func (ps *Problems) Add(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: line, Message: fmt.Sprintf(format, args...)})
}

// Warn appends a warning.
func (ps *Problems) Warn(file string, line int, format string, args ...any) {
	*ps = append(*ps, Problem{File: file, Line: line, Message: fmt.Sprintf(format, args...), Warning: true})
}

// Err returns the problems as an error when at least one is not a warning.
func (ps Problems) Err() error {
	for _, p := range ps {
		if !p.Warning {
			return ps
		}
	}
	return nil
}

// Error lists every problem, one a line, in file and line order.
func (ps Problems) Error() string {
	sorted := append(Problems(nil), ps...)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].File != sorted[j].File {
			return sorted[i].File < sorted[j].File
		}
		return sorted[i].Line < sorted[j].Line
	})
	var b strings.Builder
	for i, p := range sorted {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}
