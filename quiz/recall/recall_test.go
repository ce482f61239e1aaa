package recall

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qibu/internal/calendar"
)

// The transcript is what ts-fsrs itself makes of three hundred random sequences
// of answers. It rounds to eight decimals at every step, and so may be a little
// off at the end of a long one.
func TestTheOracleComesToTheSame(t *testing.T) {
	type step struct {
		Days                          int
		Grade                         Grade
		Chance, Stability, Difficulty float64
		Interval                      int
	}
	var record struct {
		Oracle    string
		Sequences [][]step
	}
	text, err := os.ReadFile("testdata/transcript.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &record); err != nil {
		t.Fatal(err)
	}
	if want := "v5.4.2 using FSRS-6.0"; record.Oracle != want || len(record.Sequences) < 300 {
		t.Fatalf("%d sequences of %q", len(record.Sequences), record.Oracle)
	}
	for n, steps := range record.Sequences {
		var m Memory
		for i, s := range steps {
			if i > 0 {
				same(t, n, i, "chance", m.Chance(s.Days), s.Chance)
			}
			m = m.After(s.Grade, s.Days)
			same(t, n, i, "stability", m.Stability, s.Stability)
			same(t, n, i, "difficulty", m.Difficulty, s.Difficulty)
			if got := m.Interval(0.9, 36500); got != s.Interval {
				t.Errorf("sequence %d, answer %d: interval %d, want %d", n, i, got, s.Interval)
			}
		}
	}
}

func same(t *testing.T, sequence, answer int, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("sequence %d, answer %d: %s %.9f, want %.9f", sequence, answer, what, got, want)
	}
}

func TestMemoryStaysWithinBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m Memory
		for range rapid.IntRange(1, 60).Draw(t, "answers") {
			days := rapid.IntRange(0, 3000).Draw(t, "days")
			g := Grade(rapid.IntRange(1, 4).Draw(t, "grade"))
			before := m
			m = m.After(g, days)
			if m.Stability < minStability || m.Stability > maxStability || m.Difficulty < minDifficulty || m.Difficulty > maxDifficulty {
				t.Fatalf("%+v", m)
			}
			if before.Known() && g >= Hard && m.Stability < before.Stability {
				t.Fatalf("grade %d after %d days weakened %+v to %+v", g, days, before, m)
			}
			if before.Known() && g == Again && m.Stability > before.Stability {
				t.Fatalf("a wrong answer after %d days strengthened %+v to %+v", days, before, m)
			}
			if i := m.Interval(Retention, Longest); i < 1 || i > Longest {
				t.Fatalf("interval %d", i)
			}
			if soon, late := m.Chance(days), m.Chance(days+1); soon <= late || late <= 0 || soon > 1 {
				t.Fatalf("chance %f, a day later %f", soon, late)
			}
		}
	})
}

func TestChanceIsNineOfTenAtTheStability(t *testing.T) {
	if got := (Memory{Stability: 37, Difficulty: 5}).Chance(37); math.Abs(got-0.9) > 1e-12 {
		t.Errorf("%f", got)
	}
}

func TestCardComesBackInTime(t *testing.T) {
	var c Card
	day := calendar.Day("2026-03-02")
	for i, want := range []struct {
		days  int
		grade Grade
		due   calendar.Day
	}{
		{0, Good, "2026-03-04"},
		{2, Good, "2026-03-15"},
		{0, Again, "2026-03-07"}, // the same day once more
		{6, Hard, "2026-03-18"},
		{16, Easy, "2026-04-28"},
		{300, Easy, "2027-07-19"}, // half a year at most
	} {
		day = day.AddDays(want.days)
		c = c.After(Review{Day: day, Grade: want.grade})
		if c.Due != want.due || c.Seen != day || c.Reviews != i+1 {
			t.Errorf("answer %d: %+v, want due on %s", i, c, want.due)
		}
	}
	late := c.After(Review{Day: "2026-03-01", Grade: Good})
	if late.Seen != day {
		t.Errorf("an answer that is told late moved the card back to %s", late.Seen)
	}
}

func TestReplayMakesTheSameCard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var c Card
		var log []Review
		day := calendar.Day("2026-03-02")
		for range rapid.IntRange(1, 30).Draw(t, "answers") {
			day = day.AddDays(rapid.IntRange(0, 90).Draw(t, "days"))
			spent := time.Duration(rapid.IntRange(0, 400).Draw(t, "seconds")) * time.Second
			r := Review{Day: day, Grade: c.GradeOf(rapid.IntRange(0, 2).Draw(t, "points"), 2, spent, day), Spent: spent}
			c, log = c.After(r), append(log, r)
		}
		if diff := cmp.Diff(c, Replay(log)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestGradeOf(t *testing.T) {
	seen := Card{Memory: Memory{5, 5}, Seen: "2026-03-02", Pace: Pace{Answers: 2, Total: 40 * time.Second}} // 20 s on average
	once := Card{Memory: Memory{5, 5}, Seen: "2026-03-02", Pace: Pace{Answers: 1, Total: 20 * time.Second}}
	cases := []struct {
		name        string
		card        Card
		points, max int
		spent       time.Duration
		day         calendar.Day
		want        Grade
	}{
		{"wrong", seen, 0, 2, 5 * time.Second, "2026-03-05", Again},
		{"partly", seen, 1, 2, 5 * time.Second, "2026-03-05", Hard},
		{"right", seen, 2, 2, 11 * time.Second, "2026-03-05", Good},
		{"right, half the time", seen, 2, 2, 10 * time.Second, "2026-03-05", Easy},
		{"time unknown", seen, 2, 2, 0, "2026-03-05", Good},
		{"tapped through", seen, 2, 2, time.Second, "2026-03-05", Good},
		{"the same day", seen, 2, 2, 5 * time.Second, "2026-03-02", Good},
		{"one answer tells no pace", once, 2, 2, 5 * time.Second, "2026-03-05", Good},
		{"never seen", Card{}, 2, 2, 5 * time.Second, "2026-03-05", Good},
	}
	for _, c := range cases {
		if got := c.card.GradeOf(c.points, c.max, c.spent, c.day); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPaceCountsOnlyTellingTimes(t *testing.T) {
	var c Card
	for _, r := range []Review{
		{"2026-03-02", Good, 10 * time.Second},
		{"2026-03-05", Again, 3 * time.Second},
		{"2026-03-06", Good, time.Hour},
		{"2026-03-07", Good, time.Second},
		{"2026-03-08", Easy, 20 * time.Second},
	} {
		c = c.After(r)
	}
	if want := (Pace{Answers: 2, Total: 30 * time.Second}); c.Pace != want {
		t.Errorf("%+v", c.Pace)
	}
}
