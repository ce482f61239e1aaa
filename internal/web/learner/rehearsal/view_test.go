package rehearsal

import (
	"fmt"
	"strings"
	"testing"

	"qibu/internal/academy"
	"qibu/roleplay/stage"
)

// Options stand under what they are about, in the order in which that comes
// first, and are numbered as they stand.
func TestTopics(t *testing.T) {
	option := func(topic, text string) stage.Option { return stage.Option{Topic: topic, Text: text} }
	for _, tc := range []struct {
		options []stage.Option
		want    string
	}{
		{nil, ""},
		{[]stage.Option{option("", "甲"), option("", "乙")}, ": 1甲 2乙"},
		{[]stage.Option{option("价钱", "甲"), option("工期", "乙"), option("价钱", "丙"), option("", "丁")}, "价钱: 1甲 2丙; 工期: 3乙; : 4丁"},
	} {
		var groups []string
		for _, topic := range (staging{Stage: academy.Stage{View: stage.View{Options: tc.options}}}).topics() {
			line := topic.name + ":"
			for _, o := range topic.options {
				line += fmt.Sprintf(" %d%s", o.n, o.Text)
			}
			groups = append(groups, line)
		}
		if got := strings.Join(groups, "; "); got != tc.want {
			t.Errorf("%v: %q, want %q", tc.options, got, tc.want)
		}
	}
}
