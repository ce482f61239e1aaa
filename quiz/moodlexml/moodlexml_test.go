package moodlexml

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"qibu/content"
	"qibu/quiz"
	"qibu/quiz/moodle/moodletest"
)

// What Qibu writes and reads again is the same, to the letter.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		x := moodletest.Exchange().Draw(rt, "exchange")
		if src, diff := thereAndBack(x); diff != "" {
			rt.Fatalf("(-before +after):\n%s\n%s", diff, src)
		}
	})
}

func TestRoundTripOfShippedBanks(t *testing.T) {
	for _, x := range moodletest.Shipped(t, content.FS) {
		if _, diff := thereAndBack(x); diff != "" {
			t.Errorf("%s (-before +after):\n%s", x.Title, diff)
		}
	}
}

func thereAndBack(x quiz.Exchange) (src []byte, diff string) {
	src, _ = Write(x)
	back, err := Read(src)
	if err != nil {
		return src, err.Error()
	}
	return src, cmp.Diff(x, back, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(quiz.Draft{}),
		cmpopts.IgnoreFields(quiz.Draft{}, "Line"), cmpopts.IgnoreFields(quiz.Situation{}, "Line"))
}
