package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestKindSurvivesWrapping(t *testing.T) {
	cause := errors.New("disk on fire")
	err := fmt.Errorf("save answer: %w", Wrap(Unavailable, "error.unavailable", cause))
	if !errors.Is(err, Unavailable) || errors.Is(err, NotFound) {
		t.Error("the kind is lost")
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if KindOf(err) != Unavailable {
		t.Errorf("kind %s", KindOf(err))
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{errors.New("anything"), Internal},
		{NotFound, NotFound},
		{New(Conflict, "error.conflict"), Conflict},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
	}
}

func TestProblems(t *testing.T) {
	var ps Problems
	ps.Warn("b.md", 3, "太长")
	if ps.Err() != nil {
		t.Error("a warning alone stops publication")
	}
	ps.Add("a.md", 12, "没有 %s", "标题")
	ps.Add("a.md", 0, "读不出来")
	want := "a.md: 读不出来\na.md:12: 没有 标题\nb.md:3: 提醒：太长"
	if err := ps.Err(); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if strings.Contains(ps[0].String(), "a.md") {
		t.Error("listing the problems reordered them")
	}
}
