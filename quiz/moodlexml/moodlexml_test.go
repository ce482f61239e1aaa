package moodlexml

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qibu/quiz"
	"qibu/quiz/moodle/moodletest"
)

// What Qibu writes and reads again is the same, to the letter.
func TestRoundTrip(t *testing.T) {
	exchange := moodletest.Exchange()
	rapid.Check(t, func(t *rapid.T) {
		x := exchange.Draw(t, "exchange")
		src, _ := Write(x)
		back, err := Read(src)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if diff := cmp.Diff(x, back, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(quiz.Draft{})); diff != "" {
			t.Fatalf("(-before +after):\n%s\n%s", diff, src)
		}
	})
}
