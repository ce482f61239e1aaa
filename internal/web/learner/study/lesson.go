package study

import (
	"qibu/courses"
	"qibu/internal/academy"
	"qibu/internal/web/ui"
)

// lessons keeps module pages: two people who have read the same sections of the
// same version of a module see the same page.
var lessons ui.Kept

// lessonKey is everything the content of a module page depends on, besides the
// language. A module is never changed: a new version of the text is another one.
func lessonKey(l academy.Lesson) any {
	type key struct {
		module *courses.Module
		read   string // by heading: 1 for read
	}
	read := make([]byte, 0, len(l.Body.Headings))
	for _, h := range l.Body.Headings {
		if l.Read[h.ID] {
			read = append(read, '1')
		} else {
			read = append(read, '0')
		}
	}
	return key{l.Module, string(read)}
}
