package moodle

import (
	"fmt"
	"regexp"
	"strings"

	"qibu/quiz"
)

var (
	slug    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	between = regexp.MustCompile(`[^a-z0-9]+`)
	topic   = regexp.MustCompile(`^D[1-8]$`)
)

// Identify gives every question an id of its own: the one it came with, as far
// as it can be one, else its name where that is one, else q and its number. The
// same file gives the same ids. A name that only repeats the id goes.
func Identify(x *quiz.Exchange) {
	taken := map[string]bool{}
	for i := range x.Questions {
		d := &x.Questions[i]
		id := strings.Trim(between.ReplaceAllString(strings.ToLower(d.ID), "-"), "-")
		if id == "" && slug.MatchString(d.Name) {
			id = d.Name
		}
		if taken[id] || len(id) > maxID {
			id = ""
		}
		d.ID, taken[id] = id, true
	}
	for i := range x.Questions {
		d := &x.Questions[i]
		for n := i + 1; d.ID == ""; n++ {
			if id := fmt.Sprintf("q%d", n); !taken[id] {
				d.ID, taken[id] = id, true
			}
		}
		if d.Name == d.ID {
			d.Name = ""
		}
	}
}

const maxID = 100 // characters

// Category is a path of Moodle's as a bank writes it: without the context and
// the topmost category that each site has its own of.
func Category(path string) string {
	var parts []string
	for _, part := range strings.Split(strings.ReplaceAll(path, "//", "／"), "/") {
		part = strings.TrimSpace(part)
		if context := strings.HasPrefix(part, "$") && strings.HasSuffix(part, "$"); part != "" && !context && !(part == "top" && len(parts) == 0) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}

// Path is a category as Moodle reads it.
func Path(category string) string {
	if category == "" {
		return "$course$/top"
	}
	return "$course$/top/" + category
}

// Tag takes a tag of Moodle's for the topic if it is one, and reports whether it was.
func Tag(d *quiz.Draft, tag string) bool {
	tag = strings.TrimSpace(tag)
	if !topic.MatchString(tag) || d.Topic != "" {
		return d.Topic == tag
	}
	d.Topic = tag
	return true
}
