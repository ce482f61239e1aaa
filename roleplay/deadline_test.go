package roleplay_test

import (
	"testing"

	"qibu/roleplay"
)

// The clock runs from the start or the latest decision, stretched for who needs
// more time, and does not stop for reading.
func TestDeadline(t *testing.T) {
	const start = 1_000_000
	cases := []struct {
		name   string
		factor int
		events []roleplay.Event
		want   int64
	}{
		{"from the start", 0, nil, start + 20_000},
		{"normal time", 100, nil, start + 20_000},
		{"half as much again", 150, nil, start + 30_000},
		{"ten times", roleplay.MaxFactor, nil, start + 200_000},
		{"reading", 0, []roleplay.Event{{Kind: "open", Ref: "维修记录", At: start + 15_000}}, start + 20_000},
		{"after a choice", 0, []roleplay.Event{{Kind: "choose", Ref: "接车#1", At: start + 4_000}}, start + 34_000},
		{"after a silence without a limit", 0, []roleplay.Event{{Kind: "silence", Ref: "接车", At: start + 20_000}}, 0},
		{"without a limit", 0, []roleplay.Event{{Kind: "choose", Ref: "接车#2", At: start + 4_000}}, 0},
		{"where silence was met once", 0, []roleplay.Event{
			{Kind: "choose", Ref: "接车#1", At: start + 4_000}, {Step: 1, Kind: "silence", Ref: "问诊", At: start + 34_000},
		}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := plain()
			s.StartedAt, s.Factor = start, c.factor
			st := fold(t, s, c.events)
			if got := s.Deadline(st); got != c.want || s.View(st).Deadline != c.want {
				t.Errorf("got %d, shown %d, want %d", got, s.View(st).Deadline, c.want)
			}
		})
	}
}

// Within the grace a choice still counts; after it the silence is dated at the
// deadline, however late it is noticed.
func TestExpire(t *testing.T) {
	s := plain()
	s.StartedAt = 5_000
	st := fold(t, s, nil)
	grace := roleplay.Grace.Milliseconds()
	if e, ok := s.Expire(st, 25_000+grace); ok {
		t.Errorf("expired within the grace: %v", e)
	}
	want := roleplay.Event{Kind: roleplay.SayNothing, Ref: "接车", At: 25_000}
	for _, now := range []int64{25_001 + grace, 9_000_000_000} {
		if e, ok := s.Expire(st, now); !ok || e != want {
			t.Errorf("at %d: %v, %v", now, e, ok)
		}
	}
	if e, ok := s.Expire(fold(t, s, log("choose 接车#2")), 9_000_000_000); ok {
		t.Errorf("expired without a limit: %v", e)
	}
}

// Whoever walks away comes back to what happened meanwhile: every limit that
// ran out on the way, and no more.
func TestExpireUntilNoMore(t *testing.T) {
	s := plain()
	s.Scenario.Scenes[chill].Silence = &roleplay.Silence{Seconds: 15, Option: roleplay.Option{Way: to(walkout)}}
	number(s.Scenario)
	var events []roleplay.Event
	for range 10 {
		e, ok := s.Expire(fold(t, s, events), 100_000)
		if !ok {
			break
		}
		events = append(events, e)
	}
	st := fold(t, s, events)
	if len(events) != 2 || events[1].At != 35_000 || st.Scene != "不欢" || !st.Ended {
		t.Errorf("%v ended in %s", events, st.Scene)
	}
}
