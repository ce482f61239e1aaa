package moodletest

import (
	"io/fs"
	"testing"

	"qibu/quiz"
)

// Shipped are the questions of the banks in content.
func Shipped(t *testing.T, content fs.FS) (list []quiz.Exchange) {
	t.Helper()
	names, err := fs.Glob(content, "quizzes/*.md")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		src, err := fs.ReadFile(content, name)
		if err != nil {
			t.Fatal(err)
		}
		_, x, problems := quiz.Read(name, src)
		if problems.Err() != nil {
			t.Fatal(problems)
		}
		list = append(list, x)
	}
	return list
}
